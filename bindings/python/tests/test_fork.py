"""A client made before a fork works in the child, also after the parent has sent a request."""

import asyncio
import os
import traceback

from libwxpay import AsyncClient


def in_child(work):
    """Runs `work` in a forked child; what it returned."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.write(writer, work().encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as file:
        said = file.read()
    assert os.waitpid(pid, 0)[1] == 0
    return said


def test_a_child_does_everything(sim, client, notify):
    client.post("/v3/pay/transactions/native", sim.order("fork-1"))
    headers, body = notify()

    def work():
        state = client.get(sim.query_url("fork-1")).json["trade_state"]
        event = client.notification(headers, body).event_type
        ciphertext, _ = client.encrypt("x")
        signed = client.prepare("GET", "/v3/x").header("Authorization")
        return f"{state} {event} {len(ciphertext)} {signed.split(' ')[0]}"

    for _ in range(3):
        assert in_child(work) == "NOTPAY TRANSACTION.SUCCESS 344 WECHATPAY2-SHA256-RSA2048"
        assert client.get(sim.query_url("fork-1")).json["trade_state"] == "NOTPAY"


def test_closing_in_a_child_disturbs_nobody(sim, client):
    client.post("/v3/pay/transactions/native", sim.order("fork-2"))

    def work():
        client.close()
        return "closed"

    assert in_child(work) == "closed"
    assert client.get(sim.query_url("fork-2")).trace["attempts"][0]["reused"] is True


def test_an_async_client_has_threads_of_its_own_in_a_child(sim):
    client = AsyncClient(**sim.options())

    async def ask():
        return (await client.get(sim.query_url("fork-3"))).json["trade_state"]

    async def order():
        await client.post("/v3/pay/transactions/native", sim.order("fork-3"))

    asyncio.run(order())
    assert in_child(lambda: asyncio.run(ask())) == "NOTPAY"
    assert asyncio.run(ask()) == "NOTPAY"
    asyncio.run(client.close())
