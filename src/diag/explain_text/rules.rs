//! Which words of an error mean which causes, the most likely cause first. Owns the table, not how
//! it is read. Sources: runs of the runtimes against servers that fail on purpose (`captured.json`),
//! WeChat Pay's server certificate guideline, the published lists of OpenSSL, libcurl, GnuTLS, NSS,
//! Schannel and .NET. Chinese lines are those of a Chinese Windows.
//!
//! White space, hyphens, underscores, quotes and case do not count, in the text as in the table;
//! a number is whole. `a & b` asks for both. What a row has taken is not there for later rows, so
//! the longer text stands first.

use crate::error::Cause::{self, *};

pub struct Rule {
    /// Only the rows of the lowest level that is found speak: what is exact silences what is vague.
    pub level: u8,
    pub needles: &'static [&'static str],
    pub causes: &'static [Cause],
}

const fn rule(level: u8, causes: &'static [Cause], needles: &'static [&'static str]) -> Rule {
    Rule {
        level,
        needles,
        causes,
    }
}

/// What "this certificate is not trusted" can mean when the runtime says no more.
pub const UNTRUSTED: &[Cause] = &[RootNotInStore, MissingIntermediate, TlsInspection];
/// The same for runtimes that use one text for every failure.
pub const NOT_VERIFIED: &[Cause] = &[
    RootNotInStore,
    MissingIntermediate,
    TlsInspection,
    SelfSigned,
    ServerCertExpired,
    ServerCertNotYetValid,
    WrongServer,
    UrlByIp,
    WeakKey,
    BadServerChain,
];
const HANDSHAKE: &[Cause] = &[TlsRefused, NoCommonTls, HandshakeCut, HandshakeTimeout];

#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // Proxies: their errors speak of certificates and refusals too.
    rule(0, &[ProxyAuth], &[
        "407 proxy authentication", "proxy authentication required", "connect tunnel failed, response 407",
        "returns HTTP/1.1 407", "returns HTTP/1.0 407", "status code '407'", "tunnel failed, got: 407",
        "received http code 407 from proxy", "ClientHttpProxyError: 407", "proxy server responded 407",
        "ERR_PROXY_AUTH", "statusCode=407", "代理身份验证", "asks for a user and password",
    ]),
    rule(1, &[ProxyRefused], &[
        "connect tunnel failed", "proxy connect aborted", "tunnel connection failed", "unable to tunnel through proxy",
        "unable to connect to proxy", "cannot connect to the proxy",
        "Get https:// & : Forbidden", "Post https:// & : Forbidden", "Get https:// & : Bad Gateway", "Post https:// & : Bad Gateway",
        "proxyconnect tcp", "proxy tunneling failed", "the proxy tunnel request", "tunnel failed, got:",
        "failed reading proxy response", "from proxy after connect", "could not resolve proxy", "couldn't resolve proxy",
        "ClientProxyConnectionError", "ClientHttpProxyError", "ERR_TUNNEL_CONNECTION_FAILED", "ERR_PROXY_CONNECTION_FAILED",
        "ConnectProxyFailed", "proxy.ProxyError", "httpx.ProxyError", "exceptions.ProxyError", "tunneling socket could not be established",
        "proxy server did not respond", "can't complete socks", "curl: (5)", "curl error 5", "curl: (97)", "curl error 97",
    ]),

    rule(1, &[ProxyRefused, ProxyAuth], &["cannot connect to https server through proxy"]),

    // Files that the program names.
    rule(2, &[BundleUnreadable, NoTrustRoots], &["trustAnchors parameter must be non-empty"]),
    rule(2, &[BundleUnreadable], &[
        "error setting certificate file", "error setting certificate verify locations", "curl: (77)", "curl error 77",
        "CURLE_SSL_CACERT_BADFILE", "problem with the SSL CA cert", "could not find a suitable TLS CA certificate bundle",
        "no certificate or crl found", "failed loading cafile stream", "no valid certs found cafile stream", "failed to open cert",
        "ignoring extra certs from", "SSL_CTX_load_verify", "error adding trust anchors from file", "X509_load_cert_crl_file",
        "keystore was tampered with", "keystore password was incorrect", "invalid keystore format", "DerInputStream.getLength",
        "no such file or directory & load_verify_locations", "no such file or directory & rootca", "no such file or directory & cacert",
        "no such file or directory & cafile", "no such file or directory & ca-bundle", "no such file or directory & ca-certificates",
        "FileNotFoundError & rootca", "no such file or directory & ssl.create_default_context",
        "FileNotFoundException & trustStore", "FileNotFoundException & cacerts", "FileNotFoundException & .jks",
        "could not find file & rootca",
    ]),
    rule(2, &[ClientCertificateUnreadable], &[
        "curl: (58)", "curl error 58", "CURLE_SSL_CERTPROBLEM", "problem with the local SSL certificate",
        "problem with the local client certificate", "could not load PEM client certificate", "unable to set private key file",
        "unable to use client certificate", "could not parse PKCS12", "unable to read the key file", "[SSL] PEM lib", "key values mismatch",
        "mac verify failure", "mac verify error", "pkcs12 cipherfinal error", "private key does not match public key",
        "digital envelope routines & unsupported", "unsupported PKCS12 PFX data", "RC2-40-CBC", "specified network password is not correct", "指定的网络密码不正确", "Neither PUB key nor PRIV key",
    ]),

    rule(2, &[ClientCertificateUnreadable, BundleUnreadable], &["no start line", "PEM_NO_START_LINE"]),

    // A pin of a key or an issuer.
    rule(2, &[PinMismatch], &[
        "SSL public key does not match pinned", "public key does not match pinned public key", "CURLE_SSL_PINNEDPUBKEYNOTMATCH",
        "curl: (90)", "curl error 90", "curl: (83)", "curl error 83", "CURLE_SSL_ISSUER_ERROR", "certificate pinning failure",
        "pinned public key", "certificate issuer check (", "issuer check against peer certificate failed", "peer fingerprint doesn't match",
    ]),
    // Revocation.
    rule(2, &[RevocationUnchecked], &[
        "CRYPT_E_NO_REVOCATION_CHECK", "CRYPT_E_REVOCATION_OFFLINE", "0x80092012", "0x80092013", "RevocationStatusUnknown", "OfflineRevocation",
        "revocation function was unable to check", "unable to determine revocation status", "revocation server was offline", "吊销服务器已脱机", "吊销功能无法检查",
        "UnknownRevocationStatus", "curl: (91)", "curl error 91", "CURLE_SSL_INVALIDCERTSTATUS", "no OCSP response received",
        "certificate status verification failed", "unable to get certificate crl", "unable_to_get_crl",
    ]),

    // The issuer.
    rule(2, &[SelfSigned, TlsInspection], &["issued by a certificate that is not a CA", "EndEntityUsedAsCa"]),
    rule(2, &[CaAsServer, SelfSigned], &["CaUsedAsEndEntity", "uses the certificate of a CA as its own"]),
    rule(2, &[FakeRoot, BadChainSignature, RootNotInStore], &["signed by unknown authority & crypto/rsa: verification error", "signed by unknown authority & verification failure"]),
    rule(2, &[BadServerChain, TlsInspection, RootNotInStore], &["signed by unknown authority & insecure algorithm"]),
    rule(2, &[TlsInspection, RootNotInStore], &[
        "self-signed certificate in certificate chain", "self_signed_cert_in_chain", "verify error:num=19", "verify return code: 19",
    ]),
    rule(2, &[SelfSigned, TlsInspection], &[
        "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", "verify error:num=18", "verify return code: 18", "certificate is self-signed",
        "self-signed certificate encountered",
    ]),
    rule(2, &[MissingIntermediate, RootNotInStore, TlsInspection], &[
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate", "verify error:num=21", "verify return code: 21",
        "no certificates could be verified",
    ]),
    rule(2, &[RootNotInStore, MissingIntermediate, TlsInspection, SelfSigned], &[
        "PKIX path building failed", "unable to find valid certification path", "no trusted certificate found", "certificate signed by unknown authority",
        "UnknownIssuer", "certificate is not trusted", "doesn't have a known issuer", "hasn't got a known issuer", "SEC_E_UNTRUSTED_ROOT", "0x80090325",
        "CERT_E_UNTRUSTEDROOT", "0x800B0109", "CERT_E_CHAINING", "0x800B010A", "issued by an authority that is not trusted",
        "terminated in a root certificate which is not trusted", "由不受信任的颁发机构颁发", "不受信任提供程序信任的根证书", "issued by nobody in the trust store",
        "Trust anchor for certification path not found", "ERR_CERT_AUTHORITY_INVALID", "not correctly signed by the trusted CA", "NSURLErrorServerCertificateUntrusted",
    ]),
    // mbedTLS: one text that speaks of everything.
    rule(7, NOT_VERIFIED, &["certificate verification failed, e.g. CRL, CA or signature check failed"]),
    rule(2, UNTRUSTED, &[
        "unable to get local issuer certificate", "UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate", "unable to locally verify the issuer",
        "verify error:num=20", "verify return code: 20", "CERT_UNTRUSTED", "PartialChain", "certificate issuer is unknown", "issuer is not recognized",
        "issuer has been marked as not trusted", "SEC_ERROR_UNKNOWN_ISSUER", "BADCERT_NOT_TRUSTED", "ASN no signer error", "SEC_ERROR_UNTRUSTED_ISSUER",
        "issuer certificate of a locally looked up certificate could not be found",
    ]),
    // Windows and .NET fetch missing issuers, so a missing root is this too.
    rule(2, &[RootNotInStore, TlsInspection, SelfSigned], &["UntrustedRoot"]),
    rule(2, &[NoTrustRoots], &["no trusted root certificate was found", "failed to load system roots", "no root trust anchors", "NoRootAnchors", "no CA certificates were loaded", "ca-certificates is not installed"]),
    rule(2, &[CallbackRefused, RootNotInStore, MissingIntermediate, TlsInspection, SelfSigned, ServerCertExpired, WrongServer], &[
        "rejected by the provided RemoteCertificateValidationCallback", "RemoteCertificateValidationCallback returns false",
        "RemoteCertificateValidationCallback returned false", "远程证书被提供的 RemoteCertificateValidationCallback 拒绝",
    ]),

    // Time. The alerts that also say "expired" are the server's answer to a client certificate.
    rule(2, &[ClientCertificateRefused], &["alert certificate expired", "alert: certificate_expired", "tls: expired certificate", "AlertReceived(CertificateExpired", "alert certificate revoked", "alert: certificate_revoked", "tls: revoked certificate", "AlertReceived(CertificateRevoked"]),
    rule(2, &[ServerCertNotYetValid, ClockWrong], &["certificate has expired or is not yet valid & is before"]),
    rule(2, &[ServerCertExpired, ClockWrong], &["certificate has expired or is not yet valid & is after"]),
    rule(2, &[ServerCertExpired, ClockWrong, ServerCertNotYetValid], &["certificate has expired or is not yet valid", "NotTimeValid", "ERR_CERT_DATE_INVALID", "not within its validity period", "CERT_E_EXPIRED", "0x800B0101", "不在当前系统时钟的有效期", "不在有效期内"]),
    rule(2, &[ServerCertExpired, ClockWrong], &[
        "certificate has expired", "CERT_HAS_EXPIRED", "CertificateExpiredException", "certificate expired", "the received certificate has expired", "SEC_E_CERT_EXPIRED",
        "0x80090328", "SEC_ERROR_EXPIRED_CERTIFICATE", "verify error:num=10", "verify return code: 10", "ExpiredContext", "InvalidCertificate(Expired", "the certificate of & has expired",
        "the certificate of & was valid until",
        "certificate validity has expired", "证书已过期",
    ]),
    rule(2, &[ServerCertNotYetValid, ClockWrong], &[
        "certificate is not yet valid", "CERT_NOT_YET_VALID", "CertificateNotYetValidException", "not yet activated", "not yet been activated", "NotValidYet",
        "certificate not valid yet", "is not valid yet", "verify error:num=9", "verify return code: 9", "the certificate of & is valid from",
    ]),

    // The name.
    rule(2, &[UrlByIp, NoNameInCert], &[
        "IP address mismatch", "matching IP address", "it doesn't contain any IP SANs", "altnames: IP:", "no subject alternative names present", "verify error:num=64", "verify return code: 64",
    ]),
    rule(2, &[NoNameInCert], &["legacy Common Name field", "not valid for any names", "NotValidForNameContext & presented: []", "is for no name at all"]),
    rule(2, &[HostIpMismatch, WrongServer], &["does not serve the name"]),
    rule(2, &[WrongServer, HostIpMismatch, UrlByIp, NoNameInCert], &[
        "no alternative certificate subject name matches", "hostname mismatch", "host name mismatch", "ERR_TLS_CERT_ALTNAME_INVALID", "does not match certificate's altnames", "doesn't match certificate's altnames",
        "certificate is valid for & , not", "no subject alternative DNS name matching", "no name matching", "does not match the server certificate", "doesn't match either of",
        "hostname & doesn't match", "doesn't match any of the subject alternative names", "RemoteCertificateNameMismatch", "subjectAltName did not match", "did not match expected CN",
        "owner does not match hostname", "does not match target host name", "certificate common name", "SEC_E_WRONG_PRINCIPAL", "0x80090322", "CERT_E_CN_NO_MATCH", "0x800B010F",
        "target principal name is incorrect", "目标主要名称不正确", "证书的 CN 名称与传递的值不匹配", "NotValidForName", "certificate not valid for name", "ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN",
        "requested domain name does not match", "not verified: & subjectAltNames", "verify error:num=62", "verify return code: 62", "the certificate of & , not for",
        "certificate is not valid for", "host name did not match any of the valid hosts",
    ]),

    // The chain's other rules.
    rule(2, &[WeakKey, BadServerChain], &["key too weak", "EE_KEY_TOO_SMALL", "ee key too small", "CA_KEY_TOO_SMALL", "verify error:num=66", "verify return code: 66", "verify error:num=67", "verify return code: 67", "conform to algorithm constraints", "algorithm constraints check failed"]),
    rule(2, &[BadServerChain, TlsInspection], &[
        "digest algorithm too weak", "CA_MD_TOO_WEAK", "UnsupportedSignatureAlgorithm", "insecure algorithm", "HasWeakSignature", "verify error:num=68", "verify return code: 68",
        "unsuitable certificate purpose", "INVALID_PURPOSE", "unsupported certificate purpose", "incompatible key usage", "extended key usage does not permit", "NotValidForUsage",
        "InvalidPurpose", "does not allow extended key usage", "invalid CA certificate", "code: INVALID_CA", "verify error:num=24", "verify return code: 24", "verify error:num=26", "verify return code: 26", "path length constraint", "PATH_LENGTH_EXCEEDED",
        "NameConstraint", "name constraints", "permitted subtree violation", "unhandled critical extension", "UnhandledCriticalExtension", "unknown critical extension", "basic constraints check failed",
        "InvalidBasicConstraints", "missing authority key identifier", "missing subject key identifier", "not marked critical", "does not include key usage", "InvalidCertificate(BadEncoding", "CERT_E_WRONG_USAGE", "0x800B0110", "breaks a rule",
    ]),
    rule(2, &[WeakKey, FakeRoot, BadChainSignature], &["InvalidCertificate(BadSignature", "invalid peer certificate: BadSignature", "a signature in the handshake or chain"]),
    rule(2, &[FakeRoot, BadChainSignature], &["certificate signature failure", "CERT_SIGNATURE_FAILURE", "NotSignatureValid", "signature check failed", "verify error:num=7", "verify return code: 7"]),
    rule(2, &[ServerCertRevoked, TlsInspection], &["certificate revoked", "CertificateRevokedException", "InvalidCertificate(Revoked", "errors in the certificate chain: Revoked", "verify error:num=23", "verify return code: 23", "CRYPT_E_REVOKED", "0x80092010"]),

    // The handshake; the alerts are in alerts.rs.
    rule(2, &[ClientCertificateMissing], &["no required SSL certificate was sent", "curl: (98)", "curl error 98", "SSL client certificate required", "wants a client certificate", "reason(1116)", "SEC_I_INCOMPLETE_CREDENTIALS", "0x80090320"]),
    rule(2, &[PlaintextOnTlsPort, ProxyRefused], &["proxy appears to only use HTTP"]),
    rule(3, &[PlaintextOnTlsPort], &[
        "wrong version number", "WRONG_VERSION_NUMBER", "get_server_hello:unknown protocol", "UNKNOWN_PROTOCOL]", "unknown protocol (_ssl", "unrecognized SSL message", "unrecognised SSL message",
        "first record does not look like a TLS handshake", "gave HTTP response to HTTPS client", "unexpected TLS packet was received",
        "cannot determine the frame size or a corrupted frame", "packet length too long", "routines::http request", "HTTP_REQUEST] http request", "InvalidContentType", "received corrupt message",
        "InvalidMessage", "record layer failure", "oversized record received", "read server hello A: unknown protocol", "unexpected packet format", "SSL_ERROR_RX_RECORD_TOO_LONG", "record that exceeded the maximum permissible length",
        "SEC_E_INVALID_TOKEN", "0x80090308", "token supplied to the function is invalid", "does not speak TLS on this port", "plain HTTP request was sent to HTTPS port", "由于意外的数据包格式，握手失败",
    ]),
    rule(3, &[OldTls, NoCommonTls], &[
        "UNSUPPORTED_PROTOCOL]", "routines::unsupported protocol", ":unsupported protocol:", "unsupported protocol (_ssl", "state=error: unsupported protocol", "no protocols available", "wrong ssl version", "server selected unsupported protocol version",
        "legacy sigalg disallowed", "no appropriate protocol", "refuses TLS 1.2 and 1.3", "SSL_ERROR_UNSUPPORTED_VERSION", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "version too low", "no supported versions satisfy", "SSL_ERROR_PROTOCOL_VERSION_ALERT", "PeerIncompatible", "unsafe legacy renegotiation",
    ]),
    rule(3, &[NoCommonTls, ClientCertificateMissing, OldTls], &[
        "found no TLS parameters in common", "no cipher match", "no ciphers available", "no shared cipher", "no cipher suites in common", "curl: (59)", "curl error 59", "dh key too small", "bad ecpoint", "could not generate DH keypair", "unexpected or badly formatted", "接收到的消息异常", "客户端和服务器无法通信",
        "SEC_E_ALGORITHM_MISMATCH", "0x80090331", "do not possess a common algorithm", "SEC_E_ILLEGAL_MESSAGE", "0x80090326", "SSL_ERROR_NO_CYPHER_OVERLAP", "cannot communicate securely with peer: no common", "没有共同的算法",
    ]),
    rule(3, &[HandshakeTimeout], &["handshake operation timed out", "handshake timed out", "TLS handshake timeout", "SSL connection timeout", "SSL handshake timeout", "did not finish the TLS handshake"]),

    // The network. First what can only be the handshake.
    rule(4, &[DnsFailed], &[
        "could not resolve host", "couldn't resolve host", "name or service not known", "temporary failure in name resolution", "nodename nor servname", "no such host",
        "UnknownHostException", "getaddrinfo ENOTFOUND", "code: ENOTFOUND", "errno: ENOTFOUND", "queryA ENOTFOUND", "EAI_AGAIN", "getaddrinfo failed", "UnresolvedAddressException", "unable to resolve host",
        "NameResolutionError", "remote name could not be resolved", "无法解析此远程名称", "未能解析此远程名称", "不知道这样的主机", "failed to lookup address", "php_network_getaddresses", "server misbehaving",
        "curl: (6)", "curl error 6", "CURLE_COULDNT_RESOLVE_HOST", "ERR_NAME_NOT_RESOLVED", "no address associated with hostname", "host name could not be resolved", "socket.gaierror",
    ]),
    rule(4, &[HandshakeCut, ConnectionCut], &["connection reset by peer & SSL_read", "connection was reset & SSL_read"]),
    rule(4, &[HandshakeCut], &[
        "SSL_connect: SSL_ERROR_SYSCALL", "SSL_connect SYSCALL", "SSL_connect: connection reset", "connection reset by peer - SSL_connect", "curl: (35) Recv failure", "curl error 35: Recv failure",
        "unexpected eof while reading", "UNEXPECTED_EOF_WHILE_READING", "EOF occurred in violation of protocol", "remote host terminated the handshake", "remote host closed connection during handshake",
        "SSL peer shut down incorrectly", "disconnected before secure TLS connection", "TLS connection was non-properly terminated", "error in the pull function",
        "unexpected EOF or 0 bytes from the transport stream", "PR_END_OF_FILE_ERROR", "远程方已关闭传输流", "remote party has closed the transport stream", "closed the connection during the TLS handshake", "tls handshake eof",
        "SSL connection could not be established & connection reset", "ssl_error_syscall, errno",
    ]),
    rule(4, &[HandshakeCut, OldTls], &["error occurred on a send", "发送时发生错误", "unknown SSL protocol error"]),
    rule(5, &[ConnectFailed], &[
        "connection refused", "ECONNREFUSED", "no route to host", "network is unreachable", "EHOSTUNREACH", "ENETUNREACH", "connect call failed", "actively refused", "积极拒绝",
        "unable to connect to the remote server", "无法连接到远程服务器", "couldn't connect to server", "could not connect to server", "failed to connect to", "curl: (7)", "curl error 7", "CURLE_COULDNT_CONNECT",
        "no connection to any address", "ConnectException & ClosedChannelException", "ERR_CONNECTION_REFUSED",
    ]),
    rule(5, &[ConnectFailed, HandshakeTimeout], &[
        "connect timed out", "connection timed out", "connection timeout", "ConnectTimeout", "connect ETIMEDOUT", "code: ETIMEDOUT", "Errno::ETIMEDOUT", "i/o timeout", "Net::OpenTimeout", "execution expired", "连接超时", "did not properly respond after a period of time", "没有正确答复",
    ]),
    rule(5, &[HandshakeCut, ConnectionCut], &[
        "connection reset", "ECONNRESET", "connection was reset", "forcibly closed", "强迫关闭", "接收时发生错误", "error occurred on a receive", "read: connection", "/: EOF", "unexpected EOF", "ClientConnectorError & [None]", "write:errno=104",
        "connection was closed unexpectedly", "连接被意外关闭", "software caused connection abort", "outbound has closed",
    ]),
    rule(5, &[ConnectionCut, HandshakeCut, ClientCertificateMissing], &["other side closed", "socket hang up", "session has been invalidated"]),
    rule(5, &[ConnectionCut], &[
        "closed connection without response", "RemoteDisconnected", "server disconnected", "empty reply from server", "curl: (52)", "curl error 52", "transfer closed with", "curl: (18)", "curl error 18", "unexpected end of file from server",
        "response ended prematurely", "connection was closed prematurely", "broken pipe", "write EPIPE", "code: EPIPE", "IncompleteRead", "invalid or unrecognized response", "failed to receive the HTTP response", "header parser received no bytes",
        "peer closed connection", "sending TLS close_notify", "before receiving peer's close_notify", "end of file reached", "(EOFError)",
    ]),
    rule(6, &[AnswerTimeout, HandshakeTimeout, ConnectFailed], &[
        "read timed out", "ReadTimeout", "operation timed out", "operation has timed out", "operation was canceled", "操作超时", "操作已超时", "timeout of", "HttpClient.Timeout", "context deadline exceeded", "TimeoutError", "TimeoutException", "aborted due to timeout",
        "ESOCKETTIMEDOUT", "curl: (28)", "curl error 28", "CURLE_OPERATION_TIMEDOUT", "timeout was reached", "TaskCanceledException", "timed out",
    ]),

    rule(6, &[HandshakeCut, ConnectionCut], &["connection aborted", "ECONNABORTED"]),

    // Vague: one text for every reason.
    rule(7, &[WrongServer, RootNotInStore, MissingIntermediate], &["curl: (51)", "curl error 51", "CURLE_PEER_FAILED_VERIFICATION (51)"]),
    rule(7, &[RootNotInStore, MissingIntermediate, TlsInspection, SelfSigned, ServerCertExpired, ServerCertNotYetValid, WrongServer, UrlByIp, WeakKey, BadServerChain, CallbackRefused], &[
        "remote certificate is invalid", "RemoteCertificateChainErrors", "远程证书无效", "could not establish trust relationship", "建立信任关系", "Mono.Btls & CERTIFICATE_VERIFY_FAILED", "TrustFailure",
    ]),
    rule(7, &[ServerCertExpired, ServerCertNotYetValid, ClockWrong], &["validity check failed", "timestamp check failed"]),
    rule(7, NOT_VERIFIED, &[
        "certificate verify failed", "CERTIFICATE_VERIFY_FAILED", "SSL certificate problem", "curl: (60)", "curl error 60", "CURLE_SSL_CACERT", "CURLE_PEER_FAILED_VERIFICATION", "cannot be authenticated with",
        "SSL peer certificate or SSH remote key was not OK", "the certificate of & is not trusted", "PKIX path validation failed", "ValidatorException", "SSLPeerUnverifiedException", "peer not authenticated", "CertificateException",
        "InvalidCertificate(", "invalid peer certificate", "SSLCertVerificationError", "certificate verification failed", "server certificate verification", "certificate verification error", "x509: ", "NSURLErrorDomain -1202",
    ]),
    rule(8, &[OldTls, NoCommonTls, ClientCertificateMissing, HandshakeCut], &["could not create SSL/TLS secure channel", "未能创建 SSL/TLS 安全通道"]),
    rule(9, HANDSHAKE, &[
        "curl: (35)", "curl error 35", "CURLE_SSL_CONNECT_ERROR", "SSL connect error", "failed to enable crypto", "SSLHandshakeException", "SSL_connect", "SSL handshake failed", "TLS handshake failed", "gnutls_handshake() failed", "SSL handshake aborted", "无法建立 SSL 连接", "NSURLErrorDomain -1200", "handshake failed", "unable to establish SSL connection",
        "ERR_SSL_PROTOCOL_ERROR", "SSLException", "SSL connection could not be established", "write EPROTO", "code: EPROTO", "SSLError", "authentication failed, see inner exception", "the TLS handshake with", "handshake failure",
    ]),
    rule(9, &[ConnectionCut, HandshakeCut], &["curl: (56)", "curl error 56", "Recv failure", "curl: (55)", "curl error 55"]),
    rule(9, &[ConnectionCut, ClientCertificateMissing], &["failed to open stream: HTTP request failed!"]),
];
