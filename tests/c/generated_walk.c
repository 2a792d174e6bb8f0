/* Calls every exported function with bad and good arguments. Generated from include/wxpay.h;
 * do not edit, run: cargo run -p wxpay-gen. The arguments are chosen in walk.h. */

#include <wxpay.h>

enum handle_type {
    T_wxpay_bill,
    T_wxpay_buf,
    T_wxpay_client,
    T_wxpay_config,
    T_wxpay_download,
    T_wxpay_error,
    T_wxpay_key,
    T_wxpay_message,
    T_wxpay_notify,
    T_COUNT
};

static const char *const type_names[] = {
    "wxpay_bill",
    "wxpay_buf",
    "wxpay_client",
    "wxpay_config",
    "wxpay_download",
    "wxpay_error",
    "wxpay_key",
    "wxpay_message",
    "wxpay_notify",
    NULL
};

#include "walk.h"

static void call_wxpay_abi_version(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_abi_version(), 0);
}

static void call_wxpay_version(const struct args *a)
{
    gave_text(a, wxpay_version(), NULL);
}

static void call_wxpay_build_info(const struct args *a)
{
    gave_text(a, wxpay_build_info(), NULL);
}

static void call_wxpay_selftest(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_selftest(a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_status_name(const struct args *a)
{
    gave_text(a, wxpay_status_name((wxpay_status)a->number[0]), NULL);
}

static void call_wxpay_status_text(const struct args *a)
{
    gave_text(a, wxpay_status_text((wxpay_status)a->number[0], (int32_t)a->number[1]), NULL);
}

static void call_wxpay_error_status(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_error_status((const wxpay_error *)a->handle[0]), 0);
}

static void call_wxpay_error_outcome(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_error_outcome((const wxpay_error *)a->handle[0]), 0);
}

static void call_wxpay_error_retryable(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_error_retryable((const wxpay_error *)a->handle[0]), 0);
}

static void call_wxpay_error_retry_after_s(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_error_retry_after_s((const wxpay_error *)a->handle[0]), -1);
}

static void call_wxpay_error_http_status(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_error_http_status((const wxpay_error *)a->handle[0]), 0);
}

