#!/bin/sh
# Makes target/tools/moving: the package requests, with its own certifi, for README's Python example.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
need python3=python3
venv moving tests/suite/moving/requirements.txt
