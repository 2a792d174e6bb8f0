#!/bin/sh
# The vectors through C: strict C99, plain and again with AddressSanitizer and UBSan.
#
#   bindings/conformance/c/conformance.sh LIBRARY WORKDIR [DIR]
#
# DIR has keys/ and vectors/; without it the committed ones. The last line is `N passed, M failed`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=$1 work=$2 vectors=${3:-$here/..}
vectors=$(cd "$vectors" && pwd)
mkdir -p "$work"
# The SONAME under which a program asks for it.
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"

build() { # NAME OPTION...
    name=$1
    shift
    cc -std=c99 -pedantic -Wall -Wextra -Werror -g "$@" -I "$here/../../../include" "$here"/*.c -o "$work/$name" \
        -L "$work" -lwxpay -lcjson "-Wl,-rpath,$work"
}
build plain -O1
build sanitized -O1 -fsanitize=address,undefined -fno-sanitize-recover=all

status=0
"$work/sanitized" "$vectors" "$vectors"/vectors/*.json >"$work/sanitized.out" 2>&1 || status=$?
last=$(tail -n 1 "$work/sanitized.out")
[ "$status" -le 1 ] && case $last in *" passed, "*) ;; *) false ;; esac || {
    cat "$work/sanitized.out"
    echo "the sanitizers found something (exit status $status)" >&2
    exit 1
}
status=0
"$work/plain" "$vectors" "$vectors"/vectors/*.json >"$work/plain.out" || status=$?
[ "$(tail -n 1 "$work/plain.out")" = "$last" ] || {
    echo "with the sanitizers: $last" >&2
    status=1
}
cat "$work/plain.out"
exit "$status"
