/* What is larger than the memory there is: big bodies, downloads, and answers that promise or send
 * without end. Run under a limit of address space: every call answers with a clear status, the next
 * one works, and nothing aborts. usage: memory CONFIG.json */

#include <stdlib.h>
#include <time.h>

#include <wxpay.h>

#include "check.h"

#define BODY ((size_t)10000000)
#define GIB ((int64_t)1 << 30)
#define SHA1_OF_A_GIB_OF_ZEROS "2a492f15396a6768bcbca016993f4b4c8b0b5307"

static wxpay_client *client;

static void judged(const char *what, wxpay_status got, wxpay_status want, wxpay_error *err)
{
    if (!CHECK_NUMBER(got, want))
        printf("    %s: %s\n", what, wxpay_error_message(err));
    if (want != 0)
        printf("%s: %s\n", what, wxpay_error_message(err));
    wxpay_error_free(err);
}

/* `call` ends with &err. */
#define EXPECT(what, want, call) \
    do { \
        wxpay_error *err = NULL; \
        wxpay_status got_ = call; \
        judged(what, got_, want, err); \
    } while (0)

/* A call that needs a little of everything. */
static void next_call_works(void)
{
    wxpay_message *request = NULL, *prepared = NULL, *answer = NULL;
    wxpay_error *err = NULL;
    EXPECT("request", 0, wxpay_message_new_request("POST", 4, "/v3/small", 9, "{}", 2, &request, &err));
    EXPECT("prepare", 0, wxpay_client_prepare(client, request, 0, &prepared, &err));
    CHECK(prepared != NULL);
    err = NULL;
    /* The server has no key to sign with. */
    CHECK_NUMBER(wxpay_client_send(client, request, &answer, &err), WXPAY_STATUS_SIGNATURE_HEADERS_MISSING);
    CHECK_NUMBER(wxpay_error_http_status(err), 200);
    wxpay_error_free(err);
    CHECK(answer == NULL);
    wxpay_message_free(request);
    wxpay_message_free(prepared);
}

/* {"a":"aaa…"} of that many bytes. */
static char *json(size_t len)
{
    char *text = (char *)malloc(len);
    if (!CHECK(text != NULL))
        exit(2);
    memset(text, 'a', len);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + len - 2, "\"}", 2);
    return text;
}

static void sign(void)
{
    char *body = json(BODY);
    wxpay_message *request = NULL, *prepared = NULL;
    EXPECT("a body of 10 MB", 0, wxpay_message_new_request("POST", 4, "/v3/x", 5, body, BODY, &request, &err));
    EXPECT("its signature", 0, wxpay_client_prepare(client, request, 0, &prepared, &err));
    CHECK_NUMBER(wxpay_message_body_len(prepared), BODY);
    wxpay_message_free(request);
    wxpay_message_free(prepared);
    free(body);
}

/* As if WeChat Pay had sent it, but for the signature. */
static wxpay_message *received(int status, size_t len)
{
    char *body = json(len), headers[1000], signature[345];
    wxpay_message *message = NULL;
    memset(signature, 'A', 344);
    signature[344] = 0;
    snprintf(headers, sizeof headers,
        "Wechatpay-Timestamp: %ld\nWechatpay-Nonce: abc\nWechatpay-Serial: PUB_KEY_ID_1\nWechatpay-Signature: %s\n",
        (long)time(NULL), signature);
    EXPECT("a message", 0, wxpay_message_new_response(status, body, len, &message, &err));
    EXPECT("its headers", 0, wxpay_message_add_header_block(message, headers, strlen(headers), &err));
    free(body);
    return message;
}

