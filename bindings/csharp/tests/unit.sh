#!/bin/sh
# unit.sh OUTDIR: compiles the package and its tests into OUTDIR; `run.sh OUTDIR/tests.exe` runs them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/../build.sh" "$1"
mcs -langversion:7.2 -warnaserror -out:"$1/tests.exe" -r:"$1/LibWxPay.dll" -r:System.dll -r:System.Core.dll -r:System.Net.Http.dll \
    "$here"/unit/*.cs "$here"/*.cs "$here/../examples/NotificationEndpoint.cs" -main:LibWxPay.Tests.Runner
