#!/bin/sh
# conformance.sh LIBRARY WORKDIR [DIR]: the vectors (of DIR), by the generated declarations.
set -eu
exec php -d ffi.enable=preload -d error_reporting=-1 -d display_errors=stderr "$(dirname "$0")/conformance/run.php" "$1" ${3:+"$3"}
