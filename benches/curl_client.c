/* The reference of `cargo bench`: what a careful C programmer writes against libcurl and OpenSSL
 * to call WeChat Pay. One easy handle and one connection for everything, timeouts set, both keys
 * parsed once, digests fetched once, every answer verified.
 *
 *   curl_client URL CA-FILE MCHID SERIAL PRIVATE-KEY PUBLIC-KEY-ID PUBLIC-KEY BODY-FILE
 *
 * Each line of standard input is a number of requests. For each request one line comes back, in
 * nanoseconds: a signed and verified request, a bare signature over the same bytes made after it,
 * and the processor's time of both. `end` and the number of connections made so far follow.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 65536

static const char *mchid, *serial, *public_key_id;
static EVP_PKEY *private_key, *public_key;
static EVP_MD *sha256;
static EVP_MD_CTX *signing, *verifying;

static char *body;
static size_t body_len;

/* The answer to the request under way. */
static struct {
    char timestamp[32], nonce[64], signature[1024], serial[128];
    char body[MOST];
    size_t len;
} answer;

static void die(const char *what) {
    fprintf(stderr, "curl_client: %s\n", what);
    exit(1);
}

static long long nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static EVP_PKEY *key(const char *path, int is_private) {
    FILE *file = fopen(path, "r");
    if (!file) die(path);
    EVP_PKEY *found = is_private ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    if (!found) die(path);
    return found;
}

static size_t sign(const char *message, size_t len, unsigned char *signature) {
    size_t signature_len = 512;
    if (EVP_DigestSignInit(signing, NULL, sha256, NULL, private_key) != 1 ||
        EVP_DigestSign(signing, signature, &signature_len, (const unsigned char *)message, len) != 1)
        die("sign");
    EVP_MD_CTX_reset(signing);
    return signature_len;
}

static int is_genuine(void) {
    static char message[MOST + 256];
    unsigned char signature[768];
    char *end;
    long long at = strtoll(answer.timestamp, &end, 10);
    if (*end || llabs(at - (long long)time(NULL)) > 300 || strcmp(answer.serial, public_key_id) != 0) return 0;
    size_t digits = strlen(answer.signature);
    if (digits == 0 || digits % 4 || digits > sizeof signature) return 0;
    int len = EVP_DecodeBlock(signature, (const unsigned char *)answer.signature, (int)digits);
    for (size_t i = digits; i > 0 && answer.signature[i - 1] == '='; i--) len--;
    size_t head = (size_t)snprintf(message, sizeof message, "%s\n%s\n", answer.timestamp, answer.nonce);
    memcpy(message + head, answer.body, answer.len);
    message[head + answer.len] = '\n';
    int verdict = EVP_DigestVerifyInit(verifying, NULL, sha256, NULL, public_key) == 1 &&
                  EVP_DigestVerify(verifying, signature, (size_t)len, (const unsigned char *)message, head + answer.len + 1) == 1;
    EVP_MD_CTX_reset(verifying);
    return verdict;
}

static void keep(const char *line, size_t len, const char *name, char *into, size_t room) {
    size_t skip = strlen(name);
    if (len <= skip || strncasecmp(line, name, skip) != 0) return;
    line += skip;
    len -= skip;
    while (len && *line == ' ') line++, len--;
    while (len && (line[len - 1] == '\r' || line[len - 1] == '\n')) len--;
    if (len >= room) die("header too long");
    memcpy(into, line, len);
    into[len] = 0;
}

static size_t on_header(char *line, size_t one, size_t len, void *unused) {
    (void)one, (void)unused;
    keep(line, len, "Wechatpay-Timestamp:", answer.timestamp, sizeof answer.timestamp);
    keep(line, len, "Wechatpay-Nonce:", answer.nonce, sizeof answer.nonce);
    keep(line, len, "Wechatpay-Signature:", answer.signature, sizeof answer.signature);
    keep(line, len, "Wechatpay-Serial:", answer.serial, sizeof answer.serial);
    return len;
}

