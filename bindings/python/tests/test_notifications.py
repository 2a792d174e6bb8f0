"""Notifications, in every form that headers come in."""

import io

import pytest

import libwxpay
from libwxpay import Outcome


def forms(headers):
    """The same headers as frameworks hand them out."""
    lower = [(name.lower(), value) for name, value in headers]
    cgi = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers}
    environ = {
        **cgi,
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/notify",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(b""),
        "wsgi.multithread": True,
        # wsgiref puts the process's environment there too.
        "BASH_FUNC_which%%": "() {  ( alias;\n eval ${which_declare} )\n}",
        "LS_COLORS": "a\nb",
        "ODD": "\udcff",
    }
    from django.http.request import HttpHeaders
    from multidict import CIMultiDict
    from starlette.datastructures import Headers as StarletteHeaders
    from werkzeug.datastructures import EnvironHeaders
    from werkzeug.datastructures import Headers as WerkzeugHeaders

    scope = [(name.encode(), value.encode()) for name, value in lower]
    return {
        "mapping": dict(headers),
        "lower case": dict(lower),
        "pairs": headers,
        "iterator": iter(headers),
        "ASGI scope": scope,
        "bytes mapping": dict(scope),
        "WSGI environ": environ,
        "Django META of ASGI": {**cgi, "wsgi.multithread": True, "SERVER_PORT": 80, "upgrades": [b"x"], "HTTP_N": 5},
        "lists of API gateways": {name: [value] for name, value in headers},
        "tuples of bytes": {name: (value,) for name, value in scope},
        "bytes in an environ": {**dict(scope), "wsgi.version": (1, 0)},
        "Django headers": HttpHeaders(environ),
        "Werkzeug environ headers": EnvironHeaders(environ),
        "Werkzeug headers": WerkzeugHeaders(headers),
        "Starlette headers": StarletteHeaders(raw=scope),
        "aiohttp headers": CIMultiDict(headers),
        "with a line end elsewhere": [*headers, ("X-Odd", "ä"), ("X-Latin", b"\xff")],
    }


NAMES = list(forms([("Wechatpay-Nonce", "x")]))


@pytest.mark.parametrize("name", NAMES)
def test_headers_of_any_framework(client, notify, name):
    headers, body = notify()
    notification = client.notification(forms(headers)[name], body)
    assert notification.event_type == "TRANSACTION.SUCCESS"
    assert notification.json["resource"]["out_trade_no"] == "T1"


def test_what_a_notification_says(sim, client, notify):
    headers, body = notify(resource={"mchid": sim.mchid, "attach": "公仔 😀 \u0000", "n": 1.10})
    notification = client.notification(headers, body)
    sent = {name.lower(): value for name, value in headers}
    assert notification.serial == sent["wechatpay-serial"]
    assert str(notification.timestamp) == sent["wechatpay-timestamp"]
    assert notification.original_type == "transaction"
    assert notification.resource_type == "encrypt-resource"
    assert notification.id and notification.create_time and notification.summary
    assert notification.json["resource"]["attach"] == "公仔 😀 \u0000"
    assert notification.json is notification.json
    assert "公仔 😀".encode() in notification.plaintext
    assert b"ciphertext" not in notification.plaintext


def test_replies(client, notify):
    notification = client.notification(*notify())
    ok = notification.reply_ok()
    assert (ok.status, ok.body, ok.headers) == (204, b"", {})
    failed = notification.reply_fail("数据库 down")
    assert (failed.status, failed.headers) == (500, {"Content-Type": "application/json"})
    assert failed.json["code"] == "FAIL" and "数据库 down" in failed.json["message"]


@pytest.mark.parametrize(
    ("kind", "status", "reply"),
    [
        ("bad_signature", "SIGNATURE_INVALID", 401),
        ("sign_probe", "SIGNATURE_PROBE", 401),
        ("no_signature", "SIGNATURE_HEADERS_MISSING", 401),
        ("wrong_serial", "SERIAL_UNKNOWN", 401),
        ("skew:-301", "TIMESTAMP_EXPIRED", 401),
        # Far enough ahead that a slow machine does not bring it back into the window.
        ("skew:360", "TIMESTAMP_EXPIRED", 401),
        ("wrong_api_v3_key", "DECRYPT_FAILED", 401),
    ],
)
def test_what_is_not_right_is_refused_and_answered(client, notify, kind, status, reply):
    headers, body = notify(kind)
    with pytest.raises(libwxpay.SignatureError) as caught:
        client.notification(headers, body)
    error = caught.value
    assert (error.status_name, error.status // 100, error.outcome) == (status, 2, Outcome.UNKNOWN)
    assert error.message and error.hint
    assert (error.reply().status, error.reply().json["code"]) == (reply, "FAIL")


def test_a_replay_after_301_seconds_is_expired(client, notify):
    """safety.md S12: nobody can pass a time, so the message's own cannot be passed either."""
    headers, body = notify("skew:-301")
    with pytest.raises(libwxpay.SignatureError) as caught:
        client.notification(headers, body)
    assert caught.value.status == 205 == libwxpay.Status.TIMESTAMP_EXPIRED


def test_a_body_that_was_decoded_is_refused(client, notify):
    headers, body = notify()
    with pytest.raises(TypeError, match="bytes as received"):
        client.notification(headers, body.decode())
    for raw in (bytearray(body), memoryview(body)):
        assert client.notification(headers, raw).id


def test_one_changed_byte_is_found(client, notify):
    headers, body = notify()
    with pytest.raises(libwxpay.SignatureError):
        client.notification(headers, body.replace(b"TRANSACTION", b"TRANSACTIOM"))


def test_a_second_header_with_another_value_is_found(client, notify):
    headers, body = notify()
    with pytest.raises(libwxpay.SignatureError) as caught:
        client.notification([*headers, ("wechatpay-serial", "other")], body)
    assert caught.value.status_name == "HEADER_DUPLICATE"


def test_what_is_no_text_is_named(client, notify):
    """Dropped without a word it would be a notification without its headers: 401 for ever."""
    headers, body = notify()
    for odd in (5, None, [5], {"a": "b"}):
        with pytest.raises(TypeError, match="header Wechatpay-Nonce: expected str or bytes, not "):
            client.notification({**dict(headers), "Wechatpay-Nonce": odd}, body)


def test_a_list_is_a_header_for_each(client, notify):
    headers, body = notify()
    lists = {name: [value] for name, value in headers}
    with pytest.raises(libwxpay.SignatureError) as caught:
        client.notification({**lists, "Wechatpay-Nonce": ["one", "another"]}, body)
    assert caught.value.status_name == "HEADER_DUPLICATE"
    request = libwxpay.Request("GET", "/v3/x", headers={"X-A": ["1", b"2"]})
    assert request.header_list == [("X-A", "1"), ("X-A", "2")]


def test_a_line_end_in_a_value_makes_no_header(client, notify):
    headers, body = notify()
    for value in ("x\nWechatpay-Serial: other", "x\r", "x\r\n y"):
        with pytest.raises(libwxpay.UsageError) as caught:
            client.notification([*headers, ("X-Odd", value)], body)
        assert caught.value.reply().status == 500


def test_a_client_without_api_v3_key_answers_500(sim, notify):
    options = sim.options()
    del options["api_v3_key"]
    with pytest.raises(libwxpay.UsageError) as caught:
        libwxpay.Client(**options).notification(*notify())
    assert (caught.value.status_name, caught.value.reply().status) == ("CONFIG_INCOMPLETE", 500)
