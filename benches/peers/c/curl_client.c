/* What a careful C programmer writes against libcurl and OpenSSL to call WeChat Pay. An easy handle is used again
 * and again, both timeouts are those of libwxpay, keys are parsed once, digests fetched once, every answer verified.
 *
 *   curl_client URL CA-FILE MCHID SERIAL PRIVATE-KEY PUBLIC-KEY-ID PUBLIC-KEY BODY-FILE keep|new
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stddef.h>

#include "side.h"

#define MOST 65536

static const char *url, *target, *ca_file, *mchid, *serial, *public_key_id;
static EVP_PKEY *private_key, *public_key;
static EVP_MD *sha256;
static struct curl_slist *fixed_headers;
static int always_new;
static char *body;
static size_t body_len;

struct side {
    CURL *curl;
    EVP_MD_CTX *signing, *verifying;
    long connections;
    char to_sign[MOST + 256];
    size_t to_sign_len;
    /* The answer to the request under way. */
    struct {
        char timestamp[32], nonce[64], signature[1024], serial[128];
        char body[MOST];
        size_t len;
    } answer;
};

static EVP_PKEY *read_key(const char *path, int is_private) {
    FILE *file = fopen(path, "r");
    if (!file) die(path);
    EVP_PKEY *found = is_private ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    if (!found) die(path);
    return found;
}

static size_t sign(side *one, unsigned char *signature) {
    size_t len = 512;
    if (EVP_DigestSignInit(one->signing, NULL, sha256, NULL, private_key) != 1 ||
        EVP_DigestSign(one->signing, signature, &len, (const unsigned char *)one->to_sign, one->to_sign_len) != 1)
        die("sign");
    EVP_MD_CTX_reset(one->signing);
    return len;
}

