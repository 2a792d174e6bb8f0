"""A resolver on port 53 of the loopback address it is given: names with `silent` in them get no
answer, all others do not exist. Says `ACCEPT ADDRESS:53`; ends with its standard input."""

import os
import socket
import sys
import threading


def watch_parent():
    sys.stdin.read()
    os._exit(0)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 53))
threading.Thread(target=watch_parent, daemon=True).start()
threading.Timer(300, os._exit, [0]).start()
print(f"ACCEPT {sys.argv[1]}:53", flush=True)
while True:
    query, peer = sock.recvfrom(4096)
    if b"silent" not in query:
        # NXDOMAIN with the question as it came, and no other section (RFC 1035).
        end = query.index(b"\0", 12) + 5
        sock.sendto(query[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + query[12:end], peer)
