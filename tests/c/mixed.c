/* Everything that uses the network, by many threads that share one client. Each thread has numbers
 * of its own and checks every answer: what another one asked for must never come.
 *
 *     mixed DIR THREADS ROUNDS
 *
 * DIR has merchant.json, notify.headers and notify.body, and sign.N.message and sign.N.signature
 * of the openssl command for N = 0 ... 63. The last line counts: `mixed: N operations`. */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"

#define KINDS 12
#define MOST 64

static const char *dir;
static wxpay_client *client;
static wxpay_key *key;
static char appid[64], mchid[64], base_url[128], today[16];
static char *notify_headers, *notify_body;

struct worker {
    pthread_t thread;
    int number, rounds, round;
    unsigned long done;
};

/* The body as text; frees the answer. */
static char *text_of(wxpay_message *response)
{
    size_t len = wxpay_message_body_len(response);
    char *text = (char *)calloc(1, len + 1);
    EXPECT(text != NULL, "");
    EXPECT(wxpay_message_verified(response) == WXPAY_VERIFIED_SIGNATURE, wxpay_message_trace(response));
    memcpy(text, wxpay_message_body(response), len);
    wxpay_message_free(response);
    return text;
}

static char *called(const wxpay_client *by, const char *method, const char *url, const char *body)
{
    wxpay_message *response = NULL;
    wxpay_error *err = NULL;
    FINE(wxpay_client_call(by, S(method), S(url), S(body), &response, &err));
    return text_of(response);
}

static void name_it(char *into, size_t size, const struct worker *of, const char *kind)
{
    snprintf(into, size, "%s%d-%d-%d", kind, (int)(getpid() % 100000), of->number, of->round);
}

static void sign(struct worker *of) { signs_like_openssl(key, dir, of->number % MOST); }

