/* A server that forks while its threads call, as PHP-FPM does and as it should not: children use
 * what they inherited, free it, and leave.
 *
 *     prefork DIR THREADS CHILDREN
 *
 * A child that takes more than 60 seconds is killed, and the program fails. Last line:
 * `prefork: N children, 0 bad, N calls of the parent`. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"

#define MOST 64
#define FLOCK 8

static const char *dir;
static wxpay_client *client;
static wxpay_key *key;
static atomic_int stop;
static atomic_ulong calls;

/* The simulator closes what takes long, and with so many on one machine things do: such a call is
 * repeated, as the error allows. */
static void call(void)
{
    wxpay_message *response = NULL;
    wxpay_error *err = NULL;
    int tries = 0;
    while (wxpay_client_call(client, S("GET"), S("/v3/certificates"), NULL, 0, &response, &err) != 0) {
        EXPECT(wxpay_error_retryable(err) && ++tries < 5, wxpay_error_json(err));
        wxpay_error_free(err);
    }
    EXPECT(wxpay_message_verified(response) == WXPAY_VERIFIED_SIGNATURE, "");
    wxpay_message_free(response);
}

static void *busy(void *number)
{
    while (!atomic_load(&stop)) {
        if (*(int *)number % 2 == 0)
            signs_like_openssl(key, dir, *(int *)number);
        else
            call();
        atomic_fetch_add(&calls, 1);
        /* The simulator needs a processor too. */
        usleep(100000);
    }
    return NULL;
}

/* Uses and frees the parent's client and key, makes its own, uses them, frees them. */
static void child(int number)
{
    wxpay_client *own;
    alarm(60);
    signs_like_openssl(key, dir, number % MOST);
    if (number % 4 == 0)
        call();
    wxpay_key_free(key);
    wxpay_client_free(client);
    own = client_of(dir);
    client = own;
    if (number % 4 == 1)
        call();
    wxpay_client_free(own);
    _exit(0);
}

int main(int argc, char **argv)
{
    static pthread_t threads[MOST];
    static int numbers[MOST];
    int workers, children, i, bad = 0, forked = 0;
    if (argc != 4 || (workers = atoi(argv[2])) < 1 || workers > MOST)
        return 2;
    dir = argv[1];
    children = atoi(argv[3]);
    client = client_of(dir);
    key = key_of(dir);
    for (i = 0; i < workers; i++) {
        numbers[i] = i;
        EXPECT(pthread_create(&threads[i], NULL, busy, &numbers[i]) == 0, "");
    }
    while (forked < children) {
        pid_t flock[FLOCK];
        for (i = 0; i < FLOCK; i++) {
            flock[i] = fork();
            EXPECT(flock[i] >= 0, strerror(errno));
            if (flock[i] == 0)
                child(forked + i);
        }
        for (i = 0; i < FLOCK; i++) {
            int status = 0;
            EXPECT(waitpid(flock[i], &status, 0) == flock[i], strerror(errno));
            if (status != 0) {
                bad++;
                fprintf(stderr, "child %d: %s %d\n", forked + i, WIFSIGNALED(status) ? "signal" : "exit status",
                        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            }
        }
        forked += FLOCK;
    }
    atomic_store(&stop, 1);
    for (i = 0; i < workers; i++)
        EXPECT(pthread_join(threads[i], NULL) == 0, "");
    /* None is left to wait for. */
    EXPECT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "a child is left");
    wxpay_key_free(key);
    wxpay_client_free(client);
    printf("prefork: %d children, %d bad, %lu calls of the parent\n", forked, bad, atomic_load(&calls));
    return bad != 0;
}
