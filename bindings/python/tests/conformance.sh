#!/bin/sh
# conformance.sh LIBRARY WORKDIR [DIR]: the vectors of bindings/conformance, or of DIR, with that library.
set -eu
mkdir -p "$2"
install -m 755 "$1" "$2/libwxpay.so.0"
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../src WXPAY_LIBRARY="$2/libwxpay.so.0" exec python3 conformance.py "${3:-../../conformance}"
