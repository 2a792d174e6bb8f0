/* What only a running library shows: its self-test, what the first signature costs, and that a
 * panic comes back as a status. `check LIBRARY KEY.pem`; one line each, exit code 1 if one fails.
 *
 * The panic is real and the library untouched: Rust's standard library panics when the system has
 * no time to tell, and the clock_gettime below is found before libc's (this program is linked with
 * -rdynamic). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "wxpay.h"

static int clock_is_broken, clock_was_asked;

int clock_gettime(clockid_t clock, struct timespec *into)
{
    if (clock_is_broken) {
        clock_was_asked++;
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_clock_gettime, clock, into);
}

static double cpu_ms(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int failures;

static void report(int good, const char *what, const char *detail)
{
    printf("%s: %s%s%s\n", good ? "ok" : "FAIL", what, *detail ? ": " : "", detail);
    failures += !good;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void *library;

/* ISO C has no cast from an object pointer to a function's. */
#define FIND(type, name)                                              \
    type name;                                                        \
    do {                                                              \
        void *found = dlsym(library, "wxpay_" #name);                 \
        if (found == NULL) {                                          \
            report(0, "wxpay_" #name, "not exported");                \
            return 1;                                                 \
        }                                                             \
        memcpy(&name, &found, sizeof found);                          \
    } while (0)

typedef wxpay_status (*selftest_fn)(wxpay_error **);
typedef wxpay_status (*config_new_fn)(wxpay_config **, wxpay_error **);
typedef wxpay_status (*config_check_fn)(const wxpay_config *, int64_t, wxpay_buf **, wxpay_error **);
typedef void (*config_free_fn)(wxpay_config *);
typedef const char *(*error_text_fn)(const wxpay_error *);
typedef void (*error_free_fn)(wxpay_error *);
typedef void (*buf_free_fn)(wxpay_buf *);
typedef wxpay_status (*key_load_fn)(const char *, size_t, const char *, size_t, wxpay_key **, wxpay_error **);
typedef wxpay_status (*sign_fn)(const wxpay_key *, const char *, size_t, wxpay_buf **, wxpay_error **);

int main(int argc, char **argv)
{
    char pem[8192], detail[512];
    size_t pem_len;
    FILE *file;
    double before, cost;
    wxpay_status status;
    wxpay_error *err = NULL;
    wxpay_buf *buf = NULL;
    wxpay_key *key = NULL;
    wxpay_config *config = NULL;

    if (argc != 3 || (file = fopen(argv[2], "rb")) == NULL) return 2;
    pem_len = fread(pem, 1, sizeof pem, file);
    fclose(file);
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    report(library != NULL, "loads", library ? "" : dlerror());
    if (library == NULL) return 1;
    FIND(selftest_fn, selftest);
    FIND(config_new_fn, config_new);
    FIND(config_check_fn, config_check);
    FIND(config_free_fn, config_free);
    FIND(error_text_fn, error_message);
    FIND(error_free_fn, error_free);
    FIND(buf_free_fn, buf_free);
    FIND(key_load_fn, key_load);
    FIND(sign_fn, sign);

    /* The first signature before the self-test, which signs too. */
    status = key_load(pem, pem_len, NULL, 0, &key, &err);
    before = cpu_ms();
    if (status == 0) status = sign(key, "first", 5, &buf, &err);
    cost = cpu_ms() - before;
    snprintf(detail, sizeof detail, "%.1f ms of CPU, at most 20 (more would be a jitter source)", cost);
    report(status == 0 && cost <= 20.0, "first signature", detail);
    buf_free(buf);

    status = selftest(&err);
    report(status == 0, "self-test", or_empty(status ? error_message(err) : NULL));

    buf = NULL;
    config_new(&config, NULL);
    clock_is_broken = 1;
    status = config_check(config, 0, &buf, &err);
    clock_is_broken = 0;
    snprintf(detail, sizeof detail, "status %d, %s", (int)status, or_empty(err ? error_message(err) : "no error"));
    report(clock_was_asked > 0 && status == WXPAY_STATUS_PANIC && err != NULL, "a panic comes back as a status", detail);
    error_free(err);
    err = NULL;
    status = config_check(config, 0, &buf, &err);
    report(status == 0 && buf != NULL, "works after the panic", "");
    buf_free(buf);
    config_free(config);
    return failures != 0;
}
