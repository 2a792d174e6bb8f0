/* Uploads, fields by pointer and bills: bytes of which a part is made anew each time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

/* Text that grows; forgotten with the case. */
struct text {
    char *data;
    size_t len, room;
};

static void add(struct text *text, const char *data, size_t len) {
    if (text->len + len > text->room) {
        char *larger = block((text->len + len) * 2);
        if (text->len > 0) memcpy(larger, text->data, text->len);
        text->data = larger;
        text->room = (text->len + len) * 2;
    }
    if (len > 0) memcpy(text->data + text->len, data, len);
    text->len += len;
}

static void add_text(struct text *text, const char *data) {
    add(text, data ? data : "(NULL)", data ? strlen(data) : 6);
}

static void add_amount(struct text *text, int64_t fen) {
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", (long long)fen);
    add_text(text, fen == INT64_MIN ? "-" : digits);
}

static void wants(struct run *run, const char *name, const struct text *text) {
    wants_bytes(run, name, text->data ? text->data : "", text->len);
}

/* Where `mark` begins in the rest of `in`, or its end. */
static size_t find(struct bytes in, size_t from, const char *mark) {
    const size_t len = strlen(mark);
    for (; from + len <= in.len; from++)
        if (memcmp(in.data + from, mark, len) == 0) return from;
    return in.len;
}

struct bytes replaced(struct bytes in, const char *mark, const char *by) {
    struct text out = {NULL, 0, 0};
    struct bytes made;
    size_t from = 0;
    for (;;) {
        const size_t at = find(in, from, mark);
        add(&out, in.data + from, at - from);
        if (at == in.len) break;
        add_text(&out, by);
        from = at + strlen(mark);
    }
    made.data = out.data ? out.data : kept("", 0);
    made.len = out.len;
    return made;
}

void run_upload(struct run *run) {
    struct bytes url = given(run, "url"), meta = given(run, "meta"), filename = given(run, "filename"),
                 content_type = given(run, "content_type"), file = given(run, "file"), body;
    const char kind[] = "multipart/form-data; boundary=", *type;
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, "body");
    wxpay_message *upload = POISON(wxpay_message), *out = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    if (client == NULL
        || !MADE(upload, wxpay_message_new_upload(url.data, url.len, meta.data, meta.len, filename.data, filename.len, content_type.data,
                                                  content_type.len, file.data, file.len, &upload, &error)))
        return;
    error = POISON(wxpay_error);
    if (MADE(out, wxpay_client_prepare(client, upload, run->now, &out, &error))) {
        type = wxpay_message_header(out, "Content-Type", 12);
        if (type == NULL || strncmp(type, kind, sizeof kind - 1) != 0 || strlen(type) < sizeof kind - 1 + 32) {
            wrong(run, "Content-Type is %s", type ? type : "not there");
        } else {
            prepared(run, out, NULL, 0);
            if (want != NULL) {
                body = replaced(value(want), "{boundary}", type + sizeof kind - 1);
                if (body.len != wxpay_message_body_len(out) || memcmp(body.data, wxpay_message_body(out), body.len) != 0)
                    wrong(run, "body is another");
            }
        }
        wxpay_message_free(out);
    }
    wxpay_message_free(upload);
}

/* The body is the expected one with a ciphertext in each place, and each opens. */
static void sealed(struct run *run, const wxpay_message *message, wxpay_key *private_key) {
    const char mark[] = "<ciphertext>";
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(run->want, "body");
    struct bytes expected, body;
    struct text plaintexts = {NULL, 0, 0};
    size_t from = 0, at = 0, end;
    if (want == NULL) return;
    expected = value(want);
    body.data = kept((const char *)wxpay_message_body(message), wxpay_message_body_len(message));
    body.len = wxpay_message_body_len(message);
    for (;;) {
        wxpay_buf *out = POISON(wxpay_buf);
        wxpay_error *error = POISON(wxpay_error);
        end = find(expected, from, mark);
        if (body.len - at < end - from || memcmp(body.data + at, expected.data + from, end - from) != 0) {
            wrong(run, "the body is another at byte %d", (int)at);
            return;
        }
        at += end - from;
        if (end == expected.len) break;
        from = end + sizeof mark - 1;
        end = find(body, at, "\"");
        if (!MADE(out, wxpay_oaep_decrypt(private_key, body.data + at, end - at, &out, &error))) return;
        if (plaintexts.len > 0) add(&plaintexts, "\n", 1);
        add(&plaintexts, (const char *)wxpay_buf_data(out), wxpay_buf_len(out));
        wxpay_buf_free(out);
        at = end;
    }
    if (at != body.len) wrong(run, "the body is longer");
    wants(run, "plaintexts", &plaintexts);
}

