/* Counted checks for the C tests. C99 and C++17. */

#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static unsigned long checks_made;
static unsigned long checks_failed;

/* 1 when the condition holds. */
static inline int check_at(int holds, const char *what, const char *file, int line)
{
    checks_made++;
    if (holds)
        return 1;
    checks_failed++;
    printf("%s:%d: not so: %s\n", file, line, what);
    return 0;
}

static inline int check_number_at(long long got, long long want, const char *what, const char *file, int line)
{
    if (check_at(got == want, what, file, line))
        return 1;
    printf("    got %lld, want %lld\n", got, want);
    return 0;
}

static inline int check_text_at(const char *got, const char *want, const char *what, const char *file, int line)
{
    if (check_at(got != NULL && strcmp(got, want) == 0, what, file, line))
        return 1;
    printf("    got  %s\n    want %s\n", got == NULL ? "NULL" : got, want);
    return 0;
}

static inline int check_part_at(const char *got, const char *part, const char *what, const char *file, int line)
{
    if (check_at(got != NULL && strstr(got, part) != NULL, what, file, line))
        return 1;
    printf("    got  %s\n    want %s in it\n", got == NULL ? "NULL" : got, part);
    return 0;
}

#define CHECK(condition) check_at((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define CHECK_NUMBER(got, want) check_number_at((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) check_text_at(got, want, #got, __FILE__, __LINE__)
#define CHECK_PART(got, part) check_part_at(got, part, #got, __FILE__, __LINE__)

/* The last line of a suite, which its caller counts; the exit code. */
static inline int checks_done(const char *suite)
{
    printf("%s: %lu checks, %lu failed\n", suite, checks_made, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}

/* LeakSanitizer misses what main's own frame still points to. */
#define NOINLINE __attribute__((noinline))

#endif
