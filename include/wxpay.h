/* wxpay.h: the WeChat Pay merchant core. Generated from src/ffi; do not edit.
 *
 * OWNERSHIP
 *
 * 1. Every `T **out` gives you one object; release it with its `_free` exactly once; NULL is
 *    allowed; in any order and from any thread, but not while another thread is in a call on that
 *    same object: cancel, let it return, then free.
 * 2. Every pointer returned directly belongs to the object you asked and dies with it or with the
 *    next call that changes it; wxpay_version, _build_info and _status_* are static.
 * 3. Input memory is only read, and only during the call; nothing you pass is kept.
 * 4. On failure every `*out` is NULL and `*err` (if you passed one) is yours to free; on success
 *    `*err` is NULL. Both are overwritten unread.
 * 5. Never free() our memory, never pass us memory to free.
 *
 * CONVENTIONS
 *
 * `const char *x, size_t x_len` is UTF-8 text or raw bytes and need not end in NUL; NULL with 0 is
 * empty. `now` is Unix seconds, 0 the system clock; never take it from a message. Getters take
 * NULL or a handle of another type and give 0, "" or NULL. A freed handle is undefined behaviour.
 *
 * STATUSES
 *
 * @errors lists what a function can return. Not listed, because every fallible function can return
 * them: OUT_OF_MEMORY, PANIC and INTERNAL.
 *
 * THREADS
 *
 * Any handle may be used from any thread at once, except wxpay_config and wxpay_message, which one
 * thread at a time may change. wxpay_message_cancel may be called at any time.
 *
 * FORK
 *
 * Clients made before a fork work in the child; connections are made anew there. docs/fork.md.
 *
 * MONEY
 *
 * After a failed wxpay_client_send look at wxpay_error_outcome before anything is sent again:
 * UNKNOWN means query the order first. wxpay_error_outcome(NULL) is UNKNOWN.
 */

#ifndef WXPAY_H
#define WXPAY_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define WXPAY_API __declspec(dllimport)
#else
#define WXPAY_API
#endif

/** 0 is OK, the others are WXPAY_STATUS_..., grouped by hundred. */
typedef int32_t wxpay_status;

/* wxpay_error_outcome */
/** query the order before anything is sent again */
#define WXPAY_OUTCOME_UNKNOWN 0
/** no byte of the request left this process */
#define WXPAY_OUTCOME_NOT_SENT 1
/** WeChat Pay refused the request */
#define WXPAY_OUTCOME_REJECTED 2
/** an answer came, its signature did not verify: query, do not deliver */
#define WXPAY_OUTCOME_DONE_UNVERIFIED 3

/* wxpay_message_verified */
#define WXPAY_VERIFIED_NOT_CHECKED 0
/** signed by WeChat Pay */
#define WXPAY_VERIFIED_SIGNATURE 1
/** one of the answers that WeChat Pay never signs */
#define WXPAY_VERIFIED_NOT_SIGNED_BY_DESIGN 2
/** an error answer, not authenticated */
#define WXPAY_VERIFIED_ERROR_ANSWER 3

#define WXPAY_LANG_EN 0
#define WXPAY_LANG_ZH 1

#define WXPAY_VERSION "0.1.0"
#define WXPAY_VERSION_MAJOR 0
#define WXPAY_VERSION_MINOR 1
#define WXPAY_VERSION_PATCH 0

/* Statuses: 0 is OK; grouped by hundred; numbers are only added. */
/** success */
#define WXPAY_STATUS_OK 0
/** an argument has a value that is not allowed */
#define WXPAY_STATUS_INVALID_ARGUMENT 100
/** a required pointer is NULL */
#define WXPAY_STATUS_NULL_ARGUMENT 101
/** text is not UTF-8 */
#define WXPAY_STATUS_INVALID_UTF8 102
/** the object cannot do this in its present state */
#define WXPAY_STATUS_INVALID_STATE 103
/** this is not supported */
#define WXPAY_STATUS_UNSUPPORTED 104
/** a size or count is over its limit */
#define WXPAY_STATUS_LIMIT_EXCEEDED 105
/** the URL is not one that may be signed or sent */
#define WXPAY_STATUS_URL_REFUSED 106
/** the configuration lacks something that this needs */
#define WXPAY_STATUS_CONFIG_INCOMPLETE 110
/** a key or certificate cannot be read */
#define WXPAY_STATUS_KEY_FORMAT 111
/** the private key is encrypted and cannot be opened */
#define WXPAY_STATUS_KEY_ENCRYPTED 112
/** the private key and the certificate do not belong together */
#define WXPAY_STATUS_KEY_CERT_MISMATCH 113
/** an API key does not have its length */
#define WXPAY_STATUS_API_KEY_LENGTH 114
/** a serial number or key id is not in its form */
#define WXPAY_STATUS_SERIAL_FORMAT 115
/** a key or certificate is in another one's place */
#define WXPAY_STATUS_WRONG_KEY_ROLE 116
/** there is no configuration key of this name */
#define WXPAY_STATUS_CONFIG_UNKNOWN_KEY 117
/** a file cannot be read */
#define WXPAY_STATUS_FILE_UNREADABLE 118
/** two configuration values exclude each other */
#define WXPAY_STATUS_CONFIG_CONFLICT 119
/** signing failed */
#define WXPAY_STATUS_SIGN_FAILED 200
/** the signature does not match the bytes received */
#define WXPAY_STATUS_SIGNATURE_INVALID 201
/** a signature probe of WeChat Pay (WECHATPAY/SIGNTEST/), wrong on purpose */
#define WXPAY_STATUS_SIGNATURE_PROBE 202
/** Wechatpay-* signature headers are missing */
#define WXPAY_STATUS_SIGNATURE_HEADERS_MISSING 203
/** no configured key has the id that the message names */
#define WXPAY_STATUS_SERIAL_UNKNOWN 204
/** the signed time is too far from the clock */
#define WXPAY_STATUS_TIMESTAMP_EXPIRED 205
/** a signature header is there twice with different values */
#define WXPAY_STATUS_HEADER_DUPLICATE 206
/** decryption failed */
#define WXPAY_STATUS_DECRYPT_FAILED 210
/** the text is too long to be encrypted with this key */
#define WXPAY_STATUS_ENCRYPT_TOO_LONG 211
/** the message uses an algorithm that is not supported */
#define WXPAY_STATUS_UNSUPPORTED_ALGORITHM 212
/** a digest does not match the content */
#define WXPAY_STATUS_DIGEST_MISMATCH 213
/** the host name could not be resolved */
#define WXPAY_STATUS_DNS 300
/** no connection to any address of the host */
#define WXPAY_STATUS_CONNECT 301
/** the deadline passed */
#define WXPAY_STATUS_TIMEOUT 302
/** the connection broke */
#define WXPAY_STATUS_IO 303
/** the peer does not speak HTTP/1.1 properly */
#define WXPAY_STATUS_HTTP_PROTOCOL 304
/** the response body is over max_response_bytes */
#define WXPAY_STATUS_BODY_TOO_LARGE 305
/** the proxy refused or broke the connection */
#define WXPAY_STATUS_PROXY 306
/** the response ended before its end */
#define WXPAY_STATUS_BODY_TRUNCATED 307
/** bind_host has no effect through a proxy */
#define WXPAY_STATUS_BIND_WITH_PROXY 308
/** the proxy asks for a user and password */
#define WXPAY_STATUS_PROXY_AUTH 309
/** the server's certificate has no trusted issuer in the store */
#define WXPAY_STATUS_TLS_UNKNOWN_ISSUER 310
/** the server's certificate has expired, or this clock is wrong */
#define WXPAY_STATUS_TLS_EXPIRED 311
/** the server's certificate is not valid yet, or this clock is wrong */
#define WXPAY_STATUS_TLS_NOT_YET_VALID 312
/** the server's certificate is for another name */
#define WXPAY_STATUS_TLS_NAME_MISMATCH 313
/** the TLS handshake failed */
#define WXPAY_STATUS_TLS_HANDSHAKE 314
/** the system's store holds no usable root certificate */
#define WXPAY_STATUS_NO_TRUST_ROOTS 315
/** the server's certificate chain breaks a rule */
#define WXPAY_STATUS_TLS_BAD_CHAIN 316
/** the server wants a client certificate, or refused ours */
#define WXPAY_STATUS_TLS_CLIENT_CERTIFICATE 317
/** WeChat Pay answered with an error */
#define WXPAY_STATUS_API_ERROR 400
/** the answer is not one that WeChat Pay documents */
#define WXPAY_STATUS_API_UNEXPECTED_RESPONSE 401
/** asked too often */
#define WXPAY_STATUS_RATE_LIMITED 402
/** platform certificates cannot be had */
#define WXPAY_STATUS_CERTIFICATES_UNAVAILABLE 410
/** this is not the JSON that was expected */
#define WXPAY_STATUS_MALFORMED_JSON 420
/** the notification is verified but not in its form */
#define WXPAY_STATUS_MALFORMED_NOTIFY 421
/** this is not the XML that was expected */
#define WXPAY_STATUS_MALFORMED_XML 422
/** this is not a bill in its form */
#define WXPAY_STATUS_MALFORMED_BILL 423
/** the object belongs to the parent process */
#define WXPAY_STATUS_FORKED 500
/** cancelled by wxpay_message_cancel or wxpay_download_cancel */
#define WXPAY_STATUS_CANCELLED 501
/** memory for outside data could not be had */
#define WXPAY_STATUS_OUT_OF_MEMORY 503
/** a defect of this library was caught */
#define WXPAY_STATUS_PANIC 900
/** an internal check failed */
#define WXPAY_STATUS_INTERNAL 901


