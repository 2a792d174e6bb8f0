"""Everything is released exactly once, whatever happens in between."""

import asyncio
import copy
import dataclasses
import gc
import pickle
import threading
from pathlib import Path

import pytest
from conftest import python

import libwxpay
from libwxpay import Client, Request, _abi

HANDLES = [getattr(_abi, name) for name in dir(_abi) if name.endswith("Handle")]


@pytest.fixture
def released(monkeypatch):
    """Names of the handles that were released."""
    seen = []
    for kind in HANDLES:
        free = kind.__del__.__defaults__[0]

        def counted(handle, free=free, name=kind.__name__):
            seen.append(name)
            free(handle)

        monkeypatch.setattr(kind.__del__, "__defaults__", (counted,))

    def take():
        gc.collect()
        names = sorted(seen)
        seen.clear()
        return names

    take()
    return take


def test_what_a_call_makes_is_released(sim, client, released, notify):
    headers, body = notify()
    released()
    client.prepare("POST", "/v3/x", {})
    assert released() == ["MessageHandle"] * 2
    client.notification(headers, body)
    assert released() == ["MessageHandle", "NotifyHandle"]
    client.info()
    assert released() == ["BufHandle"]
    client.encrypt("x")
    assert released() == ["BufHandle"] * 2
    Client(**sim.options()).close()
    assert released() == ["ClientHandle", "ConfigHandle"]
    key = libwxpay.primitives.Key.load(Path(sim.merchant["private_key_file"]).read_bytes())
    libwxpay.primitives.sign(key, b"x")
    del key
    assert released() == ["BufHandle", "KeyHandle"]


def failure(call, *args, **options):
    with pytest.raises((libwxpay.WxPayError, TypeError)):
        call(*args, **options)


def test_what_a_failed_call_made_is_released(sim, client, released, notify):
    headers, body = notify("bad_signature")
    released()
    failure(client.prepare, "POST", "/v3/x", {}, headers={"Host": "x"})
    assert released() == ["ErrorHandle", "MessageHandle"]
    failure(client.prepare, "POST", "https://elsewhere.example/v3/x", {})
    assert released() == ["ErrorHandle", "MessageHandle"]
    failure(client.notification, headers, body)
    assert released() == ["ErrorHandle", "MessageHandle"]
    failure(client.notification, [*headers, ("X", "a\nb")], body)
    assert released() == ["ErrorHandle", "MessageHandle"]
    failure(client.get, sim.query_url("never"))
    assert released() == ["ErrorHandle", "MessageHandle"]
    failure(Client, mchid=1.5)
    assert released() == ["ConfigHandle"]
    failure(Client, mchid="1")
    assert released() == ["ConfigHandle", "ErrorHandle"]


def test_messages_live_as_long_as_they_are_used(sim):
    client = Client(**sim.options())
    answer = client.post("/v3/pay/transactions/native", sim.order("life-1"))
    try:
        client.get(sim.query_url("never"))
    except libwxpay.WxPayError as error:
        asked = error.request
    client.close()
    del client
    gc.collect()
    assert answer.json["code_url"] and asked.method == "GET"


def test_a_client_is_closed_while_calls_are_under_way(sim, silent):
    client = Client(**sim.options(base_url=f"https://{silent}"))
    request, ended = Request("GET", "/v3/x"), []

    def work():
        try:
            client.send(request)
        except libwxpay.ProcessError as error:
            ended.append(error.status_name)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.3)
    client.close()
    with pytest.raises(ValueError, match="closed"):
        client.info()
    assert thread.is_alive()
    request.cancel()
    thread.join(10)
    assert ended == ["CANCELLED"]


def test_threads_that_close_and_call_at_once(sim):
    for _ in range(20):
        client = Client(**sim.options())

        def work(client=client):
            try:
                while True:
                    client.prepare("POST", "/v3/x", b"{}")
            except ValueError:
                pass

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        client.close()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()


def test_nothing_grows(sim, client, notify):
    headers, body = notify()
    bad = body.replace(b"TRANSACTION", b"TRANSACTIOM")

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    def work(times):
        for _ in range(times):
            client.prepare("POST", "/v3/x", {"a": 1}).header("Authorization")
            client.notification(headers, body).json  # noqa: B018
            failure(client.notification, headers, bad)
            client.info()
        gc.collect()

    work(200)
    before = resident()
    work(2000)
    assert resident() - before < 2 << 20


EXIT = """
import asyncio, sys, threading, time
import libwxpay
options = dict(pair.split("=", 1) for pair in sys.argv[1:])
client = libwxpay.Client(**options)
aio = libwxpay.AsyncClient(**options)
request = libwxpay.Request("GET", "/v3/x")
prepared = client.prepare(request)
class Keeper:
    def __del__(self): self.client.prepare("GET", "/v3/x")
keeper = Keeper(); keeper.client = client; keeper.me = keeper
def hang():
    try: client.send(request)
    except libwxpay.ProcessError: pass
thread = threading.Thread(target=hang, daemon=True)
thread.start()
time.sleep(0.3)
async def main():
    task = asyncio.ensure_future(aio.get("/v3/x"))
    await asyncio.sleep(0.3)
    task.cancel()
asyncio.run(main())
assert thread.is_alive()
"""


def test_a_process_ends_with_everything_alive(sim, silent):
    options = sim.options(base_url=f"https://{silent}")
    done = python(EXIT, *(f"{key}={value}" for key, value in options.items()))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_handle_is_copied(sim, client):
    """A pointer copied as a number would be released twice, or used in a process that has not got it."""
    answer = client.post("/v3/pay/transactions/native", sim.order("life-copy"))
    with pytest.raises(libwxpay.ApiError) as caught:
        client.get(sim.query_url("never"))
    held = [client, answer, caught.value.response, Request("GET", "/v3/x"), libwxpay.Config(mchid="1")]
    held += [libwxpay.primitives.Key.load(Path(sim.merchant["private_key_file"]).read_bytes())]
    for one in held:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(one, protocol)
    for one in held[1:]:
        with pytest.raises(TypeError, match=r"belongs to this process|pickle"):
            copy.deepcopy(one)
    for kind in [*HANDLES, _abi.Borrowed]:
        for made in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match=f"a {kind.__name__} belongs to this process"):
                made(kind())
    assert copy.deepcopy(caught.value).api_code == "ORDER_NOT_EXIST"
    gc.collect()
    assert answer.json["code_url"]


def test_a_client_in_copied_settings_is_the_same_client(sim, client):
    @dataclasses.dataclass
    class Shop:
        pay: object

    assert dataclasses.asdict(Shop(client))["pay"] is client
    assert copy.deepcopy(client) is client
    again = copy.copy(client)
    again.close()
    del again
    gc.collect()
    assert client.info()["mchid"] == sim.mchid
    beside = libwxpay.AsyncClient(**sim.options())
    assert copy.deepcopy({"pay": beside})["pay"] is beside
    asyncio.run(beside.close())
