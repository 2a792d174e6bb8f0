/* conformance DIR FILE...: runs the cases of each file; DIR has keys/. Prints what fails and, as
 * last line, `N passed, M failed`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

#define PREPARED " method url body headers authorization "
#define REPORTED " report_status verdict ids first among diagnosis_text "
#define PAID " members signature_member nonce_member canonical verify_key "

/* What each may be given and asked, so that nothing in a vector is passed over. */
static const struct {
    const char *name, *in, *want;
    operation *run;
} OPERATIONS[] = {
    {"canonical_request", " method url timestamp nonce body ", " text ", run_canonical_request},
    {"canonical_response", " timestamp nonce body ", " text ", run_canonical_response},
    {"sign", " key message ", " signature ", run_sign},
    {"verify", " key message signature ", " ", run_verify},
    {"aead_decrypt", " key nonce aad ciphertext ", " plaintext ", run_aead_decrypt},
    {"oaep_decrypt", " key ciphertext ", " plaintext ", run_oaep_decrypt},
    {"oaep_encrypt", " key private_key plaintext ", " plaintext ", run_oaep_encrypt},
    {"key_load", " data passphrase ", " info ", run_key_load},
    {"key_matches_cert", " key cert ", " ", run_key_matches_cert},
    {"config_set", " key value ", " ", run_config_set},
    {"client_new", " config ", " ", run_client_new},
    {"message_set", " key value ", " ", run_message_set},
    {"header", " headers block name ", " value ", run_header},
    {"prepare", " client method url body headers ", PREPARED, run_prepare},
    {"prepare_unsigned", " client method url body headers sign_key ", PREPARED, run_prepare_unsigned},
    {"check", " client method url body response ", " verified ", run_check},
    {"notify_open", " client headers block body ",
     " notify_id event_type resource_type original_type create_time summary serial plaintext json timestamp ", run_notify_open},
    {"notify_reply", " result reason ", " http_status body content_type ", run_notify_reply},
    {"pay", " client kind appid prepay_id ", PAID, run_pay},
    {"pay_unsigned", " client kind appid prepay_id sign_key ", PAID, run_pay_unsigned},
    {"pay_h5_url", " h5_url redirect_url ", " url ", run_pay_h5_url},
    {"client_encrypt", " client key_id plaintext private_key ", " plaintext used_key_id ", run_client_encrypt},
    {"client_decrypt", " client ciphertext ", " plaintext ", run_client_decrypt},
    {"load_certificates", " client response ", " due ", run_load_certificates},
    {"upload", " client url meta filename content_type file ", PREPARED, run_upload},
    {"encrypt_fields", " client url body pointers private_key ", " body plaintexts serial ", run_encrypt_fields},
    {"decrypt_fields", " client method url body pointers response ", " json ", run_decrypt_fields},
    {"bill", " csv totals ", " columns rows fen marks totals row_count ", run_bill},
    {"v2_sign", " client sign_type json ", " signature ", run_v2_sign},
    {"v2_prepare", " client path sign_type json ", " method url content_type fields ", run_v2_prepare},
    {"v2_check", " client request response ", " verified fields ", run_v2_check},
    {"v2_refund_open", " client req_info ", " refund ", run_v2_refund_open},
    {"v2_reply", " result reason ", " http_status body content_type ", run_v2_reply},
    {"pay_score", " client package ", " members ", run_pay_score},
    {"explain_response", " client method url body response ", REPORTED, run_explain_response},
    {"status", " code ", " name en zh ", run_status},
    {"explain_text", " text ", " report_status language ids first among ", run_explain_text},
    {"trust_report", " client ", REPORTED, run_trust_report},
    {"trust_probe", " client host port bind_address ", REPORTED, run_trust_probe},
    {"call", " config method url body ", " ids first among diagnosis_text ", run_call},
};

static void only(struct run *run, const cJSON *object, const char *known, const char *also) {
    const cJSON *member;
    char name[64];
    if (!cJSON_IsObject(object)) wrong(run, "a member is not an object");
    cJSON_ArrayForEach(member, object) {
        snprintf(name, sizeof name, " %s ", member->string);
        if (strstr(known, name) == NULL && strstr(also, name) == NULL) wrong(run, "unknown member%s", name);
    }
}

static int64_t number(const cJSON *object, const char *name, int64_t otherwise) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(member) ? (int64_t)member->valuedouble : otherwise;
}

static int passes(const cJSON *one) {
    struct run run;
    const char *op = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "op"));
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "id"));
    const size_t count = sizeof OPERATIONS / sizeof *OPERATIONS;
    size_t at;
    memset(&run, 0, sizeof run);
    run.in = cJSON_GetObjectItemCaseSensitive(one, "in");
    run.want = cJSON_GetObjectItemCaseSensitive(one, "want");
    run.now = number(one, "now", 0);
    for (at = 0; at < count && (op == NULL || strcmp(OPERATIONS[at].name, op) != 0); at++) continue;
    if (at == count) {
        wrong(&run, "unknown operation");
    } else {
        only(&run, one, " id op now in want ", "");
        only(&run, run.in, OPERATIONS[at].in, "");
        only(&run, run.want, OPERATIONS[at].want, " status outcome ");
        if (run.why[0] == '\0') OPERATIONS[at].run(&run);
        if (run.status != (wxpay_status)number(run.want, "status", 0)) wrong(&run, "status %d", (int)run.status);
        if (run.outcome != number(run.want, "outcome", run.outcome)) wrong(&run, "outcome %d", (int)run.outcome);
    }
    if (run.why[0] != '\0') printf("%s: %s\n", id ? id : "a case without id", run.why);
    forget();
    return run.why[0] == '\0';
}

int main(int argc, char **argv) {
    unsigned long passed = 0, failed = 0;
    int file;
    if (argc < 3) {
        fprintf(stderr, "usage: %s DIR FILE...\n", argv[0]);
        return 2;
    }
    root = argv[1];
    if (wxpay_abi_version() >> 16 != 0) return 2;
    for (file = 2; file < argc; file++) {
        const char *name = argv[file] + (strncmp(argv[file], root, strlen(root)) == 0 ? strlen(root) + 1 : 0);
        cJSON *path = cJSON_CreateObject(), *cases;
        const cJSON *one;
        struct bytes text;
        cJSON_AddStringToObject(path, "file", name);
        text = value(path);
        cases = cJSON_ParseWithLength(text.data, text.len);
        cJSON_Delete(path);
        forget();
        if (!cJSON_IsArray(cases)) {
            fprintf(stderr, "%s is not a JSON array\n", argv[file]);
            return 2;
        }
        cJSON_ArrayForEach(one, cases) {
            if (passes(one)) passed++;
            else failed++;
        }
        cJSON_Delete(cases);
    }
    forget_clients();
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed > 0;
}
