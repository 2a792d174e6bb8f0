#!/bin/sh
# guideline.sh LIBRARY WORKDIR PORT DIR: the guideline's case in one process, on Mono, or on CoreCLR when DOTNET names its
# `dotnet`; SSL_CERT_FILE is DIR/store.pem.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/../build.sh" "$2"
mcs -langversion:7.2 -warnaserror -out:"$2/guideline.exe" -r:"$2/LibWxPay.dll" -r:System.dll -r:System.Core.dll \
    "$here/Guideline.cs" "$here/Json.cs" "$here/Failure.cs"
install -m 755 "$1" "$2/libwxpay.so.0"
unset WXPAY_LIBRARY || true
sh "$here/run.sh" "$2/guideline.exe" "$3" "$4" "$here/../../conformance/keys"
