// Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
//
// Constants, and for every function of wxpay.h a method. Include wxpay/wxpay.hpp instead of this.
#ifndef WXPAY_GENERATED_HPP
#define WXPAY_GENERATED_HPP

#include "handle.hpp"

static_assert(WXPAY_VERSION_MAJOR == 0 && WXPAY_VERSION_MINOR >= 1,
              "another wxpay.h is found first: wxpay/generated.hpp needs that of version 0.1");

namespace wxpay {

/// what went wrong; new numbers are grouped by hundred
namespace status {
inline constexpr std::int32_t ok = WXPAY_STATUS_OK;
inline constexpr std::int32_t invalid_argument = WXPAY_STATUS_INVALID_ARGUMENT;
inline constexpr std::int32_t null_argument = WXPAY_STATUS_NULL_ARGUMENT;
inline constexpr std::int32_t invalid_utf8 = WXPAY_STATUS_INVALID_UTF8;
inline constexpr std::int32_t invalid_state = WXPAY_STATUS_INVALID_STATE;
inline constexpr std::int32_t unsupported = WXPAY_STATUS_UNSUPPORTED;
inline constexpr std::int32_t limit_exceeded = WXPAY_STATUS_LIMIT_EXCEEDED;
inline constexpr std::int32_t url_refused = WXPAY_STATUS_URL_REFUSED;
inline constexpr std::int32_t config_incomplete = WXPAY_STATUS_CONFIG_INCOMPLETE;
inline constexpr std::int32_t key_format = WXPAY_STATUS_KEY_FORMAT;
inline constexpr std::int32_t key_encrypted = WXPAY_STATUS_KEY_ENCRYPTED;
inline constexpr std::int32_t key_cert_mismatch = WXPAY_STATUS_KEY_CERT_MISMATCH;
inline constexpr std::int32_t api_key_length = WXPAY_STATUS_API_KEY_LENGTH;
inline constexpr std::int32_t serial_format = WXPAY_STATUS_SERIAL_FORMAT;
inline constexpr std::int32_t wrong_key_role = WXPAY_STATUS_WRONG_KEY_ROLE;
inline constexpr std::int32_t config_unknown_key = WXPAY_STATUS_CONFIG_UNKNOWN_KEY;
inline constexpr std::int32_t file_unreadable = WXPAY_STATUS_FILE_UNREADABLE;
inline constexpr std::int32_t config_conflict = WXPAY_STATUS_CONFIG_CONFLICT;
inline constexpr std::int32_t sign_failed = WXPAY_STATUS_SIGN_FAILED;
inline constexpr std::int32_t signature_invalid = WXPAY_STATUS_SIGNATURE_INVALID;
inline constexpr std::int32_t signature_probe = WXPAY_STATUS_SIGNATURE_PROBE;
inline constexpr std::int32_t signature_headers_missing = WXPAY_STATUS_SIGNATURE_HEADERS_MISSING;
inline constexpr std::int32_t serial_unknown = WXPAY_STATUS_SERIAL_UNKNOWN;
inline constexpr std::int32_t timestamp_expired = WXPAY_STATUS_TIMESTAMP_EXPIRED;
inline constexpr std::int32_t header_duplicate = WXPAY_STATUS_HEADER_DUPLICATE;
inline constexpr std::int32_t decrypt_failed = WXPAY_STATUS_DECRYPT_FAILED;
inline constexpr std::int32_t encrypt_too_long = WXPAY_STATUS_ENCRYPT_TOO_LONG;
inline constexpr std::int32_t unsupported_algorithm = WXPAY_STATUS_UNSUPPORTED_ALGORITHM;
inline constexpr std::int32_t digest_mismatch = WXPAY_STATUS_DIGEST_MISMATCH;
inline constexpr std::int32_t dns = WXPAY_STATUS_DNS;
inline constexpr std::int32_t connect = WXPAY_STATUS_CONNECT;
inline constexpr std::int32_t timeout = WXPAY_STATUS_TIMEOUT;
inline constexpr std::int32_t io = WXPAY_STATUS_IO;
inline constexpr std::int32_t http_protocol = WXPAY_STATUS_HTTP_PROTOCOL;
inline constexpr std::int32_t body_too_large = WXPAY_STATUS_BODY_TOO_LARGE;
inline constexpr std::int32_t proxy = WXPAY_STATUS_PROXY;
inline constexpr std::int32_t body_truncated = WXPAY_STATUS_BODY_TRUNCATED;
inline constexpr std::int32_t bind_with_proxy = WXPAY_STATUS_BIND_WITH_PROXY;
inline constexpr std::int32_t proxy_auth = WXPAY_STATUS_PROXY_AUTH;
inline constexpr std::int32_t tls_unknown_issuer = WXPAY_STATUS_TLS_UNKNOWN_ISSUER;
inline constexpr std::int32_t tls_expired = WXPAY_STATUS_TLS_EXPIRED;
inline constexpr std::int32_t tls_not_yet_valid = WXPAY_STATUS_TLS_NOT_YET_VALID;
inline constexpr std::int32_t tls_name_mismatch = WXPAY_STATUS_TLS_NAME_MISMATCH;
inline constexpr std::int32_t tls_handshake = WXPAY_STATUS_TLS_HANDSHAKE;
inline constexpr std::int32_t no_trust_roots = WXPAY_STATUS_NO_TRUST_ROOTS;
inline constexpr std::int32_t tls_bad_chain = WXPAY_STATUS_TLS_BAD_CHAIN;
inline constexpr std::int32_t tls_client_certificate = WXPAY_STATUS_TLS_CLIENT_CERTIFICATE;
inline constexpr std::int32_t api_error = WXPAY_STATUS_API_ERROR;
inline constexpr std::int32_t api_unexpected_response = WXPAY_STATUS_API_UNEXPECTED_RESPONSE;
inline constexpr std::int32_t rate_limited = WXPAY_STATUS_RATE_LIMITED;
inline constexpr std::int32_t certificates_unavailable = WXPAY_STATUS_CERTIFICATES_UNAVAILABLE;
inline constexpr std::int32_t malformed_json = WXPAY_STATUS_MALFORMED_JSON;
inline constexpr std::int32_t malformed_notify = WXPAY_STATUS_MALFORMED_NOTIFY;
inline constexpr std::int32_t malformed_xml = WXPAY_STATUS_MALFORMED_XML;
inline constexpr std::int32_t malformed_bill = WXPAY_STATUS_MALFORMED_BILL;
inline constexpr std::int32_t forked = WXPAY_STATUS_FORKED;
inline constexpr std::int32_t cancelled = WXPAY_STATUS_CANCELLED;
inline constexpr std::int32_t out_of_memory = WXPAY_STATUS_OUT_OF_MEMORY;
inline constexpr std::int32_t panic = WXPAY_STATUS_PANIC;
inline constexpr std::int32_t internal = WXPAY_STATUS_INTERNAL;
}

/// how far a message is authenticated: Message::verified
namespace verified {
inline constexpr std::int32_t not_checked = WXPAY_VERIFIED_NOT_CHECKED;
inline constexpr std::int32_t signature = WXPAY_VERIFIED_SIGNATURE;
inline constexpr std::int32_t not_signed_by_design = WXPAY_VERIFIED_NOT_SIGNED_BY_DESIGN;
inline constexpr std::int32_t error_answer = WXPAY_VERIFIED_ERROR_ANSWER;
}

/// languages of status_text
namespace lang {
inline constexpr std::int32_t en = WXPAY_LANG_EN;
inline constexpr std::int32_t zh = WXPAY_LANG_ZH;
}

/// What is known about the money after a failure.
enum class Outcome : std::int32_t {
    /// query the order before anything is sent again
    unknown = WXPAY_OUTCOME_UNKNOWN,
    /// no byte of the request left this process
    not_sent = WXPAY_OUTCOME_NOT_SENT,
    /// WeChat Pay refused the request
    rejected = WXPAY_OUTCOME_REJECTED,
    /// an answer came, its signature did not verify: query, do not deliver
    done_unverified = WXPAY_OUTCOME_DONE_UNVERIFIED,
};

/// A number that this version does not know counts as unknown: query first.
constexpr Outcome to_outcome(std::int32_t number) noexcept
{
    switch (number) {
    case WXPAY_OUTCOME_UNKNOWN: return Outcome::unknown;
    case WXPAY_OUTCOME_NOT_SENT: return Outcome::not_sent;
    case WXPAY_OUTCOME_REJECTED: return Outcome::rejected;
    case WXPAY_OUTCOME_DONE_UNVERIFIED: return Outcome::done_unverified;
    default: return Outcome::unknown;
    }
}

/// Such as "NOT_SENT".
constexpr std::string_view outcome_name(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::unknown: return "UNKNOWN";
    case Outcome::not_sent: return "NOT_SENT";
    case Outcome::rejected: return "REJECTED";
    case Outcome::done_unverified: return "DONE_UNVERIFIED";
    }
    return "UNKNOWN";
}

