/* What both C programs of the comparison share: turns asked for on standard input, times on standard output.
 * benches/network/sides.py says what the lines mean. A program gives the functions below. */
#ifndef SIDE_H
#define SIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_THREADS 1024

typedef struct side side;
/* shared: the same client for all, where the program can; own: one for each. */
side *new_side(int shared);
void request(side *one);
/* A complete Authorization and nothing sent; and one signature, without what is around it. */
void authorization(side *one);
void bare_signature(side *one);
long connections(side *one);

static void die(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static long long nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* The whole of a file; its length goes to `len`. */
static char *file_content(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) die(path);
    long size = ftell(file);
    rewind(file);
    char *content = malloc((size_t)size + 1);
    if (!content || fread(content, 1, (size_t)size, file) != (size_t)size) die(path);
    fclose(file);
    content[size] = 0;
    *len = (size_t)size;
    return content;
}

static void one_after_the_other(side *one, long requests) {
    long long (*samples)[4] = calloc((size_t)requests, sizeof *samples);
    long long spent = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < requests; i++) {
        long long start = nanoseconds(CLOCK_MONOTONIC), busy = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
        request(one);
        long long busy_done = nanoseconds(CLOCK_THREAD_CPUTIME_ID), done = nanoseconds(CLOCK_MONOTONIC);
        bare_signature(one);
        long long busy_signed = nanoseconds(CLOCK_THREAD_CPUTIME_ID), signed_at = nanoseconds(CLOCK_MONOTONIC);
        long long sample[] = {done - start, signed_at - done, busy_done - busy, busy_signed - busy_done};
        memcpy(samples[i], sample, sizeof sample);
    }
    spent = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - spent;
    for (long i = 0; i < requests; i++)
        printf("%lld %lld %lld %lld\n", samples[i][0], samples[i][1], samples[i][2], samples[i][3]);
    free(samples);
    printf("end %ld %lld\n", connections(one), spent);
}

static struct {
    atomic_long left;
    pthread_barrier_t begin;
} crowd;

static void *work(void *one) {
    pthread_barrier_wait(&crowd.begin);
    while (atomic_fetch_sub(&crowd.left, 1) > 0) request(one);
    return NULL;
}

/* `threads` at once, until `requests` are done. */
static void at_once(side **all, int threads, long requests) {
    pthread_t running[MOST_THREADS];
    atomic_store(&crowd.left, requests);
    pthread_barrier_init(&crowd.begin, NULL, (unsigned)threads + 1);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&running[i], NULL, work, all[i]) != 0) die("pthread_create");
    long long spent = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), start = nanoseconds(CLOCK_MONOTONIC);
    pthread_barrier_wait(&crowd.begin);
    for (int i = 0; i < threads; i++) pthread_join(running[i], NULL);
    long long wall = nanoseconds(CLOCK_MONOTONIC) - start;
    printf("end 0 %lld %lld\n", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - spent, wall);
    pthread_barrier_destroy(&crowd.begin);
}

static void take_turns(void) {
    static side *one, *sharing[MOST_THREADS], *independent[MOST_THREADS];
    char line[64], how[16];
    int threads;
    long requests;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "threads %d %15s %ld", &threads, how, &requests) == 3) {
            int shared = strcmp(how, "shared") == 0;
            side **all = shared ? sharing : independent;
            if (threads < 1 || threads > MOST_THREADS) die("too many threads");
            for (int i = 0; i < threads; i++)
                if (!all[i]) request(all[i] = new_side(shared)); /* a connection, too */
            at_once(all, threads, requests);
        } else if (strcmp(line, "sign\n") == 0) {
            authorization(one ? one : (one = new_side(0)));
            printf("end 0 0\n");
        } else {
            if (!one) one = new_side(0);
            one_after_the_other(one, strtol(line, NULL, 10));
        }
        fflush(stdout);
    }
}

#endif
