#!/bin/sh
# Makes target/tools/conformance: Python's cryptography, for the vectors' independent checker.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
need_for conformance
need python3=python3
venv conformance bindings/conformance/requirements.txt