class Error;
class Message;
class Config;
class Notification;
class Download;
class Bill;
class Client;
namespace primitives {
class Key;
}

struct PrepareUnsignedResult;
struct EncryptResult;
struct UnsignedResult;
struct V2SendResult;

/// What the classes in `wxpay` inherit.
namespace generated {

class Error : public Shared<wxpay_error, wxpay_error_free> {
public:
    using Shared::Shared;

    /// The status, WXPAY_STATUS_…, as the failed function returned it.
    [[nodiscard]] std::int32_t status() const noexcept;
    /// What is known about the request at WeChat Pay, WXPAY_OUTCOME_…: the field that matters for money.
    /// UNKNOWN (0): query the order before anything is sent again. NOT_SENT (1): no byte left this process.
    /// REJECTED (2): WeChat Pay refused it. DONE_UNVERIFIED (3): an answer came but its signature did not
    /// verify; query, do not deliver.
    [[nodiscard]] std::int32_t outcome() const noexcept;
    /// 1: the same request with the same business numbers may be sent again now; never with new ones.
    [[nodiscard]] std::int32_t retryable() const noexcept;
    /// Seconds to wait before sending again; -1 when nobody said.
    [[nodiscard]] std::int32_t retry_after_s() const noexcept;
    /// HTTP status of the answer; 0 when there was none.
    [[nodiscard]] std::int32_t http_status() const noexcept;
    /// What is wrong with the values seen, one sentence, no secrets.
    [[nodiscard]] std::string message() const;
    /// What a person should do next.
    [[nodiscard]] std::string hint() const;
    /// WeChat Pay's own code, such as "PARAM_ERROR"; not authenticated. The vocabulary is open.
    [[nodiscard]] std::string api_code() const;
    /// WeChat Pay's own message; not authenticated.
    [[nodiscard]] std::string api_message() const;
    /// Request-ID of the answer: give it to WeChat Pay's support.
    [[nodiscard]] std::string request_id() const;
    /// Everything in one JSON object: status, message, hint, outcome, the answer's headers and detail, a
    /// trace. Members are only added.
    [[nodiscard]] std::string json() const;
    /// The request that failed; borrowed from the error. NULL if there is none.
    [[nodiscard]] Borrowed<wxpay::Message> request() const noexcept;
    /// The answer, not authenticated; borrowed from the error. NULL if there is none. After a failed
    /// verification it has status and headers only.
    [[nodiscard]] Borrowed<wxpay::Message> response() const noexcept;
};

class Message : public Owner<wxpay_message, wxpay_message_free> {
public:
    using Owner::Owner;

