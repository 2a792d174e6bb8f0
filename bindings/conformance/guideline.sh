#!/bin/sh
# guideline.sh DIR: the case of WeChat Pay's server certificate guideline on this machine. Writes
#
#   DIR/store.pem  DigiCert Global Root CA (G1) alone, out of the system's store by its fingerprint
#   DIR/root.pem   a root of the name and key identifier of DigiCert Global Root G2; its key is made here and thrown away
#
# then answers https on 127.0.0.1 and localhost with a chain that ends in root.pem, and prints `ACCEPT 127.0.0.1:PORT`.
# A process whose SSL_CERT_FILE is store.pem is refused until root.pem is added to that file. Ends with its parent.
set -eu
mkdir -p "$1"
cd "$1"
g1=43:48:A0:E9:44:4C:78:CB:26:5E:05:8D:5E:89:44:B4:D8:4F:96:62:BD:26:DB:25:7F:89:34:A4:43:C7:01:61

openssl crl2pkcs7 -nocrl -certfile /etc/ssl/certs/ca-certificates.crt | openssl pkcs7 -print_certs |
    sed -n '/^subject=.*CN *= *DigiCert Global Root CA$/,/^-----END/p' | sed -n '/^-----BEGIN/,$p' >store.pem
[ "$(openssl x509 -in store.pem -noout -fingerprint -sha256 | cut -d= -f2)" = $g1 ] || {
    echo "the system's store does not hold DigiCert Global Root CA (G1)" >&2
    exit 1
}

cat >extensions <<'END'
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = 4E2254201895E6E36EE60FFAFAB912ED06178F39
[issuer]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
END
request() { # NAME SUBJECT; keys of the real ones' kind
    openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "$2" -out "$1.csr"
}
issue() { # NAME OPTION...
    name=$1
    shift
    openssl x509 -req -in "$name.csr" -days 30 -extfile extensions -extensions "$name" -out "$name.pem" "$@"
}
{
    request root "/C=US/O=DigiCert Inc/OU=www.digicert.com/CN=DigiCert Global Root G2"
    request issuer "/C=US/O=DigiCert Inc/CN=DigiCert Secure Site CN CA G3"
    request server "/C=CN/O=Conformance/CN=localhost"
    issue root -signkey root.key -set_serial 2
    issue issuer -CA root.pem -CAkey root.key -set_serial 3
    issue server -CA issuer.pem -CAkey issuer.key -set_serial 4
} 2>openssl.log || {
    cat openssl.log >&2
    exit 1
}
rm root.key issuer.key

parent=$PPID
(
    while kill -0 "$parent" && kill -0 $$; do sleep 1; done
    kill $$
) >/dev/null 2>&1 </dev/null &
exec openssl s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -cert_chain issuer.pem -www </dev/null 2>/dev/null
