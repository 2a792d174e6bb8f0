#!/bin/sh
# make dist: builds the portable library and makes what is shipped from it, into target/dist
# (docs/release.md). The same commit gives the same bytes.
#
# dist.sh [--library FILE] [--out DIR]
# --library packages that file instead; gates that only the portable build passes are then skipped,
# by name. It serves the tests and must not be published.
set -eu
absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$(pwd)/$1" ;;
    esac
}
library='' out=''
while [ $# -gt 0 ]; do
    case $1 in
    --library) library=$(absolute "$2") ;;
    --out) out=$(absolute "$2") ;;
    *)
        echo "dist.sh [--library FILE] [--out DIR]" >&2
        exit 2
        ;;
    esac
    shift 2
done
cd "$(dirname "$0")/.."
. scripts/need.sh
umask 022

need_for dist csharp
need_cargo
mkdir -p "${CARGO_TARGET_DIR:-target}"
CARGO_TARGET_DIR=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR
out=${out:-$CARGO_TARGET_DIR/dist}
# Cargo keeps a directory of this name too, for `--profile dist`: only what was made here goes.
if [ -d "$out" ] && [ -n "$(ls -A "$out")" ] && ! [ -f "$out/SHA256SUMS" ]; then
    echo "$out has files but no SHA256SUMS, so it was not made by make dist: move it away, or name another directory with --out" >&2
    exit 1
fi

version=$(sed -n '/^\[workspace.package\]/,/^\[package\]/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# Archives carry the commit's date, not the build's.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} || {
    echo "not a git checkout: set SOURCE_DATE_EPOCH to the release's Unix time" >&2
    exit 1
}
export SOURCE_DATE_EPOCH
[ -z "$(git status --porcelain 2>/dev/null)" ] || echo "note: the work tree differs from the last commit"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/library" "$work/out" "$work/tar"

portable='' kind=--any-library wheel=linux_x86_64 zig='' build=''
if [ -z "$library" ]; then
    library=$(sh scripts/dist/portable.sh)
    tools=$(cd "$CARGO_TARGET_DIR/tools/dist-portable" && pwd)
    zig=$("$tools/bin/python" -c 'import ziglang, os; print(os.path.dirname(ziglang.__file__))')
    portable=--portable kind='' wheel=manylinux_2_17_x86_64
    build=$CARGO_TARGET_DIR/portable/artifacts.json
fi
cp "$library" "$work/library/libwxpay.so"
library=$work/library/libwxpay.so

echo "== gates"
python3 scripts/dist/gate.py $portable "$library"

echo "== what is inside"
bill=$work/out/libwxpay-$version.cdx.json
python3 scripts/dist/sbom.py --when "$SOURCE_DATE_EPOCH" ${zig:+--zig "$zig"} ${build:+--build "$build"} "$library" "$bill"
python3 scripts/dist/licences.py ${zig:+--zig "$zig"} "$work/out/THIRD-PARTY.txt"
cp LICENSE "$work/LICENSE"
set -- "$work/LICENSE" "$work/out/THIRD-PARTY.txt" "$bill"

echo "== packages"
sh scripts/tools/python.sh
name=libwxpay-$version-linux-x86_64
env -u LIBDIR WXPAY_LIBRARY_FILE="$library" sh scripts/install.sh "/$name" "$work/tar" >/dev/null
cp "$@" "$work/tar/$name/share/doc/libwxpay/"
python3 scripts/dist/archive.py --when "$SOURCE_DATE_EPOCH" tar "$work/tar/$name" "$work/out/$name.tar.gz"
# The tag is a promise that only the portable library keeps.
WXPAY_WHEEL_PLATFORM=$wheel sh bindings/python/make_wheel.sh "$library" "$work/out" >/dev/null
sh bindings/csharp/make_package.sh "$library" "$work/out" >/dev/null
sh bindings/php/make_package.sh "$library" "$work/out" >/dev/null
for archive in "$work"/out/*.whl "$work"/out/*.nupkg "$work"/out/libwxpay-php-*.tar.gz; do
    [ -f "$archive" ] || {
        echo "no package was made as ${archive##*/}" >&2
        exit 1
    }
    python3 scripts/dist/archive.py --when "$SOURCE_DATE_EPOCH" finish "$archive" "$@"
done
(cd "$work/out" && LC_ALL=C sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)

mkdir -p "${out%/*}"
rm -rf "$out"
mv "$work/out" "$out"
sh scripts/dist/verify.sh $kind "$out"
echo "== made in $out"
(cd "$out" && ls -l | awk 'NF > 8 { print $9 ": " $5 " bytes" }')