    /// Makes a request.
    /// @param method GET, POST, PUT, PATCH or DELETE
    /// @param url path and query, already percent-encoded, or an absolute URL of a known host
    /// @param body the exact bytes to sign and send, UTF-8; empty for none
    static wxpay::Message new_request(std::string_view method, std::string_view url, std::string_view body);
    /// Makes a response from what your own transport received, or a message for wxpay_notify_open (status 0
    /// or 200). Add its headers next.
    /// @param status HTTP status; 0 for a notification
    /// @param body the bytes received, before any parsing
    static wxpay::Message new_response(std::int32_t status, std::string_view body);
    /// Adds one header. On a response any spelling is understood (HTTP_WECHATPAY_SERIAL too), and repeated
    /// names keep their order. On a request, headers that the library writes are refused.
    /// @param name an HTTP header name
    /// @param value its value
    void add_header(std::string_view name, std::string_view value);
    /// Adds headers from a raw block: lines "Name: value" ended by CRLF or LF, as nginx, mod_php or a socket
    /// hand them out. A status line at the start and an empty line at the end are passed over.
    /// @param raw the block
    void add_header_block(std::string_view raw);
    /// Sets an option for this call only: "timeout_ms" (1 to 3600000), "idempotent" ("1": your promise that
    /// repeating this request cannot act twice), "key_id" (WeChat Pay key that the answer is to be signed
    /// with, as returned by wxpay_client_encrypt). Empty unsets.
    /// @param key name of the option
    /// @param value its value
    void set(std::string_view key, std::string_view value);
    /// Asks the wxpay_client_send at work on this message, or the next one, to stop: it returns CANCELLED
    /// with the true outcome. Sticky. Also works while another thread uses the message.
    void cancel() const noexcept;
    /// Method of a request; "" for a response.
    [[nodiscard]] std::string method() const;
    /// URL of a request, absolute once it is prepared; "" for a response.
    [[nodiscard]] std::string url() const;
    /// HTTP status of a response; 0 for a request.
    [[nodiscard]] std::int32_t status() const noexcept;
    /// Number of headers.
    [[nodiscard]] std::size_t header_count() const noexcept;
    /// Name of the header at an index; NULL beyond the last.
    /// @param index from 0
    [[nodiscard]] std::optional<std::string> header_name(std::size_t index) const;
    /// Value of the header at an index; NULL beyond the last.
    /// @param index from 0
    [[nodiscard]] std::optional<std::string> header_value(std::size_t index) const;
    /// First value of a header by name, in any case and spelling; NULL when it is absent.
    /// @param name the header's name
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    /// The body's bytes; never NULL for a live message. No NUL follows.
    [[nodiscard]] std::string body() const;
    /// How far a response is authenticated, WXPAY_VERIFIED_…: 0 not checked, 1 signature verified, 2 not
    /// signed by design (closed table), 3 error answer.
    [[nodiscard]] std::int32_t verified() const noexcept;
    /// Request-ID of a response; "" when there is none.
    [[nodiscard]] std::string request_id() const;
    /// Id of the WeChat Pay key that verified a response, or that a prepared request asks for.
    [[nodiscard]] std::string key_id() const;
    /// What happened on the network, JSON: milliseconds of dns, connect, tls, first byte and total, addresses
    /// tried and used, whether the connection was reused, TLS. "" when nothing was sent.
    [[nodiscard]] std::string trace() const;
    /// Makes an upload, a POST with the parts `meta` and `file`, for wxpay_client_prepare or
    /// wxpay_client_send like any other request. What is signed is the meta part, byte for byte. Size and
    /// type are checked by the path before anything is sent.
    /// @param url path of an upload, such as /v3/merchant/media/upload
    /// @param meta_json empty: made, with file name and digest. Else sent and signed as it stands; its digest
    /// must be that of the file
    /// @param filename UTF-8, without control characters; quotes are taken care of
    /// @param content_type such as image/png; empty: from the end of the file name
    /// @param file the file's bytes
    static wxpay::Message new_upload(std::string_view url, std::string_view meta_json, std::string_view filename, std::string_view content_type, std::string_view file);
    /// Completes a message from wxpay_client_prepare_unsigned. The signature is verified at once against the
    /// merchant certificate, if that client was configured with one.
    /// @param signature 256 bytes for RSA-2048, raw or base64
    void attach_signature(std::string_view signature);
};

class Config : public Owner<wxpay_config, wxpay_config_free> {
public:
    using Owner::Owner;

