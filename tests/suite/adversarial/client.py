"""What Python's own client does: client.py URL [ADDRESS:PORT]. Leaves 0 when a whole answer of any
status came. The store is that of SSL_CERT_FILE and SSL_CERT_DIR, as OpenSSL reads them.

CLIENT=CERTIFICATE:KEY authenticates; PROXY=URL goes through a proxy; BODY is posted;
each step may take SECONDS.
"""

import os
import signal
import socket
import ssl
import sys
import urllib.error
import urllib.request

def main(url, address=None):
    # urllib's timeout is one of each address and each read: a server that drips would never end.
    seconds = int(os.environ.get("SECONDS", "8"))
    signal.alarm(2 * seconds)
    context = ssl.create_default_context()
    if pair := os.environ.get("CLIENT"):
        context.load_cert_chain(*pair.split(":"))
    if address:
        host, port = address.rsplit(":", 1)
        real = socket.getaddrinfo
        socket.getaddrinfo = lambda *_, **__: real(host, int(port), type=socket.SOCK_STREAM)
    proxy = os.environ.get("PROXY")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": proxy} if proxy else {}),
        urllib.request.HTTPSHandler(context=context),
    )
    try:
        body = os.environ.get("BODY")
        with opener.open(url, body and body.encode(), seconds) as response:
            print(response.status, len(response.read()))
    except urllib.error.HTTPError as error:
        print(error.code, len(error.read()))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
