/* libwxpay by its C functions, as a merchant would link it.
 *
 *   wxpay_client MERCHANT-JSON PRIVATE-KEY BODY-FILE keep|new
 */
#include <wxpay.h>

#include "side.h"

struct side {
    wxpay_client *client;
};

static const char *target = "/v3/pay/transactions/native";
static wxpay_config *config;
static wxpay_key *key;
static char *body;
static size_t body_len;

/* `call` hands its error to `error`. */
#define MUST(call)                                               \
    do {                                                         \
        wxpay_error *error = NULL;                               \
        if ((call) != 0) die(wxpay_error_message(error));        \
    } while (0)

side *new_side(int shared) {
    static wxpay_client *of_all;
    side *made = calloc(1, sizeof *made);
    if (shared && of_all) {
        made->client = of_all;
        return made;
    }
    /* Clients of equal settings share their connections: independent ones differ by a millisecond. */
    static int number;
    char timeout[32];
    int len = snprintf(timeout, sizeof timeout, "%d", 5000 + number++);
    MUST(wxpay_config_set(config, "connect_timeout_ms", 18, timeout, (size_t)len, &error));
    MUST(wxpay_client_new(config, &made->client, &error));
    if (shared) of_all = made->client;
    return made;
}

void request(side *one) {
    wxpay_message *answer = NULL;
    MUST(wxpay_client_call(one->client, "POST", 4, target, strlen(target), body, body_len, &answer, &error));
    if (wxpay_message_verified(answer) != WXPAY_VERIFIED_SIGNATURE) die("not verified");
    wxpay_message_free(answer);
}

void authorization(side *one) {
    wxpay_message *order = NULL, *prepared = NULL;
    MUST(wxpay_message_new_request("POST", 4, target, strlen(target), body, body_len, &order, &error));
    MUST(wxpay_client_prepare(one->client, order, 0, &prepared, &error));
    wxpay_message_free(prepared);
    wxpay_message_free(order);
}

void bare_signature(side *one) {
    wxpay_buf *signature = NULL;
    (void)one;
    MUST(wxpay_sign(key, body, body_len, &signature, &error));
    wxpay_buf_free(signature);
}

long connections(side *one) {
    wxpay_buf *info = NULL;
    MUST(wxpay_client_info(one->client, &info, &error));
    const char *found = strstr((const char *)wxpay_buf_data(info), "\"connections\":");
    long count = found ? strtol(found + strlen("\"connections\":"), NULL, 10) : -1;
    wxpay_buf_free(info);
    return count;
}

int main(int count, char **arguments) {
    if (count != 5) die("usage: MERCHANT-JSON PRIVATE-KEY BODY-FILE keep|new");
    size_t len;
    char *merchant = file_content(arguments[1], &len);
    body = file_content(arguments[3], &body_len);
    MUST(wxpay_config_new(&config, &error));
    MUST(wxpay_config_load_json(config, merchant, len, &error));
    if (strcmp(arguments[4], "new") == 0) MUST(wxpay_config_set(config, "max_idle_connections", 20, "0", 1, &error));
    char *pem = file_content(arguments[2], &len);
    MUST(wxpay_key_load(pem, len, "", 0, &key, &error));
    take_turns();
    return 0;
}
