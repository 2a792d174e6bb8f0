/* The C ABI with a client of the simulator's merchant: prepare and attach, check, notifications,
 * and calls over the network. */

#include <wxpay.h>

#include "abi_client.h"

static NOINLINE void a_client_is_refused_with_the_reason(void)
{
    char *pem = file_beside(merchant_json, "apiclient_key.pem"), *merchant = file_beside(merchant_json, "merchant.json");
    wxpay_config *config = NULL;
    wxpay_client *refused = POISON(wxpay_client);
    FINE(wxpay_config_new(&config, &err));
    FINE(wxpay_config_load_json(config, S(merchant), &err));
    FINE(wxpay_config_set(config, S("private_key"), S(pem), &err));
    REFUSED(wxpay_client_new(config, &refused, &err), WXPAY_STATUS_CONFIG_CONFLICT, "private_key_file");
    CHECK(refused == NULL);
    FINE(wxpay_config_set(config, S("private_key"), NULL, 0, &err));
    FINE(wxpay_config_set(config, S("private_key_file"), S("/nowhere/key.pem"), &err));
    REFUSED(wxpay_client_new(config, &refused, &err), WXPAY_STATUS_FILE_UNREADABLE, "/nowhere/key.pem");
    wxpay_config_free(config);
    free(pem);
    free(merchant);
}

/* What a transport of the caller's own received, by way of the getters. */
static wxpay_message *received_again(const wxpay_message *response, const char *body)
{
    wxpay_message *again = NULL;
    size_t i;
    FINE(wxpay_message_new_response(wxpay_message_status(response), S(body), &again, &err));
    for (i = 0; i < wxpay_message_header_count(response); i++)
        FINE(wxpay_message_add_header(again, S(wxpay_message_header_name(response, i)), S(wxpay_message_header_value(response, i)), &err));
    return again;
}

static NOINLINE void an_answer_of_another_transport_is_checked(void)
{
    wxpay_message *request = NULL, *prepared = NULL, *response = NULL, *again;
    char *body;
    FINE(wxpay_message_new_request(S("GET"), S("/v3/certificates"), NULL, 0, &request, &err));
    FINE(wxpay_client_prepare(client, request, 0, &prepared, &err));
    FINE(wxpay_client_send(client, prepared, &response, &err));
    body = (char *)calloc(1, wxpay_message_body_len(response) + 1);
    memcpy(body, wxpay_message_body(response), wxpay_message_body_len(response));
    again = received_again(response, body);
    CHECK_NUMBER(wxpay_message_verified(again), WXPAY_VERIFIED_NOT_CHECKED);
    FINE(wxpay_client_check(client, prepared, again, 0, &err));
    CHECK_NUMBER(wxpay_message_verified(again), WXPAY_VERIFIED_SIGNATURE);
    REFUSED(wxpay_client_check(client, prepared, again, 1554208460, &err), WXPAY_STATUS_TIMESTAMP_EXPIRED, "\"outcome\"");
    wxpay_message_free(again);
    body[strlen(body) - 1] ^= 1;
    again = received_again(response, body);
    CHECK_NUMBER(wxpay_client_check(client, prepared, again, 0, &err), WXPAY_STATUS_SIGNATURE_INVALID);
    CHECK_NUMBER(wxpay_error_outcome(err), WXPAY_OUTCOME_DONE_UNVERIFIED);
    CHECK_NUMBER(wxpay_error_retryable(err), 0);
    CHECK_NUMBER(wxpay_message_verified(again), WXPAY_VERIFIED_NOT_CHECKED);
    wxpay_error_free(err);
    err = POISON(wxpay_error);
    wxpay_message_free(again);
    wxpay_message_free(response);
    wxpay_message_free(prepared);
    wxpay_message_free(request);
    free(body);
}

