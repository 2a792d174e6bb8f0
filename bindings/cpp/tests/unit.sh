#!/bin/sh
# unit.sh LIBRARY SIMDIR WORKDIR [valgrind|sanitizers]: the tests of bindings/cpp/tests/unit against a simulator
# that runs in SIMDIR and that SSL_CERT_FILE trusts. The last line is `N passed, M failed`. Builds what is not in WORKDIR yet, and nothing more
# when SIMDIR is empty.
set -eu
library=$1 sim=$2 work=$3 under=${4:-nothing}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
ln -sf "$library" "$work/libwxpay.so"
ln -sf "$library" "$work/libwxpay.so.0"
flags="-std=c++17 -g -Wall -Wextra -Wpedantic -Werror -Wconversion -Wshadow -Wnon-virtual-dtor"
[ "$under" != sanitizers ] || flags="$flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

# Two at a time: each unit includes all headers.
if [ ! -e "$work/unit" ]; then
    for unit in "$here"/unit/*.cpp; do echo "$unit"; done | xargs -P 2 -I UNIT sh -c \
        '"${CXX:-g++}" '"$flags"' -I"'"$here"'/../../../include" -I"'"$here"'/../include" -c UNIT -o "'"$work"'/$(basename UNIT).o"'
    # shellcheck disable=SC2086
    "${CXX:-g++}" $flags "$work"/*.cpp.o -o "$work/unit" -L"$work" -lwxpay -pthread
fi
[ -n "$sim" ] || exit 0

export LD_LIBRARY_PATH="$work"
case $under in
valgrind)
    # What the library keeps for the life of the process is not lost.
    exec valgrind --quiet --child-silent-after-fork=yes --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect "$work/unit" "$sim"
    ;;
*) exec "$work/unit" "$sim" ;;
esac
