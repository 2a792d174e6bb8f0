#!/bin/sh
# run.sh ASSEMBLY ARGUMENT...: on Mono, or on CoreCLR when DOTNET names its `dotnet`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${DOTNET:-}" ]; then
    export DOTNET_EnableDiagnostics=0
    exec "$DOTNET" exec --runtimeconfig "$here/runtimeconfig.json" "$@"
fi
exec mono "$@"
