# Sourced by scripts/bench.sh: sections (c), (d) and (e), what benches/network measures.
net_programs='c:latency c:languages c:threads c:fpm d:growth e:footprint'
net_wanted=
for net_program in $net_programs; do
    ! wanted "${net_program%%:*}" "${net_program#*:}" || net_wanted=1
done
if [ -n "$net_wanted" ]; then
    BENCH_KEYS=$keys BENCH_WORK=$target/bench/network BENCH_LIBRARY=$library BENCH_PYTHON=$target/tools/bench/bin/python
    sh benches/network/ready.sh "$keys" "$BENCH_WORK" "$library"
    # In a directory of its own: with the features of dev-dependencies the library is another one, and each of the two
    # builds would undo the other.
    BENCH_NETWORK=$(CARGO_TARGET_DIR=$target/network cargo bench --quiet --locked -p libwxpay --bench network)
    export BENCH_NETWORK BENCH_KEYS BENCH_WORK BENCH_LIBRARY BENCH_PYTHON
    # Where `make dist` puts it, if it was called before.
    net_shipped=$target/portable/x86_64-unknown-linux-gnu/dist/libwxpay.so
    for net_program in $net_programs; do
        program "${net_program%%:*}" "${net_program#*:}" python3 "benches/network/${net_program#*:}.py" "$net_shipped"
    done
fi