/**
 * A bill in CSV form: header, rows, totals.
 */
typedef struct wxpay_bill wxpay_bill;

/**
 * Bytes owned by you; a NUL follows the data.
 */
typedef struct wxpay_buf wxpay_buf;

/**
 * One merchant; use it from any number of threads and keep it for the life of the process.
 */
typedef struct wxpay_client wxpay_client;

/**
 * Configuration by name; docs/configuration.md lists the keys.
 */
typedef struct wxpay_config wxpay_config;

/**
 * A download at work.
 */
typedef struct wxpay_download wxpay_download;

/**
 * Why a function failed, what to do, and what is known about the request.
 */
typedef struct wxpay_error wxpay_error;

/**
 * A private key, a public key or a certificate.
 */
typedef struct wxpay_key wxpay_key;

/**
 * One HTTP message: a request to be sent, or a response or notification received.
 */
typedef struct wxpay_message wxpay_message;

/**
 * A verified and decrypted notification.
 */
typedef struct wxpay_notify wxpay_notify;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * major << 16 | minor of the ABI. Check it first: a binding works with the same major and at
 * least its own minor.
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API uint32_t wxpay_abi_version(void);

/**
 * The library's version, such as "0.1.0". Static.
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_version(void);

/**
 * How the library was built, a JSON object: version, abi, target, tls, crypto. Static.
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_build_info(void);

/**
 * Known answers of every primitive, without network. INTERNAL names the one that is wrong.
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 901
 */
WXPAY_API wxpay_status wxpay_selftest(wxpay_error **err);

/**
 * Name of a status, such as "SIGNATURE_INVALID"; "UNKNOWN" for a number this library has not.
 * Static.
 * @param status  a status
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_status_name(wxpay_status status);

/**
 * What a status means, one phrase. Static.
 * @param status  a status
 * @param lang  WXPAY_LANG_EN or WXPAY_LANG_ZH; anything else is English
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_status_text(wxpay_status status, int32_t lang);

/**
 * The status, WXPAY_STATUS_…, as the failed function returned it.
 * @param error  an error, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API wxpay_status wxpay_error_status(const wxpay_error *error);

/**
 * What is known about the request at WeChat Pay, WXPAY_OUTCOME_…: the field that matters for
 * money. UNKNOWN (0): query the order before anything is sent again. NOT_SENT (1): no byte left
 * this process. REJECTED (2): WeChat Pay refused it. DONE_UNVERIFIED (3): an answer came but its
 * signature did not verify; query, do not deliver.
 * @param error  an error, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_error_outcome(const wxpay_error *error);

/**
 * 1: the same request with the same business numbers may be sent again now; never with new ones.
 * @param error  an error, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_error_retryable(const wxpay_error *error);

/**
 * Seconds to wait before sending again; -1 when nobody said.
 * @param error  an error, or NULL (gives -1)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_error_retry_after_s(const wxpay_error *error);

/**
 * HTTP status of the answer; 0 when there was none.
 * @param error  an error, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_error_http_status(const wxpay_error *error);

/**
 * What is wrong with the values seen, one sentence, no secrets.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_message(const wxpay_error *error);

/**
 * What a person should do next.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_hint(const wxpay_error *error);

/**
 * WeChat Pay's own code, such as "PARAM_ERROR"; not authenticated. The vocabulary is open.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_api_code(const wxpay_error *error);

/**
 * WeChat Pay's own message; not authenticated.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_api_message(const wxpay_error *error);

/**
 * Request-ID of the answer: give it to WeChat Pay's support.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_request_id(const wxpay_error *error);

/**
 * Everything in one JSON object: status, message, hint, outcome, the answer's headers and detail,
 * a trace. Members are only added.
 * @param error  an error, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_error_json(const wxpay_error *error);

/**
 * The request that failed; borrowed from the error. NULL if there is none.
 * @param error  an error, or NULL (gives NULL)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const wxpay_message *wxpay_error_request(const wxpay_error *error);

/**
 * The answer, not authenticated; borrowed from the error. NULL if there is none. After a failed
 * verification it has status and headers only.
 * @param error  an error, or NULL (gives NULL)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const wxpay_message *wxpay_error_response(const wxpay_error *error);

/**
 * Releases an error and everything borrowed from it.
 * @param error  an error, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_error_free(wxpay_error *error);

/**
 * The bytes; a NUL follows them. Never NULL for a live buffer.
 * @param buf  a buffer, or NULL (gives NULL)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const uint8_t *wxpay_buf_data(const wxpay_buf *buf);

/**
 * Number of bytes, without the NUL.
 * @param buf  a buffer, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API size_t wxpay_buf_len(const wxpay_buf *buf);

/**
 * Zeroises and releases a buffer.
 * @param buf  a buffer, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_buf_free(wxpay_buf *buf);

/**
 * Makes a request.
 * @param method  GET, POST, PUT, PATCH or DELETE
 * @param url  path and query, already percent-encoded, or an absolute URL of a known host
 * @param body  the exact bytes to sign and send, UTF-8; empty for none
 * @param[out] out  owned; release with wxpay_message_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 106 503
 */
