#!/bin/sh
# make abi: whether this header's binary interface still is the one that was released: abidiff
# against the abidw XML of tests/abi. Functions and constants may be added; nothing may go or change.
#
# abi.sh [--header FILE]    compares; another header than include/wxpay.h for the tests
# abi.sh --bless            writes tests/abi/MAJOR.MINOR anew, at a release (docs/abi.md)
# abi.sh --library FILE [--without FUNCTION] [--abi MAJOR.MINOR]
#                           makes FILE: a library as an older release was, all of whose functions trap
#
# What is read is a C library that is made of the header, one function that traps for each
# declaration, in a second. Of the Rust library, built as tests build it (line tables), abidw sees no function
# at all; and what is a macro in C is in no library. That the library has what the header says hold
# two tests: the header is what cbindgen makes of the source, byte for byte, and the library exports its
# functions and no others.
set -eu
header='' bless='' library='' without='' abi=''
while [ $# -gt 0 ]; do
    case $1 in
    --header | --library) value=$(cd "$(dirname "$2")" && pwd)/$(basename "$2") ;;
    *) value=${2:-} ;;
    esac
    case $1 in
    --header) header=$value ;;
    --library) library=$value ;;
    --without) without=$value ;;
    --abi) abi=$value ;;
    --bless) bless=1 && set -- "$@" '' ;;
    *)
        sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
    shift
    [ $# = 0 ] || shift
done
cd "$(dirname "$0")/.."
. scripts/need.sh
need_for core abi
header=${header:-$(pwd)/include/wxpay.h}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/include"
cp "$header" "$work/include/wxpay.h"

constant() { sed -n "s/^#define WXPAY_VERSION_$1 \([0-9]*\)$/\1/p" "$header"; }
release=$(constant MAJOR).$(constant MINOR)
abi=${abi:-$release}

# code: the header's declarations, one a line, marked.
code() {
    sed -e '/^#include/d' -e 's/^#define WXPAY_API$/#define WXPAY_API __marked__/' "$work/include/wxpay.h" |
        cc -E -P -xc - | tr '\n' ' ' | tr ';' '\n' | sed -n 's/^.*__marked__ *//p'
}
{
    echo '#include <wxpay.h>'
    # A macro leaves no trace in a library: each number becomes an enumerator. One enum for each kind, because
    # abidiff does not notice one that went while another of its enum has the same value. The version's may change.
    cc -E -dM -xc "$work/include/wxpay.h" | LC_ALL=C sort |
        sed -n '/ WXPAY_VERSION/d; s/^#define WXPAY_\([A-Z0-9]*\)_\([A-Z0-9_]*\) -\{0,1\}[0-9][0-9]*$/\1 \2/p' |
        awk '{ if ($1 != kind) { if (kind) print "} constants_" kind ";"; kind = $1; print "enum constants_of_" kind " {" }
               print "    NUMBER_" $1 "_" $2 " = WXPAY_" $1 "_" $2 "," }
             END { print "} constants_" kind ";" }'
    # A handle has no content, and abidiff takes one opaque struct for another: here each has a size of its own.
    sed -n 's/^typedef struct \(wxpay_[a-z0-9_]*\) .*;$/\1/p' "$work/include/wxpay.h" | while read -r handle; do
        echo "struct $handle { char content[$(($(echo "$handle" | cksum | cut -d' ' -f1) % 65521 + 1))]; };"
    done
    code | while read -r declaration; do
        case $declaration in
        "uint32_t wxpay_abi_version("*) echo "$declaration { return ${abi%.*}u << 16 | ${abi#*.}u; }" ;;
        *"${without:-nothing}("*) ;;
        *) echo "$declaration { __builtin_trap(); }" ;;
        esac
    done
} >"$work/shim.c"
functions=$(grep -c '{ __builtin_trap(); }\|{ return ' "$work/shim.c")
[ "$functions" -gt 100 ] || {
    echo "$functions functions were found in $header" >&2
    exit 1
}
(cd "$work" && cc -std=c99 -g -O0 -w -shared -fPIC -fdebug-prefix-map="$work"=. -Wl,-soname,libwxpay.so.0 -I include shim.c -o libwxpay.so.0)

if [ -n "$library" ]; then
    cp "$work/libwxpay.so.0" "$library"
    exit
fi
if [ -n "$bless" ]; then
    to=tests/abi/$release
    mkdir -p "$to"
    (cd "$work" && abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed \
        --type-id-style hash libwxpay.so.0) >"$to/wxpay.abi.xml"
    # Without its comments the header is a third as long, and the same to a compiler.
    python3 -c 'import re, sys; print(re.sub(r"\n\s*\n+", "\n", re.sub(r"/\*.*?\*/", "", sys.stdin.read(), flags=re.S)).strip())' \
        <"$header" >"$to/wxpay.h"
    # And what was written against it: the declarations of two languages, a suite of C programs.
    cp bindings/php/wxpay.ffi.h bindings/python/src/libwxpay/_abi.py tests/c/abi.c tests/c/abi.h tests/c/check.h "$to"
    echo "written: $to, $functions functions"
    exit
fi

baselines=0
for baseline in tests/abi/*/wxpay.abi.xml; do
    [ -e "$baseline" ] || break
    baselines=$((baselines + 1))
    # --harmless is not given: what is only added to the constants is no change.
    abidiff --no-added-syms "$baseline" "$work/libwxpay.so.0" || {
        echo "FAIL: the interface is not that of $baseline (abidiff gave $?)" >&2
        exit 1
    }
    echo "ok: $functions functions, nothing of $(basename "$(dirname "$baseline")") went or changed"
done
[ "$baselines" -gt 0 ] || {
    echo "no baseline in tests/abi" >&2
    exit 1
}
