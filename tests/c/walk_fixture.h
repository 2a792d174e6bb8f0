/* One live object of every type, and arguments that a function accepts. A new opaque type needs a
 * line in make_live; a new parameter name, where "x" will not do, one in plausible_texts. */

#ifndef WALK_FIXTURE_H
#define WALK_FIXTURE_H

#include <stdlib.h>

#include "check.h"

/* Pointers that are never to be read: outputs are overwritten unread. */
static char poison_place[64];
#define POISON ((void *)poison_place)

struct text {
    char *data;
    size_t len;
};

/* Beside merchant.json, as the simulator writes it, with a notification that it sent. */
static char directory[4096];

static struct text file_text(const char *name)
{
    char path[4200];
    struct text text = {NULL, 0};
    FILE *file;
    long size;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "rb");
    if (!CHECK(file != NULL)) {
        printf("    %s\n", path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text.data = (char *)malloc((size_t)size + 1);
    text.len = fread(text.data, 1, (size_t)size, file);
    text.data[text.len] = 0;
    CHECK_NUMBER(text.len, size);
    fclose(file);
    return text;
}

static struct text buf_text(wxpay_buf *buf)
{
    struct text text = {NULL, 0};
    CHECK(buf != NULL);
    text.len = wxpay_buf_len(buf);
    text.data = (char *)malloc(text.len + 1);
    memcpy(text.data, wxpay_buf_data(buf), text.len + 1);
    wxpay_buf_free(buf);
    return text;
}

static struct text copied(const char *data)
{
    struct text text = {NULL, strlen(data)};
    text.data = (char *)malloc(text.len + 1);
    memcpy(text.data, data, text.len + 1);
    return text;
}

/* The live objects, by type. */
static void *live[T_COUNT];
/* Messages of other kinds than live[T_wxpay_message], which is a request: its answer from the
 * simulator, a notification, a request with a body, the request prepared, and prepared without a
 * signature, an answer with an encrypted field, a request of API v2 and its answer. */
enum { RESPONSE, RECEIVED, WITH_BODY, PREPARED, UNSIGNED, ENCRYPTED, V2_REQUEST, V2_ANSWER, MESSAGES };
static void *messages[MESSAGES];

/* FUNCTION:PARAM or PARAM, and a value that goes through the first checks. */
struct known {
    const char *name;
    struct text text;
};
static struct known known[64];
static size_t known_count;

static void know(const char *name, struct text text)
{
    known[known_count].name = name;
    known[known_count].text = text;
    known_count++;
}

static struct text plausible(const char *function, const char *param)
{
    char both[256];
    struct text x = {(char *)"x", 1};
    size_t i;
    snprintf(both, sizeof both, "%s:%s", function, param);
    for (i = 0; i < known_count; i++)
        if (strcmp(known[i].name, both) == 0)
            return known[i].text;
    for (i = 0; i < known_count; i++)
        if (strcmp(known[i].name, param) == 0)
            return known[i].text;
    return x;
}

#define BILL "a,b\n`1,`2.00\nc,d\n`1,`2.00\n"

static void plausible_texts(void)
{
    /* The ciphertext is "walk" with aad "x", by Python's cryptography. */
    static const char *const texts[][2] = {
        {"method", "GET"},
        {"url", "/v3/certificates"},
        {"body", ""},
        {"wxpay_message_new_response:body", "{}"},
        {"name", "X-Walk"},
        {"value", "1000"},
        {"raw", "X-Walk: 1\r\n\r\n"},
        {"wxpay_message_set:key", "timeout_ms"},
        {"wxpay_config_set:key", "mchid"},
        {"wxpay_aead_decrypt:key", "0123456789abcdef0123456789abcdef"},
        {"wxpay_aead_decrypt:nonce", "0123456789ab"},
        {"wxpay_aead_decrypt:ciphertext_base64", "7siLUfXlWjKyKPGC6SOdZ3CtmLw="},
        {"prefix", "WXPAY_WALK_"},
        {"json", "{\"_note\": \"x\"}"},
        {"timestamp", "1554208460"},
        {"nonce", "593BEC0C930BF1AFEB40B4A08C8FB242"},
        {"reason", "walk"},
        {"key_id", ""},
        {"passphrase", ""},
        {"kind", "jsapi"},
        {"appid", "wxd678efh567hg6787"},
        {"prepay_id", "wx201410272009395522657a690389285100"},
        {"h5_url", "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2016121516420242444321ca0631331346&package=1405458241"},
        {"redirect_url", "https://www.example.com/"},
        {"sign_type", "HMAC-SHA256"},
        {"path", "/pay/unifiedorder"},
        {"host", "127.0.0.1"},
        {"bind_address", "127.0.0.1"},
        {"pointers", "/name"},
        {"filename", "a.png"},
        {"content_type", "image/png"},
        {"meta_json", ""},
        {"wxpay_client_decrypt_fields:pointers", "/reencrypted"},
        {"wxpay_message_new_upload:url", "/v3/merchant/media/upload"},
        {"csv", BILL},
        {"wxpay_v2_sign:json", "{\"a\": \"1\"}"},
    };
    size_t i;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        know(texts[i][0], copied(texts[i][1]));
}

static void *plausible_message(const char *function, const char *param)
{
    if (strncmp(function, "wxpay_v2_", 9) == 0)
        return messages[strcmp(param, "response") == 0 ? V2_ANSWER : V2_REQUEST];
    if (strcmp(function, "wxpay_client_decrypt_fields") == 0)
        return messages[ENCRYPTED];
    if (strcmp(function, "wxpay_client_encrypt_fields") == 0)
        return messages[WITH_BODY];
    if (strcmp(param, "response") == 0)
        return messages[RESPONSE];
    if (strcmp(function, "wxpay_notify_open") == 0)
        return messages[RECEIVED];
    if (strcmp(function, "wxpay_client_check") == 0 || strcmp(function, "wxpay_explain_response") == 0)
        return messages[PREPARED];
    if (strcmp(function, "wxpay_message_attach_signature") == 0)
        return messages[UNSIGNED];
    return live[T_wxpay_message];
}

static void *new_request(void)
{
    wxpay_message *request = NULL;
    CHECK_NUMBER(wxpay_message_new_request("GET", 3, "/v3/certificates", 16, NULL, 0, &request, NULL), 0);
    return request;
}

/* Uploads a bill as an image to the simulator and gives what downloads it. */
static struct text image(const wxpay_client *client)
{
    static const char *const name = "\"media_id\":\"";
    const char *url = "/v3/merchant-service/images/upload", *found;
    wxpay_message *upload = NULL, *answer = NULL;
    wxpay_error *err = NULL;
    char source[1000] = "";
    CHECK_NUMBER(wxpay_message_new_upload(url, strlen(url), NULL, 0, "a.png", 5, NULL, 0, BILL, strlen(BILL), &upload, &err), 0);
    CHECK_NUMBER(wxpay_client_send(client, upload, &answer, &err), 0);
    found = answer == NULL ? NULL : strstr((const char *)wxpay_message_body(answer), name);
    if (CHECK(found != NULL)) {
        found += strlen(name);
        snprintf(source, sizeof source, "{\"download_url\": \"/v3/merchant-service/images/%.*s\"}", (int)strcspn(found, "\""), found);
    }
    wxpay_message_free(upload);
    wxpay_message_free(answer);
    return copied(source);
}

/* An order of API v2 of the merchant's own appid. */
static struct text v2_order(void)
{
    static const char *const name = "\"_appid\": \"";
    struct text merchant = file_text("merchant.json");
    const char *found = strstr(merchant.data, name);
    char order[1000] = "";
    if (CHECK(found != NULL)) {
        found += strlen(name);
        snprintf(order, sizeof order,
            "{\"appid\": \"%.*s\", \"body\": \"x\", \"out_trade_no\": \"walk-v2\", \"total_fee\": 1, \"spbill_create_ip\": \"127.0.0.1\", "
            "\"notify_url\": \"http://127.0.0.1:9/\", \"trade_type\": \"NATIVE\", \"product_id\": \"1\"}",
            (int)strcspn(found, "\""), found);
    }
    free(merchant.data);
    return copied(order);
}

/* A new one for each function that reads it: it takes a connection of its own. */
static void renew_download(void)
{
    struct text source = plausible("", "source");
    wxpay_download *download = NULL;
    wxpay_error *err = NULL;
    wxpay_download_free((wxpay_download *)live[T_wxpay_download]);
    CHECK_NUMBER(wxpay_download_open((wxpay_client *)live[T_wxpay_client], source.data, source.len, &download, &err), 0);
    CHECK(err == NULL);
    live[T_wxpay_download] = download;
}

/* Objects that calls change are made anew for each function. */
static void make_changing(void)
{
    wxpay_message *with_body = NULL, *v2_request = NULL;
    wxpay_client *client = (wxpay_client *)live[T_wxpay_client];
    struct text order;
    struct text merchant = file_text("merchant.json"), headers, body;
    char ca[4200];
    wxpay_config *config = NULL;
    wxpay_message *received = NULL;
    wxpay_error *err = NULL;
    snprintf(ca, sizeof ca, "%s/ca.pem", directory);
    CHECK_NUMBER(wxpay_config_new(&config, &err), 0);
    CHECK_NUMBER(wxpay_config_load_json(config, merchant.data, merchant.len, &err), 0);
    CHECK_NUMBER(wxpay_config_set(config, "extra_ca_file", 13, ca, strlen(ca), &err), 0);
    headers = file_text("notify.headers");
    body = file_text("notify.body");
    CHECK_NUMBER(wxpay_message_new_response(0, body.data, body.len, &received, &err), 0);
    CHECK_NUMBER(wxpay_message_add_header_block(received, headers.data, headers.len, &err), 0);
    CHECK(err == NULL);
    CHECK_NUMBER(wxpay_message_new_request("POST", 4, "/v3/x", 5, "{\"name\":\"x\"}", 12, &with_body, &err), 0);
    messages[WITH_BODY] = with_body;
    /* Not yet when the client itself is made. */
    order = plausible("wxpay_v2_prepare", "json");
    if (client != NULL)
        CHECK_NUMBER(wxpay_v2_prepare(client, "/pay/unifiedorder", 17, NULL, 0, order.data, order.len, &v2_request, &err), 0);
    messages[V2_REQUEST] = v2_request;
    live[T_wxpay_config] = config;
    live[T_wxpay_message] = new_request();
    messages[RECEIVED] = received;
    free(merchant.data);
    free(headers.data);
    free(body.data);
}

static void make_live(void)
{
    struct text key = file_text("apiclient_key.pem"), cert = file_text("apiclient_cert.pem");
    wxpay_client *client = NULL, *none = NULL;
    wxpay_key *loaded = NULL, *certified = NULL;
    wxpay_notify *notify = NULL;
    wxpay_config *empty = NULL;
    wxpay_message *prepared = NULL, *unsign = NULL, *response = NULL;
    wxpay_message *request;
    wxpay_error *err = NULL;
    wxpay_buf *buf = NULL;
    wxpay_message *v2_request = NULL, *v2_answer = NULL, *encrypted = NULL;
    wxpay_bill *bill = NULL;
    struct text source;
    char echo[2000];
    make_changing();
    CHECK_NUMBER(wxpay_client_new((wxpay_config *)live[T_wxpay_config], &client, &err), 0);
    CHECK_NUMBER(wxpay_key_load(key.data, key.len, NULL, 0, &loaded, &err), 0);
    CHECK_NUMBER(wxpay_notify_open(client, (wxpay_message *)messages[RECEIVED], 0, &notify, &err), 0);
    request = (wxpay_message *)live[T_wxpay_message];
    CHECK_NUMBER(wxpay_client_prepare(client, request, 0, &prepared, &err), 0);
    CHECK_NUMBER(wxpay_client_prepare_unsigned(client, request, 0, &unsign, NULL, NULL, &err), 0);
    CHECK_NUMBER(wxpay_client_send(client, request, &response, &err), 0);
    CHECK_NUMBER(wxpay_sign(loaded, "x", 1, &buf, &err), 0);
    know("signature", buf_text(buf));
    know("signature_base64", copied(known[known_count - 1].text.data));
    CHECK_NUMBER(wxpay_key_load(cert.data, cert.len, NULL, 0, &certified, &err), 0);
    CHECK_NUMBER(wxpay_oaep_encrypt(certified, "13800138000", 11, &buf, &err), 0);
    wxpay_key_free(certified);
    know("ciphertext_base64", buf_text(buf));
    CHECK_NUMBER(wxpay_pay_unsigned(client, "jsapi", 5, "wx1", 3, "wx2", 3, 0, &buf, NULL, NULL, &err), 0);
    know("params", buf_text(buf));
    know("pem_or_der", key);
    know("cert", cert);
    CHECK_NUMBER(wxpay_client_encrypt(client, NULL, 0, "x", 1, &buf, NULL, &err), 0);
    snprintf(echo, sizeof echo, "{\"ciphertext\":\"%s\"}", buf == NULL ? "" : (const char *)wxpay_buf_data(buf));
    wxpay_buf_free(buf);
    CHECK_NUMBER(wxpay_client_call(client, "POST", 4, "/v3/_sim/echo-encrypted", 23, echo, strlen(echo), &encrypted, &err), 0);
    source = v2_order();
    know("wxpay_v2_prepare:json", source);
    CHECK_NUMBER(wxpay_v2_prepare(client, "/pay/unifiedorder", 17, NULL, 0, source.data, source.len, &v2_request, &err), 0);
    CHECK_NUMBER(wxpay_v2_send(client, v2_request, &v2_answer, NULL, &err), 0);
    CHECK_NUMBER(wxpay_bill_open(BILL, strlen(BILL), &bill, &err), 0);
    know("source", image(client));
    know("req_info_base64", file_text("refund.req_info"));
    CHECK_NUMBER(wxpay_key_info(loaded, &buf, &err), 0);
    CHECK(err == NULL);
    CHECK_NUMBER(wxpay_config_new(&empty, NULL), 0);
    CHECK_NUMBER(wxpay_client_new(empty, &none, &err), WXPAY_STATUS_CONFIG_INCOMPLETE);
    wxpay_config_free(empty);
    live[T_wxpay_client] = client;
    live[T_wxpay_key] = loaded;
    live[T_wxpay_notify] = notify;
    live[T_wxpay_buf] = buf;
    live[T_wxpay_bill] = bill;
    live[T_wxpay_error] = err;
    messages[PREPARED] = prepared;
    messages[UNSIGNED] = unsign;
    messages[RESPONSE] = response;
    messages[ENCRYPTED] = encrypted;
    messages[V2_REQUEST] = v2_request;
    messages[V2_ANSWER] = v2_answer;
    renew_download();
}

static void free_changing(void)
{
    wxpay_config_free((wxpay_config *)live[T_wxpay_config]);
    wxpay_message_free((wxpay_message *)live[T_wxpay_message]);
    wxpay_message_free((wxpay_message *)messages[RECEIVED]);
    wxpay_message_free((wxpay_message *)messages[WITH_BODY]);
    wxpay_message_free((wxpay_message *)messages[V2_REQUEST]);
}

#endif
