"""wxpay_client_check: what an answer proves. Outcomes as docs/outcomes.md has them."""

from case import NEXT_ID, NONCE, WECHAT_ID, Cases, flip, signed_headers, three_lines, value
from tools import NOW, serial, sign, sign_with

UNKNOWN, NOT_SENT, REJECTED, DONE_UNVERIFIED = 0, 1, 2, 3
NOT_CHECKED, SIGNATURE, BY_DESIGN, ERROR_ANSWER = 0, 1, 2, 3

QUERY = "/v3/pay/transactions/out-trade-no/20240101?mchid=1900000001"
BODY = '{"out_trade_no":"20240101","trade_state":"SUCCESS","description":"公仔 😀"}'


def put(headers, name, text):
    """The headers with one changed, or without it."""
    rest = [row for row in headers if row[0] != name]
    return rest if text is None else [*rest, [name, text]]


def signature_cases(add):
    """Every way a signature can be wrong; `responses` and `notifications` share them.

    `add(identity, headers, status, now, client, body)`, body None for the usual one.
    """
    def of(body=None, **more):
        return lambda usual: signed_headers(usual if body is None else body, **more)

    def changed(name, text, **more):
        return lambda usual: put(signed_headers(usual, **more), name, text)

    add("signed", of())
    # the window is two-sided and 300 seconds wide, its edges included
    for shift, status in [(-300, 0), (300, 0), (-301, 205), (301, 205), (-86_400, 205), (86_400, 205), (299, 0)]:
        add(f"clock-{'minus' if shift < 0 else 'plus'}-{abs(shift)}", of(), status, now=NOW + shift)
    for shift, status in [(10, 0), (-10, 0), (11, 205), (-11, 205)]:
        add(f"tolerance-10-clock-{'minus' if shift < 0 else 'plus'}-{abs(shift)}", of(), status, now=NOW + shift, client="strict_clock")
    # one of the four is missing or empty
    for name in ["Timestamp", "Nonce", "Signature", "Serial"]:
        add(f"no-{name.lower()}", changed(f"Wechatpay-{name}", None), 203)
        add(f"empty-{name.lower()}", changed(f"Wechatpay-{name}", ""), 203)
        add(f"twice-equal-{name.lower()}", lambda usual, name=name: signed_headers(usual) + [
            row for row in signed_headers(usual) if row[0].endswith(name)])
        add(f"twice-different-{name.lower()}", lambda usual, name=name: signed_headers(usual) + [[f"HTTP_WECHATPAY_{name.upper()}", "1"]], 206)
    add("no-headers", lambda usual: [], 203)
    add("only-content-type", lambda usual: [["Content-Type", "application/json"]], 203)
    # spellings
    add("cgi-names", lambda usual: [["HTTP_" + name.upper().replace("-", "_"), text] for name, text in signed_headers(usual)])
    add("lower-case-names", lambda usual: [[name.lower(), text] for name, text in signed_headers(usual)])
    add("underscores", lambda usual: [[name.lower().replace("-", "_"), text] for name, text in signed_headers(usual)])
    # something signed was changed
    add("signature-flipped-bit", lambda usual: put(signed_headers(usual), "Wechatpay-Signature", flip(signed_headers(usual)[2][1])), 201)
    add("timestamp-changed", changed("Wechatpay-Timestamp", str(NOW + 1)), 201)
    add("timestamp-with-zero-before", changed("Wechatpay-Timestamp", f"0{NOW}"), 201)
    add("nonce-changed", changed("Wechatpay-Nonce", NONCE[:-1] + "T"), 201)
    add("nonce-in-lower-case", changed("Wechatpay-Nonce", NONCE.lower()), 201)
    for name, text in {"words": "yesterday", "plus": f"+{NOW}", "milliseconds": f"{NOW}000", "fraction": f"{NOW}.0", "minus": f"-{NOW}"}.items():
        add(f"timestamp-{name}", changed("Wechatpay-Timestamp", text), 201)
    for name, text in {"not-base64": "abc", "with-space": "AAAA AAAA", "url-safe": "-_-_"}.items():
        add(f"signature-{name}", changed("Wechatpay-Signature", text), 201)
    add("signature-sha1", lambda usual: put(signed_headers(usual), "Wechatpay-Signature",
        sign_with("wechat_key.pem", three_lines(NOW, NONCE, usual), "-sha1")), 201)
    # the probe is an alarm of its own, but only after the window, and never a pass
    probe = "WECHATPAY/SIGNTEST/"
    add("probe", changed("Wechatpay-Signature", probe + "rB5QKxvHbG1iVfN0"), 202)
    add("probe-before-a-right-signature", lambda usual: put(signed_headers(usual), "Wechatpay-Signature", probe + signed_headers(usual)[2][1]), 202)
    add("probe-that-is-old", changed("Wechatpay-Signature", probe + "rB5QKxvHbG1iVfN0"), 205, now=NOW + 301)
    add("probe-of-unknown-key", lambda usual: put(put(signed_headers(usual), "Wechatpay-Signature", probe + "x"), "Wechatpay-Serial", "PUB_KEY_ID_1"), 204)
    add("probe-in-lower-case", changed("Wechatpay-Signature", probe.lower() + "rB5QKxvHbG1iVfN0"), 201)
    add("probe-behind-a-word", changed("Wechatpay-Signature", "x " + probe + "rB5QKxvHbG1iVfN0"), 201)
    # algorithms
    add("signature-type-rsa", lambda usual: signed_headers(usual) + [["Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"]])
    add("signature-type-sm2", lambda usual: signed_headers(usual) + [["Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"]], 212)
    add("signature-type-twice", lambda usual: signed_headers(usual) + [
        ["Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"], ["Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"]], 206)
    # keys
    add("unknown-serial", of(serial="PUB_KEY_ID_0110000000012024010100000009"), 204)
    add("id-in-lower-case", of(serial=WECHAT_ID.lower()), 204)
    add("id-with-one-zero-more", of(serial=WECHAT_ID.replace("ID_0", "ID_00")), 204)
    add("id-without-its-prefix", of(serial=WECHAT_ID.removeprefix("PUB_KEY_ID_")), 204)
    add("merchants-key-and-serial", of(by="merchant_key.pem", serial=serial("merchant_cert.pem")), 204)
    add("merchants-key-under-wechats-id", of(by="merchant_key.pem"), 201)
    add("second-public-key", of(by="wechat_next_key.pem", serial=NEXT_ID), client="rotation")
    add("first-public-key-of-two", of(), client="rotation")
    add("second-key-under-the-first-id", of(by="wechat_next_key.pem"), 201, client="rotation")
    add("first-key-under-the-second-id", of(serial=NEXT_ID), 201, client="rotation")
    add("brand", of(), client="brand")
    # platform certificates: serials are numbers, and valid only for their time
    first = serial("platform_cert.pem")
    by = "platform_key.pem"
    add("certificate", of(by=by, serial=first), client="platform")
    add("newer-certificate", of(by="platform_next_key.pem", serial=serial("platform_next_cert.pem")), client="platform")
    for name, spelled in {"in-lower-case": first.lower(), "without-its-zero": first.lstrip("0"), "with-colons": ":".join(first[at:at + 2] for at in range(0, 40, 2))}.items():
        add(f"serial-{name}", of(by=by, serial=spelled), client="platform")
    add("certificate-unknown", of(by="platform_expired_key.pem", serial=serial("platform_expired_cert.pem")), 204, client="platform")
    add("public-key-id-to-a-client-with-certificates", of(), 204, client="platform")
    add("certificate-beside-public-key", of(by=by, serial=first), client="mixed")
    add("certificate-key-under-public-keys-id", of(by=by), 201, client="mixed")
    add("no-key-yet", of(by=by, serial=first), 204, client="auto")
    ends, starts = 1609459200, 4102444800  # 2021-01-01 and 2100-01-01
    for client, name, time, status in [("expired", "at-its-end", ends, 0), ("expired", "300-after", ends + 300, 0), ("expired", "301-after", ends + 301, 204),
                                       ("future", "300-before", starts - 300, 0), ("future", "301-before", starts - 301, 204), ("future", "at-its-start", starts, 0)]:
        key = f"platform_{client}"
        add(f"certificate-{name}", of(by=f"{key}_key.pem", serial=serial(f"{key}_cert.pem"), timestamp=time), status, now=time, client=key)


