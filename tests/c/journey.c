/* The main job of a merchant's service, in C99 and nothing but the library and POSIX sockets:
 * sign an order, send it over TLS that the system's store trusts, check the signed answer, receive
 * the payment notification, verify and decrypt it, query, refund, and query the refund.
 *
 *     SSL_CERT_FILE=DIR/ca.pem journey DIR
 *
 * DIR is what `wxpay simulate --dir DIR` wrote. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "wxpay.h"

static int step = 0;

/* Says what went wrong, what to do and what is known about the money, and gives up. */
static void fail(const char *what, wxpay_error *err)
{
    static const char *const outcomes[] = {"UNKNOWN: query before sending again", "NOT_SENT",
                                           "REJECTED", "DONE_UNVERIFIED: query, do not deliver"};
    int outcome = wxpay_error_outcome(err);
    fprintf(stderr, "\n%s failed: %s (%d)\n  %s\n  %s\n  outcome: %s\n", what,
            wxpay_status_name(wxpay_error_status(err)), (int)wxpay_error_status(err),
            wxpay_error_message(err), wxpay_error_hint(err),
            outcome >= 0 && outcome < 4 ? outcomes[outcome] : "?");
    if (*wxpay_error_api_code(err))
        fprintf(stderr, "  WeChat Pay: %s %s (Request-ID %s)\n", wxpay_error_api_code(err),
                wxpay_error_api_message(err), wxpay_error_request_id(err));
    wxpay_error_free(err);
    exit(1);
}

static void say(const char *what) { printf("%2d. %s\n", ++step, what); }

static char *read_file(const char *dir, const char *name)
{
    char path[1024];
    FILE *file;
    char *text;
    size_t len;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read: start `wxpay simulate --dir %s` first.\n", path, dir);
        exit(1);
    }
    text = calloc(1, 65536);
    if (text == NULL) exit(1);
    len = fread(text, 1, 65535, file);
    text[len] = '\0';
    fclose(file);
    return text;
}

/* The string member `name` of a flat, trusted JSON text. A real service uses its JSON library. */
static const char *member(const char *json, const char *name, char *into, size_t size)
{
    char key[64];
    const char *at;
    size_t len;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(json, key);
    if (at == NULL) return NULL;
    at += strlen(key);
    while (*at == ' ') at++;
    if (*at != '"') return NULL;
    at++;
    len = strcspn(at, "\"");
    if (len >= size) return NULL;
    memcpy(into, at, len);
    into[len] = '\0';
    return into;
}

/* The number member `name`, or -1. */
static long number_of(const char *json, const char *name)
{
    char key[64];
    const char *at;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(json, key);
    return at == NULL ? -1 : strtol(at + strlen(key), NULL, 10);
}

/* A signature says that WeChat Pay made this text within five minutes. It does not say that the text answers this
 * request or is about this merchant: whoever stands on the way can swap two genuine answers. So compare. */
static int is_about(const char *json, const char *mchid, const char *out_trade_no, long total)
{
    char told[64];
    return member(json, "mchid", told, sizeof told) != NULL && strcmp(told, mchid) == 0 &&
           member(json, "out_trade_no", told, sizeof told) != NULL && strcmp(told, out_trade_no) == 0 &&
           number_of(json, "total") == total;
}

/* A notification comes up to 16 times, and anybody may repeat a genuine one for five minutes. A real service has a
 * table with a unique index on these two columns; nothing is delivered when the row is there already. */
static struct {
    char out_trade_no[64], event_type[64];
} stored[8];
static int stored_count = 0;

static int store_once(const char *out_trade_no, const char *event_type)
{
    int i;
    for (i = 0; i < stored_count; i++)
        if (strcmp(stored[i].out_trade_no, out_trade_no) == 0 && strcmp(stored[i].event_type, event_type) == 0)
            return 0;
    if (stored_count == 8) exit(1);
    snprintf(stored[stored_count].out_trade_no, sizeof stored[0].out_trade_no, "%s", out_trade_no);
    snprintf(stored[stored_count].event_type, sizeof stored[0].event_type, "%s", event_type);
    return ++stored_count;
}

