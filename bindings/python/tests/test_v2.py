"""API v2, and sensitive fields by pointer."""

import asyncio
import hashlib
import os
from xml.etree import ElementTree

import pytest

import libwxpay
from libwxpay import ApiError, AsyncClient, Client, Outcome, Request, SignatureError, UsageError, Verified
from libwxpay.constants import WXPAY_STATUS_CONFIG_UNKNOWN_KEY


def order(sim, **more):
    return {
        "appid": sim.appid,
        "body": "测试商品 😀 <&>",
        "out_trade_no": f"v2{os.urandom(6).hex()}",
        "total_fee": 100,
        "spbill_create_ip": "127.0.0.1",
        "notify_url": "http://127.0.0.1:9/notify",
        "trade_type": "NATIVE",
        "product_id": "1",
        **more,
    }


def signed(fields, key):
    """An XML of these fields with the MD5 that WeChat Pay would make."""
    base = "&".join(f"{name}={fields[name]}" for name in sorted(fields)) + "&key=" + key
    fields = {**fields, "sign": hashlib.md5(base.encode()).hexdigest().upper()}
    return (
        "<xml>" + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items()) + "</xml>"
    ).encode()


def test_an_order_of_api_v2_is_placed_and_queried(sim, client):
    asked = order(sim)
    response, fields = client.v2_call("/pay/unifiedorder", asked)
    assert response.verified == Verified.SIGNATURE and fields["code_url"].startswith("weixin://")
    _, found = client.v2_call("/pay/orderquery", {"out_trade_no": asked["out_trade_no"]})
    assert found["trade_state"] == "NOTPAY"
    with pytest.raises(ApiError) as absent:
        client.v2_call("/pay/orderquery", {"out_trade_no": "absent"})
    assert (absent.value.api_code, absent.value.outcome) == ("ORDERNOTEXIST", Outcome.REJECTED)


def test_a_transport_of_its_own_sends_what_was_prepared(sim, client):
    prepared = client.v2_prepare("/pay/unifiedorder", order(sim), "MD5")
    sent = ElementTree.fromstring(prepared.body.decode())
    assert sent.findtext("body") == "测试商品 😀 <&>" and len(sent.findtext("sign")) == 32
    response, fields = client.v2_send(prepared)
    checked, again = client.v2_check(prepared, response.status, response.headers, response.body)
    assert again == fields and checked.verified == Verified.SIGNATURE
    with pytest.raises(SignatureError) as forged:
        client.v2_check(prepared, 200, {}, response.body.replace(fields["prepay_id"].encode(), b"forged"))
    assert forged.value.outcome == Outcome.UNKNOWN


def test_a_notification_of_api_v2_must_be_signed(sim):
    key = sim.merchant["api_v2_key"]
    with Client(**sim.options(api_v2_sign_type="MD5")) as client:
        paid = {"return_code": "SUCCESS", "mch_id": sim.mchid, "out_trade_no": "1", "total_fee": "100"}
        assert client.v2_notification(signed(paid, key))["total_fee"] == "100"
        with pytest.raises(SignatureError):
            client.v2_notification(signed(paid, key).replace(b"100", b"101"))
    good = libwxpay.v2_reply()
    assert good.status == 200 and b"SUCCESS" in good.body
    assert b"FAIL" in libwxpay.v2_reply(901, "later").body


def test_fields_of_other_channels_are_signed(client, sim):
    key = sim.merchant["api_v2_key"]
    assert client.v2_sign({"b": 2, "a": "中"}, "MD5") == hashlib.md5(f"a=中&b=2&key={key}".encode()).hexdigest().upper()
    assert client.pay.score("package")["mch_id"] == sim.mchid


def test_an_unauthenticated_refund_says_so(client):
    with pytest.raises(SignatureError):
        client.refund_unauthenticated("AAAA")
    assert not hasattr(client, "v2_refund_open")


def test_coroutines_of_api_v2(sim):
    async def both():
        async with AsyncClient(**sim.options()) as client:
            response, fields = await client.v2_call("/pay/unifiedorder", order(sim))
            sign = await client.v2_sign({"a": "1"})
            return response, fields, sign

    response, fields, sign = asyncio.run(both())
    assert fields["return_code"] == "SUCCESS" and response.status == 200 and len(sign) == 64


def test_fields_are_encrypted_while_the_request_is_made(sim, client):
    body = {"name": "张三", "list": [{"no": "1"}, {"no": "2"}], "amount": 1.1}
    request = client.request("POST", "/v3/x", body, encrypt_fields=["/name", "/list/*/no", "/absent?"])
    sent = request.json
    assert sent["amount"] == 1.1 and len(sent["name"]) == len(sent["list"][0]["no"]) == 344
    assert client.prepare(request).header("Wechatpay-Serial") == sim.merchant["public_key_id"]
    assert client.prepare("POST", "/v3/x", body, encrypt_fields="/name").json["list"] == body["list"]
    for pointers in (["/absent"], [], ["/name", "/name"], ["/amount"]):
        with pytest.raises(UsageError):
            client.post("/v3/x", body, encrypt_fields=pointers)


def test_nothing_goes_out_in_plaintext_by_a_request_without_a_client():
    with pytest.raises(UsageError) as wrong:
        Request("POST", "/v3/x", {"name": "张三"}, encrypt_fields=["/name"])
    assert wrong.value.status == WXPAY_STATUS_CONFIG_UNKNOWN_KEY


def test_an_answers_fields_are_decrypted(client):
    ciphertext, key_id = client.encrypt("张三 😀")
    answer = client.post("/v3/_sim/echo-encrypted", {"ciphertext": ciphertext}, key_id=key_id)
    assert client.decrypt_fields(answer, "/reencrypted")["reencrypted"] == "张三 😀"
    with pytest.raises(UsageError):
        client.decrypt_fields(answer, "/nowhere")


def test_an_answer_is_explained(client):
    prepared = client.prepare("GET", "/v3/certificates")
    answer = client.send(prepared)
    assert client.explain_response(prepared, answer)["status"] == 0
