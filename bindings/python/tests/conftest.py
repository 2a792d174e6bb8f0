"""Simulators, a client, and a shop that receives notifications; all on loopback.

`SIMULATOR_COMMAND` is the `wxpay` command, `WXPAY_LIBRARY` the library; tests/suite/bindings/python.rs sets both.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent
SOURCES = PACKAGE / "src"
EXAMPLES = PACKAGE / "examples"
LIBRARY = os.environ["WXPAY_LIBRARY"]


class Simulator:
    """WeChat Pay on this machine."""

    def __init__(self, directory, *more):
        self.dir = directory
        command = [os.environ["SIMULATOR_COMMAND"], "simulate", "--listen", "127.0.0.1:0", "--dir", str(directory)]
        command += ["--exit-with-parent", "--max-seconds", "300", *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.url = self.process.stdout.readline().decode().strip()
        assert self.url.startswith("https://127.0.0.1:"), self.url
        self.merchant_json = directory / "merchant.json"
        self.merchant = json.loads(self.merchant_json.read_text())
        self.mchid, self.appid = self.merchant["mchid"], self.merchant["_appid"]
        self.ca = str(directory / "ca.pem")
        self.api_v3_key = self.merchant["api_v3_key"]

    def options(self, **more):
        """The configuration of merchant.json as keyword arguments, with the simulator's CA added to the store."""
        keys = {key: value for key, value in self.merchant.items() if not key.startswith("_")}
        return {**keys, "extra_ca_file": self.ca, **more}

    def order(self, number, **more):
        return {
            "appid": self.appid,
            "mchid": self.mchid,
            "description": "测试商品 😀",
            "out_trade_no": number,
            "notify_url": "http://127.0.0.1:9/notify",
            "amount": {"total": 100, "currency": "CNY"},
            **more,
        }

    def query_url(self, number):
        return f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.mchid}"

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Shop(BaseHTTPRequestHandler):
    """Keeps what it receives as it came, and answers 204."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((list(self.headers.items()), body))
        self.send_response_only(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def sim(tmp_path_factory):
    simulator = Simulator(tmp_path_factory.mktemp("sim"))
    yield simulator
    simulator.close()


@pytest.fixture
def client(sim):
    import libwxpay

    with libwxpay.Client(**sim.options()) as one:
        yield one


@pytest.fixture(scope="session")
def notify(sim):
    """notify(kind, resource): headers and body of a notification as a server received it."""
    import libwxpay

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.received = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    control = libwxpay.Client(**sim.options())

    def received(kind="good", resource=None):
        before = len(server.received)
        resource = resource or {"mchid": sim.mchid, "out_trade_no": "T1", "amount": {"total": 100}, "attach": "公仔 😀"}
        url = f"http://127.0.0.1:{server.server_port}/notify"
        control.post("/_sim/notify", {"url": url, "kind": kind, "resource": resource})
        eventually(lambda: len(server.received) > before)
        return server.received[before]

    yield received
    server.shutdown()
    server.server_close()


@pytest.fixture
def silent():
    """A server that accepts and says nothing: host:port of it."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def eventually(condition, seconds=20):
    end = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def environment(**more):
    """That of a new process: nothing of the caller's trust; names with None are left out."""
    dropped = ("SSL_CERT_FILE", "SSL_CERT_DIR", "WXPAY_LIBRARY", "LD_LIBRARY_PATH", "PYTHONPATH")
    clean = {name: value for name, value in os.environ.items() if name not in dropped}
    wanted = {"PYTHONPATH": str(SOURCES), "WXPAY_LIBRARY": LIBRARY, **more}
    return {**clean, **{name: str(value) for name, value in wanted.items() if value is not None}}


def python(code, *args, cwd=None, timeout=60, **env):
    """Runs a program of Python in a process of its own."""
    command = [sys.executable, "-c", code, *map(str, args)]
    return subprocess.run(command, cwd=cwd, env=environment(**env), capture_output=True, text=True, timeout=timeout)


def example(name, *args, sim, timeout=60, **env):
    """Runs an example against a simulator; what it printed."""
    command = [sys.executable, str(EXAMPLES / name), *map(str, args)]
    trust = {"SSL_CERT_FILE": sim.ca, "MERCHANT_JSON": sim.merchant_json, **env}
    done = subprocess.run(command, env=environment(**trust), capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
