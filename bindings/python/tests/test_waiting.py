"""While a request hangs on a silent server, other threads and tasks make progress."""

import asyncio
import json
import signal
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
    assert "POST /v3/pay/transactions/native was interrupted" in record.getMessage()
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
            request = Request("POST", "/v3/pay/transactions/native", json.dumps(sim.order("wait-answered")))
            task = asyncio.ensure_future(client.send(request))
            await asyncio.sleep(0)
            time.sleep(1)  # The loop does not see the answer.
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return request.ended, caught.value.__cause__

    ended, cause = asyncio.run(main())
    assert isinstance(ended, libwxpay.ProcessError) and cause is ended
    assert (ended.status_name, ended.outcome, ended.retryable) == ("CANCELLED", Outcome.UNKNOWN, False)
    assert ended.response.verified == 1 and ended.response.json["code_url"]
    assert "the answer had come" in caplog.text


def test_requests_that_wait_for_a_thread_are_not_sent(sim, silent, monkeypatch):
    from libwxpay import aio

    monkeypatch.setattr(aio, "THREADS", 1)

    async def main():
        async with AsyncClient(**sim.options(base_url=f"https://{silent}")) as client:
            first = asyncio.ensure_future(client.get("/v3/1", timeout_ms=20000))
            await asyncio.sleep(0.1)
            request = Request("GET", "/v3/2")
            second = asyncio.ensure_future(client.send(request))
            await asyncio.sleep(0.1)
            start = time.monotonic()
            second.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await second
            assert time.monotonic() - start < 1 and not first.done()
            ended = request.ended
            assert isinstance(ended, libwxpay.ProcessError) and caught.value.__cause__ is ended
            assert (ended.outcome, ended.request) == (Outcome.NOT_SENT, request)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first

    asyncio.run(main())


def test_a_thread_that_cannot_be_started_sends_nothing_later(sim, monkeypatch):
    """The pool queues first: the thread that is there would send it when the caller has been told of a failure."""

    def refused(thread):
        raise RuntimeError("can't start new thread")

    async def main():
        async with AsyncClient(**sim.options()) as client:
            await client.post("/_sim/fault", {"path": "/v3/pay/transactions/native", "kind": "delay_ms:700"})
            # The pool's thread says that it is idle a little after its answer is there; before that the
            # next call would get a thread of its own, and the one after it would find this one.
            await asyncio.sleep(0.3)
            first = asyncio.ensure_future(client.post("/v3/pay/transactions/native", sim.order("thread-1")))
            await asyncio.sleep(0.3)
            monkeypatch.setattr(threading.Thread, "start", refused)
            with pytest.raises(libwxpay.ProcessError) as caught:
                await client.post("/v3/pay/transactions/native", sim.order("thread-2"))
            monkeypatch.undo()
            await first
            await asyncio.sleep(0.3)
            with pytest.raises(libwxpay.ApiError) as never:
                await client.get(sim.query_url("thread-2"))
            assert never.value.api_code == "ORDER_NOT_EXIST"
            assert (await client.get(sim.query_url("thread-1"))).json["trade_state"] == "NOTPAY"
            return caught.value

    error = asyncio.run(main())
    assert error.outcome is Outcome.NOT_SENT and "Nothing was sent" in str(error)
    assert "can't start new thread" in str(error.__cause__)


def test_a_request_that_another_thread_took_is_waited_for(sim, monkeypatch):
    """The start fails, and the thread that is there had already begun what was queued."""

    async def main():
        async with AsyncClient(**sim.options()) as client:
            await client.info()
            begun, send = threading.Event(), client._blocking.send

            def seen(request):
                begun.set()
                return send(request)

            def refused(thread):
                assert begun.wait(10)
                raise RuntimeError("can't start new thread")

            first = asyncio.ensure_future(client.get(sim.query_url("thread-1")))
            while not client._pool or not client._pool._idle_semaphore._value:
                await asyncio.sleep(0.01)
            client._pool._idle_semaphore.acquire()  # Busy by the count, free in truth.
            client._blocking.send = seen
            monkeypatch.setattr(threading.Thread, "start", refused)
            answer = await client.post("/v3/pay/transactions/native", sim.order("thread-3"))
            monkeypatch.undo()
            await asyncio.gather(first, return_exceptions=True)
            return answer

    assert asyncio.run(main()).json["code_url"]


class Deadline(Exception):
    """What a task queue raises by a signal."""


@pytest.fixture
def alarm():
    def raised(*_):
        raise Deadline

    before = signal.signal(signal.SIGALRM, raised)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("late", [True, False])
def test_a_signal_does_not_drop_what_is_known(sim, client, alarm, caplog, late):
    client.post("/_sim/fault", {"path": "/v3/pay/transactions/native", "kind": "delay_ms:900"})
    order = json.dumps(sim.order(f"signal-{late}"))
    request = Request("POST", "/v3/pay/transactions/native", order, timeout_ms=400 if late else 20000)
    alarm(0.2)
    with pytest.raises(Deadline) as caught:
        client.send(request)
    known = caught.value.__cause__
    assert known is request.ended and known.outcome is Outcome.UNKNOWN
    if late:
        assert (type(known), known.status_name) == (libwxpay.TransportError, "TIMEOUT")
    else:
        assert (type(known), known.status_name) == (libwxpay.ProcessError, "CANCELLED")
        assert known.response.verified == 1 and known.response.json["code_url"]
    (record,) = [record for record in caplog.records if record.name == "libwxpay"]
    assert str(known) in record.getMessage()


def test_a_signal_before_a_call_sends_nothing(client, monkeypatch):
    from libwxpay import client as module

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "wxpay_client_send", interrupted)
    request = Request("GET", "/v3/x")
    with pytest.raises(KeyboardInterrupt) as caught:
        client.send(request)
    assert (caught.value.__cause__, request.ended) == (None, None)


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
