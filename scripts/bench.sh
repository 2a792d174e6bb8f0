#!/bin/sh
# make bench: runs every benchmark, prints a table, and writes docs/benchmarks.md with its plot. A target that is
# missed is a line in them; only a benchmark that does not run is a failure.
#   scripts/bench.sh [--quick] [WORD...]
# A word is a section (a to e) or a part of a program's name. With words or --quick, which takes few rounds, the
# document goes to target/bench and docs/ stays as it is: there, all figures are of one complete run.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
WXPAY_BENCH_QUICK=0
case ${1:-} in --quick) WXPAY_BENCH_QUICK=1 && shift ;; esac
export WXPAY_BENCH_QUICK
# What a shell presets must not decide which roots and which library are loaded.
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS WXPAY_LIBRARY LD_LIBRARY_PATH || true

need python3=python3 openssl=openssl git=git
need_cargo
words=$*
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/bench"
target=$(cd "$target" && pwd)
results=$target/bench/results.jsonl
# Keys of this machine, made once: PEM files, see tests/keys/make.sh.
keys=$target/bench-keys
library=$target/release/libwxpay.so
failed=0

# wanted SECTION NAME: whether the words choose this program.
wanted() {
    [ -n "$words" ] || return 0
    for word in $words; do
        [ "$word" != "$1" ] || return 0
        [ ${#word} -eq 1 ] || case $2 in *"$word"*) return 0 ;; esac
    done
    return 1
}
# program SECTION NAME COMMAND...: runs it where it is wanted and keeps its lines.
program() {
    program_name=$2
    wanted "$1" "$2" || return 0
    shift 2
    echo "measuring $program_name …" >&2
    python3 benches/report.py run "$results" "$program_name" "$@" || failed=1
}
# skip SECTION NAME WHY: instead of `program`, where something cannot be had here.
skip() {
    wanted "$1" "$2" || return 0
    python3 benches/report.py skip "$results" "$1" "$2" "$3"
}

sh tests/keys/make.sh "$keys" >/dev/null
cargo build --release --quiet --locked -p libwxpay
python3 benches/report.py begin "$results"
for part in scripts/bench/*.sh; do
    . "$part"
done

python3 benches/report.py table "$results"
out=$target/bench
if [ -z "$words" ] && [ "$WXPAY_BENCH_QUICK" = 0 ] && [ "$failed" = 0 ]; then
    out=docs
    cp "$results" docs/benchmarks.jsonl
fi
python3 benches/report.py write "$results" "$out/benchmarks.md" "$out/benchmarks.svg"
echo "written: $out/benchmarks.md"
exit $failed