static wxpay_client *make_client(const char *merchant_json)
{
    wxpay_config *config = NULL;
    wxpay_client *client = NULL;
    wxpay_error *err = NULL;
    if (wxpay_config_new(&config, &err) != 0) fail("wxpay_config_new", err);
    if (wxpay_config_load_json(config, merchant_json, strlen(merchant_json), &err) != 0)
        fail("wxpay_config_load_json", err);
    if (wxpay_client_new(config, &client, &err) != 0) fail("wxpay_client_new", err);
    wxpay_config_free(config);
    return client;
}

/* One call; the answer's body as text. The library hands out verified answers only. */
static char *call(wxpay_client *client, const char *method, const char *url, const char *body)
{
    wxpay_message *response = NULL;
    wxpay_error *err = NULL;
    char *text;
    size_t len;
    if (wxpay_client_call(client, method, strlen(method), url, strlen(url), body, strlen(body),
                          &response, &err) != 0)
        fail(url, err);
    if (wxpay_message_verified(response) != WXPAY_VERIFIED_SIGNATURE) {
        fprintf(stderr, "%s: the answer is not signed\n", url);
        exit(1);
    }
    printf("    %s %s -> %d, signed by %s\n", method, url, (int)wxpay_message_status(response),
           wxpay_message_key_id(response));
    len = wxpay_message_body_len(response);
    text = calloc(1, len + 1);
    if (text == NULL) exit(1);
    memcpy(text, wxpay_message_body(response), len);
    wxpay_message_free(response);
    return text;
}

static int listen_on_loopback(int *port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 4) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("notification listener");
        exit(1);
    }
    *port = ntohs(address.sin_port);
    return listener;
}

/* Reads one HTTP request: the header block without its request line, and the body. */
static int read_request(int connection, char *buffer, size_t size, char **headers, char **body,
                        size_t *body_len)
{
    size_t have = 0;
    for (;;) {
        char *end;
        ssize_t n = read(connection, buffer + have, size - 1 - have);
        if (n <= 0) return 0;
        have += (size_t)n;
        buffer[have] = '\0';
        end = strstr(buffer, "\r\n\r\n");
        if (end != NULL) {
            const char *line = buffer;
            size_t want = 0;
            while ((line = strstr(line, "\r\n")) != NULL && line < end) {
                line += 2;
                if (strncasecmp(line, "Content-Length:", 15) == 0) want = strtoul(line + 15, NULL, 10);
            }
            *body = end + 4;
            if (have - (size_t)(*body - buffer) >= want) {
                *headers = strstr(buffer, "\r\n") + 2;
                *body_len = want;
                end[2] = '\0';
                return 1;
            }
        }
        if (have == size - 1) return 0;
    }
}

/* Verify, then decrypt, then compare with the order, then store; 1 when it was new. */
static int handle_notification(wxpay_client *client, const wxpay_message *message, const char *mchid,
                               const char *out_trade_no, long total)
{
    char state[32];
    wxpay_notify *notify = NULL;
    wxpay_error *err = NULL;
    int is_new;
    if (wxpay_notify_open(client, message, 0, &notify, &err) != 0) fail("wxpay_notify_open", err);
    if (!is_about(wxpay_notify_json(notify), mchid, out_trade_no, total) ||
        member(wxpay_notify_json(notify), "trade_state", state, sizeof state) == NULL ||
        strcmp(state, "SUCCESS") != 0) {
        fprintf(stderr, "the notification is about another order\n");
        exit(1);
    }
    is_new = store_once(out_trade_no, wxpay_notify_event_type(notify));
    printf("    %s, signed by %s, order %s is %s%s\n", wxpay_notify_event_type(notify),
           wxpay_notify_serial(notify), out_trade_no, state, is_new ? "" : ": known already, nothing is done");
    wxpay_notify_free(notify);
    return is_new;
}

