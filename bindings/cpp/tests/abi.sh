#!/bin/sh
# abi.sh LIBRARY WORKDIR: a program that was linked with LIBRARY meets libraries of other ABIs. In those every
# function but wxpay_abi_version aborts: nothing may be called before the version is known to be right.
set -eu
library=$1 work=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
g++ -std=c++17 -I"$here/../../../include" -I"$here/../include" "$here/abi/program.cpp" -o "$work/program" -L"$work" -lwxpay
passed=0
for number in 0 65536 131071; do # 0.0 is older, 1.0 and 1.65535 are other ones
    stub=$work/stub-$number
    mkdir -p "$stub"
    {
        echo "void abort(void);"
        sed '/^wxpay_abi_version$/d; s/.*/long &(void); long &(void) { abort(); return 0; }/' "$here/../../abi/symbols.txt"
        echo "unsigned wxpay_abi_version(void); unsigned wxpay_abi_version(void) { return ${number}u; }"
    } >"$stub/stub.c"
    gcc -w -shared -fPIC -Wl,-soname,libwxpay.so.0 "$stub/stub.c" -o "$stub/libwxpay.so.0"
    said=$(LD_LIBRARY_PATH=$stub "$work/program")
    echo "$said" | grep -q "^104 $stub/libwxpay.so.0 has ABI $((number / 65536)).$((number % 65536)), but .* needs ABI 0.1. Install" || {
        echo "it said: $said"
        exit 1
    }
    [ "$(echo "$said" | wc -l)" = 2 ]
    passed=$((passed + 1))
done
echo "$passed passed, 0 failed"
