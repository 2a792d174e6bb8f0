# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""The numbers of the C header."""

from enum import IntEnum

#: query the order before anything is sent again
WXPAY_OUTCOME_UNKNOWN = 0
#: no byte of the request left this process
WXPAY_OUTCOME_NOT_SENT = 1
#: WeChat Pay refused the request
WXPAY_OUTCOME_REJECTED = 2
#: an answer came, its signature did not verify: query, do not deliver
WXPAY_OUTCOME_DONE_UNVERIFIED = 3
WXPAY_VERIFIED_NOT_CHECKED = 0
#: signed by WeChat Pay
WXPAY_VERIFIED_SIGNATURE = 1
#: one of the answers that WeChat Pay never signs
WXPAY_VERIFIED_NOT_SIGNED_BY_DESIGN = 2
#: an error answer, not authenticated
WXPAY_VERIFIED_ERROR_ANSWER = 3
WXPAY_LANG_EN = 0
WXPAY_LANG_ZH = 1
WXPAY_VERSION = "0.1.0"
WXPAY_VERSION_MAJOR = 0
WXPAY_VERSION_MINOR = 1
WXPAY_VERSION_PATCH = 0
#: success
WXPAY_STATUS_OK = 0
#: an argument has a value that is not allowed
WXPAY_STATUS_INVALID_ARGUMENT = 100
#: a required pointer is NULL
WXPAY_STATUS_NULL_ARGUMENT = 101
#: text is not UTF-8
WXPAY_STATUS_INVALID_UTF8 = 102
#: the object cannot do this in its present state
WXPAY_STATUS_INVALID_STATE = 103
#: this is not supported
WXPAY_STATUS_UNSUPPORTED = 104
#: a size or count is over its limit
WXPAY_STATUS_LIMIT_EXCEEDED = 105
#: the URL is not one that may be signed or sent
WXPAY_STATUS_URL_REFUSED = 106
#: the configuration lacks something that this needs
WXPAY_STATUS_CONFIG_INCOMPLETE = 110
#: a key or certificate cannot be read
WXPAY_STATUS_KEY_FORMAT = 111
#: the private key is encrypted and cannot be opened
WXPAY_STATUS_KEY_ENCRYPTED = 112
#: the private key and the certificate do not belong together
WXPAY_STATUS_KEY_CERT_MISMATCH = 113
#: an API key does not have its length
WXPAY_STATUS_API_KEY_LENGTH = 114
#: a serial number or key id is not in its form
WXPAY_STATUS_SERIAL_FORMAT = 115
#: a key or certificate is in another one's place
WXPAY_STATUS_WRONG_KEY_ROLE = 116
#: there is no configuration key of this name
WXPAY_STATUS_CONFIG_UNKNOWN_KEY = 117
#: a file cannot be read
WXPAY_STATUS_FILE_UNREADABLE = 118
#: two configuration values exclude each other
WXPAY_STATUS_CONFIG_CONFLICT = 119
#: signing failed
WXPAY_STATUS_SIGN_FAILED = 200
#: the signature does not match the bytes received
WXPAY_STATUS_SIGNATURE_INVALID = 201
#: a signature probe of WeChat Pay (WECHATPAY/SIGNTEST/), wrong on purpose
WXPAY_STATUS_SIGNATURE_PROBE = 202
#: Wechatpay-* signature headers are missing
WXPAY_STATUS_SIGNATURE_HEADERS_MISSING = 203
#: no configured key has the id that the message names
WXPAY_STATUS_SERIAL_UNKNOWN = 204
#: the signed time is too far from the clock
WXPAY_STATUS_TIMESTAMP_EXPIRED = 205
#: a signature header is there twice with different values
WXPAY_STATUS_HEADER_DUPLICATE = 206
#: decryption failed
WXPAY_STATUS_DECRYPT_FAILED = 210
#: the text is too long to be encrypted with this key
WXPAY_STATUS_ENCRYPT_TOO_LONG = 211
#: the message uses an algorithm that is not supported
WXPAY_STATUS_UNSUPPORTED_ALGORITHM = 212
#: a digest does not match the content
WXPAY_STATUS_DIGEST_MISMATCH = 213
#: the host name could not be resolved
WXPAY_STATUS_DNS = 300
#: no connection to any address of the host
WXPAY_STATUS_CONNECT = 301
#: the deadline passed
WXPAY_STATUS_TIMEOUT = 302
#: the connection broke
WXPAY_STATUS_IO = 303
#: the peer does not speak HTTP/1.1 properly
WXPAY_STATUS_HTTP_PROTOCOL = 304
#: the response body is over max_response_bytes
WXPAY_STATUS_BODY_TOO_LARGE = 305
#: the proxy refused or broke the connection
WXPAY_STATUS_PROXY = 306
#: the response ended before its end
WXPAY_STATUS_BODY_TRUNCATED = 307
#: bind_host has no effect through a proxy
WXPAY_STATUS_BIND_WITH_PROXY = 308
#: the proxy asks for a user and password
WXPAY_STATUS_PROXY_AUTH = 309
#: the server's certificate has no trusted issuer in the store
WXPAY_STATUS_TLS_UNKNOWN_ISSUER = 310
#: the server's certificate has expired, or this clock is wrong
WXPAY_STATUS_TLS_EXPIRED = 311
#: the server's certificate is not valid yet, or this clock is wrong
WXPAY_STATUS_TLS_NOT_YET_VALID = 312
#: the server's certificate is for another name
WXPAY_STATUS_TLS_NAME_MISMATCH = 313
#: the TLS handshake failed
WXPAY_STATUS_TLS_HANDSHAKE = 314
#: the system's store holds no usable root certificate
WXPAY_STATUS_NO_TRUST_ROOTS = 315
#: the server's certificate chain breaks a rule
WXPAY_STATUS_TLS_BAD_CHAIN = 316
#: the server wants a client certificate, or refused ours
WXPAY_STATUS_TLS_CLIENT_CERTIFICATE = 317
#: WeChat Pay answered with an error
WXPAY_STATUS_API_ERROR = 400
#: the answer is not one that WeChat Pay documents
WXPAY_STATUS_API_UNEXPECTED_RESPONSE = 401
#: asked too often
WXPAY_STATUS_RATE_LIMITED = 402
#: platform certificates cannot be had
WXPAY_STATUS_CERTIFICATES_UNAVAILABLE = 410
#: this is not the JSON that was expected
WXPAY_STATUS_MALFORMED_JSON = 420
#: the notification is verified but not in its form
WXPAY_STATUS_MALFORMED_NOTIFY = 421
#: this is not the XML that was expected
WXPAY_STATUS_MALFORMED_XML = 422
#: this is not a bill in its form
WXPAY_STATUS_MALFORMED_BILL = 423
#: the object belongs to the parent process
WXPAY_STATUS_FORKED = 500
#: cancelled by wxpay_message_cancel or wxpay_download_cancel
WXPAY_STATUS_CANCELLED = 501
#: memory for outside data could not be had
WXPAY_STATUS_OUT_OF_MEMORY = 503
#: a defect of this library was caught
WXPAY_STATUS_PANIC = 900
#: an internal check failed
WXPAY_STATUS_INTERNAL = 901