/* Receives one, handles it, and only then answers. */
static void receive_notification(wxpay_client *client, int listener, const char *mchid,
                                 const char *out_trade_no, long total)
{
    static char buffer[65536];
    char *headers = NULL, *body = NULL, answer[1024];
    size_t body_len = 0;
    wxpay_message *message = NULL, *reply = NULL;
    wxpay_error *err = NULL;
    struct pollfd waiting;
    struct timeval patience = {10, 0};
    int connection;
    waiting.fd = listener;
    waiting.events = POLLIN;
    if (poll(&waiting, 1, 10000) != 1 || (connection = accept(listener, NULL, NULL)) < 0) {
        fprintf(stderr, "no notification came within 10 seconds\n");
        exit(1);
    }
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!read_request(connection, buffer, sizeof buffer, &headers, &body, &body_len)) {
        fprintf(stderr, "the notification is not HTTP\n");
        exit(1);
    }
    if (wxpay_message_new_response(0, body, body_len, &message, &err) != 0 ||
        wxpay_message_add_header_block(message, headers, strlen(headers), &err) != 0)
        fail("notification", err);
    if (!handle_notification(client, message, mchid, out_trade_no, total)) {
        fprintf(stderr, "the notification was not new\n");
        exit(1);
    }
    /* Whoever saw it can send it again, and it verifies again. */
    if (handle_notification(client, message, mchid, out_trade_no, total)) {
        fprintf(stderr, "the same notification was handled twice\n");
        exit(1);
    }
    if (wxpay_notify_reply(0, NULL, 0, &reply, &err) != 0) fail("wxpay_notify_reply", err);
    snprintf(answer, sizeof answer, "HTTP/1.1 %d \r\nContent-Length: %u\r\nConnection: close\r\n\r\n",
             (int)wxpay_message_status(reply), (unsigned)wxpay_message_body_len(reply));
    if (write(connection, answer, strlen(answer)) < 0 ||
        (wxpay_message_body_len(reply) > 0 &&
         write(connection, wxpay_message_body(reply), wxpay_message_body_len(reply)) < 0)) {
        perror("answering the notification");
        exit(1);
    }
    close(connection);
    wxpay_message_free(reply);
    wxpay_message_free(message);
}

/* Shows what is signed, byte for byte, before it is sent. */
static void show_signing(wxpay_client *client, const char *url, const char *body)
{
    wxpay_message *request = NULL;
    wxpay_buf *explained = NULL;
    wxpay_error *err = NULL;
    if (wxpay_message_new_request("POST", 4, url, strlen(url), body, strlen(body), &request, &err) != 0)
        fail("wxpay_message_new_request", err);
    if (wxpay_explain_request(client, request, &explained, &err) != 0) fail("wxpay_explain_request", err);
    {
        const char *json = (const char *)wxpay_buf_data(explained);
        const char *length = strstr(json, "\"sign_message_length\":");
        printf("    %lu bytes are signed: POST, %s, time, nonce and the body's own bytes\n",
               length ? strtoul(length + 22, NULL, 10) : 0, url);
    }
    wxpay_buf_free(explained);
    wxpay_message_free(request);
}

