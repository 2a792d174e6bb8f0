//! The runtimes: how their errors look, and how in each a pin is removed, the store that it really
//! uses is updated, a client certificate is given and TLS 1.2 is switched on. The pins are those of
//! WeChat Pay's server certificate guideline, its solution 1 first.

pub struct Runtime {
    /// As in the report.
    pub name: &'static str,
    /// Any of these; matched as the rules are.
    pub marks: &'static [&'static str],
    /// Guideline, solution 1: what to delete. A sentence.
    pub unpin: &'static str,
    /// Solution 2 without a pin: which store decides then, and how it is updated. A sentence.
    pub update: &'static str,
    /// How a client certificate is given.
    pub client: &'static str,
    /// What an old version of it needs for TLS 1.2.
    pub tls: &'static str,
}

const SYSTEM: &str = "The system's store decides then: update the package ca-certificates (`apt-get install --only-upgrade ca-certificates`; `yum update ca-certificates`).";
const WINDOWS: &str = "certutil -generateSSTFromWU roots.sst, then Import-Certificate -FilePath roots.sst -CertStoreLocation Cert:\\LocalMachine\\Root";
const OPENSSL_TLS: &str = "OpenSSL 1.0.1 or newer is needed.";

/// The first whose mark is found: what names a language stands before what names a library that
/// several languages use.
#[rustfmt::skip]
pub const RUNTIMES: &[Runtime] = &[
    Runtime {
        name: "java",
        marks: &["javax.net.ssl", "sun.security", "java.net.", "java.io.", "java.nio", "java.security", "java.util", "java.lang", "PKIX path", "CertPathValidatorException", "SSLPeerUnverifiedException", "SSLHandshakeException", "CertificateExpiredException", "CertificateNotYetValidException", "org.apache.http", "okhttp3", "nested exception is", "received fatal alert:", ".java:", "trustAnchors parameter", "No subject alternative", "Trust anchor for certification path"],
        unpin: "Delete the code or option that sets javax.net.ssl.trustStore (look for trustStore, TrustManager, -Djavax.net.ssl.trustStore).",
        update: "Java then uses the cacerts file of its own JRE, not the system's store: update the JRE, or add the root with `keytool -importcert -cacerts -storepass changeit -noprompt -alias digicertglobalrootg2 -file DigiCertGlobalRootG2.crt`.",
        client: "Load apiclient_cert.p12 (password: the merchant number) into a KeyStore and pass its KeyManager to the SSLContext; leave the TrustManager null.",
        tls: "Java 8 or newer has TLS 1.2 on; Java 7 needs -Dhttps.protocols=TLSv1.2.",
    },
    Runtime {
        name: "csharp",
        marks: &["System.Net.", "System.Security.Authentication", "AuthenticationException", "HttpRequestException", "RemoteCertificateValidationCallback", "RemoteCertificateNameMismatch", "RemoteCertificateChainErrors", "WebException", "Mono.Btls", "System.IO.IOException", "Win32Exception", "HttpClient.Timeout", "System.TimeoutException", "System.Threading", "remote certificate is invalid", "远程证书无效", "无法建立 SSL 连接", "SSL/TLS 安全通道", "SSL/TLS secure channel", "基础连接已经关闭", "underlying connection was closed"],
        unpin: "Delete the RemoteCertificateValidationCallback or ServerCertificateCustomValidationCallback (never let it return true for everything).",
        update: "The system's store decides then. Linux: update ca-certificates; Mono keeps a store of its own (`cert-sync /etc/ssl/certs/ca-certificates.crt`). Windows: install the root (certutil -generateSSTFromWU roots.sst, then Import-Certificate -FilePath roots.sst -CertStoreLocation Cert:\\LocalMachine\\Root).",
        client: "Add the X509Certificate2 of apiclient_cert.p12 (password: the merchant number) to HttpClientHandler.ClientCertificates.",
        tls: ".NET Framework 4.7 or newer leaves the version to the system; older ones need ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12.",
    },
    Runtime {
        name: "python",
        marks: &["_ssl.c", "[SSL: ", "[SSL] ", "[X509: ", "urlopen error", "requests.exceptions", "urllib3", "Traceback (most recent call last)", "HTTPSConnectionPool", "aiohttp", "httpx.", "httpcore", "SSLCertVerificationError", "suitable TLS CA certificate bundle", "ssl.SSL", "socket.gaierror", "FileNotFoundError", "load_verify_locations(ca"],
        unpin: "Delete verify=\"./rootca.pem\" (or cafile=, load_verify_locations) and unset REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and SSL_CERT_FILE; never verify=False.",
        update: "requests then uses the package certifi, not the system's store: `pip install --upgrade certifi`. urllib, aiohttp and an ssl.create_default_context() use OpenSSL's store: update ca-certificates.",
        client: "Pass cert=(\"apiclient_cert.pem\", \"apiclient_key.pem\") to requests, or load_cert_chain to the context.",
        tls: "Python 2.7.9 or 3.4 with OpenSSL 1.0.1 or newer is needed.",
    },
    Runtime {
        name: "ruby",
        marks: &["OpenSSL::SSL", "SSL_connect returned=", "SSL_connect SYSCALL returned=", "Errno::E", "Net::OpenTimeout", "Net::ReadTimeout", "Net::HTTP", ".rb:", "Faraday::", "RestClient", "does not match the server certificate"],
        unpin: "Delete ssl_ca_file / ca_file / cert_store (add_file, add_path) and keep verify_mode = OpenSSL::SSL::VERIFY_PEER.",
        update: "Ruby then uses the store of its OpenSSL (OpenSSL::X509::DEFAULT_CERT_FILE), on Linux the system's: update ca-certificates.",
        client: "Set cert and key (ssl_client_cert, ssl_client_key) to apiclient_cert.pem and apiclient_key.pem.",
        tls: OPENSSL_TLS,
    },
    Runtime {
        name: "node",
        marks: &["ERR_TLS_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_UNTRUSTED", "code: 'UNSPECIFIED'", "code: 'INVALID_PURPOSE'", "code: 'ENOENT'", "ENOENT: no such file", "ECONNRESET", "ECONNREFUSED", "getaddrinfo E", "EAI_AGAIN", "connect ETIMEDOUT", "code: ETIMEDOUT", "write EPROTO", "code: EPROTO", "node:internal", "_tls_wrap", "fetch failed", "AxiosError", "code: 'UND_ERR", "code: ERR_SSL_", "[TimeoutError]", "socket hang up", "Error: timeout of", "ESOCKETTIMEDOUT"],
        unpin: "Delete ca (ca: fs.readFileSync('./rootca.pem')) from the request's or agent's options, and NODE_EXTRA_CA_CERTS if it names that file; never rejectUnauthorized: false.",
        update: "Node then uses the list built into Node, not the system's store: update Node, or start it with --use-system-ca (22.19, 23.9 or newer) or --use-openssl-ca.",
        client: "Set pfx (apiclient_cert.p12, passphrase: the merchant number) or cert and key in the options.",
        tls: "Node 12 or newer has TLS 1.2 as its lowest version.",
    },
    Runtime {
        name: "php",
        marks: &["PHP Warning", "PHP Fatal", "GuzzleHttp", "file_get_contents(", "stream_socket_client(", "fsockopen(", "curl_exec", ".php", "SoapFault", "failed to enable crypto", "libcurl/c/libcurl-errors.html", "php_network_getaddresses"],
        unpin: "Delete curl_setopt($ch, CURLOPT_CAINFO, './rootca.pem') (also CAPATH; Guzzle 'verify'; stream 'cafile'); never CURLOPT_SSL_VERIFYPEER false. Look at curl.cainfo and openssl.cafile in php.ini: they pin for every script.",
        update: SYSTEM,
        client: "Set CURLOPT_SSLCERT and CURLOPT_SSLKEY to apiclient_cert.pem and apiclient_key.pem.",
        tls: "PHP 5.6 with curl 7.34 and OpenSSL 1.0.1 or newer is needed.",
    },
    Runtime {
        name: "go",
        marks: &["x509: ", "remote error: tls:", "tls: handshake failure", "tls: first record", "dial tcp", "proxyconnect tcp", "Get \"https://", "Post \"https://", "net/http: ", "http: server gave HTTP response", "context deadline exceeded"],
        unpin: "Delete RootCAs from the tls.Config; never InsecureSkipVerify.",
        update: "Go then uses the system's store (SSL_CERT_FILE and SSL_CERT_DIR replace it): update ca-certificates; an image built from scratch needs /etc/ssl/certs/ca-certificates.crt copied in.",
        client: "Set Certificates in the tls.Config (tls.LoadX509KeyPair(\"apiclient_cert.pem\", \"apiclient_key.pem\")).",
        tls: "Any Go since 1.3 has TLS 1.2; look at MinVersion and MaxVersion.",
    },
    Runtime {
        name: "cpp",
        marks: &["curl_easy_perform", ".cpp", "boost::", "QSslSocket", "QSslError", "locally looked up certificate"],
        unpin: "Delete curl_easy_setopt(curl, CURLOPT_CAINFO, \"./rootca.pem\") (also CAPATH, SSL_CTX_load_verify_locations).",
        update: SYSTEM,
        client: "Set CURLOPT_SSLCERT and CURLOPT_SSLKEY to apiclient_cert.pem and apiclient_key.pem.",
        tls: OPENSSL_TLS,
    },
    Runtime {
        name: "rust",
        marks: &["rustls", "InvalidCertificate(", "invalid peer certificate", "AlertReceived(", "InvalidMessage(", "reqwest"],
        unpin: "Delete the root store that the program builds itself (add_root_certificate, webpki-roots).",
        update: "With rustls-native-certs the system's store decides: update ca-certificates.",
        client: "Give the client certificate to with_client_auth_cert.",
        tls: "rustls has TLS 1.2 and 1.3 only.",
    },
    Runtime {
        name: "wget",
        marks: &["wget: ", "GnuTLS: ", "Loaded CA certificate", "... failed: Connection refused.", "--no-check-certificate", "ERROR: cannot verify", "unable to establish SSL connection", "ERROR: The certificate of", "owner does not match hostname", "Proxy tunneling failed"],
        unpin: "Delete --ca-certificate, --ca-directory and the lines ca_certificate and ca_directory of .wgetrc; never --no-check-certificate.",
        update: SYSTEM,
        client: "Pass --certificate=apiclient_cert.pem --private-key=apiclient_key.pem.",
        tls: OPENSSL_TLS,
    },
    Runtime {
        name: "curl",
        marks: &["curl: (", "curl error", "CURLE_", "SSL certificate problem", "schannel:", "curl.se/docs/sslcerts"],
        unpin: "Delete what names a root certificate: C and C++ curl_easy_setopt(curl, CURLOPT_CAINFO, \"./rootca.pem\"); PHP curl_setopt($ch, CURLOPT_CAINFO, …), Guzzle 'verify', curl.cainfo in php.ini; on the command line --cacert, --capath, CURL_CA_BUNDLE.",
        update: SYSTEM,
        client: "Set CURLOPT_SSLCERT and CURLOPT_SSLKEY (--cert, --key) to apiclient_cert.pem and apiclient_key.pem.",
        tls: "curl 7.34 with OpenSSL 1.0.1 or newer is needed.",
    },
    Runtime {
        name: "openssl",
        marks: &["verify error:num=", "verify return code", "connect:errno=", "BIO routines", "x509 certificate routines", "SSL routines:", "write:errno="],
        unpin: "Leave out -CAfile and -CApath.",
        update: SYSTEM,
        client: "Pass -cert apiclient_cert.pem -key apiclient_key.pem.",
        tls: OPENSSL_TLS,
    },
];

/// For texts that name no runtime.
pub const ANY: Runtime = Runtime {
    name: "",
    marks: &[],
    unpin: "Delete the code or setting that names a root certificate (CURLOPT_CAINFO, verify=, trustStore, RootCAs, ssl_ca_file, ca:; SSL_CERT_FILE).",
    update: SYSTEM,
    client: "Give the program this merchant's apiclient_cert.pem and apiclient_key.pem.",
    tls: "The program must be able to speak TLS 1.2.",
};

/// For Schannel's texts.
pub const ON_WINDOWS: &str = WINDOWS;
