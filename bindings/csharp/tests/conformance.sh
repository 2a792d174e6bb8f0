#!/bin/sh
# conformance.sh LIBRARY WORKDIR [DIR]: the vectors (of DIR) by the generated declarations, on Mono, or on CoreCLR when DOTNET
# names its `dotnet`. The last line is `N passed, M failed`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
out=$2/conformance-csharp.exe
# With the package's sources in one assembly: the declarations are not public.
mcs -langversion:7.2 -warnaserror -out:"$out" -r:System.dll -r:System.Core.dll -r:System.Net.Http.dll \
    "$here"/../src/*.cs "$here"/conformance/*.cs "$here/Json.cs"
# The variable takes only what nobody else may change.
install -m 755 "$1" "$2/libwxpay.so.0"
unset WXPAY_LIBRARY || true
sh "$here/run.sh" "$out" "${3:-$here/../../conformance}"
