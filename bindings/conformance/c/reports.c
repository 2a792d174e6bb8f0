/* Operations whose answer is a report with diagnosis ids, and a call whose error has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

static const cJSON *wanted(struct run *run, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(run->want, name);
}

static void wants_member(struct run *run, const char *name, const cJSON *report, const char *member) {
    const cJSON *want = wanted(run, name);
    if (want != NULL && !cJSON_Compare(want, cJSON_GetObjectItemCaseSensitive(report, member), 1))
        wrong(run, "%s is another", name);
}

void wants_report(struct run *run, const char *json, size_t len) {
    cJSON *report = cJSON_ParseWithLength(json, len);
    const cJSON *one, *diagnosis = cJSON_GetObjectItemCaseSensitive(report, "diagnosis");
    const cJSON *first = cJSON_GetArrayItem(diagnosis, 0);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "text"));
    const char *id, *want;
    char ids[1000] = " ", each[100];
    if (report == NULL) wrong(run, "the report is not JSON");
    cJSON_ArrayForEach(one, diagnosis) {
        id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "id"));
        if (id == NULL || strlen(ids) + strlen(id) + 2 > sizeof ids) {
            wrong(run, "a diagnosis has no id, or there are too many");
            break;
        }
        strcat(strcat(ids, id), " ");
    }
    wants_member(run, "report_status", report, "status");
    wants_member(run, "verdict", report, "verdict");
    wants_member(run, "language", report, "language");
    /* Each id has a space on both sides here. */
    if ((want = cJSON_GetStringValue(wanted(run, "ids"))) != NULL
        && (strlen(want) + (*want ? 2 : 1) != strlen(ids) || strncmp(ids + 1, want, strlen(want)) != 0))
        wrong(run, "ids are%s", ids);
    if ((want = cJSON_GetStringValue(wanted(run, "first"))) != NULL
        && (strncmp(ids + 1, want, strlen(want)) != 0 || ids[1 + strlen(want)] != ' '))
        wrong(run, "ids are%s", ids);
    for (want = cJSON_GetStringValue(wanted(run, "among")); want != NULL && *want != '\0';) {
        const size_t length = strcspn(want, " ");
        snprintf(each, sizeof each, " %.*s ", (int)length, want);
        if (strstr(ids, each) == NULL) wrong(run, "ids are%s", ids);
        want += length + (want[length] == ' ');
    }
    if ((want = cJSON_GetStringValue(wanted(run, "diagnosis_text"))) != NULL && (text == NULL || strstr(text, want) == NULL))
        wrong(run, "the first diagnosis says %s", text ? text : "nothing");
    cJSON_Delete(report);
}

static void result(struct run *run, wxpay_status status, wxpay_error *error, wxpay_buf *out) {
    if (!made(run, status, error, out)) return;
    wants_report(run, (const char *)wxpay_buf_data(out), wxpay_buf_len(out));
    wxpay_buf_free(out);
}

/* NULL where `in` has none; 0 when the case is to stop. */
static int client_or_none(struct run *run, wxpay_client **client) {
    *client = NULL;
    if (cJSON_GetObjectItemCaseSensitive(run->in, "client") == NULL) return 1;
    *client = client_of(run, 0);
    return *client != NULL;
}

void run_explain_response(struct run *run) {
    wxpay_message *prepared_one = POISON(wxpay_message), *response;
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_message *request = client ? request_of(run) : NULL;
    wxpay_status status;
    if (request != NULL && MADE(prepared_one, wxpay_client_prepare(client, request, run->now, &prepared_one, &error))) {
        response = response_of(run, nonce_of(prepared_one));
        if (response != NULL) {
            error = POISON(wxpay_error);
            status = wxpay_explain_response(client, prepared_one, response, run->now, &out, &error);
            result(run, status, error, out);
        }
        wxpay_message_free(response);
        wxpay_message_free(prepared_one);
    }
    wxpay_message_free(request);
}

void run_explain_text(struct run *run) {
    struct bytes text = given(run, "text");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_status status = wxpay_explain_text(text.data, text.len, &out, &error);
    result(run, status, error, out);
}

void run_trust_report(struct run *run) {
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client;
    wxpay_status status;
    if (!client_or_none(run, &client)) return;
    status = wxpay_trust_report(client, run->now, &out, &error);
    result(run, status, error, out);
}

void run_trust_probe(struct run *run) {
    struct bytes host = given(run, "host"), bind = given(run, "bind_address");
    const cJSON *port = cJSON_GetObjectItemCaseSensitive(run->in, "port");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client;
    wxpay_status status;
    if (!cJSON_IsNumber(port)) {
        wrong(run, "in has no port");
        return;
    }
    if (!client_or_none(run, &client)) return;
    status = wxpay_trust_probe(client, host.data, host.len, (int32_t)port->valuedouble, bind.data, bind.len, run->now, &out, &error);
    result(run, status, error, out);
}

void run_call(struct run *run) {
    struct bytes method = given(run, "method"), url = given(run, "url"), body = given(run, "body");
    wxpay_message *response = POISON(wxpay_message);
    wxpay_client *client = POISON(wxpay_client);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_config *config = config_of(run, cJSON_GetObjectItemCaseSensitive(run->in, "config"));
    int is_made;
    if (config == NULL) return;
    is_made = MADE(client, wxpay_client_new(config, &client, &error));
    wxpay_config_free(config);
    if (!is_made) return;
    error = POISON(wxpay_error);
    if (MADE(response, wxpay_client_call(client, method.data, method.len, url.data, url.len, body.data, body.len, &response, &error))) {
        wants_report(run, "{}", 2); /* nothing was diagnosed */
        wxpay_message_free(response);
    }
    wxpay_client_free(client);
}
