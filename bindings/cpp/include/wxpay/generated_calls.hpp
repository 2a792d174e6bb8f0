// Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
//
// The bodies of what wxpay/generated.hpp declares. Include wxpay/wxpay.hpp instead of this.
#include "wxpay.hpp" // before the guard: it includes this in turn, where the bodies belong
#ifndef WXPAY_GENERATED_CALLS_HPP
#define WXPAY_GENERATED_CALLS_HPP

namespace wxpay {

/// What prepare_unsigned() gives.
struct PrepareUnsignedResult {
    wxpay::Message message;
    std::string to_sign;
    std::string to_sign_sha256;
};

/// What encrypt() gives.
struct EncryptResult {
    std::string ciphertext_base64;
    std::string used_key_id;
};

/// What unsigned_() gives.
struct UnsignedResult {
    std::string params;
    std::string to_sign;
    std::string to_sign_sha256;
};

/// What v2_send() gives.
struct V2SendResult {
    wxpay::Message response;
    std::string json;
};

inline std::string version()
{
    return detail::text(wxpay_version());
}

inline std::string build_info()
{
    return detail::text(wxpay_build_info());
}

inline void selftest()
{
    detail::Call call;
    call.done(wxpay_selftest(call));
}

inline std::string status_name(std::int32_t status)
{
    return detail::text(wxpay_status_name(status));
}

inline std::string status_text(std::int32_t status, std::int32_t lang)
{
    return detail::text(wxpay_status_text(status, lang));
}

inline std::int32_t generated::Error::status() const noexcept
{
    return wxpay_error_status(handle());
}

inline std::int32_t generated::Error::outcome() const noexcept
{
    return wxpay_error_outcome(handle());
}

inline std::int32_t generated::Error::retryable() const noexcept
{
    return wxpay_error_retryable(handle());
}

inline std::int32_t generated::Error::retry_after_s() const noexcept
{
    return wxpay_error_retry_after_s(handle());
}

inline std::int32_t generated::Error::http_status() const noexcept
{
    return wxpay_error_http_status(handle());
}

inline std::string generated::Error::message() const
{
    return detail::text(wxpay_error_message(handle()));
}

inline std::string generated::Error::hint() const
{
    return detail::text(wxpay_error_hint(handle()));
}

inline std::string generated::Error::api_code() const
{
    return detail::text(wxpay_error_api_code(handle()));
}

inline std::string generated::Error::api_message() const
{
    return detail::text(wxpay_error_api_message(handle()));
}

inline std::string generated::Error::request_id() const
{
    return detail::text(wxpay_error_request_id(handle()));
}

inline std::string generated::Error::json() const
{
    return detail::text(wxpay_error_json(handle()));
}

inline Borrowed<wxpay::Message> generated::Error::request() const noexcept
{
    return Borrowed<wxpay::Message>(shared(), wxpay_error_request(handle()));
}

inline Borrowed<wxpay::Message> generated::Error::response() const noexcept
{
    return Borrowed<wxpay::Message>(shared(), wxpay_error_response(handle()));
}

inline wxpay::Message generated::Message::new_request(std::string_view method, std::string_view url, std::string_view body)
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_message_new_request(method.data(), method.size(), url.data(), url.size(), body.data(), body.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline wxpay::Message generated::Message::new_response(std::int32_t status, std::string_view body)
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_message_new_response(status, body.data(), body.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline void generated::Message::add_header(std::string_view name, std::string_view value)
{
    detail::Call call;
    call.done(wxpay_message_add_header(handle(), name.data(), name.size(), value.data(), value.size(), call));
}

inline void generated::Message::add_header_block(std::string_view raw)
{
    detail::Call call;
    call.done(wxpay_message_add_header_block(handle(), raw.data(), raw.size(), call));
}

inline void generated::Message::set(std::string_view key, std::string_view value)
{
    detail::Call call;
    call.done(wxpay_message_set(handle(), key.data(), key.size(), value.data(), value.size(), call));
}

inline void generated::Message::cancel() const noexcept
{
    wxpay_message_cancel(handle());
}

inline std::string generated::Message::method() const
{
    return detail::text(wxpay_message_method(handle()));
}

inline std::string generated::Message::url() const
{
    return detail::text(wxpay_message_url(handle()));
}

inline std::int32_t generated::Message::status() const noexcept
{
    return wxpay_message_status(handle());
}

inline std::size_t generated::Message::header_count() const noexcept
{
    return wxpay_message_header_count(handle());
}

inline std::optional<std::string> generated::Message::header_name(std::size_t index) const
{
    return detail::optional_text(wxpay_message_header_name(handle(), index));
}

inline std::optional<std::string> generated::Message::header_value(std::size_t index) const
{
    return detail::optional_text(wxpay_message_header_value(handle(), index));
}

inline std::optional<std::string> generated::Message::header(std::string_view name) const
{
    return detail::optional_text(wxpay_message_header(handle(), name.data(), name.size()));
}

inline std::string generated::Message::body() const
{
    return detail::bytes(wxpay_message_body(handle()), wxpay_message_body_len(handle()));
}

inline std::int32_t generated::Message::verified() const noexcept
{
    return wxpay_message_verified(handle());
}

inline std::string generated::Message::request_id() const
{
    return detail::text(wxpay_message_request_id(handle()));
}

inline std::string generated::Message::key_id() const
{
    return detail::text(wxpay_message_key_id(handle()));
}

inline std::string generated::Message::trace() const
{
    return detail::text(wxpay_message_trace(handle()));
}

inline wxpay::Message generated::Message::new_upload(std::string_view url, std::string_view meta_json, std::string_view filename, std::string_view content_type, std::string_view file)
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_message_new_upload(url.data(), url.size(), meta_json.data(), meta_json.size(), filename.data(), filename.size(), content_type.data(), content_type.size(), file.data(), file.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline wxpay::Config generated::Config::create()
{
    detail::Call call;
    detail::Out<wxpay_config, wxpay_config_free> out0;
    call.done(wxpay_config_new(out0, call));
    return wxpay::Config(out0.take());
}

inline void generated::Config::set(std::string_view key, std::string_view value)
{
    detail::Call call;
    call.done(wxpay_config_set(handle(), key.data(), key.size(), value.data(), value.size(), call));
}

inline void generated::Config::load_env(std::string_view prefix)
{
    detail::Call call;
    call.done(wxpay_config_load_env(handle(), prefix.data(), prefix.size(), call));
}

inline void generated::Config::load_json(std::string_view json)
{
    detail::Call call;
    call.done(wxpay_config_load_json(handle(), json.data(), json.size(), call));
}

inline std::string generated::Config::check() const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_config_check(handle(), 0, out0, call));
    return out0.bytes();
}

inline wxpay::Client generated::Client::create(const wxpay::Config &config)
{
    detail::Call call;
    detail::Out<wxpay_client, wxpay_client_free> out0;
    call.done(wxpay_client_new(config.handle(), out0, call));
    return wxpay::Client(out0.take());
}

inline void generated::Client::warm() const
{
    detail::Call call;
    call.done(wxpay_client_warm(handle(), call));
}

inline std::string generated::Client::info() const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_client_info(handle(), out0, call));
    return out0.bytes();
}

