#!/bin/sh
# Makes target/tools/dist-check: what the tests check the bill of materials with. What builds the
# portable library is made by scripts/dist/portable.sh.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
need_for dist
venv dist-check bindings/dist/check.txt
