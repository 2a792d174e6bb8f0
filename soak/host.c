/* A merchant in C under load: one client, several threads, a notify_url of its own. It keeps a journal, one line a call,
 * of what the library told it; check.py compares that with what the simulator did.
 *
 *     host CONFIG JOURNAL SECONDS THREADS PREFIX PORT FAULTS [PLANT]
 *
 * PLANT is a defect on purpose, for `soak.sh --prove`. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "wxpay.h"

#define STR(text) (text), strlen(text)
#define MOST_THREADS 32
#define MOST_FAULTS 64

static wxpay_client *client;
static int journal;
static char mchid[64], appid[64], fault_names[2048], *faults[MOST_FAULTS];
static const char *prefix, *plant = "";
static int fault_count, port;
static long long deadline;
static volatile int stopping;

struct worker {
    pthread_t thread;
    int number;
    unsigned random;
    long seq;
};

/* What the library told of one call. */
struct told {
    int status, outcome, http;
    char code[64];
    char *body; /* the answer's, or NULL */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void die(const char *what)
{
    fprintf(stderr, "host: %s\n", what);
    exit(1);
}

/* One line, one write: threads never mix. */
static void note(long long since, const char *kind, const char *tag, const char *order, long amount,
                 const struct told *told, const char *extra)
{
    static const char *const outcomes[] = {"UNKNOWN", "NOT_SENT", "REJECTED", "DONE_UNVERIFIED"};
    char line[1024];
    int len = snprintf(line, sizeof line, "%lld\t%lld\t%s\t%s\t%s\t%ld\t%s\t%s\t%d\t%s\n", since, now_ms(), kind, tag,
                       order, amount, wxpay_status_name(told->status),
                       told->status == 0 ? "OK" : outcomes[told->outcome & 3], told->http,
                       *extra ? extra : told->code);
    if (len < 0 || len >= (int)sizeof line || write(journal, line, (size_t)len) != len) die("journal");
}

static unsigned below(struct worker *me, unsigned limit)
{
    me->random = me->random * 1664525u + 1013904223u;
    return (me->random >> 8) % limit;
}

/* The string member `name`, or the number, of trusted JSON. */
static const char *member(const char *json, const char *name, char *into, size_t size)
{
    char key[64];
    const char *at;
    size_t len;
    *into = '\0';
    snprintf(key, sizeof key, "\"%s\":", name);
    at = json == NULL ? NULL : strstr(json, key);
    if (at == NULL) return into;
    at += strlen(key);
    while (*at == ' ') at++;
    if (*at == '"') at++;
    len = strcspn(at, "\",}");
    if (len < size) {
        memcpy(into, at, len);
        into[len] = '\0';
    }
    return into;
}

static void failed(struct told *told, wxpay_error *error)
{
    told->status = wxpay_error_status(error);
    told->outcome = wxpay_error_outcome(error);
    told->http = wxpay_error_http_status(error);
    snprintf(told->code, sizeof told->code, "%s", wxpay_error_api_code(error));
    wxpay_error_free(error);
}

static void answered(struct told *told, wxpay_message *answer)
{
    size_t len = wxpay_message_body_len(answer);
    told->http = wxpay_message_status(answer);
    told->body = calloc(1, len + 1);
    if (told->body == NULL) die("memory");
    memcpy(told->body, wxpay_message_body(answer), len);
    wxpay_message_free(answer);
}

/* Defects on purpose, for the proof that the checks find them. */
static void planted(struct worker *me)
{
    if (strcmp(plant, "leak") == 0) memset(malloc(1024), 1, 1024);
    if (strcmp(plant, "descriptor") == 0 && below(me, 500) == 0) (void)!dup(journal);
}

/* Sends `request`, which is freed, with a fault in one of four. The tag is in the target, so the simulator's log has it. */
static struct told sent(struct worker *me, wxpay_message *request, int is_v2, int steady, const char *kind,
                        const char *tag, const char *order, long amount)
{
    struct told told = {0};
    wxpay_message *answer = NULL;
    wxpay_buf *fields = NULL;
    wxpay_error *error = NULL;
    long long since = now_ms();
    int again = strcmp(plant, "twice") == 0 && strcmp(kind, "order") == 0 && me->seq % 20 == 0;
    if (!steady && !is_v2 && fault_count > 0 && below(me, 4) == 0) {
        const char *fault = faults[below(me, (unsigned)fault_count)];
        if (wxpay_message_add_header(request, STR("X-Sim-Fault"), STR(fault), NULL) != 0) die("add_header");
        if (strncmp(fault, "hang", 4) == 0) wxpay_message_set(request, STR("timeout_ms"), STR("1000"), NULL);
    }
    if ((is_v2 ? wxpay_v2_send(client, request, &answer, &fields, &error)
               : wxpay_client_send(client, request, &answer, &error)) != 0)
        failed(&told, error);
    else
        answered(&told, answer);
    if (again && told.status == 0) {
        answer = NULL, error = NULL;
        wxpay_client_send(client, request, &answer, &error);
        wxpay_message_free(answer);
        wxpay_error_free(error);
    }
    wxpay_buf_free(fields);
    wxpay_message_free(request);
    planted(me);
    if (strcmp(plant, "lie") == 0 && strcmp(kind, "order") == 0 && told.outcome == WXPAY_OUTCOME_UNKNOWN &&
        told.status != 0 && me->seq > 20) {
        struct told lie = told;
        lie.outcome = WXPAY_OUTCOME_NOT_SENT;
        plant = "";
        note(since, kind, tag, order, amount, &lie, "");
    } else
        note(since, kind, tag, order, amount, &told, "");
    return told;
}

static void next_tag(struct worker *me, char *tag, size_t size)
{
    snprintf(tag, size, "%s%d.%ld", prefix, me->number, ++me->seq);
}

static struct told call(struct worker *me, int steady, const char *kind, const char *method, const char *path,
                        const char *body, const char *order, long amount)
{
    char tag[48], url[512];
    wxpay_message *request = NULL;
    next_tag(me, tag, sizeof tag);
    snprintf(url, sizeof url, "%s%st=%s", path, strchr(path, '?') ? "&" : "?", tag);
    if (wxpay_message_new_request(STR(method), STR(url), STR(body), &request, NULL) != 0) die("new_request");
    return sent(me, request, 0, steady, kind, tag, order, amount);
}

/* As docs/outcomes.md wants it: what is not known is asked. 1 it is there, 0 it is not, -1 not known. */
static int settled(struct worker *me, struct told *told, const char *order, const char *kind, const char *url)
{
    int tries, found = -1;
    int open = told->status != 0 && (told->outcome == WXPAY_OUTCOME_UNKNOWN || told->outcome == WXPAY_OUTCOME_DONE_UNVERIFIED);
    char what[32];
    free(told->body);
    told->body = NULL;
    if (!open) return told->status == 0;
    snprintf(what, sizeof what, "resolve_%s", kind);
    for (tries = 0; tries < 3 && found < 0; tries++) {
        struct told asked = call(me, 1, what, "GET", url, "", order, 0);
        if (asked.status == 0) found = 1;
        else if (asked.outcome == WXPAY_OUTCOME_REJECTED && asked.http == 404) found = 0;
        free(asked.body);
    }
    return found;
}

/* Reads a bill to its end into a file, whose digest the checker computes. */
static void download(struct worker *me, const char *source)
{
    struct told told = {0};
    char tag[48], path[600], extra[200], hash[96];
    static const char *directory;
    wxpay_download *download = NULL;
    wxpay_error *error = NULL;
    uint8_t piece[16384];
    size_t n = 1;
    long long since = now_ms();
    FILE *file;
    directory = getenv("SOAK_DOWNLOADS");
    next_tag(me, tag, sizeof tag);
    snprintf(path, sizeof path, "%s/%s", directory, tag);
    file = fopen(path, "wb");
    if (file == NULL) die("download file");
    if (wxpay_download_open(client, STR(source), &download, &error) != 0) failed(&told, error);
    while (told.status == 0 && n > 0) {
        error = NULL;
        if (wxpay_download_read(download, piece, sizeof piece, &n, &error) != 0) failed(&told, error);
        else {
            if (strcmp(plant, "digest") == 0 && n > 0) piece[0] ^= 1; /* a defect on purpose */
            fwrite(piece, 1, n, file);
        }
    }
    fclose(file);
    wxpay_download_free(download);
    if (told.status != 0) unlink(path);
    snprintf(extra, sizeof extra, "%s", member(source, "hash_value", hash, sizeof hash));
    note(since, "download", tag, "-", 0, &told, extra);
}

static void bill(struct worker *me)
{
    char path[128], day[16];
    time_t beijing = time(NULL) + 8 * 3600;
    struct tm date;
    struct told told;
    strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&beijing, &date));
    snprintf(path, sizeof path, "/v3/bill/tradebill?bill_date=%s%s", day, below(me, 2) ? "&tar_type=GZIP" : "");
    told = call(me, 0, "bill", "GET", path, "", "-", 0);
    if (told.status == 0) download(me, told.body);
    free(told.body);
}

