"""A server of one behaviour on loopback, on a free port unless told, made with Python's ssl (OpenSSL).

server.py [--listen ADDRESS:PORT] [--tls CHAIN:KEY]... BEHAVIOUR

Says `ACCEPT 127.0.0.1:PORT`, then a line for each connection and each request. The n-th connection
gets the n-th --tls in turn, read at that moment: a file that is replaced counts from the next
connection on. GET /x is answered with the file ./x, a whole HTTP answer, in the behaviour's own
way. Ends with its standard input, or after five minutes.
"""

import os
import socket
import ssl
import sys
import threading
import time

from behaviours import BEHAVIOURS, PATIENCE, Peer, reset, say

SERVER_HELLO_HALF = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"\x11" * 20


def hello(raw):
    raw.recv(65536)


def sends(data):
    def behave(raw):
        hello(raw)
        raw.sendall(data)
        time.sleep(0.2)

    return behave


def resets(raw):
    hello(raw)
    reset(raw)


# Instead of a handshake.
RAW = {
    "hang": lambda raw: time.sleep(PATIENCE),
    "hang-after-hello": lambda raw: (hello(raw), time.sleep(PATIENCE)),
    "drip": lambda raw: (hello(raw), [(raw.sendall(bytes([byte])), time.sleep(0.3)) for byte in SERVER_HELLO_HALF]),
    "fin-after-hello": hello,
    "rst-after-hello": resets,
    "half-server-hello": sends(SERVER_HELLO_HALF),
    "plaintext": sends(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    "garbage": sends(b"\x00\x01\x02\x03garbage that is no TLS record at all\r\n"),
    "alert-40": sends(b"\x15\x03\x03\x00\x02\x02\x28"),
    "alert-80": sends(b"\x15\x03\x03\x00\x02\x02\x50"),
}


def context(pair):
    chain, key = pair.split(":")
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(chain, key)
    return made


def handle(raw, number, behaviour, pairs):
    say("connection")
    raw.settimeout(PATIENCE)
    try:
        if behaviour in RAW:
            RAW[behaviour](raw)
            raw.close()
            return
        sock = raw
        if pairs:
            sock = context(pairs[number % len(pairs)]).wrap_socket(raw, server_side=True)
        BEHAVIOURS[behaviour](Peer(sock, number))
        sock.close()
    except OSError as error:
        say(f"note {error}")


def watch_parent():
    sys.stdin.read()
    os._exit(0)


def main(arguments):
    pairs, where = [], ("127.0.0.1", 0)
    while arguments[0].startswith("--"):
        if arguments[0] == "--tls":
            pairs.append(arguments[1])
        else:
            host, port = arguments[1].split(":")
            where = host, int(port)
        arguments = arguments[2:]
    behaviour = arguments[0]
    listener = socket.create_server(where, backlog=0 if behaviour == "blackhole" else 64)
    threading.Thread(target=watch_parent, daemon=True).start()
    threading.Timer(300, os._exit, [0]).start()
    waiting = []
    if behaviour == "blackhole":
        # A full backlog: whoever comes now gets no answer to its SYN.
        for _ in range(4):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(listener.getsockname())
        time.sleep(0.2)
    say(f"ACCEPT 127.0.0.1:{listener.getsockname()[1]}")
    number = 0
    while behaviour != "blackhole":
        raw, _ = listener.accept()
        threading.Thread(target=handle, args=(raw, number, behaviour, pairs), daemon=True).start()
        number += 1
    time.sleep(300)


if __name__ == "__main__":
    main(sys.argv[1:])