static NOINLINE void a_prepared_request_is_complete(void)
{
    char *serial = file_beside(merchant_json, "openssl.serial");
    wxpay_message *request = NULL, *prepared = NULL;
    const char *authorization;
    FINE(wxpay_message_new_request(S("GET"), S("/v3/certificates"), NULL, 0, &request, &err));
    FINE(wxpay_client_prepare(client, request, 1554208460, &prepared, &err));
    CHECK_TEXT(wxpay_message_url(request), "/v3/certificates");
    CHECK(wxpay_message_header(request, S("Authorization")) == NULL);
    CHECK(strncmp(wxpay_message_url(prepared), "https://127.0.0.1:", 18) == 0);
    CHECK_PART(wxpay_message_url(prepared), "/v3/certificates");
    authorization = wxpay_message_header(prepared, S("authorization"));
    CHECK_PART(authorization, "WECHATPAY2-SHA256-RSA2048 mchid=\"SIM");
    CHECK_PART(authorization, serial);
    CHECK_PART(authorization, "timestamp=\"1554208460\"");
    CHECK_TEXT(wxpay_message_header(prepared, S("Accept")), "application/json");
    CHECK(wxpay_message_header(prepared, S("User-Agent"))[0] != 0);
    CHECK(wxpay_message_header(prepared, S("Host")) == NULL);
    CHECK(wxpay_message_header(prepared, S("Content-Length")) == NULL);
    CHECK_PART(wxpay_message_key_id(prepared), "PUB_KEY_ID_SIM");
    CHECK_TEXT(wxpay_message_header(prepared, S("Wechatpay-Serial")), wxpay_message_key_id(prepared));
    wxpay_message_free(prepared);
    REFUSED(wxpay_client_prepare(client, request, -1, &prepared, &err), WXPAY_STATUS_INVALID_ARGUMENT, "now");
    CHECK(prepared == NULL);
    wxpay_message_free(request);
    FINE(wxpay_message_new_request(S("GET"), S("https://evil.example/v3/x"), NULL, 0, &request, &err));
    REFUSED(wxpay_client_prepare(client, request, 0, &prepared, &err), WXPAY_STATUS_URL_REFUSED, "evil.example");
    wxpay_message_free(request);
    free(serial);
}

static NOINLINE void a_signature_from_outside_is_attached_once(void)
{
    wxpay_message *request = NULL, *message = NULL;
    wxpay_buf *to_sign = NULL, *digest = NULL, *signature = NULL;
    char nonce[256], lines[512];
    const char *authorization;
    FINE(wxpay_message_new_request(S("POST"), S("/v3/a?b=1"), S("{}"), &request, &err));
    FINE(wxpay_client_prepare_unsigned(client, request, 1554208460, &message, &to_sign, &digest, &err));
    CHECK_NUMBER(wxpay_buf_len(digest), 32);
    snprintf(nonce, sizeof nonce, "%.32s", buf_string(to_sign) + strlen("POST\n/v3/a?b=1\n1554208460\n"));
    snprintf(lines, sizeof lines, "POST\n/v3/a?b=1\n1554208460\n%s\n{}\n", nonce);
    CHECK_TEXT(buf_string(to_sign), lines);
    REFUSED(wxpay_message_attach_signature(message, S("short"), &err), WXPAY_STATUS_INVALID_ARGUMENT, "signature");
    FINE(wxpay_sign(key, S(lines), &signature, &err));
    FINE(wxpay_message_attach_signature(message, buf_string(signature), wxpay_buf_len(signature), &err));
    authorization = wxpay_message_header(message, S("Authorization"));
    CHECK_PART(authorization, buf_string(signature));
    CHECK_PART(authorization, nonce);
    REFUSED(wxpay_message_attach_signature(message, buf_string(signature), wxpay_buf_len(signature), &err), WXPAY_STATUS_INVALID_STATE, "already signed");
    REFUSED(wxpay_message_attach_signature(request, buf_string(signature), wxpay_buf_len(signature), &err), WXPAY_STATUS_INVALID_STATE, "prepare_unsigned");
    wxpay_message_free(message);
    wxpay_buf_free(to_sign);
    wxpay_buf_free(digest);
    wxpay_buf_free(signature);
    FINE(wxpay_client_prepare_unsigned(client, request, 0, &message, NULL, NULL, &err));
    wxpay_message_free(message);
    wxpay_message_free(request);
}