class Outcome(IntEnum):
    """What is known about the request at WeChat Pay. Zero: query the order before anything is sent again."""

    UNKNOWN = 0
    NOT_SENT = 1
    REJECTED = 2
    DONE_UNVERIFIED = 3

    @classmethod
    def _missing_(cls, value: object) -> "Outcome":
        return cls.UNKNOWN


class Verified(IntEnum):
    """How far a message is authenticated."""

    NOT_CHECKED = 0
    SIGNATURE = 1
    NOT_SIGNED_BY_DESIGN = 2
    ERROR_ANSWER = 3


class Status(IntEnum):
    """What went wrong; later libraries may have more."""

    OK = 0
    INVALID_ARGUMENT = 100
    NULL_ARGUMENT = 101
    INVALID_UTF8 = 102
    INVALID_STATE = 103
    UNSUPPORTED = 104
    LIMIT_EXCEEDED = 105
    URL_REFUSED = 106
    CONFIG_INCOMPLETE = 110
    KEY_FORMAT = 111
    KEY_ENCRYPTED = 112
    KEY_CERT_MISMATCH = 113
    API_KEY_LENGTH = 114
    SERIAL_FORMAT = 115
    WRONG_KEY_ROLE = 116
    CONFIG_UNKNOWN_KEY = 117
    FILE_UNREADABLE = 118
    CONFIG_CONFLICT = 119
    SIGN_FAILED = 200
    SIGNATURE_INVALID = 201
    SIGNATURE_PROBE = 202
    SIGNATURE_HEADERS_MISSING = 203
    SERIAL_UNKNOWN = 204
    TIMESTAMP_EXPIRED = 205
    HEADER_DUPLICATE = 206
    DECRYPT_FAILED = 210
    ENCRYPT_TOO_LONG = 211
    UNSUPPORTED_ALGORITHM = 212
    DIGEST_MISMATCH = 213
    DNS = 300
    CONNECT = 301
    TIMEOUT = 302
    IO = 303
    HTTP_PROTOCOL = 304
    BODY_TOO_LARGE = 305
    PROXY = 306
    BODY_TRUNCATED = 307
    BIND_WITH_PROXY = 308
    PROXY_AUTH = 309
    TLS_UNKNOWN_ISSUER = 310
    TLS_EXPIRED = 311
    TLS_NOT_YET_VALID = 312
    TLS_NAME_MISMATCH = 313
    TLS_HANDSHAKE = 314
    NO_TRUST_ROOTS = 315
    TLS_BAD_CHAIN = 316
    TLS_CLIENT_CERTIFICATE = 317
    API_ERROR = 400
    API_UNEXPECTED_RESPONSE = 401
    RATE_LIMITED = 402
    CERTIFICATES_UNAVAILABLE = 410
    MALFORMED_JSON = 420
    MALFORMED_NOTIFY = 421
    MALFORMED_XML = 422
    MALFORMED_BILL = 423
    FORKED = 500
    CANCELLED = 501
    OUT_OF_MEMORY = 503
    PANIC = 900
    INTERNAL = 901
