/* The C runner of the vectors. A case runs through one operation, which makes the calls that
 * README.md names and compares each member of `want` that it reads. */
#ifndef RUNNER_H
#define RUNNER_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>
#include <wxpay.h>

struct bytes {
    char *data;
    size_t len;
};

struct run {
    const cJSON *in, *want;
    int64_t now;
    wxpay_status last;
    wxpay_status status; /* of the first call that failed */
    int32_t outcome;
    char why[400]; /* not empty: something is not as the vector or the contract says */
};

/* --- values.c */
extern const char *root;
void wrong(struct run *run, const char *format, ...);
struct bytes value(const cJSON *value);
/* Member of `in`; a missing one makes the case fail. */
struct bytes given(struct run *run, const char *name);
const char *word(struct run *run, const char *name);
/* Frees every `struct bytes` and text made since the last call. */
void forget(void);
/* Room for that many bytes and a NUL. */
char *block(size_t len);
char *kept(const char *data, size_t len);
void wants_bytes(struct run *run, const char *name, const void *data, size_t len);
/* NULL is the vector's null. */
void wants_text(struct run *run, const char *name, const char *text);
void wants_buf(struct run *run, const char *name, const wxpay_buf *buf);
void wants_number(struct run *run, const char *name, int64_t number);

/* --- calls.c; each gives 0 or NULL when the case is to stop */
#define POISON(type) ((type *)1)
int ok(struct run *run, wxpay_status status, wxpay_error *error);
/* `ok`, and `out` is NULL exactly when the call failed. */
int made(struct run *run, wxpay_status status, wxpay_error *error, const void *out);
/* The same around a call: arguments have no order, so it is made before `error` is read. */
#define OK(call) (run->last = (call), ok(run, run->last, error))
#define MADE(out, call) (run->last = (call), made(run, run->last, error, out))
wxpay_config *config_of(struct run *run, const cJSON *members);
wxpay_client *client_of(struct run *run, int fresh);
void forget_clients(void);
wxpay_key *key_of(struct run *run, struct bytes data, struct bytes passphrase);
wxpay_buf *signed_by(struct run *run, struct bytes key, const char *message, size_t len);
wxpay_message *request_of(struct run *run);
/* `{nonce}` in its body becomes `nonce`, unless that is NULL. */
wxpay_message *response_of(struct run *run, const char *nonce);
int add_headers(struct run *run, wxpay_message *message, const cJSON *rows);
int headers_or_block(struct run *run, wxpay_message *message);
/* nonce in its form, signature over `want.canonical` under `want.verify_key`, `to_sign` equal. */
void check_signed(struct run *run, const cJSON *want, const char *nonce, const char *signature, const wxpay_buf *to_sign);

/* --- messages.c: all of a prepared message but its nonce and signature, which must belong together */
void prepared(struct run *run, const wxpay_message *message, const wxpay_buf *to_sign, int with_body);
/* What stands in its Authorization header. */
const char *nonce_of(const wxpay_message *message);

/* --- files.c */
struct bytes replaced(struct bytes in, const char *mark, const char *by);

/* --- reports.c: what `want` asks of a report, or of the JSON of an error */
void wants_report(struct run *run, const char *json, size_t len);

/* --- primitives.c, messages.c, payments.c, files.c, v2.c, reports.c */
typedef void operation(struct run *run);
operation run_canonical_request, run_canonical_response, run_sign, run_verify, run_aead_decrypt,
    run_oaep_decrypt, run_oaep_encrypt, run_key_load, run_key_matches_cert, run_config_set,
    run_client_new, run_message_set, run_client_encrypt, run_client_decrypt, run_status;
operation run_header, run_prepare, run_prepare_unsigned, run_check, run_notify_open, run_notify_reply,
    run_load_certificates;
operation run_pay, run_pay_unsigned, run_pay_h5_url;
operation run_upload, run_encrypt_fields, run_decrypt_fields, run_bill;
operation run_v2_sign, run_v2_prepare, run_v2_check, run_v2_refund_open, run_v2_reply, run_pay_score;
operation run_explain_response, run_explain_text, run_trust_report, run_trust_probe, run_call;

#endif
