#!/bin/sh
# journey.sh LIBRARY SIMDIR WORKDIR: the journey with that library; SSL_CERT_FILE trusts the simulator.
set -eu
mkdir -p "$3"
# A copy that group and others may not write to: the loader insists on it.
install -m 755 "$1" "$3/libwxpay.so.0"
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../src WXPAY_LIBRARY="$3/libwxpay.so.0" exec python3 journey.py "$2"
