/* What the programs of many threads and processes share. A failed expectation ends the program at
 * once: the counters of check.h are for one thread. */
#ifndef CREW_H
#define CREW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wxpay.h>

/* Two arguments: the text and its length. */
#define S(text) (text), strlen(text)

static inline void expect_at(int holds, const char *what, const char *more, int line)
{
    if (holds)
        return;
    fprintf(stderr, "line %d: not so: %s\n%s\n", line, what, more == NULL ? "" : more);
    exit(1);
}
#define EXPECT(holds, more) expect_at((holds) ? 1 : 0, #holds, more, __LINE__)

static inline void fine_at(wxpay_status status, wxpay_error *err, const char *what, int line)
{
    expect_at(status == 0 && err == NULL, what, status == 0 ? "" : wxpay_error_json(err), line);
}
/* The call writes to `err`, so its value is read after it. */
#define FINE(call) do { wxpay_status fine_ = (call); fine_at(fine_, err, #call, __LINE__); } while (0)

/* DIR/NAME with a NUL behind it; free() it. */
static inline char *file_in(const char *dir, const char *name, size_t *len)
{
    char path[4200], *data;
    size_t read;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "rb");
    EXPECT(file != NULL, path);
    data = (char *)malloc(1 << 20);
    EXPECT(data != NULL, path);
    read = fread(data, 1, (1 << 20) - 1, file);
    data[read] = 0;
    fclose(file);
    if (len != NULL)
        *len = read;
    return data;
}

/* The text member of JSON without escapes in it. */
static inline void member(const char *json, const char *name, char *into, size_t size)
{
    char quoted[64];
    const char *at;
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    at = strstr(json, quoted);
    EXPECT(at != NULL, name);
    at += strlen(quoted) + strspn(at + strlen(quoted), " ");
    EXPECT(*at == '"', json);
    snprintf(into, size, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
}

/* Of the simulator's merchant, whose authority stands beside the system's. */
static inline wxpay_client *client_of(const char *dir)
{
    char *merchant = file_in(dir, "merchant.json", NULL), ca[4200];
    wxpay_config *config = NULL;
    wxpay_client *client = NULL;
    wxpay_error *err = NULL;
    snprintf(ca, sizeof ca, "%s/ca.pem", dir);
    FINE(wxpay_config_new(&config, &err));
    FINE(wxpay_config_load_json(config, S(merchant), &err));
    FINE(wxpay_config_set(config, S("extra_ca_file"), S(ca), &err));
    FINE(wxpay_config_set(config, S("api_v2_sign_type"), S("HMAC-SHA256"), &err));
    /* A busy machine is no defect; who hangs is ended by an alarm. */
    FINE(wxpay_config_set(config, S("connect_timeout_ms"), S("50000"), &err));
    FINE(wxpay_config_set(config, S("timeout_ms"), S("200000"), &err));
    FINE(wxpay_client_new(config, &client, &err));
    wxpay_config_free(config);
    free(merchant);
    return client;
}

/* The key signs `openssl.message` exactly as the openssl command did: RSASSA-PKCS1-v1_5 has one answer. */
static inline void signs_like_openssl(const wxpay_key *key, const char *dir, int number)
{
    char name[64], *message, *want;
    size_t len;
    wxpay_buf *got = NULL;
    wxpay_error *err = NULL;
    snprintf(name, sizeof name, "sign.%d.message", number);
    message = file_in(dir, name, &len);
    snprintf(name, sizeof name, "sign.%d.signature", number);
    want = file_in(dir, name, NULL);
    FINE(wxpay_sign(key, message, len, &got, &err));
    EXPECT(strcmp((const char *)wxpay_buf_data(got), want) == 0, want);
    FINE(wxpay_verify(key, message, len, S(want), &err));
    wxpay_buf_free(got);
    message[0] ^= 1;
    EXPECT(wxpay_verify(key, message, len, S(want), NULL) == WXPAY_STATUS_SIGNATURE_INVALID, want);
    free(message);
    free(want);
}

static inline wxpay_key *key_of(const char *dir)
{
    char *pem = file_in(dir, "apiclient_key.pem", NULL);
    wxpay_key *key = NULL;
    wxpay_error *err = NULL;
    FINE(wxpay_key_load(S(pem), NULL, 0, &key, &err));
    free(pem);
    return key;
}

#endif
