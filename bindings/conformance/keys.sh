#!/bin/sh
# Makes the keys and certificates of the vectors with the openssl command, into DIR.
#
#   bindings/conformance/keys.sh DIR
#
# They are committed, so worth nothing: a client takes them for loopback addresses only. None of
# the certificates is a CA, so that none can become an anchor in somebody's store.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
rm -rf "$1"
mkdir -p "$1"
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset OPENSSL_CONF || true

run() { "$@" >>"$work/log" 2>&1 || { echo "$0: failed: $*" >&3; tail -5 "$work/log" >&3; exit 1; }; }
exec 3>&2

# --- private keys, PKCS#8, each with its public half
rsa() { # NAME BITS
    run openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1_key.pem"
    run openssl pkey -in "$1_key.pem" -pubout -out "$1_public.pem"
}
for name in merchant other_merchant brand wechat wechat_next platform platform_next platform_expired platform_future; do
    rsa $name 2048
done
rsa rsa1024 1024
rsa rsa3072 3072
rsa rsa4096 4096
run openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec_key.pem
run openssl pkey -in ec_key.pem -pubout -out ec_public.pem

# --- the merchant's key and WeChat Pay's public key in the other forms
run openssl rsa -in merchant_key.pem -traditional -out merchant_key.pkcs1.pem
run openssl rsa -in merchant_key.pem -traditional -outform DER -out merchant_key.pkcs1.der
run openssl pkcs8 -topk8 -nocrypt -in merchant_key.pem -outform DER -out merchant_key.der
encrypted() { # FILE OPTION...
    file=$1; shift
    run openssl pkcs8 -topk8 -in merchant_key.pem -passout pass:conformance -out "$file" "$@"
}
encrypted merchant_key.encrypted.pem -v2 aes-256-cbc
encrypted merchant_key.encrypted.der -v2 aes-128-cbc -v2prf hmacWithSHA1 -outform DER
encrypted merchant_key.scrypt.pem -scrypt
encrypted merchant_key.3des.pem -v2 des3
run openssl rsa -in merchant_key.pem -traditional -aes128 -passout pass:conformance -out merchant_key.legacy.pem
run openssl rsa -in wechat_key.pem -RSAPublicKey_out -out wechat_public.pkcs1.pem
run openssl pkey -in wechat_key.pem -pubout -outform DER -out wechat_public.der

# --- certificates: `openssl ca` is the one that takes both dates
touch "$work/index"
cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = here
[here]
database = $work/index
serial = $work/serial
new_certs_dir = $work
policy = any
unique_subject = no
x509_extensions = leaf
default_md = sha256
[any]
countryName = optional
organizationName = optional
commonName = supplied
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
[req]
distinguished_name = name
[name]
CNF
run openssl req -x509 -newkey rsa:2048 -nodes -subj "/O=libwxpay conformance/CN=Conformance CA" -days 36500 \
    -config "$work/ca.cnf" -keyout "$work/ca.key" -out "$work/ca.pem"
certificate() { # NAME SERIAL FROM TO SUBJECT
    echo "$2" >"$work/serial"
    run openssl req -new -utf8 -key "$1_key.pem" -subj "$5" -config "$work/ca.cnf" -out "$work/request"
    run openssl ca -batch -notext -utf8 -config "$work/ca.cnf" -cert "$work/ca.pem" -keyfile "$work/ca.key" \
        -startdate "$3" -enddate "$4" -in "$work/request" -out "$1_cert.pem"
}
from=20200101000000Z to=21191231235959Z
certificate merchant 5D1A7F03C4B62E9980A1B2C3D4E5F60718293A4B $from $to "/C=CN/O=libwxpay conformance/CN=1900000001"
certificate other_merchant 6E2B8014D5C73FAA91B2C3D4E5F60718293A4B5C $from $to "/C=CN/O=libwxpay conformance/CN=1900000002"
certificate brand 4C096EF2B3A51D887F90A1B2C3D4E5F60718293A $from $to "/C=CN/O=libwxpay conformance/CN=brand 10001"
# One serial begins with a zero digit, which is kept; the next has 19 bytes.
certificate platform 0A3D9125E6D840BBA2C3D4E5F60718293A4B5C6D $from $to "/C=CN/O=libwxpay conformance/CN=platform"
certificate platform_next 4EA236F7E951CCB3D4E5F60718293A4B5C6D7E 20210101000000Z $to "/C=CN/O=libwxpay conformance/CN=platform next"
certificate platform_expired 7F5FB34708FA62DDC4E5F60718293A4B5C6D7E8F $from 20210101000000Z "/C=CN/O=libwxpay conformance/CN=platform expired"
certificate platform_future 1860C458190B73EED5F60718293A4B5C6D7E8F90 21000101000000Z $to "/C=CN/O=libwxpay conformance/CN=platform future"
certificate rsa1024 0102 $from $to "/CN=short"
certificate ec 0103 $from $to "/CN=elliptic"
run openssl x509 -in merchant_cert.pem -outform DER -out merchant_cert.der
cat platform_cert.pem platform_next_cert.pem >platform_both.pem

# --- what is often taken for a key
run openssl req -new -key merchant_key.pem -subj "/CN=1900000001" -config "$work/ca.cnf" -out merchant_request.pem
run openssl pkcs12 -export -in merchant_cert.pem -inkey merchant_key.pem -passout pass:1900000001 -out merchant.p12

chmod 644 ./*
