"""Requests and answers."""

import json
import threading

import pytest

import libwxpay
from libwxpay import Client, Request, Verified


def test_an_order_is_sent_and_its_answer_verified(sim, client):
    answer = client.post("/v3/pay/transactions/native", sim.order("call-1"))
    assert (answer.status, answer.verified) == (200, Verified.SIGNATURE)
    assert answer.json["code_url"].startswith("weixin://")
    assert json.loads(answer.body) == json.loads(answer.text) == answer.json
    assert answer.key_id == sim.merchant["public_key_id"]
    assert answer.header("REQUEST_ID") == answer.headers["request-id"] == answer.request_id
    assert answer.header("nowhere") is None
    assert answer.trace["attempts"][0]["status"] == 200
    assert dict(answer.header_list)["wechatpay-serial"] == answer.key_id


def test_an_answer_without_a_body_has_no_json(sim, client):
    client.post("/v3/pay/transactions/native", sim.order("call-2"))
    closed = client.post("/v3/pay/transactions/out-trade-no/call-2/close", {"mchid": sim.mchid})
    assert (closed.status, closed.body, closed.text, closed.json) == (204, b"", "", None)


def test_text_survives_both_ways(sim, client):
    attach = '中文 😀 é \u0000 \\ " \n'
    client.post("/v3/pay/transactions/native", sim.order("call-3", description=attach[:12], attach=attach))
    order = client.get(sim.query_url("call-3")).json
    assert order["out_trade_no"] == "call-3"
    with Client.from_file(sim.dir / "brand.json", extra_ca_file=sim.ca) as brand:
        assert brand.post("/brand/_sim/echo", {"attach": attach}).json == {"attach": attach}


def test_bytes_and_text_are_sent_as_they_are(client):
    odd = b'{ "a" :  1.10 ,"\xe4\xb8\xad":"\\u0000" }'
    for body in (odd, bytearray(odd), memoryview(odd), odd.decode()):
        assert client.prepare("POST", "/v3/x", body).body == odd


def test_other_values_become_json_once(client):
    body = {"description": "中文 😀\u0000", "amount": {"total": 1}, "list": [1, True, None]}
    sent = client.prepare("POST", "/v3/x", body).body
    assert sent == '{"description":"中文 😀\\u0000","amount":{"total":1},"list":[1,true,null]}'.encode()
    with pytest.raises(ValueError):
        client.prepare("POST", "/v3/x", {"total": float("nan")})
    with pytest.raises(TypeError):
        client.prepare("POST", "/v3/x", {"total": object()})


def test_a_nul_in_a_body_is_signed_and_sent(client):
    body = b"a\0b"
    prepared = client.prepare("POST", "/v3/x", body)
    assert prepared.body == body
    explained = client.explain_request(Request("POST", "/v3/x", body))
    assert explained["sign_message_length"] > len(body)


def test_every_verb_has_its_method(client):
    assert [client.prepare(verb, "/v3/x").method for verb in ("GET", "POST", "PUT", "PATCH", "DELETE")] == [
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
    ]


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_verbs_send_what_they_are_called(client, verb):
    with pytest.raises(libwxpay.ApiError) as caught:
        getattr(client, verb)("/v3/nothing-here")
    assert caught.value.request.method == verb.upper()
    assert caught.value.http_status == 404


def test_options_of_a_call(sim, client):
    prepared = client.prepare(
        "POST", "/v3/x", {}, headers={"Accept-Language": "zh-CN"}, key_id=sim.merchant["public_key_id"]
    )
    assert prepared.headers["Accept-Language"] == "zh-CN"
    assert prepared.header("wechatpay-serial") == sim.merchant["public_key_id"]
    with pytest.raises(libwxpay.UsageError, match="timeout_ms"):
        client.get("/v3/x", timeout_ms=0)
    with pytest.raises(libwxpay.UsageError, match="idempotent"):
        client.get("/v3/x", idempotence=True)
    with pytest.raises(libwxpay.UsageError, match="Authorization"):
        client.get("/v3/x", headers={"Authorization": "mine"})
    request = Request("POST", "/v3/x", {}, idempotent=True, timeout_ms=None)
    assert "Request POST" in repr(request)


