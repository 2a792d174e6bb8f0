#!/bin/sh
# journey.sh LIBRARY SIMDIR WORKDIR: the journey in C against a simulator that runs in SIMDIR and that
# SSL_CERT_FILE trusts; the last line is as in the other languages.
set -eu
library=$1 sim=$2 work=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
cc -std=c99 -pedantic -Wall -Wextra -Werror -I"$here/../../include" "$here/journey.c" -o "$work/journey" -L"$work" -lwxpay
LD_LIBRARY_PATH=$work "$work/journey" "$sim" >"$work/said" || {
    cat "$work/said"
    exit 1
}
cat "$work/said"
[ "$(tail -n 1 "$work/said")" = "demo: ok" ]
echo "c: ok ($(grep -c '^ *[0-9]*\. ' "$work/said") steps)"
