#!/bin/sh
# make_wheel.sh LIBRARY OUTDIR: the wheel with that library inside. LIBRARY is an absolute path; that
# it needs no glibc newer than the tag says is for the caller to know. It runs the hatchling of the
# environment target/tools/python.
set -eu
[ $# = 2 ] && [ "${1#/}" != "$1" ] || {
    echo "usage: make_wheel.sh /absolute/path/of/libwxpay.so OUTDIR" >&2
    exit 2
}
mkdir -p "$2"
out=$(cd "$2" && pwd)
tools=${CARGO_TARGET_DIR:-$(cd "$(dirname "$0")/../.." && pwd)/target}/tools/python
# A copy, because what is built must not be able to leave something behind in the sources.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$(dirname "$0")/src" "$(dirname "$0")/pyproject.toml" "$(dirname "$0")/hatch_build.py" "$(dirname "$0")/README.md" "$work"
find "$work" -name __pycache__ -prune -exec rm -rf {} +
install -m 755 "$1" "$work/libwxpay.so.0"
cd "$work"
WXPAY_WHEEL_LIBRARY="$work/libwxpay.so.0" SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-315619200}" \
    "$tools/bin/hatchling" build --target wheel --directory "$out" >/dev/null
ls "$out"/libwxpay-*.whl
