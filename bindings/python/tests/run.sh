#!/bin/sh
# run.sh LIBRARY COMMAND [ARGUMENTS OF PYTEST]: the suite by hand; COMMAND is the `wxpay` command.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
install -m 755 "$1" "$work/libwxpay.so.0"
export WXPAY_LIBRARY="$work/libwxpay.so.0" SIMULATOR_COMMAND="$2"
shift 2
cd "$(dirname "$0")"
tools=${CARGO_TARGET_DIR:-../../../target}/tools/python
unset SSL_CERT_FILE SSL_CERT_DIR || true
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../src "$tools/bin/python" -m pytest -p no:cacheprovider "$@"
