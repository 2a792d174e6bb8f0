#!/bin/sh
# Makes the trust stores here with the JDK's keytool and openssl: one CA of our own in each, whose key is thrown away.
#   trusted.jks    Java's own format
#   clear.p12      PKCS#12 with the certificates in the clear and no password, as a JDK's cacerts since version 18
#   encrypted.p12  PKCS#12 with a password
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in one two; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/$name.pem" -days 3650 \
        -subj "/O=libwxpay tests/CN=Store test CA $name" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
done
rm -f trusted.jks clear.p12 encrypted.p12
put() {
    store=$1
    shift
    for name in one two; do
        keytool -importcert -noprompt -alias "$name" -file "$work/$name.pem" -keystore "$store" -storepass changeit "$@" 2>/dev/null
    done
}
put trusted.jks -storetype JKS
put encrypted.p12 -storetype PKCS12
put clear.p12 -storetype PKCS12 -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE
