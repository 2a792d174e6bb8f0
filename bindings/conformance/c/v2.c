/* API v2 and PayScore. */
#include <string.h>

#include "runner.h"

static void wants_object(struct run *run, const char *name, const cJSON *found) {
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, name);
    char *shown;
    if (want == NULL || cJSON_Compare(found, want, 1)) return;
    shown = cJSON_PrintUnformatted(found);
    wrong(run, "%s is %s", name, shown ? shown : "nothing");
    cJSON_free(shown);
}

static cJSON *parsed(const wxpay_buf *buf) {
    return cJSON_ParseWithLength((const char *)wxpay_buf_data(buf), wxpay_buf_len(buf));
}

static wxpay_message *prepare(struct run *run, wxpay_client *client, struct bytes path, struct bytes sign_type, struct bytes json) {
    wxpay_message *out = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    return MADE(out, wxpay_v2_prepare(client, path.data, path.len, sign_type.data, sign_type.len, json.data, json.len, &out, &error)) ? out : NULL;
}

/* The verdict is read whatever the status is. */
static void check(struct run *run, wxpay_client *client, const wxpay_message *request, wxpay_message *response) {
    wxpay_buf *json = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    cJSON *fields;
    if (MADE(json, wxpay_v2_check(client, request, response, &json, &error))) {
        fields = parsed(json);
        wants_object(run, "fields", fields);
        cJSON_Delete(fields);
        wxpay_buf_free(json);
    }
}

void run_v2_sign(struct run *run) {
    struct bytes sign_type = given(run, "sign_type"), json = given(run, "json");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    if (client == NULL || !MADE(out, wxpay_v2_sign(client, sign_type.data, sign_type.len, json.data, json.len, &out, &error))) return;
    wants_buf(run, "signature", out);
    wxpay_buf_free(out);
}

void run_v2_prepare(struct run *run) {
    wxpay_client *client = client_of(run, 0);
    wxpay_message *out = client ? prepare(run, client, given(run, "path"), given(run, "sign_type"), given(run, "json")) : NULL;
    wxpay_message *sent = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    if (out == NULL) return;
    wants_text(run, "method", wxpay_message_method(out));
    wants_text(run, "url", wxpay_message_url(out));
    wants_text(run, "content_type", wxpay_message_header(out, "Content-Type", 12));
    if (MADE(sent, wxpay_message_new_response(200, (const char *)wxpay_message_body(out), wxpay_message_body_len(out), &sent, &error))) {
        check(run, client, NULL, sent);
        wxpay_message_free(sent);
    }
    wxpay_message_free(out);
}

void run_v2_check(struct run *run) {
    const cJSON *asked = cJSON_GetObjectItemCaseSensitive(run->in, "request");
    wxpay_client *client = client_of(run, 0);
    wxpay_message *request = NULL, *response;
    if (client == NULL) return;
    if (asked != NULL) {
        request = prepare(run, client, value(cJSON_GetObjectItemCaseSensitive(asked, "path")), value(cJSON_GetObjectItemCaseSensitive(asked, "sign_type")),
                          value(cJSON_GetObjectItemCaseSensitive(asked, "json")));
        if (request == NULL) return;
    }
    response = response_of(run, NULL);
    if (response != NULL) {
        check(run, client, request, response);
        wants_number(run, "verified", wxpay_message_verified(response));
    }
    wxpay_message_free(response);
    wxpay_message_free(request);
}

void run_v2_refund_open(struct run *run) {
    struct bytes req_info = given(run, "req_info");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    cJSON *opened;
    if (client == NULL || !MADE(out, wxpay_v2_refund_open(client, req_info.data, req_info.len, &out, &error))) return;
    opened = parsed(out);
    if (cJSON_GetArraySize(opened) != 2 || !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(opened, "authenticated")))
        wrong(run, "it is %s", (const char *)wxpay_buf_data(out));
    wants_object(run, "refund", cJSON_GetObjectItemCaseSensitive(opened, "refund"));
    cJSON_Delete(opened);
    wxpay_buf_free(out);
}

void run_v2_reply(struct run *run) {
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(run->in, "result");
    struct bytes reason = given(run, "reason");
    wxpay_message *reply = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status code = cJSON_IsNumber(result) ? (wxpay_status)result->valuedouble : 0;
    if (!MADE(reply, wxpay_v2_reply(code, reason.data, reason.len, &reply, &error))) return;
    wants_number(run, "http_status", wxpay_message_status(reply));
    wants_bytes(run, "body", wxpay_message_body(reply), wxpay_message_body_len(reply));
    wants_text(run, "content_type", wxpay_message_header(reply, "Content-Type", 12));
    wxpay_message_free(reply);
}

void run_pay_score(struct run *run) {
    struct bytes package = given(run, "package");
    wxpay_buf *out = POISON(wxpay_buf), *again = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    cJSON *members, *nonce, *sign;
    if (client == NULL || !MADE(out, wxpay_pay_score(client, package.data, package.len, run->now, &out, &error))) return;
    error = POISON(wxpay_error);
    if (MADE(again, wxpay_v2_sign(client, "HMAC-SHA256", 11, (const char *)wxpay_buf_data(out), wxpay_buf_len(out), &again, &error))) {
        members = parsed(out);
        nonce = cJSON_DetachItemFromObjectCaseSensitive(members, "nonce_str");
        sign = cJSON_DetachItemFromObjectCaseSensitive(members, "sign");
        if (!cJSON_IsString(sign) || strcmp(sign->valuestring, (const char *)wxpay_buf_data(again)) != 0) wrong(run, "the sign is another");
        if (!cJSON_IsString(nonce) || strlen(nonce->valuestring) != 32) wrong(run, "nonce_str is another");
        wants_object(run, "members", members);
        cJSON_Delete(nonce);
        cJSON_Delete(sign);
        cJSON_Delete(members);
        wxpay_buf_free(again);
    }
    wxpay_buf_free(out);
}
