"""The same request through what people use in each language. Ours stands beside it: the package of the language
where there is one, else the C program."""

import subprocess

from sides import ORDER, OURS, PEERS, PYTHON, QUICK, WORK, Server, Side, emit, ours_c, php, python, rounds, there

ROUNDS, TURNS = (2, 2) if QUICK else (21, 4)
FAST, SLOW = (5, 2) if QUICK else (15, 3)
C, PYTHON_PACKAGE, PHP_PACKAGE = "libwxpay in C", "libwxpay for Python", "libwxpay for PHP"


def said(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def sides(server):
    """(ours, id, peer, target, note) and the sides."""
    merchant = server.merchant()
    wechatpayv3 = said(PYTHON, "-c", "from importlib.metadata import version as v; print(v('wechatpayv3'))")
    running = {
        C: lambda: Side(C, ours_c(merchant), FAST),
        PYTHON_PACKAGE: lambda: Side(PYTHON_PACKAGE, python("libwxpay_client.py", merchant, ORDER), FAST, **OURS),
        PHP_PACKAGE: lambda: Side(PHP_PACKAGE, php("libwxpay_client.php", merchant, ORDER), FAST, **OURS),
    }
    rows = []

    def peer(name, what, version, ours, command, in_a_turn, note, target=None):
        if not version:
            emit({"section": "c", "id": f"{name}.p50", "what": what, "skipped": "it could not be installed"})
            return
        emit({"peer": what, "version": version})
        rows.append((name, what, ours, note, target))
        running[name] = lambda: Side(name, command, in_a_turn)

    way = "Its gateway is the local server; keys parsed once by its client. "
    peer(
        *("python.wechatpayv3", "wechatpayv3, its default client", wechatpayv3, PYTHON_PACKAGE),
        *(python("wechatpayv3_client.py", merchant, ORDER, "default"), SLOW),
        way + "`requests.post` makes a connection for each call and reads the roots (certifi's way: one file) each time.",
        50,
    )
    peer(
        *("python.wechatpayv3_session", "wechatpayv3 with a requests.Session put in", wechatpayv3, PYTHON_PACKAGE),
        *(python("wechatpayv3_client.py", merchant, ORDER, "session"), FAST),
        way + "The module `requests` in it is replaced by a session, so that the connection is kept.",
    )
    curl = said("php", "-r", "echo extension_loaded('curl') ? PHP_VERSION.', curl '.curl_version()['version'] : '';")
    peer(
        *("php.curl_fresh", "PHP: openssl_sign and a fresh curl handle", curl, PHP_PACKAGE),
        *(php("curl_client.php", merchant, ORDER, "fresh"), SLOW),
        "Keys parsed once, a new handle for each request: it reads the store and shakes hands each time.",
    )
    peer(
        *("php.curl_kept", "PHP: openssl_sign and one curl handle", curl, PHP_PACKAGE),
        *(php("curl_client.php", merchant, ORDER, "kept"), FAST),
        "Keys parsed once, one handle and one connection: what a long-lived program can do.",
    )
    go = there(f"{WORK}/go_client")
    peer(
        *("go.net_http", "Go: what wechatpay-go does, by net/http and crypto/rsa", go and said("go", "env", "GOVERSION"), C),
        *([go, merchant, ORDER], FAST),
        "wechatpay-go itself is in no registry that is reachable here. Its steps are: order marshalled, signed, sent by a http.Client "
        "with a timeout over kept connections, answer read, validated, unmarshalled. Ours by its C functions.",
        2,
    )
    peer(
        *("node.https", "Node: https.Agent and crypto", said("node", "--version"), C),
        *(["node", f"{PEERS}/node/client.js", merchant, ORDER], FAST),
        "Connection kept, keys parsed once. Ours by its C functions.",
    )
    return rows, running


def main():
    with Server() as server:
        rows, running = sides(server)
        alive = {name: start() for name, start in running.items()}
        found = {name: [] for name in alive}
        for of_round in rounds(list(alive.values()), ROUNDS, TURNS):
            for name, turn in of_round.items():
                found[name].append(turn)
        for side in alive.values():
            side.__exit__()
        for name, what, ours, note, target in rows:
            report(name, what, ours, found, note, target)
        for ours in (PYTHON_PACKAGE, PHP_PACKAGE):
            pairs = [[ours_turn.p50(), of_c.p50()] for ours_turn, of_c in zip(found[ours], found[C])]
            emit(
                {
                    "section": "c", "id": f"{ours.split()[-1].lower()}.binding", "what": ours + ", whole request",
                    "against": C, "pairs": pairs, "note": "What the package adds, its parsing of the answer's JSON included.",
                }
            )


def report(name, what, ours, found, note, target):
    both = list(zip(found[ours], found[name]))
    common = {"section": "c", "against": what}
    times = {"ratio": "theirs/ours", "better": "more"}
    row = {"id": f"{name}.p50", "what": f"{ours}, whole request, p50", "pairs": [[a.p50(), b.p50()] for a, b in both], "note": note}
    emit(common | times | row | ({"target": target} if target else {}))
    # One of each side in all: a round has too few requests for a percentile.
    every = [[one for turn in found[side] for one in turn.requests] for side in (ours, name)]
    tails = [sorted(one)[int(len(one) * 0.99)] / 1000 for one in every]
    row = {"id": f"{name}.p99", "what": f"{ours}, whole request, p99", "pairs": [tails]}
    emit(common | times | row | {"note": f"Of {len(every[0])} and {len(every[1])} requests, all rounds together."})
    pairs = [[a.a_second_and_core(), b.a_second_and_core()] for a, b in both]
    row = {"id": f"{name}.core", "what": f"{ours}, requests in a second of processor time", "pairs": pairs}
    emit(common | {"unit": "requests/s", "better": "more"} | row | {"note": "Of the client's process, all its threads."})


if __name__ == "__main__":
    main()
