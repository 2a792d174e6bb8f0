#!/bin/sh
# conformance.sh LIBRARY WORKDIR [DIR]: the cases of bindings/conformance, or of DIR, in C++.
set -eu
library=$1 work=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
# Compiled again only when something it is made of is newer.
if [ ! -x "$work/conformance" ] || [ -n "$(find "$here/conformance" "$here/../include" "$here/../../../include" -newer "$work/conformance")" ]; then
    "${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$here/../../../include" -I"$here/../include" \
        "$here"/conformance/*.cpp -o "$work/conformance" -L"$work" -lwxpay
fi
LD_LIBRARY_PATH=$work exec "$work/conformance" "${3:-$here/../../conformance}"
