/* Operations on messages: headers, what goes out, what comes back, notifications. */
#include <string.h>

#include "runner.h"

static void wants_body(struct run *run, const wxpay_message *message) {
    wants_bytes(run, "body", wxpay_message_body(message), wxpay_message_body_len(message));
}

void run_header(struct run *run) {
    const char *name = word(run, "name");
    wxpay_message *message = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    if (!MADE(message, wxpay_message_new_response(200, NULL, 0, &message, &error))) return;
    if (headers_or_block(run, message)) wants_text(run, "value", wxpay_message_header(message, name, strlen(name)));
    wxpay_message_free(message);
}

/* Takes `name="…"` out of the fields: what was between the quotes, or "". */
static char *taken(char *fields, const char *name) {
    size_t len = strlen(name);
    char *at = fields;
    while (*at != '\0') {
        char *end = strchr(at, ',');
        size_t width = end ? (size_t)(end - at) : strlen(at);
        if (width >= len + 3 && strncmp(at, name, len) == 0 && at[len] == '=' && at[len + 1] == '"' && at[width - 1] == '"') {
            char *text = kept(at + len + 2, width - len - 3);
            memmove(at, end ? end + 1 : at + width, strlen(end ? end + 1 : at + width) + 1);
            return text;
        }
        at += width + (end ? 1 : 0);
    }
    return kept("", 0);
}

const char *nonce_of(const wxpay_message *message) {
    const char *authorization = wxpay_message_header(message, "Authorization", 13);
    const char *fields = authorization ? strchr(authorization, ' ') : NULL;
    return fields ? taken(kept(fields + 1, strlen(fields + 1)), "nonce_str") : "";
}

void prepared(struct run *run, const wxpay_message *message, const wxpay_buf *to_sign, int with_body) {
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, "authorization"), *member;
    const char *authorization = wxpay_message_header(message, "Authorization", 13);
    const char *scheme = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(want, "scheme"));
    char *fields, *nonce, *signature;
    wants_text(run, "method", wxpay_message_method(message));
    wants_text(run, "url", wxpay_message_url(message));
    if (with_body) wants_body(run, message);
    cJSON_ArrayForEach(member, cJSON_GetObjectItemCaseSensitive(run->want, "headers")) {
        const char *found = wxpay_message_header(message, member->string, strlen(member->string));
        struct bytes expected = {NULL, 0};
        if (!cJSON_IsNull(member)) expected = value(member);
        if ((found == NULL) != (expected.data == NULL) || (found != NULL && (strlen(found) != expected.len || memcmp(found, expected.data, expected.len) != 0)))
            wrong(run, "header %s is %s", member->string, found ? found : "not there");
    }
    if (want == NULL) return; /* the status is not as wanted */
    if (authorization == NULL || scheme == NULL || strncmp(authorization, scheme, strlen(scheme)) != 0 || authorization[strlen(scheme)] != ' ') {
        wrong(run, "Authorization is %s", authorization ? authorization : "not there");
        return;
    }
    fields = kept(authorization + strlen(scheme) + 1, strlen(authorization) - strlen(scheme) - 1);
    nonce = taken(fields, "nonce_str");
    signature = taken(fields, "signature");
    cJSON_ArrayForEach(member, cJSON_GetObjectItemCaseSensitive(want, "members"))
        if (!cJSON_IsString(member) || strcmp(taken(fields, member->string), member->valuestring) != 0)
            wrong(run, "%s of Authorization is not as wanted: %s", member->string, authorization);
    if (fields[0] != '\0') wrong(run, "Authorization has more fields: %s", fields);
    check_signed(run, want, nonce, signature, to_sign);
}

void run_prepare(struct run *run) {
    wxpay_message *out = POISON(wxpay_message), *request;
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    if (client == NULL || (request = request_of(run)) == NULL) return;
    if (MADE(out, wxpay_client_prepare(client, request, run->now, &out, &error))) {
        prepared(run, out, NULL, 1);
        wxpay_message_free(out);
    }
    wxpay_message_free(request);
}