static NOINLINE void notifications_open_and_are_answered(void)
{
    /* result of wxpay_notify_open, HTTP status, body, Content-Type */
    static const struct { wxpay_status result; int http; const char *body, *type; } replies[] = {
        {0, 204, "", NULL},
        {WXPAY_STATUS_SIGNATURE_INVALID, 401, "{\"code\":\"FAIL\",\"message\":\"why\"}", "application/json"},
        {WXPAY_STATUS_SIGNATURE_PROBE, 401, "{\"code\":\"FAIL\",\"message\":\"why\"}", "application/json"},
        {299, 401, "{\"code\":\"FAIL\",\"message\":\"why\"}", "application/json"},
        {300, 500, "{\"code\":\"FAIL\",\"message\":\"why\"}", "application/json"},
        {-1, 500, "{\"code\":\"FAIL\",\"message\":\"why\"}", "application/json"},
    };
    char *headers = file_beside(merchant_json, "notify.headers"), *body = file_beside(merchant_json, "notify.body");
    wxpay_message *received = NULL, *reply = NULL;
    wxpay_notify *notify = NULL;
    int64_t late;
    size_t i;
    FINE(wxpay_message_new_response(0, S(body), &received, &err));
    FINE(wxpay_message_add_header_block(received, S(headers), &err));
    FINE(wxpay_notify_open(client, received, 0, &notify, &err));
    CHECK(wxpay_notify_id(notify)[0] != 0);
    CHECK_TEXT(wxpay_notify_resource_type(notify), "encrypt-resource");
    CHECK_PART(wxpay_notify_json(notify), "\"walk-1\"");
    CHECK_PART(wxpay_notify_json(notify), wxpay_notify_id(notify));
    CHECK_PART(wxpay_notify_serial(notify), "PUB_KEY_ID_SIM");
    CHECK(wxpay_notify_plaintext_len(notify) > 10 && wxpay_notify_plaintext(notify)[0] == '{');
    CHECK(wxpay_notify_timestamp(notify) > 1700000000);
    CHECK(strstr(body, "walk-1") == NULL);
    /* A replay after the window, safety.md S12. */
    late = wxpay_notify_timestamp(notify) + 301;
    wxpay_notify_free(notify);
    REFUSED(wxpay_notify_open(client, received, late, &notify, &err), WXPAY_STATUS_TIMESTAMP_EXPIRED, "300");
    CHECK(notify == NULL);
    wxpay_message_free(received);
    body[strlen(body) - 2] ^= 1;
    FINE(wxpay_message_new_response(0, S(body), &received, &err));
    FINE(wxpay_message_add_header_block(received, S(headers), &err));
    REFUSED(wxpay_notify_open(client, received, 0, &notify, &err), WXPAY_STATUS_SIGNATURE_INVALID, "\"outcome\"");
    CHECK(notify == NULL);
    wxpay_message_free(received);
    for (i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        FINE(wxpay_notify_reply(replies[i].result, S("why"), &reply, &err));
        CHECK_NUMBER(wxpay_message_status(reply), replies[i].http);
        CHECK_NUMBER(wxpay_message_body_len(reply), strlen(replies[i].body));
        CHECK(memcmp(wxpay_message_body(reply), replies[i].body, strlen(replies[i].body)) == 0);
        if (replies[i].type != NULL)
            CHECK_TEXT(wxpay_message_header(reply, S("Content-Type")), replies[i].type);
        wxpay_message_free(reply);
    }
    REFUSED(wxpay_notify_reply(500, S("a\r\nb"), &reply, &err), WXPAY_STATUS_INVALID_ARGUMENT, "reason");
    free(headers);
    free(body);
}

