#!/bin/sh
# make test: installs what it needs, then every check, each phase timed. The last lines are
# cargo's and count everything, the suites of the languages too.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

started=$(date +%s)
phase() {
    now=$(date +%s)
    echo "== $1 (at $((now - started)) s)"
    shift
    "$@"
}

# What a phase prints is also kept, for the last one. For programs only: in a function a failure would be lost.
target=${CARGO_TARGET_DIR:-target}
logs=$target/logs
rm -rf "$logs"
mkdir -p "$logs"
: >"$logs/started"
logged() {
    log=$logs/$1.log
    shift
    { "$@" 2>&1 || echo $? >"$log.failed"; } | tee "$log"
    [ ! -e "$log.failed" ]
}

phase "tools" need_for core cpp conformance python php csharp dist adversarial moving abi
tools_of_languages() {
    for script in scripts/tools/*.sh; do
        sh "$script"
    done
}
phase "tools of Python and .NET" tools_of_languages
need_cargo
phase "crates" cargo fetch --quiet --locked
# What a CI shell presets would decide which store the tests trust; each sets what it means.
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE || true

phase "format" cargo fmt --all --check
phase "build" cargo build --quiet --locked -p libwxpay --features header
phase "lint: library" cargo clippy --quiet --locked -p libwxpay --features header --all-targets -- -D warnings
phase "lint: command and generator" cargo clippy --quiet --locked -p wxpay-cli -p wxpay-gen --all-targets -- -D warnings
phase "test: generator" cargo test --quiet --locked -p wxpay-gen
phase "test: simulator" logged simulator cargo test --quiet --locked -p wxpay-cli
phase "demo" logged demo sh scripts/demo.sh
phase "journeys" logged journeys sh scripts/journeys.sh
phase "soak" logged soak sh scripts/soak.sh 60
phase "fuzz" logged fuzz sh scripts/fuzz.sh 2
phase "fuzz: what is planted is found" logged fuzz-prove sh scripts/fuzz.sh --prove
# What is published is built by the compiler of bindings/dist/rustc.txt; this only has to be good.
phase "dist" env WXPAY_ANY_RUSTC=1 sh scripts/dist.sh
phase "test: library, languages, network" logged library cargo test --locked -p libwxpay --features header
phase "secrets in what was printed" sh scripts/secrets.sh "$logs" "$target/debug/suite" "$target/tmp"
phase "done" true
