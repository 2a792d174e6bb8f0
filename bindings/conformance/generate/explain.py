"""wxpay_explain_text: how each language prints the same failure of a certificate.

The words are what curl, PHP, Python, Node, Go, Ruby, Java and rustls printed when they called local
servers that fail on purpose, those of C# are .NET's documentation, and those of WeChat Pay's guideline
stand as it prints them. What is expected is what the server did: `first` where it is the likeliest
meaning, `among` for whatever else gives the same words.
"""

from case import Cases, Raw, repeat, value

ROOT, INTERMEDIATE, SELF, INSPECTION = "ROOT_NOT_IN_STORE", "MISSING_INTERMEDIATE", "SELF_SIGNED", "TLS_INSPECTION"
UNTRUSTED = f"{ROOT} {INTERMEDIATE}"

CURL = "curl: (60) SSL certificate problem: {}\nMore details here: https://curl.se/docs/sslcerts.html"
PHP = "PHP Fatal error:  Uncaught GuzzleHttp\\Exception\\RequestException: cURL error 60: SSL certificate problem: {} (see https://curl.haxx.se/libcurl/c/libcurl-errors.html)"
PYTHON = "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {} (_ssl.c:992)"
NODE = "Error: {} {{ code: '{}' }}"
GO = 'Get "https://localhost:8443/": tls: failed to verify certificate: x509: {}'
RUBY = "OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 peeraddr=127.0.0.1:8443 state=error: certificate verify failed ({})"
PKIX = ("javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
        "unable to find valid certification path to requested target")
RUSTLS = "rustls: InvalidCertificate({})"
CSHARP = "System.Security.Authentication.AuthenticationException: The remote certificate {}"
LOCAL_ISSUER = "unable to get local issuer certificate"

