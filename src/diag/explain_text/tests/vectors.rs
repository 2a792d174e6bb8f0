//! The guideline's texts, those of trust.md §4.1 and §4.2, and what older and newer versions, curl's
//! numbers, Windows and Java print. A vector is one text as a person pastes it.

use super::{explained, ids};
use crate::error::Cause::{self, *};

/// Text, language, status, and the ids that must come, in this order, at the beginning.
type Vector = (&'static str, Option<&'static str>, i64, &'static [Cause]);

fn check(vectors: &[Vector]) {
    for (text, language, status, causes) in vectors {
        let report = explained(text);
        let found = ids(&report);
        let wanted: Vec<&str> = causes.iter().map(|cause| cause.name()).collect();
        assert!(
            found.len() >= wanted.len() && found[..wanted.len()] == wanted[..],
            "{text}: {found:?}, not {wanted:?}"
        );
        assert_eq!(report["language"].as_str(), *language, "{text}");
        assert_eq!(report["status"], *status, "{text}");
    }
}

/// The guideline's "Common … Errors", as printed there.
#[test]
#[rustfmt::skip]
fn the_guidelines_errors_are_about_a_root_that_is_missing() {
    const GUIDELINE: &[Vector] = &[
        ("javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
            Some("java"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        // C++ and PHP.
        ("cURL error 60: SSL certificate: unable to get local issuer certificate. \nCURLE_SSL_CACERT (60)  peer certificate cannot be authenticated with known CA certificates.",
            Some("curl"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("CURLE_SSL_CACERT (60)  peer certificate cannot be authenticated with known CA certificates.",
            Some("curl"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("The callback function set by RemoteCertificateValidationCallback returns false",
            Some("csharp"), 310, &[CallbackRefused, RootNotInStore]),
        ("SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:581)",
            Some("python"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("x509: certificate signed by unknown authority .",
            Some("go"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("SSL_connect returned=1 errno=0 state=SSLv3 read server certificate B: certificate verify failed",
            Some("ruby"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("Caught exception: Error: CERT_UNTRUSTED",
            Some("node"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
    ];
    check(GUIDELINE);
    // Solution 1 stands first: what to delete, in the words of the guideline.
    for ((text, ..), delete) in GUIDELINE.iter().zip([
        "trustStore", "CURLOPT_CAINFO", "CURLOPT_CAINFO", "RemoteCertificateValidationCallback", "verify=", "RootCAs", "ssl_ca_file", "ca",
    ]) {
        let report = explained(text);
        let rows = report["diagnosis"].as_array().unwrap();
        let root = rows.iter().find(|row| row["id"] == "ROOT_NOT_IN_STORE").unwrap();
        let cure = root["cure"].as_str().unwrap();
        assert!(cure.starts_with("Delete ") && cure.contains(delete), "{text}: {cure}");
    }
}

#[test]
#[rustfmt::skip]
fn a_failure_has_the_same_cause_in_every_language() {
    check(&[
        // The server is on G2, and only G1 is trusted.
        ("curl: (60) SSL certificate problem: unable to get local issuer certificate", Some("curl"), 310, &[RootNotInStore, MissingIntermediate, TlsInspection]),
        ("Error: unable to get local issuer certificate\n  code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'", Some("node"), 310, &[RootNotInStore, MissingIntermediate]),
        ("SSL_connect returned=1 errno=0 state=error: certificate verify failed (unable to get local issuer certificate)", Some("ruby"), 310, &[RootNotInStore]),
        ("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1129)", Some("python"), 310, &[RootNotInStore]),
        ("InvalidCertificate(UnknownIssuer)", Some("rust"), 310, &[RootNotInStore]),
        ("invalid peer certificate: UnknownIssuer", Some("rust"), 310, &[RootNotInStore]),
        ("System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: PartialChain", Some("csharp"), 310, &[RootNotInStore, MissingIntermediate]),
        ("schannel: next InitializeSecurityContext failed: SEC_E_UNTRUSTED_ROOT (0x80090325) - The certificate chain was issued by an authority that is not trusted.", Some("curl"), 310, &[RootNotInStore]),
        ("curl: (35) schannel: next InitializeSecurityContext failed: Unknown error (0x80092012) - The revocation function was unable to check revocation for the certificate.", Some("curl"), 316, &[RevocationUnchecked]),
        ("x509: “api.mch.weixin.qq.com” certificate is not trusted", Some("go"), 310, &[RootNotInStore]),
        ("Peer's Certificate issuer is not recognized.", None, 310, &[RootNotInStore]),
        ("boost: handshake: certificate verify failed (SSL routines, tls_process_server_certificate)", None, 310, &[RootNotInStore]),
        // An intermediate is missing.
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", Some("node"), 310, &[MissingIntermediate, RootNotInStore]),
        ("verify error:num=20:unable to get local issuer certificate\nverify error:num=21:unable to verify the first certificate", Some("openssl"), 310, &[MissingIntermediate]),
        // Self-signed, inspection.
        ("curl: (60) SSL certificate problem: self signed certificate", Some("curl"), 310, &[SelfSigned]),
        ("DEPTH_ZERO_SELF_SIGNED_CERT", Some("node"), 310, &[SelfSigned]),
        ("Other(CaUsedAsEndEntity)", None, 316, &[CaAsServer]),
        ("curl: (60) SSL certificate problem: self signed certificate in certificate chain", Some("curl"), 310, &[TlsInspection]),
        ("SELF_SIGNED_CERT_IN_CHAIN", Some("node"), 310, &[TlsInspection]),
        // Time.
        ("curl: (60) SSL certificate problem: certificate has expired", Some("curl"), 311, &[ServerCertExpired, ClockWrong]),
        ("CERT_HAS_EXPIRED", Some("node"), 311, &[ServerCertExpired]),
        ("java.security.cert.CertificateExpiredException: NotAfter: Fri Jan 01 00:00:00 UTC 2021", Some("java"), 311, &[ServerCertExpired]),
        ("x509: certificate has expired or is not yet valid: current time 2026-11-26T21:00:03Z is after 2021-01-01T00:00:00Z", Some("go"), 311, &[ServerCertExpired]),
        ("x509: certificate has expired or is not yet valid: current time 2015-01-01T00:00:00Z is before 2024-09-20T00:00:00Z", Some("go"), 312, &[ClockWrong, ServerCertNotYetValid]),
        ("x509: certificate has expired or is not yet valid", Some("go"), 311, &[ServerCertExpired]),
        ("CERT_NOT_YET_VALID", Some("node"), 312, &[ServerCertNotYetValid, ClockWrong]),
        ("invalid peer certificate: certificate expired: verification time 1795726803 (UNIX), but certificate is not valid after 1609459200 (5 seconds ago)", Some("rust"), 311, &[ServerCertExpired]),
        ("InvalidCertificate(ExpiredContext { time: UnixTime(1), not_after: UnixTime(0) })", Some("rust"), 311, &[ServerCertExpired]),
        ("InvalidCertificate(NotValidYetContext { time: UnixTime(1), not_before: UnixTime(2) })", Some("rust"), 312, &[ServerCertNotYetValid]),
        // Names.
        ("curl: (60) SSL: no alternative certificate subject name matches target host name 'api.mch.weixin.qq.com'", Some("curl"), 313, &[WrongServer, HostIpMismatch]),
        ("curl: (60) SSL: no alternative certificate subject name matches target host name '43.142.224.50'", Some("curl"), 313, &[UrlByIp]),
        ("x509: certificate is valid for *.mch.weixin.qq.com, apihk.mch.weixin.qq.com, not api.mch.weixin.qq.com", Some("go"), 313, &[HostIpMismatch, WrongServer]),
        ("x509: certificate is valid for portal.example, not api.mch.weixin.qq.com", Some("go"), 313, &[WrongServer]),
        ("x509: certificate relies on legacy Common Name field, use SANs instead", Some("go"), 313, &[NoNameInCert]),
        ("hostname \"api.mch.weixin.qq.com\" does not match the server certificate", Some("ruby"), 313, &[WrongServer]),
        ("java.security.cert.CertificateException: No subject alternative DNS name matching api.mch.weixin.qq.com found.", Some("java"), 313, &[WrongServer]),
        ("java.security.cert.CertificateException: No subject alternative names present", Some("java"), 313, &[UrlByIp]),
        ("certificate not valid for name \"api.mch.weixin.qq.com\"; certificate is not valid for any names (according to its subjectAltName extension)", None, 313, &[NoNameInCert]),
        ("The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch", Some("csharp"), 313, &[WrongServer]),
        ("curl: (51) SSL: no alternative certificate subject name matches target host name 'api.mch.weixin.qq.com'", Some("curl"), 313, &[WrongServer]),
    ]);
}

#[test]
#[rustfmt::skip]
fn the_handshake_and_the_way_there_are_told_apart() {
    check(&[
        ("javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure", Some("java"), 314, &[NoCommonTls, ClientCertificateMissing]),
        ("javax.net.ssl.SSLProtocolException: handshake alert: unrecognized_name", Some("java"), 313, &[HostIpMismatch]),
        ("javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake", Some("java"), 314, &[HandshakeCut]),
        ("javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)", Some("java"), 314, &[OldTls]),
        ("java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty", Some("java"), 118, &[BundleUnreadable, NoTrustRoots]),
        ("tls: first record does not look like a TLS handshake", Some("go"), 314, &[PlaintextOnTlsPort]),
        ("remote error: tls: handshake failure", Some("go"), 314, &[NoCommonTls]),
        ("tls: handshake failure", Some("go"), 314, &[NoCommonTls]),
        ("net/http: TLS handshake timeout", Some("go"), 302, &[HandshakeTimeout]),
        ("received fatal alert: ProtocolVersion", Some("java"), 314, &[OldTls]),
        ("AlertReceived(ProtocolVersion)", Some("rust"), 314, &[OldTls]),
        ("AlertReceived(HandshakeFailure)", Some("rust"), 314, &[NoCommonTls]),
        ("AlertReceived(CertificateRequired)", Some("rust"), 317, &[ClientCertificateMissing]),
        ("AlertReceived(UnknownCA)", Some("rust"), 317, &[ClientCertificateRefused]),
        ("AlertReceived(UnsupportedCertificate)", Some("rust"), 317, &[ClientCertificateRefused]),
        ("AlertReceived(BadCertificate)", Some("rust"), 317, &[ClientCertificateRefused]),
        ("AlertReceived(CertificateUnknown)", Some("rust"), 317, &[ClientCertificateRefused]),
        ("AlertReceived(UnrecognisedName)", Some("rust"), 313, &[HostIpMismatch]),
        ("InvalidMessage(InvalidContentType)", Some("rust"), 314, &[PlaintextOnTlsPort]),
        ("InvalidCertificate(BadSignature)", Some("rust"), 316, &[WeakKey, FakeRoot]),
        ("InvalidCertificate(Revoked)", Some("rust"), 316, &[ServerCertRevoked]),
        ("InvalidCertificate(UnknownRevocationStatus)", Some("rust"), 316, &[RevocationUnchecked]),
        ("InvalidCertificate(InvalidPurposeContext { .. })", Some("rust"), 316, &[BadServerChain]),
        ("InvalidCertificate(UnhandledCriticalExtension)", Some("rust"), 316, &[BadServerChain]),
        ("Other(NameConstraintViolation)", None, 316, &[BadServerChain]),
        ("InvalidCertificate(UnsupportedSignatureAlgorithmContext { .. })", Some("rust"), 316, &[BadServerChain]),
        ("DecryptError", None, 314, &[TlsRefused]),
        ("The request was aborted: Could not create SSL/TLS secure channel.", Some("csharp"), 314, &[OldTls]),
        ("请求被中止: 未能创建 SSL/TLS 安全通道。", Some("csharp"), 314, &[OldTls]),
        ("基础连接已经关闭: 未能为 SSL/TLS 安全通道建立信任关系。", Some("csharp"), 310, &[RootNotInStore]),
        ("根据验证过程，远程证书无效。", Some("csharp"), 310, &[RootNotInStore]),
        ("curl: (5) Could not resolve proxy: proxy.internal", Some("curl"), 306, &[ProxyRefused]),
        ("curl: (6) Could not resolve host: api.mch.weixin.qq.com", Some("curl"), 300, &[DnsFailed]),
        ("cURL error 6: Couldn't resolve host", Some("curl"), 300, &[DnsFailed]),
        ("curl: (7) Failed to connect to api.mch.weixin.qq.com port 443", Some("curl"), 301, &[ConnectFailed]),
        ("cURL error 28: Operation timed out after 30001 milliseconds with 0 bytes received", Some("curl"), 302, &[AnswerTimeout]),
        ("cURL error 28: SSL connection timeout", Some("curl"), 302, &[HandshakeTimeout]),
        ("curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number", Some("curl"), 314, &[PlaintextOnTlsPort]),
        ("curl: (35) SSL connect error", Some("curl"), 314, &[TlsRefused, NoCommonTls]),
        ("cURL error 58: unable to set private key file: 'apiclient_key.pem' type PEM", Some("curl"), 111, &[ClientCertificateUnreadable]),
        ("curl: (58) could not load PEM client certificate, OpenSSL error error:02001002", Some("curl"), 111, &[ClientCertificateUnreadable]),
        ("curl: (60) ", Some("curl"), 310, &[RootNotInStore]),
        ("curl: (77) error setting certificate verify locations:  CAfile: ./rootca.pem CApath: none", Some("curl"), 118, &[BundleUnreadable]),
        ("curl: (83) ", Some("curl"), 310, &[PinMismatch]),
        ("curl: (90) SSL: public key does not match pinned public key!", Some("curl"), 310, &[PinMismatch]),
        ("curl: (91) No OCSP response received", Some("curl"), 316, &[RevocationUnchecked]),
        ("curl: (52) Empty reply from server", Some("curl"), 303, &[ConnectionCut]),
        ("PHP Warning:  file_get_contents(): SSL: Handshake timed out in pay.php on line 3", Some("php"), 302, &[HandshakeTimeout]),
        ("ConnectProxyFailed(\"proxy server responded 407/407\")", None, 309, &[ProxyAuth]),
        ("ssl.SSLError: [SSL] PEM lib (_ssl.c:3917)", Some("python"), 111, &[ClientCertificateUnreadable]),
        ("<center>No required SSL certificate was sent</center>", None, 317, &[ClientCertificateMissing]),
    ]);
}

/// Older and newer versions than those that were run, and libraries that were not.
#[test]
#[rustfmt::skip]
fn other_versions_and_libraries_are_known_too() {
    check(&[
        ("java.security.cert.CertPathValidatorException: timestamp check failed", Some("java"), 311, &[ServerCertExpired]),
        ("javax.net.ssl.SSLPeerUnverifiedException: Certificate for <api.mch.weixin.qq.com> doesn't match any of the subject alternative names: [*.qq.example]", Some("java"), 313, &[WrongServer]),
        ("javax.net.ssl.SSLPeerUnverifiedException: Hostname api.mch.weixin.qq.com not verified:\n    certificate: sha256/AA=\n    DN: CN=*.tenpay.com\n    subjectAltNames: [*.tenpay.com]", Some("java"), 313, &[HostIpMismatch]),
        ("javax.net.ssl.SSLException: java.lang.RuntimeException: Could not generate DH keypair", Some("java"), 314, &[NoCommonTls]),
        ("javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.", Some("java"), 310, &[RootNotInStore]),
        ("java.net.ConnectException: Connection timed out: connect", Some("java"), 302, &[ConnectFailed]),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Missing Authority Key Identifier (_ssl.c:1020)", Some("python"), 316, &[BadServerChain, TlsInspection]),
        ("[SSL: DH_KEY_TOO_SMALL] dh key too small (_ssl.c:727)", Some("python"), 314, &[NoCommonTls]),
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1000)", Some("python"), 314, &[OldTls]),
        ("tls: failed to verify certificate: x509: certificate signed by unknown authority", Some("go"), 310, &[RootNotInStore]),
        ("tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"DigiCert Global Root G2\")", Some("go"), 316, &[FakeRoot]),
        ("x509: certificate is not valid for any names, but wanted to match api.mch.weixin.qq.com", Some("go"), 313, &[NoNameInCert]),
        ("x509: failed to load system roots and no roots provided", Some("go"), 315, &[NoTrustRoots]),
        ("tls: oversized record received with length 20527", None, 314, &[PlaintextOnTlsPort]),
        ("SSL_connect returned=1 errno=0 state=SSLv2/v3 read server hello A: unknown protocol", Some("ruby"), 314, &[PlaintextOnTlsPort]),
        ("SSL_connect SYSCALL returned=5 errno=0 state=SSLv2/v3 read server hello A", Some("ruby"), 314, &[HandshakeCut]),
        ("Faraday::ConnectionFailed: execution expired", Some("ruby"), 302, &[ConnectFailed]),
        ("Error: Hostname/IP doesn't match certificate's altnames", None, 313, &[WrongServer]),
        ("Error: error:0308010C:digital envelope routines::unsupported", None, 111, &[ClientCertificateUnreadable]),
        ("Error: mac verify failure", None, 111, &[ClientCertificateUnreadable]),
        ("curl: (35) gnutls_handshake() failed: Handshake failed", Some("curl"), 314, &[TlsRefused]),
        ("curl: (35) Unknown SSL protocol error in connection to api.mch.weixin.qq.com:443", Some("curl"), 314, &[HandshakeCut, OldTls]),
        ("curl: (60) Peer's certificate issuer has been marked as not trusted by the user.", Some("curl"), 310, &[RootNotInStore]),
        ("curl: (60) server certificate verification failed. CAfile: ./rootca.pem CRLfile: none", Some("curl"), 310, &[RootNotInStore]),
        ("* NSS error -12190 (SSL_ERROR_PROTOCOL_VERSION_ALERT)", None, 314, &[OldTls]),
        ("X509 - Certificate verification failed, e.g. CRL, CA or signature check failed", None, 310, &[RootNotInStore]),
        ("Authentication failed because the remote party sent a TLS alert: 'ProtocolVersion'.", None, 314, &[OldTls]),
        ("远程证书无效，因为证书链中有错误: PartialChain", Some("csharp"), 310, &[RootNotInStore]),
        ("由于意外的数据包格式，握手失败。", None, 314, &[PlaintextOnTlsPort]),
        ("The remote certificate is invalid because of errors in the certificate chain: RevocationStatusUnknown, OfflineRevocation", Some("csharp"), 316, &[RevocationUnchecked]),
        ("SEC_E_ALGORITHM_MISMATCH (0x80090331)", None, 314, &[NoCommonTls]),
    ]);
}

/// The sentences of this library's errors, without their names and ids.
#[test]
#[rustfmt::skip]
fn our_own_sentences_are_known_without_their_ids() {
    check(&[
        ("The certificate that 1.2.3.4:443 sent for api.mch.weixin.qq.com was issued by nobody in the trust store.", None, 310, &[RootNotInStore]),
        ("The certificate that 1.2.3.4:443 sent for api.mch.weixin.qq.com was issued by a certificate that is not a CA.", None, 310, &[SelfSigned]),
        ("The certificate of 1.2.3.4:443 was valid until 2021-01-01T00:00:00Z; this machine's clock says 2026-11-26T21:00:00Z.", None, 311, &[ServerCertExpired]),
        ("The certificate of 1.2.3.4:443 is valid from 2045-01-01T00:00:00Z on; this machine's clock says 2026-11-26T21:00:00Z.", None, 312, &[ServerCertNotYetValid]),
        ("The certificate of 1.2.3.4:443 is for other.example, not for api.mch.weixin.qq.com.", None, 313, &[WrongServer]),
        ("1.2.3.4:443 does not serve the name api.mch.weixin.qq.com.", None, 313, &[HostIpMismatch]),
        ("A signature in the handshake or chain of 1.2.3.4:443 is wrong.", None, 316, &[WeakKey]),
        ("1.2.3.4:443 uses the certificate of a CA as its own.", None, 316, &[CaAsServer]),
        ("1.2.3.4:443 refuses TLS 1.2 and 1.3; it may speak only TLS 1.1 or older.", None, 314, &[OldTls]),
        ("1.2.3.4:443 found no TLS parameters in common (handshake_failure).", None, 314, &[NoCommonTls]),
        ("1.2.3.4:443 does not speak TLS on this port.", None, 314, &[PlaintextOnTlsPort]),
        ("1.2.3.4:443 wants a client certificate, or refused the one it got (CertificateRequired).", None, 317, &[ClientCertificateMissing]),
        ("1.2.3.4:443 closed the connection during the TLS handshake (end of file).", None, 314, &[HandshakeCut]),
        ("1.2.3.4:443 did not finish the TLS handshake in time.", None, 302, &[HandshakeTimeout]),
        ("No trusted root certificate was found. Looked at: /etc/ssl/certs.", None, 315, &[NoTrustRoots]),
    ]);
}
