/* Values of the vectors, and the comparison with what was found. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

const char *root;

static void *memory[4096];
static size_t memories;

char *block(size_t len) {
    char *made = malloc(len + 1);
    if (made == NULL || memories == sizeof memory / sizeof *memory) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    made[len] = '\0';
    memory[memories++] = made;
    return made;
}

void forget(void) {
    while (memories > 0) free(memory[--memories]);
}

char *kept(const char *data, size_t len) {
    char *made = block(len);
    if (len > 0) memcpy(made, data, len);
    return made;
}

void wrong(struct run *run, const char *format, ...) {
    va_list arguments;
    if (run->why[0] != '\0') return; /* the first counts */
    va_start(arguments, format);
    vsnprintf(run->why, sizeof run->why, format, arguments);
    va_end(arguments);
}

static struct bytes file(const char *name) {
    struct bytes content = {NULL, 0};
    char path[4096];
    long len;
    FILE *in;
    snprintf(path, sizeof path, "%s/%s", root, name);
    in = fopen(path, "rb");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (len = ftell(in)) < 0 || fseek(in, 0, SEEK_SET) != 0) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    content.data = block((size_t)len);
    content.len = fread(content.data, 1, (size_t)len, in);
    fclose(in);
    return content;
}

struct bytes value(const cJSON *value) {
    struct bytes made = {NULL, 0};
    const char *text;
    size_t at;
    if (cJSON_IsString(value)) {
        made.len = strlen(value->valuestring);
        made.data = kept(value->valuestring, made.len);
    } else if ((text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(value, "hex"))) != NULL) {
        made.len = strlen(text) / 2;
        made.data = block(made.len);
        for (at = 0; at < made.len; at++) {
            unsigned byte = 0;
            sscanf(text + 2 * at, "%2x", &byte);
            made.data[at] = (char)byte;
        }
    } else if ((text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(value, "file"))) != NULL) {
        made = file(text);
    } else if ((text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(value, "repeat"))) != NULL) {
        const cJSON *times = cJSON_GetObjectItemCaseSensitive(value, "times");
        size_t count = cJSON_IsNumber(times) ? (size_t)times->valuedouble : 0, len = strlen(text);
        made.len = len * count;
        made.data = block(made.len);
        for (at = 0; at < count; at++) memcpy(made.data + at * len, text, len);
    } else {
        char *shown = cJSON_PrintUnformatted(value);
        fprintf(stderr, "this is not a value: %s\n", shown ? shown : "nothing");
        free(shown);
        exit(2);
    }
    return made;
}

struct bytes given(struct run *run, const char *name) {
    struct bytes none = {kept("", 0), 0};
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(run->in, name);
    if (member == NULL) {
        wrong(run, "in has no %s", name);
        return none;
    }
    return value(member);
}

const char *word(struct run *run, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(run->in, name));
    if (text == NULL) wrong(run, "in has no text %s", name);
    return text ? text : "";
}

void wants_bytes(struct run *run, const char *name, const void *data, size_t len) {
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, name);
    struct bytes expected;
    if (want == NULL) return;
    if (data == NULL || cJSON_IsNull(want)) {
        if (data != NULL || !cJSON_IsNull(want)) wrong(run, "%s is there, or is not", name);
        return;
    }
    expected = value(want);
    if (expected.len != len || memcmp(expected.data, data, len) != 0)
        wrong(run, "%s is %.*s, not %.*s", name, (int)(len < 150 ? len : 150), (const char *)data,
              (int)(expected.len < 150 ? expected.len : 150), expected.data);
}

void wants_text(struct run *run, const char *name, const char *text) {
    wants_bytes(run, name, text, text ? strlen(text) : 0);
}

void wants_buf(struct run *run, const char *name, const wxpay_buf *buf) {
    wants_bytes(run, name, wxpay_buf_data(buf), wxpay_buf_len(buf));
}

void wants_number(struct run *run, const char *name, int64_t number) {
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, name);
    if (want == NULL) return;
    if (!cJSON_IsNumber(want) || (int64_t)want->valuedouble != number)
        wrong(run, "%s is %lld", name, (long long)number);
}
