#!/bin/sh
# make demo: builds the library and the simulator, starts WeChat Pay on loopback, and runs the C
# program tests/c/journey.c against it. The simulator's CA is trusted through SSL_CERT_FILE, which
# is how a system is told to trust a store; nothing is pinned in code.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/simulator.sh
need cc=gcc pkg-config=pkg-config /usr/include/stdio.h=libc6-dev
need_cargo

echo "building (a few minutes the first time) ..."
cargo build --quiet --locked -p libwxpay
cargo build --quiet --locked -p wxpay-cli
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'stop_simulator; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

cc -std=c99 -pedantic -Wall -Wextra -Werror -Iinclude tests/c/journey.c -o "$work/journey" -L"$target/debug" -lwxpay
ln -s "$(cd "$target/debug" && pwd)/libwxpay.so" "$work/libwxpay.so.0"

start_simulator "$target/debug/wxpay" 120
echo "WeChat Pay on this machine: $simulator_url"
env -u SSL_CERT_DIR SSL_CERT_FILE="$work/sim/ca.pem" LD_LIBRARY_PATH="$work" "$work/journey" "$work/sim"
