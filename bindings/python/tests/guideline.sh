#!/bin/sh
# guideline.sh LIBRARY WORKDIR PORT DIR: the guideline's case in one process; SSL_CERT_FILE is DIR/store.pem.
set -eu
mkdir -p "$2"
install -m 755 "$1" "$2/libwxpay.so.0"
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../src WXPAY_LIBRARY="$2/libwxpay.so.0" exec python3 guideline.py "$3" "$4"