inline wxpay::Message generated::Client::send(const wxpay::Message &request) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_client_send(handle(), request.handle(), out0, call));
    return wxpay::Message(out0.take());
}

inline wxpay::Message generated::Client::call(std::string_view method, std::string_view url, std::string_view body) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_client_call(handle(), method.data(), method.size(), url.data(), url.size(), body.data(), body.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline void generated::Client::refresh_certificates() const
{
    detail::Call call;
    call.done(wxpay_client_refresh_certificates(handle(), call));
}

inline wxpay::Message generated::Client::prepare(const wxpay::Message &request) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_client_prepare(handle(), request.handle(), 0, out0, call));
    return wxpay::Message(out0.take());
}

inline void generated::Client::check(const wxpay::Message &request, wxpay::Message &response) const
{
    detail::Call call;
    call.done(wxpay_client_check(handle(), request.handle(), response.handle(), 0, call));
}

inline PrepareUnsignedResult generated::Client::prepare_unsigned(const wxpay::Message &request) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    detail::OutBytes out1;
    detail::OutBytes out2;
    call.done(wxpay_client_prepare_unsigned(handle(), request.handle(), 0, out0, out1, out2, call));
    return {wxpay::Message(out0.take()), out1.bytes(), out2.bytes()};
}

inline void generated::Message::attach_signature(std::string_view signature)
{
    detail::Call call;
    call.done(wxpay_message_attach_signature(handle(), signature.data(), signature.size(), call));
}

inline std::int32_t generated::Client::certificates_due() const noexcept
{
    return wxpay_client_certificates_due(handle(), 0);
}

inline wxpay::Message generated::Client::certificates_request() const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_client_certificates_request(handle(), out0, call));
    return wxpay::Message(out0.take());
}

