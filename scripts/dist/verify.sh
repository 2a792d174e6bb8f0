#!/bin/sh
# verify.sh [--any-library] DIR: checks a directory that `make dist` made, as it was downloaded:
# sums, that every package holds the same library and the notices, and the gates on that library.
# --any-library: made by dist.sh --library, so without the gates of the portable build.
set -eu
portable=--portable
if [ "${1:-}" = --any-library ]; then
    portable=
    shift
fi
dir=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
echo "== verifying $dir"
(cd "$dir" && sha256sum --check --strict --quiet SHA256SUMS)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 scripts/dist/contents.py "$dir" "$work/libwxpay.so"
# shellcheck disable=SC2086
python3 scripts/dist/gate.py $portable "$work/libwxpay.so"
