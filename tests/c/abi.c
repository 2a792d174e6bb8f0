/* The C ABI without a client: what the header's five sentences promise, statuses, errors,
 * buffers, messages, configuration, keys and primitives. */

#include <wxpay.h>

#include "abi.h"

static wxpay_error *err = POISON(wxpay_error);

static NOINLINE void versions_and_statuses(void)
{
    char text[32];
    CHECK_NUMBER(wxpay_abi_version(), (WXPAY_VERSION_MAJOR << 16) | WXPAY_VERSION_MINOR);
    CHECK_TEXT(wxpay_version(), WXPAY_VERSION);
    snprintf(text, sizeof text, "%d.%d.%d", WXPAY_VERSION_MAJOR, WXPAY_VERSION_MINOR, WXPAY_VERSION_PATCH);
    CHECK_TEXT(WXPAY_VERSION, text);
    CHECK_PART(wxpay_build_info(), "\"version\"");
    CHECK_PART(wxpay_build_info(), WXPAY_VERSION);
    CHECK(wxpay_build_info() == wxpay_build_info());
    FINE(wxpay_selftest(&err));
    CHECK_NUMBER(wxpay_selftest(NULL), 0);

    CHECK_TEXT(wxpay_status_name(WXPAY_STATUS_OK), "OK");
    CHECK_TEXT(wxpay_status_name(201), "SIGNATURE_INVALID");
    CHECK_TEXT(wxpay_status_name(WXPAY_STATUS_INTERNAL), "INTERNAL");
    CHECK_TEXT(wxpay_status_name(7), "UNKNOWN");
    CHECK_TEXT(wxpay_status_name(-1), "UNKNOWN");
    CHECK_TEXT(wxpay_status_text(201, WXPAY_LANG_EN), "the signature does not match the bytes received");
    /* "yan qian shi bai", as WeChat Pay's own documents call it. */
    CHECK_PART(wxpay_status_text(201, WXPAY_LANG_ZH), "\xe9\xaa\x8c\xe7\xad\xbe\xe5\xa4\xb1\xe8\xb4\xa5");
    CHECK_TEXT(wxpay_status_text(302, 9), "the deadline passed");
    CHECK_TEXT(wxpay_status_text(7, WXPAY_LANG_EN), "unknown status");
    CHECK(wxpay_status_name(300) == wxpay_status_name(300));
}

static NOINLINE void no_error_is_unknown(void)
{
    CHECK_NUMBER(WXPAY_OUTCOME_UNKNOWN, 0);
    CHECK_NUMBER(wxpay_error_outcome(NULL), WXPAY_OUTCOME_UNKNOWN);
    CHECK_NUMBER(wxpay_error_status(NULL), 0);
    CHECK_NUMBER(wxpay_error_retryable(NULL), 0);
    CHECK_NUMBER(wxpay_error_retry_after_s(NULL), -1);
    CHECK_NUMBER(wxpay_error_http_status(NULL), 0);
    CHECK_TEXT(wxpay_error_message(NULL), "");
    CHECK_TEXT(wxpay_error_hint(NULL), "");
    CHECK_TEXT(wxpay_error_api_code(NULL), "");
    CHECK_TEXT(wxpay_error_api_message(NULL), "");
    CHECK_TEXT(wxpay_error_request_id(NULL), "");
    CHECK_TEXT(wxpay_error_json(NULL), "");
    CHECK(wxpay_error_request(NULL) == NULL);
    CHECK(wxpay_error_response(NULL) == NULL);
    wxpay_error_free(NULL);
    CHECK(wxpay_buf_data(NULL) == NULL);
    CHECK_NUMBER(wxpay_buf_len(NULL), 0);
    wxpay_buf_free(NULL);
}

