"""Sides of the network comparison: programs that send the same order to the same server, in turns, on request.

A side reads lines on its standard input:

    N                       N requests one after the other
    threads T shared|own N  N requests by T threads, over one client or with one each
    sign                    one complete Authorization, nothing sent

and answers the first with one line a request: its nanoseconds, and where a side can tell, those of a bare signature
made after it, then the processor's for both. Then, always, `end CONNECTIONS BUSY`: connections so far, and the
processor's nanoseconds of the whole process in this turn; with threads also the nanoseconds that passed.

The environment, set by scripts/bench/net.sh: BENCH_NETWORK (the Rust program), BENCH_KEYS (keys and certificates),
BENCH_WORK (programs and what is written), BENCH_LIBRARY, BENCH_PYTHON (with wechatpayv3).
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

QUICK = os.environ.get("WXPAY_BENCH_QUICK") == "1"
NETWORK, KEYS, WORK, LIBRARY, PYTHON = (
    os.environ[f"BENCH_{name}"] for name in ("NETWORK", "KEYS", "WORK", "LIBRARY", "PYTHON")
)
PEERS = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
TARGET = "/v3/pay/transactions/native"
ORDER = os.path.join(WORK, "order.json")
MERCHANT = {
    "mchid": "1900000001",
    # Of cert.pem, as tests/keys/make.sh makes it.
    "merchant_serial": "7F4AEF34B89340881BB2B25226393DC2E47F094B",
    "private_key_file": os.path.join(KEYS, "rsa2048.pem"),
    "public_key_id": "PUB_KEY_ID_0119000000012024010100000000000001",
    "public_key_file": os.path.join(KEYS, "other-public.pem"),
    "api_v3_key": "0123456789abcdef0123456789ABCDEF",
    "extra_ca_file": os.path.join(KEYS, "tls-root.pem"),
    # The system's store and the server's root in one file, for those that cannot add a root to their store.
    "_bundle_file": os.path.join(WORK, "bundle.pem"),
}


def emit(row):
    print(json.dumps(row, ensure_ascii=False), flush=True)


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Server:
    """Two ports: with tickets, and without any, so that nobody can resume."""

    def __init__(self):
        self.process = subprocess.Popen([NETWORK, "serve", KEYS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.with_tickets, self.without = (int(port) for port in self.process.stdout.readline().split())

    def counts(self):
        """Handshakes, resumed ones, requests."""
        self.process.stdin.write("counts\n")
        self.process.stdin.flush()
        return [int(number) for number in self.process.stdout.readline().split()]

    def merchant(self, tickets=True, **more):
        """The path of a merchant's configuration for this server."""
        port = self.with_tickets if tickets else self.without
        path = os.path.join(WORK, f"merchant-{port}{'-'.join(['', *more])}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(MERCHANT | {"base_url": f"https://localhost:{port}"} | more, file)
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Turn:
    requests: list = field(default_factory=list)
    signatures: list = field(default_factory=list)
    busy: list = field(default_factory=list)
    busy_signatures: list = field(default_factory=list)
    spent: int = 0
    connections: int = 0

    def add(self, other):
        for name in ("requests", "signatures", "busy", "busy_signatures"):
            getattr(self, name).extend(getattr(other, name))
        self.spent += other.spent
        self.connections = other.connections

    # Microseconds.

    def p50(self):
        return median(self.requests) / 1000

    def p99(self):
        return percentile(self.requests, 0.99) / 1000

    def signature(self):
        return median(self.signatures) / 1000

    def transport(self):
        """Of a request without its signature."""
        return self.p50() - self.signature()

    def busy_transport(self):
        return (median(self.busy) - median(self.busy_signatures)) / 1000

    def a_second_and_core(self):
        """Requests in a second of the processor's time, signatures made beside them taken off."""
        return len(self.requests) * 1e9 / (self.spent - sum(self.busy_signatures))

    def a_second(self):
        return len(self.requests) * 1e9 / sum(self.requests)


class Side:
    def __init__(self, name, command, requests=20, **environment):
        """`requests` are made in a turn: few where one takes long."""
        self.name, self.in_a_turn, self.total = name, requests, Turn()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment
        )

    def ask(self, line):
        """The lines that come back before the last, and the numbers of the last."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        lines = []
        for answer in self.process.stdout:
            words = answer.split()
            if words[0] == "end":
                return lines, [int(word) for word in words[1:]]
            lines.append([int(word) for word in words])
        raise SystemExit(f"{self.name} ended (exit status {self.process.wait()})")

    def turn(self, requests=None):
        lines, (connections, spent) = self.ask(str(requests or self.in_a_turn))
        columns = [list(column) for column in zip(*lines)] + [[], [], []]
        turn = Turn(*columns[:4], spent, connections)
        self.total.add(turn)
        return turn

    def crowd(self, threads, how, requests):
        """Requests a second."""
        _, (_, _, passed) = self.ask(f"threads {threads} {how} {requests}")
        return requests * 1e9 / passed

    def resident(self):
        """KiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def rounds(sides, count, turns):
    """`count` rounds: for each a Turn by side. In a round the sides take `turns` turns each, in an order that moves on."""
    for side in sides:
        side.turn()
        side.total = Turn()
    found = []
    for number in range(count):
        of_round = {side.name: Turn() for side in sides}
        for turn in range(turns):
            first = (number + turn) % len(sides)
            for side in sides[first:] + sides[:first]:
                of_round[side.name].add(side.turn())
        found.append(of_round)
    return found


# The sides there are. Each is an argument list.


def ours_c(merchant, mode="keep"):
    return [os.path.join(WORK, "wxpay_client"), merchant, MERCHANT["private_key_file"], ORDER, mode]


def libcurl(base_url, mode="keep"):
    return [
        *(os.path.join(WORK, "curl_client"), base_url + TARGET, MERCHANT["_bundle_file"], MERCHANT["mchid"]),
        *(MERCHANT["merchant_serial"], MERCHANT["private_key_file"], MERCHANT["public_key_id"]),
        *(MERCHANT["public_key_file"], ORDER, mode),
    ]


def python(program, *words, interpreter=PYTHON):
    return [interpreter, os.path.join(PEERS, "python", program), *words]


def php(program, *words):
    return ["php", "-d", "ffi.enable=1", os.path.join(PEERS, "php", program), *words]


# For our packages in Python and PHP, which look for the library where it is installed.
OURS = {"WXPAY_LIBRARY": LIBRARY, "PYTHONPATH": os.path.join(PEERS, "..", "..", "bindings", "python", "src")}


def there(path):
    return path if os.access(path, os.X_OK) else None


if __name__ == "__main__":
    sys.exit(__doc__)