void run_prepare_unsigned(struct run *run) {
    wxpay_message *out = POISON(wxpay_message), *request;
    wxpay_buf *to_sign = POISON(wxpay_buf), *digest = POISON(wxpay_buf), *signature;
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_status status;
    if (client == NULL || (request = request_of(run)) == NULL) return;
    status = wxpay_client_prepare_unsigned(client, request, run->now, &out, &to_sign, &digest, &error);
    if ((to_sign == NULL) != (out == NULL) || (digest == NULL) != (out == NULL)) wrong(run, "one of three out parameters is empty");
    if (made(run, status, error, out)) {
        if (wxpay_buf_len(digest) != 32) wrong(run, "the digest has %d bytes", (int)wxpay_buf_len(digest));
        signature = signed_by(run, given(run, "sign_key"), (const char *)wxpay_buf_data(to_sign), wxpay_buf_len(to_sign));
        error = POISON(wxpay_error);
        if (signature != NULL && OK(wxpay_message_attach_signature(out, (const char *)wxpay_buf_data(signature), wxpay_buf_len(signature), &error)))
            prepared(run, out, to_sign, 1);
        wxpay_buf_free(signature);
        wxpay_buf_free(to_sign);
        wxpay_buf_free(digest);
        wxpay_message_free(out);
    }
    wxpay_message_free(request);
}

void run_check(struct run *run) {
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_message *request = client ? request_of(run) : NULL, *response = request ? response_of(run, NULL) : NULL;
    if (response != NULL) {
        OK(wxpay_client_check(client, request, response, run->now, &error));
        wants_number(run, "verified", wxpay_message_verified(response));
    }
    wxpay_message_free(response);
    wxpay_message_free(request);
}

void run_load_certificates(struct run *run) {
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 1);
    wxpay_message *response = client ? response_of(run, NULL) : NULL;
    if (response != NULL) {
        OK(wxpay_client_load_certificates(client, response, run->now, &error));
        wants_number(run, "due", wxpay_client_certificates_due(client, run->now));
    }
    wxpay_message_free(response);
    wxpay_client_free(client);
}

void run_notify_open(struct run *run) {
    struct bytes body = given(run, "body");
    wxpay_message *message = POISON(wxpay_message);
    wxpay_notify *notify = POISON(wxpay_notify);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    if (client == NULL || !MADE(message, wxpay_message_new_response(0, body.data, body.len, &message, &error))) return;
    error = POISON(wxpay_error);
    if (headers_or_block(run, message) && MADE(notify, wxpay_notify_open(client, message, run->now, &notify, &error))) {
        wants_text(run, "notify_id", wxpay_notify_id(notify));
        wants_text(run, "event_type", wxpay_notify_event_type(notify));
        wants_text(run, "resource_type", wxpay_notify_resource_type(notify));
        wants_text(run, "original_type", wxpay_notify_original_type(notify));
        wants_text(run, "create_time", wxpay_notify_create_time(notify));
        wants_text(run, "summary", wxpay_notify_summary(notify));
        wants_text(run, "serial", wxpay_notify_serial(notify));
        wants_text(run, "json", wxpay_notify_json(notify));
        wants_bytes(run, "plaintext", wxpay_notify_plaintext(notify), wxpay_notify_plaintext_len(notify));
        wants_number(run, "timestamp", wxpay_notify_timestamp(notify));
        wxpay_notify_free(notify);
    }
    wxpay_message_free(message);
}

void run_notify_reply(struct run *run) {
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(run->in, "result");
    struct bytes reason = given(run, "reason");
    wxpay_message *reply = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status code = cJSON_IsNumber(result) ? (wxpay_status)result->valuedouble : 0;
    if (!MADE(reply, wxpay_notify_reply(code, reason.data, reason.len, &reply, &error))) return;
    wants_number(run, "http_status", wxpay_message_status(reply));
    wants_body(run, reply);
    wants_text(run, "content_type", wxpay_message_header(reply, "Content-Type", 12));
    wxpay_message_free(reply);
}
