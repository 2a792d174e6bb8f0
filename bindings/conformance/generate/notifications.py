"""wxpay_notify_open and wxpay_notify_reply."""

import json

from case import WECHAT_ID, Cases, repeat, signed_headers, value
from responses import put, signature_cases
from tools import APIV3, APIV3_NEXT, NOW, b64, seal, serial

NONCE = "fdasflkja484"
PAID = ('{"mchid":"1900000001","appid":"wx8888888888888888","out_trade_no":"20240101","transaction_id":"4200000001",'
        '"trade_type":"JSAPI","trade_state":"SUCCESS","trade_state_desc":"支付成功","success_time":"2023-11-15T06:13:20+08:00",'
        '"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"amount":{"total":100,"payer_total":100,"currency":"CNY","payer_currency":"CNY"}}')
REFUNDED = ('{"mchid":"1900000001","out_trade_no":"20240101","transaction_id":"4200000001","out_refund_no":"R1","refund_id":"50200000001",'
            '"refund_status":"SUCCESS","success_time":"2023-11-15T06:13:20+08:00","user_received_account":"招商银行信用卡0403",'
            '"amount":{"total":100,"refund":50,"payer_total":100,"payer_refund":50}}')


def text(data):
    return json.dumps(data, ensure_ascii=False)


