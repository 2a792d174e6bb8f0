"""Errors: what a caller can decide by."""

import gc
import pickle
import socket
import sys

import pytest

import libwxpay
from libwxpay import (
    ApiError,
    Client,
    InternalError,
    Outcome,
    ProcessError,
    SignatureError,
    TransportError,
    UsageError,
    WxPayError,
)
from libwxpay._abi import ErrorHandle
from libwxpay.errors import GROUPS


def test_an_api_error_says_everything(sim, client):
    with pytest.raises(ApiError) as caught:
        client.get(sim.query_url("never"))
    error = caught.value
    assert (error.status, error.status_name) == (400, "API_ERROR")
    assert error.outcome is Outcome.REJECTED
    assert (error.http_status, error.api_code) == (404, "ORDER_NOT_EXIST")
    assert error.api_message and error.message and error.hint and error.request_id
    assert error.retryable is False
    assert error.retry_after_s is None
    assert error.json["api_code"] == error.api_code
    for part in (error.message, error.hint, "REJECTED", error.request_id):
        assert part in str(error)
    request, response = error.request, error.response
    del error, caught
    gc.collect()
    assert request.method == "GET" and request.header("authorization") == "<redacted>"
    assert response.status == 404 and response.json["code"] == "ORDER_NOT_EXIST"
    assert response.verified == libwxpay.Verified.ERROR_ANSWER


def test_not_sent_is_proved(sim):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(TransportError) as caught:
        Client(**sim.options(base_url=f"https://127.0.0.1:{port}")).get("/v3/x")
    error = caught.value
    assert (error.status_name, error.outcome, error.response) == ("CONNECT", Outcome.NOT_SENT, None)
    assert "outcome NOT_SENT" in str(error) and "Request-ID" not in str(error)


def test_an_unverified_success_is_not_handed_out(sim, client):
    client.post("/_sim/fault", {"path": "/v3/pay/transactions/native", "kind": "bad_signature"})
    with pytest.raises(SignatureError) as caught:
        client.post("/v3/pay/transactions/native", sim.order("errors-unverified"))
    assert caught.value.outcome is Outcome.DONE_UNVERIFIED
    assert caught.value.response.body == b""
    assert caught.value.retryable is False


def test_a_timeout_after_sending_is_unknown(sim, client):
    client.post("/_sim/fault", {"path": "/v3/pay/transactions/native", "kind": "delay_ms:3000"})
    with pytest.raises(TransportError) as caught:
        client.post("/v3/pay/transactions/native", sim.order("errors-timeout"), timeout_ms=300)
    assert (caught.value.status_name, caught.value.outcome) == ("TIMEOUT", Outcome.UNKNOWN)


def test_an_unknown_root_says_what_to_do(sim):
    options = sim.options()
    del options["extra_ca_file"]
    with pytest.raises(TransportError) as caught:
        Client(trust_env=False, **options).get("/v3/x")
    error = caught.value
    assert (error.status_name, error.outcome) == ("TLS_UNKNOWN_ISSUER", Outcome.NOT_SENT)
    assert error.hint and error.hint in str(error)


def test_a_request_id_is_in_the_text(sim, client):
    client.post("/_sim/fault", {"path": "/v3/pay", "kind": "status:500"})
    with pytest.raises(ApiError) as caught:
        client.post("/v3/pay/transactions/native", sim.order("errors-500"))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert f"Request-ID {caught.value.request_id}" in str(caught.value) and caught.value.request_id