    /// Makes an empty configuration.
    static wxpay::Config create();
    /// Sets one key. Replaces an earlier value; empty unsets; the order of keys never matters. The form is
    /// checked here, files and the whole in wxpay_client_new.
    /// @param key name of the key; an unknown one is CONFIG_UNKNOWN_KEY naming the nearest
    /// @param value its value, UTF-8
    void set(std::string_view key, std::string_view value);
    /// Fills keys that are unset from environment variables PREFIX + KEY in upper case; "." is written "__".
    /// Reads nothing in a set-user-id process.
    /// @param prefix such as "WXPAY_": upper case, ends with _, not HTTP_
    void load_env(std::string_view prefix);
    /// Sets keys from a JSON object {"key": "value" | ["line", …]}. Members that begin with "_" are ignored.
    /// On an error nothing is changed.
    /// @param json the object
    void load_json(std::string_view json);
    /// An offline report, JSON: roles, lengths, mismatches, expiry, serials, file permissions. OK whenever
    /// the report could be made; the verdict is its member "status".
    std::string check() const;
};

class Notification : public Owner<wxpay_notify, wxpay_notify_free> {
public:
    using Owner::Owner;

    /// Opens a notification: headers, window, key, signature, and only then JSON and AES-GCM. No network.
    /// Compare mchid, out_trade_no and amount with your order, and expect the same notification up to 16
    /// times.
    /// @param client a client with api_v3_key
    /// @param message headers in any spelling (HTTP_WECHATPAY_SERIAL too) and the raw body
    static wxpay::Notification open(const wxpay::Client &client, const wxpay::Message &message);
    /// Id of the notification.
    [[nodiscard]] std::string id() const;
    /// Such as "TRANSACTION.SUCCESS" or "REFUND.SUCCESS".
    [[nodiscard]] std::string event_type() const;
    /// "encrypt-resource".
    [[nodiscard]] std::string resource_type() const;
    /// Type of the object before encryption, such as "transaction" or "refund".
    [[nodiscard]] std::string original_type() const;
    /// RFC 3339, as WeChat Pay wrote it.
    [[nodiscard]] std::string create_time() const;
    /// A sentence for people.
    [[nodiscard]] std::string summary() const;
    /// Id of the WeChat Pay key that verified it.
    [[nodiscard]] std::string serial() const;
    /// The envelope with `resource` replaced by the decrypted object, JSON; all else byte for byte. One
    /// member is added, at the end, where the notification names several receivers and one of them is not
    /// this client's merchant: "mchid_matches":false.
    [[nodiscard]] std::string json() const;
    /// When WeChat Pay signed it, Unix seconds.
    [[nodiscard]] std::int64_t timestamp() const noexcept;
    /// The decrypted resource, byte for byte. No NUL follows.
    [[nodiscard]] std::string plaintext() const;
    /// The answer that WeChat Pay wants to its notification: status, Content-Type and body. Store what the
    /// notification says before you answer 204.
    /// @param result 0 when it is handled: 204. A status of wxpay_notify_open between 200 and 299: 401.
    /// Anything else: 500, and it is sent again
    /// @param reason a few words for WeChat Pay's log; empty for a standard text
    static wxpay::Message reply(std::int32_t result, std::string_view reason);
};

class Download : public Owner<wxpay_download, wxpay_download_free> {
public:
    using Owner::Owner;

    /// Bytes that came over the network so far, as sent: compressed, if they are.
    [[nodiscard]] std::int64_t received() const noexcept;
    /// Bytes that will come over the network, or -1 when the answer does not say.
    [[nodiscard]] std::int64_t total() const noexcept;
    /// 0 not at its end, 1 the digest, tag or signature was right, 2 at its end, but nothing proves the
    /// content: WeChat Pay gives no digest for such a file, or the source had none.
    [[nodiscard]] std::int32_t verified() const noexcept;
    /// Asks the wxpay_download_read at work, or the next one, to stop: it returns CANCELLED. Sticky.
    void cancel() const noexcept;
};

class Bill : public Owner<wxpay_bill, wxpay_bill_free> {
public:
    using Owner::Owner;