def cases():
    c = Cases("responses")

    def check(identity, status_code=200, headers=(), body=BODY, status=0, now=NOW, client="merchant", verified=None, outcome=None, method="GET",
              url=QUERY, sent=""):
        if verified is None:
            verified = SIGNATURE if status == 0 else NOT_CHECKED
        response = {"status": status_code, "headers": [[n, value(t)] for n, t in headers], "body": value(body)}
        c.add(identity, "check", {"client": client, "method": method, "url": url, "body": sent, "response": response},
              {"verified": verified}, status, now, outcome)

    def shared(identity, headers, status=0, now=NOW, client="merchant"):
        check(identity, headers=headers(BODY), status=status, now=now, client=client, outcome=DONE_UNVERIFIED if status else None)

    signature_cases(shared)
    signed = signed_headers(BODY)
    check("body-flipped-bit", body=BODY.replace("SUCCESS", "SUCCERS"), headers=signed, status=201, outcome=DONE_UNVERIFIED)
    check("body-one-space-more", body=BODY.replace(":", ": ", 1), headers=signed, status=201, outcome=DONE_UNVERIFIED)
    check("body-line-feed-behind", body=BODY + "\n", headers=signed, status=201, outcome=DONE_UNVERIFIED)
    check("body-cut", body=BODY[:-1], headers=signed, status=201, outcome=DONE_UNVERIFIED)
    for name, body in {"empty": "", "nul": b'{"a":"\0"}', "not-utf-8": b"\xff\xfe", "not-json": "<xml/>", "line-feeds": "\n\n"}.items():
        check(f"body-{name}", body=body, headers=signed_headers(body))
    check("204", 204, signed_headers(""), "")
    check("204-unsigned", 204, [], "", status=203, outcome=DONE_UNVERIFIED)
    for code in [201, 202, 206]:
        check(f"{code}-is-no-final-answer", code, signed, status=401, verified=SIGNATURE, outcome=UNKNOWN)
    check("post", headers=signed, method="POST", url="/v3/pay/transactions/native", sent='{"a":1}')

    # errors are not signed; REJECTED only with everything that safety rule S2 asks for
    request_id = [["Request-ID", "08F5E6A1B106-268435456"]]

    def error(identity, code, body='{"code":"PARAM_ERROR","message":"参数错误"}', headers=tuple(request_id), status=400, outcome=REJECTED):
        check(identity, code, headers, body, status, verified=ERROR_ANSWER, outcome=outcome)

    for code in [400, 401, 403, 404, 406, 410, 499]:
        error(f"error-{code}", code)
    error("error-429", 429, status=402)
    for code in [408, 409, 500, 502, 503, 599]:
        error(f"error-{code}", code, outcome=UNKNOWN)
    for word in ["SYSTEM_ERROR", "ACCEPT", "USERPAYING", "ALREADY_EXISTS"]:
        error(f"error-400-{word}", 400, f'{{"code":"{word}","message":"x"}}', outcome=UNKNOWN)
    error("error-without-request-id", 400, headers=(), outcome=UNKNOWN)
    error("error-with-cgi-request-id", 400, headers=(["HTTP_REQUEST_ID", "08F5"],))
    error("error-with-empty-request-id", 400, headers=(["Request-ID", ""],), outcome=UNKNOWN)
    for name, body in {"html": "<html>502 Bad Gateway</html>", "empty": "", "empty-code": '{"code":"","message":"x"}', "no-code": '{"message":"x"}',
                       "code-number": '{"code":400}', "array": '["PARAM_ERROR"]', "cut": '{"code":"PARAM_ERROR"',
                       "code-twice": '{"code":"SYSTEM_ERROR","code":"PARAM_ERROR"}'}.items():
        error(f"error-body-{name}", 400, body, status=401, outcome=UNKNOWN)
    for code in [100, 301, 302, 304, 600]:
        error(f"error-{code}", code, status=401, outcome=UNKNOWN)
    error("error-that-is-signed", 400, headers=(*request_id, *signed_headers('{"code":"PARAM_ERROR","message":"参数错误"}')))

    # answers that are never signed: exact, GET, 200
    for name, url in {"bill": "/v3/billdownload/file?token=6-kIGAqX", "fapiao": "/v3/new-tax-control-fapiao/download",
                      "elecvoucher": "/v3/transferdownload/elecvoucherfile?token=x", "signfile": "/v3/transferdownload/signfile",
                      "image": "/v3/merchant-service/images/ChsyMDAwMDAwMDAwMDAwMDA~_.-%3D%2B"}.items():
        check(f"exempt-{name}", body=b"\x1f\x8b\x08", url=url, verified=BY_DESIGN)
    for name, url in {"bill-in-capitals": "/v3/billdownload/FILE", "bill-below": "/v3/billdownload/file/x", "bill-slash-behind": "/v3/billdownload/file/",
                      "bill-in-query": "/v3/pay/x?u=/v3/billdownload/file", "upload": "/v3/merchant-service/images/upload", "image-missing": "/v3/merchant-service/images/",
                      "image-two-segments": "/v3/merchant-service/images/a/b", "image-encoded-slash": "/v3/merchant-service/images/a%2Fb",
                      "image-encoded-percent": "/v3/merchant-service/images/a%25", "certificates": "/v3/certificates", "two-slashes": "/v3//billdownload/file"}.items():
        check(f"not-exempt-{name}", body="", url=url, status=203, outcome=DONE_UNVERIFIED)
    check("not-exempt-post", body="", url="/v3/billdownload/file", method="POST", status=203, outcome=DONE_UNVERIFIED)
    check("not-exempt-201", 201, body="", url="/v3/billdownload/file", status=203, outcome=DONE_UNVERIFIED)
    check("exempt-but-signed", headers=signed, url="/v3/billdownload/file")
    check("exempt-but-wrongly-signed", headers=put(signed, "Wechatpay-Signature", "AAAA"), url="/v3/billdownload/file", status=201, outcome=DONE_UNVERIFIED)

    check("now-in-milliseconds", headers=signed, now=NOW * 1000, status=100)
    check("now-below-zero", headers=signed, now=-1, status=100)
    check("status-99", 99, status=100)
    check("status-1000", 1000, status=100)
    return c
