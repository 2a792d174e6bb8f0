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
    InvalidArgument = 100, "INVALID_ARGUMENT", "an argument has a value that is not allowed", "参数值不合法", "Correct the argument that the message names; it says what is allowed.";
    NullArgument = 101, "NULL_ARGUMENT", "a required pointer is NULL", "必填指针为 NULL", "Pass a pointer; NULL is allowed only with length 0.";
    InvalidUtf8 = 102, "INVALID_UTF8", "text is not UTF-8", "文本不是 UTF-8 编码", "Encode the text as UTF-8 before passing it; GBK text must be converted.";
    InvalidState = 103, "INVALID_STATE", "the object cannot do this in its present state", "对象当前状态不允许此操作", "Follow the order of calls that the header documents for this function.";
    Unsupported = 104, "UNSUPPORTED", "this is not supported", "不支持此项功能或取值", "Use what the message names instead.";
    LimitExceeded = 105, "LIMIT_EXCEEDED", "a size or count is over its limit", "超出大小或数量上限", "Send less; the message names the limit.";
    UrlRefused = 106, "URL_REFUSED", "the URL is not one that may be signed or sent", "该 URL 不允许被签名或发送", "Use a path such as /v3/pay/transactions/native, already percent-encoded, or a host of WeChat Pay.";
    ConfigIncomplete = 110, "CONFIG_INCOMPLETE", "the configuration lacks something that this needs", "缺少必需的配置项", "Set the configuration keys that the message names; docs/configuration.md explains each.";
    KeyFormat = 111, "KEY_FORMAT", "a key or certificate cannot be read", "密钥或证书无法解析", "Use the file as it was downloaded from the merchant platform; copying it through chat or a spreadsheet damages it.";
    KeyEncrypted = 112, "KEY_ENCRYPTED", "the private key is encrypted and cannot be opened", "私钥已加密，无法解密读取", "Set private_key_passphrase to its passphrase, or decrypt the key with `openssl pkcs8 -in key.pem -out apiclient_key.pem`.";
    KeyCertMismatch = 113, "KEY_CERT_MISMATCH", "the private key and the certificate do not belong together", "商户私钥与商户证书不匹配", "Compare `openssl rsa -noout -modulus` and `openssl x509 -noout -modulus`: they must be equal.";
    ApiKeyLength = 114, "API_KEY_LENGTH", "an API key does not have its length", "API 密钥长度不正确，应为 32 字节", "Copy the key again from the merchant platform (API security); it has exactly 32 bytes.";
    SerialFormat = 115, "SERIAL_FORMAT", "a serial number or key id is not in its form", "证书序列号或公钥 ID 格式不正确", "A certificate serial is up to 40 hex digits (`openssl x509 -noout -serial`); a public key id starts with PUB_KEY_ID_.";
    WrongKeyRole = 116, "WRONG_KEY_ROLE", "a key or certificate is in another one's place", "密钥或证书配置错位，例如把商户证书当作微信支付公钥", "Put each file in its own place: docs/keys.md shows which is which.";
    ConfigUnknownKey = 117, "CONFIG_UNKNOWN_KEY", "there is no configuration key of this name", "未知的配置项", "Use the name that the message proposes; docs/configuration.md lists all.";
    FileUnreadable = 118, "FILE_UNREADABLE", "a file cannot be read", "文件无法读取", "Check that the path exists, is a regular file and that this process may read it.";
    ConfigConflict = 119, "CONFIG_CONFLICT", "two configuration values exclude each other", "配置项互相冲突", "Remove one of the two configuration keys that the message names.";
    SignFailed = 200, "SIGN_FAILED", "signing failed", "签名失败", "With a KMS or HSM: attach the signature of exactly to_sign, made with the merchant's key. Else run wxpay_selftest; if it passes, the private key is damaged: take it from your backup.";
    SignatureInvalid = 201, "SIGNATURE_INVALID", "the signature does not match the bytes received", "验签失败：签名与收到的报文不一致", "Pass the body exactly as it was received, before any parsing. If it is raw already, look at the key that Wechatpay-Serial names.";
    SignatureProbe = 202, "SIGNATURE_PROBE", "a signature probe of WeChat Pay (WECHATPAY/SIGNTEST/), wrong on purpose", "微信支付的签名探测流量（签名故意错误，不应通过验签）", "Answer a callback with a non-2xx status: the real one is sent again. Count these: many are an attack.";
    SignatureHeadersMissing = 203, "SIGNATURE_HEADERS_MISSING", "Wechatpay-* signature headers are missing", "缺少验签所需的 Wechatpay-* HTTP 头", "A proxy or CDN may have removed them: let Wechatpay-* headers pass, or receive callbacks directly.";
    SerialUnknown = 204, "SERIAL_UNKNOWN", "no configured key has the id that the message names", "未配置与 Wechatpay-Serial 对应的微信支付公钥或平台证书", "Configure the WeChat Pay public key or platform certificate of this id, or refresh the certificates.";
    TimestampExpired = 205, "TIMESTAMP_EXPIRED", "the signed time is too far from the clock", "签名时间戳与本机时间相差过大", "Check this machine's clock (NTP). If it is right, the message is old or replayed: never accept it.";
    HeaderDuplicate = 206, "HEADER_DUPLICATE", "a signature header is there twice with different values", "验签用的 HTTP 头重复出现且取值不同", "Find the proxy that adds the header; only one value may arrive.";
    DecryptFailed = 210, "DECRYPT_FAILED", "decryption failed", "解密失败", "Notifications and certificates: check api_v3_key. Encrypted fields: check the private key. The key is wrong, was reset, or belongs to another merchant; or the text was changed.";
    EncryptTooLong = 211, "ENCRYPT_TOO_LONG", "the text is too long to be encrypted with this key", "待加密内容超出该密钥可加密的长度", "Shorten the text: a 2048-bit key encrypts at most 214 bytes.";
    UnsupportedAlgorithm = 212, "UNSUPPORTED_ALGORITHM", "the message uses an algorithm that is not supported", "报文使用了不支持的算法", "Supported are WECHATPAY2-SHA256-RSA2048 and AEAD_AES_256_GCM, and for API v2 the algorithm that is configured; SM2 signatures and SM4 are not.";
    DigestMismatch = 213, "DIGEST_MISMATCH", "a digest does not match the content", "摘要与内容不一致", "Do not use the content; fetch it again.";
    Dns = 300, "DNS", "the host name could not be resolved", "域名解析失败", "Check the resolver of this machine or container (/etc/resolv.conf).";
    Connect = 301, "CONNECT", "no connection to any address of the host", "无法连接到该域名的任何 IP 地址", "Check firewall and routes to the addresses that the message lists.";
    Timeout = 302, "TIMEOUT", "the deadline passed", "请求超时", "Query the order by its number before anything is sent again.";
    Io = 303, "IO", "the connection broke", "连接中断", "Query the order by its number before anything is sent again.";
    HttpProtocol = 304, "HTTP_PROTOCOL", "the peer does not speak HTTP/1.1 properly", "对端返回的内容不符合 HTTP/1.1 协议", "Something between this machine and WeChat Pay answers in its place: look at the proxy. If outcome is UNKNOWN, query the order first.";
    BodyTooLarge = 305, "BODY_TOO_LARGE", "the response body is over max_response_bytes", "响应体超过 max_response_bytes 上限", "Raise max_response_bytes. The request may have been carried out: query the order first.";
    Proxy = 306, "PROXY", "the proxy refused or broke the connection", "代理服务器拒绝或中断了连接", "Check the `proxy` value and the proxy's log.";
    BodyTruncated = 307, "BODY_TRUNCATED", "the response ended before its end", "响应未接收完整，连接已中断", "Query the order by its number; what arrived is not used.";
    BindWithProxy = 308, "BIND_WITH_PROXY", "bind_host has no effect through a proxy", "使用代理时 bind_host 无效", "Remove `proxy` for the test. With proxy_from_env, name the host in the environment variable no_proxy.";
    ProxyAuth = 309, "PROXY_AUTH", "the proxy asks for a user and password", "代理服务器要求用户名和密码", "Write them into `proxy`: http://user:password@host:port, both percent-encoded.";
    TlsUnknownIssuer = 310, "TLS_UNKNOWN_ISSUER", "the server's certificate has no trusted issuer in the store", "服务器证书的签发机构不在系统信任库中", "Update the system's store (ca-certificates); remove SSL_CERT_FILE or a private bundle if it names one.";
    TlsExpired = 311, "TLS_EXPIRED", "the server's certificate has expired, or this clock is wrong", "服务器证书已过期，或本机时间不正确", "Check this machine's clock (NTP) first. If it is right, look for an inspecting proxy or a wrong server.";
    TlsNotYetValid = 312, "TLS_NOT_YET_VALID", "the server's certificate is not valid yet, or this clock is wrong", "服务器证书尚未生效，或本机时间不正确", "Check this machine's clock (NTP) first. If it is right, look for an inspecting proxy or a wrong server.";
    TlsNameMismatch = 313, "TLS_NAME_MISMATCH", "the server's certificate is for another name", "服务器证书与所访问的域名不匹配", "Look for a leftover hosts-file or bind_host entry, or a captive portal.";
    TlsHandshake = 314, "TLS_HANDSHAKE", "the TLS handshake failed", "TLS 握手失败", "TLS 1.2 or 1.3 is needed. A firewall, proxy or inspecting appliance in between may cut or downgrade it.";
    NoTrustRoots = 315, "NO_TRUST_ROOTS", "the system's store holds no usable root certificate", "系统信任库中没有可用的根证书", "Install the package ca-certificates; docs/trust.md has the command for each distribution.";
    TlsBadChain = 316, "TLS_BAD_CHAIN", "the server's certificate chain breaks a rule", "服务器证书链不符合校验规则", "Almost always an inspecting appliance; ask its owner, or connect directly.";
    TlsClientCertificate = 317, "TLS_CLIENT_CERTIFICATE", "the server wants a client certificate, or refused ours", "服务器要求客户端证书，或拒绝了所提供的客户端证书", "Set client_p12_file to this merchant's apiclient_cert.p12, or client_certificate and client_key to its apiclient_cert.pem and apiclient_key.pem.";
    ApiError = 400, "API_ERROR", "WeChat Pay answered with an error", "微信支付返回了错误", "Act on api_code and api_message; if they do not help, give the Request-ID to WeChat Pay's support.";
    ApiUnexpectedResponse = 401, "API_UNEXPECTED_RESPONSE", "the answer is not one that WeChat Pay documents", "响应不符合微信支付文档的约定", "Query the order by its number before anything is sent again.";
    RateLimited = 402, "RATE_LIMITED", "asked too often", "请求过于频繁", "Wait for retry_after_s seconds, then send the same request with the same business numbers.";
    CertificatesUnavailable = 410, "CERTIFICATES_UNAVAILABLE", "platform certificates cannot be had", "无法获取平台证书", "Merchants with a WeChat Pay public key have none: set public_key_id and public_key.";
    MalformedJson = 420, "MALFORMED_JSON", "this is not the JSON that was expected", "JSON 内容不符合要求", "Correct the JSON at the place that the message names.";
    MalformedNotify = 421, "MALFORMED_NOTIFY", "the notification is verified but not in its form", "通知已通过验签，但内容格式不正确", "Query the order instead, and give the notification's id to WeChat Pay's support.";
    MalformedXml = 422, "MALFORMED_XML", "this is not the XML that was expected", "XML 内容不符合要求", "Correct the XML at the place that the message names.";
    MalformedBill = 423, "MALFORMED_BILL", "this is not a bill in its form", "账单内容格式不正确", "Use the file as it was downloaded; if it is, give the message to this library's makers.";
    Forked = 500, "FORKED", "the object belongs to the parent process", "对象属于父进程，fork 后不能在子进程中使用", "Make the object after the fork.";
    Cancelled = 501, "CANCELLED", "cancelled by wxpay_message_cancel or wxpay_download_cancel", "请求已被取消", "Look at outcome: if it is UNKNOWN, query the order before anything is sent again.";
    OutOfMemory = 503, "OUT_OF_MEMORY", "memory for outside data could not be had", "内存不足", "Give the process more memory, or lower max_response_bytes. If a request was on its way, query the order first.";
    Panic = 900, "PANIC", "a defect of this library was caught", "本库内部缺陷（已捕获，未使进程崩溃）", "Report the message; query the order before anything is sent again.";
    Internal = 901, "INTERNAL", "an internal check failed", "本库内部检查未通过", "Report the message; query the order before anything is sent again.";
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