WXPAY_API
wxpay_status wxpay_message_new_request(const char *method,
                                       size_t method_len,
                                       const char *url,
                                       size_t url_len,
                                       const char *body,
                                       size_t body_len,
                                       wxpay_message **out,
                                       wxpay_error **err);

/**
 * Makes a response from what your own transport received, or a message for wxpay_notify_open
 * (status 0 or 200). Add its headers next.
 * @param status  HTTP status; 0 for a notification
 * @param body  the bytes received, before any parsing
 * @param[out] out  owned; release with wxpay_message_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 503
 */
WXPAY_API
wxpay_status wxpay_message_new_response(int32_t status,
                                        const char *body,
                                        size_t body_len,
                                        wxpay_message **out,
                                        wxpay_error **err);

/**
 * Adds one header. On a response any spelling is understood (HTTP_WECHATPAY_SERIAL too), and
 * repeated names keep their order. On a request, headers that the library writes are refused.
 * @param message  the message to change
 * @param name  an HTTP header name
 * @param value  its value
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 115 206
 */
WXPAY_API
wxpay_status wxpay_message_add_header(wxpay_message *message,
                                      const char *name,
                                      size_t name_len,
                                      const char *value,
                                      size_t value_len,
                                      wxpay_error **err);

/**
 * Adds headers from a raw block: lines "Name: value" ended by CRLF or LF, as nginx, mod_php or a
 * socket hand them out. A status line at the start and an empty line at the end are passed over.
 * @param message  the message to change
 * @param raw  the block
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 115 206
 */
WXPAY_API
wxpay_status wxpay_message_add_header_block(wxpay_message *message,
                                            const char *raw,
                                            size_t raw_len,
                                            wxpay_error **err);

/**
 * Sets an option for this call only: "timeout_ms" (1 to 3600000), "idempotent" ("1": your promise
 * that repeating this request cannot act twice), "key_id" (WeChat Pay key that the answer is to
 * be signed with, as returned by wxpay_client_encrypt). Empty unsets.
 * @param message  a request
 * @param key  name of the option
 * @param value  its value
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 115 117
 */
WXPAY_API
wxpay_status wxpay_message_set(wxpay_message *message,
                               const char *key,
                               size_t key_len,
                               const char *value,
                               size_t value_len,
                               wxpay_error **err);

/**
 * Asks the wxpay_client_send at work on this message, or the next one, to stop: it returns
 * CANCELLED with the true outcome. Sticky. Also works while another thread uses the message.
 * @param message  a request, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_message_cancel(const wxpay_message *message);

/**
 * Method of a request; "" for a response.
 * @param message  a message, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_method(const wxpay_message *message);

/**
 * URL of a request, absolute once it is prepared; "" for a response.
 * @param message  a message, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_url(const wxpay_message *message);

/**
 * HTTP status of a response; 0 for a request.
 * @param message  a message, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_message_status(const wxpay_message *message);

/**
 * Number of headers.
 * @param message  a message, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API size_t wxpay_message_header_count(const wxpay_message *message);

/**
 * Name of the header at an index; NULL beyond the last.
 * @param message  a message, or NULL (gives NULL)
 * @param index  from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_header_name(const wxpay_message *message, size_t index);

/**
 * Value of the header at an index; NULL beyond the last.
 * @param message  a message, or NULL (gives NULL)
 * @param index  from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_header_value(const wxpay_message *message, size_t index);

/**
 * First value of a header by name, in any case and spelling; NULL when it is absent.
 * @param message  a message, or NULL (gives NULL)
 * @param name  the header's name
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API
const char *wxpay_message_header(const wxpay_message *message,
                                 const char *name,
                                 size_t name_len);

/**
 * The body's bytes; never NULL for a live message. No NUL follows.
 * @param message  a message, or NULL (gives NULL)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const uint8_t *wxpay_message_body(const wxpay_message *message);

/**
 * Number of bytes of the body.
 * @param message  a message, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API size_t wxpay_message_body_len(const wxpay_message *message);

/**
 * How far a response is authenticated, WXPAY_VERIFIED_…: 0 not checked, 1 signature verified, 2
 * not signed by design (closed table), 3 error answer.
 * @param message  a message, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_message_verified(const wxpay_message *message);

/**
 * Request-ID of a response; "" when there is none.
 * @param message  a message, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_request_id(const wxpay_message *message);

/**
 * Id of the WeChat Pay key that verified a response, or that a prepared request asks for.
 * @param message  a message, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_key_id(const wxpay_message *message);

/**
 * What happened on the network, JSON: milliseconds of dns, connect, tls, first byte and total,
 * addresses tried and used, whether the connection was reused, TLS. "" when nothing was sent.
 * @param message  a message, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_message_trace(const wxpay_message *message);

/**
 * Releases a message. One borrowed from an error is released with the error.
 * @param message  a message, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_message_free(wxpay_message *message);

/**
 * Makes an upload, a POST with the parts `meta` and `file`, for wxpay_client_prepare or
 * wxpay_client_send like any other request. What is signed is the meta part, byte for byte.
 * Size and type are checked by the path before anything is sent.
 * @param url  path of an upload, such as /v3/merchant/media/upload
 * @param meta_json  empty: made, with file name and digest. Else sent and signed as it stands; its
 *   digest must be that of the file
 * @param filename  UTF-8, without control characters; quotes are taken care of
 * @param content_type  such as image/png; empty: from the end of the file name
 * @param file  the file's bytes
 * @param[out] out  owned; release with wxpay_message_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 105 106 200 213 420 503
 */
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

/**
 * Makes an empty configuration.
 * @param[out] out  owned; release with wxpay_config_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 101
 */
WXPAY_API wxpay_status wxpay_config_new(wxpay_config **out, wxpay_error **err);

/**
 * Zeroises and releases a configuration. Clients made of it live on.
 * @param config  a configuration, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_config_free(wxpay_config *config);

/**
 * Sets one key. Replaces an earlier value; empty unsets; the order of keys never matters. The
 * form is checked here, files and the whole in wxpay_client_new.
 * @param config  the configuration to change
 * @param key  name of the key; an unknown one is CONFIG_UNKNOWN_KEY naming the nearest
 * @param value  its value, UTF-8
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per configuration  @io none  @errors 100 101 102 104 105 106 114 115 117
 */
WXPAY_API
wxpay_status wxpay_config_set(wxpay_config *config,
                              const char *key,
                              size_t key_len,
                              const char *value,
                              size_t value_len,
                              wxpay_error **err);

/**
 * Fills keys that are unset from environment variables PREFIX + KEY in upper case; "." is written
 * "__". Reads nothing in a set-user-id process.
 * @param config  the configuration to change
 * @param prefix  such as "WXPAY_": upper case, ends with _, not HTTP_
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per configuration  @io environment  @errors 100 101 102 104 105 106 114 115 117
 */
