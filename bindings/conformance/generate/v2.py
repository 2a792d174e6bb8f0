"""API v2 and PayScore: wxpay_v2_*, wxpay_pay_score. Digests, HMAC and AES by the openssl command, XML by hand."""

import json

from case import Cases, Raw, value
from clients import APIV2, APIV2_NEXT, BASE, MCHID
from tools import NOW, b64, openssl

HMAC, MD5 = "HMAC-SHA256", "MD5"
NONCE = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
APPID = "wx8888888888888888"


def digest(fields, algorithm, key=APIV2):
    """Sorted by the bytes of the names; `sign` and what is empty is left out."""
    signed = sorted((name.encode(), str(text).encode()) for name, text in fields.items()
                    if name != "sign" and text not in ("", None))
    text = b"".join(name + b"=" + text + b"&" for name, text in signed) + b"key=" + key
    how = ["-md5"] if algorithm == MD5 else ["-sha256", "-hmac", key.decode()]
    return openssl("dgst", *how, "-r", stdin=text).decode().split()[0].upper()


def with_sign(fields, algorithm=HMAC, key=APIV2):
    return {**fields, "sign": digest(fields, algorithm, key)}


def xml(fields, root="xml"):
    inside = "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items())
    return f"<{root}>{inside}</{root}>"


def compact(fields):
    """JSON of an object; text as it is."""
    return fields if isinstance(fields, str) else json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


ORDER = {"appid": APPID, "mch_id": MCHID, "nonce_str": NONCE, "body": "腾讯充值中心-QQ会员充值", "out_trade_no": "20150806125346",
         "total_fee": "888", "trade_type": "JSAPI"}


def sign_cases(c):
    def sign(identity, fields, algorithm=HMAC, status=0, client="v2", key=APIV2, signed=None, by=None):
        given = {"client": client, "sign_type": algorithm, "json": fields if isinstance(fields, Raw) else compact(fields)}
        want = None if status else {"signature": digest(signed or fields, by or algorithm, key)}
        c.add(identity, "v2_sign", given, want, status)

    # The example of WeChat Pay's own document, with the key of these vectors.
    official = {"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test",
                "nonce_str": "ibuaiVcKdpRxkhJA"}
    for algorithm in [MD5, HMAC]:
        name = algorithm.lower()
        sign(f"{name}-official-example", official, algorithm)
        sign(f"{name}-order", ORDER, algorithm)
        sign(f"{name}-one-field", {"a": "1"}, algorithm)
        sign(f"{name}-upper-case-before-lower", {"a": "1", "Z": "2", "B": "3", "_": "4", "0": "5"}, algorithm)
        sign(f"{name}-a-name-that-begins-another", {"re_openid": "1", "remark": "2", "re": "3", "r": "4"}, algorithm)
        sign(f"{name}-empty-is-left-out", {"a": "1", "b": "", "c": None, "d": "2"}, algorithm)
        sign(f"{name}-zero-stays", {"a": "0", "b": 0, "c": "00"}, algorithm)
        sign(f"{name}-integers", {"total_fee": 888, "minus": -1, "big": 12345678901234567890123}, algorithm)
        sign(f"{name}-sign-is-left-out", {"a": "1", "sign": "ABC"}, algorithm)
        sign(f"{name}-chinese", {"body": "腾讯充值中心", "attach": "附加数据 支付"}, algorithm)
        sign(f"{name}-emoji", {"body": "😀👨‍👩‍👧‍👦𠮷"}, algorithm)
        sign(f"{name}-nothing-is-encoded", {"url": "https://shop.example/a?b=1%20+/", "xml": "<a>'\"]]>"}, algorithm)
        sign(f"{name}-spaces-stay", {"a": " x ", "b": "x  y"}, algorithm)
        sign(f"{name}-a-value-with-an-ampersand", {"attach": "a=1&b=2"}, algorithm)
    sign("escapes-of-json", '{"body":"\\u817e\\ud83d\\ude00\\/"}', signed={"body": "腾😀/"})
    sign("white-space-of-json", ' { "a" : "1" ,\n"b":"2"} ', signed={"a": "1", "b": "2"})
    sign("the-same-sign-type-as-a-field", {"a": "1", "sign_type": HMAC})
    sign("configured-hmac", {"a": "1"}, "", by=HMAC)
    sign("configured-md5", {"a": "1"}, "", client="v2_md5", by=MD5)
    sign("the-first-of-two-keys", {"a": "1"}, client="v2_rotation", key=APIV2_NEXT)
    sign("no-api-v2-key", {"a": "1"}, client="merchant", status=110)
    sign("unknown-sign-type", {"a": "1"}, "SHA1", status=212)
    sign("sign-type-in-lower-case", {"a": "1"}, "md5", status=212)
    sign("another-sign-type-as-a-field", {"a": "1", "sign_type": MD5}, status=100)
    for name, text in {"not-json": "a=1", "empty": "", "array": "[]", "cut": '{"a":"1"', "a-field-twice": '{"a":"1","a":"2"}',
                       "a-field-twice-by-escape": '{"a":"1","\\u0061":"2"}', "half-a-character": '{"a":"\\ud83d"}'}.items():
        sign(f"json-{name}", text, status=420)
    for name, text in {"nothing": "{}", "only-sign": '{"sign":"A"}', "only-empty": '{"a":""}', "object": '{"a":{"b":"1"}}', "list": '{"a":["1"]}',
                       "true": '{"a":true}', "fraction": '{"a":1.5}', "exponent": '{"a":1e3}', "line-feed": '{"a":"1\\n2"}', "nul": '{"a":"\\u0000"}',
                       "name-with-a-hyphen": '{"a-b":"1"}', "name-empty": '{"":"1"}', "name-of-65-bytes": '{"' + "a" * 65 + '":"1"}',
                       "ambiguous": '{"attach":"x&total_fee=1","total_fee":"2"}'}.items():
        sign(f"json-{name}", text, status=100)
    sign("json-not-utf-8", Raw(hex=b'{"a":"\xff"}'.hex()), status=102)


