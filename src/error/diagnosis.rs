//! The closed table of diagnosis ids: what a report or an error may name as a cause. Owns the ids,
//! how bad each is, what it means in English and Chinese, and what to do when the place that found
//! it has nothing more exact to say. Ids are only added, never renamed or reused: people search for
//! them. Reports about a configuration also use the names of statuses as ids.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing fails because of it.
    Info,
    /// Will fail one day, or fails for somebody else.
    Warning,
    /// Fails now, or must not be used.
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One row of the table.
pub struct CauseRow {
    pub cause: Cause,
    /// The id in every report.
    pub name: &'static str,
    pub severity: Severity,
    pub en: &'static str,
    pub zh: &'static str,
    pub cure: &'static str,
}

macro_rules! causes {
    ($($variant:ident = $name:literal, $severity:ident, $en:literal, $zh:literal, $cure:literal;)*) => {
        /// What was found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Cause { $($variant),* }

        pub const CAUSES: &[CauseRow] = &[$(CauseRow {
            cause: Cause::$variant, name: $name, severity: Severity::$severity,
            en: $en, zh: $zh, cure: $cure,
        }),*];
    };
}

causes! {
    // The store.
    NoTrustRoots = "NO_TRUST_ROOTS", Error, "the trust store holds no usable root certificate", "信任库中没有可用的根证书", "Install the package ca-certificates.";
    RootNotInStore = "ROOT_NOT_IN_STORE", Error, "the root that issued the server's certificate is not in the store", "签发服务器证书的根证书不在信任库中", "Update the system's store (package ca-certificates) and remove every bundle that the program or SSL_CERT_FILE names.";
    OnlyOldRoot = "ONLY_OLD_ROOT", Error, "the store has DigiCert Global Root CA (G1) but not G2: exactly the case of WeChat Pay's server certificate guideline", "信任库只有 DigiCert G1 根证书而没有 G2，正是微信支付服务器证书指引所述的情况", "Delete the setting that names a root certificate, so that the system's store decides; update ca-certificates.";
    PrivateBundle = "PRIVATE_BUNDLE", Warning, "SSL_CERT_FILE or SSL_CERT_DIR replaces the system's store by a private bundle", "SSL_CERT_FILE 或 SSL_CERT_DIR 用自带证书包替代了系统信任库", "Unset the variable, so that the store that is updated with the system decides.";
    OldRootMissing = "OLD_ROOT_MISSING", Info, "DigiCert Global Root CA (G1) is not in the store", "信任库中没有 DigiCert G1 根证书", "Nothing to do: Mozilla distrusts it since 2026-04-15, and WeChat Pay's servers are under G2.";
    RootLeavesMozilla = "ROOT_LEAVES_MOZILLA", Warning, "DigiCert Global Root G2 leaves Mozilla's trust on 2029-04-15", "DigiCert G2 根证书将于 2029-04-15 被 Mozilla 停止信任", "Keep the store updated, so that DigiCert TLS RSA4096 Root G5 and DigiCert TLS ECC P384 Root G5 are in it.";
    SuccessorRootMissing = "SUCCESSOR_ROOT_MISSING", Info, "no successor of DigiCert Global Root G2 is in the store", "信任库中没有 DigiCert G2 的后继根证书", "Update ca-certificates before 2029-04-15.";
    LocalRoot = "LOCAL_ROOT", Warning, "a root was added on this machine: it may belong to an inspecting proxy", "本机添加了额外的根证书，可能属于 TLS 检查代理", "Make sure that its owner may read the traffic with WeChat Pay; remove it if nobody knows it.";
    NotACa = "NOT_A_CA", Info, "a certificate in the store may not be a root and is not used as one", "信任库中有不能作为根证书的证书，已忽略", "Remove it. To trust a server of your own, make a small CA and put the CA into the store.";
    ExpiredRoot = "EXPIRED_ROOT", Info, "a root in the store has expired", "信任库中有已过期的根证书", "Update ca-certificates; other programs refuse chains that end in it.";
    UnreadableInStore = "UNREADABLE_IN_STORE", Warning, "a part of the store cannot be read", "信任库中有无法读取的内容", "Write the file anew; files must be PEM.";
    StoreNotReloaded = "STORE_NOT_RELOADED", Warning, "the store's files have changed, and what they hold now cannot be used; the roots read before stay in use", "信任库文件已变更但无法使用，仍在使用之前读取的根证书", "Repair the files that the report names.";
    EnvIgnored = "ENV_IGNORED", Info, "the environment was ignored: this process runs set-user-id, or trust_env is 0", "已忽略环境变量：进程为 set-user-id，或 trust_env 为 0", "Put the roots into the system's store.";

    // The server's certificate.
    MissingIntermediate = "MISSING_INTERMEDIATE", Error, "the server does not send the certificate between its own and a root", "服务器未发送中间证书", "It is a fault of that server, load balancer or proxy: let its owner send the whole chain. It is not WeChat Pay's front end.";
    TlsInspection = "TLS_INSPECTION", Error, "the chain ends in a private CA: a proxy or appliance opens TLS", "证书链终止于私有 CA：有代理或设备在解密 TLS 流量", "Ask the owner of the proxy for its CA certificate and put it into the system's store, or let WeChat Pay's hosts through.";
    SelfSigned = "SELF_SIGNED", Error, "the server's certificate is signed by itself", "服务器使用自签名证书", "A captive portal, a wrong address or a test server answers. For a test server make a small CA and put the CA into the store.";
    CaAsServer = "CA_AS_SERVER", Error, "the server uses the certificate of a CA as its own", "服务器把 CA 证书当作服务器证书使用", "Issue a server certificate from that CA; putting the CA itself into the store does not help.";
    FakeRoot = "FAKE_ROOT", Error, "the chain names a root of the store but was signed with another key", "证书链冒用了信任库中根证书的名称，签名密钥不一致", "Somebody on the way presents forged certificates: do not work around it; connect directly.";
    BadChainSignature = "BAD_CHAIN_SIGNATURE", Error, "a signature in the chain or the handshake is wrong", "证书链或握手中的签名错误", "A damaged certificate, or an inspecting appliance; connect directly to find out which.";
    WeakKey = "WEAK_KEY", Error, "the server's key is too weak (RSA below 2048 bits)", "服务器密钥强度不足（RSA 小于 2048 位）", "Almost always an inspecting appliance; ask its owner.";
    ServerCertExpired = "SERVER_CERT_EXPIRED", Error, "the server's certificate has expired", "服务器证书已过期", "Compare this machine's clock with the real time. If it is right, it is another server's certificate: an inspecting proxy, or a hosts-file entry left behind.";
    ServerCertNotYetValid = "SERVER_CERT_NOT_YET_VALID", Error, "the server's certificate is not valid yet", "服务器证书尚未生效", "Compare this machine's clock with the real time.";
    ClockWrong = "CLOCK_WRONG", Error, "this machine's clock is wrong", "本机时间错误", "Set the clock (NTP).";
    ClockSkew = "CLOCK_SKEW", Warning, "this machine's clock differs from the server's", "本机时间与服务器时间不一致", "Set the clock (NTP): WeChat Pay refuses signatures that are more than 300 seconds away.";
    HostIpMismatch = "HOST_IP_MISMATCH", Error, "the address belongs to another server of WeChat Pay", "该 IP 属于微信支付的其他服务器", "Remove the hosts-file or bind_host entry that was left behind; check DNS.";
    WrongServer = "WRONG_SERVER", Error, "the certificate is for another server", "证书属于其他服务器", "A captive portal, a wrong DNS answer or a hosts-file entry left behind.";
    UrlByIp = "URL_BY_IP", Error, "the URL names an address, and the certificate is for a name", "以 IP 访问，而证书是为域名签发的", "Use the host name; to reach a certain address set bind_host.";
    NoNameInCert = "NO_NAME_IN_CERT", Error, "the certificate has no subjectAltName", "证书没有 subjectAltName", "A certificate with a common name alone is refused here, though curl accepts it: issue it with a subjectAltName.";
    BadServerChain = "BAD_SERVER_CHAIN", Error, "the chain breaks a rule of X.509", "证书链违反 X.509 规则", "Almost always an inspecting appliance; ask its owner, or connect directly.";

    // The handshake and the way there.
    OldTls = "OLD_TLS", Error, "the peer speaks only TLS 1.1 or older", "对端仅支持 TLS 1.1 或更早版本", "WeChat Pay has TLS 1.2 and 1.3: look for an old proxy or appliance in between.";
    NoCommonTls = "NO_COMMON_TLS", Error, "the peer has no TLS parameters in common", "双方没有共同支持的 TLS 参数", "Needed: TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM or ChaCha20. Look for an old proxy; a server of API v2 also answers so when it wants a client certificate.";
    ClientCertificateMissing = "CLIENT_CERTIFICATE_MISSING", Error, "the server wants a client certificate", "服务器要求客户端证书", "Set client_p12_file to this merchant's apiclient_cert.p12, or client_certificate and client_key to its apiclient_cert.pem and apiclient_key.pem.";
    ClientCertificateRefused = "CLIENT_CERTIFICATE_REFUSED", Error, "the server refused the client certificate", "服务器拒绝了客户端证书", "Use the certificate of this merchant, one that has not expired.";
    PlaintextOnTlsPort = "PLAINTEXT_ON_TLS_PORT", Error, "the peer does not speak TLS on this port", "该端口不是 TLS 服务", "Check the port, and whether a proxy or captive portal answers.";
    HandshakeCut = "HANDSHAKE_CUT", Error, "the connection was cut during the TLS handshake", "TLS 握手过程中连接被切断", "A firewall or a filter by server name may cut it, or the server is being replaced: try again.";
    HandshakeTimeout = "HANDSHAKE_TIMEOUT", Error, "the TLS handshake was not finished in time", "TLS 握手超时", "A firewall may hold it back, or the server is overloaded.";
    TlsRefused = "TLS_REFUSED", Error, "the peer broke off the TLS handshake", "对端中止了 TLS 握手", "Look for a proxy or appliance in between; connect directly to compare.";
    DnsFailed = "DNS_FAILED", Error, "the host name cannot be resolved", "域名无法解析", "Check the resolver of this machine or container (/etc/resolv.conf).";
    ConnectFailed = "CONNECT_FAILED", Error, "no connection to any address of the host", "无法连接到该域名的任何地址", "Check firewall and routes to the addresses that the report lists.";
    ProxyAuth = "PROXY_AUTH", Error, "the proxy asks for a user and password", "代理要求用户名和密码", "Write them into `proxy`: http://user:password@host:port, both percent-encoded.";
    ProxyRefused = "PROXY_REFUSED", Error, "the proxy refused or broke the connection", "代理拒绝或中断了连接", "Check the value of `proxy` and the proxy's log.";
    BindWithProxy = "BIND_WITH_PROXY", Error, "an address cannot be bound through a proxy", "使用代理时无法绑定 IP", "Leave the proxy out for this test.";
    BindHost = "BIND_HOST", Warning, "a host is bound to an address", "域名被绑定到固定 IP", "Temporary: WeChat Pay shuts such addresses down. Remove it after the test.";
    NotWechatPay = "NOT_WECHAT_PAY", Warning, "the answer does not come from WeChat Pay's front end", "应答并非来自微信支付接入层", "Look for a proxy, a captive portal or a wrong address.";
    AnswerTimeout = "ANSWER_TIMEOUT", Error, "no answer came in time", "等待应答超时", "The request may have been carried out: query the order by its number before anything is sent again.";
    ConnectionCut = "CONNECTION_CUT", Error, "the connection was cut before the whole answer had come", "连接在收到完整应答前被切断", "The request may have been carried out: query the order by its number before anything is sent again.";

    // A program's settings, as far as an error text shows them.
    BundleUnreadable = "BUNDLE_UNREADABLE", Error, "the certificate file that the program names cannot be read", "程序指定的证书文件无法读取", "Delete the setting that names the file, so that the system's store is used.";
    CallbackRefused = "CALLBACK_REFUSED", Error, "the program's own certificate callback refused the certificate", "程序自定义的证书校验回调拒绝了证书", "Delete the callback; if it fails without it, the root is missing in the system: update the system's certificates.";
    PinMismatch = "PIN_MISMATCH", Error, "the program pins a key or certificate that is not the server's", "程序固定（pin）的公钥或证书与服务器不符", "Delete the pin, so that the system's store decides: WeChat Pay changes its certificates every year.";
    ClientCertificateUnreadable = "CLIENT_CERTIFICATE_UNREADABLE", Error, "the client certificate or its key cannot be read", "客户端证书或私钥无法读取", "Check the path, that key and certificate belong together, and the password: that of apiclient_cert.p12 is the merchant number. OpenSSL 3 no longer reads old .p12 files: use the .pem files.";
    RevocationUnchecked = "REVOCATION_UNCHECKED", Error, "the program could not ask whether the certificate was revoked", "无法查询证书吊销状态", "Let ocsp.digicert.com, crl3.digicert.com and crl4.digicert.com through the firewall, or make the check one that may fail; never turn verification off.";
    ServerCertRevoked = "SERVER_CERT_REVOKED", Error, "the server's certificate was revoked", "服务器证书已被吊销", "Another server's certificate: look for an inspecting proxy or a hosts-file entry left behind.";
    UnknownText = "UNKNOWN_TEXT", Info, "this text is not one that is known", "未识别的错误文本", "Give the whole message of the TLS library, with the exception's cause.";

    // The merchant's configuration and WeChat Pay's signatures.
    SimulatorIdentity = "SIMULATOR_IDENTITY", Error, "a key or name of the local simulator is configured", "配置中使用了本地模拟器的身份", "Never use it in production.";
    CertificateExpired = "CERTIFICATE_EXPIRED", Error, "a configured certificate has expired", "配置的证书已过期", "Renew it on the merchant platform.";
    CertificateExpires = "CERTIFICATE_EXPIRES", Warning, "a configured certificate expires soon", "配置的证书即将过期", "Renew it on the merchant platform.";
    PlainHttp = "PLAIN_HTTP", Warning, "base_url is plain http: nothing is encrypted", "base_url 为明文 http，流量未加密", "For local tests only.";
    NoApiV3Key = "NO_API_V3_KEY", Warning, "api_v3_key is not set: notifications cannot be opened", "未设置 api_v3_key，无法解密回调通知", "Set it on the merchant platform and here.";
    FilePermissions = "FILE_PERMISSIONS", Warning, "others can read a key file", "密钥文件可被其他用户读取", "chmod 600";
    PublicKeyMerchant = "PUBLIC_KEY_MERCHANT", Error, "this merchant has a WeChat Pay public key and no platform certificates", "该商户使用微信支付公钥，没有平台证书", "Set public_key_id and public_key.";

    // What WeChat Pay says of a signature: the rows of its signing FAQ (protocol.md §3.3).
    ApiV3KeyNotSet = "API_V3_KEY_NOT_SET", Error, "the merchant has not set an APIv3 key", "商户未设置 APIv3 密钥", "Set an APIv3 key on the merchant platform (API security), and the same one as api_v3_key.";
    MerchantCertificateNotApplied = "MERCHANT_CERTIFICATE_NOT_APPLIED", Error, "this mchid has no API certificate", "该商户号未申请过商户 API 证书", "Compare mchid with the merchant platform; apply for an API certificate there (API security).";
    MerchantCertificateSerialWrong = "MERCHANT_CERTIFICATE_SERIAL_WRONG", Error, "the serial in the Authorization header is not one of this merchant's API certificates", "商户证书序列号有误", "merchant_serial must be the serial of apiclient_cert.pem (`openssl x509 -noout -serial -in apiclient_cert.pem`), not of a platform certificate and not a PUB_KEY_ID_…; that certificate must be in force on the merchant platform, under this mchid.";
    MerchantCertificateExpired = "MERCHANT_CERTIFICATE_EXPIRED", Error, "the merchant's API certificate has expired", "商户 API 证书已过期", "Renew the API certificate on the merchant platform; set its new key and serial.";
    MerchantCertificateInvalidated = "MERCHANT_CERTIFICATE_INVALIDATED", Error, "the merchant's API certificate was invalidated by its owner", "商户 API 证书已作废", "Apply for a new API certificate on the merchant platform; set its new key and serial.";
    MerchantCertificateReplaced = "MERCHANT_CERTIFICATE_REPLACED", Error, "the merchant's API certificate was replaced by a new one", "商户 API 证书已更换", "Use the new API certificate's key and serial; this one was replaced on the merchant platform.";
    SignatureWrong = "SIGNATURE_WRONG", Error, "the signature does not match the request as WeChat Pay received it", "签名错误，验签失败", "Compare what was signed with sign_information in the answer: wxpay_explain_response, or `wxpay explain --signed FILE`. If all is equal, the private key is not the one of merchant_serial. With API v2 it is the APIv2 key.";
    AuthorizationFormat = "AUTHORIZATION_FORMAT", Error, "the Authorization header is missing or out of form", "Authorization 头缺失或格式错误", "The library sends it in its form: a proxy, or a transport of your own, changed or removed it. It is one line: the scheme, one space, five fields name=\"value\" with commas between.";
    AuthorizationScheme = "AUTHORIZATION_SCHEME", Error, "the scheme word of the Authorization header is not the one for this path", "Authorization 认证类型不正确", "It is WECHATPAY2-SHA256-RSA2048; paths under /brand/ take WECHATPAY-BRAND-SHA256-RSA2048 and need brand_id, all others mchid.";
    TimestampTooFar = "TIMESTAMP_TOO_FAR", Error, "the signed timestamp is more than five minutes from WeChat Pay's clock", "签名时间戳与微信支付时间相差超过 5 分钟", "Set this machine's clock (NTP). The timestamp is in seconds, and is made anew for each request.";
    BasicRules = "BASIC_RULES", Error, "a header that the basic rules ask for is missing: Accept or User-Agent", "缺少基本规则要求的 Accept 或 User-Agent 头", "Send Accept: application/json and a User-Agent; the library sends both, so look for what removes them on the way.";
    WechatpaySerialRefused = "WECHATPAY_SERIAL_REFUSED", Error, "the request header Wechatpay-Serial is missing or names no key of WeChat Pay", "请求头 Wechatpay-Serial 缺失或错误", "It names the WeChat Pay public key (PUB_KEY_ID_…) or the platform certificate that the sensitive fields are encrypted with; never the merchant's certificate.";

    // The string that was signed beside the one that WeChat Pay verified.
    SignMethodDiffers = "SIGN_METHOD_DIFFERS", Error, "the method that was signed is not the one that arrived", "签名串中的 HTTP 方法与实际请求不一致", "Sign the method that is sent, in upper case.";
    SignUrlDiffers = "SIGN_URL_DIFFERS", Error, "the URL that was signed is not the one that arrived", "签名串中的 URL 与实际请求不一致", "Sign path and query exactly as they go out, percent-encoding included: take them from the request object, do not join them by hand.";
    SignTimestampDiffers = "SIGN_TIMESTAMP_DIFFERS", Error, "the timestamp that was signed is not the one in the Authorization header", "签名串与 Authorization 头的时间戳不一致", "Make the timestamp once and use it in both places.";
    SignNonceDiffers = "SIGN_NONCE_DIFFERS", Error, "the nonce that was signed is not the one in the Authorization header", "签名串与 Authorization 头的随机串不一致", "Make the nonce once and use it in both places.";
    SignBodyDiffers = "SIGN_BODY_DIFFERS", Error, "the body that was signed is not the one that arrived", "签名串中的报文体与实际请求不一致", "Serialise once, sign those bytes and send those bytes: with this library the body of the prepared message, untouched.";
    SignLastNewlineMissing = "SIGN_LAST_NEWLINE_MISSING", Error, "the last line of the string to sign has no line feed", "签名串最后一行缺少换行符", "Each of the five lines ends with a line feed, the last one too; without a body the last line is a line feed alone.";
    SignOrder = "SIGN_ORDER", Error, "the lines of the string to sign are in another order, or one is missing", "签名串各行顺序错误或缺行", "The order is: method, URL, timestamp, nonce, body.";
    SignEncoding = "SIGN_ENCODING", Error, "the string was signed in another encoding than it was sent in", "签名串编码不一致", "Sign UTF-8 without a byte order mark, with line feeds (0x0A) alone: the bytes that are sent.";
    SignWrongKey = "SIGN_WRONG_KEY", Error, "what was signed is what arrived, so the key is wrong: it is not the private key of the certificate that merchant_serial names", "签名串一致，商户私钥与证书序列号不匹配", "Compare `openssl x509 -noout -modulus -in apiclient_cert.pem` with `openssl rsa -noout -modulus -in apiclient_key.pem`, and the certificate's serial with the merchant platform. Set merchant_certificate_file: then the library compares them.";
    SignKeyCertMismatch = "SIGN_KEY_CERT_MISMATCH", Error, "the private key is not the one of the merchant's certificate", "商户私钥与商户证书不匹配", "Use apiclient_key.pem and apiclient_cert.pem of the same download.";
    InternalNumber = "INTERNAL_NUMBER", Info, "the number at the end of Request-ID is WeChat Pay's own error number", "Request-ID 末尾为微信支付内部错误码", "Give the whole Request-ID to WeChat Pay's support.";

    // Why a message of WeChat Pay does not verify.
    SignatureHeadersLost = "SIGNATURE_HEADERS_LOST", Error, "Wechatpay-* headers are missing: a proxy or CDN took them away, or the message is not from WeChat Pay", "缺少 Wechatpay-* 头：被代理或 CDN 过滤，或并非微信支付所发", "Let Wechatpay-* headers pass, or receive callbacks directly.";
    SerialIsMerchants = "SERIAL_IS_MERCHANTS", Error, "Wechatpay-Serial is the serial of the merchant's own certificate: no message of WeChat Pay has that", "Wechatpay-Serial 是商户自己的证书序列号", "Pass the header Wechatpay-Serial of the message as it came. A test program that signs with the merchant's key is not WeChat Pay.";
    KeyIdMismatch = "KEY_ID_MISMATCH", Error, "the signature verifies under another key than the one that the message names: keys and ids are paired wrongly", "签名可由另一把公钥验证：公钥与其 ID 配对错误", "Compare each public_key with its id on the merchant platform (API security).";
    SignedByMerchant = "SIGNED_BY_MERCHANT", Error, "the message was signed with the merchant's own key, not by WeChat Pay", "报文由商户私钥签名，并非微信支付所签", "A test program made it, or somebody has the merchant's key; WeChat Pay signs with its own.";
    SerialNotConfigured = "SERIAL_NOT_CONFIGURED", Error, "no key is configured under the id that the message names", "未配置报文所用的微信支付公钥或平台证书", "Configure the public key or platform certificate of this id, or refresh the certificates; a message that anybody may have sent can name any id.";
    MessageTime = "MESSAGE_TIME", Error, "the time that was signed is too far from this clock", "报文签名时间与本机时间相差过大", "Set this machine's clock (NTP). If it is right, the message is old or replayed: never accept it.";
    ApiV3KeyWrong = "API_V3_KEY_WRONG", Error, "the signature is good and the resource cannot be decrypted: api_v3_key is not the one of this merchant", "验签通过但解密失败：api_v3_key 不正确", "Copy the APIv3 key again, or set a new one on the merchant platform; for the time of the change set both, one a line. It is neither the APIv2 key nor the private key.";
    MchMismatch = "MCH_MISMATCH", Error, "the message is about another merchant than the configured one", "报文属于其他商户", "Let each merchant's notifications go to the client of that merchant.";

    // What happened to a body before it came here.
    BodyEmpty = "BODY_EMPTY", Error, "The body is empty: the framework has already read it; read the raw body first.", "报文体为空：框架已提前读取", "Pass the raw body as received, before any parsing.";
    BodyGzip = "BODY_GZIP", Error, "The body is still compressed (gzip): pass the bytes after HTTP content decoding.", "报文体仍为 gzip 压缩数据", "Pass the raw body as received, before any parsing.";
    BodyBom = "BODY_BOM", Error, "The body starts with a byte order mark that WeChat Pay did not send.", "报文体开头多了 BOM", "Pass the raw body as received, before any parsing.";
    BodyNul = "BODY_NUL", Error, "The body contains a NUL byte: it was copied with a wrong length or decoded as UTF-16.", "报文体含有 NUL 字节", "Pass the raw body as received, before any parsing.";
    BodyNotUtf8 = "BODY_NOT_UTF8", Error, "The body is not UTF-8: it was converted to another encoding (GBK?); pass the bytes as received.", "报文体不是 UTF-8 编码", "Pass the raw body as received, before any parsing.";
    BodyReplaced = "BODY_REPLACED", Error, "The body contains U+FFFD: it was decoded with a wrong character set and lost bytes.", "报文体含有 U+FFFD，解码时丢失了字节", "Pass the raw body as received, before any parsing.";
    BodyRepr = "BODY_REPR", Error, "The body is the printed form of a dictionary, not JSON: pass the raw body, not the parsed object.", "报文体是字典的打印形式，不是 JSON", "Pass the raw body as received, before any parsing.";
    BodyCrlf = "BODY_CRLF", Error, "The body contains carriage returns: something changed its line ends.", "报文体含有回车符，换行被改写", "Pass the raw body as received, before any parsing.";
    BodyPretty = "BODY_PRETTY", Error, "The body has white space between its members: it was parsed and serialised again.", "报文体含有多余空白：被解析后重新序列化", "Pass the raw body as received, before any parsing.";
    BodyTrailingNewline = "BODY_TRAILING_NEWLINE", Error, "The body ends with a line feed that was added on the way.", "报文体末尾多了换行", "Pass the raw body as received, before any parsing.";
    BodyEscapedSlash = "BODY_ESCAPED_SLASH", Error, "The body has escaped slashes (\\/): it was serialised again, as PHP's json_encode does.", "报文体中的斜杠被转义：被重新序列化", "Pass the raw body as received, before any parsing.";
    BodyEscapedUnicode = "BODY_ESCAPED_UNICODE", Error, "The body has \\uXXXX escapes: it was serialised again with ASCII output.", "报文体含有 \\uXXXX 转义：被重新序列化", "Pass the raw body as received, before any parsing.";
    BodyTruncated = "BODY_TRUNCATED", Error, "The body is not complete JSON: it was cut, or it is a form; pass all bytes as received.", "报文体不是完整的 JSON", "Pass the raw body as received, before any parsing.";
    BodyReorderedOrWrongKey = "BODY_REORDERED_OR_WRONG_KEY", Error, "The body is compact JSON: either it was parsed and serialised again with its members in another order, or the key of this id is not the one WeChat Pay signs with.", "报文体成员顺序被改变，或所用公钥不正确", "Pass the raw body as received, before any parsing.";

    // The machine, as wxpay doctor sees it.
    HostsBinding = "HOSTS_BINDING", Warning, "the hosts file binds a host of WeChat Pay to an address", "hosts 文件把微信支付域名绑定到固定 IP", "Remove the line: WeChat Pay shuts such addresses down without notice.";
    RuntimeStoreOld = "RUNTIME_STORE_OLD", Warning, "another runtime's store does not have the root of WeChat Pay's servers", "其他运行环境的信任库缺少微信支付服务器的根证书", "Update that runtime's certificates.";
    RuntimeStoreUnreadable = "RUNTIME_STORE_UNREADABLE", Warning, "a store that another runtime reads is missing or damaged", "其他运行环境的信任库缺失或损坏", "Install that runtime's certificates again, or delete the setting that names the file.";
    RuntimeStoreOpaque = "RUNTIME_STORE_OPAQUE", Info, "another runtime's store is encrypted, so that its roots cannot be listed", "其他运行环境的信任库已加密，无法列出根证书", "List it with that runtime's own tool.";
    RuntimePinned = "RUNTIME_PINNED", Warning, "a setting replaces a runtime's store by a private bundle", "有设置用自带证书包替代了运行环境的信任库", "Delete the setting, so that the store that is updated with the system decides.";
    VerifyDisabled = "VERIFY_DISABLED", Error, "certificates are not checked", "证书校验已被关闭", "Switch the check on again; repair the store instead.";
    ProxySet = "PROXY_SET", Info, "requests go through a proxy", "请求经过代理", "Nothing to do, if the proxy is yours.";
    ProxyNotUsed = "PROXY_NOT_USED", Info, "the environment names a proxy, and the library does not use it", "环境变量设置了代理，但本库未使用", "If this machine reaches the Internet through the proxy only, set proxy_from_env to 1, or `proxy`.";
    HttpProxyIgnored = "HTTP_PROXY_IGNORED", Info, "http_proxy is not used for https", "http_proxy 不用于 https", "If a proxy is needed, set https_proxy and proxy_from_env = 1, or `proxy`.";
    NoResolver = "NO_RESOLVER", Warning, "this machine has no name server", "本机未配置 DNS 服务器", "Name one in /etc/resolv.conf (in a container: the option --dns).";
    PrivateAddress = "PRIVATE_ADDRESS", Warning, "DNS gives an address for WeChat Pay that is not public", "DNS 为微信支付域名返回了非公网地址", "Make sure that this is a gateway or proxy of yours; else repair the name server.";
    FfiEnabled = "FFI_ENABLED", Warning, "ffi.enable=true lets every PHP script read the keys in memory", "ffi.enable=true 使任意 PHP 脚本都能读取内存中的密钥", "Set ffi.enable=preload and preload the wrapper; see the PHP binding's README.";
}

impl Cause {
    pub fn row(self) -> &'static CauseRow {
        CAUSES
            .iter()
            .find(|row| row.cause == self)
            .unwrap_or(&CAUSES[0])
    }

    pub fn name(self) -> &'static str {
        self.row().name
    }
}

/// One cause that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub cause: Cause,
    pub severity: Severity,
    pub text: String,
    pub cure: String,
}

impl Diagnosis {
    /// Severity and cure start as those of the table.
    pub fn new(cause: Cause, text: impl Into<String>) -> Diagnosis {
        let row = cause.row();
        Diagnosis {
            cause,
            severity: row.severity,
            text: text.into(),
            cure: row.cure.to_owned(),
        }
    }

    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Diagnosis {
        self.cure = cure.into();
        self
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Diagnosis {
        self.severity = severity;
        self
    }
}

impl serde::Serialize for Diagnosis {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut members = serializer.serialize_struct("Diagnosis", 4)?;
        members.serialize_field("id", self.cause.name())?;
        members.serialize_field("severity", self.severity.name())?;
        members.serialize_field("text", &self.text)?;
        members.serialize_field("cure", &self.cure)?;
        members.end()
    }
}
