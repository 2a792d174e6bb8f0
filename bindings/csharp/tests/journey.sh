#!/bin/sh
# journey.sh LIBRARY SIMDIR WORKDIR: the journey of a payment, on Mono, or on CoreCLR when DOTNET names its `dotnet`.
# SSL_CERT_FILE trusts the simulator.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/../build.sh" "$3"
mcs -langversion:7.2 -warnaserror -out:"$3/journey.exe" -r:"$3/LibWxPay.dll" -r:System.dll -r:System.Core.dll \
    "$here/Journey.cs" "$here/Json.cs" "$here/Server.cs" "$here/Failure.cs" "$here/../examples/NotificationEndpoint.cs"
# The loader takes only what nobody else may change.
install -m 755 "$1" "$3/libwxpay.so.0"
unset WXPAY_LIBRARY || true
sh "$here/run.sh" "$3/journey.exe" "$2"
