"""A signed request and its verified answer over TLS: against libcurl and OpenSSL in C, and against the bare floor."""

from sides import NETWORK, ORDER, QUICK, Server, Side, emit, libcurl, ours_c, rounds

ROUNDS, TURNS = (3, 4) if QUICK else (51, 10)
NEW_ROUNDS, NEW_TURNS = (3, 2) if QUICK else (31, 8)
BOTH = (
    "A POST of an order: signed, sent, the answer verified. TLS 1.3 with AES-128-GCM, timeouts of 30 s and 5 s on both sides, "
    "keys parsed once. "
)
LESS = "Less the median of bare signatures that each side makes between its requests. "


def row(name, what, against, found, of, note, ours="libwxpay", theirs="libcurl", **more):
    pairs = [[of(of_round[ours]), of(of_round[theirs])] for of_round in found]
    emit({"section": "c", "id": name, "what": what, "against": against, "pairs": pairs, "note": note} | more)


def per_core(name, what, against, found, note, **more):
    of = type(found[0]["libwxpay"]).a_second_and_core
    row(name, what, against, found, of, note, unit="requests/s", better="more", **more)


def curl_version():
    import ctypes
    import ctypes.util

    library = ctypes.CDLL(ctypes.util.find_library("curl") or "libcurl.so.4")
    library.curl_version.restype = ctypes.c_char_p
    said = dict(part.split("/", 1) for part in library.curl_version().decode().split() if "/" in part)
    return said["libcurl"], said.get("OpenSSL", "another TLS")


def kept(server, peer):
    merchant = server.merchant()
    base_url = f"https://localhost:{server.with_tickets}"
    with (
        Side("libwxpay", ours_c(merchant)) as ours,
        Side("libcurl", libcurl(base_url)) as curl,
        Side("bare", [NETWORK, "bare", merchant, ORDER]) as bare,
    ):
        found = rounds([ours, curl, bare], ROUNDS, TURNS)
        made = f"{ours.total.connections} connection of ours, {curl.total.connections} of libcurl's in all."
    turn = type(found[0]["bare"])
    bare = "bare rustls on a socket"
    row("keepalive.libcurl.transport", "connection kept, less the signature", peer, found, turn.transport, BOTH + LESS + made, target=0.85)
    row("keepalive.libcurl.processor", "the same in the processor's time of the calling thread", peer, found, turn.busy_transport, LESS)
    row("keepalive.libcurl.whole", "connection kept, whole request, p50", peer, found, turn.p50, BOTH + made)
    row("keepalive.libcurl.p99", "connection kept, whole request, p99", peer, found, turn.p99, "Of 200 requests in each round.")
    per_core("keepalive.libcurl.core", "connection kept, requests in a second of processor time", peer, found, "Of the client's process.")
    floor = "No HTTP library, no pool, no timeout, keys parsed once; it signs and verifies the same with aws-lc-rs. "
    row("keepalive.bare.transport", "connection kept, less the signature", bare, found, turn.transport, floor + LESS, theirs="bare")
    row("keepalive.bare.processor", "the same in the processor's time", bare, found, turn.busy_transport, LESS, theirs="bare")
    row("keepalive.bare.whole", "connection kept, whole request, p50", bare, found, turn.p50, floor, theirs="bare")
    row("keepalive.bare.libcurl", "libcurl's request less its signature", bare, found, turn.transport, floor, ours="libcurl", theirs="bare")
    row("keepalive.signature", "the bare signatures that were taken off", "OpenSSL", found, turn.signature, "Ours is `wxpay_sign`, libcurl's EVP_DigestSign.")


def new(server, peer, tickets):
    name, what = ("resumed", "new connection, TLS resumed") if tickets else ("full", "new connection, full handshake")
    base_url = f"https://localhost:{server.with_tickets if tickets else server.without}"
    merchant = server.merchant(tickets)
    before = server.counts()
    with Side("libwxpay", ours_c(merchant, "new"), 10) as ours, Side("libcurl", libcurl(base_url, "new"), 10) as curl:
        found = rounds([ours, curl], NEW_ROUNDS, NEW_TURNS)
    handshakes, resumed, requests = (after - start for after, start in zip(server.counts(), before))
    # Otherwise something else has been measured.
    if handshakes != requests or (resumed < requests - 8 if tickets else resumed):
        raise SystemExit(f"{name}: {handshakes} handshakes, {resumed} resumed, {requests} requests")
    turn = type(found[0]["libcurl"])
    note = f"{handshakes} handshakes, {resumed} of them resumed. "
    row(f"{name}.libcurl.transport", what + ", less the signature", peer, found, turn.transport, BOTH + LESS + note)
    row(f"{name}.libcurl.whole", what + ", whole request, p50", peer, found, turn.p50, BOTH + note)
    row(f"{name}.libcurl.p99", what + ", whole request, p99", peer, found, turn.p99, "Of 80 requests in each round.")
    per_core(f"{name}.libcurl.core", what + ", requests in a second of processor time", peer, found, "Of the client's process.")


def main():
    curl, openssl = curl_version()
    emit({"peer": "libcurl", "version": curl})
    emit({"peer": "OpenSSL of libcurl", "version": openssl})
    peer = f"libcurl {curl} and OpenSSL {openssl} in C"
    with Server() as server:
        kept(server, peer)
        new(server, peer, tickets=True)
        new(server, peer, tickets=False)


if __name__ == "__main__":
    main()