def prepare_cases(c):
    def prepare(identity, fields, algorithm=HMAC, path="/pay/unifiedorder", status=0, client="v2", key=APIV2, url=None):
        given = {"client": client, "path": value(path), "sign_type": algorithm, "json": compact(fields)}
        want = None
        if not status:
            sent = {name: str(text) for name, text in fields.items() if text not in ("", None)}
            want = {"method": "POST", "url": url or BASE + path, "content_type": "text/xml; charset=utf-8",
                    "fields": with_sign(sent, algorithm, key)}
        c.add(identity, "v2_prepare", given, want, status)

    full = {**ORDER, "sign_type": HMAC}
    prepare("order", full)
    prepare("order-md5", {**ORDER, "sign_type": MD5}, MD5, client="v2_md5")
    prepare("order-md5-without-sign-type", ORDER, MD5, client="v2_md5")
    prepare("integers", {**full, "total_fee": 888})
    prepare("absolute-url", full, path=BASE + "/pay/unifiedorder", url=BASE + "/pay/unifiedorder")
    prepare("first-of-two-keys", full, client="v2_rotation", key=APIV2_NEXT)
    for name, text in {"chinese": "支付", "emoji": "😀", "markup": "<a href='x'>\"&amp;</a>", "cdata-end": "a]]>b]]", "json": '{"goods":[{"id":"1"}]}',
                       "spaces": "  a  b ", "ampersand": "a=1&b=2", "long": "x" * 5000}.items():
        prepare(f"value-{name}", {**full, "detail": text})
    prepare("empty-value", {**full, "attach": ""})
    prepare("no-api-v2-key", full, client="merchant", status=110)
    prepare("another-mch-id", {**full, "mch_id": "1900000002"}, status=100)
    prepare("its-own-sign", {**full, "sign": "A" * 64}, status=100)
    prepare("a-value-that-holds-a-field", {**full, "attach": "x&total_fee=1"}, status=100)
    prepare("a-value-that-holds-a-field-that-is-not-there", {**full, "attach": "x&result_code=SUCCESS"}, status=100)
    prepare("a-name-with-a-dollar", {**full, "coupon_id_$n": "1"}, status=100)
    prepare("unknown-sign-type", full, "SM3", status=212)
    prepare("foreign-host", full, path="https://evil.example/pay/unifiedorder", status=106)
    prepare("dot-segments", full, path="/pay/../secapi/pay/refund", status=106)
    prepare("a-query", full, path="/pay/unifiedorder?a=b", status=100)
    prepare("a-path-of-v3", full, path="/v3/pay/transactions/native", status=100)
    prepare("not-json", "<xml/>", status=420)


PAID = {"appid": APPID, "mch_id": MCHID, "return_code": "SUCCESS", "result_code": "SUCCESS", "nonce_str": NONCE, "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "out_trade_no": "20150806125346", "transaction_id": "1004400740201409030005092168", "total_fee": "888", "attach": "支付测试", "coupon_fee_0": "10",
        "time_end": "20140903131540"}


