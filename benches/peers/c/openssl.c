/* The reference in C: what a careful programmer writes with OpenSSL's EVP and cJSON. Keys are parsed once, algorithms
 * fetched once, contexts kept. The benchmark loads this as a shared object, so that both sides run in one process. */
#include <cjson/cJSON.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <strings.h>
#include <time.h>

#include "fixture.h"

static EVP_PKEY *private_key, *public_key;
static EVP_MD *sha256;
static EVP_CIPHER *aes_256_gcm;
static EVP_MAC_CTX *hmac;
static EVP_MD_CTX *signing, *verifying, *hashing;
static EVP_CIPHER_CTX *opening;
static EVP_PKEY_CTX *encrypting, *decrypting;

static char *mchid, *serial, *api_v3_key, *public_key_id;
static char *order, *body;
static size_t order_len, body_len;
/* The headers of a notification, in the order they come. */
static struct {
    char *name, *value;
} headers[16];
static int header_count;

static EVP_PKEY_CTX *oaep(EVP_PKEY *key, int (*begin)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    if (!context || begin(context) <= 0 || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) <= 0)
        die("OAEP");
    return context;
}

const char *peer_version(void) { return OpenSSL_version(OPENSSL_VERSION_STRING); }

void peer_open(const char *directory)
{
    size_t len;
    char *pem, *merchant, *line;
    BIO *bio;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    char digest[] = "SHA256";
    OSSL_PARAM parameters[2] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};

    pem = content(directory, "private.pem", &len);
    bio = BIO_new_mem_buf(pem, (int)len);
    private_key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    pem = content(directory, "public.pem", &len);
    bio = BIO_new_mem_buf(pem, (int)len);
    public_key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!private_key || !public_key) die("a key cannot be read");

    merchant = content(directory, "merchant", NULL);
    mchid = value(merchant, "mchid", "=");
    serial = value(merchant, "serial", "=");
    api_v3_key = value(merchant, "api_v3_key", "=");
    public_key_id = value(merchant, "public_key_id", "=");
    order = content(directory, "order.json", &order_len);
    body = content(directory, "notification.json", &body_len);
    line = content(directory, "notification.headers", NULL);
    for (line = strtok(line, "\n"); line && header_count < 16; line = strtok(NULL, "\n")) {
        char *colon = strstr(line, ": ");
        if (!colon) die("a header without a colon");
        *colon = '\0';
        headers[header_count].name = line;
        headers[header_count++].value = colon + 2;
    }

    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    signing = EVP_MD_CTX_new();
    verifying = EVP_MD_CTX_new();
    hashing = EVP_MD_CTX_new();
    opening = EVP_CIPHER_CTX_new();
    hmac = EVP_MAC_CTX_new(mac);
    encrypting = oaep(public_key, EVP_PKEY_encrypt_init);
    decrypting = oaep(private_key, EVP_PKEY_decrypt_init);
    if (!sha256 || !aes_256_gcm || !signing || !verifying || !hashing || !opening || !hmac ||
        EVP_MAC_init(hmac, (const unsigned char *)api_v3_key, 32, parameters) != 1)
        die("OpenSSL cannot begin");
}

size_t peer_sign(const unsigned char *message, size_t len, unsigned char *signature)
{
    size_t signature_len = 256;
    EVP_PKEY_CTX *context = NULL;
    if (EVP_MD_CTX_reset(signing) != 1 || EVP_DigestSignInit(signing, &context, sha256, NULL, private_key) != 1 ||
        EVP_DigestSign(signing, signature, &signature_len, message, len) != 1)
        die("it does not sign");
    return signature_len;
}

int peer_verify(const unsigned char *message, size_t len, const unsigned char *signature, size_t signature_len)
{
    EVP_PKEY_CTX *context = NULL;
    return EVP_MD_CTX_reset(verifying) == 1 &&
           EVP_DigestVerifyInit(verifying, &context, sha256, NULL, public_key) == 1 &&
           EVP_DigestVerify(verifying, signature, signature_len, message, len) == 1;
}

size_t peer_oaep_encrypt(const unsigned char *text, size_t len, unsigned char *out)
{
    size_t out_len = 256;
    if (EVP_PKEY_encrypt(encrypting, out, &out_len, text, len) != 1) die("it does not encrypt");
    return out_len;
}

/* With the merchant's key. */
size_t peer_oaep_decrypt(const unsigned char *sealed, size_t len, unsigned char *out)
{
    size_t out_len = 256;
    if (EVP_PKEY_decrypt(decrypting, out, &out_len, sealed, len) != 1) die("it does not decrypt");
    return out_len;
}

/* `sealed` ends with the tag. */
int peer_gcm_open(const unsigned char *key, const unsigned char *nonce, const unsigned char *aad, size_t aad_len,
                  const unsigned char *sealed, size_t sealed_len, unsigned char *out)
{
    int len = 0, rest = 0, text_len = (int)sealed_len - 16;
    return text_len >= 0 && EVP_DecryptInit_ex2(opening, aes_256_gcm, key, nonce, NULL) == 1 &&
           EVP_DecryptUpdate(opening, NULL, &len, aad, (int)aad_len) == 1 &&
           EVP_DecryptUpdate(opening, out, &len, sealed, text_len) == 1 &&
           EVP_CIPHER_CTX_ctrl(opening, EVP_CTRL_AEAD_SET_TAG, 16, (void *)(sealed + text_len)) == 1 &&
           EVP_DecryptFinal_ex(opening, out + len, &rest) == 1;
}