    /// Reads a bill that was downloaded whole. Every row is checked here; wxpay_bill_next then goes through
    /// them.
    /// @param csv the bill's bytes, as wxpay_client_download gave them
    static wxpay::Bill open(std::string_view csv);
    /// Reads a bill of any size: takes the download to its end into a temporary file that has no name, and
    /// gives rows only if length, digest and tag were right.
    /// @param download a download that nothing was read from yet; stays yours
    static wxpay::Bill open_download(wxpay::Download &download);
    /// Goes to the next row; after the last one wxpay_bill_row is 0.
    void next();
    /// Number of the present row, from 1; 0 before the first and after the last.
    [[nodiscard]] std::int64_t row() const noexcept;
    /// Number of rows, without header and totals.
    [[nodiscard]] std::int64_t row_count() const noexcept;
    /// Number of columns.
    [[nodiscard]] std::size_t column_count() const noexcept;
    /// Name of a column, as the bill's header has it; NULL beyond the last.
    /// @param index of the column, from 0
    [[nodiscard]] std::optional<std::string> column_name(std::size_t index) const;
    /// Index of the column of that name, or -1.
    /// @param name as the bill's header has it, UTF-8
    [[nodiscard]] std::int32_t column(std::string_view name) const noexcept;
    /// Cell of the present row without its backtick; NULL beyond the last, and without a row. A cell that
    /// starts with =, +, - or @ is a formula to a spreadsheet: see wxpay_bill_is_text.
    /// @param index of the column, from 0
    [[nodiscard]] std::optional<std::string> field(std::size_t index) const;
    /// 1: the bill marks this cell as text (a backtick stands before it): keep it text when you export it. 0:
    /// it does not, or there is no such cell.
    /// @param index of the column, from 0
    [[nodiscard]] std::int32_t is_text(std::size_t index) const noexcept;
    /// Cell of the present row in fen: bills are in yuan with two decimals, the API in fen. INT64_MIN when
    /// the cell is not such an amount.
    /// @param index of the column, from 0
    [[nodiscard]] std::optional<std::int64_t> fen(std::size_t index) const noexcept;
    /// A total from the end of the bill, without its backtick; NULL when there is none of that name, and when
    /// the bill has several rows of totals.
    /// @param name as the bill's header of totals has it, UTF-8
    [[nodiscard]] std::optional<std::string> total(std::string_view name) const;
    /// A total in fen; INT64_MIN when there is none of that name or it is not an amount.
    /// @param name as the bill's header of totals has it, UTF-8
    [[nodiscard]] std::optional<std::int64_t> total_fen(std::string_view name) const noexcept;
};

class Client : public Owner<wxpay_client, wxpay_client_free> {
public:
    using Owner::Owner;