inline void generated::Client::load_certificates(const wxpay::Message &response) const
{
    detail::Call call;
    call.done(wxpay_client_load_certificates(handle(), response.handle(), 0, call));
}

inline std::string generated::Client::explain_request(const wxpay::Message &request) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_explain_request(handle(), request.handle(), out0, call));
    return out0.bytes();
}

inline wxpay::Notification generated::Notification::open(const wxpay::Client &client, const wxpay::Message &message)
{
    detail::Call call;
    detail::Out<wxpay_notify, wxpay_notify_free> out0;
    call.done(wxpay_notify_open(client.handle(), message.handle(), 0, out0, call));
    return wxpay::Notification(out0.take());
}

inline std::string generated::Notification::id() const
{
    return detail::text(wxpay_notify_id(handle()));
}

inline std::string generated::Notification::event_type() const
{
    return detail::text(wxpay_notify_event_type(handle()));
}

inline std::string generated::Notification::resource_type() const
{
    return detail::text(wxpay_notify_resource_type(handle()));
}

inline std::string generated::Notification::original_type() const
{
    return detail::text(wxpay_notify_original_type(handle()));
}

inline std::string generated::Notification::create_time() const
{
    return detail::text(wxpay_notify_create_time(handle()));
}

inline std::string generated::Notification::summary() const
{
    return detail::text(wxpay_notify_summary(handle()));
}

inline std::string generated::Notification::serial() const
{
    return detail::text(wxpay_notify_serial(handle()));
}

inline std::string generated::Notification::json() const
{
    return detail::text(wxpay_notify_json(handle()));
}

inline std::int64_t generated::Notification::timestamp() const noexcept
{
    return wxpay_notify_timestamp(handle());
}

inline std::string generated::Notification::plaintext() const
{
    return detail::bytes(wxpay_notify_plaintext(handle()), wxpay_notify_plaintext_len(handle()));
}

inline wxpay::Message generated::Notification::reply(std::int32_t result, std::string_view reason)
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_notify_reply(result, reason.data(), reason.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline EncryptResult generated::Client::encrypt(std::string_view key_id, std::string_view plaintext) const
{
    detail::Call call;
    detail::OutBytes out0;
    detail::OutBytes out1;
    call.done(wxpay_client_encrypt(handle(), key_id.data(), key_id.size(), plaintext.data(), plaintext.size(), out0, out1, call));
    return {out0.bytes(), out1.bytes()};
}

inline std::string generated::Client::decrypt(std::string_view ciphertext_base64) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_client_decrypt(handle(), ciphertext_base64.data(), ciphertext_base64.size(), out0, call));
    return out0.bytes();
}

inline void generated::Client::encrypt_fields(wxpay::Message &request, std::string_view pointers) const
{
    detail::Call call;
    call.done(wxpay_client_encrypt_fields(handle(), request.handle(), pointers.data(), pointers.size(), call));
}

inline std::string generated::Client::decrypt_fields(const wxpay::Message &response, std::string_view pointers) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_client_decrypt_fields(handle(), response.handle(), pointers.data(), pointers.size(), out0, call));
    return out0.bytes();
}

inline std::string generated::Client::download(std::string_view source) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_client_download(handle(), source.data(), source.size(), out0, call));
    return out0.bytes();
}

inline wxpay::Download generated::Client::download_open(std::string_view source) const
{
    detail::Call call;
    detail::Out<wxpay_download, wxpay_download_free> out0;
    call.done(wxpay_download_open(handle(), source.data(), source.size(), out0, call));
    return wxpay::Download(out0.take());
}

inline std::int64_t generated::Download::received() const noexcept
{
    return wxpay_download_received(handle());
}

inline std::int64_t generated::Download::total() const noexcept
{
    return wxpay_download_total(handle());
}

inline std::int32_t generated::Download::verified() const noexcept
{
    return wxpay_download_verified(handle());
}

inline void generated::Download::cancel() const noexcept
{
    wxpay_download_cancel(handle());
}

inline wxpay::Bill generated::Bill::open(std::string_view csv)
{
    detail::Call call;
    detail::Out<wxpay_bill, wxpay_bill_free> out0;
    call.done(wxpay_bill_open(csv.data(), csv.size(), out0, call));
    return wxpay::Bill(out0.take());
}

inline wxpay::Bill generated::Bill::open_download(wxpay::Download &download)
{
    detail::Call call;
    detail::Out<wxpay_bill, wxpay_bill_free> out0;
    call.done(wxpay_bill_open_download(download.handle(), out0, call));
    return wxpay::Bill(out0.take());
}

