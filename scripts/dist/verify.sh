#!/bin/sh
# verify.sh [--any-library] DIR: checks a directory that `make dist` made, as it was downloaded:
# sums, that every package holds the same library and the notices, and the gates on that library.
# --any-library: made by dist.sh --library, so without the gates of the portable build.
# Who made it: SHA256SUMS.sig, by a key of bindings/dist/allowed_signers, or of the file that SIGNERS names.
set -eu
portable=--portable
if [ "${1:-}" = --any-library ]; then
    portable=
    shift
fi
dir=$(cd "$1" && pwd)
signers=${SIGNERS:+$(cd "$(dirname "$SIGNERS")" && pwd)/$(basename "$SIGNERS")}
cd "$(dirname "$0")/../.."
echo "== verifying $dir"
published=bindings/dist/allowed_signers
[ -n "$signers" ] || [ ! -e "$published" ] || signers=$published
if [ -n "$signers" ]; then
    [ -e "$dir/SHA256SUMS.sig" ] || {
        echo "FAIL: SHA256SUMS is not signed: $dir has no SHA256SUMS.sig" >&2
        exit 1
    }
    # Says which key it was.
    ssh-keygen -Y verify -f "$signers" -I libwxpay-release -n libwxpay-release -s "$dir/SHA256SUMS.sig" <"$dir/SHA256SUMS" || {
        echo "FAIL: SHA256SUMS is not signed by a key of $signers" >&2
        exit 1
    }
else
    echo "NOT CHECKED: who made this. The project has published no key yet; SIGNERS=FILE names one (docs/release.md)"
fi
(cd "$dir" && sha256sum --check --strict --quiet SHA256SUMS)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 scripts/dist/contents.py "$dir" "$work/libwxpay.so"
# shellcheck disable=SC2086
python3 scripts/dist/gate.py $portable "$work/libwxpay.so"