static void upload(struct worker *me)
{
    static const char url[] = "/v3/merchant-service/images/upload";
    char tag[48], target[128], *file;
    size_t len = 1000 + below(me, 60000);
    wxpay_message *request = NULL;
    next_tag(me, tag, sizeof tag);
    snprintf(target, sizeof target, "%s?t=%s", url, tag);
    file = malloc(len);
    if (file == NULL) die("memory");
    memset(file, (int)below(me, 256), len);
    if (wxpay_message_new_upload(STR(target), "", 0, STR("a.png"), "", 0, file, len, &request, NULL) != 0) die("upload");
    free(file);
    free(sent(me, request, 0, 0, "upload", tag, "-", 0).body);
}

static void version_2(struct worker *me, const char *order)
{
    char tag[48], path[96], body[512];
    int step;
    for (step = 0; step < 2; step++) {
        wxpay_message *request = NULL;
        wxpay_error *error = NULL;
        struct told told;
        next_tag(me, tag, sizeof tag);
        snprintf(path, sizeof path, "/pay/%s", step == 0 ? "unifiedorder" : "orderquery");
        snprintf(body, sizeof body, step == 0
            ? "{\"appid\":\"%s\",\"out_trade_no\":\"%s\",\"body\":\"soak\",\"total_fee\":100,\"product_id\":\"1\","
              "\"spbill_create_ip\":\"127.0.0.1\",\"notify_url\":\"http://127.0.0.1:9/\",\"trade_type\":\"NATIVE\"}"
            : "{\"appid\":\"%s\",\"out_trade_no\":\"%s\"}", appid, order);
        if (wxpay_v2_prepare(client, STR(path), "", 0, STR(body), &request, &error) != 0) die(wxpay_error_message(error));
        told = sent(me, request, 1, 0, step == 0 ? "v2_order" : "v2_query", tag, order, 100);
        free(told.body);
        if (told.status != 0) return;
    }
}

