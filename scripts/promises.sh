#!/bin/sh
# make promises: runs every test that a row of docs/security.md names, by the commands of the table,
# and asks of each name that a test of it ran and passed. What is missing, fails or is ignored is named with
# its row. Minutes: by hand; `make test` runs all of these tests anyway, and checks that each name is one.
#
# promises.sh [TABLE.md]
set -eu
table=docs/security.md
[ $# = 0 ] || table=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/.."
. scripts/need.sh
need_cargo
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# RULE NAME for each test that a row names.
awk -F'|' '/^\| S[0-9]/ {
    split($2, rule, " ")
    n = split($4, part, "`")
    for (i = 2; i <= n; i += 2) if (part[i] ~ /^[a-z0-9_]*_[a-z0-9_]*$/) print rule[1], part[i]
}' "$table" >"$work/named"
cut -d' ' -f2 "$work/named" | LC_ALL=C sort -u >"$work/names"
[ -s "$work/names" ] || {
    echo "FAIL: no row of $table names a test" >&2
    exit 1
}
# The commands of the table, without what picks one test; what is marked (suite) is one too.
suite='cargo test -p libwxpay --features header --test suite'
{
    grep '^| S[0-9]' "$table" | grep -o '`cargo test [^`]*`' | tr -d '`' | sed "s/.* --test suite.*/$suite/"
    ! grep -q '^| S[0-9].*(suite' "$table" || echo "$suite"
    ! grep -q '^| S[0-9].*(generator)' "$table" || echo 'cargo test -p wxpay-gen'
} | LC_ALL=C sort -u >"$work/commands"
if grep -q libwxpay "$work/commands"; then
    cargo build --quiet --locked -p libwxpay --features header
fi

failed=0
: >"$work/said"
while read -r command; do
    started=$(date +%s)
    # shellcheck disable=SC2046,SC2086
    $command --locked --quiet --no-run </dev/null
    # shellcheck disable=SC2046,SC2086
    $command --locked -- $(cat "$work/names") >"$work/log" 2>&1 </dev/null || {
        failed=$((failed + 1))
        grep -v '\.\.\. ok$' "$work/log" | tail -n 60
        echo "FAIL: $command"
    }
    cat "$work/log" >>"$work/said"
    echo "$command: $(grep -c '^test .*\.\.\. ok$' "$work/log" || true) tests passed, $(($(date +%s) - started)) s"
done <"$work/commands"
while read -r rule name; do
    grep -Eq "^test ([^ ]*::)?$name \.\.\. ok$" "$work/said" && continue
    failed=$((failed + 1))
    echo "FAIL: $rule: $name did not run and pass"
done <"$work/named"
echo "$(cut -d' ' -f1 "$work/named" | sort -u | wc -l) rules, $(wc -l <"$work/names") tests, $failed failures"
[ "$failed" = 0 ]
