#!/bin/sh
# Coverage-guided fuzzing on the stable toolchain (docs/fuzzing.md).
#
#   scripts/fuzz.sh SECONDS [TARGET...]   each target so long, two at a time: make fuzz T=60
#   scripts/fuzz.sh --run TARGET FILE...  runs inputs again
#   scripts/fuzz.sh --prove               planted defects: each must be found out
#   scripts/fuzz.sh --keep [TARGET...]    what was found, minimised, into fuzz/corpus
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
# Its directories would be the store of target `store`.
unset SSL_CERT_FILE SSL_CERT_DIR || true

work=${CARGO_TARGET_DIR:-target}/fuzz
case $work in /*) ;; *) work=$PWD/$work ;; esac
host=$(rustc -vV | sed -n 's/^host: //p')
fuzz=$work/$host/release/wxpay-fuzz
seconds=0
most_mb=512
# libFuzzer's exit code after -timeout.
timed_out=70

# The pass that clang's -fsanitize=fuzzer-no-link adds, with options that are not behind -Z; and no
# two branches folded into one, which would hide the first of them. A target named keeps it out of
# build scripts.
build() {
    need g++=g++ openssl=openssl python3=python3
    need_cargo
    echo "building with instrumentation"
    (
        cd fuzz
        CARGO_TARGET_DIR=$work \
            RUSTFLAGS="-C passes=sancov-module -C llvm-args=-sanitizer-coverage-level=4 -C llvm-args=-sanitizer-coverage-inline-8bit-counters -C llvm-args=-sanitizer-coverage-pc-table -C llvm-args=-sanitizer-coverage-trace-compares -C llvm-args=-simplifycfg-branch-fold-threshold=0 --cfg fuzzing" \
            cargo build --quiet --locked --release --target "$host"
    )
}

# run TARGET ARGUMENT...: libFuzzer with the limits.
run() {
    name=$1
    shift
    TMPDIR=$work/tmp "$fuzz" "$name" -timeout=1 -rss_limit_mb=$most_mb "$@"
}

# Dictionary and directories of inputs that are never written to.
dictionary() {
    [ ! -e "fuzz/dictionaries/$1" ] || echo "-dict=fuzz/dictionaries/$1"
}
seeds() {
    for directory in "fuzz/corpus/$1" "fuzz/regressions/$1" "$work/seeds/$1"; do
        [ ! -d "$directory" ] || echo "$directory"
    done
}

# blame TARGET TEXT: the gate closes at the end.
blame() {
    echo "FAILED $1: $2" | tee -a "$work/results/failed"
}

# again TARGET FILE: how to see it.
again() {
    echo "    sh scripts/fuzz.sh --run $1 $2" | tee -a "$work/results/failed"
}

# regressions TARGET: what once failed runs first, whatever the time.
regressions() {
    set -- "$1" $(find "fuzz/regressions/$1" -type f 2>/dev/null | sort)
    [ $# -gt 1 ] || return 0
    log=$work/results/$1.regressions
    target=$1
    shift
    code=0
    run "$target" "-artifact_prefix=fuzz/artifacts/$target-" "$@" >"$log" 2>&1 || code=$?
    if [ $code = $timed_out ]; then
        echo "$target" "$(sed -n 's/^Running: //p' "$log" | tail -n 1)" >>"$work/results/slow"
    elif [ $code != 0 ]; then
        blame "$target" "a regression is back: $(sed -n 's/^Running: //p' "$log" | tail -n 1), $log"
    fi
}

# one TARGET: fuzzes it for so many seconds. An input that was slow is put aside for when this
# machine is quiet, and the fuzzing goes on.
one() {
    target=$1
    log=$work/results/$target.log
    corpus=$work/corpus/$target
    mkdir -p "$corpus"
    regressions "$target"
    started=$(date +%s)
    executions=0 first='' slow=0 code=0 input=''
    while
        left=$((started + seconds - $(date +%s)))
        [ $left -gt 0 ]
    do
        code=0
        # shellcheck disable=SC2046
        run "$target" "-max_total_time=$left" -print_final_stats=1 "-artifact_prefix=fuzz/artifacts/$target-" \
            $(dictionary "$target") "$corpus" $(seeds "$target") >"$log" 2>&1 || code=$?
        executions=$((executions + $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | grep . || echo 0)))
        [ -n "$first" ] || first=$(sed -n 's/.*INITED cov: \([0-9]*\).*/\1/p' "$log")
        input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        [ $code = $timed_out ] || break
        slow=$((slow + 1))
        echo "$target $input" >>"$work/results/slow"
        [ $slow -lt 20 ] || break
    done
    if [ $code != 0 ] && [ $code != $timed_out ]; then
        blame "$target" "$(grep -m 1 -E 'panicked|memory:|leak:|ERROR: libFuzzer' "$log" || echo "exit $code"), $log"
        grep -A 2 -m 1 -E 'panicked' "$log" || true
        [ -z "$input" ] || again "$target" "$input"
    fi
    [ "$executions" = 0 ] && [ $code = 0 ] || echo "$target" >>"$work/results/fuzzed"
    last=$(grep -E 'cov: [0-9]+' "$log" 2>/dev/null | tail -n 1)
    printf '%-14s %10s executions   cov %5s -> %5s   corpus %5s   %3s s\n' "$target" "$executions" "${first:-?}" \
        "$(echo "$last" | sed -n 's/.*cov: \([0-9]*\).*/\1/p')" "$(find "$corpus" -type f | wc -l)" "$(($(date +%s) - started))"
}

