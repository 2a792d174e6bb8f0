"""What server.py does with a request: each behaviour is a row of BEHAVIOURS."""

import gzip
import socket
import ssl
import struct
import time

PATIENCE = 20


def say(line):
    print(line, flush=True)


def reset(raw):
    """RST instead of FIN when it is closed."""
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Peer:
    """A connection whose request is read and not yet answered."""

    def __init__(self, sock, number):
        self.sock, self.number, self.left = sock, number, b""

    def request(self):
        """(method, path), or None at the end."""
        while b"\r\n\r\n" not in self.left:
            if not self.more():
                return None
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(self.left) < length:
            if not self.more():
                return None
        self.left = self.left[length:]
        method, path = head.decode("latin-1").split(" ")[:2]
        say(f"request {method} {path}")
        return method, path

    def more(self):
        try:
            got = self.sock.recv(65536)
        except OSError:
            return False
        self.left += got
        return bool(got)

    def send(self, data):
        self.sock.sendall(data)

    def end(self, how):
        """close_notify, FIN without it, or RST."""
        if how == "notify" and isinstance(self.sock, ssl.SSLSocket):
            self.sock.settimeout(1)
            self.sock.unwrap()
        raw = socket.socket(fileno=self.sock.detach())
        if how == "rst":
            # What was sent must have arrived first: RST may overtake it.
            time.sleep(0.1)
            reset(raw)
        raw.close()


def answer(path):
    """Head without its last empty line, and body, of the file."""
    with open(path.lstrip("/").split("?")[0], "rb") as file:
        head, _, body = file.read().partition(b"\r\n\r\n")
    return head, body


def without_length(head):
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length"))


def serve(peer):
    """A well-behaved server with keep-alive."""
    while request := peer.request():
        head, body = answer(request[1])
        peer.send(head + b"\r\n\r\n" + body)


def once(change, how="notify"):
    """Answers one request with what `change` makes of head and body, then ends so."""

    def behave(peer):
        if request := peer.request():
            peer.send(change(*answer(request[1])))
            peer.end(how)

    return behave


def length_is(*values):
    def change(head, body):
        lines = b"".join(b"\r\nContent-Length: " + value for value in values)
        return without_length(head) + lines.replace(b"N", str(len(body)).encode()) + b"\r\n\r\n" + body

    return change


def chunked(tail, size=None):
    def change(head, body):
        size_line = size or b"%x" % len(body)
        head = without_length(head) + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        return head + size_line + b"\r\n" + body + tail

    return change


def cut(head, body):
    return head + b"\r\n\r\n" + body[: len(body) // 2]


def until_closed(head, body):
    return without_length(head) + b"\r\nConnection: close\r\n\r\n" + body


def with_line(line, whole=False):
    def change(head, body):
        first, _, rest = head.partition(b"\r\n")
        if whole:
            return line + b"\r\n" + rest + b"\r\n\r\n" + body
        return head + b"\r\n" + line + b"\r\n\r\n" + body

    return change


def packed(make):
    """As a proxy that compresses leaves it: signed before, and another length."""

    def change(head, body):
        data = gzip.compress(make(body))
        return without_length(head) + b"\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data) + data

    return change


def length_and_chunked(head, body):
    lines = b"\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    return without_length(head) + lines + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


def drip(slow_head):
    """A byte each half second, of the head or of the body."""

    def behave(peer):
        if request := peer.request():
            head, body = answer(request[1])
            data = head + b"\r\n\r\n" + body
            at = 0 if slow_head else len(head) + 4
            peer.send(data[:at])
            for byte in data[at:]:
                peer.send(bytes([byte]))
                time.sleep(0.5)

    return behave


def endless(peer):
    if peer.request():
        peer.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            peer.send(b"X-More: " + b"x" * 1000 + b"\r\n")


def pipelined(peer):
    while request := peer.request():
        head, body = answer(request[1])
        whole = head + b"\r\n\r\n" + body
        peer.send(whole + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")


def redirect(code):
    """To another host; whoever follows is answered."""

    def behave(peer):
        while request := peer.request():
            head, body = b"HTTP/1.1 %d X\r\nLocation: https://localhost/elsewhere\r\nContent-Length: 0" % code, b""
            if request[1] == "/elsewhere":
                head, body = answer("/v3/answer")
            peer.send(head + b"\r\n\r\n" + body)

    return behave


def answers_then(how):
    """One good answer; the connection ends at once (notify) or when the next request comes."""

    def behave(peer):
        if request := peer.request():
            head, body = answer(request[1])
            peer.send(head + b"\r\n\r\n" + body)
            if how != "notify" and not peer.request():
                return
            peer.end(how)

    return behave


def second_request(how):
    """The first connection answers once and ends at the second request; later ones behave."""
    first = answers_then(how)
    return lambda peer: (first if peer.number == 0 else serve)(peer)


# After the handshake, if there is one: what happens to requests.
BEHAVIOURS = {
    "serve": serve,
    "slow-head": drip(True),
    "slow-body": drip(False),
    "silent": lambda peer: peer.request() and time.sleep(PATIENCE),
    "head-70k": once(with_line(b"X-Large: " + b"x" * 70_000)),
    "head-130": once(with_line(b"\r\n".join(b"X-%d: y" % n for n in range(130)))),
    "head-endless": endless,
    "gzip": once(packed(lambda body: body)),
    "gzip-bomb": once(packed(lambda _: b"\0" * 50_000_000)),
    "cut-notify": once(cut, "notify"),
    "cut-fin": once(cut, "fin"),
    "cut-rst": once(cut, "rst"),
    "close-notify": once(until_closed, "notify"),
    "close-fin": once(until_closed, "fin"),
    "close-rst": once(until_closed, "rst"),
    "chunked": once(chunked(b"\r\n0\r\n\r\n")),
    "chunk-cut": once(chunked(b"", b"ffff"), "notify"),
    "chunk-no-end": once(chunked(b"\r\n"), "notify"),
    "chunk-bad-size": once(chunked(b"\r\n0\r\n\r\n", b"zz")),
    "chunk-huge-size": once(chunked(b"\r\n0\r\n\r\n", b"f" * 17)),
    "length-twice": once(length_is(b"N", b"N")),
    "length-differs": once(length_is(b"N", b"2")),
    "length-negative": once(length_is(b"-1")),
    "length-and-chunked": once(length_and_chunked),
    "pipelined": pipelined,
    "redirect-302": redirect(302),
    "redirect-307": redirect(307),
    "http2": once(with_line(b"HTTP/2 200", True)),
    "ssh": lambda peer: peer.request() and (peer.send(b"SSH-2.0-OpenSSH_9.2\r\n"), peer.end("notify")),
    "folded": once(with_line(b"X-Folded: a\r\n b")),
    "nul": once(with_line(b"X-Nul: a\0b")),
    "space-colon": once(with_line(b"X-Space : a")),
    "ends-after-answer": answers_then("notify"),
    "second-fin": second_request("fin"),
    "second-rst": second_request("rst"),
}
