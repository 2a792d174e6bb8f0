/* Reading what benches/peers/fixture.py wrote. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* The whole file, with a NUL after it. */
static inline char *content(const char *directory, const char *name, size_t *len)
{
    char path[1024];
    char *text;
    size_t got;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "rb");
    text = calloc(1, 65536);
    if (!file || !text) die(path);
    got = fread(text, 1, 65535, file);
    fclose(file);
    if (len) *len = got;
    return text;
}

/* The value after `name` and `separator`, up to the end of the line; a new string. */
static inline char *value(const char *text, const char *name, const char *separator)
{
    char start[64], *found;
    const char *at = text;
    size_t len;
    snprintf(start, sizeof start, "%s%s", name, separator);
    for (;;) {
        if (strncmp(at, start, strlen(start)) == 0) break;
        at = strchr(at, '\n');
        if (!at) die(name);
        at++;
    }
    at += strlen(start);
    len = strcspn(at, "\n");
    found = calloc(1, len + 1);
    if (!found) die("no memory");
    memcpy(found, at, len);
    return found;
}