    /// Makes a client. Reads the files that the configuration names and nothing else: no socket, no store, no
    /// thread. Every wrong placement of keys and certificates is refused here.
    /// @param config a configuration; not kept
    static wxpay::Client create(const wxpay::Config &config);
    /// Loads or reloads the system's store now: NO_TRUST_ROOTS at boot instead of at the first payment. Call
    /// it before a fork, so that children inherit the store.
    void warm() const;
    /// What the client is and did, JSON without secrets: keys and how each came to be trusted, requests,
    /// connections, retries, store loads and reloads, roots.
    std::string info() const;
    /// Sends a request and checks the answer: prepare, transport and check in one. A message from
    /// wxpay_client_prepare or wxpay_message_attach_signature goes out byte for byte. On failure look at
    /// wxpay_error_outcome before anything is sent again.
    /// @param request a request, prepared or not; not changed
    wxpay::Message send(const wxpay::Message &request) const;
    /// wxpay_message_new_request and wxpay_client_send in one.
    /// @param method GET, POST, PUT, PATCH or DELETE
    /// @param url path and query, already percent-encoded, or an absolute URL of a known host
    /// @param body the exact bytes to sign and send; empty for none
    wxpay::Message call(std::string_view method, std::string_view url, std::string_view body) const;
    /// Downloads the platform certificates and puts them in place of the old ones, all or nothing. OK without
    /// I/O within 60 seconds of a success; RATE_LIMITED within 60 seconds of a failure. Merchants with a
    /// WeChat Pay public key do not need it.
    void refresh_certificates() const;
    /// Makes the exact message to send: absolute URL, signature, and every header except Host and
    /// Content-Length. Send its body byte for byte and do not follow redirects.
    /// @param request a request; not changed
    wxpay::Message prepare(const wxpay::Message &request) const;
    /// Checks what your transport received for a prepared request and records the verdict on the response
    /// (wxpay_message_verified). Never sends anything.
    /// @param request the prepared message that was sent
    /// @param response the answer, with its headers; the verdict is written to it
    void check(const wxpay::Message &request, wxpay::Message &response) const;
    /// As wxpay_client_prepare, but without the signature: for keys in a KMS, HSM or USB token. Sign
    /// `to_sign` with RSASSA-PKCS1-v1_5 and SHA-256, or its digest, then attach.
    /// @param request a request; not changed
    PrepareUnsignedResult prepare_unsigned(const wxpay::Message &request) const;
    /// Are platform certificates to be downloaded? 0 no, 1 older than 12 hours, 2 now. The rate limit is
    /// included: 0 while it says wait.
    [[nodiscard]] std::int32_t certificates_due() const noexcept;
    /// The request for the platform certificates, for wxpay_client_prepare or _prepare_unsigned; hand its
    /// answer to wxpay_client_load_certificates.
    wxpay::Message certificates_request() const;
    /// Authenticates and loads a list of platform certificates, instead of wxpay_client_check. All or
    /// nothing: on any error the old set stays.
    /// @param response the answer, with its headers
    void load_certificates(const wxpay::Message &response) const;
    /// What a request is signed over, JSON: the exact bytes, their length and digest line by line, the key's
    /// fingerprint. Secrets are redacted. Nothing is signed or sent.
    /// @param request a request, prepared or not
    std::string explain_request(const wxpay::Message &request) const;
    /// Encrypts a value for WeChat Pay. The request must name the key that was used: set `used_key_id` on it
    /// as option "key_id".
    /// @param key_id of the WeChat Pay key to use; empty for the one that requests ask for
    /// @param plaintext at most 214 bytes for a 2048-bit key
    EncryptResult encrypt(std::string_view key_id, std::string_view plaintext) const;
    /// Decrypts a value of an answer with the merchant's private key. Every failure has the same status, and
    /// one text for all that is base64.
    /// @param ciphertext_base64 strict base64
    std::string decrypt(std::string_view ciphertext_base64) const;
    /// Encrypts values inside the JSON body of a request and fixes the key on the message, so that the header
    /// Wechatpay-Serial names the key that was used. Only those strings are replaced; every other byte stays.
    /// On an error the request is unchanged.
    /// @param request a request that is not prepared yet, with a JSON body
    /// @param pointers JSON pointers (RFC 6901), one a line; `*` is every element of an array; a `?` at the
    /// end of a line: the value may be absent, null or empty
    void encrypt_fields(wxpay::Message &request, std::string_view pointers) const;
    /// Decrypts values inside a verified answer. Only those strings are replaced; every other byte stays. The
    /// message is not changed.
    /// @param response an answer whose signature was verified
    /// @param pointers as for wxpay_client_encrypt_fields
    std::string decrypt_fields(const wxpay::Message &response, std::string_view pointers) const;
    /// Downloads a whole file: a bill, an image of a complaint, a receipt. Length, digest and, where it is
    /// encrypted, its tag are right, or nothing is given. gzip is undone.
    /// @param source the JSON with which WeChat Pay answered the request for the bill, as it came (of a
    /// download_bill_list with several elements, one of them), or {"download_url": "…"}
    std::string download(std::string_view source) const;
    /// Begins a download: sends the request and reads the answer's headers. For files that do not fit into
    /// memory; memory stays the same, whatever the file's size. An encrypted file is put aside in a temporary
    /// file at the first read, because nothing of it is given out before its tag was right.
    /// @param source as for wxpay_client_download
    wxpay::Download download_open(std::string_view source) const;
    /// Signature of a flat JSON object by the rules of API v2: sorted, joined, hashed, upper hex. `sign`,
    /// null and empty values are left out. For parameters of front ends and of other channels; requests are
    /// for wxpay_v2_prepare.
    /// @param sign_type MD5 or HMAC-SHA256; empty for api_v2_sign_type
    /// @param json an object of text and integers
    std::string v2_sign(std::string_view sign_type, std::string_view json) const;
    /// Makes the exact message to send to an API v2 path: XML with mch_id, nonce_str, sign_type where they
    /// are missing, and sign; for pages such as /papay/entrustweb a GET, whose URL is for the buyer's
    /// browser. Send it with wxpay_v2_send, or with your own transport and then wxpay_v2_check. Refunds and
    /// other paths need the client certificate.
    /// @param path such as /pay/unifiedorder, or an absolute URL of a known host
    /// @param sign_type MD5 or HMAC-SHA256; empty for api_v2_sign_type
    /// @param json an object of text and integers
    wxpay::Message v2_prepare(std::string_view path, std::string_view sign_type, std::string_view json) const;
    /// Checks an answer to a prepared message of API v2, or a notification, and gives its fields as they
    /// came. For a bill that is {}: its bytes are the response's body. A notification may report a failure:
    /// look at result_code. Confirm every v2 notification with an order query: the v2 signature is ambiguous,
    /// and does not name the receiver.
    /// @param response the answer or notification; the verdict is written to it
    std::string v2_notification(wxpay::Message &response) const;
    /// Checks an answer to a prepared message of API v2, or a notification, and gives its fields as they
    /// came. For a bill that is {}: its bytes are the response's body. A notification may report a failure:
    /// look at result_code. Confirm every v2 notification with an order query: the v2 signature is ambiguous,
    /// and does not name the receiver.
    /// @param request the prepared message that was sent; NULL: a notification, which must be signed
    /// @param response the answer or notification; the verdict is written to it
    std::string v2_check(const wxpay::Message &request, wxpay::Message &response) const;
    /// Sends a message from wxpay_v2_prepare and checks the answer. Never repeated by the library after a
    /// byte of it was sent. On failure look at wxpay_error_outcome before anything is sent again.
    /// @param request from wxpay_v2_prepare
    V2SendResult v2_send(const wxpay::Message &request) const;
    /// Opens `req_info` of a v2 refund notification. Nothing in that notification is signed and the cipher
    /// does not protect against changes: query the refund before you act on it.
    /// @param req_info_base64 as it stands in the notification
    std::string refund_unauthenticated(std::string_view req_info_base64) const;
    /// What the trust store holds, JSON: where it came from (every path looked at), the roots that matter to
    /// WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this system. It
    /// reads the store as a request would. OK whenever a report could be made; the verdict is inside:
    /// {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}. docs/json.md
    /// has every member, docs/diagnosis.md every id.
    std::string trust_report() const;
    /// What happens when this process connects to a server, JSON: addresses, TCP, TLS version and suite, the
    /// chain, the root it ended in, every problem with its cause and cure. One handshake on the stack that
    /// requests use, through the client's proxy and with its client certificate; then, where that went well
    /// and the host is WeChat Pay's, base_url's or this machine, a GET /v3/certificates without
    /// Authorization, for Request-ID and the server's clock. No business request is sent. OK whenever a
    /// report could be made; `status` inside is what a request would fail with, 0 for none.
    /// @param host host name or address, without scheme and port
    /// @param port 1 to 65535, 0 for 443
    /// @param bind_address empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new server
    /// certificate, without touching the hosts file
    std::string trust_probe(std::string_view host, std::int32_t port, std::string_view bind_address) const;
    /// What an answer means for the request that it answers, JSON: the verdict of wxpay_client_check, and the
    /// causes with their cures. On SIGN_ERROR what was signed is compared, line by line and byte by byte,
    /// with what WeChat Pay says it verified (sign_information). Works on wxpay_error_request and
    /// wxpay_error_response.
    /// @param request the prepared message that was sent
    /// @param response the answer, with its headers; not changed
    std::string explain_response(const wxpay::Message &request, const wxpay::Message &response) const;
};

class Key : public Owner<wxpay_key, wxpay_key_free> {
public:
    using Owner::Owner;

