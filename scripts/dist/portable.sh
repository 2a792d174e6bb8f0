#!/bin/sh
# Builds the library for every Linux on x86-64 with glibc 2.17 or newer, and prints its path.
# Zig's C compiler compiles AWS-LC and links, against the symbols that glibc had then. A target
# directory of its own: nothing here is shared with other builds.
set -eu
cd "$(dirname "$0")/../.."
. scripts/need.sh
root=$(pwd)
triple=x86_64-unknown-linux-gnu
say() { echo "$@" >&2; }

need_for dist >&2
need_cargo
# The compiler is a part of what is shipped. No rust-toolchain.toml: rustup would try to download it on
# every machine that builds or tests with another one.
pinned=$(cat bindings/dist/rustc.txt) has=$(rustc --version | cut -d' ' -f2-)
if [ "$has" != "$pinned" ]; then
    [ "${WXPAY_ANY_RUSTC:-}" = 1 ] || {
        say "releases are built by rustc $pinned (bindings/dist/rustc.txt), this is $has: run 'rustup toolchain install ${pinned%% *}' and set RUSTUP_TOOLCHAIN=${pinned%% *};"
        say "with WXPAY_ANY_RUSTC=1 this one builds a library that is not to be published"
        exit 1
    }
    say "NOT TO BE PUBLISHED: built by rustc $has, releases by $pinned"
fi
cargo fetch --quiet --locked
venv dist-portable bindings/dist/portable.txt >&2
tools=$(cd "$venv_dir" && pwd)
mkdir -p "${CARGO_TARGET_DIR:-target}/portable"
CARGO_TARGET_DIR=$(cd "${CARGO_TARGET_DIR:-target}/portable" && pwd)
export CARGO_TARGET_DIR

rustc --print target-libdir --target $triple | xargs test -d || {
    say "Rust's standard library for $triple is missing: run 'rustup target add $triple'"
    exit 1
}

# Panic messages name source files; where they lay on this machine is nobody's business, and would
# make the library differ from machine to machine. Cargo's own separator, for paths with spaces.
separator=$(printf '\037')
flags=--remap-path-prefix=$root=libwxpay
for sources in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags=$flags$separator--remap-path-prefix=$sources=crates
done
sysroot=$(rustc --print sysroot)
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
flags=$flags$separator--remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rustc/$commit
unset RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER CARGO_BUILD_TARGET CFLAGS CXXFLAGS LDFLAGS || true

say "portable library: building (about four minutes the first time) ..."
started=$(date +%s)
# AWS_LC_SYS_USE_SYSTEM: without it aws-lc-sys links whatever AWS-LC it finds on the machine.
env CARGO_ENCODED_RUSTFLAGS="$flags" CARGO_TERM_COLOR=never \
    AWS_LC_SYS_USE_SYSTEM=0 AWS_LC_SYS_NO_JITTER_ENTROPY=1 \
    PATH="$tools/bin:$PATH" \
    ZIG_GLOBAL_CACHE_DIR="$CARGO_TARGET_DIR/zig" CARGO_ZIGBUILD_CACHE_DIR="$CARGO_TARGET_DIR/zigbuild" \
    cargo-zigbuild rustc --locked --verbose -p libwxpay --lib --crate-type cdylib --profile dist \
    --target $triple.2.17 --message-format json-render-diagnostics \
    >"$CARGO_TARGET_DIR/artifacts.json" 2>"$CARGO_TARGET_DIR/build.log" || {
    tail -n 40 "$CARGO_TARGET_DIR/build.log" >&2
    exit 1
}
say "portable library: $(($(date +%s) - started)) s"

# Cargo drops lto without a word when an rlib is among the crate types, so its own command is read.
# A build that had nothing to do prints none: then that of the build before, which is kept.
command=$CARGO_TARGET_DIR/rustc-command.txt
grep 'Running `.*--crate-name wxpay .*--crate-type cdylib' "$CARGO_TARGET_DIR/build.log" >"$command.new" || true
if [ -s "$command.new" ]; then mv "$command.new" "$command"; else rm -f "$command.new"; fi
for wanted in '-C lto=fat' '-C opt-level=3' '-C codegen-units=1' '-C strip=symbols'; do
    grep -q -e "$wanted" "$command" || {
        say "the library was not compiled with $wanted (see $command)"
        exit 1
    }
done
# The jitter source would cost a process's first signature up to 150 ms (.cargo/config.toml).
for archive in "$CARGO_TARGET_DIR/$triple"/dist/build/aws-lc-sys-*/out/libaws_lc_*_crypto.a; do
    nm "$archive" 2>/dev/null | grep -q ' T .*RSA_sign' || { say "no AWS-LC in $archive"; exit 1; }
    if nm "$archive" 2>/dev/null | grep -q 'jent_'; then
        say "AWS-LC was compiled with its jitter source: $archive"
        exit 1
    fi
done
echo "$CARGO_TARGET_DIR/$triple/dist/libwxpay.so"