static void check_and_notify(void)
{
    wxpay_message *request = NULL, *message;
    wxpay_notify *notify = NULL;
    CHECK_NUMBER(wxpay_message_new_request("GET", 3, "/v3/x", 5, NULL, 0, &request, NULL), 0);
    message = received(200, BODY);
    EXPECT("an answer of 10 MB", WXPAY_STATUS_SIGNATURE_INVALID, wxpay_client_check(client, request, message, 0, &err));
    wxpay_message_free(message);
    wxpay_message_free(request);
    message = received(0, BODY);
    EXPECT("a notification of 10 MB", WXPAY_STATUS_LIMIT_EXCEEDED, wxpay_notify_open(client, message, 0, &notify, &err));
    wxpay_message_free(message);
    message = received(0, 5 * 1024 * 1024);
    EXPECT("a notification of 5 MiB", WXPAY_STATUS_SIGNATURE_INVALID, wxpay_notify_open(client, message, 0, &notify, &err));
    wxpay_message_free(message);
}

static void answer(const char *what, const char *path, wxpay_status want)
{
    wxpay_message *got = NULL;
    EXPECT(what, want, wxpay_client_call(client, "GET", 3, path, strlen(path), NULL, 0, &got, &err));
    CHECK(got == NULL);
    next_call_works();
}

static void whole(const char *what, const char *path, wxpay_status want)
{
    char source[300];
    wxpay_buf *out = NULL;
    snprintf(source, sizeof source, "{\"download_url\":\"%s\",\"hash_type\":\"SHA1\",\"hash_value\":\"" SHA1_OF_A_GIB_OF_ZEROS "\"}", path);
    EXPECT(what, want, wxpay_client_download(client, source, strlen(source), &out, &err));
    CHECK(out == NULL);
    next_call_works();
}

static void streamed(void)
{
    static uint8_t into[65536];
    const char *source = "{\"download_url\":\"/v3/billdownload/file?token=gib\",\"hash_type\":\"SHA1\",\"hash_value\":\"" SHA1_OF_A_GIB_OF_ZEROS "\"}";
    wxpay_download *download = NULL;
    wxpay_error *err = NULL;
    wxpay_status status;
    int64_t all = 0;
    size_t n = 0;
    EXPECT("a download of 1 GiB", 0, wxpay_download_open(client, source, strlen(source), &download, &err));
    err = NULL;
    do {
        status = wxpay_download_read(download, into, sizeof into, &n, &err);
        all += (int64_t)n;
    } while (status == 0 && n > 0);
    judged("its bytes", status, 0, err);
    CHECK_NUMBER(all, GIB);
    CHECK_NUMBER(wxpay_download_verified(download), 1);
    wxpay_download_free(download);
}

int main(int argc, char **argv)
{
    static char config_json[100000];
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    wxpay_config *config = NULL;
    size_t len;
    if (file == NULL)
        return 2;
    len = fread(config_json, 1, sizeof config_json, file);
    fclose(file);
    EXPECT("config", 0, wxpay_config_new(&config, &err));
    EXPECT("config", 0, wxpay_config_load_json(config, config_json, len, &err));
    EXPECT("client", 0, wxpay_client_new(config, &client, &err));
    wxpay_config_free(config);
    next_call_works();
    sign();
    next_call_works();
    check_and_notify();
    next_call_works();
    answer("a Content-Length of 2^62", "/v3/huge", WXPAY_STATUS_BODY_TOO_LARGE);
    answer("chunks without end", "/v3/endless", WXPAY_STATUS_BODY_TOO_LARGE);
    answer("a header without end", "/v3/header", WXPAY_STATUS_HTTP_PROTOCOL);
    whole("1 GiB into memory", "/v3/billdownload/file?token=gib", WXPAY_STATUS_BODY_TOO_LARGE);
    whole("a Content-Length of 2^62 into memory", "/v3/billdownload/file?token=huge", WXPAY_STATUS_BODY_TOO_LARGE);
    whole("1 GiB in 1 MB of gzip", "/v3/billdownload/file?token=bomb&tartype=gzip", WXPAY_STATUS_BODY_TOO_LARGE);
    streamed();
    next_call_works();
    wxpay_client_free(client);
    return checks_done("memory");
}