WXPAY_API
wxpay_status wxpay_config_load_env(wxpay_config *config,
                                   const char *prefix,
                                   size_t prefix_len,
                                   wxpay_error **err);

/**
 * Sets keys from a JSON object {"key": "value" | ["line", …]}. Members that begin with "_" are
 * ignored. On an error nothing is changed.
 * @param config  the configuration to change
 * @param json  the object
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per configuration  @io none  @errors 100 101 102 104 105 106 114 115 117 420
 */
WXPAY_API
wxpay_status wxpay_config_load_json(wxpay_config *config,
                                    const char *json,
                                    size_t json_len,
                                    wxpay_error **err);

/**
 * An offline report, JSON: roles, lengths, mismatches, expiry, serials, file permissions. OK
 * whenever the report could be made; the verdict is its member "status".
 * @param config  a configuration
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io reads the files that are named  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_config_check(const wxpay_config *config,
                                int64_t now,
                                wxpay_buf **out,
                                wxpay_error **err);

/**
 * Makes a client. Reads the files that the configuration names and nothing else: no socket, no
 * store, no thread. Every wrong placement of keys and certificates is refused here.
 * @param config  a configuration; not kept
 * @param[out] out  owned; release with wxpay_client_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io reads the files that are named  @errors 100 101 104 105 106 110 111 112 113 115 116 118 119
 */
WXPAY_API
wxpay_status wxpay_client_new(const wxpay_config *config,
                              wxpay_client **out,
                              wxpay_error **err);

/**
 * Loads or reloads the system's store now: NO_TRUST_ROOTS at boot instead of at the first
 * payment. Call it before a fork, so that children inherit the store.
 * @param client  a client
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io reads the store  @errors 100 101 315
 */
WXPAY_API wxpay_status wxpay_client_warm(const wxpay_client *client, wxpay_error **err);

/**
 * What the client is and did, JSON without secrets: keys and how each came to be trusted,
 * requests, connections, retries, store loads and reloads, roots.
 * @param client  a client
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_client_info(const wxpay_client *client,
                               wxpay_buf **out,
                               wxpay_error **err);

/**
 * Releases a client. Messages and errors from it live on.
 * @param client  a client, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_client_free(wxpay_client *client);

/**
 * Sends a request and checks the answer: prepare, transport and check in one. A message from
 * wxpay_client_prepare or wxpay_message_attach_signature goes out byte for byte. On failure look
 * at wxpay_error_outcome before anything is sent again.
 * @param client  a client
 * @param request  a request, prepared or not; not changed
 * @param[out] response  owned; the verified answer, or one that WeChat Pay never signs
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 102 103 105 106 110 111 116 119 200 201 202 203 204 205 206 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
 */
WXPAY_API
wxpay_status wxpay_client_send(const wxpay_client *client,
                               const wxpay_message *request,
                               wxpay_message **response,
                               wxpay_error **err);

/**
 * wxpay_message_new_request and wxpay_client_send in one.
 * @param client  a client
 * @param method  GET, POST, PUT, PATCH or DELETE
 * @param url  path and query, already percent-encoded, or an absolute URL of a known host
 * @param body  the exact bytes to sign and send; empty for none
 * @param[out] response  owned; as for wxpay_client_send
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 111 116 119 200 201 202 203 204 205 206 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 503
 */
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

/**
 * Downloads the platform certificates and puts them in place of the old ones, all or nothing. OK
 * without I/O within 60 seconds of a success; RATE_LIMITED within 60 seconds of a failure.
 * Merchants with a WeChat Pay public key do not need it.
 * @param client  a client with api_v3_key
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 103 105 106 110 111 116 119 200 201 202 203 204 205 206 210 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501
 */
WXPAY_API
wxpay_status wxpay_client_refresh_certificates(const wxpay_client *client,
                                               wxpay_error **err);

/**
 * Makes the exact message to send: absolute URL, signature, and every header except Host and
 * Content-Length. Send its body byte for byte and do not follow redirects.
 * @param client  a client
 * @param request  a request; not changed
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; the prepared message
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
 */
WXPAY_API
wxpay_status wxpay_client_prepare(const wxpay_client *client,
                                  const wxpay_message *request,
                                  int64_t now,
                                  wxpay_message **out,
                                  wxpay_error **err);

/**
 * Checks what your transport received for a prepared request and records the verdict on the
 * response (wxpay_message_verified). Never sends anything.
 * @param client  a client
 * @param request  the prepared message that was sent
 * @param response  the answer, with its headers; the verdict is written to it
 * @param now  Unix seconds, 0 = the system clock; never take it from the message
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any; one at a time per response  @io none  @errors 100 101 103 106 201 202 203 204 205 206 212 400 401 402
 */
WXPAY_API
wxpay_status wxpay_client_check(const wxpay_client *client,
                                const wxpay_message *request,
                                wxpay_message *response,
                                int64_t now,
                                wxpay_error **err);

/**
 * As wxpay_client_prepare, but without the signature: for keys in a KMS, HSM or USB token. Sign
 * `to_sign` with RSASSA-PKCS1-v1_5 and SHA-256, or its digest, then attach.
 * @param client  a client
 * @param request  a request; not changed
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; the message, to be completed by wxpay_message_attach_signature
 * @param[out] to_sign  owned; the exact bytes; NULL to ignore
 * @param[out] to_sign_sha256  owned; their SHA-256, 32 bytes; NULL to ignore
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
 */
WXPAY_API
wxpay_status wxpay_client_prepare_unsigned(const wxpay_client *client,
                                           const wxpay_message *request,
                                           int64_t now,
                                           wxpay_message **out,
                                           wxpay_buf **to_sign,
                                           wxpay_buf **to_sign_sha256,
                                           wxpay_error **err);

/**
 * Completes a message from wxpay_client_prepare_unsigned. The signature is verified at once
 * against the merchant certificate, if that client was configured with one.
 * @param message  the message to complete
 * @param signature  256 bytes for RSA-2048, raw or base64
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per message  @io none  @errors 100 101 103 200
 */
WXPAY_API
wxpay_status wxpay_message_attach_signature(wxpay_message *message,
                                            const char *signature,
                                            size_t signature_len,
                                            wxpay_error **err);

/**
 * Are platform certificates to be downloaded? 0 no, 1 older than 12 hours, 2 now. The rate limit
 * is included: 0 while it says wait.
 * @param client  a client, or NULL (gives 0)
 * @param now  Unix seconds, 0 = the system clock
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_client_certificates_due(const wxpay_client *client, int64_t now);

/**
 * The request for the platform certificates, for wxpay_client_prepare or _prepare_unsigned; hand
 * its answer to wxpay_client_load_certificates.
 * @param client  a client
 * @param[out] out  owned; a request
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_client_certificates_request(const wxpay_client *client,
                                               wxpay_message **out,
                                               wxpay_error **err);

/**
 * Authenticates and loads a list of platform certificates, instead of wxpay_client_check. All or
 * nothing: on any error the old set stays.
 * @param client  a client with api_v3_key
 * @param response  the answer, with its headers
 * @param now  Unix seconds, 0 = the system clock; never take it from the message
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 103 105 110 111 116 119 201 202 203 204 205 206 210 212 400 401 402 410 420
 */
