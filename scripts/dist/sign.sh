#!/bin/sh
# sign.sh KEYFILE [DIR]: signs SHA256SUMS of DIR (target/dist) as SHA256SUMS.sig, once everything in
# it was verified. KEYFILE is an ssh key (`ssh-keygen -t ed25519`), or its .pub where an agent or a
# token holds the rest: no key lies in the project or on the machine that builds. ssh-keygen, because who uses git has it.
set -eu
dir=
[ $# -ge 1 ] || {
    sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
key=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
[ $# = 1 ] || dir=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.."
dir=${dir:-$(cd "${CARGO_TARGET_DIR:-target}/dist" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$dir/SHA256SUMS" "$work/SHA256SUMS"
(cd "$dir" && sha256sum --check --strict --quiet SHA256SUMS)
ssh-keygen -q -Y sign -f "$key" -n libwxpay-release "$work/SHA256SUMS"
mv "$work/SHA256SUMS.sig" "$dir/SHA256SUMS.sig"
public=$key
[ "${public%.pub}" != "$public" ] || public=$public.pub
[ ! -e "$public" ] || public=$(cut -d' ' -f1,2 <"$public")
echo "signed: $dir/SHA256SUMS.sig"
echo "the line for bindings/dist/allowed_signers: libwxpay-release namespaces=\"libwxpay-release\" $public"
