#!/bin/sh
# guideline.sh LIBRARY WORKDIR PORT DIR: the guideline's case in one process; SSL_CERT_FILE is DIR/store.pem.
set -eu
library=$1 work=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
"${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$here/../../../include" -I"$here/../include" \
    "$here/guideline.cpp" -o "$work/guideline" -L"$work" -lwxpay
LD_LIBRARY_PATH=$work exec "$work/guideline" "$3" "$4" "$here/../../conformance/keys"
