#!/bin/sh
# make sanitize: every C and C++ program under everything that watches memory (docs/memory.md),
# the long runs too. The table comes last; one report, or a planted defect not found, fails.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need_for core cpp conformance
need_cargo
unset SSL_CERT_FILE SSL_CERT_DIR || true
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/logs"
log=$target/logs/sanitize.log
status=0
cargo build --quiet --locked -p libwxpay --features header
# In one thread, so that no run waits for another's processor.
cargo test --quiet --locked -p libwxpay --features header --test suite sanitize:: -- \
    --include-ignored --nocapture --test-threads=1 >"$log" 2>&1 || status=$?
[ "$status" = 0 ] || cat "$log"
# The test runner's dots of progress stand before some rows.
sed -n 's/^\.*sanitize | //p' "$log" | awk -F ' [|] ' '{ printf "%-48s %-24s %s\n", $1, $2, $3 }
    END { print NR " rows"; exit NR != 54 }'
exit "$status"
