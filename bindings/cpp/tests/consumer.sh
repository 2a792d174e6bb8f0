#!/bin/sh
# consumer.sh PREFIX SIMDIR WORKDIR: builds the journey against what was installed below PREFIX, with CMake
# and with pkg-config, g++ and clang++, shared and static, and runs each against the simulator in SIMDIR.
set -eu
prefix=$1 sim=$2 work=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
passed=0 failed=0
flags="-std=c++17 -Wall -Wextra -Wpedantic -Werror"

# check NAME COMMAND...: it succeeds, and its last line says that all steps ran.
check() {
    name=$1
    shift
    if "$@" >"$work/$name.log" 2>&1 && tail -n 1 "$work/$name.log" | grep -q '^cpp: ok (8 steps)$\|^demo: ok$'; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        tail -n 20 "$work/$name.log"
    fi
}

pkg() { PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@"; }

with_cmake() { # with_cmake COMPILER TARGET [PROJECT]
    dir=$work/cmake-$1
    [ -e "$dir/Makefile" ] || cmake -S "$here/${3:-consumer}" -B "$dir" -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER="$1" \
        -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Debug || return 1
    cmake --build "$dir" --target "$2" && "$dir/$2" "$sim"
}

with_pkg_config() { # with_pkg_config COMPILER shared|static
    program=$work/pkg-config-$1-$2
    libs="$(pkg --libs wxpay) -Wl,-rpath,$prefix/lib"
    # First choice is the archive; what it needs is shared, and only what it needs.
    [ "$2" = shared ] || libs="-Wl,-Bstatic $(pkg --libs wxpay) -Wl,-Bdynamic,--as-needed $(pkg --static --libs wxpay)"
    # shellcheck disable=SC2086,SC2046
    "$1" $flags $(pkg --cflags wxpay) "$here/journey.cpp" "$here/consumer/second_unit.cpp" -o "$program" $libs || return 1
    if [ "$2" = static ] && objdump -p "$program" | grep -q 'NEEDED.*libwxpay'; then
        echo "it needs the shared library"
        return 1
    fi
    "$program" "$sim"
}

for compiler in g++ clang++; do
    check "cmake-$compiler-shared" with_cmake "$compiler" journey_wxpay
    check "cmake-$compiler-static" with_cmake "$compiler" journey_static
    check "pkg-config-$compiler-shared" with_pkg_config "$compiler" shared
    check "pkg-config-$compiler-static" with_pkg_config "$compiler" static
done
check "cmake-c" with_cmake none journey_c consumer/c
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
