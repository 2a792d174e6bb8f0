/* Steps that several operations share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

int ok(struct run *run, wxpay_status status, wxpay_error *error) {
    if (status == WXPAY_STATUS_OK) {
        if (error != NULL) wrong(run, "a call that succeeded left an error");
        return error == NULL;
    }
    if (error == NULL || error == POISON(wxpay_error)) {
        wrong(run, "status %d without an error", (int)status);
        return 0;
    }
    if (wxpay_error_status(error) != status || wxpay_error_message(error)[0] == '\0' || wxpay_error_hint(error)[0] == '\0')
        wrong(run, "status %d, but the error says %d: %s %s", (int)status, (int)wxpay_error_status(error),
              wxpay_error_message(error), wxpay_error_hint(error));
    run->status = status;
    run->outcome = wxpay_error_outcome(error);
    wants_report(run, wxpay_error_json(error), strlen(wxpay_error_json(error)));
    wxpay_error_free(error);
    return 0;
}

int made(struct run *run, wxpay_status status, wxpay_error *error, const void *out) {
    int succeeded = ok(run, status, error);
    if ((out == NULL) == (status == WXPAY_STATUS_OK) || out == (const void *)1)
        wrong(run, "status %d and out is %p", (int)status, out);
    return succeeded && out != NULL && out != (const void *)1;
}

wxpay_config *config_of(struct run *run, const cJSON *members) {
    wxpay_config *config = POISON(wxpay_config);
    wxpay_error *error = POISON(wxpay_error);
    const cJSON *member;
    if (!MADE(config, wxpay_config_new(&config, &error))) return NULL;
    cJSON_ArrayForEach(member, members) {
        struct bytes text = value(member);
        error = POISON(wxpay_error);
        if (!OK(wxpay_config_set(config, member->string, strlen(member->string), text.data, text.len, &error))) {
            wxpay_config_free(config);
            return NULL;
        }
    }
    return config;
}

/* --- the clients of keys/clients.json, made once */

static struct {
    char *name;
    wxpay_client *client;
} clients[64];
static size_t client_count;
static cJSON *configurations;

static const cJSON *configuration(struct run *run, const char *name) {
    const cJSON *found;
    if (configurations == NULL) {
        cJSON *path = cJSON_Parse("{\"file\":\"keys/clients.json\"}");
        struct bytes text = value(path);
        configurations = cJSON_ParseWithLength(text.data, text.len);
        cJSON_Delete(path);
    }
    found = cJSON_GetObjectItemCaseSensitive(configurations, name);
    if (found == NULL) wrong(run, "clients.json has no %s", name);
    return found;
}

wxpay_client *client_of(struct run *run, int fresh) {
    const char *name = word(run, "client");
    wxpay_client *client = POISON(wxpay_client);
    wxpay_error *error = POISON(wxpay_error);
    const cJSON *members;
    wxpay_config *config;
    size_t at;
    for (at = 0; at < client_count && !fresh; at++)
        if (strcmp(clients[at].name, name) == 0) return clients[at].client;
    members = configuration(run, name);
    if (members == NULL || (config = config_of(run, members)) == NULL) return NULL;
    if (!MADE(client, wxpay_client_new(config, &client, &error))) client = NULL;
    wxpay_config_free(config);
    if (client != NULL && !fresh) {
        if (client_count == sizeof clients / sizeof *clients) abort();
        clients[client_count].name = malloc(strlen(name) + 1);
        strcpy(clients[client_count].name, name);
        clients[client_count++].client = client;
    }
    return client;
}

void forget_clients(void) {
    while (client_count > 0) {
        free(clients[--client_count].name);
        wxpay_client_free(clients[client_count].client);
    }
    cJSON_Delete(configurations);
    configurations = NULL;
}

/* --- keys, messages */

wxpay_key *key_of(struct run *run, struct bytes data, struct bytes passphrase) {
    wxpay_key *key = POISON(wxpay_key);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_key_load(data.data, data.len, passphrase.data, passphrase.len, &key, &error);
    return made(run, status, error, key) ? key : NULL;
}