def test_a_prepared_request_is_complete(sim, client):
    prepared = client.prepare("POST", "/v3/pay/transactions/native", b"{}")
    assert (prepared.method, prepared.url) == ("POST", sim.url + "/v3/pay/transactions/native")
    assert prepared.headers["Authorization"].startswith("WECHATPAY2-SHA256-RSA2048 ")
    assert prepared.headers["Content-Type"] == "application/json"
    assert not {"Host", "Content-Length"} & set(prepared.headers)


def test_a_foreign_answer_is_not_taken(sim, client):
    prepared = client.prepare("GET", "/v3/x")
    with pytest.raises(libwxpay.SignatureError) as caught:
        client.check(prepared, 200, {"Content-Type": "application/json"}, b"{}")
    assert caught.value.status_name == "SIGNATURE_HEADERS_MISSING"


def test_a_signature_made_outside(sim):
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding

    options = sim.options(external_signer=True, merchant_certificate_file=sim.merchant["_merchant_certificate_file"])
    with open(options.pop("private_key_file"), "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    client = Client(**options)
    request = Request("POST", "/v3/pay/transactions/native", sim.order("call-kms"))
    message, to_sign, digest = client.prepare_unsigned(request)
    assert len(digest) == 32 and to_sign.startswith(b"POST\n/v3/pay/transactions/native\n")
    message.attach_signature(key.sign(to_sign, padding.PKCS1v15(), hashes.SHA256()))
    assert client.send(message).json["code_url"]


def test_one_client_for_many_threads(sim, client):
    client.post("/v3/pay/transactions/native", sim.order("call-threads"))
    seen, failed = [], []

    def work():
        try:
            for _ in range(5):
                seen.append(client.get(sim.query_url("call-threads")).json["trade_state"])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and seen == ["NOTPAY"] * 40
    assert client.info()["requests"] >= 41


def test_certificates_by_an_own_transport(sim, client):
    assert client.certificates_due() in (0, 1, 2)
    request = client.prepare(client.certificates_request())
    assert request.url.endswith("/v3/certificates")
    with pytest.raises(libwxpay.SignatureError):
        client.load_certificates(200, {}, b"{}")
    assert client.certificates_due() == 0  # a failure is not repeated at once


def test_certificates_by_the_library(sim):
    options = sim.options(auto_certificates=True)
    del options["public_key_file"], options["public_key_id"]
    client = Client(**options)
    assert client.certificates_due() == 2
    client.refresh_certificates()
    assert client.certificates_due() == 0
    client.post("/v3/pay/transactions/native", sim.order("call-certificates"))
    assert client.get(sim.query_url("call-certificates")).key_id == sim.merchant["_platform_serial"]


def test_sensitive_fields(sim, client):
    for plaintext in ("张三 😀", "a\0b", "x" * 214):
        ciphertext, key_id = client.encrypt(plaintext)
        assert key_id == sim.merchant["public_key_id"]
        answer = client.post("/v3/_sim/echo-encrypted", {"ciphertext": ciphertext}, key_id=key_id).json
        assert answer["plaintext"] == plaintext
        assert client.decrypt(answer["reencrypted"]) == plaintext
    with pytest.raises(libwxpay.SignatureError, match=r"ENCRYPT_TOO_LONG"):
        client.encrypt("x" * 215)
    with pytest.raises(libwxpay.SignatureError):
        client.decrypt("AAAA")


def test_parameters_for_front_ends(sim, client):
    jsapi = client.pay.jsapi(sim.appid, "wx2016")
    assert (jsapi["appId"], jsapi["package"], jsapi["signType"]) == (sim.appid, "prepay_id=wx2016", "RSA")
    assert client.pay.mini_program(sim.appid, "wx2016")["paySign"]
    assert client.pay.app(sim.appid, "wx2016")["partnerid"] == sim.mchid
    params, to_sign, digest = client.pay.unsigned("jsapi", sim.appid, "wx2016")
    assert to_sign.decode().split("\n")[3] == "prepay_id=wx2016" and len(digest) == 32
    assert client.pay.attach(params, bytes(range(256)))["paySign"]
    url = client.pay.h5_url("https://wx.tenpay.com/x?p=1", "https://shop.example/?a=1&b=2")
    assert url == "https://wx.tenpay.com/x?p=1&redirect_url=https%3A%2F%2Fshop.example%2F%3Fa%3D1%26b%3D2"
    with pytest.raises(libwxpay.UsageError):
        client.pay.jsapi("wx\nPOST", "wx2016")
