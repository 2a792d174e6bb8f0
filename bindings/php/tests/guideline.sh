#!/bin/sh
# guideline.sh LIBRARY WORKDIR PORT DIR: the guideline's case in one process; SSL_CERT_FILE is DIR/store.pem.
set -eu
WXPAY_LIBRARY=$1 exec php -d ffi.enable=preload -d error_reporting=-1 -d display_errors=stderr "$(dirname "$0")/guideline.php" "$3" "$4"
