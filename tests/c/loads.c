/* The library loaded and unloaded, as PHP's FFI and plug-in hosts do. It is linked so that it stays
 * (nodelete): each round must find the one that is there, and leave nothing behind.
 *
 *     loads LIBRARY COPY DIR ROUNDS
 *
 * COPY is the same file under another path: a second library in the process. Last line: `loads: ok`
 * and what was measured. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#include "crew.h"

/* Declared as in the header; every round looks them up anew. */
struct library {
    void *handle;
    wxpay_status (*config_new)(wxpay_config **, wxpay_error **);
    wxpay_status (*config_load_json)(wxpay_config *, const char *, size_t, wxpay_error **);
    void (*config_free)(wxpay_config *);
    wxpay_status (*client_new)(const wxpay_config *, wxpay_client **, wxpay_error **);
    void (*client_free)(wxpay_client *);
    wxpay_status (*key_load)(const char *, size_t, const char *, size_t, wxpay_key **, wxpay_error **);
    wxpay_status (*sign)(const wxpay_key *, const char *, size_t, wxpay_buf **, wxpay_error **);
    void (*key_free)(wxpay_key *);
    const uint8_t *(*buf_data)(const wxpay_buf *);
    void (*buf_free)(wxpay_buf *);
};

static const char *dir;
static char *merchant, *pem, *message, *want;
static size_t message_len;

/* ISO C has no conversion from an object's address to a function's; POSIX does it this way. */
#define LOOK(library, name) do { *(void **)(&(library)->name) = dlsym((library)->handle, "wxpay_" #name); \
    EXPECT(*(void **)(&(library)->name) != NULL, #name); } while (0)

static void load(struct library *library, const char *path)
{
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    EXPECT(library->handle != NULL, path);
    LOOK(library, config_new);
    LOOK(library, config_load_json);
    LOOK(library, config_free);
    LOOK(library, client_new);
    LOOK(library, client_free);
    LOOK(library, key_load);
    LOOK(library, sign);
    LOOK(library, key_free);
    LOOK(library, buf_data);
    LOOK(library, buf_free);
}

static wxpay_client *a_client(const struct library *library)
{
    wxpay_config *config = NULL;
    wxpay_client *client = NULL;
    EXPECT(library->config_new(&config, NULL) == 0, "");
    EXPECT(library->config_load_json(config, S(merchant), NULL) == 0, "");
    EXPECT(library->client_new(config, &client, NULL) == 0, "");
    library->config_free(config);
    return client;
}

static void signs(const struct library *library)
{
    wxpay_key *key = NULL;
    wxpay_buf *got = NULL;
    EXPECT(library->key_load(S(pem), NULL, 0, &key, NULL) == 0, "");
    EXPECT(library->sign(key, message, message_len, &got, NULL) == 0, "");
    EXPECT(strcmp((const char *)library->buf_data(got), want) == 0, want);
    library->buf_free(got);
    library->key_free(key);
}

static void once(const char *path)
{
    struct library library;
    wxpay_client *client;
    load(&library, path);
    client = a_client(&library);
    signs(&library);
    library.client_free(client);
    EXPECT(dlclose(library.handle) == 0, path);
}

static int count(const char *path)
{
    DIR *entries = opendir(path);
    int n = 0;
    EXPECT(entries != NULL, path);
    while (readdir(entries) != NULL)
        n++;
    closedir(entries);
    return n;
}

static long resident_kb(void)
{
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    EXPECT(file != NULL && fscanf(file, "%ld %ld", &all, &pages) == 2, "statm");
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static int mappings(const char *path)
{
    char line[4400];
    int n = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    EXPECT(file != NULL, "maps");
    while (fgets(line, sizeof line, file) != NULL)
        n += strstr(line, path) != NULL;
    fclose(file);
    return n;
}

struct many {
    const char *path;
    int rounds;
};

static void *rounds_of(void *argument)
{
    const struct many *many = (const struct many *)argument;
    int i;
    for (i = 0; i < many->rounds; i++)
        once(many->path);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[8];
    struct many many;
    struct library first, second;
    wxpay_client *one, *two;
    int rounds, i, descriptors, tasks, mapped;
    long warm, kb;
    if (argc != 5)
        return 2;
    dir = argv[3];
    rounds = atoi(argv[4]);
    merchant = file_in(dir, "merchant.json", NULL);
    pem = file_in(dir, "apiclient_key.pem", NULL);
    message = file_in(dir, "sign.0.message", &message_len);
    want = file_in(dir, "sign.0.signature", NULL);

    /* Eight at once, and the first of them: who is late must find the library ready. */
    many.path = argv[1];
    many.rounds = rounds / 10;
    for (i = 0; i < 8; i++)
        EXPECT(pthread_create(&threads[i], NULL, rounds_of, &many) == 0, "");
    for (i = 0; i < 8; i++)
        EXPECT(pthread_join(threads[i], NULL) == 0, "");

    for (i = 0; i < rounds / 10; i++)
        once(argv[1]);
    descriptors = count("/proc/self/fd");
    tasks = count("/proc/self/task");
    mapped = mappings(argv[1]);
    EXPECT(mapped > 0, "it is gone after dlclose: nodelete is lost");
    warm = resident_kb();
    for (i = 0; i < rounds; i++)
        once(argv[1]);
    kb = resident_kb() - warm;
    EXPECT(count("/proc/self/fd") == descriptors, "descriptors");
    EXPECT(count("/proc/self/task") == tasks, "threads");
    EXPECT(mappings(argv[1]) == mapped, "mapped more than once");

    /* Two libraries in one process: each has its own code and its own state. */
    load(&first, argv[1]);
    load(&second, argv[2]);
    EXPECT(*(void **)&first.sign != *(void **)&second.sign, "one library under two paths");
    one = a_client(&first);
    two = a_client(&second);
    signs(&first);
    signs(&second);
    first.client_free(one);
    EXPECT(dlclose(first.handle) == 0, "");
    signs(&second);
    second.client_free(two);
    EXPECT(dlclose(second.handle) == 0, "");
    free(merchant);
    free(pem);
    free(message);
    free(want);
    printf("loads: ok, %ld KiB more after %d rounds\n", kb, rounds);
    return 0;
}
