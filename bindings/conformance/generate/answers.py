"""What an answer means: wxpay_explain_response, above all on SIGN_ERROR, where WeChat Pay says what it verified."""

import json

from case import Cases, signed_headers, value
from tools import NOW

URL, BODY = "/v3/pay/transactions/native", '{"description":"测试","amount":{"total":1}}'


def sign_error(**changed):
    """The detail of a SIGN_ERROR for the request that was sent, with some of it changed; {nonce} is the request's."""
    method, url, timestamp, nonce, body = (changed.get(name, otherwise) for name, otherwise in
                                           [("method", "POST"), ("url", URL), ("timestamp", str(NOW)), ("nonce", "{nonce}"), ("body", BODY)])
    text = f"{method}\n{url}\n{timestamp}\n{nonce}\n{body}\n"
    length = len(text.replace("{nonce}", "x" * 32).encode())
    cut = changed.get("cut")
    information = {"method": method, "url": url, "truncated_sign_message": text if cut is None else text[:cut], "sign_message_length": length}
    return json.dumps({"code": "SIGN_ERROR", "message": "签名错误", "detail": {"field": "signature", "issue": "sign not match", "location": "authorization",
                                                                            "sign_information": information}}, ensure_ascii=False, separators=(",", ":"))


def cases():
    c = Cases("answers")

    def explained(identity, body, want, headers=None, code=401, status=0, client="merchant", method="POST", url=URL, sent=BODY, now=NOW):
        response = {"status": code, "headers": [["Request-ID", "08F7A0B1C2"]] if headers is None else headers, "body": value(body)}
        c.add(identity, "explain_response", {"client": client, "method": method, "url": url, "body": value(sent), "response": response}, None if status else want, status, now)

    return c