static int is_genuine(side *one) {
    char message[MOST + 256];
    unsigned char signature[768];
    char *end;
    long long at = strtoll(one->answer.timestamp, &end, 10);
    if (*end || llabs(at - (long long)time(NULL)) > 300 || strcmp(one->answer.serial, public_key_id) != 0) return 0;
    size_t digits = strlen(one->answer.signature);
    if (digits == 0 || digits % 4 || digits > sizeof signature) return 0;
    int len = EVP_DecodeBlock(signature, (const unsigned char *)one->answer.signature, (int)digits);
    for (size_t i = digits; i > 0 && one->answer.signature[i - 1] == '='; i--) len--;
    size_t head = (size_t)snprintf(message, sizeof message, "%s\n%s\n", one->answer.timestamp, one->answer.nonce);
    memcpy(message + head, one->answer.body, one->answer.len);
    message[head + one->answer.len] = '\n';
    size_t signed_len = head + one->answer.len + 1;
    int verdict = EVP_DigestVerifyInit(one->verifying, NULL, sha256, NULL, public_key) == 1 &&
                  EVP_DigestVerify(one->verifying, signature, (size_t)len, (const unsigned char *)message, signed_len) == 1;
    EVP_MD_CTX_reset(one->verifying);
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

static size_t on_header(char *line, size_t unit, size_t len, void *user) {
    side *one = user;
    (void)unit;
    keep(line, len, "Wechatpay-Timestamp:", one->answer.timestamp, sizeof one->answer.timestamp);
    keep(line, len, "Wechatpay-Nonce:", one->answer.nonce, sizeof one->answer.nonce);
    keep(line, len, "Wechatpay-Signature:", one->answer.signature, sizeof one->answer.signature);
    keep(line, len, "Wechatpay-Serial:", one->answer.serial, sizeof one->answer.serial);
    return len;
}

static size_t on_body(char *part, size_t unit, size_t len, void *user) {
    side *one = user;
    (void)unit;
    if (one->answer.len + len > MOST) return 0;
    memcpy(one->answer.body + one->answer.len, part, len);
    one->answer.len += len;
    return len;
}

/* An easy handle cannot be used by two threads: each has its own, also where a client is shared. */
side *new_side(int shared) {
    (void)shared;
    side *one = calloc(1, sizeof *one);
    if (!one || !(one->curl = curl_easy_init()) || !(one->signing = EVP_MD_CTX_new()) || !(one->verifying = EVP_MD_CTX_new()))
        die("start");
    curl_easy_setopt(one->curl, CURLOPT_URL, url);
    curl_easy_setopt(one->curl, CURLOPT_CAINFO, ca_file);
    /* With a CApath, which Debian presets, libcurl reads the roots again for each connection. */
    curl_easy_setopt(one->curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(one->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(one->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(one->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(one->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one->curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(one->curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(one->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(one->curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(one->curl, CURLOPT_POSTFIELDSIZE, (long)body_len);
    curl_easy_setopt(one->curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(one->curl, CURLOPT_HEADERDATA, one);
    curl_easy_setopt(one->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(one->curl, CURLOPT_WRITEDATA, one);
    curl_easy_setopt(one->curl, CURLOPT_FORBID_REUSE, (long)always_new);
    return one;
}

/* The header line, NUL-terminated, into `line`. */
static void authorize(side *one, char *line, size_t room) {
    static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char random[32], signature[512];
    char nonce[33], base64[1024];
    if (RAND_bytes(random, sizeof random) != 1) die("RAND_bytes");
    for (int i = 0; i < 32; i++) nonce[i] = symbols[random[i] & 31];
    nonce[32] = 0;
    long long now = (long long)time(NULL);
    size_t head = (size_t)snprintf(one->to_sign, sizeof one->to_sign, "POST\n%s\n%lld\n%s\n", target, now, nonce);
    memcpy(one->to_sign + head, body, body_len);
    one->to_sign[head + body_len] = '\n';
    one->to_sign_len = head + body_len + 1;
    EVP_EncodeBlock((unsigned char *)base64, signature, (int)sign(one, signature));
    snprintf(line, room,
             "Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"",
             mchid, nonce, now, serial, base64);
}

void authorization(side *one) {
    char line[2048];
    authorize(one, line, sizeof line);
}

void request(side *one) {
    char line[2048];
    authorize(one, line, sizeof line);
    struct curl_slist all = {line, fixed_headers};
    memset(&one->answer, 0, offsetof(__typeof__(one->answer), body));
    one->answer.len = 0;
    curl_easy_setopt(one->curl, CURLOPT_HTTPHEADER, &all);
    CURLcode code = curl_easy_perform(one->curl);
    if (code != CURLE_OK) die(curl_easy_strerror(code));
    long status = 0, made = 0;
    curl_easy_getinfo(one->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(one->curl, CURLINFO_NUM_CONNECTS, &made);
    one->connections += made;
    if (status != 200 || !is_genuine(one)) die("the answer is not genuine");
}

void bare_signature(side *one) {
    unsigned char signature[512];
    sign(one, signature);
}

long connections(side *one) { return one->connections; }

int main(int count, char **arguments) {
    if (count != 10) die("usage: URL CA-FILE MCHID SERIAL PRIVATE-KEY PUBLIC-KEY-ID PUBLIC-KEY BODY-FILE keep|new");
    url = arguments[1];
    ca_file = arguments[2];
    mchid = arguments[3];
    serial = arguments[4];
    private_key = read_key(arguments[5], 1);
    public_key_id = arguments[6];
    public_key = read_key(arguments[7], 0);
    body = file_content(arguments[8], &body_len);
    always_new = strcmp(arguments[9], "new") == 0;
    target = strchr(url + strlen("https://"), '/');
    if (!target || body_len > MOST) die("the URL has no path, or the body is too long");
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!sha256 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) die("start");
    char asked_for[256], agent[256];
    snprintf(asked_for, sizeof asked_for, "Wechatpay-Serial: %s", public_key_id);
    snprintf(agent, sizeof agent, "User-Agent: libcurl/%s (linux)", LIBCURL_VERSION);
    const char *const lines[] = {"Accept: application/json", agent, "Content-Type: application/json", asked_for,
                                 "Accept-Encoding: identity", "Expect:"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) fixed_headers = curl_slist_append(fixed_headers, lines[i]);
    take_turns();
    return 0;
}