static NOINLINE void calls_end_in_an_answer_or_an_error(void)
{
    wxpay_message *response = POISON(wxpay_message), *request = NULL;
    FINE(wxpay_client_warm(client, &err));
    FINE(wxpay_client_call(client, S("GET"), S("/v3/certificates"), NULL, 0, &response, &err));
    CHECK_NUMBER(wxpay_message_status(response), 200);
    CHECK_NUMBER(wxpay_message_verified(response), WXPAY_VERIFIED_SIGNATURE);
    CHECK_PART(wxpay_message_key_id(response), "PUB_KEY_ID_SIM");
    CHECK(wxpay_message_request_id(response)[0] != 0);
    CHECK(wxpay_message_trace(response)[0] == '{');
    FINE(wxpay_client_load_certificates(client, response, 0, &err));
    wxpay_message_free(response);
    response = POISON(wxpay_message);

    /* What an error lends out lives and dies with it. */
    CHECK_NUMBER(wxpay_client_call(client, S("POST"), S("/v3/pay/transactions/native"), S("{}"), &response, &err), WXPAY_STATUS_API_ERROR);
    CHECK(response == NULL);
    CHECK_NUMBER(wxpay_error_outcome(err), WXPAY_OUTCOME_REJECTED);
    CHECK_NUMBER(wxpay_error_http_status(err), 400);
    CHECK_TEXT(wxpay_error_api_code(err), "PARAM_ERROR");
    CHECK(wxpay_error_api_message(err)[0] != 0);
    CHECK(wxpay_error_request_id(err)[0] != 0);
    CHECK(wxpay_error_request(err) != NULL && wxpay_error_response(err) != NULL);
    CHECK_TEXT(wxpay_message_method(wxpay_error_request(err)), "POST");
    CHECK_NUMBER(wxpay_message_status(wxpay_error_response(err)), 400);
    CHECK_NUMBER(wxpay_message_verified(wxpay_error_response(err)), WXPAY_VERIFIED_ERROR_ANSWER);
    CHECK_TEXT(wxpay_message_header(wxpay_error_response(err), S("Request-ID")), wxpay_error_request_id(err));
    CHECK_PART(wxpay_error_json(err), "PARAM_ERROR");
    wxpay_error_free(err);
    err = POISON(wxpay_error);

    /* A cancelled request is not sent, and says so. */
    FINE(wxpay_message_new_request(S("GET"), S("/v3/certificates"), NULL, 0, &request, &err));
    wxpay_message_cancel(request);
    CHECK_NUMBER(wxpay_client_send(client, request, &response, &err), WXPAY_STATUS_CANCELLED);
    CHECK_NUMBER(wxpay_error_outcome(err), WXPAY_OUTCOME_NOT_SENT);
    wxpay_error_free(err);
    err = POISON(wxpay_error);
    wxpay_message_free(request);

    FINE(wxpay_client_certificates_request(client, &request, &err));
    CHECK_TEXT(wxpay_message_url(request), "/v3/certificates");
    wxpay_message_free(request);
    CHECK_NUMBER(wxpay_client_certificates_due(NULL, 0), 0);
    CHECK_NUMBER(wxpay_client_certificates_due(client, -1), 0);
}

/* Sentence 1: in any order. */
static NOINLINE void objects_outlive_their_client(void)
{
    wxpay_message *response = NULL;
    FINE(wxpay_client_call(client, S("GET"), S("/v3/certificates"), NULL, 0, &response, &err));
    wxpay_client_free(client);
    wxpay_client_free(NULL);
    CHECK_NUMBER(wxpay_message_status(response), 200);
    wxpay_message_free(response);
    wxpay_key_free(key);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    merchant_json = argv[1];
    make_client();
    a_client_is_refused_with_the_reason();
    a_prepared_request_is_complete();
    an_answer_of_another_transport_is_checked();
    a_signature_from_outside_is_attached_once();
    notifications_open_and_are_answered();
    calls_end_in_an_answer_or_an_error();
    objects_outlive_their_client();
    return checks_done("abi_client");
}
