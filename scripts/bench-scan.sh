#!/bin/sh
# make bench: how long `wxpay scan` takes, beside `grep -rE` with one wide pattern over the same
# tree. Prints; never fails for being slow. Trees may be given: scripts/bench-scan.sh DIR...
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need_cargo
cargo build --quiet --locked --release -p wxpay-cli
wxpay=${CARGO_TARGET_DIR:-target}/release/wxpay
runs=7

if [ $# -eq 0 ]; then
    for tree in "${CARGO_HOME:-$HOME/.cargo}/registry/src" /usr/lib/python3; do
        [ -d "$tree" ] && set -- "$@" "$tree"
    done
fi
[ $# -gt 0 ] || { echo "bench-scan: no tree to scan"; exit 0; }

# What somebody would search for by hand.
wide='CURLOPT_(CAINFO|CAPATH|SSL_VERIFY)|verify *= *(False|["'\''])|verify_peer|sslverify|CERT_NONE|_create_unverified|InsecureSkipVerify|RootCAs|trustStore|checkServerTrusted|HostnameVerifier|CertificateValidationCallback|rejectUnauthorized|NODE_TLS_REJECT|VERIFY_NONE|ca_file|cert_store|load_verify_locations|no-check-certificate|curl .*-k|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|BEGIN CERTIFICATE'

now() { date +%s%N; }

echo "tree                                       files    MB  wxpay s  grep s  wxpay/grep min / median / max of $runs"
for tree; do
    files=$(find "$tree" -type f | wc -l)
    size=$(du -sm "$tree" | cut -f1)
    # Once unmeasured each, so that both read from memory.
    "$wxpay" scan --fail-on never "$tree" >/dev/null || true
    LC_ALL=C grep -rE "$wide" "$tree" >/dev/null 2>&1 || true
    ratios=
    ours=
    theirs=
    run=0
    while [ $run -lt $runs ]; do
        run=$((run + 1))
        a=$(now)
        "$wxpay" scan --fail-on never "$tree" >/dev/null || true
        b=$(now)
        LC_ALL=C grep -rE "$wide" "$tree" >/dev/null 2>&1 || true
        c=$(now)
        ours="$ours $((b - a))"
        theirs="$theirs $((c - b))"
        ratios="$ratios $(awk "BEGIN { print ($b - $a) / ($c - $b) }")"
    done
    median() { printf '%s\n' "$@" | sort -g | sed -n "$((runs / 2 + 1))p"; }
    least() { printf '%s\n' "$@" | sort -g | head -n 1; }
    most() { printf '%s\n' "$@" | sort -g | tail -n 1; }
    # shellcheck disable=SC2086 # lists of numbers
    awk -v tree="$tree" -v files="$files" -v size="$size" -v ours="$(median $ours)" -v theirs="$(median $theirs)" \
        -v least="$(least $ratios)" -v middle="$(median $ratios)" -v most="$(most $ratios)" \
        'BEGIN { printf "%-40s %7d %5d %8.2f %7.2f  %.2f / %.2f / %.2f\n", tree, files, size, ours / 1e9, theirs / 1e9, least, middle, most }'
done