def check_cases(c):
    def check(identity, body, fields=None, status=0, verified=None, client="v2", path=None, asked=None, sign_type="", code=200, outcome=None):
        """Without a path it is a notification."""
        given = {"client": client, "response": {"status": code, "headers": [], "body": value(body)}}
        if path:
            given["request"] = {"path": path, "sign_type": sign_type, "json": compact(asked or {"appid": APPID, "out_trade_no": "20150806125346"})}
        want = {"verified": (0 if status else 1) if verified is None else verified}
        if not status:
            want["fields"] = fields
        c.add(("answer-" if path else "notification-") + identity, "v2_check", given, want, status, outcome=outcome)

    signed = with_sign(PAID)
    good = xml(signed)
    check("paid", good, signed)
    md5 = with_sign(PAID, MD5)
    check("paid-md5", xml(md5), md5, client="v2_md5")
    check("first-key-of-two", xml(with_sign(PAID, key=APIV2_NEXT)), with_sign(PAID, key=APIV2_NEXT), client="v2_rotation")
    check("second-key-of-two", good, signed, client="v2_rotation")
    failed = with_sign({**PAID, "result_code": "FAIL", "err_code": "SYSTEMERROR"})
    check("that-reports-a-failure", xml(failed), failed)
    reversed_ = dict(reversed(signed.items()))
    check("fields-in-another-order", xml(reversed_), signed)
    plain = "<xml>" + "".join(f"\n  <{name}>{text}</{name}>" for name, text in signed.items()) + "\n</xml>\n"
    check("text-instead-of-cdata", plain, signed)
    check("declaration", '<?xml version="1.0" encoding="UTF-8"?>\n' + good, signed)
    for name, text in {"entities": ("a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;", "a <b> & \"c\" 'd'"), "decimal-reference": ("&#33021;", "能"),
                       "hex-reference": ("&#x1F600;", "😀"), "two-cdata": ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
                       "cdata-and-text": ("<![CDATA[a]]>b", "ab")}.items():
        fields = with_sign({**PAID, "attach": text[1]})
        check(f"attach-{name}", xml({**fields, "attach": "@"}).replace("<![CDATA[@]]>", text[0]), fields)
    empty = {**with_sign(PAID), "fee_type": ""}
    check("an-empty-field", xml(empty), empty)
    more = with_sign({**PAID, "a_new_field": "1"})
    check("a-field-that-nobody-knows", xml(more), more)
    check("an-ampersand-in-attach", xml(with_sign({**PAID, "attach": "a=1&b=2"})), with_sign({**PAID, "attach": "a=1&b=2"}))

    check("another-amount", good.replace("888", "889"), status=201)
    check("a-field-more", good.replace("</xml>", "<x>1</x></xml>"), status=201)
    check("a-field-less", xml({name: text for name, text in signed.items() if name != "attach"}), status=201)
    check("without-sign", xml(PAID), status=201)
    check("sign-empty", xml({**PAID, "sign": ""}), status=201)
    check("sign-in-lower-case", xml({**PAID, "sign": signed["sign"].lower()}), status=201)
    check("sign-cut", xml({**PAID, "sign": signed["sign"][:-1]}), status=201)
    check("sign-not-hex", xml({**PAID, "sign": "Z" * 64}), status=201)
    check("under-another-key", xml(with_sign(PAID, key=b"another-api-v2-key-of-32-bytes!!")), status=201)
    check("failure-without-sign", xml({"return_code": "FAIL", "return_msg": "签名失败"}), status=201)
    check("md5-to-an-hmac-client", xml(md5), status=212)
    check("hmac-to-an-md5-client", good, status=212, client="v2_md5")
    # The buyer's own words split a message in two ways that have the same signature (safety.md S8).
    forged = {**PAID, "attach": "x&out_trade_no=BIG0001&result_code=SUCCESS&return_code=SUCCESS&total_fee=100000&z="}
    check("ambiguous", xml(with_sign(forged)), status=201)
    check("another-mch-id", xml(with_sign({**PAID, "mch_id": "1900000002"})), status=401)
    check("a-field-twice", good.replace("</xml>", "<total_fee>1</total_fee></xml>"), status=422)
    check("a-sign-twice", good.replace("</xml>", f"<sign>{signed['sign']}</sign></xml>"), status=422)
    check("doctype", '<!DOCTYPE xml [<!ENTITY x "1">]>' + good, status=422)
    check("an-entity-of-its-own", good.replace("支付测试", "]]>&x;<![CDATA["), status=422)
    check("an-external-entity", '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + good.replace("支付测试", "]]>&x;<![CDATA["), status=422)
    check("a-comment", good.replace("</xml>", "<!-- x --></xml>"), status=422)
    check("an-attribute", good.replace("<attach>", '<attach a="1">'), status=422)
    check("a-processing-instruction", good.replace("</xml>", "<?x y?></xml>"), status=422)
    check("nested", good.replace("</xml>", "<a><b>1</b></a></xml>"), status=422)
    check("another-root", good.replace("<xml>", "<root>").replace("</xml>", "</root>"), status=422)
    check("two-roots", good + good, status=422)
    check("cut", good[:-10], status=422)
    check("empty", "", status=422)
    check("html", "<html><body>502 Bad Gateway</body></html>", status=422)
    check("json", '{"return_code":"SUCCESS"}', status=422)
    check("not-utf-8", b"<xml><a>\xff</a></xml>", status=422)
    check("a-line-feed-in-a-value", xml(with_sign({**PAID, "attach": "a\nb"})), status=422)
    check("no-api-v2-key", good, status=110, client="merchant")

    query = "/pay/orderquery"
    check("order", good, signed, path=query)
    check("order-md5", xml(md5), md5, path=query, sign_type=MD5)
    check("signed-with-the-other-algorithm", xml(md5), path=query, status=212, outcome=0)
    check("another-amount", good.replace("888", "889"), path=query, status=201, outcome=0)
    check("without-sign", xml(PAID), path=query, status=201, outcome=0)
    check("another-mch-id", xml(with_sign({**PAID, "mch_id": "1900000002"})), path=query, status=401, outcome=0)
    check("another-appid", xml(with_sign({**PAID, "appid": "wx1111111111111111"})), path=query, status=401, outcome=0)
    check("return-code-fail", xml({"return_code": "FAIL", "return_msg": "签名失败"}), path=query, status=400, verified=3, outcome=0)
    for code, outcome in {"ORDERNOTEXIST": 2, "NOAUTH": 2, "SYSTEMERROR": 0, "USERPAYING": 0, "BANKERROR": 0, "ORDERPAID": 0, "A_NEW_ONE": 0, "": 0}.items():
        body = xml(with_sign({**PAID, "result_code": "FAIL", "err_code": code, "err_code_des": "x"}))
        check(f"err-code-{code.lower().replace('_', '-') or 'none'}", body, path="/pay/micropay", status=400, verified=3, outcome=outcome)
    check("err-code-not-signed", xml({**PAID, "result_code": "FAIL", "err_code": "NOAUTH", "sign": "0" * 64}), path=query, status=201, outcome=0)
    check("result-code-that-nobody-knows", xml(with_sign({**PAID, "result_code": "MAYBE"})), path=query, status=401, outcome=0)
    check("doctype", "<!DOCTYPE xml>" + good, path=query, status=422, outcome=0)
    check("html", "<html></html>", path=query, status=422, outcome=0)
    check("http-502", "<html></html>", path=query, status=401, verified=3, code=502, outcome=0)
    check("http-404", good, path=query, status=401, verified=3, code=404, outcome=0)
    report = {"return_code": "SUCCESS", "return_msg": "OK"}
    check("of-a-path-without-sign", xml(report), report, path="/payitil/report", verified=2)
    check("of-a-path-without-sign-with-a-wrong-one", xml({**report, "sign": "0" * 64}), path="/payitil/report", status=201, outcome=0)


REFUND = {"out_refund_no": "131811191610442717309", "out_trade_no": "71106718111915575302817", "refund_fee": "3960", "refund_status": "SUCCESS",
          "refund_recv_accout": "支付用户零钱"}


def ecb(plaintext, key=APIV2, padding=True):
    secret = openssl("dgst", "-md5", "-r", stdin=key).decode().split()[0].encode()
    return openssl("enc", "-aes-256-ecb", "-K", secret.hex(), *([] if padding else ["-nopad"]), stdin=plaintext)


def refund_cases(c):
    def opened(identity, req_info, refund=None, status=0, client="v2"):
        text = req_info if isinstance(req_info, (str, Raw)) else b64(req_info)
        c.add(identity, "v2_refund_open", {"client": client, "req_info": text}, None if status else {"refund": refund}, status)

    plain = xml(REFUND, "root").encode()
    sealed = ecb(plain)
    opened("refund", sealed, REFUND)
    opened("text-instead-of-cdata", ecb(("<root>\n" + "".join(f"<{a}>{b}</{a}>\n" for a, b in REFUND.items()) + "</root>").encode()), REFUND)
    opened("first-key-of-two", ecb(plain, APIV2_NEXT), REFUND, client="v2_rotation")
    opened("second-key-of-two", sealed, REFUND, client="v2_rotation")
    opened("md5-client", sealed, REFUND, client="v2_md5")
    # Two blocks of the cipher exchanged: another amount, and nothing notices (safety.md S25).
    parts = [b"<root><aaaaaaaa>", b"1111111111111111", b"2222222222222222", b"</aaaaaaaa></roo", b"t>"]
    opened("blocks", ecb(b"".join(parts)), {"aaaaaaaa": "1" * 16 + "2" * 16})
    whole = ecb(b"".join(parts))
    opened("blocks-exchanged", whole[:16] + whole[32:48] + whole[16:32] + whole[48:], {"aaaaaaaa": "2" * 16 + "1" * 16})
    for name, bad in {"under-another-key": ecb(plain, b"another-api-v2-key-of-32-bytes!!"), "cut": sealed[:-16], "not-whole-blocks": sealed[:-1],
                      "flipped-last-block": sealed[:-1] + bytes([sealed[-1] ^ 1]), "empty": b"", "not-xml": ecb(b"refund"), "another-root": ecb(xml(REFUND).encode()),
                      "doctype": ecb(b"<!DOCTYPE root>" + plain), "a-field-twice": ecb(plain.replace(b"</root>", b"<refund_fee>1</refund_fee></root>")),
                      "padding-of-zeros": ecb(bytes(32), padding=False), "not-utf-8": ecb(b"<root><a>\xff</a></root>")}.items():
        opened(name, bad, status=210)
    for name, text in {"not-base64": "not base64!", "line-feed-behind": b64(sealed) + "\n", "url-safe": "-_" + b64(sealed)[2:]}.items():
        opened(name, text, status=210)
    opened("chinese", "退款", status=210)
    opened("text-not-utf-8", Raw(hex="ff"), status=102)
    opened("no-api-v2-key", sealed, status=110, client="merchant")


def reply_cases(c):
    def reply(identity, result, reason, text=None, status=0):
        code = "FAIL" if result else "SUCCESS"
        body = f"<xml><return_code><![CDATA[{code}]]></return_code><return_msg><![CDATA[{text}]]></return_msg></xml>"
        want = None if status else {"http_status": 200, "body": body, "content_type": "text/xml; charset=utf-8"}
        c.add(identity, "v2_reply", {"result": result, "reason": reason}, want, status)

    reply("handled", 0, "", "OK")
    reply("handled-with-a-reason", 0, "stored", "stored")
    for result in [201, 422, 901, -1]:
        reply(f"failed-{result}", result, "", "失败")
    reply("reason", 901, "the database is down", "the database is down")
    reply("chinese", 901, "数据库故障", "数据库故障")
    reply("markup", 901, "<a>&'\"", "<a>&'\"")
    reply("end-of-cdata", 901, "a]]>b", "a]]]]><![CDATA[>b")
    reply("long", 901, "库" * 200, "库" * 128)
    reply("line-feed", 901, "a\nb", status=100)
    reply("not-utf-8", 901, Raw(hex="ff"), status=102)


def score_cases(c):
    def score(identity, package, status=0, client="v2", now=NOW):
        members = {"mch_id": MCHID, "package": package, "timestamp": str(now), "sign_type": HMAC}
        c.add(identity, "pay_score", {"client": client, "package": value(package)}, None if status else {"members": members}, status, now)

    score("package", "DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we")
    score("one-byte", "a")
    score("128-bytes", "a" * 128)
    score("every-allowed-byte", "azAZ09_-=@.:/+")
    # By WeChat Pay's documents it is HMAC-SHA256, whatever is configured.
    score("md5-client", "abc", client="v2_md5")
    score("129-bytes", "a" * 129, status=100)
    for name, bad in {"empty": "", "line-feed": "a\nb", "ampersand": "a&timestamp=1", "space": "a b", "chinese": "包", "nul": Raw(hex="6100")}.items():
        score(f"package-{name}", bad, status=100)
    score("package-not-utf-8", Raw(hex="ff"), status=102)
    score("no-api-v2-key", "abc", status=110, client="merchant")
    score("now-in-milliseconds", "abc", status=100, now=NOW * 1000)
    score("now-below-zero", "abc", status=100, now=-1)


def cases():
    c = Cases("v2")
    sign_cases(c)
    prepare_cases(c)
    check_cases(c)
    refund_cases(c)
    reply_cases(c)
    score_cases(c)
    return c
