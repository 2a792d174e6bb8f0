"""1 to 64 threads: one client for all of them, the same number of independent clients, and as many of libcurl."""

import os

from latency import curl_version
from sides import QUICK, Server, Side, emit, libcurl, median, ours_c

THREADS = (1, 2, 4, 8, 16, 32, 64)
ROUNDS, LEAST = (2, 100) if QUICK else (15, 400)


def requests(threads):
    """In a turn. So many for each thread that starting and joining the threads is a small part of it."""
    return LEAST if QUICK else max(LEAST, 25 * threads)


def main():
    curl, openssl = curl_version()
    peer = f"libcurl {curl} and OpenSSL {openssl}, a handle for each thread"
    lines = {"one client": [], "a client each": [], "libcurl": []}
    with Server() as server:
        merchant = server.merchant()
        with Side("libwxpay", ours_c(merchant)) as ours, Side("libcurl", libcurl(f"https://localhost:{server.with_tickets}")) as curl:
            for threads in THREADS:
                sides = [(ours, "shared"), (ours, "own"), (curl, "own")]
                for side, how in sides:
                    # Makes the clients and their connections.
                    side.crowd(threads, how, 4 * threads)
                found = [[0.0] * 3 for _ in range(ROUNDS)]
                for number, of_round in enumerate(found):
                    for place in range(3):
                        index = (number + place) % 3
                        side, how = sides[index]
                        of_round[index] = side.crowd(threads, how, requests(threads))
                report(threads, found, peer)
                for name, index in zip(lines, range(3)):
                    lines[name].append([threads, median([of_round[index] for of_round in found])])
    note = f"Clients and server share {len(os.sched_getaffinity(0))} cores."
    row = {"section": "c", "id": "threads.throughput", "what": "requests a second by number of threads", "lines": lines}
    emit(row | {"x": "threads", "y": "requests/s", "note": note})


def report(threads, found, peer):
    name = f"{threads} thread{'s' if threads > 1 else ''} over one client"
    common = {"section": "c", "unit": "requests/s", "better": "more"}
    row = {"id": f"threads.{threads:02}.shared", "what": name, "against": "a client for each thread"}
    row["pairs"] = [[shared, own] for shared, own, _ in found]
    row["note"] = f"The same program and server, {requests(threads)} requests a turn, connections kept."
    emit(common | row | ({"target": 0.95} if threads == 64 else {}))
    row = {"id": f"threads.{threads:02}.libcurl", "what": name, "against": peer}
    row["pairs"] = [[shared, curl] for shared, _, curl in found]
    row["note"] = "Each signs with its own library and verifies the answer."
    emit(common | row)


if __name__ == "__main__":
    main()