static void transfer(struct worker *me, const char *number)
{
    char body[700], path[160];
    struct told told;
    snprintf(body, sizeof body,
             "{\"appid\":\"%s\",\"out_bill_no\":\"%s\",\"transfer_scene_id\":\"1000\",\"openid\":\"oSIM1\","
             "\"transfer_amount\":100,\"transfer_remark\":\"soak\",\"notify_url\":\"http://127.0.0.1:%d/\","
             "\"transfer_scene_report_infos\":[{\"info_type\":\"a\",\"info_content\":\"x\"}]}", appid, number, port);
    told = call(me, 0, "transfer", "POST", "/v3/fund-app/mch-transfer/transfer-bills", body, number, 100);
    snprintf(path, sizeof path, "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/%s", number);
    settled(me, &told, number, "transfer", path);
}

static void refund(struct worker *me, const char *order, long total, long amount, const char *kind)
{
    char body[600], path[160], number[64];
    struct told told;
    snprintf(number, sizeof number, "%s%s", strcmp(kind, "refund") == 0 ? "R" : "V", order);
    snprintf(body, sizeof body,
             "{\"out_trade_no\":\"%s\",\"out_refund_no\":\"%s\",\"notify_url\":\"http://127.0.0.1:%d/\","
             "\"amount\":{\"refund\":%ld,\"total\":%ld,\"currency\":\"CNY\"}}", order, number, port, amount, total);
    told = call(me, strcmp(kind, "refund") != 0, kind, "POST", "/v3/refund/domestic/refunds", body, order, amount);
    snprintf(path, sizeof path, "/v3/refund/domestic/refunds/%s", number);
    if (settled(me, &told, order, kind, path) == 1 && strcmp(kind, "refund") == 0)
        refund(me, order, total, total, "refund_over"); /* more than is left: must be refused */
}

/* Calls that send nothing: signing, and refusing a forged answer. Many, because what is lost in one is found in many. */
static void local_calls(struct worker *me)
{
    static const char url[] = "/v3/pay/transactions/native", headers[] =
        "Wechatpay-Timestamp: 1\nWechatpay-Nonce: x\nWechatpay-Signature: eA==\nWechatpay-Serial: 1\n";
    struct told told = {0};
    long long since = now_ms();
    int at, calls = 0;
    for (at = 0; at < 50; at++) {
        wxpay_message *request = NULL, *prepared = NULL, *answer = NULL;
        wxpay_error *error = NULL;
        if (wxpay_message_new_request(STR("POST"), STR(url), STR("{}"), &request, NULL) != 0 ||
            wxpay_client_prepare(client, request, 0, &prepared, NULL) != 0 ||
            wxpay_message_new_response(200, STR("{}"), &answer, NULL) != 0 ||
            wxpay_message_add_header_block(answer, STR(headers), NULL) != 0)
            die("prepare");
        if (wxpay_client_check(client, prepared, answer, 0, &error) == 0) die("a forged answer was believed");
        wxpay_error_free(error);
        wxpay_message_free(answer);
        wxpay_message_free(prepared);
        wxpay_message_free(request);
        planted(me);
        planted(me);
        calls += 2;
    }
    note(since, "local", "-", "-", calls, &told, "");
}