    /// Reads a key or certificate: PEM, DER or bare base64; PKCS#8, PKCS#1, encrypted PKCS#8, SPKI, X.509;
    /// CRLF, BOM, missing newline and literal \n are understood.
    /// @param pem_or_der the content, not a path
    /// @param passphrase of an encrypted private key; empty for none
    static wxpay::primitives::Key load(std::string_view pem_or_der, std::string_view passphrase);
    /// What it is, JSON: kind, bits, SHA-256 of the public key (SPKI), and for certificates serial, names and
    /// validity. Nothing secret.
    std::string info() const;
    /// OK when key and certificate belong together (equal modulus), else KEY_CERT_MISMATCH.
    /// @param cert a certificate, PEM or DER
    void matches_cert(std::string_view cert) const;
};

} // namespace generated

/// Parameters for front ends, of the client that made it and must outlive it.
class Pay {
public:
    explicit Pay(const wxpay_client *client) noexcept : client_(client) {}

    /// Parameters of WeixinJSBridge's getBrandWCPayRequest: appId, timeStamp, nonceStr, package, signType,
    /// paySign.
    /// @param appid that the page runs under; 1 to 128 of A-Z, a-z, 0-9, _-=@.:/+
    /// @param prepay_id as the order's answer gave it, without "prepay_id="
    std::string jsapi(std::string_view appid, std::string_view prepay_id) const;
    /// Parameters of wx.requestPayment: timeStamp, nonceStr, package, signType, paySign.
    /// @param appid of the mini program; signed, not part of the object
    /// @param prepay_id as the order's answer gave it, without "prepay_id="
    std::string mini_program(std::string_view appid, std::string_view prepay_id) const;
    /// Parameters of the app SDK's PayReq: appid, partnerid, prepayid, package, noncestr, timestamp, sign.
    /// @param appid of the app
    /// @param prepay_id as the order's answer gave it
    std::string app(std::string_view appid, std::string_view prepay_id) const;
    /// The parameters without their signature, for keys in a KMS or HSM; complete them with wxpay_pay_attach.
    /// @param kind "jsapi", "mini_program" or "app"
    /// @param appid as for the signed forms
    /// @param prepay_id as for the signed forms
    UnsignedResult unsigned_(std::string_view kind, std::string_view appid, std::string_view prepay_id) const;
    /// Completes parameters from wxpay_pay_unsigned.
    /// @param params the JSON as it came
    /// @param signature 256 bytes for RSA-2048, raw or base64
    static std::string attach(std::string_view params, std::string_view signature);
    /// The h5_url of an order's answer with redirect_url appended, percent-encoded.
    /// @param h5_url https, as WeChat Pay gave it
    /// @param redirect_url http or https; empty for none. Make sure it is yours
    static std::string h5_url(std::string_view h5_url, std::string_view redirect_url);
    /// Parameters that open the PayScore page: mch_id, package, timestamp, nonce_str, sign_type, sign. They
    /// are signed with the APIv2 key, HMAC-SHA256, as WeChat Pay's documents say.
    /// @param package as the PayScore answer gave it
    std::string score(std::string_view package) const;

private:
    const wxpay_client *handle() const noexcept { return client_; }

    const wxpay_client *client_;
};

