#!/bin/sh
# make deny: licences, bans, sources and advisories by cargo-deny, as deny.toml says. The first run
# compiles it, for some minutes; `make test` has the first three without it (tests/suite/supply.rs).
#
# deny.sh [--release]    For a release the database of advisories must have been reached within 24
#                        hours; else that check is skipped, aloud. There is no way around it.
set -eu
version=0.20.2
release=
case ${1:-} in
--release) release=1 ;;
'') ;;
*)
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
cd "$(dirname "$0")/.."
. scripts/need.sh
need git=git
need_cargo
mkdir -p "${CARGO_TARGET_DIR:-target}/tools"
tool=$(cd "${CARGO_TARGET_DIR:-target}/tools" && pwd)/cargo-deny-$version
[ -x "$tool/bin/cargo-deny" ] || {
    echo "installing cargo-deny $version (some minutes) ..."
    cargo install --quiet --locked --version "=$version" --root "$tool" --target-dir "$tool/build" cargo-deny
    rm -rf "$tool/build"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# deny CONFIG CHECK ...: bans of the library alone, as it is built; all else of the whole workspace.
deny() {
    config=$1
    shift
    members=--workspace
    [ "$1" != bans ] || members=
    # shellcheck disable=SC2086
    "$tool/bin/cargo-deny" --locked --offline --config "$config" $members --all-features check --hide-inclusion-graph "$@"
}
# fetch CONFIG SOURCE
fetch() { "$tool/bin/cargo-deny" --locked --config "$1" --workspace fetch "$2"; }

# What each check must find, planted; with a database of its own that knows one advisory.
mkdir -p "$work/db/crates/strsim"
cat >"$work/db/crates/strsim/RUSTSEC-2024-9999.md" <<'ADVISORY'
```toml
[advisory]
id = "RUSTSEC-2024-9999"
package = "strsim"
date = "2024-01-01"
url = "https://example.com"
[versions]
patched = []
```

# Planted

To see that it is found.
ADVISORY
(cd "$work/db" && git init -q -b main && git add . && git -c user.name=planted -c user.email=planted@example.com commit -qm planted)
# cargo-deny takes no path as a URL; git, which fetches, takes one for it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.file://$work/db.insteadOf" GIT_CONFIG_VALUE_0=https://planted.invalid/db
planted="db-path = \"$work/dbs\"\ndb-urls = [\"https://planted.invalid/db\"]"
sed "s#^\[advisories\]#&\n$planted#" deny.toml >"$work/advisory.toml"
sed 's#{ id = "RUSTSEC-2023-0071"#{ id = "RUSTSEC-2024-9999", reason = "planted" },\n    &#' "$work/advisory.toml" >"$work/yanked.toml"
sed '/^    "ISC",/d' deny.toml >"$work/licence.toml"
sed 's/^deny = \[/&\n    { crate = "strsim" },/' deny.toml >"$work/ban.toml"
sed '/^    "aws-lc-sys",/d' deny.toml >"$work/script.toml"
sed 's/^allow-registry = .*/allow-registry = []/' deny.toml >"$work/source.toml"
fetch "$work/advisory.toml" db
proofs=0
for proof in "licence licenses rejected" "ban bans strsim" "script bans aws-lc-sys" "source sources crates.io-index" \
    "advisory advisories RUSTSEC-2024-9999"; do
    # shellcheck disable=SC2086
    set -- $proof
    if deny "$work/$1.toml" "$2" >"$work/said" 2>&1 || ! grep -q "$3" "$work/said"; then
        cat "$work/said"
        echo "FAIL: the planted $1 was not found" >&2
        exit 1
    fi
    proofs=$((proofs + 1))
done
echo "ok: $proofs planted defects were found"

deny deny.toml licenses sources
deny deny.toml bans
databases=${CARGO_HOME:-$HOME/.cargo}/advisory-dbs
if fetch deny.toml db 2>"$work/why" ||
    [ -n "$(find "$databases" -name FETCH_HEAD -mmin -1440 2>/dev/null)" ]; then
    deny deny.toml advisories
    echo "ok: nothing skipped"
    exit
fi
[ -z "$release" ] || {
    tail -n 3 "$work/why" >&2
    echo "FAIL: the database of advisories was not reached within 24 hours: the release waits (safety rule S30)" >&2
    exit 1
}
# The same check without advisories: crates that were taken back.
fetch "$work/yanked.toml" index
deny "$work/yanked.toml" advisories
echo "SKIPPED: 1 check, advisories: the database was not reached ($(grep . "$work/why" | tail -n 1))"
