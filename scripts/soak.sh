#!/bin/sh
# make soak: soak.sh SECONDS. Merchants in C, Python and PHP-FPM against a simulator that fails on purpose (docs/soak.md).
# soak.sh --prove: short runs of the merchant in C with a defect each; the checks must find every one of them.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need_for core php python
need_cargo
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE || true
cargo build --quiet --locked -p libwxpay --features header
cargo build --quiet --locked -p wxpay-cli
target=${CARGO_TARGET_DIR:-target}
out=$target/soak
mkdir -p "$out"
# Below /tmp, because php-fpm's user must get there.
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# soak NAME SECONDS ...: a run with a folder of its own; its journals stay when it failed.
soak() {
    name=$1 status=0
    shift
    mkdir "$work/$name"
    cc -std=c99 -pedantic -Wall -Wextra -Werror -pthread -Iinclude soak/host.c -o "$work/$name/host" -L"$target/debug" -lwxpay
    PYTHONDONTWRITEBYTECODE=1 python3 soak/run.py "$work/$name" "$@" >"$out/$name.txt" 2>&1 || status=$?
    cp "$work/$name/report.json" "$out/$name.json" 2>/dev/null || echo '{"wrong": [{"rule": "no report"}]}' >"$out/$name.json"
    return $status
}

if [ "${1-}" != --prove ]; then
    status=0
    soak report "${1:-600}" || status=$?
    cat "$out/report.txt"
    if [ $status != 0 ]; then
        # Not the keys.
        rm -rf "$out/failed"
        mkdir "$out/failed"
        cp -R "$work"/report/journals "$work"/report/*.log "$work"/report/*.out "$work"/report/fpm/*.log "$out/failed/" 2>/dev/null || true
        echo "journals and the simulator's logs: $out/failed" >&2
    fi
    exit $status
fi

# prove DEFECT RULE SECONDS: the run with that defect fails by that rule and by no other.
failed=0
prove() {
    status=0
    soak "prove-$1" "$3" --only c --plant "$1" || status=$?
    found=$(python3 -c 'import json, sys; print(",".join(sorted({one["rule"] for one in json.load(open(sys.argv[1]))["wrong"]})))' "$out/prove-$1.json")
    if [ "$found" = "$2" ]; then
        echo "$1: ${2:+found by }${2:-nothing wrong, and nothing found}"
    else
        failed=1
        echo "$1: FAILED, expected '$2', found '$found'"
        tail -n 5 "$out/prove-$1.txt" | sed 's/^/    /'
    fi
}
prove none '' 20
prove lie outcome 20
prove twice repeated 20
prove believe notify 20
prove digest digest 20
prove leak memory 40
prove descriptor descriptors 20
exit $failed