void run_encrypt_fields(struct run *run) {
    struct bytes url = given(run, "url"), body = given(run, "body"), pointers = given(run, "pointers"), none = {NULL, 0};
    wxpay_key *private_key = key_of(run, given(run, "private_key"), none);
    wxpay_message *request = POISON(wxpay_message), *out = POISON(wxpay_message);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    if (client != NULL && private_key != NULL
        && MADE(request, wxpay_message_new_request("POST", 4, url.data, url.len, body.data, body.len, &request, &error))) {
        error = POISON(wxpay_error);
        if (OK(wxpay_client_encrypt_fields(client, request, pointers.data, pointers.len, &error))) {
            error = POISON(wxpay_error);
            if (MADE(out, wxpay_client_prepare(client, request, 0, &out, &error))) {
                wants_text(run, "serial", wxpay_message_header(out, "Wechatpay-Serial", 16));
                sealed(run, out, private_key);
                wxpay_message_free(out);
            }
        }
        wxpay_message_free(request);
    }
    wxpay_key_free(private_key);
}

void run_decrypt_fields(struct run *run) {
    struct bytes pointers = given(run, "pointers");
    wxpay_buf *out = POISON(wxpay_buf);
    wxpay_error *error = POISON(wxpay_error);
    wxpay_client *client = client_of(run, 0);
    wxpay_message *request = client ? request_of(run) : NULL, *response = request ? response_of(run, NULL) : NULL;
    if (response != NULL && OK(wxpay_client_check(client, request, response, run->now, &error))) {
        error = POISON(wxpay_error);
        if (MADE(out, wxpay_client_decrypt_fields(client, response, pointers.data, pointers.len, &out, &error))) {
            wants_buf(run, "json", out);
            wxpay_buf_free(out);
        }
    }
    wxpay_message_free(response);
    wxpay_message_free(request);
}

void run_bill(struct run *run) {
    struct bytes csv = given(run, "csv"), names = given(run, "totals");
    struct text columns = {NULL, 0, 0}, rows = {NULL, 0, 0}, fen = {NULL, 0, 0}, marks = {NULL, 0, 0}, totals = {NULL, 0, 0};
    wxpay_bill *bill = POISON(wxpay_bill);
    wxpay_error *error = POISON(wxpay_error);
    size_t at, count, from;
    int64_t number;
    if (!MADE(bill, wxpay_bill_open(csv.data, csv.len, &bill, &error))) return;
    count = wxpay_bill_column_count(bill);
    for (at = 0; at < count; at++) {
        add_text(&columns, wxpay_bill_column_name(bill, at));
        add_text(&columns, at + 1 < count ? "\t" : "\n");
    }
    for (number = 1;; number++) {
        error = POISON(wxpay_error);
        if (!OK(wxpay_bill_next(bill, &error)) || wxpay_bill_row(bill) == 0) break;
        if (wxpay_bill_row(bill) != number) wrong(run, "row %d has another number", (int)number);
        for (at = 0; at < count; at++) {
            const char *between = at + 1 < count ? "\t" : "\n";
            add_text(&rows, wxpay_bill_field(bill, at));
            add_text(&rows, between);
            add_amount(&fen, wxpay_bill_fen(bill, at));
            add_text(&fen, between);
            add_text(&marks, wxpay_bill_is_text(bill, at) == 1 ? "1" : "0");
        }
        add_text(&marks, "\n");
    }
    for (from = 0; from <= names.len; from = at + 1) {
        const char *name = names.data + from, *total;
        at = find(names, from, "\n");
        total = wxpay_bill_total(bill, name, at - from);
        add(&totals, name, at - from);
        add_text(&totals, "\t");
        add_text(&totals, total ? total : "~");
        add_text(&totals, "\t");
        add_amount(&totals, wxpay_bill_total_fen(bill, name, at - from));
        add_text(&totals, "\n");
    }
    wants(run, "columns", &columns);
    wants(run, "rows", &rows);
    wants(run, "fen", &fen);
    wants(run, "marks", &marks);
    wants(run, "totals", &totals);
    wants_number(run, "row_count", wxpay_bill_row_count(bill));
    wxpay_bill_free(bill);
}