WXPAY_API
wxpay_status wxpay_client_load_certificates(const wxpay_client *client,
                                            const wxpay_message *response,
                                            int64_t now,
                                            wxpay_error **err);

/**
 * What a request is signed over, JSON: the exact bytes, their length and digest line by line, the
 * key's fingerprint. Secrets are redacted. Nothing is signed or sent.
 * @param client  a client
 * @param request  a request, prepared or not
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
 */
WXPAY_API
wxpay_status wxpay_explain_request(const wxpay_client *client,
                                   const wxpay_message *request,
                                   wxpay_buf **out,
                                   wxpay_error **err);

/**
 * Opens a notification: headers, window, key, signature, and only then JSON and AES-GCM. No
 * network. Compare mchid, out_trade_no and amount with your order, and expect the same
 * notification up to 16 times.
 * @param client  a client with api_v3_key
 * @param message  headers in any spelling (HTTP_WECHATPAY_SERIAL too) and the raw body
 * @param now  Unix seconds, 0 = the system clock; never take it from the message
 * @param[out] out  owned; release with wxpay_notify_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 105 110 201 202 203 204 205 206 210 212 421
 */
WXPAY_API
wxpay_status wxpay_notify_open(const wxpay_client *client,
                               const wxpay_message *message,
                               int64_t now,
                               wxpay_notify **out,
                               wxpay_error **err);

/**
 * Id of the notification.
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_id(const wxpay_notify *notify);

/**
 * Such as "TRANSACTION.SUCCESS" or "REFUND.SUCCESS".
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_event_type(const wxpay_notify *notify);

/**
 * "encrypt-resource".
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_resource_type(const wxpay_notify *notify);

/**
 * Type of the object before encryption, such as "transaction" or "refund".
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_original_type(const wxpay_notify *notify);

/**
 * RFC 3339, as WeChat Pay wrote it.
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_create_time(const wxpay_notify *notify);

/**
 * A sentence for people.
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_summary(const wxpay_notify *notify);

/**
 * Id of the WeChat Pay key that verified it.
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_serial(const wxpay_notify *notify);

/**
 * The envelope with `resource` replaced by the decrypted object, JSON; all else byte for byte.
 * One member is added, at the end, where the notification names several receivers and one of them
 * is not this client's merchant: "mchid_matches":false.
 * @param notify  a notification, or NULL (gives "")
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_notify_json(const wxpay_notify *notify);

/**
 * When WeChat Pay signed it, Unix seconds.
 * @param notify  a notification, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_notify_timestamp(const wxpay_notify *notify);

/**
 * The decrypted resource, byte for byte. No NUL follows.
 * @param notify  a notification, or NULL (gives NULL)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const uint8_t *wxpay_notify_plaintext(const wxpay_notify *notify);

/**
 * Number of bytes of the decrypted resource.
 * @param notify  a notification, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API size_t wxpay_notify_plaintext_len(const wxpay_notify *notify);

/**
 * Releases a notification.
 * @param notify  a notification, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_notify_free(wxpay_notify *notify);

/**
 * The answer that WeChat Pay wants to its notification: status, Content-Type and body. Store
 * what the notification says before you answer 204.
 * @param result  0 when it is handled: 204. A status of wxpay_notify_open between 200 and 299:
 *   401. Anything else: 500, and it is sent again
 * @param reason  a few words for WeChat Pay's log; empty for a standard text
 * @param[out] out  owned; a response with header Content-Type where it has a body
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102
 */
WXPAY_API
wxpay_status wxpay_notify_reply(wxpay_status result,
                                const char *reason,
                                size_t reason_len,
                                wxpay_message **out,
                                wxpay_error **err);

/**
 * Encrypts a value for WeChat Pay. The request must name the key that was used: set
 * `used_key_id` on it as option "key_id".
 * @param client  a client
 * @param key_id  of the WeChat Pay key to use; empty for the one that requests ask for
 * @param plaintext  at most 214 bytes for a 2048-bit key
 * @param[out] ciphertext_base64  owned
 * @param[out] used_key_id  owned; NULL to ignore
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 204 211 410
 */
WXPAY_API
wxpay_status wxpay_client_encrypt(const wxpay_client *client,
                                  const char *key_id,
                                  size_t key_id_len,
                                  const char *plaintext,
                                  size_t plaintext_len,
                                  wxpay_buf **ciphertext_base64,
                                  wxpay_buf **used_key_id,
                                  wxpay_error **err);

/**
 * Decrypts a value of an answer with the merchant's private key. Every failure has the same
 * status, and one text for all that is base64.
 * @param client  a client with a private key
 * @param ciphertext_base64  strict base64
 * @param[out] out  owned; the plaintext
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 210
 */
WXPAY_API
wxpay_status wxpay_client_decrypt(const wxpay_client *client,
                                  const char *ciphertext_base64,
                                  size_t ciphertext_base64_len,
                                  wxpay_buf **out,
                                  wxpay_error **err);

/**
 * Encrypts values inside the JSON body of a request and fixes the key on the message, so that the
 * header Wechatpay-Serial names the key that was used. Only those strings are replaced; every
 * other byte stays. On an error the request is unchanged.
 * @param client  a client
 * @param request  a request that is not prepared yet, with a JSON body
 * @param pointers  JSON pointers (RFC 6901), one a line; `*` is every element of an array; a `?` at
 *   the end of a line: the value may be absent, null or empty
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 204 206 211 410 420 503
 */
WXPAY_API
wxpay_status wxpay_client_encrypt_fields(const wxpay_client *client,
                                         wxpay_message *request,
                                         const char *pointers,
                                         size_t pointers_len,
                                         wxpay_error **err);

/**
 * Decrypts values inside a verified answer. Only those strings are replaced; every other byte
 * stays. The message is not changed.
 * @param client  a client with a private key
 * @param response  an answer whose signature was verified
 * @param pointers  as for wxpay_client_encrypt_fields
 * @param[out] json  owned; the body with the values decrypted
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 103 105 110 210 420 503
 */
WXPAY_API
wxpay_status wxpay_client_decrypt_fields(const wxpay_client *client,
                                         const wxpay_message *response,
                                         const char *pointers,
                                         size_t pointers_len,
                                         wxpay_buf **json,
                                         wxpay_error **err);

/**
 * Downloads a whole file: a bill, an image of a complaint, a receipt. Length, digest and, where
 * it is encrypted, its tag are right, or nothing is given. gzip is undone.
 * @param client  a client
 * @param source  the JSON with which WeChat Pay answered the request for the bill, as it came (of a
 *   download_bill_list with several elements, one of them), or {"download_url": "…"}
 * @param[out] out  owned; the file, at most max_response_bytes
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 200 201 202 203 204 205 206 210 212 213 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
 */
WXPAY_API
wxpay_status wxpay_client_download(const wxpay_client *client,
                                   const char *source,
                                   size_t source_len,
                                   wxpay_buf **out,
                                   wxpay_error **err);

