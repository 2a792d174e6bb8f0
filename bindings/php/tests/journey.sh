#!/bin/sh
# journey.sh LIBRARY SIMDIR WORKDIR: the main job of a merchant's service, against a running simulator.
set -eu
WXPAY_LIBRARY=$1 exec php -d ffi.enable=preload -d error_reporting=-1 -d display_errors=stderr "$(dirname "$0")/journey.php" "$2"