# What was slow while other programs ran: is it slow alone, three times?
alone() {
    [ -e "$work/results/slow" ] || return 0
    while read -r target input; do
        times=0
        for _ in 1 2 3; do
            code=0
            run "$target" "$input" >"$work/results/alone.log" 2>&1 </dev/null || code=$?
            case $code in
            0) ;;
            "$timed_out") times=$((times + 1)) ;;
            *)
                blame "$target" "an input that was slow fails alone: exit $code, $work/results/alone.log"
                again "$target" "$input"
                ;;
            esac
        done
        if [ $times = 3 ]; then
            blame "$target" "an input takes more than a second"
            again "$target" "$input"
        else
            echo "$target: $input was slow once and is not alone ($times of 3): no finding"
        fi
    done <"$work/results/slow"
}

# all TARGET...: in two lanes.
all() {
    rm -rf "$work/results" "$work/tmp"
    mkdir -p "$work/results" "$work/tmp" fuzz/artifacts
    lane() {
        turn=$1
        shift
        for target in "$@"; do
            [ $turn = 1 ] || one "$target"
            turn=$((1 - turn))
        done
    }
    lane 0 "$@" &
    other=$!
    lane 1 "$@"
    wait "$other"
    # What was not fuzzed was not found clean.
    for target in "$@"; do
        grep -qx "$target" "$work/results/fuzzed" 2>/dev/null || blame "$target" "nothing was executed"
    done
    alone
    rm -rf "$work/tmp"
    [ ! -e "$work/results/failed" ] || {
        echo
        cat "$work/results/failed"
        exit 1
    }
}

# caught TARGET TEXT: the gate closes, and says why.
caught() {
    target=$1
    rm -rf "$work/corpus/$target"
    if (all "$target") >"$work/prove.log" 2>&1; then
        echo "NOT FOUND: $target"
        exit 1
    fi
    grep -q -e "$2" "$work/prove.log" || {
        cat "$work/prove.log"
        echo "NOT SAID: $2"
        exit 1
    }
    printf '%-15s %s\n' "$target" "$(grep -m 1 -e "$2" "$work/prove.log")"
    rm -f "fuzz/artifacts/$target"-*
}

prove() {
    seconds=20
    caught planted_magic "planted: the magic was found"
    sed -n 's/.*\(cov .*\)/                \1/p; s/^planted_magic *\([0-9]* executions\).*/                \1, of 2^32/p' "$work/prove.log"
    seconds=3
    caught planted_crash "planted: a panic that the library catches"
    caught planted_memory "memory: more than 512 MB"
    caught planted_leak "leak: .* bytes are kept"
    seconds=2
    caught planted_hang "an input takes more than a second"
    echo "every planted defect was found out"
}

# keep TARGET...: of the smallest inputs that reach everything that was reached, 60 of each target,
# at most 15 KB; chosen by their names, which are digests.
keep() {
    for target in "$@"; do
        merged=$work/merged/$target
        rm -rf "$merged"
        mkdir -p "$merged" "$work/tmp" "fuzz/corpus/$target"
        # shellcheck disable=SC2046
        run "$target" -merge=1 -max_len=1024 "$merged" "$work/corpus/$target" "fuzz/corpus/$target" >"$work/merge.log" 2>&1
        rm -f "fuzz/corpus/$target"/*
        bytes=0
        for file in $(find "$merged" -type f | sort | head -n 60); do
            bytes=$((bytes + $(wc -c <"$file")))
            [ $bytes -le 15000 ] || break
            ! grep -q -a 'PRIVATE KEY' "$file" || continue
            cp "$file" "fuzz/corpus/$target/"
        done
        echo "$target: $(find "fuzz/corpus/$target" -type f | wc -l) of $(find "$merged" -type f | wc -l) inputs"
    done
}

build
case ${1:-} in
--run)
    shift
    mkdir -p "$work/tmp"
    run "$@"
    ;;
--prove) prove ;;
--keep)
    shift
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $("$fuzz" --list)
    keep "$@"
    ;;
[0-9]*)
    seconds=$1
    shift
    python3 fuzz/seeds.py "$work/seeds"
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $("$fuzz" --list)
    all "$@"
    ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
