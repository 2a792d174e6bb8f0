#!/bin/sh
# make vectors: keys, vectors and the list of the keys' fingerprints anew, with the openssl
# command and Python's standard library. Never uses the library.
#
#   scripts/vectors.sh [--keep-keys] [OUTDIR]
#
# With OUTDIR everything goes there and the repository stays as it is. With --keep-keys only the
# vectors are written: after a change of bindings/conformance/generate.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
need openssl=openssl python3=python3

keep=
[ "${1:-}" != --keep-keys ] || { keep=1; shift; }
out=${1:-bindings/conformance}
list=src/key/published.rs
[ $# -eq 0 ] || { mkdir -p "$out"; list=$out/published.rs; }

[ -n "$keep" ] || sh bindings/conformance/keys.sh "$out/keys"
PYTHONDONTWRITEBYTECODE=1 python3 bindings/conformance/generate "$out" "$list"
