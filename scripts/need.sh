# Sourced by the other scripts. Makes sure of tools, or says in one line what to install.

# need_cargo: cargo there, and as new as the workspace's rust-version.
need_cargo() {
    want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    command -v cargo >/dev/null 2>&1 || {
        echo "cargo is missing: install Rust $want or newer from https://rustup.rs" >&2
        exit 1
    }
    have=$(rustc --version | cut -d' ' -f2)
    oldest=$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -n 1)
    [ "$oldest" = "$want" ] || {
        echo "rustc is $have, Rust $want or newer is needed: run 'rustup update'" >&2
        exit 1
    }
}

# need COMMAND=PACKAGE ...: installs the Debian packages of commands that are missing, as root.
# A file is named by its path: /usr/include/curl/curl.h=libcurl4-openssl-dev
need() {
    missing=
    for pair in "$@"; do
        thing=${pair%%=*} package=${pair#*=}
        case $thing in
        /*) [ -e "$thing" ] || missing="$missing $package" ;;
        *) command -v "$thing" >/dev/null 2>&1 || missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        echo "installing:$missing"
        # shellcheck disable=SC2086
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null || {
            echo "apt-get could not install:$missing" >&2
            exit 1
        }
    else
        echo "please install (Debian names):$missing" >&2
        exit 1
    fi
}

# need_for GROUP ...: what scripts/tools/GROUP.need names, in one call of apt-get.
need_for() {
    lines=
    for group in "$@"; do
        lines="$lines $(grep -v '^#' "scripts/tools/$group.need" | tr '\n' ' ')" || true
    done
    # shellcheck disable=SC2086
    need $lines
}

# venv NAME REQUIREMENTS: target/tools/NAME is a virtual environment of Python with exactly what
# the file pins by hash; made anew when the file changes.
venv() {
    venv_dir=${CARGO_TARGET_DIR:-target}/tools/$1
    cmp -s "$2" "$venv_dir/requirements.txt" && return 0
    rm -rf "$venv_dir"
    mkdir -p "${venv_dir%/*}"
    python3 -m venv "$venv_dir" 2>/dev/null || {
        need /usr/lib/python3/dist-packages/pip=python3-venv
        python3 -m venv "$venv_dir"
    }
    "$venv_dir/bin/pip" --quiet --disable-pip-version-check install --require-hashes --no-deps -r "$2"
    cp "$2" "$venv_dir/requirements.txt"
}
