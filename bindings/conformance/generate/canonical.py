"""The strings that are signed, and what may not get into them (safety: no added line)."""

from case import Cases, Raw, five_lines, repeat, three_lines, value

TIME, NONCE = "1700000000", "593BEC0C930BF1AFEB40B4A08C8FB242"
HOST = "https://api.mch.weixin.qq.com"
ORDER = '{"appid":"wx8888888888888888","description":"腾讯公仔 😀","amount":{"total":1}}'

# what is given, and the target that is signed
TARGETS = {
    "path": ("/v3/certificates", None),
    "root": ("/", None),
    "trailing-slash": ("/v3/bill/", None),
    "double-slash-inside": ("/v3//bill", None),
    "query": ("/v3/pay/transactions/id/1217752501201407033233368018?mchid=1900000001", None),
    "query-order-is-kept": ("/v3/bill/tradebill?bill_type=ALL&bill_date=2024-01-01&a=1", None),
    "query-repeated-name": ("/v3/x?a=2&a=1", None),
    "lone-question-mark": ("/v3/certificates?", "/v3/certificates"),
    "lone-question-mark-at-root": ("/?", "/"),
    "two-question-marks": ("/v3/x??", None),
    "question-mark-ends-a-query": ("/v3/x?a=1?", None),
    "question-mark-in-a-query": ("/v3/x?a=b?c", None),
    "empty-value": ("/v3/x?a=", None),
    "name-alone": ("/v3/x?a", None),
    "ampersand-alone": ("/v3/x?&", None),
    "equals-alone": ("/v3/x?=", None),
    "slash-in-a-query": ("/v3/x?next=/v3/y/", None),
    "dots-in-a-query": ("/v3/x?next=../y", None),
    "three-dots-are-a-name": ("/v3/.../x", None),
    "dot-inside-a-segment": ("/v3/file.tar.gz", None),
    "plus-stays": ("/v3/x?a=1+2", None),
    "percent-chinese": ("/v3/x?name=%E8%85%BE%E8%AE%AF", None),
    "percent-emoji": ("/v3/x?name=%F0%9F%98%80", None),
    "percent-space": ("/v3/x?name=a%20b", None),
    "percent-slash": ("/v3/x/a%2Fb", None),
    "percent-percent": ("/v3/x?a=100%25", None),
    "percent-plus": ("/v3/merchant-service/images/a%2Bb%3D", None),
    "percent-line-feed-stays-encoded": ("/v3/x?a=%0A", None),
    "sub-delims": ("/v3/x!$&'()*,;=:@?a=!$'()*,;:@/?", None),
    "unreserved": ("/v3/a-b.c_d~e", None),
    "absolute": (HOST + "/v3/certificates", "/v3/certificates"),
    "absolute-query": (HOST + "/v3/x?y=1&z=%E4%B8%AD", "/v3/x?y=1&z=%E4%B8%AD"),
    "absolute-without-path": (HOST, "/"),
    "absolute-query-without-path": (HOST + "?a=1", "/?a=1"),
    "absolute-upper-case-host": ("HTTPS://API.MCH.WEIXIN.QQ.COM/v3/X", "/v3/X"),
    "absolute-port": ("https://localhost:8443/v3/x", "/v3/x"),
    "absolute-ipv6": ("https://[::1]:8443/v3/x", "/v3/x"),
    "absolute-loopback-http": ("http://127.0.0.1:8080/v3/x", "/v3/x"),
    "absolute-lone-question-mark": (HOST + "/v3/x?", "/v3/x"),
}

REFUSED = {
    "empty": "",
    "relative": "v3/x",
    "two-slashes": "//evil.example/v3/x",
    "backslash": "/v3\\x",
    "fragment": "/v3/x#part",
    "space": "/v3/x y",
    "tab": "/v3/x\ty",
    "line-feed": "/v3/x\n/v3/y",
    "carriage-return": "/v3/x\r",
    "control-byte": "/v3/\u0001",
    "delete-byte": "/v3/\u007f",
    "nul": Raw(hex=b"/v3/x\0y".hex()),
    "chinese": "/v3/腾讯",
    "emoji-in-query": "/v3/x?a=😀",
    "percent-at-end": "/v3/x%",
    "percent-one-digit": "/v3/x%2",
    "percent-not-hex": "/v3/x%ZZ",
    "percent-of-a-letter": "/v3/%41",
    "percent-of-a-dot": "/v3/%2E%2E/x",
    "percent-of-a-tilde": "/v3/%7Ex",
    "percent-lower-case": "/v3/x?a=%e4%b8%ad",
    "dot-segment": "/v3/./x",
    "dot-dot-segment": "/v3/../x",
    "dot-dot-at-end": "/v3/x/..",
    "double-quote": '/v3/x"y',
    "less-than": "/v3/x<y",
    "brace-of-a-template": "/v3/pay/transactions/id/{transaction_id}",
    "pipe": "/v3/x|y",
    "user-information": "https://api.mch.weixin.qq.com@evil.example/v3/x",
    "plain-http": "http://api.mch.weixin.qq.com/v3/x",
    "ftp": "ftp://api.mch.weixin.qq.com/v3/x",
    "no-host": "https:///v3/x",
    "dot-behind-host": "https://api.mch.weixin.qq.com./v3/x",
    "port-0": "https://api.mch.weixin.qq.com:0/v3/x",
    "port-65536": "https://api.mch.weixin.qq.com:65536/v3/x",
    "port-not-a-number": "https://api.mch.weixin.qq.com:https/v3/x",
    "ipv6-not-closed": "https://[::1/v3/x",
    "percent-in-host": "https://api%2Emch.weixin.qq.com/v3/x",
    "16385-bytes": repeat("/aaaa", 3277),
}

