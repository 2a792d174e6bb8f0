# Sourced by scripts that need a WeChat Pay on this machine, after a `work` directory was made.

# start_simulator COMMAND SECONDS: `COMMAND simulate` in $work/sim, for at most so long; its URL is in
# $simulator_url. The caller's EXIT trap calls stop_simulator.
simulator=
start_simulator() {
    "$1" simulate --quiet --listen 127.0.0.1:0 --dir "$work/sim" --max-seconds "$2" >"$work/url" &
    simulator=$!
    tries=0
    until [ -s "$work/url" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ] || ! kill -0 $simulator 2>/dev/null; then
            echo "the simulator did not start" >&2
            exit 1
        fi
        sleep 0.1
    done
    simulator_url=$(cat "$work/url")
}

stop_simulator() {
    [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
}