void peer_sha256(const unsigned char *message, size_t len, unsigned char *digest)
{
    if (EVP_DigestInit_ex2(hashing, sha256, NULL) != 1 || EVP_DigestUpdate(hashing, message, len) != 1 ||
        EVP_DigestFinal_ex(hashing, digest, NULL) != 1)
        die("it does not hash");
}

void peer_hmac(const unsigned char *message, size_t len, unsigned char *tag)
{
    size_t tag_len;
    if (EVP_MAC_init(hmac, NULL, 0, NULL) != 1 || EVP_MAC_update(hmac, message, len) != 1 ||
        EVP_MAC_final(hmac, tag, &tag_len, 32) != 1)
        die("no HMAC");
}

/* The whole header, into 1,024 bytes. */
size_t peer_authorization(char *out)
{
    static const char hex[] = "0123456789ABCDEF";
    static char message[65536];
    unsigned char random[16], signature[256];
    char nonce[33], timestamp[24], encoded[512];
    int i, len;
    if (RAND_bytes(random, sizeof random) != 1) die("no random bytes");
    for (i = 0; i < 16; i++) {
        nonce[2 * i] = hex[random[i] >> 4];
        nonce[2 * i + 1] = hex[random[i] & 15];
    }
    nonce[32] = '\0';
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)time(NULL));
    len = snprintf(message, sizeof message, "POST\n/v3/pay/transactions/native\n%s\n%s\n", timestamp, nonce);
    memcpy(message + len, order, order_len);
    message[len + (int)order_len] = '\n';
    EVP_EncodeBlock((unsigned char *)encoded, signature,
                    (int)peer_sign((unsigned char *)message, (size_t)len + order_len + 1, signature));
    return (size_t)snprintf(out, 1024,
                            "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",signature=\"%s\","
                            "timestamp=\"%s\",serial_no=\"%s\"",
                            mchid, nonce, encoded, timestamp, serial);
}

static const char *header(const char *name)
{
    int i;
    for (i = 0; i < header_count; i++)
        if (strcasecmp(headers[i].name, name) == 0) return headers[i].value;
    die(name);
    return NULL;
}

static const char *string(const cJSON *object, const char *name)
{
    const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    if (!found) die(name);
    return found;
}

/* EVP_DecodeBlock counts the padding as bytes. */
static int decoded(const char *text, unsigned char *out)
{
    size_t len = strlen(text);
    int got = EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
    if (got < 0) die("not base64");
    return got - (len > 0 && text[len - 1] == '=') - (len > 1 && text[len - 2] == '=');
}

/* Headers, window, signature, envelope, AES-256-GCM, resource; 1 when the order is paid. */
int peer_notification(void)
{
    static char message[65536];
    static unsigned char sealed[65536], plain[65536];
    unsigned char signature[512];
    const char *timestamp = header("Wechatpay-Timestamp"), *nonce = header("Wechatpay-Nonce");
    const char *associated_data;
    long long away = (long long)time(NULL) - strtoll(timestamp, NULL, 10);
    int len, sealed_len, paid;
    cJSON *envelope, *transaction;
    const cJSON *resource;
    if (away > 300 || away < -300) die("expired");
    if (strcmp(header("Wechatpay-Signature-Type"), "WECHATPAY2-SHA256-RSA2048") != 0 ||
        strcmp(header("Wechatpay-Serial"), public_key_id) != 0)
        die("another key");
    len = snprintf(message, sizeof message, "%s\n%s\n", timestamp, nonce);
    memcpy(message + len, body, body_len);
    message[len + (int)body_len] = '\n';
    if (!peer_verify((unsigned char *)message, (size_t)len + body_len + 1, signature,
                     (size_t)decoded(header("Wechatpay-Signature"), signature)))
        die("forged");
    envelope = cJSON_ParseWithLength(body, body_len);
    resource = cJSON_GetObjectItemCaseSensitive(envelope, "resource");
    if (strcmp(string(resource, "algorithm"), "AEAD_AES_256_GCM") != 0 || strlen(string(resource, "nonce")) != 12)
        die("another algorithm");
    associated_data = string(resource, "associated_data");
    sealed_len = decoded(string(resource, "ciphertext"), sealed);
    if (!peer_gcm_open((unsigned char *)api_v3_key, (const unsigned char *)string(resource, "nonce"),
                       (const unsigned char *)associated_data, strlen(associated_data), sealed, (size_t)sealed_len,
                       plain))
        die("it does not decrypt");
    transaction = cJSON_ParseWithLength((char *)plain, (size_t)sealed_len - 16);
    paid = strcmp(string(transaction, "trade_state"), "SUCCESS") == 0;
    cJSON_Delete(transaction);
    cJSON_Delete(envelope);
    return paid;
}