BODIES = {
    "json": ORDER,
    "empty": "",
    "one-line-feed": "\n",
    "ends-with-line-feed": '{"a":1}\n',
    "carriage-returns": '{\r\n"a":1\r\n}',
    "spaces-are-kept": ' { "a" : 1 } ',
    "escapes-are-kept": '{"a":"\\u4e2d\\/"}',
    "emoji": '{"a":"👨‍👩‍👧‍👦 𠮷"}',
    "nul": b'{"a":"\0"}',
    "not-utf-8": b"\xff\xfe\x80",
    "latin-1": "é".encode("latin-1"),
    "thousand-bytes": "0123456789" * 100,
    "looks-like-lines": "GET\n/v3/x\n1\n2\n\n",
}

BAD_METHODS = {"lower-case": "get", "mixed-case": "Get", "empty": "", "two-letters": "GO", "eight-letters": "PROPFIND",
               "digit": "P0ST", "line-feed": "POST\n", "space": "GET ", "chinese": "获取"}
BAD_TIMES = {"empty": "", "13-digits": "1700000000000", "minus": "-1", "plus": "+1700000000", "fraction": "1700000000.5",
             "space-before": " 1700000000", "line-feed": "1700000000\n", "full-width": "１７００", "hex": "0x6553F100"}
BAD_NONCES = {"empty": "", "65-bytes": "n" * 65, "slash": "a/b", "space": "a b", "line-feed": "abc\n/v3/x",
              "carriage-return": "abc\r", "quote": 'a"b', "chinese": "随机", "nul": Raw(hex=b"a\0b".hex())}


def cases():
    c = Cases("canonical")

    def request(identity, text=None, status=0, method="GET", url="/v3/certificates", timestamp=TIME, nonce=NONCE, body=""):
        given = {"method": method, "url": value(url), "timestamp": value(timestamp), "nonce": value(nonce), "body": value(body)}
        c.add(identity, "canonical_request", given, None if status else {"text": value(text)}, status)

    for name, (url, target) in TARGETS.items():
        request(name, five_lines("GET", target or url, TIME, NONCE), url=url)
    for name, url in REFUSED.items():
        request(f"url-{name}", status=106, url=url)
    request("url-not-utf-8", status=102, url=Raw(hex="2f76332fff"))
    for name, body in BODIES.items():
        request(f"body-{name}", five_lines("POST", "/v3/pay/transactions/native", TIME, NONCE, body),
                method="POST", url="/v3/pay/transactions/native", body=body)
    for method in ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]:
        request(f"method-{method}", five_lines(method, "/v3/x", TIME, NONCE), method=method, url="/v3/x")
    for name, method in BAD_METHODS.items():
        request(f"method-{name}", status=100, method=method)
    for name, time in {"one-digit": "1", "zero": "0", "12-digits": "999999999999", "leading-zero": "01700000000"}.items():
        request(f"time-{name}", five_lines("GET", "/v3/certificates", time, NONCE), timestamp=time)
    for name, nonce in {"one-byte": "x", "64-bytes": "n" * 64, "underscore-and-minus": "_a-B_9-"}.items():
        request(f"nonce-{name}", five_lines("GET", "/v3/certificates", TIME, nonce), nonce=nonce)
    for name, time in BAD_TIMES.items():
        request(f"time-{name}", status=100, timestamp=time)
    for name, nonce in BAD_NONCES.items():
        request(f"nonce-{name}", status=100, nonce=nonce)

    def response(identity, status=0, timestamp=TIME, nonce=NONCE, body=""):
        given = {"timestamp": value(timestamp), "nonce": value(nonce), "body": value(body)}
        want = None if status else {"text": value(three_lines(timestamp, nonce, body))}
        c.add(identity, "canonical_response", given, want, status)

    for name, body in BODIES.items():
        response(f"body-{name}", body=body)
    for name in ["empty", "13-digits", "minus", "line-feed"]:
        response(f"time-{name}", 100, timestamp=BAD_TIMES[name])
    for name in ["empty", "65-bytes", "line-feed", "carriage-return", "nul"]:
        response(f"nonce-{name}", 100, nonce=BAD_NONCES[name])
    return c
