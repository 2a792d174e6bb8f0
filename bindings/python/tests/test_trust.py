"""Reports about trust: what the store holds, what a server presents, what an error text means."""

import asyncio
import socket

import pytest

import libwxpay
from libwxpay import AsyncClient, UsageError

# WeChat Pay's guideline, "Common Python Errors".
GUIDELINE = "SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:581)"


@pytest.fixture
def closed():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    return port


def ids(report):
    return [one["id"] for one in report["diagnosis"]]


def test_the_store_is_reported_without_a_client_and_of_one(client):
    without, of_one = libwxpay.trust_report(), client.trust_report()
    for report in (without, of_one):
        assert (report["schema"], report["status"], report["clock"]) == (1, 0, "system")
        assert report["source"]["kind"] == "system" and report["store"]["roots"] > 50
        assert {one["id"]: one["present"] for one in report["roots"]}["DIGICERT_GLOBAL_ROOT_G2"]
    # The simulator's CA, which the client adds.
    assert (without["counts"]["extra_ca"], of_one["counts"]["extra_ca"]) == (0, 1)


def test_a_closed_port_is_a_report_and_no_exception(client, closed):
    for probe in (libwxpay.trust_probe, client.trust_probe):
        report = probe("127.0.0.1", closed)
        assert (report["status"], report["verdict"], ids(report)) == (301, "error", ["CONNECT_FAILED"])
        assert report["attempts"][0]["address"] == f"127.0.0.1:{closed}"
        assert ids(probe("localhost", 0, f"127.0.0.1:{closed}")) == ["CONNECT_FAILED", "BIND_HOST"]


def test_a_server_is_probed_as_requests_reach_it(sim, client):
    port = int(sim.url.rsplit(":", 1)[1])
    report = client.trust_probe(b"localhost", port)
    assert (report["status"], report["tls"]["trusted"], report["http"]["status"]) == (0, True, 401)
    # The library's defaults do not know the simulator's CA.
    assert libwxpay.trust_probe("localhost", port)["status"] == 310


def test_what_is_no_host_and_no_port_is_refused(client):
    for arguments in (
        ("https://api.mch.weixin.qq.com", 443),
        ("localhost", -1),
        ("localhost", 65536),
        ("localhost", 0, "x"),
    ):
        for probe in (libwxpay.trust_probe, client.trust_probe):
            with pytest.raises(UsageError) as caught:
                probe(*arguments)
            assert caught.value.status_name == "INVALID_ARGUMENT"


def test_an_error_text_is_explained():
    for text in (GUIDELINE, GUIDELINE.encode()):
        report = libwxpay.explain_text(text)
        assert (report["status"], report["language"], ids(report)[0]) == (310, "python", "ROOT_NOT_IN_STORE")
        assert "verify=" in report["diagnosis"][0]["cure"]
    assert ids(libwxpay.explain_text("订单已支付 \0 😀")) == ["UNKNOWN_TEXT"]


def test_an_asynchronous_client_reports_as_well(sim, closed):
    async def both():
        async with AsyncClient(**sim.options()) as client:
            return await asyncio.gather(client.trust_report(), client.trust_probe("127.0.0.1", closed))

    report, probe = asyncio.run(both())
    assert report["counts"]["extra_ca"] == 1
    assert (probe["status"], ids(probe)) == (301, ["CONNECT_FAILED"])