# id, text, language, status, first id, further ids that must be among them
CASES = [
    # server on G2, only G1 trusted
    ("root-curl", CURL.format(LOCAL_ISSUER), "curl", 310, ROOT, UNTRUSTED),
    ("root-php", PHP.format(LOCAL_ISSUER), "php", 310, ROOT, UNTRUSTED),
    ("root-python", PYTHON.format(LOCAL_ISSUER), "python", 310, ROOT, UNTRUSTED),
    ("root-node", NODE.format(LOCAL_ISSUER, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "node", 310, ROOT, UNTRUSTED),
    ("root-go", GO.format("certificate signed by unknown authority"), "go", 310, ROOT, f"{UNTRUSTED} {SELF} {INSPECTION}"),
    ("root-ruby", RUBY.format(LOCAL_ISSUER), "ruby", 310, ROOT, UNTRUSTED),
    ("root-java", PKIX, "java", 310, ROOT, f"{UNTRUSTED} {SELF} {INSPECTION}"),
    ("root-rustls", RUSTLS.format("UnknownIssuer"), "rust", 310, ROOT, f"{UNTRUSTED} {SELF} {INSPECTION}"),
    # missing intermediate: only Node tells it from the one above
    ("intermediate-node", NODE.format("unable to verify the first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "node", 310, INTERMEDIATE, ""),
    # self-signed leaf
    ("self-signed-curl", CURL.format("self-signed certificate"), "curl", 310, SELF, ""),
    ("self-signed-curl-of-openssl-1", CURL.format("self signed certificate"), "curl", 310, SELF, ""),
    ("self-signed-php", PHP.format("self-signed certificate"), "php", 310, SELF, ""),
    ("self-signed-python", PYTHON.format("self-signed certificate"), "python", 310, SELF, ""),
    ("self-signed-node", NODE.format("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"), "node", 310, SELF, ""),
    ("self-signed-ruby", RUBY.format("self-signed certificate"), "ruby", 310, SELF, ""),
    ("self-signed-ca-rustls", RUSTLS.format("Other(OtherError(CaUsedAsEndEntity))"), "rust", 316, "CA_AS_SERVER", ""),
    # a private root sent: inspection
    ("inspection-curl", CURL.format("self-signed certificate in certificate chain"), "curl", 310, INSPECTION, ""),
    ("inspection-php", PHP.format("self-signed certificate in certificate chain"), "php", 310, INSPECTION, ""),
    ("inspection-python", PYTHON.format("self-signed certificate in certificate chain"), "python", 310, INSPECTION, ""),
    ("inspection-node", NODE.format("self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"), "node", 310, INSPECTION, ""),
    ("inspection-ruby", RUBY.format("self-signed certificate in certificate chain"), "ruby", 310, INSPECTION, ""),
    # expired, not yet valid
    ("expired-curl", CURL.format("certificate has expired"), "curl", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-php", PHP.format("certificate has expired"), "php", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-python", PYTHON.format("certificate has expired"), "python", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-node", NODE.format("certificate has expired", "CERT_HAS_EXPIRED"), "node", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-go", GO.format("certificate has expired or is not yet valid: current time 2026-11-26T20:00:00Z is after 2026-01-01T00:00:00Z"), "go", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-ruby", RUBY.format("certificate has expired"), "ruby", 311, "SERVER_CERT_EXPIRED", ""),
    ("expired-rustls", RUSTLS.format("ExpiredContext { time: UnixTime(1795723200), not_after: UnixTime(1767225600) }"), "rust", 311, "SERVER_CERT_EXPIRED", ""),
    ("not-yet-curl", CURL.format("certificate is not yet valid"), "curl", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    ("not-yet-python", PYTHON.format("certificate is not yet valid"), "python", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    ("not-yet-node", NODE.format("certificate is not yet valid", "CERT_NOT_YET_VALID"), "node", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    ("not-yet-go", GO.format("certificate has expired or is not yet valid: current time 2026-11-26T20:00:00Z is before 2027-01-01T00:00:00Z"), "go", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    ("not-yet-ruby", RUBY.format("certificate is not yet valid"), "ruby", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    ("not-yet-rustls", RUSTLS.format("NotValidYetContext { time: UnixTime(1795723200), not_before: UnixTime(1798761600) }"), "rust", 312, "SERVER_CERT_NOT_YET_VALID", ""),
    # wrong host
    ("host-curl", "curl: (60) SSL: no alternative certificate subject name matches target host name 'localhost'", "curl", 313, "WRONG_SERVER", ""),
    ("host-python", PYTHON.format("Hostname mismatch, certificate is not valid for 'localhost'."), "python", 313, "WRONG_SERVER", ""),
    ("host-node", NODE.format("Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:other.example", "ERR_TLS_CERT_ALTNAME_INVALID"), "node", 313, "WRONG_SERVER", ""),
    ("host-go", GO.format("certificate is valid for other.example, not localhost"), "go", 313, "WRONG_SERVER", ""),
    ("host-ruby", 'OpenSSL::SSL::SSLError: hostname "localhost" does not match the server certificate', "ruby", 313, "WRONG_SERVER", ""),
    ("host-java", "javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching localhost found.", "java", 313, "WRONG_SERVER", ""),
    ("host-rustls", RUSTLS.format('NotValidForNameContext { expected: DnsName("localhost"), presented: ["DnsName(\\"other.example\\")"] }'), "rust", 313, "WRONG_SERVER", ""),
    # a common name and no subjectAltName: the other languages accept it
    ("no-name-go", GO.format("certificate relies on legacy Common Name field, use SANs instead"), "go", 313, "NO_NAME_IN_CERT", ""),
    ("no-name-rustls", 'rustls: invalid peer certificate: certificate not valid for name "localhost"; certificate is not valid for any names', "rust", 313, "NO_NAME_IN_CERT", ""),
    # C#
    ("callback-csharp", CSHARP.format("was rejected by the provided RemoteCertificateValidationCallback."), "csharp", 310, "CALLBACK_REFUSED", ROOT),
    ("partial-chain-csharp", CSHARP.format("is invalid because of errors in the certificate chain: PartialChain"), "csharp", 310, ROOT, UNTRUSTED),
    ("untrusted-root-csharp", CSHARP.format("is invalid because of errors in the certificate chain: UntrustedRoot"), "csharp", 310, None, ROOT),
    ("host-csharp", CSHARP.format("is invalid according to the validation procedure: RemoteCertificateNameMismatch"), "csharp", 313, "WRONG_SERVER", ""),
    # WeChat Pay's guideline: all are its server on G2 with an old root pinned
    ("guideline-java", "javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
     "unable to find valid certification path to requested target", "java", 310, ROOT, ""),
    ("guideline-curl", "cURL error 60: SSL certificate: unable to get local issuer certificate. \nCURLE_SSL_CACERT (60)  peer certificate cannot be authenticated with known CA certificates.",
     None, 310, ROOT, ""),
    ("guideline-csharp", "The callback function set by RemoteCertificateValidationCallback returns false", "csharp", 310, "CALLBACK_REFUSED", ROOT),
    ("guideline-python", "SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:581)", "python", 310, ROOT, ""),
    ("guideline-go", "x509: certificate signed by unknown authority .", "go", 310, ROOT, ""),
    ("guideline-ruby", "SSL_connect returned=1 errno=0 state=SSLv3 read server certificate B: certificate verify failed", "ruby", 310, ROOT, ""),
    ("guideline-node", "Caught exception: Error: CERT_UNTRUSTED", "node", 310, ROOT, ""),
]


def cases():
    c = Cases("explain")
    for identity, text, language, status, first, among in CASES:
        want = {"report_status": status}
        if language:
            want["language"] = language
        if first:
            want["first"] = first
        if among:
            want["among"] = among
        c.add(identity, "explain_text", {"text": value(text)}, want)
    unknown = {"report_status": 0, "ids": "UNKNOWN_TEXT", "language": None}
    for identity, text in {"nothing": "", "other-words": "order paid", "chinese": "订单已支付", "not-utf-8": b"\xff\xfe", "nul": b"\0"}.items():
        c.add(f"unknown-{identity}", "explain_text", {"text": value(text)}, unknown)
    c.add("unknown-1-MiB", "explain_text", {"text": repeat("a", 1024 * 1024)}, unknown)
    c.add("known-in-bytes-that-are-not-utf-8", "explain_text", {"text": Raw(hex=(b"\xb4\xed\xce\xf3: " + CURL.format(LOCAL_ISSUER).encode()).hex())},
          {"report_status": 310, "first": ROOT, "language": "curl"})
    return c