inline void generated::Bill::next()
{
    detail::Call call;
    call.done(wxpay_bill_next(handle(), call));
}

inline std::int64_t generated::Bill::row() const noexcept
{
    return wxpay_bill_row(handle());
}

inline std::int64_t generated::Bill::row_count() const noexcept
{
    return wxpay_bill_row_count(handle());
}

inline std::size_t generated::Bill::column_count() const noexcept
{
    return wxpay_bill_column_count(handle());
}

inline std::optional<std::string> generated::Bill::column_name(std::size_t index) const
{
    return detail::optional_text(wxpay_bill_column_name(handle(), index));
}

inline std::int32_t generated::Bill::column(std::string_view name) const noexcept
{
    return wxpay_bill_column(handle(), name.data(), name.size());
}

inline std::optional<std::string> generated::Bill::field(std::size_t index) const
{
    return detail::optional_text(wxpay_bill_field(handle(), index));
}

inline std::int32_t generated::Bill::is_text(std::size_t index) const noexcept
{
    return wxpay_bill_is_text(handle(), index);
}

inline std::optional<std::int64_t> generated::Bill::fen(std::size_t index) const noexcept
{
    return detail::optional_number(wxpay_bill_fen(handle(), index));
}

inline std::optional<std::string> generated::Bill::total(std::string_view name) const
{
    return detail::optional_text(wxpay_bill_total(handle(), name.data(), name.size()));
}

inline std::optional<std::int64_t> generated::Bill::total_fen(std::string_view name) const noexcept
{
    return detail::optional_number(wxpay_bill_total_fen(handle(), name.data(), name.size()));
}

inline std::string Pay::jsapi(std::string_view appid, std::string_view prepay_id) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_jsapi(handle(), appid.data(), appid.size(), prepay_id.data(), prepay_id.size(), 0, out0, call));
    return out0.bytes();
}

inline std::string Pay::mini_program(std::string_view appid, std::string_view prepay_id) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_mini_program(handle(), appid.data(), appid.size(), prepay_id.data(), prepay_id.size(), 0, out0, call));
    return out0.bytes();
}

inline std::string Pay::app(std::string_view appid, std::string_view prepay_id) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_app(handle(), appid.data(), appid.size(), prepay_id.data(), prepay_id.size(), 0, out0, call));
    return out0.bytes();
}

inline UnsignedResult Pay::unsigned_(std::string_view kind, std::string_view appid, std::string_view prepay_id) const
{
    detail::Call call;
    detail::OutBytes out0;
    detail::OutBytes out1;
    detail::OutBytes out2;
    call.done(wxpay_pay_unsigned(handle(), kind.data(), kind.size(), appid.data(), appid.size(), prepay_id.data(), prepay_id.size(), 0, out0, out1, out2, call));
    return {out0.bytes(), out1.bytes(), out2.bytes()};
}

inline std::string Pay::attach(std::string_view params, std::string_view signature)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_attach(params.data(), params.size(), signature.data(), signature.size(), out0, call));
    return out0.bytes();
}

inline std::string Pay::h5_url(std::string_view h5_url, std::string_view redirect_url)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_h5_url(h5_url.data(), h5_url.size(), redirect_url.data(), redirect_url.size(), out0, call));
    return out0.bytes();
}

inline std::string Pay::score(std::string_view package) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_pay_score(handle(), package.data(), package.size(), 0, out0, call));
    return out0.bytes();
}

inline std::string generated::Client::v2_sign(std::string_view sign_type, std::string_view json) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_v2_sign(handle(), sign_type.data(), sign_type.size(), json.data(), json.size(), out0, call));
    return out0.bytes();
}

inline wxpay::Message generated::Client::v2_prepare(std::string_view path, std::string_view sign_type, std::string_view json) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_v2_prepare(handle(), path.data(), path.size(), sign_type.data(), sign_type.size(), json.data(), json.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline std::string generated::Client::v2_notification(wxpay::Message &response) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_v2_check(handle(), nullptr, response.handle(), out0, call));
    return out0.bytes();
}

inline std::string generated::Client::v2_check(const wxpay::Message &request, wxpay::Message &response) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_v2_check(handle(), request.handle(), response.handle(), out0, call));
    return out0.bytes();
}

