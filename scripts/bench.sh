#!/bin/sh
# make bench: the table of docs/performance.md. A target that is missed is a line in it. Words
# after the script's name choose rows: scripts/bench.sh keep-alive
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need openssl=openssl
# Without these the comparison with libcurl is left out.
(need cc=gcc /usr/include/stdio.h=libc6-dev pkg-config=pkg-config) || true
pkg-config --exists libcurl libcrypto || (need libcurl-headers=libcurl4-openssl-dev libcrypto-headers=libssl-dev) || true
need_cargo
cargo bench --quiet --locked -p libwxpay --bench ratios -- "$@"
