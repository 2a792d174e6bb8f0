#!/bin/sh
# make_package.sh LIBRARY OUTDIR: LibWxPay.VERSION.nupkg with that library for linux-x64. LIBRARY is an absolute path.
set -eu
[ $# = 2 ] && [ "${1#/}" != "$1" ] || {
    echo "usage: make_package.sh /absolute/path/of/libwxpay.so OUTDIR" >&2
    exit 2
}
mkdir -p "$2"
out=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n '/^\[workspace.package\]/,/^\[package\]/s/^version = "\(.*\)"/\1/p' "$here/../../Cargo.toml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/_rels" "$work/runtimes/linux-x64/native"
sh "$here/build.sh" "$work/lib/netstandard2.0"
install -m 755 "$1" "$work/runtimes/linux-x64/native/libwxpay.so.0"
sed "s/\$version\\$/$version/" "$here/LibWxPay.nuspec" >"$work/LibWxPay.nuspec"
cp "$here/README.md" "$here/../../LICENSE" "$work"
# What makes a zip an OPC package, which NuGet reads: a type for every part, and which part is the manifest.
cat >"$work/[Content_Types].xml" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />
  <Default Extension="nuspec" ContentType="application/octet" />
  <Default Extension="dll" ContentType="application/octet" />
  <Default Extension="xml" ContentType="application/octet" />
  <Default Extension="0" ContentType="application/octet" />
  <Default Extension="md" ContentType="application/octet" />
  <Default Extension="txt" ContentType="application/octet" />
  <Default Extension="json" ContentType="application/octet" />
  <Override PartName="/LICENSE" ContentType="application/octet" />
</Types>
XML
cat >"$work/_rels/.rels" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/LibWxPay.nuspec" Id="R1" />
</Relationships>
XML
python3 - "$work" "$out/LibWxPay.$version.nupkg" <<'PY'
import sys
import zipfile
from pathlib import Path

work, out = map(Path, sys.argv[1:])
parts = sorted(path for path in work.rglob("*") if path.is_file())
# The types come first: readers of streams need them before the parts.
parts.sort(key=lambda path: path.name != "[Content_Types].xml")
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
    for path in parts:
        part = zipfile.ZipInfo(str(path.relative_to(work)), (1980, 1, 1, 0, 0, 0))
        part.compress_type = zipfile.ZIP_DEFLATED
        part.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
        package.writestr(part, path.read_bytes())
PY
echo "$out/LibWxPay.$version.nupkg"
