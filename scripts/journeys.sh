#!/bin/sh
# make journeys: the payment from order to refund in C, C++, PHP, Python and C#, each against the same
# simulator on loopback. One line a language; what went wrong follows it.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/simulator.sh
need_for core cpp php python csharp
need_cargo
# Tools that are not Debian packages, where a language has such.
for script in scripts/tools/cpp.sh scripts/tools/php.sh scripts/tools/python.sh scripts/tools/csharp.sh; do
    [ ! -e "$script" ] || sh "$script"
done

cargo build --quiet --locked -p libwxpay
cargo build --quiet --locked -p wxpay-cli
target=${CARGO_TARGET_DIR:-target}
target=$(cd "$target/debug" && pwd)
work=$(mktemp -d)
trap 'stop_simulator; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
start_simulator "$target/wxpay" 900

# journey LANGUAGE SCRIPT: its last line must say that all eight steps ran.
failed=0
journey() {
    log=$work/$1.log
    status=0
    if [ -e "$2" ]; then
        env -u SSL_CERT_DIR -u CURL_CA_BUNDLE -u REQUESTS_CA_BUNDLE -u WXPAY_LIBRARY -u LD_LIBRARY_PATH \
            SSL_CERT_FILE="$work/sim/ca.pem" timeout --kill-after=5 120 \
            sh "$2" "$target/libwxpay.so" "$work/sim" "$work/$1" >"$log" 2>&1 || status=$?
    else
        echo "$2 does not exist" >"$log"
        status=1
    fi
    last=$(tail -n 1 "$log")
    if [ $status = 0 ] && [ "$last" = "$1: ok (8 steps)" ]; then
        echo "$last"
        return
    fi
    failed=1
    if [ $status = 124 ]; then
        echo "$1: FAILED, not done after 120 seconds"
    else
        echo "$1: FAILED (exit status $status)"
    fi
    tail -n 15 "$log" | sed 's/^/    /'
}

journey c tests/c/journey.sh
for language in cpp php python csharp; do
    journey $language bindings/$language/tests/journey.sh
done
exit $failed
