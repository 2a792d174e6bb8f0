#!/bin/sh
# make_package.sh LIBRARY OUTDIR: the Composer package with the library inside, OUTDIR/libwxpay-php-VERSION.tar.gz.
# Prints its path. The same input gives the same bytes.
set -eu
library=$1 outdir=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$here/../../Cargo.toml")
case $(od -An -t u2 -j 18 -N 2 "$library" | tr -d ' ') in
62) triplet=x86_64-linux-gnu ;;
183) triplet=aarch64-linux-gnu ;;
*)
    echo "$library is for no machine that the package knows" >&2
    exit 1
    ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/libwxpay-php-$version
mkdir -p "$root/lib/$triplet" "$outdir"
(cd "$here" && cp -R README.md autoload.php bin examples preload.php src wxpay.ffi.h "$root/")
sed "s|\"type\": \"library\",|\"version\": \"$version\",\n    \"type\": \"library\",|" "$here/composer.json" >"$root/composer.json"
cp "$here/../../LICENSE" "$root/"
cp "$library" "$root/lib/$triplet/libwxpay.so.0"
find "$root" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$root/bin/wxpay-check" "$root/bin/wxpay-install" "$root/lib/$triplet/libwxpay.so.0"
package=$outdir/libwxpay-php-$version.tar.gz
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -cf - "libwxpay-php-$version" | gzip -n -9 >"$package"
echo "$package"