/**
 * Begins a download: sends the request and reads the answer's headers. For files that do not fit
 * into memory; memory stays the same, whatever the file's size. An encrypted file is put aside in
 * a temporary file at the first read, because nothing of it is given out before its tag was right.
 * @param client  a client; may be freed before the download
 * @param source  as for wxpay_client_download
 * @param[out] out  owned; release with wxpay_download_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 200 201 202 203 204 205 206 210 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
 */
WXPAY_API
wxpay_status wxpay_download_open(const wxpay_client *client,
                                 const char *source,
                                 size_t source_len,
                                 wxpay_download **out,
                                 wxpay_error **err);

/**
 * Gives the next bytes of the file, gzip undone. They are provisional: only when a call has
 * returned OK with n = 0 were length, digest and tag right. Until then write to a file that
 * nobody takes for the whole, and delete it on any error. INVALID_STATE after
 * wxpay_bill_open_download, which takes the whole file.
 * @param download  a download
 * @param[out] into  where the bytes go
 * @param capacity  room there; at least 1
 * @param[out] n  bytes written; 0 is the end
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per download  @io network and a temporary file  @errors 100 101 103 118 210 213 302 303 304 305 307 314 500 501 503
 */
WXPAY_API
wxpay_status wxpay_download_read(wxpay_download *download,
                                 uint8_t *into,
                                 size_t capacity,
                                 size_t *n,
                                 wxpay_error **err);

/**
 * Bytes that came over the network so far, as sent: compressed, if they are.
 * @param download  a download, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_download_received(const wxpay_download *download);

/**
 * Bytes that will come over the network, or -1 when the answer does not say.
 * @param download  a download, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_download_total(const wxpay_download *download);

/**
 * 0 not at its end, 1 the digest, tag or signature was right, 2 at its end, but nothing proves the
 * content: WeChat Pay gives no digest for such a file, or the source had none.
 * @param download  a download, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_download_verified(const wxpay_download *download);

/**
 * Asks the wxpay_download_read at work, or the next one, to stop: it returns CANCELLED. Sticky.
 * @param download  a download, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_download_cancel(const wxpay_download *download);

/**
 * Ends and releases a download.
 * @param download  a download, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_download_free(wxpay_download *download);

/**
 * Reads a bill that was downloaded whole. Every row is checked here; wxpay_bill_next then goes
 * through them.
 * @param csv  the bill's bytes, as wxpay_client_download gave them
 * @param[out] out  owned; release with wxpay_bill_free; it stands before the first row
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 105 423 503
 */
WXPAY_API
wxpay_status wxpay_bill_open(const char *csv,
                             size_t csv_len,
                             wxpay_bill **out,
                             wxpay_error **err);

/**
 * Reads a bill of any size: takes the download to its end into a temporary file that has no name,
 * and gives rows only if length, digest and tag were right.
 * @param download  a download that nothing was read from yet; stays yours
 * @param[out] out  owned; release with wxpay_bill_free; it stands before the first row
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per download  @io network and a temporary file  @errors 100 101 103 105 118 210 213 302 303 304 305 307 314 423 500 501 503
 */
WXPAY_API
wxpay_status wxpay_bill_open_download(wxpay_download *download,
                                      wxpay_bill **out,
                                      wxpay_error **err);

/**
 * Goes to the next row; after the last one wxpay_bill_row is 0.
 * @param bill  a bill
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads one at a time per bill  @io a temporary file  @errors 100 101 118 423
 */
WXPAY_API wxpay_status wxpay_bill_next(wxpay_bill *bill, wxpay_error **err);

/**
 * Number of the present row, from 1; 0 before the first and after the last.
 * @param bill  a bill, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_bill_row(const wxpay_bill *bill);

/**
 * Number of rows, without header and totals.
 * @param bill  a bill, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_bill_row_count(const wxpay_bill *bill);

/**
 * Number of columns.
 * @param bill  a bill, or NULL (gives 0)
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API size_t wxpay_bill_column_count(const wxpay_bill *bill);

/**
 * Name of a column, as the bill's header has it; NULL beyond the last.
 * @param bill  a bill, or NULL (gives NULL)
 * @param index  of the column, from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_bill_column_name(const wxpay_bill *bill, size_t index);

/**
 * Index of the column of that name, or -1.
 * @param bill  a bill, or NULL (gives -1)
 * @param name  as the bill's header has it, UTF-8
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_bill_column(const wxpay_bill *bill, const char *name, size_t name_len);

/**
 * Cell of the present row without its backtick; NULL beyond the last, and without a row.
 * A cell that starts with =, +, - or @ is a formula to a spreadsheet: see wxpay_bill_is_text.
 * @param bill  a bill, or NULL (gives NULL)
 * @param index  of the column, from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_bill_field(const wxpay_bill *bill, size_t index);

/**
 * 1: the bill marks this cell as text (a backtick stands before it): keep it text when you
 * export it. 0: it does not, or there is no such cell.
 * @param bill  a bill, or NULL (gives 0)
 * @param index  of the column, from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int32_t wxpay_bill_is_text(const wxpay_bill *bill, size_t index);

/**
 * Cell of the present row in fen: bills are in yuan with two decimals, the API in fen.
 * INT64_MIN when the cell is not such an amount.
 * @param bill  a bill, or NULL (gives INT64_MIN)
 * @param index  of the column, from 0
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_bill_fen(const wxpay_bill *bill, size_t index);

/**
 * A total from the end of the bill, without its backtick; NULL when there is none of that name, and
 * when the bill has several rows of totals.
 * @param bill  a bill, or NULL (gives NULL)
 * @param name  as the bill's header of totals has it, UTF-8
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API const char *wxpay_bill_total(const wxpay_bill *bill, const char *name, size_t name_len);

/**
 * A total in fen; INT64_MIN when there is none of that name or it is not an amount.
 * @param bill  a bill, or NULL (gives INT64_MIN)
 * @param name  as the bill's header of totals has it, UTF-8
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API int64_t wxpay_bill_total_fen(const wxpay_bill *bill, const char *name, size_t name_len);

/**
 * Releases a bill.
 * @param bill  a bill, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_bill_free(wxpay_bill *bill);

/**
 * Parameters of WeixinJSBridge's getBrandWCPayRequest: appId, timeStamp, nonceStr, package,
 * signType, paySign.
 * @param client  a client with a private key
 * @param appid  that the page runs under; 1 to 128 of A-Z, a-z, 0-9, _-=@.:/+
 * @param prepay_id  as the order's answer gave it, without "prepay_id="
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
 */
WXPAY_API
wxpay_status wxpay_pay_jsapi(const wxpay_client *client,
                             const char *appid,
                             size_t appid_len,
                             const char *prepay_id,
                             size_t prepay_id_len,
                             int64_t now,
                             wxpay_buf **out,
                             wxpay_error **err);

/**
 * Parameters of wx.requestPayment: timeStamp, nonceStr, package, signType, paySign.
 * @param client  a client with a private key
 * @param appid  of the mini program; signed, not part of the object
 * @param prepay_id  as the order's answer gave it, without "prepay_id="
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
 */
