/* The same two jobs through the C interface of libwxpay. */
#include <cjson/cJSON.h>

#include "fixture.h"
#include "wxpay.h"

static wxpay_config *config;
static wxpay_client *client;
static char *order, *body, *headers;
static size_t order_len, body_len, headers_len;

static void failed(wxpay_error *error)
{
    fprintf(stderr, "%s %s\n", wxpay_error_message(error), wxpay_error_hint(error));
    exit(1);
}

void ours_open(const char *directory)
{
    wxpay_error *error = NULL;
    size_t len;
    char *json = content(directory, "config.json", &len);
    if (wxpay_config_new(&config, &error) != 0 || wxpay_config_load_json(config, json, len, &error) != 0 ||
        wxpay_client_new(config, &client, &error) != 0)
        failed(error);
    order = content(directory, "order.json", &order_len);
    body = content(directory, "notification.json", &body_len);
    headers = content(directory, "notification.headers", &headers_len);
}

/* Made from PEM, and freed. */
void ours_client(void)
{
    wxpay_client *made = NULL;
    wxpay_error *error = NULL;
    if (wxpay_client_new(config, &made, &error) != 0) failed(error);
    wxpay_client_free(made);
}

/* The whole header, into 1,024 bytes. */
size_t ours_authorization(char *out)
{
    static const char path[] = "/v3/pay/transactions/native";
    wxpay_message *request = NULL, *prepared = NULL;
    wxpay_error *error = NULL;
    size_t len;
    const char *found;
    if (wxpay_message_new_request("POST", 4, path, sizeof path - 1, order, order_len, &request, &error) != 0 ||
        wxpay_client_prepare(client, request, 0, &prepared, &error) != 0)
        failed(error);
    found = wxpay_message_header(prepared, "Authorization", 13);
    len = strlen(found);
    memcpy(out, found, len + 1);
    wxpay_message_free(prepared);
    wxpay_message_free(request);
    return len;
}

/* 1 when the order is paid. The library has read the JSON already; a merchant in C reads it again. */
int ours_notification(void)
{
    wxpay_message *message = NULL;
    wxpay_notify *notify = NULL;
    wxpay_error *error = NULL;
    const char *state;
    const cJSON *transaction;
    cJSON *opened;
    int paid;
    if (wxpay_message_new_response(0, body, body_len, &message, &error) != 0 ||
        wxpay_message_add_header_block(message, headers, headers_len, &error) != 0 ||
        wxpay_notify_open(client, message, 0, &notify, &error) != 0)
        failed(error);
    opened = cJSON_Parse(wxpay_notify_json(notify));
    transaction = cJSON_GetObjectItemCaseSensitive(opened, "resource");
    state = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(transaction, "trade_state"));
    paid = state && strcmp(state, "SUCCESS") == 0;
    cJSON_Delete(opened);
    wxpay_notify_free(notify);
    wxpay_message_free(message);
    return paid;
}
