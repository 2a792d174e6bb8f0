"""What an answer means: wxpay_explain_response, above all on SIGN_ERROR, where WeChat Pay says what it verified."""

import json

from case import Cases, signed_headers, value
from tools import NOW

URL, BODY = "/v3/pay/transactions/native", '{"description":"测试","amount":{"total":1}}'


def sign_error(keep=None, **changed):
    """The detail of a SIGN_ERROR for the request that was sent, with a line of it changed; {nonce} is the request's.
    `keep`: so many characters of the body are shown, and the last line feed if there are any."""
    lines = {"method": "POST", "url": URL, "timestamp": str(NOW), "nonce": "{nonce}", "body": BODY, **changed}
    whole = "".join(line + "\n" for line in lines.values())
    shown = whole
    if keep is not None:
        shown = "".join(line + "\n" for line in list(lines.values())[:4]) + (lines["body"][:keep] + "\n" if keep else "")
    information = {"method": lines["method"], "url": lines["url"], "truncated_sign_message": shown,
                   "sign_message_length": len(whole.replace("{nonce}", "x" * 32).encode())}
    return json.dumps({"code": "SIGN_ERROR", "message": "签名错误", "detail": {"field": "signature", "issue": "sign not match", "location": "authorization",
                                                                            "sign_information": information}}, ensure_ascii=False, separators=(",", ":"))


def cases():
    c = Cases("answers")

    def explained(identity, body, want=None, headers=None, code=401, status=0, client="merchant", method="POST", url=URL, sent=BODY, now=NOW):
        response = {"status": code, "headers": [["Request-ID", "08F7A0B1C2"]] if headers is None else headers, "body": value(body)}
        c.add(identity, "explain_response", {"client": client, "method": method, "url": url, "body": value(sent), "response": response}, want, status, now)

    def signed_otherwise(identity, first, keep=None, **changed):
        explained(identity, sign_error(keep, **changed), {"report_status": 400, "verdict": "error", "ids": first})

    def differs(identity, line, keep=None, **changed):
        signed_otherwise(identity, f"SIGN_{line}_DIFFERS", keep, **changed)

    changes = {"method": "PUT", "url": "/v3/pay/transactions/jsapi", "timestamp": str(NOW + 1), "nonce": "x" * 32, "body": BODY.replace(":1}", ":22}")}
    # As a whole, with eight bytes of the body as WeChat Pay shows it, and without any.
    for name, keep in {"whole": None, "eight-bytes-of-the-body": 8, "no-body": 0}.items():
        signed_otherwise(f"equal-{name}", "SIGN_WRONG_KEY", keep)
        for line, other in changes.items():
            differs(f"{line}-{name}", line.upper(), keep, **{line: other})
    differs("url-in-another-order", "URL", url=URL + "?a=1")
    differs("body-with-a-space", "BODY", body=BODY.replace(":", ": "))
    differs("body-of-the-same-length", "BODY", body=BODY.replace("total", "tutal"))
    differs("body-escaped", "BODY", body=BODY.replace("测试", "\\u6d4b\\u8bd5"))
    differs("body-empty", "BODY", body="")

    body = '{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}'
    good = [["Request-ID", "08F7A0B1C2"], *signed_headers(body)]
    explained("verified", body, {"report_status": 0, "ids": ""}, good, code=200)
    explained("another-body", body + " ", {"report_status": 201, "verdict": "error"}, good, code=200)
    explained("unknown-serial", body, {"report_status": 204, "verdict": "error"}, signed_headers(body, serial="PUB_KEY_ID_0"), code=200)
    explained("expired", body, {"report_status": 205, "verdict": "error"}, signed_headers(body, timestamp=NOW - 301), code=200)
    explained("no-signature", body, {"report_status": 203, "verdict": "error"}, code=200)
    explained("probe", body, {"report_status": 202, "verdict": "error"}, signed_headers(body, signature="WECHATPAY/SIGNTEST/" + signed_headers(b"x")[2][1]), code=200)
    explained("html", "<html>502</html>", {"report_status": 401, "verdict": "error"}, code=502)
    explained("parameter", '{"code":"PARAM_ERROR","message":"参数错误"}', {"report_status": 400, "verdict": "error"}, code=400)
    explained("rate-limit", '{"code":"RATELIMIT_EXCEEDED","message":"频率超限"}', {"report_status": 402, "verdict": "error"}, code=429)
    explained("now-below-zero", body, headers=good, code=200, status=100, now=-1)
    return c
