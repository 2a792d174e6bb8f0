"""A CONNECT proxy of one kind on a free port of 127.0.0.1.

proxy.py [--tls CHAIN:KEY] [--bump CHAIN:KEY] KIND

Says `ACCEPT 127.0.0.1:PORT`, then a line for each request. Every name leads to 127.0.0.1. With --tls
the way to the proxy itself is TLS. With --bump it opens the traffic, as an inspecting appliance
does, and answers from the file the path names, without the Wechatpay-* headers of it. Ends with its
standard input, or after five minutes.
"""

import base64
import os
import socket
import ssl
import sys
import threading
import time

PATIENCE = 20
CREDENTIALS = base64.b64encode(b"user:p@ss").decode()

# The answer to CONNECT; a tunnel follows a 2xx.
ANSWERS = {
    "ok": "HTTP/1.1 200 Connection established\r\n\r\n",
    "auth": "HTTP/1.1 200 OK\r\n\r\n",
    "http10": "HTTP/1.0 200 OK\r\nProxy-Agent: test\r\n\r\n",
    "201": "HTTP/1.1 201 Created\r\n\r\n",
    "headers": "HTTP/1.1 200 OK\r\n" + "".join(f"X-{n}: y\r\n" for n in range(30)) + "\r\n",
    "body": "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome",
    "403": "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
    "502": "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno",
    "close": "",
}
REFUSED = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"


def say(line):
    print(line, flush=True)


def head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        got = sock.recv(65536)
        if not got:
            return ""
        data += got
    return data.decode("latin-1")


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def inspect(sock, pair):
    with context(pair).wrap_socket(sock, server_side=True) as inside:
        while request := head(inside):
            with open(request.split(" ")[1].lstrip("/"), "rb") as file:
                top, _, body = file.read().partition(b"\r\n\r\n")
            kept = [line for line in top.split(b"\r\n") if not line.lower().startswith(b"wechatpay-")]
            inside.sendall(b"\r\n".join(kept) + b"\r\n\r\n" + body)


def context(pair):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair.split(":"))
    return made


def handle(sock, kind, tls, bump):
    sock.settimeout(PATIENCE)
    try:
        if tls:
            sock = context(tls).wrap_socket(sock, server_side=True)
        request = head(sock)
        say(f"request {request.splitlines()[0] if request else 'none'}")
        if kind == "hang":
            time.sleep(PATIENCE)
        if kind == "drip":
            for byte in ANSWERS["headers"].encode():
                sock.sendall(bytes([byte]))
                time.sleep(0.3)
        if kind == "endless":
            sock.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                sock.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
        if kind == "auth" and f"Proxy-Authorization: Basic {CREDENTIALS}" not in request:
            sock.sendall(REFUSED.encode())
        elif kind in ANSWERS:
            sock.sendall(ANSWERS[kind].encode())
            if " 20" in ANSWERS[kind][:12]:
                tunnel(sock, request, bump)
        sock.close()
    except OSError as error:
        say(f"note {error}")


def tunnel(sock, request, bump):
    if bump:
        inspect(sock, bump)
        return
    port = int(request.split(" ")[1].rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as upstream:
        back = threading.Thread(target=pump, args=(upstream, sock), daemon=True)
        back.start()
        pump(sock, upstream)
        back.join(PATIENCE)


def watch_parent():
    sys.stdin.read()
    os._exit(0)


def main(arguments):
    pairs = {}
    while arguments[0].startswith("--"):
        pairs[arguments[0]] = arguments[1]
        arguments = arguments[2:]
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    threading.Thread(target=watch_parent, daemon=True).start()
    threading.Timer(300, os._exit, [0]).start()
    say(f"ACCEPT 127.0.0.1:{listener.getsockname()[1]}")
    while True:
        sock, _ = listener.accept()
        task = (sock, arguments[0], pairs.get("--tls"), pairs.get("--bump"))
        threading.Thread(target=handle, args=task, daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1:])
