#!/bin/sh
# pki.sh DIR: a PKI for tests, made in DIR by the openssl command alone. NAME.crt and NAME.key of
# each; NAME.chain is what a server sends: its own certificate, then NAME.above.
set -eu
cd "$1"
umask 077
EC="ec -pkeyopt ec_paramgen_curve:prime256v1"
HOST=api.mch.weixin.qq.com

# DigiCert Global Root G2's key identifier, as everybody's copy of it has it.
G2_KEY_ID=4e2254201895e6e36ee60ffafab912ed06178f39

# extensions NAME LINES: the file NAME.ext.
extensions() {
    printf '%b\n' "$2" >"$1.ext"
}
CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
IDS='subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid'
LEAF="basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\n$IDS"
SERVER="$LEAF\nextendedKeyUsage=serverAuth"
NAMES="subjectAltName=DNS:$HOST,DNS:localhost"
# Public CAs say where their own certificate can be had; inspecting appliances do not.
PUBLIC="authorityInfoAccess=caIssuers;URI:http://127.0.0.1:9/issuer.crt"
extensions root "$CA\nsubjectKeyIdentifier=hash"
extensions inter "$CA\n$IDS\n$PUBLIC"
extensions inter_private "$CA\n$IDS"
extensions narrow "$CA\n$IDS\nnameConstraints=critical,permitted;DNS:example.com"
extensions leaf "$SERVER\n$NAMES\n$PUBLIC"
extensions leaf_private "$SERVER\n$NAMES"
extensions address "$SERVER\n$NAMES,IP:127.0.0.1"
extensions other "$SERVER\nsubjectAltName=DNS:other.example"
extensions sibling "$SERVER\nsubjectAltName=DNS:apihk.mch.weixin.qq.com,DNS:pay.weixin.qq.com"
extensions wild1 "$SERVER\nsubjectAltName=DNS:*.mch.weixin.qq.com"
extensions wild2 "$SERVER\nsubjectAltName=DNS:*.weixin.qq.com"
extensions cnonly "$SERVER"
extensions purpose "$LEAF\nextendedKeyUsage=clientAuth\n$NAMES"
extensions client "$LEAF\nextendedKeyUsage=clientAuth"
extensions notclient "$SERVER"
extensions selfleaf "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n$NAMES"
extensions selfca "$CA,digitalSignature\n$NAMES"
extensions digicert_root "$CA\nsubjectKeyIdentifier=$G2_KEY_ID"
extensions digicert_inter "$CA\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=DER:30168014$G2_KEY_ID\n$PUBLIC"

request() { # NAME KEY SUBJECT
    # shellcheck disable=SC2086
    openssl req -new -newkey $2 -nodes -keyout "$1.key" -subj "$3" -out "$1.csr" 2>/dev/null
}
sign() { # NAME ISSUER EXTENSIONS [OPTIONS]
    name=$1 issuer=$2 ext=$3
    shift 3
    openssl x509 -req -in "$name.csr" -CA "$issuer.crt" -CAkey "$issuer.key" -CAcreateserial \
        -days 365 -extfile "$ext.ext" "$@" -out "$name.crt" 2>/dev/null
}
root() { # NAME SUBJECT [EXTENSIONS [KEY]]
    request "$1" "${4:-$EC}" "$2"
    openssl x509 -req -in "$1.csr" -signkey "$1.key" -days 3650 -extfile "${3:-root}.ext" -out "$1.crt" 2>/dev/null
}
issue() { # NAME ISSUER EXTENSIONS [SUBJECT [KEY]]
    request "$1" "${5:-$EC}" "${4:-/CN=$HOST}"
    sign "$1" "$2" "$3"
}
chain() { # NAME PARTS: NAME.above of those, NAME.chain of NAME.crt and those
    name=$1
    shift
    cat /dev/null "$@" >"$name.above"
    cat "$name.crt" "$name.above" >"$name.chain"
}
database() { # ISSUER: for `openssl ca`, which alone can set dates and revoke
    : >"$1.txt"
    echo 1000 >"$1.srl2"
    cat >"$1.cnf" <<END
[ca]
default_ca=c
[c]
database=$1.txt
new_certs_dir=.
serial=$1.srl2
default_md=sha256
default_crl_days=30
policy=p
unique_subject=no
[p]
countryName=optional
organizationName=optional
commonName=supplied
END
}
dated() { # NAME ISSUER EXTENSIONS FROM TO [OPTIONS]
    name=$1 issuer=$2 ext=$3 from=$4 to=$5
    shift 5
    openssl ca -batch -config "$issuer.cnf" -notext -in "$name.csr" -cert "$issuer.crt" -keyfile "$issuer.key" \
        -extfile "$ext.ext" -startdate "$from" -enddate "$to" "$@" -out "$name.crt" 2>/dev/null
}
day() { # N: that many days from now
    date -u -d "$1 days" +%Y%m%d%H%M%SZ
}
flipped() { # NAME OF: the same with the last byte of its signature changed
    openssl x509 -in "$2.crt" -outform DER -out "$1.der"
    size=$(wc -c <"$1.der")
    last=$(tail -c 1 "$1.der" | od -An -tu1 | tr -d ' ')
    # shellcheck disable=SC2059
    printf "\\$(printf %o $(((last + 1) % 256)))" |
        dd of="$1.der" bs=1 seek=$((size - 1)) conv=notrunc 2>/dev/null
    openssl x509 -inform DER -in "$1.der" -out "$1.crt"
    cp "$2.key" "$1.key"
}

