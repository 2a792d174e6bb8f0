#!/bin/sh
# Makes target/tools/python: what Python's tests, gates and benchmark run with.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
need python3=python3
venv python bindings/python/requirements-dev.txt
