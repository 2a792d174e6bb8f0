#!/bin/sh
# install.sh PREFIX [DESTDIR]: what `make install` does. Library, headers for C and C++, pkg-config and
# CMake files go below DESTDIR/PREFIX. Prints every file, one a line.
#
# LIBDIR (lib) is relative to PREFIX: lib64, lib/x86_64-linux-gnu. WXPAY_LIBRARY_FILE installs that
# library, and the libwxpay.a beside it if there is one, instead of building.
set -eu
# A relative path is the caller's.
case ${WXPAY_LIBRARY_FILE:-} in
'' | /*) ;;
*) WXPAY_LIBRARY_FILE=$PWD/$WXPAY_LIBRARY_FILE ;;
esac
cd "$(dirname "$0")/.."
. scripts/need.sh
umask 022

prefix=${1:-/usr/local} destdir=${2:-} libdir=${LIBDIR:-lib}
case $prefix in
/*) ;;
*)
    echo "PREFIX must be an absolute path, got $prefix" >&2
    exit 1
    ;;
esac
prefix=${prefix%/}
libdir=${libdir#"$prefix"/}
case /$libdir/ in
//*/ | */../* | *[!A-Za-z0-9_./+-]*)
    echo "LIBDIR must be a path below PREFIX, such as lib64, got $libdir" >&2
    exit 1
    ;;
esac

library=${WXPAY_LIBRARY_FILE:-}
if [ -z "$library" ]; then
    need_cargo
    # Alone, so that no feature of the rest of the workspace gets in.
    cargo build --release --quiet --locked -p libwxpay
    library=${CARGO_TARGET_DIR:-target}/${CARGO_BUILD_TARGET:+$CARGO_BUILD_TARGET/}release/libwxpay.so
fi
[ -f "$library" ] || {
    echo "$library is not there. make install is for systems with ELF libraries." >&2
    exit 1
}
[ "$(od -An -tx1 -N4 "$library" | tr -d ' ')" = 7f454c46 ] || {
    echo "$library is not an ELF library" >&2
    exit 1
}
static=${library%/*}/libwxpay.a

version=$(sed -n '/^\[workspace.package\]/,/^\[package\]/s/^version = "\(.*\)"/\1/p' Cargo.toml)
soversion=${version%%.*}
# What the static library needs from the system; `--print native-static-libs` of rustc says it.
static_libs="-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"
# The fifth byte of an ELF file: 1 for 32 bits, 2 for 64.
pointer_size=$(($(od -An -tu1 -j4 -N1 "$library") * 4))

put() { # put MODE FILE TARGET
    target=$prefix/$3
    install -d -m 0755 "$destdir${target%/*}"
    install -m "$1" "$2" "$destdir$target"
    echo "$destdir$target"
}
link() { # link TO NAME
    ln -sf "$1" "$destdir$prefix/$2"
    echo "$destdir$prefix/$2"
}
up() { echo "$1" | sed 's|[^/][^/]*|..|g'; }
fill() { # fill TEMPLATE TARGET
    sed -e "s|@VERSION@|$version|g" -e "s|@SOVERSION@|$soversion|g" -e "s|@LIBDIR@|$libdir|g" \
        -e "s|@UP_FROM_PKGCONFIG@|$(up "$libdir/pkgconfig")|g" -e "s|@UP_FROM_CMAKE@|$(up "$libdir/cmake/wxpay")|g" \
        -e "s|@STATIC_LIBS@|$static_libs|g" -e "s|@STATIC_LIBS_CMAKE@|$(echo "$static_libs" | sed 's/-l//g; s/ /;/g')|g" \
        -e "s|@POINTER_SIZE@|$pointer_size|g" "bindings/cpp/cmake/$1" >"$filled"
    put 0644 "$filled" "$2"
}
filled=$(mktemp)
trap 'rm -f "$filled"' EXIT

put 0755 "$library" "$libdir/libwxpay.so.$version"
link "libwxpay.so.$version" "$libdir/libwxpay.so.$soversion"
link "libwxpay.so.$soversion" "$libdir/libwxpay.so"
if [ -f "$static" ]; then
    put 0644 "$static" "$libdir/libwxpay.a"
fi
put 0644 include/wxpay.h include/wxpay.h
for header in bindings/cpp/include/wxpay/*.hpp; do
    put 0644 "$header" "include/wxpay/${header##*/}"
done
fill wxpay.pc.in "$libdir/pkgconfig/wxpay.pc"
fill wxpayConfig.cmake.in "$libdir/cmake/wxpay/wxpayConfig.cmake"
fill wxpayConfigVersion.cmake.in "$libdir/cmake/wxpay/wxpayConfigVersion.cmake"
put 0644 LICENSE share/doc/libwxpay/LICENSE
put 0644 bindings/cpp/README.md share/doc/libwxpay/cpp.md

# Where the system looks for libraries, its list of them must know the new one.
if [ -z "$destdir" ] && [ "$(id -u)" = 0 ] && command -v ldconfig >/dev/null 2>&1; then
    case $prefix in
    /usr | /usr/local) ldconfig ;;
    esac
fi
