/* Has every function panic, then places below them, in a library built with feature inject-panics.
 * What must hold: the call answers PANIC or what its documentation says for NULL, outputs are NULL
 * or zero, and the next call works. In any other library there is nothing to call: weak symbols. */

#ifndef WALK_PANICS_H
#define WALK_PANICS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
extern void wxpay_inject_panic(const char *place) __attribute__((weak));
extern uint64_t wxpay_injected_panics(void) __attribute__((weak));
#ifdef __cplusplus
}
#endif

static int with_panics;

/* These give a constant and run nothing that could panic. */
static const char *const constant[] = {"wxpay_abi_version", "wxpay_version"};
static unsigned long functions_struck, places_struck;

static int is_constant(const char *name)
{
    size_t i;
    for (i = 0; i < sizeof constant / sizeof constant[0]; i++)
        if (strcmp(name, constant[i]) == 0)
            return 1;
    return 0;
}

static void panic_in(const struct function *f)
{
    struct args a;
    int i, is_static = f->errors == NULL && f->handles[0].name == NULL;
    walked = f;
    make_changing();
    for (i = 0; f->handles[i].name != NULL; i++)
        if (f->handles[i].type == T_wxpay_download)
            renew_download();
    for (i = 0; i <= 1; i++) {
        uint64_t before = wxpay_injected_panics();
        a = good(f, 1);
        a.errs = i;
        walked_case = "a panic";
        expected = f->errors != NULL ? WXPAY_STATUS_PANIC : is_static ? ANY : AS_FOR_NULL;
        wxpay_inject_panic("at an export");
        f->call(&a);
        wxpay_inject_panic(NULL);
        blame(CHECK_NUMBER(wxpay_injected_panics() - before, is_constant(f->name) ? 0 : 1));
    }
    functions_struck += !is_constant(f->name);
    /* The same call, with the same objects. What frees is called at the end, for every object. */
    walked_case = "the call after a panic";
    expected = f->errors != NULL ? 0 : ANY;
    a = good(f, 1);
    a.errs = 1;
    if (!f->frees)
        f->call(&a);
    free_changing();
}

/* Arms a place; the answer of `call` is status. */
static void struck_at(const char *place, wxpay_status status, wxpay_status want, wxpay_error *err, uint64_t before)
{
    wxpay_inject_panic(NULL);
    if (!CHECK_NUMBER(status, want) || !CHECK_NUMBER(wxpay_injected_panics() - before, 1))
        printf("    at \"%s\": %s\n", place, wxpay_error_message(err));
    if (want == WXPAY_STATUS_PANIC) {
        CHECK_PART(wxpay_error_message(err), place);
        CHECK_PART(wxpay_error_json(err), "PANIC");
    }
    places_struck++;
}

#define STRIKE(place, want, call) \
    do { \
        uint64_t before = wxpay_injected_panics(); \
        wxpay_status status; \
        wxpay_error *err = NULL; \
        wxpay_inject_panic(place); \
        status = call; \
        struck_at(place, status, want, err, before); \
        wxpay_error_free(err); \
    } while (0)

#define WORKS(call) \
    do { \
        wxpay_error *err = NULL; \
        if (!CHECK_NUMBER(call, 0)) \
            printf("    %s\n", wxpay_error_message(err)); \
        wxpay_error_free(err); \
    } while (0)

/* A client of this merchant whose connections nobody shares: `ms` makes its settings another. */
static wxpay_config *config_apart(const char *ms, const char *base_url)
{
    struct text merchant = file_text("merchant.json");
    wxpay_config *config = NULL;
    wxpay_error *err = NULL;
    CHECK_NUMBER(wxpay_config_new(&config, &err), 0);
    CHECK_NUMBER(wxpay_config_load_json(config, merchant.data, merchant.len, &err), 0);
    CHECK_NUMBER(wxpay_config_set(config, "connect_timeout_ms", 18, ms, strlen(ms), &err), 0);
    if (base_url != NULL)
        CHECK_NUMBER(wxpay_config_set(config, "base_url", 8, base_url, strlen(base_url), &err), 0);
    free(merchant.data);
    return config;
}

static wxpay_client *client_apart(const char *ms, const char *base_url)
{
    wxpay_config *config = config_apart(ms, base_url);
    wxpay_client *client = NULL;
    wxpay_error *err = NULL;
    if (!CHECK_NUMBER(wxpay_client_new(config, &client, &err), 0))
        printf("    %s\n", wxpay_error_message(err));
    wxpay_config_free(config);
    return client;
}

/* Sends with a client of its own, has it panic there, and sends again. */
static void strike_send(const char *place, const char *ms, const char *base_url, wxpay_status want)
{
    wxpay_client *client = client_apart(ms, base_url);
    wxpay_message *request = (wxpay_message *)live[T_wxpay_message], *answer = (wxpay_message *)POISON;
    STRIKE(place, want, wxpay_client_send(client, request, &answer, &err));
    CHECK(answer == NULL);
    WORKS(wxpay_client_send(client, request, &answer, &err));
    CHECK_NUMBER(wxpay_message_status(answer), 200);
    wxpay_message_free(answer);
    wxpay_client_free(client);
}

