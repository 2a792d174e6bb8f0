#!/bin/sh
# build.sh OUTDIR: compiles LibWxPay.dll and its documentation with Mono's compiler. The same sources give the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
mcs -langversion:7.2 -warnaserror -optimize+ -deterministic -target:library -out:"$1/LibWxPay.dll" -doc:"$1/LibWxPay.xml" \
    -r:System.dll -r:System.Core.dll -r:System.Net.Http.dll "$here"/src/*.cs
