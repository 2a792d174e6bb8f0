#ifndef WXPAY_H
#define WXPAY_H
#include <stddef.h>
#include <stdint.h>
#if defined(_WIN32)
#define WXPAY_API __declspec(dllimport)
#else
#define WXPAY_API
#endif
typedef int32_t wxpay_status;
#define WXPAY_OUTCOME_UNKNOWN 0
#define WXPAY_OUTCOME_NOT_SENT 1
#define WXPAY_OUTCOME_REJECTED 2
#define WXPAY_OUTCOME_DONE_UNVERIFIED 3
#define WXPAY_VERIFIED_NOT_CHECKED 0
#define WXPAY_VERIFIED_SIGNATURE 1
#define WXPAY_VERIFIED_NOT_SIGNED_BY_DESIGN 2
#define WXPAY_VERIFIED_ERROR_ANSWER 3
#define WXPAY_LANG_EN 0
#define WXPAY_LANG_ZH 1
#define WXPAY_VERSION "0.1.0"
#define WXPAY_VERSION_MAJOR 0
#define WXPAY_VERSION_MINOR 1
#define WXPAY_VERSION_PATCH 0
#define WXPAY_STATUS_OK 0
#define WXPAY_STATUS_INVALID_ARGUMENT 100
#define WXPAY_STATUS_NULL_ARGUMENT 101
#define WXPAY_STATUS_INVALID_UTF8 102
#define WXPAY_STATUS_INVALID_STATE 103
#define WXPAY_STATUS_UNSUPPORTED 104
#define WXPAY_STATUS_LIMIT_EXCEEDED 105
#define WXPAY_STATUS_URL_REFUSED 106
#define WXPAY_STATUS_CONFIG_INCOMPLETE 110
#define WXPAY_STATUS_KEY_FORMAT 111
#define WXPAY_STATUS_KEY_ENCRYPTED 112
#define WXPAY_STATUS_KEY_CERT_MISMATCH 113
#define WXPAY_STATUS_API_KEY_LENGTH 114
#define WXPAY_STATUS_SERIAL_FORMAT 115
#define WXPAY_STATUS_WRONG_KEY_ROLE 116
#define WXPAY_STATUS_CONFIG_UNKNOWN_KEY 117
#define WXPAY_STATUS_FILE_UNREADABLE 118
#define WXPAY_STATUS_CONFIG_CONFLICT 119
#define WXPAY_STATUS_SIGN_FAILED 200
#define WXPAY_STATUS_SIGNATURE_INVALID 201
#define WXPAY_STATUS_SIGNATURE_PROBE 202
#define WXPAY_STATUS_SIGNATURE_HEADERS_MISSING 203
#define WXPAY_STATUS_SERIAL_UNKNOWN 204
#define WXPAY_STATUS_TIMESTAMP_EXPIRED 205
#define WXPAY_STATUS_HEADER_DUPLICATE 206
#define WXPAY_STATUS_DECRYPT_FAILED 210
#define WXPAY_STATUS_ENCRYPT_TOO_LONG 211
#define WXPAY_STATUS_UNSUPPORTED_ALGORITHM 212
#define WXPAY_STATUS_DIGEST_MISMATCH 213
#define WXPAY_STATUS_DNS 300
#define WXPAY_STATUS_CONNECT 301
#define WXPAY_STATUS_TIMEOUT 302
#define WXPAY_STATUS_IO 303
#define WXPAY_STATUS_HTTP_PROTOCOL 304
#define WXPAY_STATUS_BODY_TOO_LARGE 305
#define WXPAY_STATUS_PROXY 306
#define WXPAY_STATUS_BODY_TRUNCATED 307
#define WXPAY_STATUS_BIND_WITH_PROXY 308
#define WXPAY_STATUS_PROXY_AUTH 309
#define WXPAY_STATUS_TLS_UNKNOWN_ISSUER 310
#define WXPAY_STATUS_TLS_EXPIRED 311
#define WXPAY_STATUS_TLS_NOT_YET_VALID 312
#define WXPAY_STATUS_TLS_NAME_MISMATCH 313
#define WXPAY_STATUS_TLS_HANDSHAKE 314
#define WXPAY_STATUS_NO_TRUST_ROOTS 315
#define WXPAY_STATUS_TLS_BAD_CHAIN 316
#define WXPAY_STATUS_TLS_CLIENT_CERTIFICATE 317
#define WXPAY_STATUS_API_ERROR 400
#define WXPAY_STATUS_API_UNEXPECTED_RESPONSE 401
#define WXPAY_STATUS_RATE_LIMITED 402
#define WXPAY_STATUS_CERTIFICATES_UNAVAILABLE 410
#define WXPAY_STATUS_MALFORMED_JSON 420
#define WXPAY_STATUS_MALFORMED_NOTIFY 421
#define WXPAY_STATUS_MALFORMED_XML 422
#define WXPAY_STATUS_MALFORMED_BILL 423
#define WXPAY_STATUS_FORKED 500
#define WXPAY_STATUS_CANCELLED 501
#define WXPAY_STATUS_OUT_OF_MEMORY 503
#define WXPAY_STATUS_PANIC 900
#define WXPAY_STATUS_INTERNAL 901
typedef struct wxpay_bill wxpay_bill;
typedef struct wxpay_buf wxpay_buf;
typedef struct wxpay_client wxpay_client;
typedef struct wxpay_config wxpay_config;
typedef struct wxpay_download wxpay_download;
typedef struct wxpay_error wxpay_error;
typedef struct wxpay_key wxpay_key;
typedef struct wxpay_message wxpay_message;
typedef struct wxpay_notify wxpay_notify;
#ifdef __cplusplus
extern "C" {
#endif // __cplusplus
WXPAY_API uint32_t wxpay_abi_version(void);
WXPAY_API const char *wxpay_version(void);
WXPAY_API const char *wxpay_build_info(void);
WXPAY_API wxpay_status wxpay_selftest(wxpay_error **err);
WXPAY_API const char *wxpay_status_name(wxpay_status status);
WXPAY_API const char *wxpay_status_text(wxpay_status status, int32_t lang);
WXPAY_API wxpay_status wxpay_error_status(const wxpay_error *error);
WXPAY_API int32_t wxpay_error_outcome(const wxpay_error *error);
WXPAY_API int32_t wxpay_error_retryable(const wxpay_error *error);
WXPAY_API int32_t wxpay_error_retry_after_s(const wxpay_error *error);
WXPAY_API int32_t wxpay_error_http_status(const wxpay_error *error);
WXPAY_API const char *wxpay_error_message(const wxpay_error *error);
WXPAY_API const char *wxpay_error_hint(const wxpay_error *error);
WXPAY_API const char *wxpay_error_api_code(const wxpay_error *error);
WXPAY_API const char *wxpay_error_api_message(const wxpay_error *error);
WXPAY_API const char *wxpay_error_request_id(const wxpay_error *error);
WXPAY_API const char *wxpay_error_json(const wxpay_error *error);
WXPAY_API const wxpay_message *wxpay_error_request(const wxpay_error *error);
WXPAY_API const wxpay_message *wxpay_error_response(const wxpay_error *error);
WXPAY_API void wxpay_error_free(wxpay_error *error);
WXPAY_API const uint8_t *wxpay_buf_data(const wxpay_buf *buf);
WXPAY_API size_t wxpay_buf_len(const wxpay_buf *buf);
WXPAY_API void wxpay_buf_free(wxpay_buf *buf);
WXPAY_API
wxpay_status wxpay_message_new_request(const char *method,
                                       size_t method_len,
                                       const char *url,
                                       size_t url_len,
                                       const char *body,
                                       size_t body_len,
                                       wxpay_message **out,
                                       wxpay_error **err);
WXPAY_API
wxpay_status wxpay_message_new_response(int32_t status,
                                        const char *body,
                                        size_t body_len,
                                        wxpay_message **out,
                                        wxpay_error **err);
WXPAY_API
wxpay_status wxpay_message_add_header(wxpay_message *message,
                                      const char *name,
                                      size_t name_len,
                                      const char *value,
                                      size_t value_len,
                                      wxpay_error **err);
WXPAY_API
wxpay_status wxpay_message_add_header_block(wxpay_message *message,
                                            const char *raw,
                                            size_t raw_len,
                                            wxpay_error **err);
WXPAY_API
wxpay_status wxpay_message_set(wxpay_message *message,
                               const char *key,
                               size_t key_len,
                               const char *value,
                               size_t value_len,
                               wxpay_error **err);
WXPAY_API void wxpay_message_cancel(const wxpay_message *message);
WXPAY_API const char *wxpay_message_method(const wxpay_message *message);
WXPAY_API const char *wxpay_message_url(const wxpay_message *message);
WXPAY_API int32_t wxpay_message_status(const wxpay_message *message);
WXPAY_API size_t wxpay_message_header_count(const wxpay_message *message);
WXPAY_API const char *wxpay_message_header_name(const wxpay_message *message, size_t index);
WXPAY_API const char *wxpay_message_header_value(const wxpay_message *message, size_t index);
WXPAY_API
const char *wxpay_message_header(const wxpay_message *message,
                                 const char *name,
                                 size_t name_len);
WXPAY_API const uint8_t *wxpay_message_body(const wxpay_message *message);
WXPAY_API size_t wxpay_message_body_len(const wxpay_message *message);
WXPAY_API int32_t wxpay_message_verified(const wxpay_message *message);
WXPAY_API const char *wxpay_message_request_id(const wxpay_message *message);
WXPAY_API const char *wxpay_message_key_id(const wxpay_message *message);
WXPAY_API const char *wxpay_message_trace(const wxpay_message *message);
WXPAY_API void wxpay_message_free(wxpay_message *message);
WXPAY_API
wxpay_status wxpay_message_new_upload(const char *url,
                                      size_t url_len,
                                      const char *meta_json,
                                      size_t meta_json_len,
                                      const char *filename,
                                      size_t filename_len,
                                      const char *content_type,
                                      size_t content_type_len,
                                      const char *file,
                                      size_t file_len,
                                      wxpay_message **out,
                                      wxpay_error **err);
WXPAY_API wxpay_status wxpay_config_new(wxpay_config **out, wxpay_error **err);
WXPAY_API void wxpay_config_free(wxpay_config *config);
WXPAY_API
wxpay_status wxpay_config_set(wxpay_config *config,
                              const char *key,
                              size_t key_len,
                              const char *value,
                              size_t value_len,
                              wxpay_error **err);
WXPAY_API
wxpay_status wxpay_config_load_env(wxpay_config *config,
                                   const char *prefix,
                                   size_t prefix_len,
                                   wxpay_error **err);
WXPAY_API
wxpay_status wxpay_config_load_json(wxpay_config *config,
                                    const char *json,
                                    size_t json_len,
                                    wxpay_error **err);
WXPAY_API
wxpay_status wxpay_config_check(const wxpay_config *config,
                                int64_t now,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_new(const wxpay_config *config,
                              wxpay_client **out,
                              wxpay_error **err);
WXPAY_API wxpay_status wxpay_client_warm(const wxpay_client *client, wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_info(const wxpay_client *client,
                               wxpay_buf **out,
                               wxpay_error **err);
WXPAY_API void wxpay_client_free(wxpay_client *client);
WXPAY_API
wxpay_status wxpay_client_send(const wxpay_client *client,
                               const wxpay_message *request,
                               wxpay_message **response,
                               wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_call(const wxpay_client *client,
                               const char *method,
                               size_t method_len,
                               const char *url,
                               size_t url_len,
                               const char *body,
                               size_t body_len,
                               wxpay_message **response,
                               wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_refresh_certificates(const wxpay_client *client,
                                               wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_prepare(const wxpay_client *client,
                                  const wxpay_message *request,
                                  int64_t now,
                                  wxpay_message **out,
                                  wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_check(const wxpay_client *client,
                                const wxpay_message *request,
                                wxpay_message *response,
                                int64_t now,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_prepare_unsigned(const wxpay_client *client,
                                           const wxpay_message *request,
                                           int64_t now,
                                           wxpay_message **out,
                                           wxpay_buf **to_sign,
                                           wxpay_buf **to_sign_sha256,
                                           wxpay_error **err);
WXPAY_API
wxpay_status wxpay_message_attach_signature(wxpay_message *message,
                                            const char *signature,
                                            size_t signature_len,
                                            wxpay_error **err);
WXPAY_API int32_t wxpay_client_certificates_due(const wxpay_client *client, int64_t now);
WXPAY_API
wxpay_status wxpay_client_certificates_request(const wxpay_client *client,
                                               wxpay_message **out,
                                               wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_load_certificates(const wxpay_client *client,
                                            const wxpay_message *response,
                                            int64_t now,
                                            wxpay_error **err);
WXPAY_API
wxpay_status wxpay_explain_request(const wxpay_client *client,
                                   const wxpay_message *request,
                                   wxpay_buf **out,
                                   wxpay_error **err);
WXPAY_API
wxpay_status wxpay_notify_open(const wxpay_client *client,
                               const wxpay_message *message,
                               int64_t now,
                               wxpay_notify **out,
                               wxpay_error **err);
WXPAY_API const char *wxpay_notify_id(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_event_type(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_resource_type(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_original_type(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_create_time(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_summary(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_serial(const wxpay_notify *notify);
WXPAY_API const char *wxpay_notify_json(const wxpay_notify *notify);
WXPAY_API int64_t wxpay_notify_timestamp(const wxpay_notify *notify);
WXPAY_API const uint8_t *wxpay_notify_plaintext(const wxpay_notify *notify);
WXPAY_API size_t wxpay_notify_plaintext_len(const wxpay_notify *notify);
WXPAY_API void wxpay_notify_free(wxpay_notify *notify);
WXPAY_API
wxpay_status wxpay_notify_reply(wxpay_status result,
                                const char *reason,
                                size_t reason_len,
                                wxpay_message **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_encrypt(const wxpay_client *client,
                                  const char *key_id,
                                  size_t key_id_len,
                                  const char *plaintext,
                                  size_t plaintext_len,
                                  wxpay_buf **ciphertext_base64,
                                  wxpay_buf **used_key_id,
                                  wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_decrypt(const wxpay_client *client,
                                  const char *ciphertext_base64,
                                  size_t ciphertext_base64_len,
                                  wxpay_buf **out,
                                  wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_encrypt_fields(const wxpay_client *client,
                                         wxpay_message *request,
                                         const char *pointers,
                                         size_t pointers_len,
                                         wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_decrypt_fields(const wxpay_client *client,
                                         const wxpay_message *response,
                                         const char *pointers,
                                         size_t pointers_len,
                                         wxpay_buf **json,
                                         wxpay_error **err);
WXPAY_API
wxpay_status wxpay_client_download(const wxpay_client *client,
                                   const char *source,
                                   size_t source_len,
                                   wxpay_buf **out,
                                   wxpay_error **err);
WXPAY_API
wxpay_status wxpay_download_open(const wxpay_client *client,
                                 const char *source,
                                 size_t source_len,
                                 wxpay_download **out,
                                 wxpay_error **err);
WXPAY_API
wxpay_status wxpay_download_read(wxpay_download *download,
                                 uint8_t *into,
                                 size_t capacity,
                                 size_t *n,
                                 wxpay_error **err);
WXPAY_API int64_t wxpay_download_received(const wxpay_download *download);
WXPAY_API int64_t wxpay_download_total(const wxpay_download *download);
WXPAY_API int32_t wxpay_download_verified(const wxpay_download *download);
WXPAY_API void wxpay_download_cancel(const wxpay_download *download);
WXPAY_API void wxpay_download_free(wxpay_download *download);
WXPAY_API
wxpay_status wxpay_bill_open(const char *csv,
                             size_t csv_len,
                             wxpay_bill **out,
                             wxpay_error **err);
WXPAY_API
wxpay_status wxpay_bill_open_download(wxpay_download *download,
                                      wxpay_bill **out,
                                      wxpay_error **err);
WXPAY_API wxpay_status wxpay_bill_next(wxpay_bill *bill, wxpay_error **err);
WXPAY_API int64_t wxpay_bill_row(const wxpay_bill *bill);
WXPAY_API int64_t wxpay_bill_row_count(const wxpay_bill *bill);
WXPAY_API size_t wxpay_bill_column_count(const wxpay_bill *bill);
WXPAY_API const char *wxpay_bill_column_name(const wxpay_bill *bill, size_t index);
WXPAY_API int32_t wxpay_bill_column(const wxpay_bill *bill, const char *name, size_t name_len);
WXPAY_API const char *wxpay_bill_field(const wxpay_bill *bill, size_t index);
WXPAY_API int32_t wxpay_bill_is_text(const wxpay_bill *bill, size_t index);
WXPAY_API int64_t wxpay_bill_fen(const wxpay_bill *bill, size_t index);
WXPAY_API const char *wxpay_bill_total(const wxpay_bill *bill, const char *name, size_t name_len);
WXPAY_API int64_t wxpay_bill_total_fen(const wxpay_bill *bill, const char *name, size_t name_len);
WXPAY_API void wxpay_bill_free(wxpay_bill *bill);
WXPAY_API
wxpay_status wxpay_pay_jsapi(const wxpay_client *client,
                             const char *appid,
                             size_t appid_len,
                             const char *prepay_id,
                             size_t prepay_id_len,
                             int64_t now,
                             wxpay_buf **out,
                             wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_mini_program(const wxpay_client *client,
                                    const char *appid,
                                    size_t appid_len,
                                    const char *prepay_id,
                                    size_t prepay_id_len,
                                    int64_t now,
                                    wxpay_buf **out,
                                    wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_app(const wxpay_client *client,
                           const char *appid,
                           size_t appid_len,
                           const char *prepay_id,
                           size_t prepay_id_len,
                           int64_t now,
                           wxpay_buf **out,
                           wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_unsigned(const wxpay_client *client,
                                const char *kind,
                                size_t kind_len,
                                const char *appid,
                                size_t appid_len,
                                const char *prepay_id,
                                size_t prepay_id_len,
                                int64_t now,
                                wxpay_buf **params,
                                wxpay_buf **to_sign,
                                wxpay_buf **to_sign_sha256,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_attach(const char *params,
                              size_t params_len,
                              const char *signature,
                              size_t signature_len,
                              wxpay_buf **out,
                              wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_h5_url(const char *h5_url,
                              size_t h5_url_len,
                              const char *redirect_url,
                              size_t redirect_url_len,
                              wxpay_buf **out,
                              wxpay_error **err);
WXPAY_API
wxpay_status wxpay_pay_score(const wxpay_client *client,
                             const char *package,
                             size_t package_len,
                             int64_t now,
                             wxpay_buf **out,
                             wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_sign(const wxpay_client *client,
                           const char *sign_type,
                           size_t sign_type_len,
                           const char *json,
                           size_t json_len,
                           wxpay_buf **out,
                           wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_prepare(const wxpay_client *client,
                              const char *path,
                              size_t path_len,
                              const char *sign_type,
                              size_t sign_type_len,
                              const char *json,
                              size_t json_len,
                              wxpay_message **out,
                              wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_check(const wxpay_client *client,
                            const wxpay_message *request,
                            wxpay_message *response,
                            wxpay_buf **json,
                            wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_send(const wxpay_client *client,
                           const wxpay_message *request,
                           wxpay_message **response,
                           wxpay_buf **json,
                           wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_refund_open(const wxpay_client *client,
                                  const char *req_info_base64,
                                  size_t req_info_base64_len,
                                  wxpay_buf **out,
                                  wxpay_error **err);
WXPAY_API
wxpay_status wxpay_v2_reply(wxpay_status result,
                            const char *reason,
                            size_t reason_len,
                            wxpay_message **out,
                            wxpay_error **err);
WXPAY_API
wxpay_status wxpay_key_load(const char *pem_or_der,
                            size_t pem_or_der_len,
                            const char *passphrase,
                            size_t passphrase_len,
                            wxpay_key **out,
                            wxpay_error **err);
WXPAY_API wxpay_status wxpay_key_info(const wxpay_key *key, wxpay_buf **out, wxpay_error **err);
WXPAY_API void wxpay_key_free(wxpay_key *key);
WXPAY_API
wxpay_status wxpay_key_matches_cert(const wxpay_key *key,
                                    const char *cert,
                                    size_t cert_len,
                                    wxpay_error **err);
WXPAY_API
wxpay_status wxpay_canonical_request(const char *method,
                                     size_t method_len,
                                     const char *url,
                                     size_t url_len,
                                     const char *timestamp,
                                     size_t timestamp_len,
                                     const char *nonce,
                                     size_t nonce_len,
                                     const char *body,
                                     size_t body_len,
                                     wxpay_buf **out,
                                     wxpay_error **err);
WXPAY_API
wxpay_status wxpay_canonical_response(const char *timestamp,
                                      size_t timestamp_len,
                                      const char *nonce,
                                      size_t nonce_len,
                                      const char *body,
                                      size_t body_len,
                                      wxpay_buf **out,
                                      wxpay_error **err);
WXPAY_API
wxpay_status wxpay_sign(const wxpay_key *key,
                        const char *message,
                        size_t message_len,
                        wxpay_buf **out,
                        wxpay_error **err);
WXPAY_API
wxpay_status wxpay_verify(const wxpay_key *key,
                          const char *message,
                          size_t message_len,
                          const char *signature_base64,
                          size_t signature_base64_len,
                          wxpay_error **err);
WXPAY_API
wxpay_status wxpay_aead_decrypt(const char *key,
                                size_t key_len,
                                const char *nonce,
                                size_t nonce_len,
                                const char *aad,
                                size_t aad_len,
                                const char *ciphertext_base64,
                                size_t ciphertext_base64_len,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_oaep_encrypt(const wxpay_key *key,
                                const char *plaintext,
                                size_t plaintext_len,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_oaep_decrypt(const wxpay_key *key,
                                const char *ciphertext_base64,
                                size_t ciphertext_base64_len,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_trust_report(const wxpay_client *client,
                                int64_t now,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_trust_probe(const wxpay_client *client,
                               const char *host,
                               size_t host_len,
                               int32_t port,
                               const char *bind_address,
                               size_t bind_address_len,
                               int64_t now,
                               wxpay_buf **out,
                               wxpay_error **err);
WXPAY_API
wxpay_status wxpay_explain_text(const char *pasted_error,
                                size_t pasted_error_len,
                                wxpay_buf **out,
                                wxpay_error **err);
WXPAY_API
wxpay_status wxpay_explain_response(const wxpay_client *client,
                                    const wxpay_message *request,
                                    const wxpay_message *response,
                                    int64_t now,
                                    wxpay_buf **out,
                                    wxpay_error **err);
#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus
#endif
