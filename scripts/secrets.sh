#!/bin/sh
# The last step of make test: nothing that the tests printed or logged holds a secret of their merchants
# (safety rule S24). Secrets are the private keys and the values of every configuration that the tests
# left behind; looked through are the phases' logs and every log and page beside those configurations.
#
# secrets.sh LOGS DIR...
# LOGS/started is as old as the run.
set -eu
logs=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Values of configurations.
find "$@" -name '*.json' -type f -exec \
    grep -ohE '"(api_v3_key|api_v2_key|private_key_passphrase|client_p12_password)": *"[^"]{16,}"' {} + 2>/dev/null |
    sed 's/^[^:]*: *"//; s/"$//' >"$work/all" || true
# Private keys, line by line; the first line is much the same in all.
find "$@" -name '*.pem' -type f -exec grep -lE 'BEGIN (RSA |ENCRYPTED )?PRIVATE KEY' {} + 2>/dev/null |
    while read -r file; do
        sed -n '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE KEY/p' "$file" | grep -E '^[A-Za-z0-9+/]{64}$' | grep -v '^MII' || true
    done >>"$work/all"
sort -u "$work/all" >"$work/secrets"
count=$(wc -l <"$work/secrets")

# Not what earlier runs left there.
find "$logs" "$@" -type f -newer "$logs/started" \( -name '*.log' -o -name '*.html' -o -name '*.out' -o -name '*.err' -o -name '*.sarif' \) >"$work/files"
if [ "$count" -lt 10 ] || [ ! -s "$work/files" ]; then
    echo "secrets.sh: $count secrets and $(wc -l <"$work/files") logs: nothing was looked at" >&2
    exit 1
fi
# One of them in a file of our own: a search that does not find it finds nothing.
shuf -n 1 "$work/secrets" >"$work/planted.log"
{ cat "$work/files" && echo "$work/planted.log"; } | tr '\n' '\0' | xargs -0 grep -Fl -f "$work/secrets" >"$work/all-found" || true
grep -vxF "$work/planted.log" "$work/all-found" >"$work/found" || true
grep -qxF "$work/planted.log" "$work/all-found" || {
    echo "secrets.sh: the planted secret was not found" >&2
    exit 1
}
if [ -s "$work/found" ]; then
    echo "A secret stands in:" >&2
    cat "$work/found" >&2
    exit 1
fi
echo "$count secrets are in none of $(wc -l <"$work/files") logs"