static void session(struct worker *me)
{
    char order[48], body[700], path[200], close_path[200];
    long total = 100 + (long)below(me, 900), round = me->seq;
    struct told told;
    unsigned what = below(me, 100);
    snprintf(order, sizeof order, "%s%ds%ld", prefix, me->number, round);
    snprintf(body, sizeof body,
             "{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"soak\",\"out_trade_no\":\"%s\","
             "\"notify_url\":\"http://127.0.0.1:%d/\",\"amount\":{\"total\":%ld,\"currency\":\"CNY\"}}",
             appid, mchid, order, port, total);
    told = call(me, 0, "order", "POST", "/v3/pay/transactions/native", body, order, total);
    if (told.outcome == WXPAY_OUTCOME_NOT_SENT && told.status != 0) poll(NULL, 0, 100); /* the simulator is away */
    snprintf(path, sizeof path, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", order, mchid);
    if (settled(me, &told, order, "order", path) == 1) {
        if (what < 60) {
            static const char *const kinds[] = {"good", "good", "good", "bad_signature", "sign_probe"};
            snprintf(close_path, sizeof close_path, "/_sim/pay/%s", order);
            snprintf(body, sizeof body, "{\"kind\":\"%s\"}", kinds[below(me, 5)]);
            told = call(me, 1, "pay", "POST", close_path, body, order, total);
            free(told.body);
            if (told.status == 0) {
                free(call(me, 0, "query", "GET", path, "", order, total).body);
                if (what < 30) refund(me, order, total, total / 3, "refund");
            }
        } else if (what < 75) {
            snprintf(close_path, sizeof close_path, "/v3/pay/transactions/out-trade-no/%s/close", order);
            snprintf(body, sizeof body, "{\"mchid\":\"%s\"}", mchid);
            free(call(me, 0, "close", "POST", close_path, body, order, total).body);
        } else
            free(call(me, 0, "query", "GET", path, "", order, total).body);
    }
    local_calls(me);
    what = below(me, 100);
    if (strcmp(plant, "digest") == 0) what = 20;
    if (what < 20) upload(me);
    else if (what < 24) bill(me);
    else if (what < 40) snprintf(path, sizeof path, "W%s", order), version_2(me, path);
    else if (what < 52) snprintf(path, sizeof path, "T%s", order), transfer(me, path);
    else if (what < 54) {
        struct told fresh = {0};
        wxpay_error *error = NULL;
        long long since = now_ms();
        if (wxpay_client_refresh_certificates(client, &error) != 0) failed(&fresh, error);
        note(since, "refresh", "-", "-", 0, &fresh, "");
    }
}

static void *work(void *argument)
{
    struct worker *me = argument;
    while (now_ms() < deadline) session(me);
    return NULL;
}

/* Reads one HTTP request: header lines without the request line, and the body. */
static int read_request(int connection, char *buffer, size_t size, char **headers, char **body, size_t *body_len)
{
    size_t have = 0;
    for (;;) {
        char *end, *line = buffer;
        ssize_t n = read(connection, buffer + have, size - 1 - have);
        if (n <= 0) return 0;
        have += (size_t)n;
        buffer[have] = '\0';
        end = strstr(buffer, "\r\n\r\n");
        if (end != NULL) {
            *body_len = 0;
            while ((line = strstr(line, "\r\n")) != NULL && line < end) {
                line += 2;
                if (strncasecmp(line, "Content-Length:", 15) == 0) *body_len = strtoul(line + 15, NULL, 10);
            }
            *body = end + 4;
            if (have - (size_t)(*body - buffer) >= *body_len) {
                *headers = strstr(buffer, "\r\n") + 2;
                end[2] = '\0';
                return 1;
            }
        }
        if (have == size - 1) return 0;
    }
}

static void receive(int connection)
{
    static char buffer[65536];
    char *headers, *body, id[64], order[64], total[32], answer[256];
    size_t body_len;
    struct told told = {0};
    wxpay_message *message = NULL, *reply = NULL;
    wxpay_notify *notify = NULL;
    wxpay_error *error = NULL;
    long long since = now_ms();
    if (!read_request(connection, buffer, sizeof buffer, &headers, &body, &body_len)) return;
    if (wxpay_message_new_response(0, body, body_len, &message, NULL) != 0 ||
        wxpay_message_add_header_block(message, STR(headers), NULL) != 0)
        die("notification");
    if (wxpay_notify_open(client, message, 0, &notify, &error) != 0) failed(&told, error);
    /* Of a refused one the id is only a claim, to find the line again. */
    member(body, "id", id, sizeof id);
    member(notify ? (const char *)wxpay_notify_plaintext(notify) : NULL, "out_trade_no", order, sizeof order);
    member(notify ? (const char *)wxpay_notify_plaintext(notify) : NULL, "total", total, sizeof total);
    wxpay_notify_reply(told.status, "", 0, &reply, NULL);
    snprintf(answer, sizeof answer, "HTTP/1.1 %d x\r\nContent-Length: %u\r\nConnection: close\r\n\r\n",
             (int)wxpay_message_status(reply), (unsigned)wxpay_message_body_len(reply));
    if (strcmp(plant, "believe") == 0) told.status = 0; /* a defect on purpose */
    /* Stored first, then answered. */
    note(since, "notify", "-", *order ? order : "-", strtol(total, NULL, 10), &told, notify ? wxpay_notify_id(notify) : id);
    /* SIGPIPE stays deadly here: one from the library would be found. */
    if (send(connection, answer, strlen(answer), MSG_NOSIGNAL) > 0 && wxpay_message_body_len(reply) > 0)
        (void)!send(connection, wxpay_message_body(reply), wxpay_message_body_len(reply), MSG_NOSIGNAL);
    wxpay_notify_free(notify);
    wxpay_message_free(message);
    wxpay_message_free(reply);
}

static void *listen_for(void *argument)
{
    int listener = *(int *)argument;
    struct timeval patience = {5, 0};
    while (!stopping) {
        struct pollfd waiting = {0};
        int connection;
        waiting.fd = listener;
        waiting.events = POLLIN;
        if (poll(&waiting, 1, 100) != 1 || (connection = accept(listener, NULL, NULL)) < 0) continue;
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        receive(connection);
        close(connection);
    }
    return NULL;
}

static int entries(const char *path)
{
    DIR *directory = opendir(path);
    int count = 0;
    if (directory == NULL) die(path);
    while (readdir(directory) != NULL) count++;
    closedir(directory);
    return count;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 65536);
    if (file == NULL || text == NULL || fread(text, 1, 65535, file) == 0) die(path);
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    static struct worker workers[MOST_THREADS];
    struct sockaddr_in address = {0};
    struct told none = {0};
    wxpay_config *config = NULL;
    pthread_t listening;
    char *merchant, *rest, *fault, extra[128];
    int threads, at, listener, one = 1, fds, tasks;
    if (argc < 8) die("see the comment at its top");
    journal = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
    threads = atoi(argv[4]);
    prefix = argv[5];
    port = atoi(argv[6]);
    snprintf(fault_names, sizeof fault_names, "%s", argv[7]);
    for (fault = strtok_r(fault_names, ",", &rest); fault && fault_count < MOST_FAULTS; fault = strtok_r(NULL, ",", &rest))
        faults[fault_count++] = fault;
    if (argc > 8) plant = argv[8];
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (journal < 0 || threads < 1 || threads > MOST_THREADS ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0)
        die("cannot start");
    merchant = read_file(argv[1]);
    member(merchant, "_appid", appid, sizeof appid);
    member(merchant, "mchid", mchid, sizeof mchid);

    fds = entries("/proc/self/fd");
    tasks = entries("/proc/self/task");
    if (wxpay_config_new(&config, NULL) != 0 || wxpay_config_load_json(config, STR(merchant), NULL) != 0 ||
        wxpay_client_new(config, &client, NULL) != 0)
        die("no client");
    wxpay_config_free(config);
    deadline = now_ms() + atoll(argv[3]) * 1000;
    pthread_create(&listening, NULL, listen_for, &listener);
    for (at = 0; at < threads; at++) {
        workers[at].number = at;
        workers[at].random = 12345u + 7919u * (unsigned)at;
        pthread_create(&workers[at].thread, NULL, work, &workers[at]);
    }
    for (at = 0; at < threads; at++) pthread_join(workers[at].thread, NULL);
    sleep(2); /* notifications that are on their way */
    stopping = 1;
    pthread_join(listening, NULL);
    wxpay_client_free(client);
    free(merchant);
    snprintf(extra, sizeof extra, "fds %d %d threads %d %d", fds, entries("/proc/self/fd"), tasks, entries("/proc/self/task"));
    note(now_ms(), "end", "-", "-", 0, &none, extra);
    return 0;
}