int main(int argc, char **argv)
{
    char appid[64], mchid[64], number[48], other[64], refund[64], url[256], body[1024], code[256];
    char *merchant, *answer;
    wxpay_client *client;
    wxpay_error *err = NULL;
    wxpay_buf *info = NULL;
    int port = 0, listener;
    if (argc != 2) {
        fprintf(stderr, "usage: SSL_CERT_FILE=DIR/ca.pem %s DIR\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    merchant = read_file(argv[1], "merchant.json");
    if (member(merchant, "_appid", appid, sizeof appid) == NULL ||
        member(merchant, "mchid", mchid, sizeof mchid) == NULL) {
        fprintf(stderr, "merchant.json has no _appid or mchid\n");
        return 1;
    }
    snprintf(number, sizeof number, "demo%ld%d", (long)time(NULL), (int)getpid());
    snprintf(refund, sizeof refund, "R%s", number);

    say("load merchant.json, check that keys and ids belong together");
    client = make_client(merchant);
    if (wxpay_selftest(&err) != 0) fail("wxpay_selftest", err);

    say("load the system's trust store (the one SSL_CERT_FILE names)");
    if (wxpay_client_warm(client, &err) != 0) fail("wxpay_client_warm", err);

    say("sign and send an order of 1.00 yuan over TLS; check the signed answer");
    listener = listen_on_loopback(&port);
    snprintf(body, sizeof body,
             "{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"libwxpay \xe7\xa4\xba\xe4\xbe\x8b\","
             "\"out_trade_no\":\"%s\",\"notify_url\":\"http://127.0.0.1:%d/notify\","
             "\"amount\":{\"total\":100,\"currency\":\"CNY\"}}",
             appid, mchid, number, port);
    show_signing(client, "/v3/pay/transactions/native", body);
    answer = call(client, "POST", "/v3/pay/transactions/native", body);
    if (member(answer, "code_url", code, sizeof code) == NULL) {
        fprintf(stderr, "no code_url in %s\n", answer);
        return 1;
    }
    printf("    QR code: %s\n", code);
    free(answer);

    say("the buyer scans and pays (the simulator's control plays the buyer)");
    snprintf(url, sizeof url, "/_sim/pay/%s", number);
    free(call(client, "POST", url, ""));

    say("receive the payment notification: verify, then decrypt, then compare, then answer 204");
    receive_notification(client, listener, mchid, number, 100);
    close(listener);

    say("query the order: a notification is not the last word");
    snprintf(url, sizeof url, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", number, mchid);
    answer = call(client, "GET", url, "");
    if (!is_about(answer, mchid, number, 100) || strstr(answer, "\"SUCCESS\"") == NULL) {
        fprintf(stderr, "the order is not paid: %s\n", answer);
        return 1;
    }
    free(answer);
    /* Another order's answer, as genuine as the first: taken for ours it would deliver on somebody else's payment. */
    snprintf(other, sizeof other, "X%s", number);
    snprintf(body, sizeof body,
             "{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"another order\",\"out_trade_no\":\"%s\","
             "\"notify_url\":\"http://127.0.0.1:%d/notify\",\"amount\":{\"total\":100,\"currency\":\"CNY\"}}",
             appid, mchid, other, port);
    free(call(client, "POST", "/v3/pay/transactions/native", body));
    snprintf(url, sizeof url, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", other, mchid);
    answer = call(client, "GET", url, "");
    if (!is_about(answer, mchid, other, 100) || is_about(answer, mchid, number, 100) ||
        is_about(answer, mchid, other, 1) || is_about(answer, "1900000109", other, 100)) {
        fprintf(stderr, "an answer was taken for another one's: %s\n", answer);
        return 1;
    }
    printf("    a genuine answer about another order is not taken for this one's\n");
    free(answer);

    say("refund 0.40 yuan; if this failed, only the same out_refund_no may be sent again");
    snprintf(body, sizeof body,
             "{\"out_trade_no\":\"%s\",\"out_refund_no\":\"%s\","
             "\"amount\":{\"refund\":40,\"total\":100,\"currency\":\"CNY\"}}",
             number, refund);
    free(call(client, "POST", "/v3/refund/domestic/refunds", body));

    say("query the refund");
    snprintf(url, sizeof url, "/v3/refund/domestic/refunds/%s", refund);
    answer = call(client, "GET", url, "");
    if (strstr(answer, "\"SUCCESS\"") == NULL && strstr(answer, "\"PROCESSING\"") == NULL) {
        fprintf(stderr, "the refund is not there: %s\n", answer);
        return 1;
    }
    free(answer);

    if (wxpay_client_info(client, &info, &err) != 0) fail("wxpay_client_info", err);
    printf("client: %s\n", (const char *)wxpay_buf_data(info));
    wxpay_buf_free(info);
    wxpay_client_free(client);
    free(merchant);
    printf("demo: ok\n");
    return 0;
}
