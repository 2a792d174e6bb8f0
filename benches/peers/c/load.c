/* How long it takes until a library has answered its first call.
 *
 *   load LIBRARY FUNCTION
 *
 * FUNCTION takes nothing and gives text. Prints nanoseconds.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    long long start = now();
    void *library = dlopen(arguments[1], RTLD_NOW);
    const char *(*function)(void);
    *(void **)&function = library ? dlsym(library, arguments[2]) : NULL;
    if (!function || !function()) {
        fprintf(stderr, "%s\n", library ? "no such function" : dlerror());
        return 1;
    }
    printf("%lld\n", now() - start);
    return 0;
}