# Two roots with one intermediate each, and the new root's key signed by the old one.
root g1 "/C=US/O=Test Trust/CN=Test Global Root CA"
root g2 "/C=US/O=Test Trust/CN=Test Global Root G2"
issue inter1 g1 inter "/C=US/O=Test Trust/CN=Test Secure Site CA G1" rsa:2048
issue inter2 g2 inter "/C=US/O=Test Trust/CN=Test Secure Site CA G2"
cp g2.csr g2x.csr
sign g2x g1 inter
issue leaf1 inter1 leaf
chain leaf1 inter1.crt
issue leaf2 inter2 leaf
chain leaf2 inter2.crt
for name in rooted crossed shuffled wronginter alone; do
    cp leaf2.crt "$name.crt"
    cp leaf2.key "$name.key"
done
chain rooted inter2.crt g2.crt
chain crossed inter2.crt g2x.crt
chain shuffled g1.crt leaf1.crt g2x.crt inter2.crt inter1.crt
chain wronginter inter1.crt
chain alone
issue direct g1 leaf
chain direct

# Dates.
database inter1
database g1
for name in expired future revoked; do request "$name" "$EC" "/CN=$HOST"; done
dated expired inter1 leaf "$(day -60)" "$(day -30)"
dated future inter1 leaf "$(day 30)" "$(day 60)"
dated revoked inter1 leaf "$(day -1)" "$(day 30)"
openssl ca -batch -config inter1.cnf -cert inter1.crt -keyfile inter1.key -revoke revoked.crt 2>/dev/null
openssl ca -batch -config inter1.cnf -cert inter1.crt -keyfile inter1.key -gencrl -out inter1.crl 2>/dev/null
openssl ocsp -index inter1.txt -CA inter1.crt -rsigner inter1.crt -rkey inter1.key -issuer inter1.crt \
    -cert revoked.crt -ndays 7 -respout revoked.ocsp >/dev/null 2>&1
request oldroot "$EC" "/C=US/O=Test Trust/CN=Test Expired Root"
database oldroot
openssl ca -batch -config oldroot.cnf -notext -selfsign -in oldroot.csr -keyfile oldroot.key -extfile root.ext \
    -startdate "$(day -4000)" -enddate "$(day -30)" -out oldroot.crt 2>/dev/null
issue underold oldroot leaf

# Names.
issue other inter1 other "/CN=other.example"
for name in sibling wild1 wild2 cnonly address purpose; do issue "$name" inter1 "$name"; done

# Rules.
issue narrow g1 narrow "/C=US/O=Test Trust/CN=Test Narrow CA"
issue narrowed narrow leaf
request sha1 rsa:2048 "/CN=$HOST"
sign sha1 inter1 leaf -sha1
issue rsa inter1 leaf "/CN=$HOST" rsa:2048
issue weak inter1 leaf "/CN=$HOST" rsa:1024
issue p521 inter1 leaf "/CN=$HOST" "ec -pkeyopt ec_paramgen_curve:secp521r1"
flipped flipped leaf1
flipped flippeddirect direct
root selfleaf "/CN=$HOST" selfleaf
root selfca "/CN=$HOST" selfca
issue vouched selfleaf leaf_private "/CN=$HOST"

# Strangers.
root rogue "/C=CN/O=Example Corp/CN=Example Corp Inspection CA" root rsa:2048
issue inspected rogue leaf_private
issue inspected_inter rogue inter_private "/C=CN/O=Example Corp/CN=Example Corp Gateway 7"
issue inspected_deep inspected_inter leaf_private
root fake "/C=US/O=Test Trust/CN=Test Global Root CA"
issue forged fake leaf_private
root fakersa "/C=US/O=Test Trust/CN=Test Global Root CA" root rsa:2048
issue forgedrsa fakersa leaf_private
cp forged.crt forgedsilent.crt
cp forged.key forgedsilent.key

# The guideline's: DigiCert's names and the real root's key identifier over keys of our own.
D="/C=US/O=DigiCert Inc/OU=www.digicert.com/CN=DigiCert Global Root"
root digicert_g1 "$D CA"
root digicert_g2 "$D G2" digicert_root
issue digicert_inter digicert_g2 digicert_inter "/C=US/O=DigiCert Inc/CN=DigiCert Secure Site CN CA G3"
issue digicert digicert_inter leaf "/C=CN/O=Tencent/CN=$HOST"
chain digicert digicert_inter.crt
# The same for a root with a key of the real one's kind.
root digicert_g2rsa "$D G2" digicert_root rsa:2048
issue digicert_interrsa digicert_g2rsa digicert_inter "/C=US/O=DigiCert Inc/CN=DigiCert Secure Site CN CA G3"
issue digicertrsa digicert_interrsa leaf "/C=CN/O=Tencent/CN=$HOST"
chain digicertrsa digicert_interrsa.crt

for name in expired future revoked other sibling wild1 wild2 cnonly address purpose sha1 rsa weak p521 flipped; do
    chain "$name" inter1.crt
done
chain underold
chain narrowed narrow.crt
chain flippeddirect
: >nothing.crt
chain selfleaf
chain selfca
chain vouched selfleaf.crt
chain inspected rogue.crt
cp inspected.crt inspected_alone.crt
cp inspected.key inspected_alone.key
chain inspected_alone
chain inspected_deep inspected_inter.crt rogue.crt
chain forged fake.crt
chain forgedsilent
chain forgedrsa fakersa.crt

# Clients.
root client_ca "/O=Test Trust/CN=Test Client CA"
root client_ca2 "/O=Test Trust/CN=Test Other Client CA"
issue client client_ca client "/O=1900000001/CN=Merchant" rsa:2048
issue stranger client_ca2 client "/O=1900000001/CN=Merchant" rsa:2048
issue notclient client_ca notclient "/O=1900000001/CN=Merchant" rsa:2048
openssl rsa -in client.key -traditional -out client_pkcs1.key 2>/dev/null
cp client.crt client_pkcs1.crt
