/* Parameters of front ends. */
#include <string.h>

#include "runner.h"

/* Exactly the members wanted, and nonce and signature. */
static void parameters(struct run *run, const wxpay_buf *out, const wxpay_buf *to_sign) {
    cJSON *found = cJSON_Parse((const char *)wxpay_buf_data(out));
    const char *nonce_name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(run->want, "nonce_member"));
    const char *signature_name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(run->want, "signature_member"));
    if (nonce_name != NULL && signature_name != NULL) { /* else the status is not as wanted */
        cJSON *nonce = cJSON_DetachItemFromObjectCaseSensitive(found, nonce_name);
        cJSON *signature = cJSON_DetachItemFromObjectCaseSensitive(found, signature_name);
        if (!cJSON_Compare(found, cJSON_GetObjectItemCaseSensitive(run->want, "members"), 1))
            wrong(run, "the members are %s", (const char *)wxpay_buf_data(out));
        if (cJSON_IsString(nonce) && cJSON_IsString(signature))
            check_signed(run, run->want, nonce->valuestring, signature->valuestring, to_sign);
        else
            wrong(run, "nonce or signature is missing");
        cJSON_Delete(nonce);
        cJSON_Delete(signature);
    }
    cJSON_Delete(found);
}

void run_pay(struct run *run) {
    struct bytes appid = given(run, "appid"), prepay_id = given(run, "prepay_id");
    const char *kind = word(run, "kind");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_status status;
    if (client == NULL) return;
    if (strcmp(kind, "jsapi") == 0)
        status = wxpay_pay_jsapi(client, appid.data, appid.len, prepay_id.data, prepay_id.len, run->now, &out, &error);
    else if (strcmp(kind, "mini_program") == 0)
        status = wxpay_pay_mini_program(client, appid.data, appid.len, prepay_id.data, prepay_id.len, run->now, &out, &error);
    else if (strcmp(kind, "app") == 0)
        status = wxpay_pay_app(client, appid.data, appid.len, prepay_id.data, prepay_id.len, run->now, &out, &error);
    else {
        wrong(run, "kind %s", kind);
        return;
    }
    if (!made(run, status, error, out)) return;
    parameters(run, out, NULL);
    wxpay_buf_free(out);
}

void run_pay_unsigned(struct run *run) {
    struct bytes appid = given(run, "appid"), prepay_id = given(run, "prepay_id");
    const char *kind = word(run, "kind");
    wxpay_buf *params = POISON(wxpay_buf), *to_sign = POISON(wxpay_buf), *digest = POISON(wxpay_buf), *out = POISON(wxpay_buf), *signature;
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_status status;
    if (client == NULL) return;
    status = wxpay_pay_unsigned(client, kind, strlen(kind), appid.data, appid.len, prepay_id.data, prepay_id.len, run->now, &params, &to_sign, &digest, &error);
    if ((to_sign == NULL) != (params == NULL) || (digest == NULL) != (params == NULL)) wrong(run, "one of three out parameters is empty");
    if (!made(run, status, error, params)) return;
    if (wxpay_buf_len(digest) != 32) wrong(run, "the digest has %d bytes", (int)wxpay_buf_len(digest));
    signature = signed_by(run, given(run, "sign_key"), (const char *)wxpay_buf_data(to_sign), wxpay_buf_len(to_sign));
    if (signature != NULL) {
        error = POISON(wxpay_error);
        status = wxpay_pay_attach((const char *)wxpay_buf_data(params), wxpay_buf_len(params), (const char *)wxpay_buf_data(signature), wxpay_buf_len(signature), &out, &error);
        if (made(run, status, error, out)) {
            parameters(run, out, to_sign);
            wxpay_buf_free(out);
        }
    }
    wxpay_buf_free(signature);
    wxpay_buf_free(params);
    wxpay_buf_free(to_sign);
    wxpay_buf_free(digest);
}

void run_pay_h5_url(struct run *run) {
    struct bytes h5_url = given(run, "h5_url"), redirect_url = given(run, "redirect_url");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_pay_h5_url(h5_url.data, h5_url.len, redirect_url.data, redirect_url.len, &out, &error);
    if (!made(run, status, error, out)) return;
    wants_buf(run, "url", out);
    wxpay_buf_free(out);
}