/* merchant.json's base_url with a name instead of the address, so that it must be resolved. */
static void by_name(char *url, size_t size)
{
    struct text merchant = file_text("merchant.json");
    const char *at = strstr(merchant.data, "127.0.0.1:");
    int secure = strstr(merchant.data, "\"https://127.0.0.1:") != NULL;
    CHECK(at != NULL);
    snprintf(url, size, "http%s://localhost:%d", secure ? "s" : "", at == NULL ? 0 : atoi(at + 10));
    free(merchant.data);
}

static void outcomes_of_send(void)
{
    const struct { const char *place; int outcome; } cases[] = {
        {"before the first write", WXPAY_OUTCOME_NOT_SENT},
        {"after the first write", WXPAY_OUTCOME_UNKNOWN},
        {"in a read from the network", WXPAY_OUTCOME_UNKNOWN},
        {"with the private key at hand", WXPAY_OUTCOME_NOT_SENT},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wxpay_client *client = (wxpay_client *)live[T_wxpay_client];
        wxpay_message *request = (wxpay_message *)live[T_wxpay_message], *answer = (wxpay_message *)POISON;
        wxpay_error *err = NULL;
        uint64_t before = wxpay_injected_panics();
        wxpay_status status;
        wxpay_inject_panic(cases[i].place);
        status = wxpay_client_send(client, request, &answer, &err);
        struck_at(cases[i].place, status, WXPAY_STATUS_PANIC, err, before);
        CHECK(answer == NULL);
        CHECK_NUMBER(wxpay_error_outcome(err), cases[i].outcome);
        wxpay_error_free(err);
        WORKS(wxpay_client_send(client, request, &answer, &err));
        wxpay_message_free(answer);
    }
}

static void reads_of_a_download(void)
{
    uint8_t into[64];
    size_t n = 77;
    renew_download();
    STRIKE("in a read of a download", WXPAY_STATUS_PANIC,
        wxpay_download_read((wxpay_download *)live[T_wxpay_download], into, sizeof into, &n, &err));
    CHECK_NUMBER(n, 0);
    /* What it had half read is lost; that is said, and another download is not touched by it. */
    n = 77;
    CHECK_NUMBER(wxpay_download_read((wxpay_download *)live[T_wxpay_download], into, sizeof into, &n, NULL), WXPAY_STATUS_INTERNAL);
    CHECK_NUMBER(n, 0);
    renew_download();
    WORKS(wxpay_download_read((wxpay_download *)live[T_wxpay_download], into, sizeof into, &n, &err));
    CHECK(n > 0);
}

static void panic_deeper(void)
{
    char name[200];
    wxpay_config *config = config_apart("2101", NULL);
    wxpay_client *shared = (wxpay_client *)POISON;
    wxpay_message *request = NULL, *answer = NULL;
    wxpay_error *err = (wxpay_error *)POISON;
    uint64_t before;
    make_changing();
    by_name(name, sizeof name);
    outcomes_of_send();
    reads_of_a_download();

    /* While a lock is held. The first of these clients has a store of its own to read. */
    strike_send("while the store is read", "2100", NULL, WXPAY_STATUS_PANIC);
    strike_send("while the TLS configuration is made", "2103", NULL, WXPAY_STATUS_PANIC);
    STRIKE("with the transports locked", WXPAY_STATUS_PANIC, wxpay_client_new(config, &shared, &err));
    CHECK(shared == NULL);
    WORKS(wxpay_client_new(config, &shared, &err));
    wxpay_client_free(shared);
    CHECK_NUMBER(wxpay_config_set(config, "shared", 6, "1", 1, NULL), 0);
    STRIKE("with the shared clients locked", WXPAY_STATUS_PANIC, wxpay_client_new(config, &shared, &err));
    CHECK(shared == NULL);
    WORKS(wxpay_client_new(config, &shared, &err));
    wxpay_client_free(shared);
    wxpay_config_free(config);

    /* Nothing of it reaches the caller as a panic: the look-up failed. Then with that lock held. */
    strike_send("on the resolver's thread", "2105", name, WXPAY_STATUS_DNS);
    strike_send("with the names locked", "2104", name, WXPAY_STATUS_PANIC);

    /* A failure whose error cannot be made has its status, and no error. */
    before = wxpay_injected_panics();
    wxpay_inject_panic("while an error is handed over");
    CHECK_NUMBER(wxpay_message_new_request(NULL, 5, NULL, 0, NULL, 0, &request, &err), WXPAY_STATUS_NULL_ARGUMENT);
    CHECK_NUMBER(wxpay_injected_panics() - before, 1);
    CHECK(err == NULL && request == NULL);
    CHECK_TEXT(wxpay_error_message(err), "");
    places_struck++;

    /* The object is gone all the same. */
    request = (wxpay_message *)new_request();
    before = wxpay_injected_panics();
    wxpay_inject_panic("while a handle is dropped");
    wxpay_message_free(request);
    CHECK_NUMBER(wxpay_injected_panics() - before, 1);
    places_struck++;
    WORKS(wxpay_client_send((wxpay_client *)live[T_wxpay_client], (wxpay_message *)live[T_wxpay_message], &answer, &err));
    wxpay_message_free(answer);
    free_changing();
    printf("panics: %lu functions, %lu places below them\n", functions_struck, places_struck);
}

#endif