inline V2SendResult generated::Client::v2_send(const wxpay::Message &request) const
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    detail::OutBytes out1;
    call.done(wxpay_v2_send(handle(), request.handle(), out0, out1, call));
    return {wxpay::Message(out0.take()), out1.bytes()};
}

inline std::string generated::Client::refund_unauthenticated(std::string_view req_info_base64) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_v2_refund_open(handle(), req_info_base64.data(), req_info_base64.size(), out0, call));
    return out0.bytes();
}

inline wxpay::Message v2_reply(std::int32_t result, std::string_view reason)
{
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out0;
    call.done(wxpay_v2_reply(result, reason.data(), reason.size(), out0, call));
    return wxpay::Message(out0.take());
}

inline wxpay::primitives::Key generated::Key::load(std::string_view pem_or_der, std::string_view passphrase)
{
    detail::Call call;
    detail::Out<wxpay_key, wxpay_key_free> out0;
    call.done(wxpay_key_load(pem_or_der.data(), pem_or_der.size(), passphrase.data(), passphrase.size(), out0, call));
    return wxpay::primitives::Key(out0.take());
}

inline std::string generated::Key::info() const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_key_info(handle(), out0, call));
    return out0.bytes();
}

inline void generated::Key::matches_cert(std::string_view cert) const
{
    detail::Call call;
    call.done(wxpay_key_matches_cert(handle(), cert.data(), cert.size(), call));
}

inline std::string primitives::canonical_request(std::string_view method, std::string_view url, std::string_view timestamp, std::string_view nonce, std::string_view body)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_canonical_request(method.data(), method.size(), url.data(), url.size(), timestamp.data(), timestamp.size(), nonce.data(), nonce.size(), body.data(), body.size(), out0, call));
    return out0.bytes();
}

inline std::string primitives::canonical_response(std::string_view timestamp, std::string_view nonce, std::string_view body)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_canonical_response(timestamp.data(), timestamp.size(), nonce.data(), nonce.size(), body.data(), body.size(), out0, call));
    return out0.bytes();
}

inline std::string primitives::sign(const wxpay::primitives::Key &key, std::string_view message)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_sign(key.handle(), message.data(), message.size(), out0, call));
    return out0.bytes();
}

inline void primitives::verify(const wxpay::primitives::Key &key, std::string_view message, std::string_view signature_base64)
{
    detail::Call call;
    call.done(wxpay_verify(key.handle(), message.data(), message.size(), signature_base64.data(), signature_base64.size(), call));
}

inline std::string primitives::aead_decrypt(std::string_view key, std::string_view nonce, std::string_view aad, std::string_view ciphertext_base64)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_aead_decrypt(key.data(), key.size(), nonce.data(), nonce.size(), aad.data(), aad.size(), ciphertext_base64.data(), ciphertext_base64.size(), out0, call));
    return out0.bytes();
}

inline std::string primitives::oaep_encrypt(const wxpay::primitives::Key &key, std::string_view plaintext)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_oaep_encrypt(key.handle(), plaintext.data(), plaintext.size(), out0, call));
    return out0.bytes();
}

inline std::string primitives::oaep_decrypt(const wxpay::primitives::Key &key, std::string_view ciphertext_base64)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_oaep_decrypt(key.handle(), ciphertext_base64.data(), ciphertext_base64.size(), out0, call));
    return out0.bytes();
}

inline std::string trust_report()
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_trust_report(nullptr, 0, out0, call));
    return out0.bytes();
}

inline std::string generated::Client::trust_report() const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_trust_report(handle(), 0, out0, call));
    return out0.bytes();
}

inline std::string trust_probe(std::string_view host, std::int32_t port, std::string_view bind_address)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_trust_probe(nullptr, host.data(), host.size(), port, bind_address.data(), bind_address.size(), 0, out0, call));
    return out0.bytes();
}

inline std::string generated::Client::trust_probe(std::string_view host, std::int32_t port, std::string_view bind_address) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_trust_probe(handle(), host.data(), host.size(), port, bind_address.data(), bind_address.size(), 0, out0, call));
    return out0.bytes();
}

inline std::string explain_text(std::string_view pasted_error)
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_explain_text(pasted_error.data(), pasted_error.size(), out0, call));
    return out0.bytes();
}

inline std::string generated::Client::explain_response(const wxpay::Message &request, const wxpay::Message &response) const
{
    detail::Call call;
    detail::OutBytes out0;
    call.done(wxpay_explain_response(handle(), request.handle(), response.handle(), 0, out0, call));
    return out0.bytes();
}

} // namespace wxpay

#endif
