/* Operations that are one or two calls. */
#include <string.h>

#include "runner.h"

static const struct bytes NONE = {NULL, 0};

/* Compares a buffer that a call made, and frees it. */
static void result(struct run *run, const char *name, wxpay_status status, wxpay_error *error, wxpay_buf *out) {
    if (!made(run, status, error, out)) return;
    wants_buf(run, name, out);
    wxpay_buf_free(out);
}

void run_canonical_request(struct run *run) {
    struct bytes method = given(run, "method"), url = given(run, "url"), timestamp = given(run, "timestamp");
    struct bytes nonce = given(run, "nonce"), body = given(run, "body");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_canonical_request(method.data, method.len, url.data, url.len, timestamp.data, timestamp.len,
                                                  nonce.data, nonce.len, body.data, body.len, &out, &error);
    result(run, "text", status, error, out);
}

void run_canonical_response(struct run *run) {
    struct bytes timestamp = given(run, "timestamp"), nonce = given(run, "nonce"), body = given(run, "body");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_canonical_response(timestamp.data, timestamp.len, nonce.data, nonce.len, body.data, body.len, &out, &error);
    result(run, "text", status, error, out);
}

void run_sign(struct run *run) {
    struct bytes message = given(run, "message");
    wxpay_buf *out = signed_by(run, given(run, "key"), message.data, message.len);
    if (out != NULL) wants_buf(run, "signature", out);
    wxpay_buf_free(out);
}

void run_verify(struct run *run) {
    struct bytes message = given(run, "message"), signature = given(run, "signature");
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, given(run, "key"), NONE);
    if (key == NULL) return;
    OK(wxpay_verify(key, message.data, message.len, signature.data, signature.len, &error));
    wxpay_key_free(key);
}

void run_aead_decrypt(struct run *run) {
    struct bytes key = given(run, "key"), nonce = given(run, "nonce"), aad = given(run, "aad"), sealed = given(run, "ciphertext");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_aead_decrypt(key.data, key.len, nonce.data, nonce.len, aad.data, aad.len, sealed.data, sealed.len, &out, &error);
    result(run, "plaintext", status, error, out);
}

static void open_oaep(struct run *run, struct bytes private_key, const char *sealed, size_t len) {
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, private_key, NONE);
    wxpay_status status;
    if (key == NULL) return;
    status = wxpay_oaep_decrypt(key, sealed, len, &out, &error);
    result(run, "plaintext", status, error, out);
    wxpay_key_free(key);
}

void run_oaep_decrypt(struct run *run) {
    struct bytes sealed = given(run, "ciphertext");
    open_oaep(run, given(run, "key"), sealed.data, sealed.len);
}

void run_oaep_encrypt(struct run *run) {
    struct bytes plaintext = given(run, "plaintext");
    wxpay_buf *sealed = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, given(run, "key"), NONE);
    if (key == NULL) return;
    if (MADE(sealed, wxpay_oaep_encrypt(key, plaintext.data, plaintext.len, &sealed, &error))) {
        open_oaep(run, given(run, "private_key"), (const char *)wxpay_buf_data(sealed), wxpay_buf_len(sealed));
        wxpay_buf_free(sealed);
    }
    wxpay_key_free(key);
}

void run_key_load(struct run *run) {
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, given(run, "data"), given(run, "passphrase"));
    if (key == NULL) return;
    if (MADE(out, wxpay_key_info(key, &out, &error))) {
        cJSON *info = cJSON_Parse((const char *)wxpay_buf_data(out));
        const cJSON *want;
        cJSON_ArrayForEach(want, cJSON_GetObjectItemCaseSensitive(run->want, "info"))
            if (!cJSON_Compare(want, cJSON_GetObjectItemCaseSensitive(info, want->string), 1))
                wrong(run, "info.%s is not as wanted: %s", want->string, (const char *)wxpay_buf_data(out));
        cJSON_Delete(info);
        wxpay_buf_free(out);
    }
    wxpay_key_free(key);
}

void run_key_matches_cert(struct run *run) {
    struct bytes cert = given(run, "cert");
    wxpay_error *error = POISON(wxpay_error);
    wxpay_key *key = key_of(run, given(run, "key"), NONE);
    if (key == NULL) return;
    OK(wxpay_key_matches_cert(key, cert.data, cert.len, &error));
    wxpay_key_free(key);
}

void run_config_set(struct run *run) {
    struct bytes key = given(run, "key"), text = given(run, "value");
    wxpay_config *config = POISON(wxpay_config);
    wxpay_error *error = POISON(wxpay_error);
    if (!MADE(config, wxpay_config_new(&config, &error))) return;
    error = POISON(wxpay_error);
    OK(wxpay_config_set(config, key.data, key.len, text.data, text.len, &error));
    wxpay_config_free(config);
}

void run_client_new(struct run *run) {
    wxpay_client *client = POISON(wxpay_client);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_config *config = config_of(run, cJSON_GetObjectItemCaseSensitive(run->in, "config"));
    if (config == NULL) return;
    if (MADE(client, wxpay_client_new(config, &client, &error))) wxpay_client_free(client);
    wxpay_config_free(config);
}

void run_message_set(struct run *run) {
    struct bytes key = given(run, "key"), text = given(run, "value");
    wxpay_message *message = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_message_new_request("GET", 3, "/v3/certificates", 16, NULL, 0, &message, &error);
    if (!made(run, status, error, message)) return;
    error = POISON(wxpay_error);
    OK(wxpay_message_set(message, key.data, key.len, text.data, text.len, &error));
    wxpay_message_free(message);
}

void run_client_encrypt(struct run *run) {
    struct bytes key_id = given(run, "key_id"), plaintext = given(run, "plaintext");
    wxpay_buf *sealed = POISON(wxpay_buf), *used = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_status status;
    if (client == NULL) return;
    status = wxpay_client_encrypt(client, key_id.data, key_id.len, plaintext.data, plaintext.len, &sealed, &used, &error);
    if ((used == NULL) != (sealed == NULL)) wrong(run, "one of two out parameters is empty");
    if (!made(run, status, error, sealed)) return;
    wants_buf(run, "used_key_id", used);
    open_oaep(run, given(run, "private_key"), (const char *)wxpay_buf_data(sealed), wxpay_buf_len(sealed));
    wxpay_buf_free(sealed);
    wxpay_buf_free(used);
}

void run_client_decrypt(struct run *run) {
    struct bytes sealed = given(run, "ciphertext");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_status status;
    if (client == NULL) return;
    status = wxpay_client_decrypt(client, sealed.data, sealed.len, &out, &error);
    result(run, "plaintext", status, error, out);
}

void run_status(struct run *run) {
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(run->in, "code");
    wxpay_status status = cJSON_IsNumber(code) ? (wxpay_status)code->valuedouble : 0;
    wants_text(run, "name", wxpay_status_name(status));
    wants_text(run, "en", wxpay_status_text(status, WXPAY_LANG_EN));
    wants_text(run, "zh", wxpay_status_text(status, WXPAY_LANG_ZH));
}