static void call_wxpay_error_message(const struct args *a)
{
    gave_text(a, wxpay_error_message((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_hint(const struct args *a)
{
    gave_text(a, wxpay_error_hint((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_api_code(const struct args *a)
{
    gave_text(a, wxpay_error_api_code((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_api_message(const struct args *a)
{
    gave_text(a, wxpay_error_api_message((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_request_id(const struct args *a)
{
    gave_text(a, wxpay_error_request_id((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_json(const struct args *a)
{
    gave_text(a, wxpay_error_json((const wxpay_error *)a->handle[0]), "");
}

static void call_wxpay_error_request(const struct args *a)
{
    gave_pointer(a, wxpay_error_request((const wxpay_error *)a->handle[0]));
}

static void call_wxpay_error_response(const struct args *a)
{
    gave_pointer(a, wxpay_error_response((const wxpay_error *)a->handle[0]));
}

static void call_wxpay_error_free(const struct args *a)
{
    wxpay_error_free((wxpay_error *)a->handle[0]);
    still_alive();
}

static void call_wxpay_buf_data(const struct args *a)
{
    gave_pointer(a, wxpay_buf_data((const wxpay_buf *)a->handle[0]));
}

static void call_wxpay_buf_len(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_buf_len((const wxpay_buf *)a->handle[0]), 0);
}

static void call_wxpay_buf_free(const struct args *a)
{
    wxpay_buf_free((wxpay_buf *)a->handle[0]);
    still_alive();
}

static void call_wxpay_message_new_request(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_new_request(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_message_new_response(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_new_response(
        (int32_t)a->number[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_message_add_header(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_add_header(
        (wxpay_message *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_message_add_header_block(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_add_header_block(
        (wxpay_message *)a->handle[0],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_message_set(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_set(
        (wxpay_message *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_message_cancel(const struct args *a)
{
    wxpay_message_cancel((const wxpay_message *)a->handle[0]);
    counted();
}

static void call_wxpay_message_method(const struct args *a)
{
    gave_text(a, wxpay_message_method((const wxpay_message *)a->handle[0]), "");
}

static void call_wxpay_message_url(const struct args *a)
{
    gave_text(a, wxpay_message_url((const wxpay_message *)a->handle[0]), "");
}

static void call_wxpay_message_status(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_message_status((const wxpay_message *)a->handle[0]), 0);
}

static void call_wxpay_message_header_count(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_message_header_count((const wxpay_message *)a->handle[0]), 0);
}

static void call_wxpay_message_header_name(const struct args *a)
{
    gave_text(a, wxpay_message_header_name((const wxpay_message *)a->handle[0], (size_t)a->number[0]), NULL);
}

static void call_wxpay_message_header_value(const struct args *a)
{
    gave_text(a, wxpay_message_header_value((const wxpay_message *)a->handle[0], (size_t)a->number[0]), NULL);
}

static void call_wxpay_message_header(const struct args *a)
{
    gave_text(a, wxpay_message_header((const wxpay_message *)a->handle[0], a->text[0], a->len[0]), NULL);
}

static void call_wxpay_message_body(const struct args *a)
{
    gave_pointer(a, wxpay_message_body((const wxpay_message *)a->handle[0]));
}

static void call_wxpay_message_body_len(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_message_body_len((const wxpay_message *)a->handle[0]), 0);
}

static void call_wxpay_message_verified(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_message_verified((const wxpay_message *)a->handle[0]), 0);
}

static void call_wxpay_message_request_id(const struct args *a)
{
    gave_text(a, wxpay_message_request_id((const wxpay_message *)a->handle[0]), "");
}

static void call_wxpay_message_key_id(const struct args *a)
{
    gave_text(a, wxpay_message_key_id((const wxpay_message *)a->handle[0]), "");
}

static void call_wxpay_message_trace(const struct args *a)
{
    gave_text(a, wxpay_message_trace((const wxpay_message *)a->handle[0]), "");
}

static void call_wxpay_message_free(const struct args *a)
{
    wxpay_message_free((wxpay_message *)a->handle[0]);
    still_alive();
}

static void call_wxpay_message_new_upload(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_new_upload(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->text[3],
        a->len[3],
        a->text[4],
        a->len[4],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_config_new(const struct args *a)
{
    wxpay_config *out = (wxpay_config *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_config_new(a->outs >= 1 ? &out : NULL, a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_config_free(out);
}

static void call_wxpay_config_free(const struct args *a)
{
    wxpay_config_free((wxpay_config *)a->handle[0]);
    still_alive();
}

static void call_wxpay_config_set(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_config_set(
        (wxpay_config *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_config_load_env(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_config_load_env(
        (wxpay_config *)a->handle[0],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_config_load_json(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_config_load_json(
        (wxpay_config *)a->handle[0],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_config_check(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_config_check(
        (const wxpay_config *)a->handle[0],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_client_new(const struct args *a)
{
    wxpay_client *out = (wxpay_client *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_new(
        (const wxpay_config *)a->handle[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_client_free(out);
}

static void call_wxpay_client_warm(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_warm((const wxpay_client *)a->handle[0], a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_client_info(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_info(
        (const wxpay_client *)a->handle[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_client_free(const struct args *a)
{
    wxpay_client_free((wxpay_client *)a->handle[0]);
    still_alive();
}

static void call_wxpay_client_send(const struct args *a)
{
    wxpay_message *response = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_send(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        a->outs >= 1 ? &response : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, response))
        wxpay_message_free(response);
}

static void call_wxpay_client_call(const struct args *a)
{
    wxpay_message *response = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_call(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->outs >= 1 ? &response : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, response))
        wxpay_message_free(response);
}

static void call_wxpay_client_refresh_certificates(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_refresh_certificates(
        (const wxpay_client *)a->handle[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_client_prepare(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_prepare(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_client_check(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_check(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (wxpay_message *)a->handle[2],
        (int64_t)a->number[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_client_prepare_unsigned(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_buf *to_sign = (wxpay_buf *)POISON;
    wxpay_buf *to_sign_sha256 = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_prepare_unsigned(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->outs >= 2 ? &to_sign : NULL,
        a->outs >= 2 ? &to_sign_sha256 : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
    if (given(a, status, a->outs >= 2, to_sign))
        wxpay_buf_free(to_sign);
    if (given(a, status, a->outs >= 2, to_sign_sha256))
        wxpay_buf_free(to_sign_sha256);
}

static void call_wxpay_message_attach_signature(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_message_attach_signature(
        (wxpay_message *)a->handle[0],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_client_certificates_due(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_client_certificates_due((const wxpay_client *)a->handle[0], (int64_t)a->number[0]), 0);
}

static void call_wxpay_client_certificates_request(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_certificates_request(
        (const wxpay_client *)a->handle[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_client_load_certificates(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_load_certificates(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (int64_t)a->number[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_explain_request(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_explain_request(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_notify_open(const struct args *a)
{
    wxpay_notify *out = (wxpay_notify *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_notify_open(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_notify_free(out);
}

static void call_wxpay_notify_id(const struct args *a)
{
    gave_text(a, wxpay_notify_id((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_event_type(const struct args *a)
{
    gave_text(a, wxpay_notify_event_type((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_resource_type(const struct args *a)
{
    gave_text(a, wxpay_notify_resource_type((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_original_type(const struct args *a)
{
    gave_text(a, wxpay_notify_original_type((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_create_time(const struct args *a)
{
    gave_text(a, wxpay_notify_create_time((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_summary(const struct args *a)
{
    gave_text(a, wxpay_notify_summary((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_serial(const struct args *a)
{
    gave_text(a, wxpay_notify_serial((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_json(const struct args *a)
{
    gave_text(a, wxpay_notify_json((const wxpay_notify *)a->handle[0]), "");
}

static void call_wxpay_notify_timestamp(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_notify_timestamp((const wxpay_notify *)a->handle[0]), 0);
}

static void call_wxpay_notify_plaintext(const struct args *a)
{
    gave_pointer(a, wxpay_notify_plaintext((const wxpay_notify *)a->handle[0]));
}

static void call_wxpay_notify_plaintext_len(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_notify_plaintext_len((const wxpay_notify *)a->handle[0]), 0);
}

static void call_wxpay_notify_free(const struct args *a)
{
    wxpay_notify_free((wxpay_notify *)a->handle[0]);
    still_alive();
}

static void call_wxpay_notify_reply(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_notify_reply(
        (wxpay_status)a->number[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_client_encrypt(const struct args *a)
{
    wxpay_buf *ciphertext_base64 = (wxpay_buf *)POISON;
    wxpay_buf *used_key_id = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_encrypt(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->outs >= 1 ? &ciphertext_base64 : NULL,
        a->outs >= 2 ? &used_key_id : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, ciphertext_base64))
        wxpay_buf_free(ciphertext_base64);
    if (given(a, status, a->outs >= 2, used_key_id))
        wxpay_buf_free(used_key_id);
}

static void call_wxpay_client_decrypt(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_decrypt(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_client_encrypt_fields(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_encrypt_fields(
        (const wxpay_client *)a->handle[0],
        (wxpay_message *)a->handle[1],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_client_decrypt_fields(const struct args *a)
{
    wxpay_buf *json = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_decrypt_fields(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &json : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, json))
        wxpay_buf_free(json);
}

static void call_wxpay_client_download(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_client_download(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_download_open(const struct args *a)
{
    wxpay_download *out = (wxpay_download *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_download_open(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_download_free(out);
}

static void call_wxpay_download_read(const struct args *a)
{
    uint8_t into[SCRATCH];
    size_t n = 0;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_download_read(
        (wxpay_download *)a->handle[0],
        a->outs >= 1 ? into : NULL,
        SCRATCH,
        a->outs >= 1 ? &n : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_download_received(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_download_received((const wxpay_download *)a->handle[0]), 0);
}

static void call_wxpay_download_total(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_download_total((const wxpay_download *)a->handle[0]), 0);
}

static void call_wxpay_download_verified(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_download_verified((const wxpay_download *)a->handle[0]), 0);
}

static void call_wxpay_download_cancel(const struct args *a)
{
    wxpay_download_cancel((const wxpay_download *)a->handle[0]);
    counted();
}

static void call_wxpay_download_free(const struct args *a)
{
    wxpay_download_free((wxpay_download *)a->handle[0]);
    still_alive();
}

static void call_wxpay_bill_open(const struct args *a)
{
    wxpay_bill *out = (wxpay_bill *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_bill_open(a->text[0], a->len[0], a->outs >= 1 ? &out : NULL, a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_bill_free(out);
}

static void call_wxpay_bill_open_download(const struct args *a)
{
    wxpay_bill *out = (wxpay_bill *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_bill_open_download(
        (wxpay_download *)a->handle[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_bill_free(out);
}

static void call_wxpay_bill_next(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_bill_next((wxpay_bill *)a->handle[0], a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_bill_row(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_row((const wxpay_bill *)a->handle[0]), 0);
}

static void call_wxpay_bill_row_count(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_row_count((const wxpay_bill *)a->handle[0]), 0);
}

static void call_wxpay_bill_column_count(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_column_count((const wxpay_bill *)a->handle[0]), 0);
}

static void call_wxpay_bill_column_name(const struct args *a)
{
    gave_text(a, wxpay_bill_column_name((const wxpay_bill *)a->handle[0], (size_t)a->number[0]), NULL);
}

static void call_wxpay_bill_column(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_column((const wxpay_bill *)a->handle[0], a->text[0], a->len[0]), -1);
}

static void call_wxpay_bill_field(const struct args *a)
{
    gave_text(a, wxpay_bill_field((const wxpay_bill *)a->handle[0], (size_t)a->number[0]), NULL);
}

static void call_wxpay_bill_is_text(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_is_text((const wxpay_bill *)a->handle[0], (size_t)a->number[0]), 0);
}

static void call_wxpay_bill_fen(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_fen((const wxpay_bill *)a->handle[0], (size_t)a->number[0]), INT64_MIN);
}

static void call_wxpay_bill_total(const struct args *a)
{
    gave_text(a, wxpay_bill_total((const wxpay_bill *)a->handle[0], a->text[0], a->len[0]), NULL);
}

static void call_wxpay_bill_total_fen(const struct args *a)
{
    gave_number(a, (int64_t)wxpay_bill_total_fen((const wxpay_bill *)a->handle[0], a->text[0], a->len[0]), INT64_MIN);
}

static void call_wxpay_bill_free(const struct args *a)
{
    wxpay_bill_free((wxpay_bill *)a->handle[0]);
    still_alive();
}

static void call_wxpay_pay_jsapi(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_jsapi(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_pay_mini_program(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_mini_program(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_pay_app(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_app(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_pay_unsigned(const struct args *a)
{
    wxpay_buf *params = (wxpay_buf *)POISON;
    wxpay_buf *to_sign = (wxpay_buf *)POISON;
    wxpay_buf *to_sign_sha256 = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_unsigned(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        (int64_t)a->number[0],
        a->outs >= 1 ? &params : NULL,
        a->outs >= 2 ? &to_sign : NULL,
        a->outs >= 2 ? &to_sign_sha256 : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, params))
        wxpay_buf_free(params);
    if (given(a, status, a->outs >= 2, to_sign))
        wxpay_buf_free(to_sign);
    if (given(a, status, a->outs >= 2, to_sign_sha256))
        wxpay_buf_free(to_sign_sha256);
}

static void call_wxpay_pay_attach(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_attach(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_pay_h5_url(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_h5_url(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_pay_score(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_pay_score(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_v2_sign(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_sign(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_v2_prepare(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_prepare(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_v2_check(const struct args *a)
{
    wxpay_buf *json = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_check(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (wxpay_message *)a->handle[2],
        a->outs >= 1 ? &json : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, json))
        wxpay_buf_free(json);
}

static void call_wxpay_v2_send(const struct args *a)
{
    wxpay_message *response = (wxpay_message *)POISON;
    wxpay_buf *json = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_send(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        a->outs >= 1 ? &response : NULL,
        a->outs >= 2 ? &json : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, response))
        wxpay_message_free(response);
    if (given(a, status, a->outs >= 2, json))
        wxpay_buf_free(json);
}

static void call_wxpay_v2_refund_open(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_refund_open(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_v2_reply(const struct args *a)
{
    wxpay_message *out = (wxpay_message *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_v2_reply(
        (wxpay_status)a->number[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_message_free(out);
}

static void call_wxpay_key_load(const struct args *a)
{
    wxpay_key *out = (wxpay_key *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_key_load(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_key_free(out);
}

static void call_wxpay_key_info(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_key_info(
        (const wxpay_key *)a->handle[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_key_free(const struct args *a)
{
    wxpay_key_free((wxpay_key *)a->handle[0]);
    still_alive();
}

static void call_wxpay_key_matches_cert(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_key_matches_cert(
        (const wxpay_key *)a->handle[0],
        a->text[0],
        a->len[0],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_canonical_request(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_canonical_request(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->text[3],
        a->len[3],
        a->text[4],
        a->len[4],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_canonical_response(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_canonical_response(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_sign(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_sign(
        (const wxpay_key *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_verify(const struct args *a)
{
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_verify(
        (const wxpay_key *)a->handle[0],
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->errs ? &err : NULL);
    answered(a, status, err);
}

static void call_wxpay_aead_decrypt(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_aead_decrypt(
        a->text[0],
        a->len[0],
        a->text[1],
        a->len[1],
        a->text[2],
        a->len[2],
        a->text[3],
        a->len[3],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_oaep_encrypt(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_oaep_encrypt(
        (const wxpay_key *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_oaep_decrypt(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_oaep_decrypt(
        (const wxpay_key *)a->handle[0],
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_trust_report(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_trust_report(
        (const wxpay_client *)a->handle[0],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_trust_probe(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_trust_probe(
        (const wxpay_client *)a->handle[0],
        a->text[0],
        a->len[0],
        (int32_t)a->number[0],
        a->text[1],
        a->len[1],
        (int64_t)a->number[1],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_explain_text(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_explain_text(
        a->text[0],
        a->len[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static void call_wxpay_explain_response(const struct args *a)
{
    wxpay_buf *out = (wxpay_buf *)POISON;
    wxpay_error *err = (wxpay_error *)POISON;
    wxpay_status status = wxpay_explain_response(
        (const wxpay_client *)a->handle[0],
        (const wxpay_message *)a->handle[1],
        (const wxpay_message *)a->handle[2],
        (int64_t)a->number[0],
        a->outs >= 1 ? &out : NULL,
        a->errs ? &err : NULL);
    answered(a, status, err);
    if (given(a, status, a->outs >= 1, out))
        wxpay_buf_free(out);
}

static const int errors_wxpay_selftest[] = { 901, 0 };
static const int errors_wxpay_message_new_request[] = { 100, 101, 102, 106, 503, 0 };
static const int errors_wxpay_message_new_response[] = { 100, 101, 503, 0 };
static const int errors_wxpay_message_add_header[] = { 100, 101, 102, 103, 105, 115, 206, 0 };
static const int errors_wxpay_message_add_header_block[] = { 100, 101, 102, 103, 105, 115, 206, 0 };
static const int errors_wxpay_message_set[] = { 100, 101, 102, 103, 115, 117, 0 };
static const int errors_wxpay_message_new_upload[] = { 100, 101, 102, 105, 106, 200, 213, 420, 503, 0 };
static const int errors_wxpay_config_new[] = { 101, 0 };
static const int errors_wxpay_config_set[] = { 100, 101, 102, 104, 105, 106, 114, 115, 117, 0 };
static const int errors_wxpay_config_load_env[] = { 100, 101, 102, 104, 105, 106, 114, 115, 117, 0 };
static const int errors_wxpay_config_load_json[] = { 100, 101, 102, 104, 105, 106, 114, 115, 117, 420, 0 };
static const int errors_wxpay_config_check[] = { 100, 101, 0 };
static const int errors_wxpay_client_new[] = { 100, 101, 104, 105, 106, 110, 111, 112, 113, 115, 116, 118, 119, 0 };
static const int errors_wxpay_client_warm[] = { 100, 101, 315, 0 };
static const int errors_wxpay_client_info[] = { 100, 101, 0 };
static const int errors_wxpay_client_send[] = { 100, 101, 102, 103, 105, 106, 110, 111, 116, 119, 200, 201, 202, 203, 204, 205, 206, 212, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 410, 420, 501, 503, 0 };
static const int errors_wxpay_client_call[] = { 100, 101, 102, 105, 106, 110, 111, 116, 119, 200, 201, 202, 203, 204, 205, 206, 212, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 410, 420, 503, 0 };
static const int errors_wxpay_client_refresh_certificates[] = { 100, 101, 103, 105, 106, 110, 111, 116, 119, 200, 201, 202, 203, 204, 205, 206, 210, 212, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 410, 420, 501, 0 };
static const int errors_wxpay_client_prepare[] = { 100, 101, 102, 103, 106, 110, 200, 204, 206, 410, 0 };
static const int errors_wxpay_client_check[] = { 100, 101, 103, 106, 201, 202, 203, 204, 205, 206, 212, 400, 401, 402, 0 };
static const int errors_wxpay_client_prepare_unsigned[] = { 100, 101, 102, 103, 106, 110, 200, 204, 206, 410, 0 };
static const int errors_wxpay_message_attach_signature[] = { 100, 101, 103, 200, 0 };
static const int errors_wxpay_client_certificates_request[] = { 100, 101, 0 };
static const int errors_wxpay_client_load_certificates[] = { 100, 101, 103, 105, 110, 111, 116, 119, 201, 202, 203, 204, 205, 206, 210, 212, 400, 401, 402, 410, 420, 0 };
static const int errors_wxpay_explain_request[] = { 100, 101, 102, 103, 106, 110, 200, 204, 206, 410, 0 };
static const int errors_wxpay_notify_open[] = { 100, 101, 105, 110, 201, 202, 203, 204, 205, 206, 210, 212, 421, 0 };
static const int errors_wxpay_notify_reply[] = { 100, 101, 102, 0 };
static const int errors_wxpay_client_encrypt[] = { 100, 101, 102, 204, 211, 410, 0 };
static const int errors_wxpay_client_decrypt[] = { 100, 101, 102, 110, 210, 0 };
static const int errors_wxpay_client_encrypt_fields[] = { 100, 101, 102, 103, 105, 204, 206, 211, 410, 420, 503, 0 };
static const int errors_wxpay_client_decrypt_fields[] = { 100, 101, 102, 103, 105, 110, 210, 420, 503, 0 };
static const int errors_wxpay_client_download[] = { 100, 101, 102, 105, 106, 110, 200, 201, 202, 203, 204, 205, 206, 210, 212, 213, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 410, 420, 501, 503, 0 };
static const int errors_wxpay_download_open[] = { 100, 101, 102, 105, 106, 110, 200, 201, 202, 203, 204, 205, 206, 210, 212, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 410, 420, 501, 503, 0 };
static const int errors_wxpay_download_read[] = { 100, 101, 103, 118, 210, 213, 302, 303, 304, 305, 307, 314, 500, 501, 503, 0 };
static const int errors_wxpay_bill_open[] = { 100, 101, 105, 423, 503, 0 };
static const int errors_wxpay_bill_open_download[] = { 100, 101, 103, 105, 118, 210, 213, 302, 303, 304, 305, 307, 314, 423, 500, 501, 503, 0 };
static const int errors_wxpay_bill_next[] = { 100, 101, 118, 423, 0 };
static const int errors_wxpay_pay_jsapi[] = { 100, 101, 102, 110, 200, 0 };
static const int errors_wxpay_pay_mini_program[] = { 100, 101, 102, 110, 200, 0 };
static const int errors_wxpay_pay_app[] = { 100, 101, 102, 110, 200, 0 };
static const int errors_wxpay_pay_unsigned[] = { 100, 101, 102, 110, 200, 0 };
static const int errors_wxpay_pay_attach[] = { 100, 101, 102, 420, 0 };
static const int errors_wxpay_pay_h5_url[] = { 100, 101, 102, 0 };
static const int errors_wxpay_pay_score[] = { 100, 101, 102, 110, 0 };
static const int errors_wxpay_v2_sign[] = { 100, 101, 102, 105, 110, 212, 420, 0 };
static const int errors_wxpay_v2_prepare[] = { 100, 101, 102, 105, 106, 110, 212, 420, 0 };
static const int errors_wxpay_v2_check[] = { 100, 101, 103, 110, 201, 212, 400, 401, 402, 422, 0 };
static const int errors_wxpay_v2_send[] = { 100, 101, 103, 105, 106, 110, 201, 212, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 400, 401, 402, 422, 501, 503, 0 };
static const int errors_wxpay_v2_refund_open[] = { 100, 101, 102, 110, 210, 0 };
static const int errors_wxpay_v2_reply[] = { 100, 101, 102, 0 };
static const int errors_wxpay_key_load[] = { 100, 101, 111, 112, 0 };
static const int errors_wxpay_key_info[] = { 100, 101, 0 };
static const int errors_wxpay_key_matches_cert[] = { 100, 101, 111, 113, 116, 0 };
static const int errors_wxpay_canonical_request[] = { 100, 101, 102, 106, 0 };
static const int errors_wxpay_canonical_response[] = { 100, 101, 102, 0 };
static const int errors_wxpay_sign[] = { 100, 101, 116, 200, 0 };
static const int errors_wxpay_verify[] = { 100, 101, 102, 201, 0 };
static const int errors_wxpay_aead_decrypt[] = { 100, 101, 102, 210, 0 };
static const int errors_wxpay_oaep_encrypt[] = { 100, 101, 211, 0 };
static const int errors_wxpay_oaep_decrypt[] = { 100, 101, 102, 116, 210, 0 };
static const int errors_wxpay_trust_report[] = { 100, 101, 0 };
static const int errors_wxpay_trust_probe[] = { 100, 101, 102, 0 };
static const int errors_wxpay_explain_text[] = { 100, 101, 0 };
static const int errors_wxpay_explain_response[] = { 100, 101, 103, 0 };

static const struct function functions[] = {
    { "wxpay_abi_version", call_wxpay_abi_version, { NULL }, { { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_version", call_wxpay_version, { NULL }, { { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_build_info", call_wxpay_build_info, { NULL }, { { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_selftest", call_wxpay_selftest, { NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_selftest, 0, 0, 0 },
    { "wxpay_status_name", call_wxpay_status_name, { NULL }, { { NULL, 0, 0 } }, { "status", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_status_text", call_wxpay_status_text, { NULL }, { { NULL, 0, 0 } }, { "status", "lang", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_status", call_wxpay_error_status, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_outcome", call_wxpay_error_outcome, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_retryable", call_wxpay_error_retryable, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_retry_after_s", call_wxpay_error_retry_after_s, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_http_status", call_wxpay_error_http_status, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_message", call_wxpay_error_message, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_hint", call_wxpay_error_hint, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_api_code", call_wxpay_error_api_code, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_api_message", call_wxpay_error_api_message, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_request_id", call_wxpay_error_request_id, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_json", call_wxpay_error_json, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_request", call_wxpay_error_request, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_response", call_wxpay_error_response, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_error_free", call_wxpay_error_free, { NULL }, { { "error", T_wxpay_error, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_buf_data", call_wxpay_buf_data, { NULL }, { { "buf", T_wxpay_buf, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_buf_len", call_wxpay_buf_len, { NULL }, { { "buf", T_wxpay_buf, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_buf_free", call_wxpay_buf_free, { NULL }, { { "buf", T_wxpay_buf, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_message_new_request", call_wxpay_message_new_request, { "method", "url", "body", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_new_request, 1, 0, 0 },
    { "wxpay_message_new_response", call_wxpay_message_new_response, { "body", NULL }, { { NULL, 0, 0 } }, { "status", NULL },
      errors_wxpay_message_new_response, 1, 0, 0 },
    { "wxpay_message_add_header", call_wxpay_message_add_header, { "name", "value", NULL }, { { "message", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_add_header, 0, 0, 0 },
    { "wxpay_message_add_header_block", call_wxpay_message_add_header_block, { "raw", NULL }, { { "message", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_add_header_block, 0, 0, 0 },
    { "wxpay_message_set", call_wxpay_message_set, { "key", "value", NULL }, { { "message", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_set, 0, 0, 0 },
    { "wxpay_message_cancel", call_wxpay_message_cancel, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_method", call_wxpay_message_method, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_url", call_wxpay_message_url, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_status", call_wxpay_message_status, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_header_count", call_wxpay_message_header_count, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_header_name", call_wxpay_message_header_name, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_header_value", call_wxpay_message_header_value, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_header", call_wxpay_message_header, { "name", NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_body", call_wxpay_message_body, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_body_len", call_wxpay_message_body_len, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_verified", call_wxpay_message_verified, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_request_id", call_wxpay_message_request_id, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_key_id", call_wxpay_message_key_id, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_trace", call_wxpay_message_trace, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_message_free", call_wxpay_message_free, { NULL }, { { "message", T_wxpay_message, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_message_new_upload", call_wxpay_message_new_upload, { "url", "meta_json", "filename", "content_type", "file", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_new_upload, 1, 0, 0 },
    { "wxpay_config_new", call_wxpay_config_new, { NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_config_new, 1, 0, 0 },
    { "wxpay_config_free", call_wxpay_config_free, { NULL }, { { "config", T_wxpay_config, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_config_set", call_wxpay_config_set, { "key", "value", NULL }, { { "config", T_wxpay_config, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_config_set, 0, 0, 0 },
    { "wxpay_config_load_env", call_wxpay_config_load_env, { "prefix", NULL }, { { "config", T_wxpay_config, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_config_load_env, 0, 0, 0 },
    { "wxpay_config_load_json", call_wxpay_config_load_json, { "json", NULL }, { { "config", T_wxpay_config, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_config_load_json, 0, 0, 0 },
    { "wxpay_config_check", call_wxpay_config_check, { NULL }, { { "config", T_wxpay_config, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_config_check, 1, 0, 0 },
    { "wxpay_client_new", call_wxpay_client_new, { NULL }, { { "config", T_wxpay_config, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_new, 1, 0, 0 },
    { "wxpay_client_warm", call_wxpay_client_warm, { NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_warm, 0, 0, 0 },
    { "wxpay_client_info", call_wxpay_client_info, { NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_info, 1, 0, 0 },
    { "wxpay_client_free", call_wxpay_client_free, { NULL }, { { "client", T_wxpay_client, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_client_send", call_wxpay_client_send, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_send, 1, 0, 1 },
    { "wxpay_client_call", call_wxpay_client_call, { "method", "url", "body", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_call, 1, 0, 1 },
    { "wxpay_client_refresh_certificates", call_wxpay_client_refresh_certificates, { NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_refresh_certificates, 0, 0, 1 },
    { "wxpay_client_prepare", call_wxpay_client_prepare, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_client_prepare, 1, 0, 0 },
    { "wxpay_client_check", call_wxpay_client_check, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { "response", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_client_check, 0, 0, 0 },
    { "wxpay_client_prepare_unsigned", call_wxpay_client_prepare_unsigned, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_client_prepare_unsigned, 1, 0, 0 },
    { "wxpay_message_attach_signature", call_wxpay_message_attach_signature, { "signature", NULL }, { { "message", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_message_attach_signature, 0, 0, 0 },
    { "wxpay_client_certificates_due", call_wxpay_client_certificates_due, { NULL }, { { "client", T_wxpay_client, 1 }, { NULL, 0, 0 } }, { "now", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_client_certificates_request", call_wxpay_client_certificates_request, { NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_certificates_request, 1, 0, 0 },
    { "wxpay_client_load_certificates", call_wxpay_client_load_certificates, { NULL }, { { "client", T_wxpay_client, 0 }, { "response", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_client_load_certificates, 0, 0, 0 },
    { "wxpay_explain_request", call_wxpay_explain_request, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_explain_request, 1, 0, 0 },
    { "wxpay_notify_open", call_wxpay_notify_open, { NULL }, { { "client", T_wxpay_client, 0 }, { "message", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_notify_open, 1, 0, 0 },
    { "wxpay_notify_id", call_wxpay_notify_id, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_event_type", call_wxpay_notify_event_type, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_resource_type", call_wxpay_notify_resource_type, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_original_type", call_wxpay_notify_original_type, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_create_time", call_wxpay_notify_create_time, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_summary", call_wxpay_notify_summary, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_serial", call_wxpay_notify_serial, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_json", call_wxpay_notify_json, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_timestamp", call_wxpay_notify_timestamp, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_plaintext", call_wxpay_notify_plaintext, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_plaintext_len", call_wxpay_notify_plaintext_len, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_notify_free", call_wxpay_notify_free, { NULL }, { { "notify", T_wxpay_notify, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_notify_reply", call_wxpay_notify_reply, { "reason", NULL }, { { NULL, 0, 0 } }, { "result", NULL },
      errors_wxpay_notify_reply, 1, 0, 0 },
    { "wxpay_client_encrypt", call_wxpay_client_encrypt, { "key_id", "plaintext", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_encrypt, 1, 0, 0 },
    { "wxpay_client_decrypt", call_wxpay_client_decrypt, { "ciphertext_base64", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_decrypt, 1, 0, 0 },
    { "wxpay_client_encrypt_fields", call_wxpay_client_encrypt_fields, { "pointers", NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_encrypt_fields, 0, 0, 0 },
    { "wxpay_client_decrypt_fields", call_wxpay_client_decrypt_fields, { "pointers", NULL }, { { "client", T_wxpay_client, 0 }, { "response", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_decrypt_fields, 1, 0, 0 },
    { "wxpay_client_download", call_wxpay_client_download, { "source", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_client_download, 1, 0, 1 },
    { "wxpay_download_open", call_wxpay_download_open, { "source", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_download_open, 1, 0, 1 },
    { "wxpay_download_read", call_wxpay_download_read, { NULL }, { { "download", T_wxpay_download, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_download_read, 1, 0, 1 },
    { "wxpay_download_received", call_wxpay_download_received, { NULL }, { { "download", T_wxpay_download, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_download_total", call_wxpay_download_total, { NULL }, { { "download", T_wxpay_download, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_download_verified", call_wxpay_download_verified, { NULL }, { { "download", T_wxpay_download, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_download_cancel", call_wxpay_download_cancel, { NULL }, { { "download", T_wxpay_download, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_download_free", call_wxpay_download_free, { NULL }, { { "download", T_wxpay_download, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_bill_open", call_wxpay_bill_open, { "csv", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_bill_open, 1, 0, 0 },
    { "wxpay_bill_open_download", call_wxpay_bill_open_download, { NULL }, { { "download", T_wxpay_download, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_bill_open_download, 1, 0, 1 },
    { "wxpay_bill_next", call_wxpay_bill_next, { NULL }, { { "bill", T_wxpay_bill, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_bill_next, 0, 0, 0 },
    { "wxpay_bill_row", call_wxpay_bill_row, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_row_count", call_wxpay_bill_row_count, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_column_count", call_wxpay_bill_column_count, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_column_name", call_wxpay_bill_column_name, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_column", call_wxpay_bill_column, { "name", NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_field", call_wxpay_bill_field, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_is_text", call_wxpay_bill_is_text, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_fen", call_wxpay_bill_fen, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { "index", NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_total", call_wxpay_bill_total, { "name", NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_total_fen", call_wxpay_bill_total_fen, { "name", NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 0, 0 },
    { "wxpay_bill_free", call_wxpay_bill_free, { NULL }, { { "bill", T_wxpay_bill, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_pay_jsapi", call_wxpay_pay_jsapi, { "appid", "prepay_id", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_pay_jsapi, 1, 0, 0 },
    { "wxpay_pay_mini_program", call_wxpay_pay_mini_program, { "appid", "prepay_id", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_pay_mini_program, 1, 0, 0 },
    { "wxpay_pay_app", call_wxpay_pay_app, { "appid", "prepay_id", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_pay_app, 1, 0, 0 },
    { "wxpay_pay_unsigned", call_wxpay_pay_unsigned, { "kind", "appid", "prepay_id", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_pay_unsigned, 1, 0, 0 },
    { "wxpay_pay_attach", call_wxpay_pay_attach, { "params", "signature", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_pay_attach, 1, 0, 0 },
    { "wxpay_pay_h5_url", call_wxpay_pay_h5_url, { "h5_url", "redirect_url", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_pay_h5_url, 1, 0, 0 },
    { "wxpay_pay_score", call_wxpay_pay_score, { "package", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_pay_score, 1, 0, 0 },
    { "wxpay_v2_sign", call_wxpay_v2_sign, { "sign_type", "json", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_v2_sign, 1, 0, 0 },
    { "wxpay_v2_prepare", call_wxpay_v2_prepare, { "path", "sign_type", "json", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_v2_prepare, 1, 0, 0 },
    { "wxpay_v2_check", call_wxpay_v2_check, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 1 }, { "response", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_v2_check, 1, 0, 0 },
    { "wxpay_v2_send", call_wxpay_v2_send, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_v2_send, 1, 0, 1 },
    { "wxpay_v2_refund_open", call_wxpay_v2_refund_open, { "req_info_base64", NULL }, { { "client", T_wxpay_client, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_v2_refund_open, 1, 0, 0 },
    { "wxpay_v2_reply", call_wxpay_v2_reply, { "reason", NULL }, { { NULL, 0, 0 } }, { "result", NULL },
      errors_wxpay_v2_reply, 1, 0, 0 },
    { "wxpay_key_load", call_wxpay_key_load, { "pem_or_der", "passphrase", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_key_load, 1, 0, 0 },
    { "wxpay_key_info", call_wxpay_key_info, { NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_key_info, 1, 0, 0 },
    { "wxpay_key_free", call_wxpay_key_free, { NULL }, { { "key", T_wxpay_key, 1 }, { NULL, 0, 0 } }, { NULL },
      NULL, 0, 1, 0 },
    { "wxpay_key_matches_cert", call_wxpay_key_matches_cert, { "cert", NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_key_matches_cert, 0, 0, 0 },
    { "wxpay_canonical_request", call_wxpay_canonical_request, { "method", "url", "timestamp", "nonce", "body", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_canonical_request, 1, 0, 0 },
    { "wxpay_canonical_response", call_wxpay_canonical_response, { "timestamp", "nonce", "body", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_canonical_response, 1, 0, 0 },
    { "wxpay_sign", call_wxpay_sign, { "message", NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_sign, 1, 0, 0 },
    { "wxpay_verify", call_wxpay_verify, { "message", "signature_base64", NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_verify, 0, 0, 0 },
    { "wxpay_aead_decrypt", call_wxpay_aead_decrypt, { "key", "nonce", "aad", "ciphertext_base64", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_aead_decrypt, 1, 0, 0 },
    { "wxpay_oaep_encrypt", call_wxpay_oaep_encrypt, { "plaintext", NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_oaep_encrypt, 1, 0, 0 },
    { "wxpay_oaep_decrypt", call_wxpay_oaep_decrypt, { "ciphertext_base64", NULL }, { { "key", T_wxpay_key, 0 }, { NULL, 0, 0 } }, { NULL },
      errors_wxpay_oaep_decrypt, 1, 0, 0 },
    { "wxpay_trust_report", call_wxpay_trust_report, { NULL }, { { "client", T_wxpay_client, 1 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_trust_report, 1, 0, 0 },
    { "wxpay_trust_probe", call_wxpay_trust_probe, { "host", "bind_address", NULL }, { { "client", T_wxpay_client, 1 }, { NULL, 0, 0 } }, { "port", "now", NULL },
      errors_wxpay_trust_probe, 1, 0, 1 },
    { "wxpay_explain_text", call_wxpay_explain_text, { "pasted_error", NULL }, { { NULL, 0, 0 } }, { NULL },
      errors_wxpay_explain_text, 1, 0, 0 },
    { "wxpay_explain_response", call_wxpay_explain_response, { NULL }, { { "client", T_wxpay_client, 0 }, { "request", T_wxpay_message, 0 }, { "response", T_wxpay_message, 0 }, { NULL, 0, 0 } }, { "now", NULL },
      errors_wxpay_explain_response, 1, 0, 0 },
};

static void free_handle(int type, void *handle)
{
    switch (type) {
    case T_wxpay_bill:
        wxpay_bill_free((wxpay_bill *)handle);
        break;
    case T_wxpay_buf:
        wxpay_buf_free((wxpay_buf *)handle);
        break;
    case T_wxpay_client:
        wxpay_client_free((wxpay_client *)handle);
        break;
    case T_wxpay_config:
        wxpay_config_free((wxpay_config *)handle);
        break;
    case T_wxpay_download:
        wxpay_download_free((wxpay_download *)handle);
        break;
    case T_wxpay_error:
        wxpay_error_free((wxpay_error *)handle);
        break;
    case T_wxpay_key:
        wxpay_key_free((wxpay_key *)handle);
        break;
    case T_wxpay_message:
        wxpay_message_free((wxpay_message *)handle);
        break;
    case T_wxpay_notify:
        wxpay_notify_free((wxpay_notify *)handle);
        break;
    default:
        break;
    }
}

int main(int argc, char **argv)
{
    return walk(functions, sizeof functions / sizeof functions[0], free_handle, argc, argv);
}