WXPAY_API
wxpay_status wxpay_pay_mini_program(const wxpay_client *client,
                                    const char *appid,
                                    size_t appid_len,
                                    const char *prepay_id,
                                    size_t prepay_id_len,
                                    int64_t now,
                                    wxpay_buf **out,
                                    wxpay_error **err);

/**
 * Parameters of the app SDK's PayReq: appid, partnerid, prepayid, package, noncestr, timestamp,
 * sign.
 * @param client  a client with mchid and a private key
 * @param appid  of the app
 * @param prepay_id  as the order's answer gave it
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
 */
WXPAY_API
wxpay_status wxpay_pay_app(const wxpay_client *client,
                           const char *appid,
                           size_t appid_len,
                           const char *prepay_id,
                           size_t prepay_id_len,
                           int64_t now,
                           wxpay_buf **out,
                           wxpay_error **err);

/**
 * The parameters without their signature, for keys in a KMS or HSM; complete them with
 * wxpay_pay_attach.
 * @param client  a client
 * @param kind  "jsapi", "mini_program" or "app"
 * @param appid  as for the signed forms
 * @param prepay_id  as for the signed forms
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] params  owned; JSON without signature
 * @param[out] to_sign  owned; the exact bytes; NULL to ignore
 * @param[out] to_sign_sha256  owned; their SHA-256, 32 bytes; NULL to ignore
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
 */
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

/**
 * Completes parameters from wxpay_pay_unsigned.
 * @param params  the JSON as it came
 * @param signature  256 bytes for RSA-2048, raw or base64
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 420
 */
WXPAY_API
wxpay_status wxpay_pay_attach(const char *params,
                              size_t params_len,
                              const char *signature,
                              size_t signature_len,
                              wxpay_buf **out,
                              wxpay_error **err);

/**
 * The h5_url of an order's answer with redirect_url appended, percent-encoded.
 * @param h5_url  https, as WeChat Pay gave it
 * @param redirect_url  http or https; empty for none. Make sure it is yours
 * @param[out] out  owned; the URL
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102
 */
WXPAY_API
wxpay_status wxpay_pay_h5_url(const char *h5_url,
                              size_t h5_url_len,
                              const char *redirect_url,
                              size_t redirect_url_len,
                              wxpay_buf **out,
                              wxpay_error **err);

/**
 * Parameters that open the PayScore page: mch_id, package, timestamp, nonce_str, sign_type, sign.
 * They are signed with the APIv2 key, HMAC-SHA256, as WeChat Pay's documents say.
 * @param client  a client with api_v2_key
 * @param package  as the PayScore answer gave it
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110
 */
WXPAY_API
wxpay_status wxpay_pay_score(const wxpay_client *client,
                             const char *package,
                             size_t package_len,
                             int64_t now,
                             wxpay_buf **out,
                             wxpay_error **err);

/**
 * Signature of a flat JSON object by the rules of API v2: sorted, joined, hashed, upper hex.
 * `sign`, null and empty values are left out. For parameters of front ends and of other channels;
 * requests are for wxpay_v2_prepare.
 * @param client  a client with api_v2_key
 * @param sign_type  MD5 or HMAC-SHA256; empty for api_v2_sign_type
 * @param json  an object of text and integers
 * @param[out] out  owned; 32 or 64 hex digits
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 105 110 212 420
 */
WXPAY_API
wxpay_status wxpay_v2_sign(const wxpay_client *client,
                           const char *sign_type,
                           size_t sign_type_len,
                           const char *json,
                           size_t json_len,
                           wxpay_buf **out,
                           wxpay_error **err);

/**
 * Makes the exact message to send to an API v2 path: XML with mch_id, nonce_str, sign_type where
 * they are missing, and sign; for pages such as /papay/entrustweb a GET, whose URL is for the
 * buyer's browser. Send it with wxpay_v2_send, or with your own transport and then
 * wxpay_v2_check. Refunds and other paths need the client certificate.
 * @param client  a client with api_v2_key
 * @param path  such as /pay/unifiedorder, or an absolute URL of a known host
 * @param sign_type  MD5 or HMAC-SHA256; empty for api_v2_sign_type
 * @param json  an object of text and integers
 * @param[out] out  owned; the prepared message
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 105 106 110 212 420
 */
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

/**
 * Checks an answer to a prepared message of API v2, or a notification, and gives its fields as they
 * came. For a bill that is {}: its bytes are the response's body. A notification may report a
 * failure: look at result_code. Confirm every v2 notification with an order query: the v2 signature is ambiguous, and does not
 * name the receiver.
 * @param client  a client with api_v2_key
 * @param request  the prepared message that was sent; NULL: a notification, which must be signed
 * @param response  the answer or notification; the verdict is written to it
 * @param[out] json  owned; the fields as a flat JSON object of text
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any; one at a time per response  @io none  @errors 100 101 103 110 201 212 400 401 402 422
 */
WXPAY_API
wxpay_status wxpay_v2_check(const wxpay_client *client,
                            const wxpay_message *request,
                            wxpay_message *response,
                            wxpay_buf **json,
                            wxpay_error **err);

/**
 * Sends a message from wxpay_v2_prepare and checks the answer. Never repeated by the library
 * after a byte of it was sent. On failure look at wxpay_error_outcome before anything is sent
 * again.
 * @param client  a client with api_v2_key
 * @param request  from wxpay_v2_prepare
 * @param[out] response  owned; the answer
 * @param[out] json  owned; its fields as a flat JSON object of text; NULL to ignore
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 103 105 106 110 201 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 422 501 503
 */
WXPAY_API
wxpay_status wxpay_v2_send(const wxpay_client *client,
                           const wxpay_message *request,
                           wxpay_message **response,
                           wxpay_buf **json,
                           wxpay_error **err);

/**
 * Opens `req_info` of a v2 refund notification. Nothing in that notification is signed and the
 * cipher does not protect against changes: query the refund before you act on it.
 * @param client  a client with api_v2_key
 * @param req_info_base64  as it stands in the notification
 * @param[out] out  owned; {"authenticated":false,"refund":{…}}
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 110 210
 */
WXPAY_API
wxpay_status wxpay_v2_refund_open(const wxpay_client *client,
                                  const char *req_info_base64,
                                  size_t req_info_base64_len,
                                  wxpay_buf **out,
                                  wxpay_error **err);

/**
 * The answer that WeChat Pay wants to a v2 notification: 200 with SUCCESS or FAIL in XML. Store
 * what the notification says before you answer SUCCESS.
 * @param result  0 when it is handled; any other status: FAIL, and it is sent again
 * @param reason  a few words for WeChat Pay's log; empty for a standard text
 * @param[out] out  owned; a response with header Content-Type
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102
 */
WXPAY_API
wxpay_status wxpay_v2_reply(wxpay_status result,
                            const char *reason,
                            size_t reason_len,
                            wxpay_message **out,
                            wxpay_error **err);

/**
 * Reads a key or certificate: PEM, DER or bare base64; PKCS#8, PKCS#1, encrypted PKCS#8, SPKI,
 * X.509; CRLF, BOM, missing newline and literal \n are understood.
 * @param pem_or_der  the content, not a path
 * @param passphrase  of an encrypted private key; empty for none
 * @param[out] out  owned; release with wxpay_key_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 111 112
 */
