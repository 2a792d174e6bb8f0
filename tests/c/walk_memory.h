/* Has malloc refuse everything over 1 MiB while a function runs (docs/limits.md): what outside
 * input makes large must be asked for, or it would abort the process. Only with -DWALK_MEMORY. */

#ifndef WALK_MEMORY_H
#define WALK_MEMORY_H

static int refusing;
static unsigned long allocations_refused;

#ifdef WALK_MEMORY

#define MOST_AT_ONCE ((size_t)1 << 20)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

/* The sanitizers bring their own; glibc's are what the library calls here. */
static int too_large(size_t size)
{
    if (!refusing || size <= MOST_AT_ONCE)
        return 0;
    allocations_refused++;
    return 1;
}

void *malloc(size_t size)
{
    return too_large(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return too_large(count > SIZE_MAX / (size + 1) ? SIZE_MAX : count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return too_large(size) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    if (too_large(size))
        return 12;
    *out = __libc_memalign(align, size);
    return *out == NULL ? 12 : 0;
}

#endif

/* So many bytes in each form that some function reads. */
static struct text form(const char *before, const char *piece, const char *after, size_t len)
{
    size_t at = strlen(before), step = strlen(piece);
    struct text text = {NULL, len};
    text.data = (char *)malloc(len + step + strlen(after) + 1);
    memcpy(text.data, before, at);
    for (; at < len; at += step)
        memcpy(text.data + at, piece, step);
    memcpy(text.data + at, after, strlen(after));
    text.len = at + strlen(after);
    return text;
}

#define FORMS 12
static struct text forms[FORMS];
static const char *const form_names[FORMS] = {
    "letters", "not UTF-8", "a JSON string", "escapes in JSON", "an array of JSON", "members of JSON",
    "XML", "elements of XML", "headers", "a bill", "lines of a PEM", "the ciphertext of a notification"};

static void make_forms(size_t len)
{
    forms[0] = form("", "aaaa", "", len);
    forms[1] = form("", "\xff", "", len);
    forms[2] = form("{\"name\":\"", "aaaa", "\"}", len);
    forms[3] = form("{\"name\":\"", "\\/\\n\\u4e2d", "\"}", len);
    forms[4] = form("{\"name\":[", "1,", "1]}", len);
    forms[5] = form("{", "\"a\":\"b\",", "\"c\":\"d\"}", len);
    forms[6] = form("<xml><a>", "aaaa", "</a></xml>", len);
    forms[7] = form("<xml>", "<a>b</a>", "</xml>", len);
    forms[8] = form("HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n", len);
    forms[9] = form("a,b\n", "`1,`2.00\n", "c,d\n`1,`2.00\n", len);
    forms[10] = form("-----BEGIN PRIVATE KEY-----\n", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXI0\n", "-----END PRIVATE KEY-----\n", len);
    forms[11] = form("{\"resource\":{\"ciphertext\":\"", "aa\\/a", "\"}}", len);
}

#endif
