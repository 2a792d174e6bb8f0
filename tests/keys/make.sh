#!/bin/sh
# Makes every key and certificate that the tests need, with the openssl command, into DIR.
#
#   tests/keys/make.sh DIR
#
# Nothing made here is ever committed. A second run returns at once; runs at the same time are safe,
# because everything is made in a directory beside DIR that is renamed when it is complete.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
dir=$1
# Raise it when something is added below: DIRs of an older version are made anew.
version=1

is_complete() { [ "$(cat "$dir/version" 2>/dev/null)" = "$version" ]; }
if is_complete; then exit 0; fi

mkdir -p "$(dirname "$dir")"
work=$(mktemp -d "$dir.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
unset OPENSSL_CONF || true
exec 3>&2 2>log

run() { "$@" >>log 2>&1 || { echo "$0: failed: $*" >&3; grep -v '^[.+*]*$' log | tail -8 >&3; exit 1; }; }

# --- private keys; PASSPHRASE is what every encrypted one opens with
passphrase='correct horse battery'
printf %s "$passphrase" >passphrase

# The length of the modulus is part of the name. `rsa2048` is the key that is mutated.
for bits in 1024 2048 3072 4096; do
    run openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out rsa$bits.pem
done
run openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other2048.pem
run openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out exponent3.pem
run openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsapss.pem
run openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
run openssl ecparam -name prime256v1 -genkey -out ec-sec1.pem
run openssl genpkey -algorithm ED25519 -out ed25519.pem
run openssl genpkey -algorithm X25519 -out x25519.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out sm2.pem >>log 2>&1 || rm -f sm2.pem
ssh-keygen -q -t rsa -b 2048 -N "" -f openssh >>log 2>&1 || {
    # Not every machine has ssh-keygen; the reader looks at the label only.
    printf '%s\n' '-----BEGIN OPENSSH PRIVATE KEY-----' 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=' '-----END OPENSSH PRIVATE KEY-----' >openssh
    echo 'ssh-rsa AAAAB3NzaC1yc2E= nobody' >openssh.pub
}

# --- the same key in every form
key=rsa2048.pem
run openssl rsa -in $key -traditional -out pkcs1.pem
run openssl rsa -in $key -traditional -outform DER -out pkcs1.der
run openssl pkcs8 -topk8 -nocrypt -in $key -outform DER -out pkcs8.der
run openssl pkey -in $key -pubout -out public.pem
run openssl pkey -in $key -pubout -outform DER -out public.der
run openssl rsa -in $key -RSAPublicKey_out -out public-pkcs1.pem
run openssl pkey -in other2048.pem -pubout -out other-public.pem
run openssl pkey -in ec.pem -pubout -out ec-public.pem
run openssl pkey -in rsa1024.pem -pubout -out public1024.pem
for bits in 3072 4096; do run openssl pkey -in rsa$bits.pem -pubout -out public$bits.pem; done
run openssl pkey -in other2048.pem -traditional -out other-pkcs1.pem

p8() { out=$1; shift; run openssl pkcs8 -topk8 -in $key -passout file:passphrase -out "$out" "$@"; }
p8 encrypted.pem -v2 aes-256-cbc
p8 encrypted-aes128-sha1.pem -v2 aes-128-cbc -v2prf hmacWithSHA1
p8 encrypted-aes192-sha512.pem -v2 aes-192-cbc -v2prf hmacWithSHA512
p8 encrypted-3des.pem -v2 des3
p8 encrypted-scrypt.pem -scrypt
p8 encrypted-camellia.pem -v2 camellia-256-cbc
p8 encrypted-pbes1.pem -v1 PBE-SHA1-3DES
p8 encrypted.der -v2 aes-256-cbc -outform DER
run openssl pkcs8 -topk8 -in ec.pem -passout file:passphrase -out encrypted-ec.pem -v2 aes-256-cbc
run openssl rsa -in $key -traditional -aes128 -passout file:passphrase -out legacy.pem

# Costs that openssl refuses to write itself; what would be decrypted is missing.
costly() {
    name=$1; shift
    { printf '%s\n' 'asn1=SEQUENCE:info' '[info]' 'scheme=SEQUENCE:pbes2' "data=FORMAT:HEX,OCTETSTRING:$(printf '%032d' 0)" \
        '[pbes2]' 'oid=OID:1.2.840.113549.1.5.13' 'params=SEQUENCE:params' \
        '[params]' 'kdf=SEQUENCE:kdf' 'cipher=SEQUENCE:cipher' \
        '[cipher]' 'oid=OID:2.16.840.1.101.3.4.1.42' "iv=FORMAT:HEX,OCTETSTRING:$(printf '%032d' 0)" \
        '[kdf]' "oid=OID:$1" 'params=SEQUENCE:cost' '[cost]' 'salt=FORMAT:HEX,OCTETSTRING:0011223344556677'
      shift
      for number; do echo "n$number=INTEGER:${number%.*}"; done
    } >$name.cnf
    run openssl asn1parse -genconf $name.cnf -noout -out encrypted-$name.der
    rm $name.cnf
}
pbkdf2=1.2.840.113549.1.5.12
scrypt=1.3.6.1.4.1.11591.4.11
costly pbkdf2-2to31 $pbkdf2 2147483648.1
costly pbkdf2-limit-and-one $pbkdf2 10000001.1
costly pbkdf2-2to80 $pbkdf2 1208925819614629174706176.1
costly pbkdf2-negative $pbkdf2 -1.1
costly scrypt-128m $scrypt 131072.1 8.2 1.3
costly scrypt-lanes $scrypt 65536.1 8.2 17.3
costly scrypt-2to62 $scrypt 4611686018427387904.1 65535.2 65535.3

# --- certificates; `NAME SERIAL` becomes cert-NAME.pem
certificate() {
    name=$1; serial=$2; shift 2
    run openssl req -x509 -new -key $key -sha256 -days 3650 -set_serial "$serial" \
        -subj "/C=CN/O=Test Merchant/CN=1900000001" -out "cert-$name.pem" "$@"
}
certificate sign-byte 0x0080112233445566
certificate zero-nibble 0x0A4AEF34B8934088
certificate odd 0xABC
certificate one 1
certificate twenty 0x7F4AEF34B89340881BB2B25226393DC2E47F094B
certificate twenty-zero 0x004AEF34B89340881BB2B25226393DC2E47F094B
certificate twenty-high 0xFC4AEF34B89340881BB2B25226393DC2E47F094B
certificate chinese 0x1234 -utf8 -subj "/C=CN/O=腾讯, 财付通/CN=1900000001"
cp cert-twenty.pem cert.pem
run openssl x509 -in cert.pem -outform DER -out cert.der
run openssl req -x509 -new -key ec.pem -days 3650 -subj "/CN=ec" -out cert-ec.pem
run openssl req -x509 -new -key rsa1024.pem -days 3650 -subj "/CN=short" -out cert-1024.pem
run openssl req -x509 -new -key other2048.pem -days 3650 -set_serial 0x5157F09EFDC096DE15EBE81A47057A72 \
    -subj "/C=CN/O=Tenpay.com/CN=Tenpay.com sign" -out cert-other.pem
run openssl req -new -key $key -subj "/CN=1900000001" -out request.pem
# Without extensions `openssl x509 -req` writes version 1.
run openssl x509 -req -in request.pem -signkey $key -days 3650 -set_serial 0x0102 -out cert-v1.pem
run openssl pkcs12 -export -in cert.pem -inkey $key -passout pass:1900000001 -out bundle.p12
run openssl crl2pkcs7 -nocrl -certfile cert.pem -out bundle.p7b

# --- mutations that need numbers: the modulus of one key with the primes of another, made with asn1parse
number() { openssl rsa -in "$1" -noout -text 2>>log | sed -n "/^$2:/,/^[a-z]/p" | sed '1d;/^[a-z]/d' | tr -d ' :\n'; }
crt() {
    cat <<EOF
asn1=SEQUENCE:key
[key]
version=INTEGER:0
n=INTEGER:0x$(number "$1" modulus)
e=INTEGER:65537
d=INTEGER:0x$(number rsa2048.pem privateExponent)
p=INTEGER:0x$(number rsa2048.pem prime1)
q=INTEGER:0x$(number rsa2048.pem prime2)
dp=INTEGER:0x$(number rsa2048.pem exponent1)
dq=INTEGER:0x$(number rsa2048.pem exponent2)
qi=INTEGER:0x$(number "$2" coefficient)
EOF
}
crt other2048.pem rsa2048.pem >mixed.cnf
run openssl asn1parse -genconf mixed.cnf -noout -out mixed.der
crt rsa2048.pem other2048.pem >badcrt.cnf
run openssl asn1parse -genconf badcrt.cnf -noout -out badcrt.der
crt rsa2048.pem rsa2048.pem >same.cnf
run openssl asn1parse -genconf same.cnf -noout -out same.der
cmp -s same.der pkcs1.der || { echo "$0: the key assembled from its numbers differs" >&3; exit 1; }
rm -f mixed.cnf badcrt.cnf same.cnf same.der

rm -f log
echo $version >version
# Someone else may have been faster, or an older version may be there.
if is_complete; then exit 0; fi
[ ! -e "$dir" ] || mv "$dir" "$work.old" && rm -rf "$work.old"
mv -T "$work" "$dir" 2>/dev/null || is_complete
trap - EXIT
rm -rf "$work"
