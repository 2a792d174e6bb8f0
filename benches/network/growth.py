"""How cost grows: with the size of a body, the number of clients, of keys, and of roots in the store. A series has
the slope of its steepest part in a plot with two logarithmic axes: 1 is linear."""

import math
import os
import subprocess

from sides import KEYS, NETWORK, QUICK, WORK, Server, emit, median

CLIENTS = (1, 10, 100, 1000) if QUICK else (1, 10, 100, 1000, 10_000)
RING = (1, 10, 100, 1000)
ROOTS = (15, 150, 1500)
REPEATS = 1 if QUICK else 3


def slope(points):
    """The steepest of all straight lines through three neighbours (least squares, both axes logarithmic)."""
    found = []
    for at in range(max(1, len(points) - 2)):
        near = [(math.log(x), math.log(y)) for x, y in points[at : at + 3]]
        middle_x, middle_y = (sum(column) / len(near) for column in zip(*near))
        rise = sum((x - middle_x) * (y - middle_y) for x, y in near)
        found.append(rise / sum((x - middle_x) ** 2 for x, _ in near))
    return max(found)


def series(name, what, x, unit, points, note):
    row = {"section": "d", "id": f"growth.{name}", "what": what, "lines": {"libwxpay": points}, "x": x, "y": unit}
    emit(row | {"value": slope(points), "unit": "exponent", "target": 1.1, "note": note})


def printed(*words, **environment):
    """What a role prints, line by line."""
    done = subprocess.run(
        [NETWORK, *words], stdout=subprocess.PIPE, text=True, check=True, env=os.environ | environment
    )
    return done.stdout.splitlines()


def several(*words, **environment):
    """Medians of the one line that a role prints."""
    lines = [printed(*words, **environment)[0].split() for _ in range(REPEATS)]
    return [median([float(one) for one in column]) for column in zip(*lines)]


def bodies(server):
    found = {}
    for line in printed("bodies", server.merchant(), KEYS):
        size, time, name = line.split(maxsplit=2)
        found.setdefault(name, []).append([int(size), int(time) / 1000])
    for name, points in found.items():
        note = "Median of calls for 0.6 s, at least three; " + ("wall time." if "call" in name else "the processor's time.")
        identity = name.replace(", by the ", ".").replace("'s body", "")
        series(f"body.{identity}", f"{name}, by size of the body", "bytes of body", "µs", points, note)


def clients(server):
    note = "Each is of another mchid, with its own copy of the keys. Times are the processor's. "
    hows = {
        "new": ("clients, made", note + "They share connections, as clients of equal settings do."),
        "used": ("clients, each has signed", note),
        "apart": ("clients of different settings, made", note + "None shares its connections with another."),
    }
    merchant = server.merchant()
    for how, (what, said) in hows.items():
        times, memory = [], []
        for count in CLIENTS:
            spent, held = several("clients", merchant, how, str(count))
            times.append([count, spent / 1e6])
            memory.append([count, held / 1024])
        series(f"clients.{how}.time", f"{what}: time for all", "clients", "ms", times, said)
        # What one client takes is less than a page or the allocator's step; from ten on it shows.
        series(f"clients.{how}.memory", f"{what}: resident memory for all", "clients", "KiB", memory[1:], said + "One client is left out: it is lost in pages.")
        each = {"section": "d", "id": f"clients.{how}.each", "what": f"{what}: memory for each of {CLIENTS[-1]:,}"}
        emit(each | {"value": memory[-1][1] / CLIENTS[-1], "unit": "KiB", "note": said})


def ring(server):
    merchant = server.merchant()
    found = [(count, *several("ring", merchant, KEYS, str(count))) for count in RING]
    note = "Public keys under ids of their own; the answer is signed by the last one. The processor's time."
    construction = [[count, made / 1e6] for count, made, _ in found]
    check = [[count, time / 1000] for count, _, time in found]
    series("ring.construction", "a client by the number of keys in its ring: construction", "keys", "ms", construction, note)
    series("ring.check", "an answer verified by one of so many keys", "keys", "µs", check, note)


def store():
    """A server of its own: the client's trust is the store under measurement and the server's root."""
    names = ("construction", "first_request", "second_request", "trust_report")
    whats = ("a client's construction", "its first request, which loads the store", "its second request", "a trust report")
    points = {name: [] for name in names}
    with open(os.path.join(WORK, "roots.pem"), encoding="ascii") as file:
        end = "-----END CERTIFICATE-----\n"
        roots = [one + end for one in file.read().split(end)[:-1]]
    with Server() as server:
        merchant = server.merchant()
        for count in ROOTS:
            bundle = os.path.join(WORK, f"roots-{count}.pem")
            with open(bundle, "w", encoding="ascii") as file:
                file.write("".join(roots[:count]))
            # An empty directory: no root but those of the file.
            os.makedirs(os.path.join(WORK, "no-roots"), exist_ok=True)
            times = several("store", merchant, SSL_CERT_FILE=bundle, SSL_CERT_DIR=os.path.join(WORK, "no-roots"))
            for name, time in zip(names, times):
                points[name].append([count, time / 1000])
    for name, what in zip(names, whats):
        series(f"store.{name}", f"{what}, by roots in the store", "roots", "µs", points[name], "A process of its own for each; roots made with openssl. The processor's time.")


def main():
    with Server() as server:
        bodies(server)
        clients(server)
        ring(server)
    store()


if __name__ == "__main__":
    main()