/* Place, find: the answer names this thread's order and no other. */
static void order(struct worker *of)
{
    char number[48], body[768], url[256], told[64], *answer;
    name_it(number, sizeof number, of, "m");
    snprintf(body, sizeof body,
             "{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"x\",\"out_trade_no\":\"%s\","
             "\"notify_url\":\"http://127.0.0.1:9/\",\"amount\":{\"total\":%d,\"currency\":\"CNY\"}}",
             appid, mchid, number, of->number + 1);
    free(called(client, "POST", "/v3/pay/transactions/native", body));
    snprintf(url, sizeof url, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", number, mchid);
    answer = called(client, "GET", url, "");
    member(answer, "out_trade_no", told, sizeof told);
    EXPECT(strcmp(told, number) == 0, answer);
    snprintf(body, sizeof body, "\"total\":%d", of->number + 1);
    EXPECT(strstr(answer, body) != NULL, answer);
    free(answer);
}

static void order_v2(struct worker *of)
{
    char number[48], json[768], told[64];
    wxpay_message *request = NULL, *response = NULL;
    wxpay_buf *fields = NULL;
    wxpay_error *err = NULL;
    name_it(number, sizeof number, of, "v");
    snprintf(json, sizeof json,
             "{\"appid\":\"%s\",\"body\":\"x\",\"out_trade_no\":\"%s\",\"total_fee\":1,\"spbill_create_ip\":\"127.0.0.1\","
             "\"notify_url\":\"http://127.0.0.1:9/\",\"trade_type\":\"NATIVE\",\"product_id\":\"1\"}", appid, number);
    FINE(wxpay_v2_prepare(client, S("/pay/unifiedorder"), "", 0, S(json), &request, &err));
    FINE(wxpay_v2_send(client, request, &response, NULL, &err));
    wxpay_message_free(response);
    wxpay_message_free(request);
    snprintf(json, sizeof json, "{\"appid\":\"%s\",\"out_trade_no\":\"%s\"}", appid, number);
    FINE(wxpay_v2_prepare(client, S("/pay/orderquery"), "", 0, S(json), &request, &err));
    FINE(wxpay_v2_send(client, request, &response, &fields, &err));
    member((const char *)wxpay_buf_data(fields), "out_trade_no", told, sizeof told);
    EXPECT(strcmp(told, number) == 0, told);
    wxpay_buf_free(fields);
    wxpay_message_free(response);
    wxpay_message_free(request);
}

static void notification(struct worker *of)
{
    wxpay_message *received = NULL;
    wxpay_notify *notify = NULL;
    wxpay_error *err = NULL;
    char told[64];
    int64_t then;
    const char *at = strcasestr(notify_headers, "Wechatpay-Timestamp:");
    (void)of;
    EXPECT(at != NULL, notify_headers);
    then = strtoll(at + 20, NULL, 10);
    FINE(wxpay_message_new_response(0, S(notify_body), &received, &err));
    FINE(wxpay_message_add_header_block(received, S(notify_headers), &err));
    FINE(wxpay_notify_open(client, received, then, &notify, &err));
    member(wxpay_notify_json(notify), "out_trade_no", told, sizeof told);
    EXPECT(strcmp(told, "walk-1") == 0, told);
    wxpay_notify_free(notify);
    EXPECT(wxpay_notify_open(client, received, then + 301, &notify, NULL) == WXPAY_STATUS_TIMESTAMP_EXPIRED, "");
    wxpay_message_free(received);
}

static void upload(struct worker *of)
{
    char file[256], told[128], *answer;
    wxpay_message *request = NULL, *response = NULL;
    wxpay_error *err = NULL;
    name_it(file, sizeof file, of, "picture");
    FINE(wxpay_message_new_upload(S("/v3/merchant/media/upload"), "", 0, S("a.png"), "", 0, S(file), &request, &err));
    FINE(wxpay_client_send(client, request, &response, &err));
    wxpay_message_free(request);
    answer = text_of(response);
    member(answer, "media_id", told, sizeof told);
    EXPECT(strlen(told) > 10, answer);
    free(answer);
}

/* In one piece and piece by piece: the same bytes. */
static void download(struct worker *of)
{
    char url[128], *source;
    uint8_t piece[4096], *whole;
    size_t n = 1, got = 0;
    wxpay_download *stream = NULL;
    wxpay_buf *file = NULL;
    wxpay_error *err = NULL;
    (void)of;
    snprintf(url, sizeof url, "/v3/bill/tradebill?bill_date=%s", today);
    source = called(client, "GET", url, "");
    FINE(wxpay_client_download(client, S(source), &file, &err));
    whole = (uint8_t *)malloc(wxpay_buf_len(file) + 1);
    EXPECT(whole != NULL, "");
    FINE(wxpay_download_open(client, S(source), &stream, &err));
    while (n > 0) {
        FINE(wxpay_download_read(stream, piece, sizeof piece, &n, &err));
        EXPECT(got + n <= wxpay_buf_len(file), "longer");
        memcpy(whole + got, piece, n);
        got += n;
    }
    EXPECT(wxpay_download_verified(stream) == 1, source);
    EXPECT(got == wxpay_buf_len(file) && got > 100 && memcmp(whole, wxpay_buf_data(file), got) == 0, url);
    wxpay_download_free(stream);
    FINE(wxpay_download_open(client, S(source), &stream, &err));
    wxpay_download_cancel(stream);
    EXPECT(wxpay_download_read(stream, piece, sizeof piece, &n, NULL) == WXPAY_STATUS_CANCELLED, "");
    wxpay_download_free(stream);
    wxpay_buf_free(file);
    free(whole);
    free(source);
}

static void refusal(struct worker *of)
{
    wxpay_message *response = NULL;
    wxpay_error *err = NULL;
    (void)of;
    EXPECT(wxpay_client_call(client, S("POST"), S("/v3/pay/transactions/native"), S("{}"), &response, &err) == WXPAY_STATUS_API_ERROR, "");
    EXPECT(response == NULL && wxpay_error_outcome(err) == WXPAY_OUTCOME_REJECTED, wxpay_error_json(err));
    EXPECT(strcmp(wxpay_error_api_code(err), "PARAM_ERROR") == 0, wxpay_error_json(err));
    EXPECT(wxpay_message_status(wxpay_error_response(err)) == 400, wxpay_error_json(err));
    EXPECT(strstr(wxpay_error_json(err), "PARAM_ERROR") != NULL, wxpay_error_json(err));
    wxpay_error_free(err);
}

static void *cancels(void *request)
{
    wxpay_message_cancel((wxpay_message *)request);
    return NULL;
}

/* From another thread, while it is sent: an answer or CANCELLED, nothing else. */
static void cancelled(struct worker *of)
{
    wxpay_message *request = NULL, *response = NULL;
    wxpay_error *err = NULL;
    wxpay_status status;
    pthread_t other;
    (void)of;
    FINE(wxpay_message_new_request(S("GET"), S("/v3/certificates"), NULL, 0, &request, &err));
    EXPECT(pthread_create(&other, NULL, cancels, request) == 0, "");
    status = wxpay_client_send(client, request, &response, &err);
    EXPECT(status == 0 || status == WXPAY_STATUS_CANCELLED, status == 0 ? "" : wxpay_error_json(err));
    EXPECT((status == 0) == (response != NULL), "");
    wxpay_error_free(err);
    wxpay_message_free(response);
    EXPECT(pthread_join(other, NULL) == 0, "");
    wxpay_message_free(request);
}

/* At most once a minute is one downloaded; the others find it done. */
static void certificates(struct worker *of)
{
    wxpay_message *response = NULL;
    wxpay_error *err = NULL;
    (void)of;
    FINE(wxpay_client_call(client, S("GET"), S("/v3/certificates"), NULL, 0, &response, &err));
    FINE(wxpay_client_load_certificates(client, response, 0, &err));
    wxpay_message_free(response);
    FINE(wxpay_client_refresh_certificates(client, &err));
    EXPECT(wxpay_client_certificates_due(client, 0) >= 0, "");
}

/* The settings read again: a client that lives for one call. */
static void another_client(struct worker *of)
{
    wxpay_client *mine = client_of(dir);
    (void)of;
    free(called(mine, "GET", "/v3/certificates", ""));
    wxpay_client_free(mine);
}

static void fields(struct worker *of)
{
    char secret[48];
    wxpay_buf *closed = NULL, *opened = NULL;
    wxpay_error *err = NULL;
    name_it(secret, sizeof secret, of, "s");
    FINE(wxpay_oaep_encrypt(key, S(secret), &closed, &err));
    FINE(wxpay_oaep_decrypt(key, (const char *)wxpay_buf_data(closed), wxpay_buf_len(closed), &opened, &err));
    EXPECT(strcmp((const char *)wxpay_buf_data(opened), secret) == 0, secret);
    wxpay_buf_free(closed);
    wxpay_buf_free(opened);
}

static void reports(struct worker *of)
{
    wxpay_buf *info = NULL;
    wxpay_error *err = NULL;
    FINE(wxpay_client_info(client, &info, &err));
    EXPECT(strstr((const char *)wxpay_buf_data(info), mchid) != NULL, mchid);
    wxpay_buf_free(info);
    /* Slow ones: one thread, once. */
    if (of->number == 0 && of->round == 0) {
        int port = atoi(strrchr(base_url, ':') + 1);
        FINE(wxpay_trust_report(client, 0, &info, &err));
        EXPECT(wxpay_buf_len(info) > 100, "");
        wxpay_buf_free(info);
        FINE(wxpay_trust_probe(client, S("127.0.0.1"), port, NULL, 0, 0, &info, &err));
        EXPECT(wxpay_buf_len(info) > 100, "");
        wxpay_buf_free(info);
    }
}

static void (*const kinds[KINDS])(struct worker *) = {
    sign, order, notification, order_v2, upload, refusal, cancelled, download, certificates, fields, another_client, reports,
};

static void *work(void *argument)
{
    struct worker *of = (struct worker *)argument;
    int kind;
    /* Each begins elsewhere, so that all kinds run at the same time. */
    for (of->round = 0; of->round < of->rounds; of->round++)
        for (kind = 0; kind < KINDS; kind++) {
            kinds[(kind + of->number) % KINDS](of);
            of->done++;
        }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct worker workers[MOST];
    time_t day = time(NULL) + 8 * 3600;
    unsigned long done = 0;
    wxpay_error *err = NULL;
    char *merchant, number[48], pay[128];
    int threads, i;
    if (argc != 4 || (threads = atoi(argv[2])) < 1 || threads > MOST)
        return 2;
    dir = argv[1];
    merchant = file_in(dir, "merchant.json", NULL);
    member(merchant, "_appid", appid, sizeof appid);
    member(merchant, "mchid", mchid, sizeof mchid);
    member(merchant, "base_url", base_url, sizeof base_url);
    free(merchant);
    strftime(today, sizeof today, "%Y-%m-%d", gmtime(&day));
    notify_headers = file_in(dir, "notify.headers", NULL);
    notify_body = file_in(dir, "notify.body", NULL);
    client = client_of(dir);
    key = key_of(dir);
    FINE(wxpay_client_warm(client, &err));
    /* There is no bill of a day on which nothing was paid. */
    workers[0].number = MOST;
    order(&workers[0]);
    name_it(number, sizeof number, &workers[0], "m");
    snprintf(pay, sizeof pay, "/_sim/pay/%s", number);
    free(called(client, "POST", pay, ""));
    for (i = 0; i < threads; i++) {
        workers[i].number = i;
        workers[i].rounds = atoi(argv[3]);
        EXPECT(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "pthread_create");
    }
    for (i = 0; i < threads; i++) {
        EXPECT(pthread_join(workers[i].thread, NULL) == 0, "pthread_join");
        done += workers[i].done;
    }
    wxpay_key_free(key);
    wxpay_client_free(client);
    free(notify_headers);
    free(notify_body);
    printf("mixed: %lu operations\n", done);
    return 0;
}