def resource(plaintext=PAID, secret=APIV3, nonce=NONCE, aad="transaction", **changes):
    """The member `resource`, as text; a change of None leaves the member out."""
    plain = plaintext.encode() if isinstance(plaintext, str) else plaintext
    sealed = seal(secret, NONCE.encode(), (aad or "").encode(), plain)
    members = {"original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "ciphertext": b64(sealed), "associated_data": aad, "nonce": nonce}
    written = [f"{text(name)}:{text(changes.get(name, member))}" for name, member in members.items() if changes.get(name, member) is not ...]
    return "{" + ",".join(written) + "}"


MEMBERS = {"id": "EV-2018022511223320873", "create_time": "2023-11-15T06:13:20+08:00", "resource_type": "encrypt-resource",
           "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功"}


def envelope(inner, raw=None, extra="", **changes):
    """The body and the same with `resource` open; `inner` is resource's text, `raw` what is in it."""
    written = [f"{text(name)}:{text(changes.get(name, member))}" for name, member in MEMBERS.items() if changes.get(name, member) is not ...]
    whole = "{" + ",".join([*written, '"resource":%s' + extra]) + "}"
    return whole % inner, (whole % raw if raw is not None else None)


def cases():
    c = Cases("notifications")

    def opened(identity, inner=None, plaintext=PAID, key_id=WECHAT_ID, client="merchant", now=NOW, headers=None, timestamp=NOW, block=None, want=None,
               body=None, spliced=None, **changes):
        """A notification that opens; `want` overrides single members."""
        if body is None:
            body, spliced = envelope(inner or resource(plaintext), plaintext, **changes)
        members = {**MEMBERS, **{name: change for name, change in changes.items() if name in MEMBERS}}
        expected = {"notify_id": members["id"], "event_type": members["event_type"], "resource_type": members["resource_type"],
                    "original_type": "transaction", "create_time": members["create_time"], "summary": members["summary"], "serial": key_id,
                    "plaintext": plaintext, "json": spliced, "timestamp": timestamp, **(want or {})}
        expected = {name: one if isinstance(one, int) else value(one) for name, one in expected.items()}
        given = {"client": client}
        if block is None:
            given["headers"] = [[n, value(t)] for n, t in headers or signed_headers(body)]
        else:
            given["block"] = block(body)
        c.add(identity, "notify_open", {**given, "body": value(body)}, expected, now=now)

    def refused(identity, status, body=None, headers=None, client="merchant", now=NOW):
        body = envelope(resource())[0] if body is None else body
        headers = signed_headers(body) if headers is None else headers
        c.add(identity, "notify_open", {"client": client, "headers": [[n, value(t)] for n, t in headers], "body": value(body)}, status=status, now=now)

    usual = envelope(resource())[0]

    def shared(identity, headers, status=0, now=NOW, client="merchant"):
        if status:
            refused(identity, status, headers=headers(usual), client=client, now=now)
            return
        given = headers(usual)
        named = next(t for n, t in given if n.lower().replace("_", "-").endswith("wechatpay-serial"))
        stamp = next(t for n, t in given if n.lower().replace("_", "-").endswith("wechatpay-timestamp"))
        digits = named.replace(":", "").upper()
        known = [serial(f"platform{which}_cert.pem") for which in ["", "_next", "_expired", "_future"]]
        sent = next((one for one in known if one.lstrip("0") == digits.lstrip("0")), named)
        opened(identity, key_id=sent, headers=given, now=now, client=client, timestamp=int(stamp))

    signature_cases(shared)

    # the envelope
    opened("refund", resource(REFUNDED, aad="refund", original_type="refund"), REFUNDED, event_type="REFUND.SUCCESS", summary="退款成功", want={"original_type": "refund"})
    opened("associated-data-null", resource(aad=None))
    opened("associated-data-empty", resource(aad=""))
    opened("associated-data-missing", resource(aad=None, associated_data=...))
    opened("associated-data-chinese", resource(aad="附加"))
    opened("original-type-missing", resource(original_type=...), want={"original_type": ""})
    opened("original-type-null", resource(original_type=None), want={"original_type": ""})
    opened("summary-missing", summary=..., want={"summary": ""})
    opened("summary-null", summary=None, want={"summary": ""})
    opened("summary-emoji", summary="支付成功 👨‍👩‍👧‍👦𠮷")
    opened("summary-nul-becomes-u-fffd", summary="a\0b", want={"summary": "a\ufffdb"})
    opened("unknown-members", extra=',"extra":{"a":[1,2.50,1e400]},"b":null')
    opened("unknown-event-type", event_type="NEW.THING")
    opened("bytes-behind-and-before", body=f" \n{usual}\r\n", spliced=f" \n{envelope('', PAID)[1]}\r\n")
    inner = resource()
    spaced = '{ "id" : "EV-1" ,\n "create_time":"2023-11-15T06:13:20+08:00", "resource_type":"encrypt-resource",\t"event_type":"\\u0041", "resource" :  %s }'
    opened("spaces-and-escapes-stay", body=spaced % inner, spliced=spaced % PAID, want={"notify_id": "EV-1", "event_type": "A", "summary": ""})
    escaped = '{"id":"\\ud83d\\ude00","create_time":"","resource_type":"","event_type":"","summary":"\\u6210\\u529f","resource":%s}'
    opened("escapes-are-read", body=escaped % inner, spliced=escaped % PAID,
           want={"notify_id": "😀", "create_time": "", "resource_type": "", "event_type": "", "summary": "成功"})
    slashes = inner.replace('"ciphertext":"', '"ciphertext":"').replace("/", "\\/")
    opened("ciphertext-with-escaped-slashes", slashes)
    opened("resource-first", body='{"resource":%s,' % inner + usual[1:].split(',"resource"')[0] + "}",
           spliced='{"resource":%s,' % PAID + usual[1:].split(',"resource"')[0] + "}")
    opened("block-of-headers", block=lambda body: "".join(f"{name}: {text}\r\n" for name, text in signed_headers(body)) + "\r\n")
    opened("first-of-two-api-keys", resource(secret=APIV3_NEXT), client="rotation")
    opened("second-of-two-api-keys", client="rotation")
    opened("client-without-private-key", client="external")

    # what was decrypted stays byte for byte
    for name, plaintext in {
        "empty-object": "{}", "emoji": '{"a":"👨‍👩‍👧‍👦 𠮷"}', "escaped-nul": '{"a":"\\u0000"}', "huge-number": '{"a":123456789012345678901234567890.10,"b":1e400}',
        "spaces": '{ "a" : 1.10 ,\n"a":2}', "escapes": '{"a":"\\u4e2d\\/\\"","\\u0061":1}', "deep": '{"a":' + "[" * 100 + "]" * 100 + "}",
        "long": '{"a":"' + "张" * 500 + '"}',
    }.items():
        opened(f"plaintext-{name}", plaintext=plaintext)

    # verified, but not in its form
    for name, body in {
        "not-json": "pay=ok", "empty-body": "", "array": "[]", "string": '"x"', "null": "null", "cut": usual[:-1], "two-objects": usual + usual,
        "xml": "<xml><return_code>SUCCESS</return_code></xml>", "not-utf-8": usual.encode().replace("支".encode(), b"\xff"),
        "byte-order-mark": "\ufeff" + usual, "nul-behind": usual.encode() + b"\0",
    }.items():
        refused(name, 421, body)
    for name in ["id", "create_time", "event_type", "resource_type"]:
        refused(f"no-{name}", 421, envelope(resource(), **{name: ...})[0])
        refused(f"number-as-{name}", 421, envelope(resource(), **{name: 1})[0])
    refused("no-resource", 421, "{" + ",".join(f'"{name}":"{member}"' for name, member in MEMBERS.items()) + "}")
    for name, inner in {"null": "null", "array": "[]", "string": '"x"', "empty-object": "{}"}.items():
        refused(f"resource-{name}", 421, envelope(inner)[0])
    for name in ["algorithm", "ciphertext", "nonce"]:
        refused(f"resource-without-{name}", 421, envelope(resource(**{name: ...}))[0])
        refused(f"resource-{name}-null", 421, envelope(resource(**{name: None}))[0])
    refused("associated-data-number", 421, envelope(resource(associated_data=1))[0])
    refused("algorithm-sm4", 212, envelope(resource(algorithm="AEAD_SM4_GCM"))[0])
    refused("algorithm-lower-case", 212, envelope(resource(algorithm="aead_aes_256_gcm"))[0])
    refused("algorithm-empty", 212, envelope(resource(algorithm=""))[0])
    for length in [0, 11, 13, 16]:
        refused(f"nonce-of-{length}-bytes", 421, envelope(resource(nonce="n" * length))[0])
    refused("ciphertext-not-base64", 421, envelope(resource(ciphertext="%%%"))[0])
    good = seal(APIV3, NONCE.encode(), b"transaction", PAID.encode())
    refused("ciphertext-empty", 210, envelope(resource(ciphertext=""))[0])
    refused("ciphertext-flipped", 210, envelope(resource(ciphertext=b64(bytes([good[0] ^ 1]) + good[1:])))[0])
    refused("tag-flipped", 210, envelope(resource(ciphertext=b64(good[:-1] + bytes([good[-1] ^ 1]))))[0])
    refused("another-associated-data", 210, envelope(resource(associated_data="refund"))[0])
    refused("associated-data-lost", 210, envelope(resource(associated_data=None))[0])
    refused("another-merchants-api-key", 210, envelope(resource(secret=b"k" * 32))[0])
    refused("next-api-key-not-configured", 210, envelope(resource(secret=APIV3_NEXT))[0])
    # A signature does not say whom a message concerns (safety.md S27).
    for name, plain, client in [("mchid", '{"mchid":"1900000002"}', "merchant"), ("sp-mchid", '{"sp_mchid":"1900000002","sub_mchid":"1900000001"}', "merchant"),
                                ("combine-mchid", '{"combine_mchid":"1900000002"}', "merchant"), ("brand", '{"brand_id":"brand10002"}', "brand")]:
        refused(f"another-{name}", 421, envelope(resource(plain))[0], client=client)
    for name, plain in {"one-of-two-is-another": '{"sp_mchid":"1900000001","combine_mchid":"1900000002"}', "one-of-two-is-another-the-other-way": '{"combine_mchid":"1900000002","mchid":"1900000001"}'}.items():
        opened(name, plaintext=plain, want={"json": envelope(resource(plain), plain)[1][:-1] + ',"mchid_matches":false}'})
    for name, plain in {"both-are-his": '{"sp_mchid":"1900000001","combine_mchid":"1900000001"}', "sub-merchant-of-his": '{"sp_mchid":"1900000001","sub_mchid":"1900000002"}',
                        "another-deeper-inside": '{"a":{"mchid":"1900000002"}}', "no-receiver": '{"a":1}'}.items():
        opened(name, plaintext=plain)
    refused("no-api-v3-key", 110, client="no_api_v3_key")
    for name, plaintext in {"empty": "", "array": "[]", "string": '"x"', "cut": PAID[:-1], "not-utf-8": b'{"a":"\xff"}', "nul": b'{"a":"\0"}', "nul-behind": PAID.encode() + b"\0",
                            "two-objects": "{}{}"}.items():
        refused(f"plaintext-{name}", 421, envelope(resource(plaintext))[0])

    # verified first: what is in a forged body is never looked at
    refused("forged-and-not-json", 201, "pay=ok", signed_headers(usual))
    refused("forged-and-without-resource", 201, "{}", signed_headers(usual))
    refused("forged-with-right-api-key", 201, usual, put(signed_headers(usual), "Wechatpay-Signature", signed_headers("other")[2][1]))
    refused("body-reserialised", 201, text(json.loads(usual)), signed_headers(usual))
    refused("body-line-feed-lost", 201, usual, signed_headers(usual + "\n"))
    c.add("over-5-MiB", "notify_open", {"client": "merchant", "headers": signed_headers(usual), "body": repeat(" ", 5 * 1024 * 1024 + 1)}, status=105, now=NOW)
    refused("now-in-milliseconds", 100, now=NOW * 1000)

    # what WeChat Pay is answered
    def reply(identity, result, reason, status, message=None):
        body = "" if status == 204 else '{"code":"FAIL","message":%s}' % text(message)
        c.add(identity, "notify_reply", {"result": result, "reason": value(reason)},
              {"http_status": status, "body": value(body), "content_type": None if status == 204 else "application/json"})

    reply("handled", 0, "", 204)
    reply("handled-with-reason", 0, "stored", 204)
    for result in [200, 201, 202, 203, 204, 205, 206, 210, 212, 213, 299]:
        reply(f"not-authentic-{result}", result, "", 401, "失败")
    for result in [1, 100, 110, 199, 300, 302, 400, 421, 500, 503, 900, 901, 12345, -1]:
        reply(f"again-{result}", result, "", 500, "失败")
    reply("reason", 901, "database down", 500, "database down")
    reply("reason-chinese", 201, "验签失败", 401, "验签失败")
    reply("reason-emoji", 901, "😀", 500, "😀")
    reply("reason-quotes", 901, 'say "no" \\ /', 500, 'say "no" \\ /')
    for name, reason in {"line-feed": "a\nb", "carriage-return": "a\rb", "nul": b"a\0b", "escape": "\u001b[0m"}.items():
        c.add(f"reason-with-{name}", "notify_reply", {"result": 901, "reason": value(reason)}, status=100)
    c.add("reason-not-utf-8", "notify_reply", {"result": 901, "reason": value(b"\xff")}, status=102)
    return c