def test_the_wrong_key_is_named(tmp_path):
    wrong = tmp_path / "key.pem"
    wrong.write_text("not a key")
    with pytest.raises(UsageError, match="private_key_file"):
        Client(mchid="1900000001", merchant_serial="AB", private_key_file=wrong)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (100, UsageError),
        (201, SignatureError),
        (302, TransportError),
        (402, ApiError),
        (501, ProcessError),
        (901, InternalError),
    ],
)
def test_groups(status, kind):
    assert GROUPS[status // 100] is kind and issubclass(kind, WxPayError)


def test_numbers_of_a_later_library_go_by_their_group(monkeypatch):
    from libwxpay import errors

    def said(handle, status=0):
        return status

    for status, kind in ((199, UsageError), (398, TransportError), (650, WxPayError)):
        monkeypatch.setattr(errors._abi, "wxpay_error_status", lambda _, status=status: status)
        error = errors.failed(ErrorHandle())
        assert type(error) is kind
    # An outcome that this package does not know is UNKNOWN.
    from libwxpay import _error_fields

    monkeypatch.setattr(_error_fields, "wxpay_error_outcome", lambda _: 17)
    assert errors.failed(ErrorHandle()).outcome is Outcome.UNKNOWN


def test_an_error_travels_to_another_process(sim, client):
    with pytest.raises(ApiError) as caught:
        client.get(sim.query_url("never"))
    error = caught.value
    for _ in range(2):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is ApiError and str(again) == str(error) and again.args == error.args
        assert (again.outcome, again.api_code, again.json) == (error.outcome, error.api_code, error.json)
        assert (again.request, again.response) == (None, None)
        assert again.reply().status == error.reply().status
        error = again


DEEP = b"[" * 100_000 + b"]" * 100_000
NOT_READABLE = {"text": b"hello", "not UTF-8": b'{"a":"\xff"}', "deep": DEEP, "UTF-16": '{"a":1}'.encode("utf-16")}
if hasattr(sys, "get_int_max_str_digits"):
    NOT_READABLE["number"] = b'{"a":' + b"9" * 5000 + b"}"


@pytest.mark.parametrize("name", NOT_READABLE)
def test_json_that_python_cannot_read_is_an_error_with_the_answer(sim, client, monkeypatch, name):
    answer = client.post("/v3/pay/transactions/native", sim.order("errors-json"))
    monkeypatch.setattr(libwxpay.Response, "body", NOT_READABLE[name])
    with pytest.raises(ApiError) as caught:
        _ = answer.json
    error = caught.value
    assert (error.status_name, error.outcome, error.retryable) == ("MALFORMED_JSON", Outcome.UNKNOWN, False)
    assert error.response is answer and error.request is None and error.json is None
    assert "query it" in str(error) and answer.request_id in str(error) and error.args == (error.message,)
    assert error.reply().status == 500
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_notification_that_python_cannot_read_is_answered(client, notify, monkeypatch):
    from libwxpay import _raw

    notification = client.notification(*notify())
    monkeypatch.setattr(_raw, "wxpay_notify_json", lambda _: DEEP)
    with pytest.raises(ApiError, match="not JSON that Python can read") as caught:
        _ = notification.json
    assert caught.value.reply().status == 500


@pytest.mark.parametrize("text", [DEEP, b"{"])
def test_the_json_of_an_error_raises_nothing(client, sim, monkeypatch, text):
    from libwxpay import errors

    monkeypatch.setattr(errors._abi, "wxpay_error_json", lambda _: text)
    with pytest.raises(ApiError) as caught:
        client.get(sim.query_url("never"))
    assert caught.value.json is None and caught.value.api_code == "ORDER_NOT_EXIST"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda client: client.decrypt(5), "ciphertext_base64: expected str or bytes, not int"),
        (lambda client: Client(mchid=1.5), "'mchid': expected text, a number, a bool, .*, not float"),
        (lambda client: Client(api_v3_key=["k", 5]), "a line of 'api_v3_key': expected str or bytes, not int"),
        (lambda client: Client(bind_hosts={"a": 1.5}), "'bind_host.a': expected text, .*, not float"),
        (lambda client: Client(mchid={"a": "b"}), "'mchid': not a map"),
        (lambda client: Client(libwxpay.Config(), mchid="1"), "not both"),
        (lambda client: client.get("/v3/x", timeout_ms=1.5), "'timeout_ms': expected text, .*, not float"),
        (lambda client: client.get("/v3/x", headers={"X-A": 5}), "header X-A: expected str or bytes, not int"),
        (lambda client: client.get("/v3/x", headers={5: "x"}), "name of a header: expected str or bytes, not int"),
        (lambda client: client.get("/v3/x", headers="X-A: 5"), "headers: expected a mapping, or pairs .*, not str"),
        (lambda client: client.notification({}, None), "body: expected str or bytes, not NoneType"),
        (lambda client: client.notification(None, b""), "headers: expected a mapping, or pairs .*, not NoneType"),
        (lambda client: client.notification(b"A: b", b""), "headers: expected a mapping, or pairs .*, not bytes"),
    ],
)
def test_a_wrong_type_is_named(client, call, says):
    with pytest.raises(TypeError, match=says):
        call(client)
