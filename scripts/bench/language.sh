# Sourced by scripts/bench.sh: sections (a) and (b). What a peer needs is installed here; where that fails, its rows
# are skipped and say so.
peers=$target/bench/native
fixture=$target/bench/fixture
ours=
mkdir -p "$peers"
(need_for bench) || true
# Python's packages: wechatpayv3 and what it stands on, for the fixture too.
venv bench benches/peers/python/requirements.txt
# A copy that only its owner may write to: the loaders of the bindings take no other.
cp "$library" "$peers/libwxpay.so.0"
chmod 755 "$peers/libwxpay.so.0"
language() { # language NAME COMMAND...: a program of section (b), the fixture made just before: it lasts for 500 s
    if wanted b "$1"; then
        "$target/tools/bench/bin/python" benches/peers/fixture.py "$keys" "$fixture"
        language_name=$1
        shift
        program b "$language_name" env WXPAY_LIBRARY="$peers/libwxpay.so.0" "$@"
    fi
}
with() { # with NAME COMMAND: whether the command is there; where not, says so in the results
    command -v "$2" >/dev/null 2>&1 && return 0
    skip b "$1" "$2 is not installed"
    return 1
}

if wanted a primitives || wanted b c-language || wanted b node || wanted b java || wanted b golang; then
    "$target/tools/bench/bin/python" benches/peers/fixture.py "$keys" "$fixture"
    cc -O2 -Wall -Wextra -shared -fPIC -o "$peers/libpeer.so" benches/peers/c/openssl.c -lcrypto -lcjson
    cc -O2 -Wall -Wextra -Iinclude -shared -fPIC -o "$peers/libours.so" benches/peers/c/libwxpay.c \
        -L"$peers" -l:libwxpay.so.0 -Wl,-rpath,"\$ORIGIN" -lcjson
    (cd benches/peers && CARGO_TARGET_DIR=$target/peers cargo build --quiet --locked --release)
    ours="$target/peers/release/peers turns $fixture $peers"
fi
program a primitives "$target/peers/release/peers" primitives "$fixture" "$peers"
language c-language "$target/peers/release/peers" c "$fixture" "$peers"
language python "$target/tools/bench/bin/python" -B benches/peers/python/jobs.py "$fixture"
if with php php; then
    language php php benches/peers/php/jobs.php "$fixture"
fi
if wanted b csharp && with csharp mcs; then
    sh bindings/csharp/build.sh "$target/bench/csharp"
    mcs -langversion:7.2 -optimize+ -out:"$target/bench/csharp/jobs.exe" -r:"$target/bench/csharp/LibWxPay.dll" \
        -r:System.dll -r:System.Core.dll benches/peers/csharp/Jobs.cs
    language csharp-mono sh bindings/csharp/tests/run.sh "$target/bench/csharp/jobs.exe" "$fixture"
    sh scripts/tools/csharp.sh
    DOTNET=$(echo "$target"/tools/csharp/lib/python3*/site-packages/dnv/net/runtime/.net/dotnet)
    export DOTNET
    language csharp-coreclr sh bindings/csharp/tests/run.sh "$target/bench/csharp/jobs.exe" "$fixture"
    unset DOTNET
fi
# shellcheck disable=SC2086 # $ours is words
if with node node; then
    language node python3 benches/peers/turns.py Node node $ours -- node benches/peers/node/jobs.js "$fixture"
fi
if wanted b java && with java javac; then
    javac -d "$target/bench/java" -cp /usr/share/java/gson.jar benches/peers/java/Jobs.java
    # shellcheck disable=SC2086
    language java python3 benches/peers/turns.py Java java $ours -- \
        java -cp "/usr/share/java/gson.jar:$target/bench/java" Jobs "$fixture"
fi
if wanted b golang && with golang go; then
    GO111MODULE=off GOCACHE=$target/bench/go-cache go build -o "$target/bench/go-jobs" ./benches/peers/go/jobs
    # shellcheck disable=SC2086
    language golang python3 benches/peers/turns.py Go go $ours -- "$target/bench/go-jobs" "$fixture"
fi