/* Sentence 4: outputs are overwritten unread, NULL on failure. */
static NOINLINE void outputs_are_overwritten(void)
{
    wxpay_message *message = POISON(wxpay_message);
    wxpay_buf *buf = POISON(wxpay_buf);
    wxpay_key *key = POISON(wxpay_key);
    err = POISON(wxpay_error);
    REFUSED(wxpay_message_new_request(S("FETCH"), S("/v3/x"), NULL, 0, &message, &err), WXPAY_STATUS_INVALID_ARGUMENT, "FETCH");
    CHECK(message == NULL);
    message = POISON(wxpay_message);
    CHECK_NUMBER(wxpay_message_new_request(S("FETCH"), S("/v3/x"), NULL, 0, &message, NULL), WXPAY_STATUS_INVALID_ARGUMENT);
    CHECK(message == NULL);
    REFUSED(wxpay_message_new_request(S("GET"), S("/v3/x"), NULL, 0, NULL, &err), WXPAY_STATUS_NULL_ARGUMENT, "out is NULL");
    REFUSED(wxpay_canonical_response(S("1"), S("n"), NULL, 9, &buf, &err), WXPAY_STATUS_NULL_ARGUMENT, "body is NULL with a length of 9");
    CHECK(buf == NULL);
    REFUSED(wxpay_canonical_response(S("1"), "n", SIZE_MAX, NULL, 0, &buf, &err), WXPAY_STATUS_INVALID_ARGUMENT, "nonce has a length of");
    REFUSED(wxpay_canonical_response(S("1"), "\xff", 1, NULL, 0, &buf, &err), WXPAY_STATUS_INVALID_UTF8, "nonce is not UTF-8 from byte 0");
    REFUSED(wxpay_key_load(S("nonsense"), NULL, 0, &key, &err), WXPAY_STATUS_KEY_FORMAT, "neither PEM");
    CHECK(key == NULL);
    FINE(wxpay_message_new_request(S("GET"), S("/v3/x"), NULL, 0, &message, &err));
    CHECK(message != NULL);
    wxpay_message_free(message);
}