WXPAY_API
wxpay_status wxpay_key_load(const char *pem_or_der,
                            size_t pem_or_der_len,
                            const char *passphrase,
                            size_t passphrase_len,
                            wxpay_key **out,
                            wxpay_error **err);

/**
 * What it is, JSON: kind, bits, SHA-256 of the public key (SPKI), and for certificates serial,
 * names and validity. Nothing secret.
 * @param key  a key
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101
 */
WXPAY_API wxpay_status wxpay_key_info(const wxpay_key *key, wxpay_buf **out, wxpay_error **err);

/**
 * Zeroises and releases a key.
 * @param key  a key, or NULL
 * @since 0.1  @threads any  @io none  @errors none
 */
WXPAY_API void wxpay_key_free(wxpay_key *key);

/**
 * OK when key and certificate belong together (equal modulus), else KEY_CERT_MISMATCH.
 * @param key  a key
 * @param cert  a certificate, PEM or DER
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 111 113 116
 */
WXPAY_API
wxpay_status wxpay_key_matches_cert(const wxpay_key *key,
                                    const char *cert,
                                    size_t cert_len,
                                    wxpay_error **err);

/**
 * Builds the string that is signed for a request: five lines, each ended by LF.
 * @param method  3 to 7 capital letters
 * @param url  path and query as sent, or an absolute URL
 * @param timestamp  1 to 12 digits
 * @param nonce  1 to 64 of 0-9, A-Z, a-z, _ and -
 * @param body  the exact bytes sent
 * @param[out] out  owned; the exact bytes
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 106
 */
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

/**
 * Builds the string that WeChat Pay signs for a response or notification: three lines.
 * @param timestamp  of header Wechatpay-Timestamp
 * @param nonce  of header Wechatpay-Nonce
 * @param body  the exact bytes received
 * @param[out] out  owned; the exact bytes
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102
 */
WXPAY_API
wxpay_status wxpay_canonical_response(const char *timestamp,
                                      size_t timestamp_len,
                                      const char *nonce,
                                      size_t nonce_len,
                                      const char *body,
                                      size_t body_len,
                                      wxpay_buf **out,
                                      wxpay_error **err);

/**
 * Signs with RSASSA-PKCS1-v1_5 and SHA-256.
 * @param key  a private key
 * @param message  the bytes to sign
 * @param[out] out  owned; base64
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 116 200
 */
WXPAY_API
wxpay_status wxpay_sign(const wxpay_key *key,
                        const char *message,
                        size_t message_len,
                        wxpay_buf **out,
                        wxpay_error **err);

/**
 * Verifies a signature made by wxpay_sign. Checks neither time nor who may sign: for messages of
 * WeChat Pay use wxpay_client_check and wxpay_notify_open.
 * @param key  a public key, certificate or private key
 * @param message  the signed bytes
 * @param signature_base64  strict base64
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 201
 */
WXPAY_API
wxpay_status wxpay_verify(const wxpay_key *key,
                          const char *message,
                          size_t message_len,
                          const char *signature_base64,
                          size_t signature_base64_len,
                          wxpay_error **err);

/**
 * Opens AEAD_AES_256_GCM. The key alone authenticates it: for notifications use
 * wxpay_notify_open, which verifies first.
 * @param key  32 bytes, the APIv3 key as it is
 * @param nonce  12 bytes
 * @param aad  associated_data; may be empty
 * @param ciphertext_base64  ciphertext and 16 bytes of tag
 * @param[out] out  owned; the plaintext
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 210
 */
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

/**
 * Encrypts with RSAES-OAEP (SHA-1, MGF1-SHA-1), as sensitive fields are.
 * @param key  a public key or certificate
 * @param plaintext  at most 214 bytes for a 2048-bit key
 * @param[out] out  owned; base64
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 211
 */
WXPAY_API
wxpay_status wxpay_oaep_encrypt(const wxpay_key *key,
                                const char *plaintext,
                                size_t plaintext_len,
                                wxpay_buf **out,
                                wxpay_error **err);

/**
 * Decrypts what wxpay_oaep_encrypt made. Every failure has the same status and text.
 * @param key  a private key
 * @param ciphertext_base64  strict base64
 * @param[out] out  owned; the plaintext
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 102 116 210
 */
WXPAY_API
wxpay_status wxpay_oaep_decrypt(const wxpay_key *key,
                                const char *ciphertext_base64,
                                size_t ciphertext_base64_len,
                                wxpay_buf **out,
                                wxpay_error **err);

/**
 * What the trust store holds, JSON: where it came from (every path looked at), the roots that
 * matter to WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this
 * system. It reads the store as a request would. OK whenever a report could be made; the verdict
 * is inside: {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}.
 * docs/json.md has every member, docs/diagnosis.md every id.
 * @param client  a client, or NULL: the store of a client made now with the defaults
 * @param now  Unix seconds, 0 for the system clock; never taken from a message
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io reads the store  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_trust_report(const wxpay_client *client,
                                int64_t now,
                                wxpay_buf **out,
                                wxpay_error **err);

/**
 * What happens when this process connects to a server, JSON: addresses, TCP, TLS version and
 * suite, the chain, the root it ended in, every problem with its cause and cure. One handshake on
 * the stack that requests use, through the client's proxy and with its client certificate; then,
 * where that went well and the host is WeChat Pay's, base_url's or this machine, a GET
 * /v3/certificates without Authorization, for Request-ID and the server's clock. No business
 * request is sent. OK whenever a report could be made; `status` inside is what a request would
 * fail with, 0 for none.
 * @param client  a client, or NULL: a client made now with the defaults
 * @param host  host name or address, without scheme and port
 * @param port  1 to 65535, 0 for 443
 * @param bind_address  empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new server certificate, without touching the hosts file
 * @param now  Unix seconds, 0 for the system clock; never taken from a message
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io network  @errors 100 101 102
 */
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

/**
 * What an error text of TLS means, JSON: possible causes with their cures, the likeliest first.
 * Knows what Java, C++, PHP, C#, Python, Go, Ruby, Node, curl and this library print; the cure is
 * that of the language. Knows also what WeChat Pay answers to a signature that it refuses, in
 * English and Chinese. It opens nothing. Of a text that it does not know it says so.
 * @param pasted_error  any text, such as an exception with its causes; the first 64 KiB are looked at
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_explain_text(const char *pasted_error,
                                size_t pasted_error_len,
                                wxpay_buf **out,
                                wxpay_error **err);

/**
 * What an answer means for the request that it answers, JSON: the verdict of wxpay_client_check,
 * and the causes with their cures. On SIGN_ERROR what was signed is compared, line by line and
 * byte by byte, with what WeChat Pay says it verified (sign_information). Works on
 * wxpay_error_request and wxpay_error_response.
 * @param client  a client
 * @param request  the prepared message that was sent
 * @param response  the answer, with its headers; not changed
 * @param now  Unix seconds, 0 = the system clock; never take it from the message
 * @param[out] out  owned; JSON
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100 101 103
 */
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

#endif  /* WXPAY_H */