static size_t on_body(char *part, size_t one, size_t len, void *unused) {
    (void)one, (void)unused;
    if (answer.len + len > MOST) return 0;
    memcpy(answer.body + answer.len, part, len);
    answer.len += len;
    return len;
}

/* The bytes to sign of the latest request, for the bare signature. */
static char to_sign[MOST + 256];
static size_t to_sign_len;

static void request(CURL *curl, const char *target, struct curl_slist *headers) {
    static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char random[32], signature[512];
    char nonce[33], base64[1024], authorization[2048];
    if (RAND_bytes(random, sizeof random) != 1) die("RAND_bytes");
    for (int i = 0; i < 32; i++) nonce[i] = symbols[random[i] & 31];
    nonce[32] = 0;
    long long now = (long long)time(NULL);
    size_t head = (size_t)snprintf(to_sign, sizeof to_sign, "POST\n%s\n%lld\n%s\n", target, now, nonce);
    memcpy(to_sign + head, body, body_len);
    to_sign[head + body_len] = '\n';
    to_sign_len = head + body_len + 1;
    EVP_EncodeBlock((unsigned char *)base64, signature, (int)sign(to_sign, to_sign_len, signature));
    snprintf(authorization, sizeof authorization,
             "Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"",
             mchid, nonce, now, serial, base64);
    struct curl_slist all = {authorization, headers};
    memset(&answer, 0, offsetof(__typeof__(answer), body));
    answer.len = 0;
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, &all);
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) die(curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 || !is_genuine()) die("the answer is not genuine");
}

int main(int count, char **arguments) {
    if (count != 9) die("usage: URL CA-FILE MCHID SERIAL PRIVATE-KEY PUBLIC-KEY-ID PUBLIC-KEY BODY-FILE");
    const char *url = arguments[1];
    mchid = arguments[3];
    serial = arguments[4];
    private_key = key(arguments[5], 1);
    public_key_id = arguments[6];
    public_key = key(arguments[7], 0);
    FILE *file = fopen(arguments[8], "r");
    if (!file) die(arguments[8]);
    body = malloc(MOST);
    body_len = fread(body, 1, MOST, file);
    fclose(file);
    const char *target = strchr(url + strlen("https://"), '/');
    if (!target) die("the URL has no path");
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    signing = EVP_MD_CTX_new();
    verifying = EVP_MD_CTX_new();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = curl_easy_init();
    if (!curl || !sha256 || !signing || !verifying) die("start");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, arguments[2]);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body_len);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    char asked_for[256], agent[256];
    snprintf(asked_for, sizeof asked_for, "Wechatpay-Serial: %s", public_key_id);
    snprintf(agent, sizeof agent, "User-Agent: libcurl/%s (linux)", LIBCURL_VERSION);
    const char *const fixed[] = {"Accept: application/json", agent, "Content-Type: application/json", asked_for, "Accept-Encoding: identity", "Expect:"};
    struct curl_slist *headers = NULL;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) headers = curl_slist_append(headers, fixed[i]);

    long connections = 0;
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        for (long left = strtol(line, NULL, 10); left > 0; left--) {
            unsigned char signature[512];
            long long start = nanoseconds(CLOCK_MONOTONIC), busy = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
            request(curl, target, headers);
            long long busy_done = nanoseconds(CLOCK_THREAD_CPUTIME_ID), done = nanoseconds(CLOCK_MONOTONIC);
            sign(to_sign, to_sign_len, signature);
            long long busy_signed = nanoseconds(CLOCK_THREAD_CPUTIME_ID), signed_at = nanoseconds(CLOCK_MONOTONIC);
            long made = 0;
            curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &made);
            connections += made;
            printf("%lld %lld %lld %lld\n", done - start, signed_at - done, busy_done - busy, busy_signed - busy_done);
        }
        printf("end %ld\n", connections);
        fflush(stdout);
    }
    return 0;
}
