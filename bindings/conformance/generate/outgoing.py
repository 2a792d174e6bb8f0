"""wxpay_client_prepare and _prepare_unsigned: every byte that goes out but nonce and signature."""

from case import NEXT_ID, WECHAT_ID, Cases, Raw, file, five_lines, value
from clients import BASE, BRAND_ID, MCHID
from tools import NOW, serial

ORDER = '{"appid":"wx8888888888888888","mchid":"1900000001","description":"腾讯公仔 😀","out_trade_no":"1","amount":{"total":1,"currency":"CNY"}}'
NATIVE = "/v3/pay/transactions/native"
API = "https://api.mch.weixin.qq.com"


def cases():
    c = Cases("outgoing")
    merchant_serial, brand_serial = serial("merchant_cert.pem"), serial("brand_cert.pem")

    def prepare(identity, method="GET", url="/v3/certificates", body="", status=0, client="merchant", headers=None, want=None, target=None, absolute=None,
                now=NOW, brand=False, sign_key=None, verify_key=None):
        given = {"client": client, "method": value(method), "url": value(url), "body": value(body)}
        if headers is not None:
            given["headers"] = [[value(name), value(text)] for name, text in headers]
        if sign_key:
            given["sign_key"] = file(sign_key)
        expected = None
        if not status:
            sent = target or url
            who = {"brand_id": BRAND_ID} if brand else {"mchid": MCHID}
            sign_serial = brand_serial if client == "brand" else merchant_serial
            expected = {
                "method": method, "url": absolute or BASE + sent, "body": value(body),
                "headers": {"Accept": "application/json", "Accept-Encoding": "identity", "Host": None, "Content-Length": None, **(want or {})},
                "authorization": {
                    "scheme": "WECHATPAY-BRAND-SHA256-RSA2048" if brand else "WECHATPAY2-SHA256-RSA2048",
                    "members": {**who, "timestamp": str(now), "serial_no": sign_serial},
                    "canonical": value(five_lines(method, sent, now, "{nonce}", body)),
                    "verify_key": file(verify_key or ("brand_public.pem" if client == "brand" else "merchant_public.pem")),
                },
            }
        c.add(identity, "prepare_unsigned" if sign_key else "prepare", given, expected, status, now)

    json = {"Content-Type": "application/json", "Wechatpay-Serial": WECHAT_ID}
    prepare("get", want={"Content-Type": None, "Wechatpay-Serial": WECHAT_ID})
    for method in ["POST", "PUT", "PATCH"]:
        prepare(f"{method}-order", method, NATIVE, ORDER, want=json)
        prepare(f"{method}-without-body", method, NATIVE, want=json)
    prepare("delete", "DELETE", "/v3/x/1", want={"Content-Type": None})
    prepare("delete-with-body", "DELETE", "/v3/x/1", "{}", want=json)
    for name, body in {"spaces": ' { "a" : 1 }\r\n', "escapes": '{"a":"\\u4e2d"}', "not-json": "a=1&b=2", "nul": Raw(hex=b'{"a":"\0"}'.hex()),
                       "emoji": '{"a":"👨‍👩‍👧‍👦 𠮷"}', "ends-with-line-feeds": "{}\n\n"}.items():
        raw = bytes.fromhex(body["hex"]) if isinstance(body, Raw) else body
        prepare(f"body-{name}", "POST", NATIVE, raw, want=json)
    prepare("query", url="/v3/bill/tradebill?bill_date=2024-01-01&bill_type=ALL")
    prepare("query-chinese", url="/v3/x?name=%E8%85%BE%E8%AE%AF&a=b+c")
    prepare("lone-question-mark", url="/v3/certificates?", target="/v3/certificates")
    prepare("absolute-of-base-url", url=BASE + "/v3/x?a=1", target="/v3/x?a=1")
    for host in ["api.mch.weixin.qq.com", "api2.mch.weixin.qq.com", "api.wechatpay.cn", "api2.wechatpay.cn", "apihk.mch.weixin.qq.com"]:
        prepare(f"absolute-{host}", url=f"https://{host}/v3/x?a=1", target="/v3/x?a=1", absolute=f"https://{host}/v3/x?a=1")
    prepare("absolute-host-in-capitals", url="https://API.MCH.weixin.qq.com/v3/X", target="/v3/X", absolute=API + "/v3/X")
    prepare("absolute-port-443", url=API + ":443/v3/x", target="/v3/x", absolute=API + "/v3/x")
    prepare("bill-download-url", url=API + "/v3/billdownload/file?token=6-kIGAqX%2B", target="/v3/billdownload/file?token=6-kIGAqX%2B",
            absolute=API + "/v3/billdownload/file?token=6-kIGAqX%2B")
    prepare("merchant-serial-in-lower-case", client="merchant_serial")
    prepare("now-one", now=1)
    prepare("own-user-agent", client="polite", want={"User-Agent": "shop/1.0 (conformance)", "Accept-Language": "zh-CN"})
    prepare("no-accept-language", want={"Accept-Language": None})

    # headers of the caller
    prepare("header", headers=[["X-Trace", "a1"]], want={"X-Trace": "a1"})
    prepare("header-instead-of-a-default", "POST", NATIVE, "{}", headers=[["accept", "*/*"], ["content-type", "text/plain"], ["User-Agent", "me"]],
            want={"Accept": "*/*", "Content-Type": "text/plain", "User-Agent": "me"})
    prepare("header-with-a-tab-inside", headers=[["X-A", "a\tb"]], want={"X-A": "a\tb"})
    prepare("header-empty", headers=[["X-A", ""]], want={"X-A": ""})
    prepare("header-serial", headers=[["Wechatpay-Serial", NEXT_ID]], want={"Wechatpay-Serial": NEXT_ID})
    prepare("header-serial-twice", headers=[["Wechatpay-Serial", WECHAT_ID], ["wechatpay-serial", WECHAT_ID]], status=206)
    prepare("header-serial-malformed", headers=[["Wechatpay-Serial", "a b"]], status=115)
    prepare("header-serial-by-cgi-name", headers=[["Wechatpay_Serial", WECHAT_ID]], status=100)
    for name in ["Authorization", "authorization", "Host", "Content-Length", "Transfer-Encoding", "Connection", "TE", "Expect", "Accept-Encoding",
                 "Proxy-Authorization", "proxy-connection", "Content_Length"]:
        prepare(f"header-reserved-{name}", headers=[[name, "1"]], status=100)
    for name, bad in {"line-feed": "a\nX-B: c", "carriage-return": "a\r", "nul": b"a\0b", "escape": "\u001b", "delete": "\u007f", "chinese": "值", "latin-1": b"\xe9"}.items():
        prepare(f"header-value-{name}", headers=[["X-A", bad]], status=100)
    prepare("header-name-with-colon", headers=[["X-A:", "1"]], status=100)

    # refused
    for name, url in {"foreign-host": "https://evil.example/v3/x", "look-alike": "https://xapi.mch.weixin.qq.com/v3/x", "suffix": "https://api.mch.weixin.qq.com.evil.example/x",
                      "another-port": API + ":8443/v3/x", "user-information": "https://api.mch.weixin.qq.com@evil.example/", "plain-http": "http://api.mch.weixin.qq.com/v3/x",
                      "http-to-base": "http://127.0.0.1:1/v3/x", "another-loopback-port": "https://127.0.0.1:2/v3/x", "another-loopback-name": "https://localhost:1/v3/x",
                      "template": "/v3/pay/transactions/id/{id}", "chinese": "/v3/中", "dot-segment": "/v3/../x", "empty": ""}.items():
        prepare(f"url-{name}", url=url, status=106)
    for name, method in {"lower-case": "get", "head": "HEAD", "empty": "", "line-feed": "GET\n", "connect": "CONNECT"}.items():
        prepare(f"method-{name}", method, status=100)
    prepare("get-with-body", body="{}", status=100)
    prepare("body-not-utf-8", "POST", NATIVE, b'{"a":"\xff"}', status=102)
    prepare("url-not-utf-8", url=b"/v3/\xff", status=102)
    prepare("now-in-milliseconds", now=NOW * 1000, status=100)
    prepare("now-below-zero", now=-1, status=100)
    prepare("no-private-key", client="external", status=110)

    # brands
    prepare("brand", "POST", "/brand/marketing/product-coupon/product-coupons", ORDER, client="brand", brand=True, want=json)
    prepare("brand-get", url="/brand/x?brand_id=1", client="brand", brand=True)
    prepare("brand-asked-for-a-merchants-path", client="brand", status=110)
    prepare("merchant-asked-for-a-brands-path", url="/brand/x", status=110)
    prepare("both-brand", url="/brand/x", client="brand_and_merchant", brand=True)
    prepare("both-merchant", url="/v3/brand/x", client="brand_and_merchant")
    prepare("brand-alone-is-a-merchants-path", url="/brand", client="merchant")

    # which key an answer is asked for with
    newest = serial("platform_next_cert.pem")
    prepare("newest-certificate", client="platform", want={"Wechatpay-Serial": newest})
    prepare("public-key-before-certificates", client="mixed", want={"Wechatpay-Serial": WECHAT_ID})
    prepare("first-of-two-public-keys", client="rotation", want={"Wechatpay-Serial": WECHAT_ID})
    prepare("first-certificates", client="auto", want={"Wechatpay-Serial": None})
    prepare("no-key-yet", url="/v3/x", client="auto", status=410)
    prepare("expired-certificate", url="/v3/x", client="platform_expired", status=410)
    prepare("certificate-on-its-last-second", url="/v3/x", client="platform_expired", now=1609459200, want={"Wechatpay-Serial": serial("platform_expired_cert.pem")})
    prepare("certificate-a-second-later", url="/v3/x", client="platform_expired", now=1609459201, status=410)
    prepare("certificate-not-yet-valid", url="/v3/x", client="platform_future", status=410)

    # signed elsewhere
    prepare("post", "POST", NATIVE, ORDER, client="external", sign_key="merchant_key.pem", want=json)
    prepare("get", client="external", sign_key="merchant_key.pem")
    prepare("with-a-private-key", client="merchant", sign_key="merchant_key.pem")
    prepare("signed-with-another-key", client="external", sign_key="other_merchant_key.pem", status=200)
    prepare("signed-with-another-key-nobody-can-tell", client="external_serial", sign_key="other_merchant_key.pem", verify_key="other_merchant_public.pem")
    prepare("foreign-host", url="https://evil.example/", client="external", sign_key="merchant_key.pem", status=106)
    prepare("brand-path", url="/brand/x", client="external", sign_key="merchant_key.pem", status=110)
    prepare("body-not-utf-8", "POST", NATIVE, b"\xff", client="external", sign_key="merchant_key.pem", status=102)

    # options of one call
    def option(identity, key, text, status=0):
        c.add(identity, "message_set", {"key": value(key), "value": value(text)}, status=status)

    for name, text, status in [("one", "1", 0), ("an-hour", "3600000", 0), ("unset", "", 0), ("zero", "0", 100), ("more-than-an-hour", "3600001", 100), ("minus", "-1", 100),
                               ("fraction", "1.5", 100), ("words", "soon", 100), ("space", " 1", 100), ("not-utf-8", b"\xff", 102)]:
        option(f"timeout-{name}", "timeout_ms", text, status)
    for name, text, status in [("one", "1", 0), ("zero", "0", 0), ("unset", "", 0), ("true", "true", 100), ("two", "2", 100)]:
        option(f"idempotent-{name}", "idempotent", text, status)
    for name, text, status in [("public-key", WECHAT_ID, 0), ("serial", serial("platform_cert.pem"), 0), ("unset", "", 0), ("64-bytes", "a" * 64, 0), ("65-bytes", "a" * 65, 115),
                               ("line-feed", "a\nb", 115), ("quote", 'a"', 115), ("chinese", "公钥", 115)]:
        option(f"key-id-{name}", "key_id", text, status)
    option("unknown", "timeout", "1", 117)
    option("unknown-in-capitals", "TIMEOUT_MS", "1", 117)
    option("unknown-empty", "", "1", 117)
    option("name-with-nul", Raw(hex=b"timeout_ms\0".hex()), "1", 117)
    option("name-not-utf-8", b"\xff", "1", 102)
    return c
