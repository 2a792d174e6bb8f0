#!/bin/sh
# make release KEY=FILE: what is published, from a clean checkout of the tag: advisories of this day,
# the pinned compiler, every gate, signed. Stops at the first thing that is not so; there is no way around one.
set -eu
[ $# = 1 ] || {
    echo "release.sh KEYFILE (an ssh key; docs/release.md)" >&2
    exit 2
}
key=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
[ -f "$key" ] || {
    echo "no key at $key" >&2
    exit 1
}
cd "$(dirname "$0")/../.."
version=$(sed -n '/^\[workspace.package\]/,/^\[package\]/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[ -z "$(git status --porcelain)" ] || {
    echo "FAIL: the work tree differs from the last commit" >&2
    exit 1
}
[ "$(git describe --exact-match --tags 2>/dev/null)" = "v$version" ] || {
    echo "FAIL: this commit is not tagged v$version" >&2
    exit 1
}
unset WXPAY_ANY_RUSTC SOURCE_DATE_EPOCH || true
echo "== licences, bans, sources, advisories"
sh scripts/deny.sh --release
echo "== the interface"
sh scripts/abi.sh
sh scripts/dist.sh
sh scripts/dist/sign.sh "$key"
sh scripts/dist/verify.sh "${CARGO_TARGET_DIR:-target}/dist"
