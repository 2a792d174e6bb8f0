#!/bin/sh
# make dist-check: builds and packages the last commit twice and compares every byte. The second
# time everything that must not matter is another: directory, target directory, home, cargo's and
# pip's caches, user, umask, time zone, language, number of jobs, and the minute of the day.
#
# twice.sh [--library FILE]     packages that file instead of building one: minutes less, for tests
set -eu
library=
[ "${1:-}" != --library ] || library=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$(dirname "$0")/../.."
root=$(pwd)
. scripts/need.sh
need_for dist csharp

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} || {
    echo "not a git checkout: set SOURCE_DATE_EPOCH to the release's Unix time" >&2
    exit 1
}
export SOURCE_DATE_EPOCH
tools=$(mkdir -p "${CARGO_TARGET_DIR:-target}/tools" && cd "${CARGO_TARGET_DIR:-target}/tools" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# sources DIR: the last commit; without git, all that is there.
sources() {
    mkdir -p "$1"
    if [ -e .git ]; then
        git archive HEAD | (cd "$1" && tar -xf -)
    else
        tar -cf - --exclude=./target . | (cd "$1" && tar -xf -)
    fi
}
[ ! -e .git ] || [ -z "$(git status --porcelain)" ] || echo "note: what is not committed is not compared"

first=$work/a/libwxpay second=$work/another.place/below/sources
(umask 022 && sources "$first")
(umask 077 && sources "$second" && mkdir "$work/person" "$work/target")
if [ -n "$library" ]; then
    # Nothing is built: the tools of this machine will do for both.
    mkdir "$first/target"
    ln -s "$tools" "$first/target/tools"
    ln -s "$tools" "$work/target/tools"
    set -- --library "$library"
else
    set --
fi

echo "== once: $first"
(
    unset CARGO_TARGET_DIR
    umask 022
    cd "$first"
    TZ=UTC LC_ALL=C sh scripts/dist.sh "$@" --out "$work/first"
)

# Another user where the system lets a process have one of its own; it reads the same files.
other="unshare --user --map-user=1234 --map-group=1234"
$other true 2>/dev/null || {
    echo "NOT COMPARED: another user (this system allows no user namespaces)"
    other=
}
echo "== and again: $second"
(
    umask 077
    cd "$second"
    # The version managers of Rust and Python look for themselves in the home directory.
    RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} PYENV_ROOT=${PYENV_ROOT:-$HOME/.pyenv}
    export RUSTUP_HOME PYENV_ROOT
    if [ -z "$library" ]; then
        export CARGO_HOME="$work/person/cargo" CARGO_BUILD_JOBS=1
    else
        export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}"
    fi
    export CARGO_TARGET_DIR="$work/target" HOME="$work/person" USER=other LOGNAME=other
    export XDG_CACHE_HOME="$work/person/cache" TZ=Asia/Shanghai LC_ALL=C.UTF-8 LANG=zh_CN.UTF-8
    # shellcheck disable=SC2086
    $other sh scripts/dist.sh "$@" --out "$work/second"
)
cd "$root"
python3 scripts/dist/same.py "$work/first" "$work/second"
