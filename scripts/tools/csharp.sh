#!/bin/sh
# Makes target/tools/csharp: CoreCLR, so that the tests of C# run on it as well as on Mono.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
need python3=python3
venv csharp bindings/csharp/requirements-test.txt
# The package unpacks without the mode. Only its files are used: importing it would start the runtime.
chmod +x "${CARGO_TARGET_DIR:-target}"/tools/csharp/lib/python3*/site-packages/dnv/net/runtime/.net/dotnet
