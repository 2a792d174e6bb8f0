"""wxpay_message_header over what frameworks, proxies and sockets hand out."""

from case import Cases, Raw, repeat, value

SPELLINGS = [
    "Wechatpay-Serial", "wechatpay-serial", "WECHATPAY-SERIAL", "WechatPay-Serial",
    "HTTP_WECHATPAY_SERIAL", "http_wechatpay_serial", "WECHATPAY_SERIAL", "wechatpay_serial", "Wechatpay_Serial",
]


def cases():
    c = Cases("headers")

    def header(identity, headers, want=None, status=0, name="Wechatpay-Serial"):
        rows = [[value(key), value(text)] for key, text in headers]
        c.add(identity, "header", {"headers": rows, "name": name}, None if status else {"value": want}, status)

    def block(identity, raw, want=None, status=0, name="Wechatpay-Serial"):
        c.add(identity, "header", {"block": value(raw), "name": name}, None if status else {"value": want}, status)

    for spelling in SPELLINGS:
        header(f"given-{spelling}", [[spelling, "5D1A"]], "5D1A")
        header(f"asked-{spelling}", [["wechatpay-serial", "5D1A"]], "5D1A", name=spelling)
    header("cgi-name-asked-by-cgi-name", [["HTTP_WECHATPAY_SERIAL", "5D1A"]], "5D1A", name="HTTP_WECHATPAY_SERIAL")
    header("first-of-two", [["X-Trace", "1"], ["x-trace", "2"]], "1", name="X-Trace")
    header("first-of-two-spellings", [["HTTP_X_TRACE", "1"], ["X-Trace", "2"]], "1", name="x-trace")
    header("among-others", [["Host", "shop.example"], ["Accept", "*/*"], ["Request-ID", "08F5-268435456"]], "08F5-268435456", name="request-id")
    header("absent", [["Wechatpay-Nonce", "n"]])
    header("no-headers-at-all", [])
    header("prefix-is-another-header", [["Wechatpay-Serial-Number", "1"]])
    header("suffix-is-another-header", [["X-Wechatpay-Serial", "1"]])
    header("other-prefix", [["HTTPS_WECHATPAY_SERIAL", "1"]])
    header("empty-name-asked", [["A", "1"]], name="")
    header("empty-value", [["Wechatpay-Serial", ""]], "")
    header("spaces-and-tabs-around", [["Wechatpay-Serial", " \t5D1A\t "]], "5D1A")
    header("spaces-inside", [["Wechatpay-Serial", "5D 1A"]], "5D 1A")
    header("value-chinese", [["Wechatpay-Serial", "序列号"]], "序列号")
    header("value-emoji", [["Wechatpay-Serial", "😀"]], "😀")
    header("value-latin-1", [["Wechatpay-Serial", b"\xe9"]], "\ufffd")
    header("value-of-60000-bytes", [["Wechatpay-Serial", repeat("a", 60_000)]], repeat("a", 60_000))
    header("value-over-64-KiB", [["Wechatpay-Serial", repeat("a", 65_536)]], status=105)
    header("token-characters", [["!#$%&'*+.^`|~", "1"]], "1", name="!#$%&'*+.^`|~")
    header("256-headers", [[f"X-{n}", str(n)] for n in range(256)], "255", name="X-255")
    header("257-headers", [[f"X-{n}", str(n)] for n in range(257)], status=105)
    for name, bad in {"empty": "", "space": "Wechatpay Serial", "colon": "Wechatpay-Serial:", "line-feed": "A\nB", "tab": "A\tB",
                      "chinese": "序列号", "quote": 'A"B', "slash": "A/B", "nul": b"A\0B"}.items():
        header(f"name-with-{name}", [[bad, "1"]], status=100)
    header("name-not-utf-8", [[b"A\xff", "1"]], status=102)
    for name, bad in {"line-feed": "a\nb", "carriage-return": "a\rb", "nul": b"a\0b", "line-feed-behind": "a\n", "smuggled": "a\r\nX-B: c"}.items():
        header(f"value-with-{name}", [["X-A", bad]], status=100)

    block("block-crlf", "Host: a\r\nWechatpay-Serial: 5D1A\r\n\r\n", "5D1A")
    block("block-lf", "Host: a\nWechatpay-Serial: 5D1A\n", "5D1A")
    block("block-mixed-line-ends", "Host: a\r\nX-B: c\nWechatpay-Serial: 5D1A\r\n", "5D1A")
    block("block-no-line-end", "wechatpay-serial:5D1A", "5D1A")
    block("block-status-line", "HTTP/1.1 200 OK\r\nWechatpay-Serial: 5D1A\r\n\r\n", "5D1A")
    block("block-status-line-http-2", "HTTP/2 200\r\nwechatpay-serial: 5D1A\r\n", "5D1A")
    block("block-colon-in-value", "X-Url: https://a:1/b\n", "https://a:1/b", name="x-url")
    block("block-tab-behind-colon", "Wechatpay-Serial:\t5D1A \r\n", "5D1A")
    block("block-empty-value", "Wechatpay-Serial:\r\n", "")
    block("block-empty", "")
    block("block-first-of-two", "X-A: 1\nX-A: 2\n", "1", name="x-a")
    block("block-empty-line-between", "X-A: 1\n\nWechatpay-Serial: 5D1A\n", "5D1A")
    block("block-cgi-name", "HTTP_WECHATPAY_SERIAL: 5D1A\n", "5D1A")
    block("block-chinese-value", "X-A: 值\n", "值", name="X-A")
    block("block-folded", "X-A: 1\r\n  2\r\n", status=100)
    block("block-folded-with-colon", "X-A: 1\r\n X-B: 2\r\n", status=100)
    block("block-no-colon", "X-A 1\n", status=100)
    block("block-space-before-colon", "X-A : 1\n", status=100)
    block("block-request-line", "POST /notify HTTP/1.1\r\nX-A: 1\r\n", status=100)
    block("block-status-line-twice", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", status=100)
    block("block-carriage-return-inside", "X-A: 1\r2\n", status=100)
    block("block-nul", Raw(hex=b"X-A: 1\0\n".hex()), status=100)
    return c
