"""While a request hangs on a silent server, other threads and tasks make progress."""

import asyncio
import threading
import time

import pytest

import libwxpay
from libwxpay import AsyncClient, Client, Outcome, Request


def test_a_second_thread_goes_on(sim, silent):
    client = Client(**sim.options(base_url=f"https://{silent}"))
    request, ended = Request("GET", "/v3/x", timeout_ms=20000), []

    def work():
        try:
            client.send(request)
        except libwxpay.WxPayError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    signed = 0
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        client.prepare("POST", "/v3/x", b"{}")
        signed += 1
    assert signed > 5 and thread.is_alive() and not ended
    request.cancel()
    thread.join(5)
    assert not thread.is_alive()
    assert (ended[0].status_name, ended[0].outcome) == ("CANCELLED", Outcome.NOT_SENT)
    assert isinstance(ended[0], libwxpay.ProcessError)


def test_the_loop_goes_on_and_a_cancelled_task_cancels_its_request(sim, silent):
    async def main():
        async with AsyncClient(**sim.options(base_url=f"https://{silent}")) as client:
            task = asyncio.ensure_future(client.get("/v3/x", timeout_ms=20000))
            ticks = 0
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                await asyncio.sleep(0.001)
                ticks += 1
            assert ticks > 10 and not task.done()
            start = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert time.monotonic() - start < 5
            return caught.value

    cause = asyncio.run(main()).__cause__
    assert isinstance(cause, libwxpay.ProcessError)
    assert (cause.status_name, cause.outcome) == ("CANCELLED", Outcome.NOT_SENT)


def test_what_is_known_after_cancelling_is_not_lost(sim, caplog):
    async def main():
        async with AsyncClient(**sim.options()) as client:
            await client.post("/_sim/fault", {"path": "/v3/pay/transactions/native", "kind": "delay_ms:5000"})
            order = client.post("/v3/pay/transactions/native", sim.order("wait-cancelled"))
            with pytest.raises(asyncio.TimeoutError) as caught:
                await asyncio.wait_for(order, 0.5)
            return caught.value

    error = asyncio.run(main())
    assert isinstance(error.__cause__, asyncio.CancelledError)
    assert error.__cause__.__cause__.outcome is Outcome.UNKNOWN
    (record,) = [record for record in caplog.records if record.name == "libwxpay"]
    assert record.levelname == "WARNING"
    assert "POST /v3/pay/transactions/native was cancelled" in record.getMessage()
    assert "UNKNOWN" in record.getMessage()


def test_a_task_that_is_cancelled_twice_still_waits(sim, silent):
    async def main():
        async with AsyncClient(**sim.options(base_url=f"https://{silent}")) as client:
            task = asyncio.ensure_future(client.get("/v3/x"))
            await asyncio.sleep(0.2)
            task.cancel()
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert task.cancelled()

    asyncio.run(main())


def test_an_answer_that_came_before_the_cancelling_is_reported(sim, caplog):
    async def main():
        async with AsyncClient(**sim.options()) as client:
            client._blocking.send = lambda request: time.sleep(0.3) or "answer"
            task = asyncio.ensure_future(client.get("/v3/x"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.__cause__ is None

    asyncio.run(main())
    assert "its answer had come" in caplog.text


def test_requests_that_wait_for_a_thread_are_not_sent(sim, silent, monkeypatch):
    from libwxpay import aio

    monkeypatch.setattr(aio, "THREADS", 1)

    async def main():
        async with AsyncClient(**sim.options(base_url=f"https://{silent}")) as client:
            first = asyncio.ensure_future(client.get("/v3/1", timeout_ms=20000))
            await asyncio.sleep(0.1)
            second = asyncio.ensure_future(client.get("/v3/2"))
            await asyncio.sleep(0.1)
            start = time.monotonic()
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            assert time.monotonic() - start < 1 and not first.done()
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first

    asyncio.run(main())


def test_every_method_is_a_coroutine(sim, notify):
    headers, body = notify()

    async def main():
        client = AsyncClient(**sim.options())
        await client.warm()
        await client.refresh_certificates()
        assert await client.certificates_due() == 0
        orders = [client.post("/v3/pay/transactions/native", sim.order(f"wait-{n}")) for n in range(20)]
        assert {answer.verified for answer in await asyncio.gather(*orders)} == {1}
        notification = await client.notification(headers, body)
        assert notification.reply_ok().status == 204
        prepared = await client.prepare("GET", sim.query_url("wait-1"))
        assert (await client.send(prepared)).json["trade_state"] == "NOTPAY"
        with pytest.raises(libwxpay.SignatureError):
            await client.check(prepared, 200, {}, b"{}")
        with pytest.raises(libwxpay.SignatureError):
            await client.load_certificates(200, {}, b"{}")
        ciphertext, key_id = await client.encrypt("x")
        with pytest.raises(libwxpay.SignatureError):
            await client.decrypt(ciphertext)
        assert key_id and (await client.pay.jsapi(sim.appid, "wx1"))["paySign"]
        request = await client.certificates_request()
        assert (await client.explain_request(request))["sign_message_length"] > 0
        assert (await client.info())["requests"] >= 21
        await client.close()
        with pytest.raises(ValueError, match="closed"):
            await client.info()

    asyncio.run(main())
