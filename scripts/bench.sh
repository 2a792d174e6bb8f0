#!/bin/sh
# make bench: ratios against the bare operations and against libcurl with OpenSSL, measured in one
# run. Prints; never fails on a figure.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need cc=gcc pkg-config=pkg-config openssl=openssl /usr/include/stdio.h=libc6-dev \
    /usr/include/openssl/evp.h=libssl-dev
pkg-config --exists libcurl 2>/dev/null || need /nonexistent=libcurl4-openssl-dev
need_cargo
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE || true
cargo bench --locked -p libwxpay --bench ratios
