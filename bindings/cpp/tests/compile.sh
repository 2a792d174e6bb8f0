#!/bin/sh
# compile.sh WORKDIR: headers, examples and the README's code with each compiler and standard, and every
# warning an error. The last line is `N passed, M failed`.
set -eu
work=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
passed=0 failed=0
flags="-Wall -Wextra -Wpedantic -Werror -Wconversion -Wshadow -Wnon-virtual-dtor -I$here/../../../include -I$here/../include"

# check NAME COMMAND...
check() {
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        head -n 20 "$work/log"
    fi
}

# The README's blocks, one file each.
rm -f "$work"/readme*.cpp
awk -v work="$work" '/^```cpp$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print > (work "/readme" n ".cpp") }' "$here/../README.md"

for compiler in g++ clang++; do
    for standard in c++17 c++20 c++2b; do
        # shellcheck disable=SC2086
        check "$compiler $standard optimized" "$compiler" -std=$standard $flags -O2 -c "$here/unit/calls.cpp" -o "$work/calls.o"
        for source in "$here"/../examples/*.cpp "$here/unit/notifications.cpp"; do
            # shellcheck disable=SC2086
            check "$compiler $standard $(basename "$source")" "$compiler" -std=$standard $flags -fsyntax-only "$source"
        done
    done
    for header in "$here"/../include/wxpay/*.hpp "$work"/readme*.cpp; do
        # A header stands alone, whichever is included first.
        printf '#include "%s"\n#include <wxpay/wxpay.hpp>\n' "$header" >"$work/alone.cpp"
        # shellcheck disable=SC2086
        check "$compiler $(basename "$header") alone" "$compiler" -std=c++17 $flags -fsyntax-only "$work/alone.cpp"
    done
done

# Without exceptions nothing would say that a signature was wrong: refused, with the reason.
says_why() {
    # shellcheck disable=SC2086
    ! "$1" -std=c++17 $flags -fno-exceptions -fsyntax-only "$here/../examples/order.cpp" 2>"$work/why" &&
        grep -q "compile without -fno-exceptions" "$work/why"
}
check "g++ -fno-exceptions is refused" says_why g++
check "clang++ -fno-exceptions is refused" says_why clang++
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