wxpay_buf *signed_by(struct run *run, struct bytes key_data, const char *message, size_t len) {
    struct bytes none = {NULL, 0};
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, key_data, none);
    if (key == NULL) return NULL;
    if (!MADE(out, wxpay_sign(key, message, len, &out, &error))) out = NULL;
    wxpay_key_free(key);
    return out;
}

wxpay_message *request_of(struct run *run) {
    struct bytes method = given(run, "method"), url = given(run, "url"), body = given(run, "body");
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(run->in, "headers");
    wxpay_message *message = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_message_new_request(method.data, method.len, url.data, url.len, body.data, body.len, &message, &error);
    if (!made(run, status, error, message)) return NULL;
    if (rows != NULL && !add_headers(run, message, rows)) {
        wxpay_message_free(message);
        return NULL;
    }
    return message;
}

wxpay_message *response_of(struct run *run, const char *nonce) {
    const cJSON *response = cJSON_GetObjectItemCaseSensitive(run->in, "response");
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(response, "status");
    struct bytes body;
    wxpay_message *message = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    if (!cJSON_IsNumber(code)) {
        wrong(run, "in has no response");
        return NULL;
    }
    body = value(cJSON_GetObjectItemCaseSensitive(response, "body"));
    if (nonce != NULL) body = replaced(body, "{nonce}", nonce);
    if (!MADE(message, wxpay_message_new_response((int32_t)code->valuedouble, body.data, body.len, &message, &error))) return NULL;
    if (!add_headers(run, message, cJSON_GetObjectItemCaseSensitive(response, "headers"))) {
        wxpay_message_free(message);
        return NULL;
    }
    return message;
}

int add_headers(struct run *run, wxpay_message *message, const cJSON *rows) {
    const cJSON *row;
    cJSON_ArrayForEach(row, rows) {
        struct bytes name = value(cJSON_GetArrayItem(row, 0)), text = value(cJSON_GetArrayItem(row, 1));
        wxpay_error *error = POISON(wxpay_error);
        if (!OK(wxpay_message_add_header(message, name.data, name.len, text.data, text.len, &error))) return 0;
    }
    return 1;
}

int headers_or_block(struct run *run, wxpay_message *message) {
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(run->in, "headers");
    wxpay_error *error = POISON(wxpay_error);
    struct bytes raw;
    if (rows != NULL) return add_headers(run, message, rows);
    raw = given(run, "block");
    return OK(wxpay_message_add_header_block(message, raw.data, raw.len, &error));
}

void check_signed(struct run *run, const cJSON *want, const char *nonce, const char *signature, const wxpay_buf *to_sign) {
    struct bytes none = {NULL, 0};
    struct bytes canonical = value(cJSON_GetObjectItemCaseSensitive(want, "canonical"));
    const char mark[] = "{nonce}";
    const size_t mark_len = sizeof mark - 1, nonce_len = 32;
    char *exact;
    size_t at, len = canonical.len - mark_len + nonce_len;
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key;
    wxpay_status status;
    if (strlen(nonce) != nonce_len || strspn(nonce, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != nonce_len) {
        wrong(run, "the nonce is %s", nonce);
        return;
    }
    for (at = 0; at + mark_len <= canonical.len && memcmp(canonical.data + at, mark, mark_len) != 0; at++) continue;
    if (at + mark_len > canonical.len) {
        wrong(run, "canonical has no {nonce}");
        return;
    }
    exact = malloc(len);
    if (exact == NULL) abort();
    memcpy(exact, canonical.data, at);
    memcpy(exact + at, nonce, nonce_len);
    memcpy(exact + at + nonce_len, canonical.data + at + mark_len, canonical.len - at - mark_len);
    if (to_sign != NULL && (wxpay_buf_len(to_sign) != len || memcmp(wxpay_buf_data(to_sign), exact, len) != 0))
        wrong(run, "to_sign is not the canonical string");
    key = key_of(run, value(cJSON_GetObjectItemCaseSensitive(want, "verify_key")), none);
    if (key != NULL) {
        status = wxpay_verify(key, exact, len, signature, strlen(signature), &error);
        if (!ok(run, status, error)) wrong(run, "the signature does not verify: %d", (int)status);
        wxpay_key_free(key);
    }
    free(exact);
}
