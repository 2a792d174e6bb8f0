//! The one table of statuses: number, name, what it means in English and Chinese, what to do.
//! Owns nothing else and uses only `std`, because `build.rs` includes it to write the header's
//! macros and `docs/errors.md` is generated from it. Numbers are grouped by hundred, only added,
//! never reused.

/// One row of the table.
pub struct Row {
    pub status: Status,
    /// `WXPAY_STATUS_<name>` in C.
    pub name: &'static str,
    pub en: &'static str,
    pub zh: &'static str,
    /// What a person does next, when the error itself has nothing more exact to say.
    pub cure: &'static str,
}

macro_rules! statuses {
    ($($variant:ident = $number:literal, $name:literal, $en:literal, $zh:literal, $cure:literal;)*) => {
        /// What a function of the C ABI returns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum Status { $($variant = $number),* }

        /// Every status, in the order of its number.
        pub const TABLE: &[Row] = &[$(Row {
            status: Status::$variant, name: $name, en: $en, zh: $zh, cure: $cure,
        }),*];
    };
}

statuses! {
    Ok = 0, "OK", "success", "成功", "";
    InvalidArgument = 100, "INVALID_ARGUMENT", "an argument has a value that is not allowed", "参数值不合法", "Correct the value that the message names.";
    NullArgument = 101, "NULL_ARGUMENT", "a required pointer is NULL", "必填指针为 NULL", "Pass a pointer; NULL is allowed only with length 0.";
    InvalidUtf8 = 102, "INVALID_UTF8", "text is not UTF-8", "文本不是 UTF-8 编码", "Encode the text as UTF-8 before passing it; GBK text must be converted.";
    InvalidState = 103, "INVALID_STATE", "the object cannot do this in its present state", "对象当前状态不允许此操作", "Follow the order of calls that the header documents for this function.";
    Unsupported = 104, "UNSUPPORTED", "this is not supported", "不支持", "The message names what is supported instead.";
    LimitExceeded = 105, "LIMIT_EXCEEDED", "a size or count is over its limit", "超出大小或数量上限", "Send less; the message names the limit.";
    UrlRefused = 106, "URL_REFUSED", "the URL is not one that may be signed or sent", "该 URL 不允许签名或发送", "Use a path such as /v3/pay/transactions/native, already percent-encoded, or a host of WeChat Pay.";
    ConfigIncomplete = 110, "CONFIG_INCOMPLETE", "the configuration lacks something that this needs", "配置不完整", "Set the keys that the message names.";
    KeyFormat = 111, "KEY_FORMAT", "a key or certificate cannot be read", "密钥或证书无法解析", "Pass the file as it was downloaded from the merchant platform.";
    KeyEncrypted = 112, "KEY_ENCRYPTED", "the private key is encrypted and cannot be opened", "私钥已加密且无法打开", "Set private_key_passphrase, or decrypt the key with openssl pkcs8.";
    KeyCertMismatch = 113, "KEY_CERT_MISMATCH", "the private key and the certificate do not belong together", "私钥与证书不匹配", "Compare `openssl rsa -noout -modulus` and `openssl x509 -noout -modulus`: they must be equal.";
    ApiKeyLength = 114, "API_KEY_LENGTH", "an API key does not have its length", "API 密钥长度不正确", "Copy the key again from the merchant platform (API security); it has exactly 32 bytes.";
    SerialFormat = 115, "SERIAL_FORMAT", "a serial number or key id is not in its form", "证书序列号或密钥 ID 格式不正确", "A certificate serial is up to 40 hex digits (`openssl x509 -noout -serial`); a public key id starts with PUB_KEY_ID_.";
    WrongKeyRole = 116, "WRONG_KEY_ROLE", "a key or certificate is in another one's place", "密钥或证书放错了位置", "The message names the file and the key it belongs to.";
    ConfigUnknownKey = 117, "CONFIG_UNKNOWN_KEY", "there is no configuration key of this name", "未知的配置项", "Use the name that the message proposes; docs/configuration.md lists all.";
    FileUnreadable = 118, "FILE_UNREADABLE", "a file cannot be read", "文件无法读取", "Check that the path exists, is a regular file and that this process may read it.";
    ConfigConflict = 119, "CONFIG_CONFLICT", "two configuration values exclude each other", "配置项互相冲突", "Remove one of the two that the message names.";
    SignFailed = 200, "SIGN_FAILED", "signing failed", "签名失败", "Run wxpay_selftest; if it passes, the private key is damaged: download it again.";
    SignatureInvalid = 201, "SIGNATURE_INVALID", "the signature does not match the bytes received", "验签失败", "Pass the body exactly as it was received, before any parsing; then check which key the serial names.";
    SignatureProbe = 202, "SIGNATURE_PROBE", "a signature probe of WeChat Pay (WECHATPAY/SIGNTEST/), wrong on purpose", "微信支付签名探测流量（验签应失败）", "Answer a callback with a non-2xx status: the real one is sent again. Count these: many are an attack.";
    SignatureHeadersMissing = 203, "SIGNATURE_HEADERS_MISSING", "Wechatpay-* signature headers are missing", "缺少 Wechatpay-* 签名头", "A proxy or CDN may have removed them: let Wechatpay-* headers pass, or receive callbacks directly.";
    SerialUnknown = 204, "SERIAL_UNKNOWN", "no configured key has the id that the message names", "没有与消息序列号对应的密钥", "Configure the WeChat Pay public key or platform certificate of this id, or refresh the certificates.";
    TimestampExpired = 205, "TIMESTAMP_EXPIRED", "the signed time is too far from the clock", "时间戳超出允许范围", "Check this machine's clock (NTP); a message older than five minutes must be refused.";
    HeaderDuplicate = 206, "HEADER_DUPLICATE", "a signature header is there twice with different values", "签名头重复且取值不同", "Find the proxy that adds the header; only one value may arrive.";
    DecryptFailed = 210, "DECRYPT_FAILED", "decryption failed", "解密失败", "The key is wrong, was reset, or belongs to another merchant; or the text was changed.";
    EncryptTooLong = 211, "ENCRYPT_TOO_LONG", "the text is too long to be encrypted with this key", "待加密文本过长", "A 2048-bit key encrypts at most 214 bytes.";
    UnsupportedAlgorithm = 212, "UNSUPPORTED_ALGORITHM", "the message uses an algorithm that is not supported", "不支持的算法", "Supported are WECHATPAY2-SHA256-RSA2048 and AEAD_AES_256_GCM; SM2/SM3/SM4 is not.";
    DigestMismatch = 213, "DIGEST_MISMATCH", "a digest does not match the content", "摘要与内容不一致", "Fetch or compute it again; do not use the content.";
    Dns = 300, "DNS", "the host name could not be resolved", "域名解析失败", "Check the resolver of this machine or container (/etc/resolv.conf).";
    Connect = 301, "CONNECT", "no connection to any address of the host", "无法建立连接", "Check firewall and routes to the addresses that the message lists.";
    Timeout = 302, "TIMEOUT", "the deadline passed", "超时", "Query the order by its number before anything is sent again.";
    Io = 303, "IO", "the connection broke", "连接中断", "Query the order by its number before anything is sent again.";
    HttpProtocol = 304, "HTTP_PROTOCOL", "the peer does not speak HTTP/1.1 properly", "对端 HTTP 协议错误", "Something between this machine and WeChat Pay answers in its place; look at the proxy.";
    BodyTooLarge = 305, "BODY_TOO_LARGE", "the response body is over max_response_bytes", "响应体过大", "Raise max_response_bytes; bills are for the download functions.";
    Proxy = 306, "PROXY", "the proxy refused or broke the connection", "代理拒绝或中断连接", "Check the `proxy` value and the proxy's log.";
    BodyTruncated = 307, "BODY_TRUNCATED", "the response ended before its end", "响应被截断", "Query the order by its number; what arrived is not used.";
    BindWithProxy = 308, "BIND_WITH_PROXY", "bind_host has no effect through a proxy", "使用代理时 bind_host 无效", "Remove `proxy` for the test, or add the host to no_proxy.";
    ProxyAuth = 309, "PROXY_AUTH", "the proxy asks for a user and password", "代理要求认证", "Put them into `proxy`: http://user:password@host:port, percent-encoded.";
    TlsUnknownIssuer = 310, "TLS_UNKNOWN_ISSUER", "the server's certificate has no trusted issuer in the store", "服务器证书的颁发者不在信任库中", "Update the system's store (ca-certificates); remove SSL_CERT_FILE or a private bundle if it names one.";
    TlsExpired = 311, "TLS_EXPIRED", "the server's certificate has expired, or this clock is wrong", "服务器证书已过期或本机时钟错误", "Check this machine's clock first.";
    TlsNotYetValid = 312, "TLS_NOT_YET_VALID", "the server's certificate is not valid yet, or this clock is wrong", "服务器证书尚未生效或本机时钟错误", "Check this machine's clock first.";
    TlsNameMismatch = 313, "TLS_NAME_MISMATCH", "the server's certificate is for another name", "服务器证书域名不匹配", "Look for a leftover hosts-file or bind_host entry, or a captive portal.";
    TlsHandshake = 314, "TLS_HANDSHAKE", "the TLS handshake failed", "TLS 握手失败", "Something between may filter TLS; TLS 1.2 or 1.3 is needed.";
    NoTrustRoots = 315, "NO_TRUST_ROOTS", "the system's store holds no usable root certificate", "系统信任库中没有可用的根证书", "Install ca-certificates; the message names the command for each distribution.";
    TlsBadChain = 316, "TLS_BAD_CHAIN", "the server's certificate chain breaks a rule", "服务器证书链不合规", "Almost always an inspecting appliance; ask its owner, or connect directly.";
    TlsClientCertificate = 317, "TLS_CLIENT_CERTIFICATE", "the server wants a client certificate, or refused ours", "服务器要求或拒绝了客户端证书", "Set client_certificate and client_key for this merchant.";
    ApiError = 400, "API_ERROR", "WeChat Pay answered with an error", "微信支付返回错误", "See api_code and api_message; give the Request-ID to WeChat Pay's support.";
    ApiUnexpectedResponse = 401, "API_UNEXPECTED_RESPONSE", "the answer is not one that WeChat Pay documents", "非预期的响应", "Query the order by its number before anything is sent again.";
    RateLimited = 402, "RATE_LIMITED", "asked too often", "请求过于频繁", "Wait for retry_after_s seconds.";
    CertificatesUnavailable = 410, "CERTIFICATES_UNAVAILABLE", "platform certificates cannot be had", "无法获取平台证书", "Merchants with a WeChat Pay public key have none: set public_key_id and public_key.";
    MalformedJson = 420, "MALFORMED_JSON", "this is not the JSON that was expected", "JSON 格式错误", "The message names the place.";
    MalformedNotify = 421, "MALFORMED_NOTIFY", "the notification is verified but not in its form", "通知内容格式不正确", "Give its id to WeChat Pay's support.";
    MalformedXml = 422, "MALFORMED_XML", "this is not the XML that was expected", "XML 格式错误", "The message names the place.";
    Forked = 500, "FORKED", "the object belongs to the parent process", "对象属于父进程（fork 之后不可用）", "Make the object after the fork.";
    Cancelled = 501, "CANCELLED", "cancelled by wxpay_message_cancel", "已取消", "Look at outcome: if it is UNKNOWN, query the order before anything is sent again.";
    OutOfMemory = 503, "OUT_OF_MEMORY", "memory for outside data could not be had", "内存不足", "Lower max_response_bytes or give the process more memory.";
    Panic = 900, "PANIC", "a defect of this library was caught", "库内部缺陷（已捕获）", "Report the message; query the order before anything is sent again.";
    Internal = 901, "INTERNAL", "an internal check failed", "内部错误", "Report the message; query the order before anything is sent again.";
}

impl Status {
    pub fn code(self) -> i32 {
        self as i32
    }

    pub fn row(self) -> &'static Row {
        TABLE
            .iter()
            .find(|row| row.status == self)
            .unwrap_or(&TABLE[0])
    }

    pub fn from_code(code: i32) -> Option<Status> {
        TABLE
            .iter()
            .find(|row| row.status.code() == code)
            .map(|row| row.status)
    }
}
