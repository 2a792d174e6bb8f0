# Sourced by scripts/bench.sh: sections (c), (d) and (e), what benches/network measures.
for net_section in c:latency c:languages c:threads c:fpm d:growth e:footprint; do
    wanted "${net_section%%:*}" "${net_section#*:}" && net_wanted=1
done

# network_ready: keys, certificates and programs in $net.
network_ready() {
    net=$target/bench/network
    mkdir -p "$net"
    (need cc=gcc /usr/include/stdio.h=libc6-dev pkg-config=pkg-config php=php-cli /usr/share/php8.2-curl/curl/curl.ini=php-curl \
        /usr/sbin/php-fpm8.2=php-fpm go=golang-go node=nodejs) || true
    pkg-config --exists libcurl libcrypto || (need libcurl-headers=libcurl4-openssl-dev libcrypto-headers=libssl-dev) || true
    venv bench benches/peers/python/requirements.txt || return 1

    # A root and a certificate of `localhost`, both P-256, as servers have them.
    [ -e "$keys/tls-leaf.pem" ] || (
        set -e
        new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 "$@" 2>/dev/null; }
        new -subj '/CN=benchmark root' -keyout "$keys/tls-root-key.pem" -out "$keys/tls-root.pem"
        new -subj /CN=localhost -CA "$keys/tls-root.pem" -CAkey "$keys/tls-root-key.pem" -addext subjectAltName=DNS:localhost \
            -addext basicConstraints=critical,CA:FALSE -keyout "$keys/tls-leaf-key.pem" -out "$keys/tls-leaf.pem"
    ) || return 1
    cat /etc/ssl/certs/ca-certificates.crt "$keys/tls-root.pem" >"$net/bundle.pem"
    cp benches/peers/order.json "$net/order.json"
    # As many roots as the largest store has, of one key: what is read and looked at is the certificate.
    [ -e "$net/roots.pem" ] || {
        openssl genrsa -out "$net/roots-key.pem" 2048 2>/dev/null
        root=0
        while [ $root -lt 1500 ]; do
            root=$((root + 1))
            openssl req -x509 -key "$net/roots-key.pem" -days 3650 -subj "/O=benchmark/CN=root number $root"
        done >"$net/roots.pem.new" && mv "$net/roots.pem.new" "$net/roots.pem"
    } || return 1

    cc="${CC:-cc} -O2 -Wall -Wextra"
    # shellcheck disable=SC2086 # a command and its flags
    $cc -Iinclude -o "$net/wxpay_client" benches/peers/c/wxpay_client.c -L"${library%/*}" -Wl,-rpath,"${library%/*}" -lwxpay -lpthread &&
        $cc -o "$net/curl_client" benches/peers/c/curl_client.c -lcurl -lcrypto -lpthread &&
        $cc -o "$net/load" benches/peers/c/load.c -ldl || return 1
    ! command -v go >/dev/null || (cd benches/peers/go/client && GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o "$net/go_client" .) || true

    cargo bench --quiet --locked -p libwxpay --bench network --no-run || return 1
    BENCH_NETWORK=$(cargo bench --quiet --locked -p libwxpay --bench network)
    BENCH_KEYS=$keys BENCH_WORK=$net BENCH_LIBRARY=$library BENCH_PYTHON=$target/tools/bench/bin/python
    export BENCH_NETWORK BENCH_KEYS BENCH_WORK BENCH_LIBRARY BENCH_PYTHON
}

if [ "${net_wanted:-}" ]; then
    if network_ready; then
        for net_section in c:latency c:languages c:threads c:fpm d:growth; do
            program "${net_section%%:*}" "${net_section#*:}" python3 "benches/network/${net_section#*:}.py"
        done
        program e footprint python3 benches/network/footprint.py "$target/portable/x86_64-unknown-linux-gnu/dist/libwxpay.so"
    else
        echo "the network comparison could not be made ready" >&2
        failed=1
    fi
fi
