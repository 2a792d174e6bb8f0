#!/bin/sh
# Makes the constants of src/diag/selftest_vectors.rs: an RSA key that is thrown away, a signature
# by the openssl command, and an AES-256-GCM text by Python's `cryptography`. Run by hand when a
# vector is added; the private key never leaves the temporary directory.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem 2>/dev/null
openssl pkey -in key.pem -pubout -out pub.pem
printf 'POST\n/v3/pay/transactions/native\n1700000000\nNONCE\n{"a":1}\n' > message
openssl dgst -sha256 -sign key.pem -out signature message
python3 - <<'PY'
import base64, os, subprocess
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
key = b"0123456789abcdefghijklmnopqrstuv"
nonce = b"abcdefghijkl"
plain = '{"trade_state":"SUCCESS","note":"支付成功"}'.encode()
sealed = AESGCM(key).encrypt(nonce, plain, b"transaction")
print("//! Made by tests/vectors/selftest.sh; the private key no longer exists.\n")
print("/// SPKI, PEM, by `openssl pkey -pubout`.")
print('pub const PUBLIC_KEY: &str = "%s";\n' % open("pub.pem").read().replace("\n", "\\n\\\n    "))
print("/// By `openssl dgst -sha256 -sign` over `METHOD\\\\ntarget\\\\n…` of the self-test.")
print('pub const SIGNATURE: &str = "%s";\n' % base64.b64encode(open("signature","rb").read()).decode())
print("/// By Python's cryptography, AES-256-GCM.")
print('pub const SEALED: &str = "%s";' % base64.b64encode(sealed).decode())
PY
