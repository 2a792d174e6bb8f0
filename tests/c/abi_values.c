/* The C ABI's values of one merchant: parameters for front ends, sensitive fields, reports. */

#include <wxpay.h>

#include "abi_client.h"

/* sign_message: appId, timeStamp, nonceStr and the last line, each ended by LF. */
static NOINLINE void signed_over(const char *json, const char *nonce_name, const char *time_name, const char *sign_name, const char *last)
{
    char nonce[128], timestamp[32], signature[512], lines[512];
    member(json, nonce_name, nonce, sizeof nonce);
    snprintf(lines, sizeof lines, "wx1\n%s\n%s\n%s\n", member(json, time_name, timestamp, sizeof timestamp), nonce, last);
    CHECK_TEXT(timestamp, "1554208460");
    member(json, sign_name, signature, sizeof signature);
    FINE(wxpay_verify(key, S(lines), S(signature), &err));
}

static NOINLINE void front_ends_get_the_whole_object(void)
{
    wxpay_buf *out = NULL, *to_sign = NULL, *digest = NULL, *signature = NULL, *params = NULL;
    FINE(wxpay_pay_jsapi(client, S("wx1"), S("wx2014"), 1554208460, &out, &err));
    CHECK_PART(buf_string(out), "\"appId\":\"wx1\"");
    CHECK_PART(buf_string(out), "\"package\":\"prepay_id=wx2014\"");
    CHECK_PART(buf_string(out), "\"signType\":\"RSA\"");
    signed_over(buf_string(out), "nonceStr", "timeStamp", "paySign", "prepay_id=wx2014");
    wxpay_buf_free(out);
    FINE(wxpay_pay_mini_program(client, S("wx1"), S("wx2014"), 1554208460, &out, &err));
    CHECK(strstr(buf_string(out), "appId") == NULL);
    signed_over(buf_string(out), "nonceStr", "timeStamp", "paySign", "prepay_id=wx2014");
    wxpay_buf_free(out);
    FINE(wxpay_pay_app(client, S("wx1"), S("wx2014"), 1554208460, &out, &err));
    CHECK_PART(buf_string(out), "\"package\":\"Sign=WXPay\"");
    CHECK_PART(buf_string(out), "\"partnerid\":\"SIM");
    CHECK_PART(buf_string(out), "\"prepayid\":\"wx2014\"");
    signed_over(buf_string(out), "noncestr", "timestamp", "sign", "wx2014");
    wxpay_buf_free(out);
    REFUSED(wxpay_pay_jsapi(client, S("wx1"), S("prepay_id=wx2014"), 0, &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "bare id");
    REFUSED(wxpay_pay_jsapi(client, S("wx1\n"), S("wx2014"), 0, &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "appid");
    CHECK(out == NULL);

    FINE(wxpay_pay_unsigned(client, S("jsapi"), S("wx1"), S("wx2014"), 1554208460, &params, &to_sign, &digest, &err));
    CHECK(strstr(buf_string(params), "paySign") == NULL);
    CHECK_NUMBER(wxpay_buf_len(digest), 32);
    FINE(wxpay_sign(key, buf_string(to_sign), wxpay_buf_len(to_sign), &signature, &err));
    FINE(wxpay_pay_attach(S(buf_string(params)), S(buf_string(signature)), &out, &err));
    signed_over(buf_string(out), "nonceStr", "timeStamp", "paySign", "prepay_id=wx2014");
    wxpay_buf_free(params);
    wxpay_buf_free(to_sign);
    wxpay_buf_free(digest);
    REFUSED(wxpay_pay_attach(S(buf_string(out)), S(buf_string(signature)), &params, &err), WXPAY_STATUS_INVALID_ARGUMENT, "unsigned");
    REFUSED(wxpay_pay_attach(S("[]"), S(buf_string(signature)), &params, &err), WXPAY_STATUS_MALFORMED_JSON, "object");
    wxpay_buf_free(out);
    wxpay_buf_free(signature);
    REFUSED(wxpay_pay_unsigned(client, S("h5"), S("wx1"), S("wx2"), 0, &params, NULL, NULL, &err), WXPAY_STATUS_INVALID_ARGUMENT, "mini_program");

    FINE(wxpay_pay_h5_url(S("https://wx.tenpay.com/c?prepay_id=1"), S("https://a.example/b?c=d"), &out, &err));
    BUF_IS(out, "https://wx.tenpay.com/c?prepay_id=1&redirect_url=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd");
    FINE(wxpay_pay_h5_url(S("https://wx.tenpay.com/c"), NULL, 0, &out, &err));
    BUF_IS(out, "https://wx.tenpay.com/c");
    REFUSED(wxpay_pay_h5_url(S("https://wx.tenpay.com/c"), S("javascript:alert(1)"), &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "redirect_url");
    REFUSED(wxpay_pay_h5_url(S("http://wx.tenpay.com/c"), NULL, 0, &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "h5_url");
}

static NOINLINE void sensitive_values_come_back(void)
{
    char *pem = file_beside(merchant_json, "apiclient_cert.pem");
    wxpay_key *cert = NULL;
    wxpay_buf *ciphertext = NULL, *used = NULL, *plain = NULL;
    FINE(wxpay_client_encrypt(client, NULL, 0, S("13800138000"), &ciphertext, &used, &err));
    CHECK_PART(buf_string(used), "PUB_KEY_ID_SIM");
    /* 256 bytes of RSA-2048 are 344 characters. */
    CHECK_NUMBER(wxpay_buf_len(ciphertext), 344);
    REFUSED(wxpay_client_decrypt(client, S(buf_string(ciphertext)), &plain, &err), WXPAY_STATUS_DECRYPT_FAILED, "");
    wxpay_buf_free(ciphertext);
    wxpay_buf_free(used);
    FINE(wxpay_key_load(S(pem), NULL, 0, &cert, &err));
    FINE(wxpay_oaep_encrypt(cert, S("13800138000"), &ciphertext, &err));
    FINE(wxpay_client_decrypt(client, S(buf_string(ciphertext)), &plain, &err));
    BUF_IS(plain, "13800138000");
    wxpay_buf_free(ciphertext);
    wxpay_key_free(cert);
    free(pem);
    REFUSED(wxpay_client_encrypt(client, S("PUB_KEY_ID_NOBODY"), S("x"), &ciphertext, NULL, &err), WXPAY_STATUS_SERIAL_UNKNOWN, "PUB_KEY_ID_NOBODY");
}

static NOINLINE void reports_hold_no_secret(void)
{
    char *merchant = file_beside(merchant_json, "merchant.json");
    char v3_key[64], v2_key[64];
    wxpay_message *request = NULL, *prepared = NULL;
    wxpay_buf *out = NULL;
    int i;
    member(merchant, "api_v3_key", v3_key, sizeof v3_key);
    member(merchant, "api_v2_key", v2_key, sizeof v2_key);
    FINE(wxpay_message_new_request(S("POST"), S("/v3/a"), S("{}"), &request, &err));
    FINE(wxpay_client_prepare(client, request, 0, &prepared, &err));
    for (i = 0; i < 3; i++) {
        if (i < 2)
            FINE(wxpay_explain_request(client, i == 0 ? request : prepared, &out, &err));
        else
            FINE(wxpay_client_info(client, &out, &err));
        CHECK(wxpay_buf_data(out)[0] == '{');
        CHECK(strstr(buf_string(out), v3_key) == NULL);
        CHECK(strstr(buf_string(out), v2_key) == NULL);
        CHECK(strstr(buf_string(out), "PRIVATE KEY") == NULL);
        CHECK(strstr(buf_string(out), "signature=") == NULL);
        if (i == 0)
            CHECK_PART(buf_string(out), "POST\\n/v3/a\\n");
        if (i == 1)
            CHECK_PART(buf_string(out), "<redacted>");
        wxpay_buf_free(out);
    }
    wxpay_message_free(request);
    wxpay_message_free(prepared);
    free(merchant);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    merchant_json = argv[1];
    make_client();
    front_ends_get_the_whole_object();
    sensitive_values_come_back();
    reports_hold_no_secret();
    wxpay_client_free(client);
    wxpay_key_free(key);
    return checks_done("abi_values");
}
