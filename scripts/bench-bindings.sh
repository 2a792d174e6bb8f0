#!/bin/sh
# Second part of make bench: what a call through a binding costs beside what the language's own SDK does, in one
# run. A target that is missed is a number in a row; only a benchmark that does not run is a failure.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need_for core php python
need_cargo
# target/tools/python has the `cryptography` that Python is compared with.
sh scripts/tools/python.sh
cargo build --release --quiet --locked -p libwxpay
target=${CARGO_TARGET_DIR:-target}
target=$(cd "$target" && pwd)

failed=0
bench() { # bench NAME COMMAND...
    echo "== $1"
    shift
    env -u WXPAY_LIBRARY -u LD_LIBRARY_PATH "$@" || {
        echo "the benchmark did not run (exit status $?)" >&2
        failed=1
    }
}
bench Python "$target/tools/python/bin/python" bindings/python/bench/overhead.py "$target/release/libwxpay.so"
bench PHP php bindings/php/bench/overhead.php "$target/release/libwxpay.so"
exit $failed
