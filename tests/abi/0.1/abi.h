/* What the ABI tests share: text with its length, a refusal looked at and freed, files that the
 * simulator and openssl wrote. */

#ifndef ABI_H
#define ABI_H

#include <stdlib.h>

#include "check.h"

/* Two arguments: the text and its length. */
#define S(text) (text), strlen(text)

/* A place that must be overwritten unread. */
static char never_read[64];
#define POISON(type) ((type *)(void *)never_read)

/* The status, and a part of message or hint; frees the error. */
static inline void refused_at(wxpay_status status, wxpay_error **err, wxpay_status want, const char *part, const char *file, int line)
{
    const char *json;
    check_number_at(status, want, "status", file, line);
    if (!check_at(*err != NULL, "err is set", file, line))
        return;
    check_number_at(wxpay_error_status(*err), want, "wxpay_error_status", file, line);
    check_at(wxpay_error_message(*err)[0] != 0, "a message", file, line);
    check_at(wxpay_error_hint(*err)[0] != 0, "a hint", file, line);
    json = wxpay_error_json(*err);
    check_part_at(json, part, "the error says", file, line);
    wxpay_error_free(*err);
    *err = POISON(wxpay_error);
}
#define REFUSED(call, want, part) refused_at(call, &err, want, part, __FILE__, __LINE__)

/* OK, and err NULL although it was not before. */
static inline void fine_at(wxpay_status status, wxpay_error **err, const char *what, const char *file, int line)
{
    if (!check_number_at(status, 0, what, file, line))
        printf("    %s\n", wxpay_error_message(*err));
    check_at(*err == NULL, "err is NULL", file, line);
    *err = POISON(wxpay_error);
}
#define FINE(call) fine_at(call, &err, #call, __FILE__, __LINE__)

/* The buffer's text, compared and freed. */
static inline void buf_is_at(wxpay_buf *buf, const char *want, size_t len, const char *file, int line)
{
    if (!check_at(buf != NULL && (void *)buf != (void *)never_read, "a buffer", file, line))
        return;
    check_number_at((long long)wxpay_buf_len(buf), (long long)len, "length", file, line);
    check_at(wxpay_buf_len(buf) == len && memcmp(wxpay_buf_data(buf), want, len) == 0, want, file, line);
    check_number_at(wxpay_buf_data(buf)[wxpay_buf_len(buf)], 0, "the NUL behind", file, line);
    wxpay_buf_free(buf);
}
#define BUF_IS(buf, want) buf_is_at(buf, want, strlen(want), __FILE__, __LINE__)

static inline const char *buf_string(const wxpay_buf *buf)
{
    return (const char *)wxpay_buf_data(buf);
}

/* A file beside merchant.json; free() it. */
static inline char *file_beside(const char *merchant, const char *name)
{
    char path[4200];
    const char *slash = strrchr(merchant, '/');
    char *data;
    size_t len;
    FILE *file;
    snprintf(path, sizeof path, "%.*s/%s", (int)(slash - merchant), merchant, name);
    file = fopen(path, "rb");
    if (!CHECK(file != NULL)) {
        printf("    %s\n", path);
        exit(2);
    }
    data = (char *)malloc(1 << 20);
    len = fread(data, 1, (1 << 20) - 1, file);
    data[len] = 0;
    fclose(file);
    return data;
}

#endif
