#!/bin/sh
# journey.sh LIBRARY SIMDIR WORKDIR: the journey in C++ against a simulator that runs in SIMDIR and
# that SSL_CERT_FILE trusts.
set -eu
library=$1 sim=$2 work=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
"${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$here/../../../include" -I"$here/../include" \
    "$here/journey.cpp" -o "$work/journey" -L"$work" -lwxpay
LD_LIBRARY_PATH=$work exec "$work/journey" "$sim"