/// The library's version, such as "0.1.0". Static.
[[nodiscard]] std::string version();
/// How the library was built, a JSON object: version, abi, target, tls, crypto. Static.
[[nodiscard]] std::string build_info();
/// Known answers of every primitive, without network. INTERNAL names the one that is wrong.
void selftest();
/// Name of a status, such as "SIGNATURE_INVALID"; "UNKNOWN" for a number this library has not. Static.
/// @param status a status
[[nodiscard]] std::string status_name(std::int32_t status);
/// What a status means, one phrase. Static.
/// @param status a status
/// @param lang WXPAY_LANG_EN or WXPAY_LANG_ZH; anything else is English
[[nodiscard]] std::string status_text(std::int32_t status, std::int32_t lang);
/// The answer that WeChat Pay wants to a v2 notification: 200 with SUCCESS or FAIL in XML. Store what the
/// notification says before you answer SUCCESS.
/// @param result 0 when it is handled; any other status: FAIL, and it is sent again
/// @param reason a few words for WeChat Pay's log; empty for a standard text
wxpay::Message v2_reply(std::int32_t result, std::string_view reason);
/// What the trust store holds, JSON: where it came from (every path looked at), the roots that matter to
/// WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this system. It reads
/// the store as a request would. OK whenever a report could be made; the verdict is inside:
/// {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}. docs/json.md has
/// every member, docs/diagnosis.md every id.
std::string trust_report();
/// What happens when this process connects to a server, JSON: addresses, TCP, TLS version and suite, the
/// chain, the root it ended in, every problem with its cause and cure. One handshake on the stack that
/// requests use, through the client's proxy and with its client certificate; then, where that went well and
/// the host is WeChat Pay's, base_url's or this machine, a GET /v3/certificates without Authorization, for
/// Request-ID and the server's clock. No business request is sent. OK whenever a report could be made;
/// `status` inside is what a request would fail with, 0 for none.
/// @param host host name or address, without scheme and port
/// @param port 1 to 65535, 0 for 443
/// @param bind_address empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new server
/// certificate, without touching the hosts file
std::string trust_probe(std::string_view host, std::int32_t port, std::string_view bind_address);
/// What an error text of TLS means, JSON: possible causes with their cures, the likeliest first. Knows what
/// Java, C++, PHP, C#, Python, Go, Ruby, Node, curl and this library print; the cure is that of the language.
/// Knows also what WeChat Pay answers to a signature that it refuses, in English and Chinese. It opens
/// nothing. Of a text that it does not know it says so.
/// @param pasted_error any text, such as an exception with its causes; the first 64 KiB are looked at
std::string explain_text(std::string_view pasted_error);

/// Single operations for tests and tools. They check neither time nor who may sign: for messages
/// of WeChat Pay use Client.
namespace primitives {

/// Builds the string that is signed for a request: five lines, each ended by LF.
/// @param method 3 to 7 capital letters
/// @param url path and query as sent, or an absolute URL
/// @param timestamp 1 to 12 digits
/// @param nonce 1 to 64 of 0-9, A-Z, a-z, _ and -
/// @param body the exact bytes sent
std::string canonical_request(std::string_view method, std::string_view url, std::string_view timestamp, std::string_view nonce, std::string_view body);
/// Builds the string that WeChat Pay signs for a response or notification: three lines.
/// @param timestamp of header Wechatpay-Timestamp
/// @param nonce of header Wechatpay-Nonce
/// @param body the exact bytes received
std::string canonical_response(std::string_view timestamp, std::string_view nonce, std::string_view body);
/// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
/// @param key a private key
/// @param message the bytes to sign
std::string sign(const wxpay::primitives::Key &key, std::string_view message);
/// Verifies a signature made by wxpay_sign. Checks neither time nor who may sign: for messages of WeChat Pay
/// use wxpay_client_check and wxpay_notify_open.
/// @param key a public key, certificate or private key
/// @param message the signed bytes
/// @param signature_base64 strict base64
void verify(const wxpay::primitives::Key &key, std::string_view message, std::string_view signature_base64);
/// Opens AEAD_AES_256_GCM. The key alone authenticates it: for notifications use wxpay_notify_open, which
/// verifies first.
/// @param key 32 bytes, the APIv3 key as it is
/// @param nonce 12 bytes
/// @param aad associated_data; may be empty
/// @param ciphertext_base64 ciphertext and 16 bytes of tag
std::string aead_decrypt(std::string_view key, std::string_view nonce, std::string_view aad, std::string_view ciphertext_base64);
/// Encrypts with RSAES-OAEP (SHA-1, MGF1-SHA-1), as sensitive fields are.
/// @param key a public key or certificate
/// @param plaintext at most 214 bytes for a 2048-bit key
std::string oaep_encrypt(const wxpay::primitives::Key &key, std::string_view plaintext);
/// Decrypts what wxpay_oaep_encrypt made. Every failure has the same status and text.
/// @param key a private key
/// @param ciphertext_base64 strict base64
std::string oaep_decrypt(const wxpay::primitives::Key &key, std::string_view ciphertext_base64);

} // namespace primitives
} // namespace wxpay

#endif
