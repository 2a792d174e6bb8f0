#!/bin/sh
# ready.sh KEYS WORK LIBRARY: what the network comparison needs, into WORK: certificates, programs, a thousand roots.
# What cannot be installed is left out, and its rows say so.
set -eu
keys=$1 work=$2 library=$3
cd "$(dirname "$0")/../.."
. scripts/need.sh
mkdir -p "$work"
need cc=gcc /usr/include/stdio.h=libc6-dev pkg-config=pkg-config
pkg-config --exists libcurl libcrypto || need libcurl-headers=libcurl4-openssl-dev libcrypto-headers=libssl-dev
(need php=php-cli /usr/share/php8.2-curl/curl/curl.ini=php-curl /usr/sbin/php-fpm8.2=php-fpm go=golang-go node=nodejs) || true
venv bench benches/peers/python/requirements.txt

# A root and a certificate of `localhost`, both P-256, as servers have them.
new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 "$@" 2>/dev/null; }
[ -e "$keys/tls-leaf.pem" ] || {
    new -subj '/CN=benchmark root' -keyout "$keys/tls-root-key.pem" -out "$keys/tls-root.pem"
    new -subj /CN=localhost -CA "$keys/tls-root.pem" -CAkey "$keys/tls-root-key.pem" -addext subjectAltName=DNS:localhost \
        -addext basicConstraints=critical,CA:FALSE -keyout "$keys/tls-leaf-key.pem" -out "$keys/tls-leaf.pem"
}
cat /etc/ssl/certs/ca-certificates.crt "$keys/tls-root.pem" >"$work/bundle.pem"
cp benches/peers/order.json "$work/order.json"
# As many roots as the largest store has, of one key: what is read and looked at is the certificate.
[ -e "$work/roots.pem" ] || {
    openssl genrsa -out "$work/roots-key.pem" 2048 2>/dev/null
    root=0
    while [ $root -lt 1500 ]; do
        root=$((root + 1))
        openssl req -x509 -key "$work/roots-key.pem" -days 3650 -subj "/O=benchmark/CN=root number $root"
    done >"$work/roots.pem.new"
    mv "$work/roots.pem.new" "$work/roots.pem"
}

ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
compile() {
    program=$1
    shift
    "${CC:-cc}" -O2 -Wall -Wextra -o "$work/$program" "benches/peers/c/$program.c" "$@"
}
compile wxpay_client -Iinclude -L"$work" -Wl,-rpath,"$work" -lwxpay -lpthread
compile curl_client -lcurl -lcrypto -lpthread
compile load -ldl
! command -v go >/dev/null || (cd benches/peers/go/client && GOTOOLCHAIN=local go build -o "$work/go_client" .)