static NOINLINE void wrong_handles_are_told_apart(void)
{
    wxpay_config *config = NULL;
    wxpay_message *message = NULL;
    wxpay_buf *buf = NULL;
    const wxpay_message *as_message;
    static uint64_t foreign[8];
    FINE(wxpay_config_new(&config, &err));
    FINE(wxpay_message_new_response(200, S("body"), &message, &err));
    as_message = (const wxpay_message *)(const void *)config;
    CHECK_TEXT(wxpay_message_method(as_message), "");
    CHECK_NUMBER(wxpay_message_status(as_message), 0);
    CHECK_NUMBER(wxpay_message_header_count(as_message), 0);
    CHECK(wxpay_message_body(as_message) == NULL);
    CHECK(wxpay_message_header(as_message, S("Date")) == NULL);
    CHECK_TEXT(wxpay_notify_id((const wxpay_notify *)(const void *)config), "");
    CHECK_NUMBER(wxpay_error_outcome((const wxpay_error *)(const void *)message), 0);
    CHECK(wxpay_buf_data((const wxpay_buf *)(const void *)message) == NULL);
    REFUSED(wxpay_config_check((const wxpay_config *)(const void *)message, 0, &buf, &err), WXPAY_STATUS_INVALID_ARGUMENT, "config is not a wxpay_config");
    REFUSED(wxpay_config_check(NULL, 0, &buf, &err), WXPAY_STATUS_NULL_ARGUMENT, "it must be a wxpay_config");
    /* Not an object at all, and not where one can be. */
    CHECK_TEXT(wxpay_message_method((const wxpay_message *)(const void *)foreign), "");
    CHECK_TEXT(wxpay_message_method((const wxpay_message *)(const void *)((const char *)message + 1)), "");
    REFUSED(wxpay_message_add_header((wxpay_message *)(void *)foreign, S("A"), S("b"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "message is not a wxpay_message");
    wxpay_message_free((wxpay_message *)(void *)foreign);
    wxpay_message_free((wxpay_message *)(void *)config);
    wxpay_buf_free((wxpay_buf *)(void *)message);
    CHECK_NUMBER(wxpay_message_body_len(message), 4);
    FINE(wxpay_config_set(config, S("mchid"), S("1900000001"), &err));
    wxpay_message_free(message);
    wxpay_config_free(config);
}

static NOINLINE void messages_keep_what_they_were_given(void)
{
    wxpay_message *request = NULL, *response = NULL;
    char body[] = "{\"a\":1}";
    FINE(wxpay_message_new_request(S("POST"), S("/v3/pay/transactions/native?a=%20"), S(body), &request, &err));
    memset(body, 'x', sizeof body - 1);
    CHECK_TEXT(wxpay_message_method(request), "POST");
    CHECK_TEXT(wxpay_message_url(request), "/v3/pay/transactions/native?a=%20");
    CHECK_NUMBER(wxpay_message_body_len(request), 7);
    CHECK(memcmp(wxpay_message_body(request), "{\"a\":1}", 7) == 0);
    CHECK_NUMBER(wxpay_message_status(request), 0);
    CHECK_NUMBER(wxpay_message_verified(request), WXPAY_VERIFIED_NOT_CHECKED);
    CHECK_TEXT(wxpay_message_trace(request), "");

    FINE(wxpay_message_add_header(request, S("X-Trace"), S("t-1"), &err));
    CHECK_TEXT(wxpay_message_header(request, S("x-trace")), "t-1");
    REFUSED(wxpay_message_add_header(request, S("Authorization"), S("x"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "Authorization");
    REFUSED(wxpay_message_add_header(request, S("X-Trace"), S("a\r\nX-Evil: 1"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "0x0D");
    REFUSED(wxpay_message_add_header(request, S("X Trace"), S("a"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "X Trace");
    CHECK(wxpay_message_header(request, S("X-Evil")) == NULL);

    FINE(wxpay_message_set(request, S("timeout_ms"), S("1500"), &err));
    FINE(wxpay_message_set(request, S("timeout_ms"), NULL, 0, &err));
    FINE(wxpay_message_set(request, S("idempotent"), S("1"), &err));
    FINE(wxpay_message_set(request, S("key_id"), S("PUB_KEY_ID_0001"), &err));
    REFUSED(wxpay_message_set(request, S("timeout_ms"), S("0"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "timeout_ms");
    REFUSED(wxpay_message_set(request, S("timeout_ms"), S("3600001"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "timeout_ms");
    REFUSED(wxpay_message_set(request, S("timeout"), S("1"), &err), WXPAY_STATUS_CONFIG_UNKNOWN_KEY, "timeout_ms");
    wxpay_message_cancel(request);
    wxpay_message_cancel(NULL);

    FINE(wxpay_message_new_response(404, S(""), &response, &err));
    FINE(wxpay_message_add_header_block(response, S("HTTP/1.1 404 Not Found\r\nA: 1\r\nb: two \r\nA: 3\r\nHTTP_REQUEST_ID: r-1\r\n\r\n"), &err));
    CHECK_NUMBER(wxpay_message_status(response), 404);
    CHECK_NUMBER(wxpay_message_header_count(response), 4);
    CHECK_TEXT(wxpay_message_header_name(response, 1), "b");
    CHECK_TEXT(wxpay_message_header_value(response, 1), "two");
    CHECK_TEXT(wxpay_message_header_value(response, 2), "3");
    CHECK_TEXT(wxpay_message_header(response, S("a")), "1");
    CHECK_TEXT(wxpay_message_header(response, S("Request-ID")), "r-1");
    CHECK(wxpay_message_header_name(response, 4) == NULL);
    CHECK(wxpay_message_header_value(response, SIZE_MAX) == NULL);
    CHECK(wxpay_message_header(response, S("absent")) == NULL);
    CHECK(wxpay_message_body_len(response) == 0 && *wxpay_message_body(response) == 0);
    CHECK_TEXT(wxpay_message_method(response), "");
    wxpay_message_free(request);
    wxpay_message_free(response);
    REFUSED(wxpay_message_new_response(99, NULL, 0, &response, &err), WXPAY_STATUS_INVALID_ARGUMENT, "99");
    REFUSED(wxpay_message_new_request(S("GET"), S("/v3/\xe5\xbe\xae"), NULL, 0, &request, &err), WXPAY_STATUS_URL_REFUSED, "percent");
}

static NOINLINE void configuration_says_what_is_wrong(void)
{
    wxpay_config *config = NULL;
    wxpay_client *client = POISON(wxpay_client);
    wxpay_buf *report = NULL;
    FINE(wxpay_config_new(&config, &err));
    REFUSED(wxpay_config_set(config, S("mch_id"), S("1900000001"), &err), WXPAY_STATUS_CONFIG_UNKNOWN_KEY, "the nearest is mchid");
    REFUSED(wxpay_config_set(config, S("apiv3_key"), S("x"), &err), WXPAY_STATUS_CONFIG_UNKNOWN_KEY, "the nearest is api_v3_key");
    REFUSED(wxpay_config_set(config, S("api_v3_key"), S("0123456789abcdef0123456789abcde"), &err), WXPAY_STATUS_API_KEY_LENGTH, "31");
    REFUSED(wxpay_config_set(config, S("merchant_serial"), S("not hex"), &err), WXPAY_STATUS_SERIAL_FORMAT, "merchant_serial");
    REFUSED(wxpay_config_set(config, S("mchid"), S("19\r\n"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "mchid");
    REFUSED(wxpay_config_load_json(config, S("[1]"), &err), WXPAY_STATUS_MALFORMED_JSON, "object");
    REFUSED(wxpay_config_load_json(config, S("{\"mchid\": \"1900000001\", \"mch_id\": \"x\"}"), &err), WXPAY_STATUS_CONFIG_UNKNOWN_KEY, "mchid");
    REFUSED(wxpay_config_load_env(config, S("HTTP_"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "HTTP_");
    REFUSED(wxpay_client_new(config, &client, &err), WXPAY_STATUS_CONFIG_INCOMPLETE, "mchid");
    CHECK(client == NULL);
    FINE(wxpay_config_load_json(config, S("{\"mchid\": \"1900000001\", \"_note\": {}}"), &err));
    FINE(wxpay_config_load_env(config, S("WXPAY_NOBODY_SETS_"), &err));
    FINE(wxpay_config_check(config, 0, &report, &err));
    CHECK_PART(buf_string(report), "\"status\":");
    CHECK_PART(buf_string(report), "private_key");
    wxpay_buf_free(report);
    REFUSED(wxpay_config_check(config, 1700000000000LL, &report, &err), WXPAY_STATUS_INVALID_ARGUMENT, "milliseconds");
    CHECK(report == NULL);
    wxpay_config_free(config);
    wxpay_config_free(NULL);
}

static NOINLINE void canonical_strings_have_their_lines(void)
{
    wxpay_buf *out = NULL;
    /* The example of WeChat Pay's own documentation of request signing. */
    FINE(wxpay_canonical_request(S("GET"), S("/v3/certificates"), S("1554208460"), S("593BEC0C930BF1AFEB40B4A08C8FB242"), NULL, 0, &out, &err));
    BUF_IS(out, "GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n");
    FINE(wxpay_canonical_request(S("POST"), S("https://api.mch.weixin.qq.com/v3/a?b=c"), S("1"), S("n"), S("{\n}"), &out, &err));
    BUF_IS(out, "POST\n/v3/a?b=c\n1\nn\n{\n}\n");
    FINE(wxpay_canonical_response(S("1554209980"), S("c5ac7061fccab6bf3e254dcf98995b8c"), S("{\"data\":[]}"), &out, &err));
    BUF_IS(out, "1554209980\nc5ac7061fccab6bf3e254dcf98995b8c\n{\"data\":[]}\n");
    REFUSED(wxpay_canonical_request(S("GET"), S("/v3/x"), S("1\n2"), S("n"), NULL, 0, &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "timestamp");
    REFUSED(wxpay_canonical_request(S("GET"), S("/v3/x"), S("1"), S("n\n"), NULL, 0, &out, &err), WXPAY_STATUS_INVALID_ARGUMENT, "nonce");
    CHECK(out == NULL);
}

static NOINLINE void keys_sign_as_openssl_does(const char *merchant)
{
    char *key_pem = file_beside(merchant, "apiclient_key.pem"), *cert_pem = file_beside(merchant, "apiclient_cert.pem");
    char *other_pem = file_beside(merchant, "wechatpay_public_key.pem");
    char *message = file_beside(merchant, "openssl.message"), *signature = file_beside(merchant, "openssl.signature");
    char *serial = file_beside(merchant, "openssl.serial");
    wxpay_key *key = NULL, *cert = NULL, *other = NULL;
    wxpay_buf *out = NULL, *plain = NULL;
    FINE(wxpay_key_load(S(key_pem), NULL, 0, &key, &err));
    FINE(wxpay_key_load(S(cert_pem), NULL, 0, &cert, &err));
    FINE(wxpay_key_load(S(other_pem), NULL, 0, &other, &err));
    FINE(wxpay_sign(key, S(message), &out, &err));
    BUF_IS(out, signature);
    FINE(wxpay_verify(key, S(message), S(signature), &err));
    FINE(wxpay_verify(cert, S(message), S(signature), &err));
    REFUSED(wxpay_verify(other, S(message), S(signature), &err), WXPAY_STATUS_SIGNATURE_INVALID, "");
    REFUSED(wxpay_verify(cert, S("another"), S(signature), &err), WXPAY_STATUS_SIGNATURE_INVALID, "");
    REFUSED(wxpay_sign(cert, S(message), &out, &err), WXPAY_STATUS_WRONG_KEY_ROLE, "private");
    CHECK(out == NULL);
    FINE(wxpay_key_matches_cert(key, S(cert_pem), &err));
    REFUSED(wxpay_key_matches_cert(other, S(cert_pem), &err), WXPAY_STATUS_KEY_CERT_MISMATCH, "");
    FINE(wxpay_key_info(cert, &out, &err));
    CHECK_PART(buf_string(out), "\"kind\":\"certificate\"");
    CHECK_PART(buf_string(out), serial);
    wxpay_buf_free(out);
    FINE(wxpay_key_info(key, &out, &err));
    CHECK_PART(buf_string(out), "\"kind\":\"private_key\"");
    CHECK(strstr(buf_string(out), "PRIVATE KEY") == NULL);
    wxpay_buf_free(out);
    FINE(wxpay_oaep_encrypt(cert, "a\0b", 3, &out, &err));
    FINE(wxpay_oaep_decrypt(key, buf_string(out), wxpay_buf_len(out), &plain, &err));
    buf_is_at(plain, "a\0b", 3, __FILE__, __LINE__);
    REFUSED(wxpay_oaep_decrypt(cert, buf_string(out), wxpay_buf_len(out), &plain, &err), WXPAY_STATUS_WRONG_KEY_ROLE, "private");
    wxpay_buf_free(out);
    REFUSED(wxpay_oaep_encrypt(cert, key_pem, 300, &out, &err), WXPAY_STATUS_ENCRYPT_TOO_LONG, "214");
    /* By Python's cryptography: AESGCM(key).encrypt(b"0123456789ab", b"walk", b"x"). */
    FINE(wxpay_aead_decrypt(S("0123456789abcdef0123456789abcdef"), S("0123456789ab"), S("x"), S("7siLUfXlWjKyKPGC6SOdZ3CtmLw="), &out, &err));
    BUF_IS(out, "walk");
    REFUSED(wxpay_aead_decrypt(S("0123456789abcdef0123456789abcdef"), S("0123456789ab"), S("y"), S("7siLUfXlWjKyKPGC6SOdZ3CtmLw="), &out, &err), WXPAY_STATUS_DECRYPT_FAILED, "");
    CHECK(out == NULL);
    wxpay_key_free(key);
    wxpay_key_free(cert);
    wxpay_key_free(other);
    wxpay_key_free(NULL);
    free(key_pem);
    free(cert_pem);
    free(other_pem);
    free(message);
    free(signature);
    free(serial);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    versions_and_statuses();
    no_error_is_unknown();
    outputs_are_overwritten();
    wrong_handles_are_told_apart();
    messages_keep_what_they_were_given();
    configuration_says_what_is_wrong();
    canonical_strings_have_their_lines();
    keys_sign_as_openssl_does(argv[1]);
    return checks_done("abi");
}
