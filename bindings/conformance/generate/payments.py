"""wxpay_pay_*: what a front end is given, and that nothing can be added to what is signed."""

from case import Cases, Raw, file, value
from tools import NOW

APPID, PREPAY = "wx8888888888888888", "wx201410272009395522657a690389285100"
MCHID = "1900000001"


def parts(kind, appid, prepay, now):
    time = str(now)
    if kind == "app":
        members = {"appid": appid, "partnerid": MCHID, "prepayid": prepay, "package": "Sign=WXPay", "timestamp": time}
        return members, "sign", "noncestr", f"{appid}\n{time}\n{{nonce}}\n{prepay}\n"
    package = f"prepay_id={prepay}"
    members = {"timeStamp": time, "package": package, "signType": "RSA"}
    if kind == "jsapi":
        members = {"appId": appid, **members}
    return members, "paySign", "nonceStr", f"{appid}\n{time}\n{{nonce}}\n{package}\n"


def cases():
    c = Cases("payments")

    def pay(identity, kind="jsapi", appid=APPID, prepay=PREPAY, status=0, now=NOW, client="merchant", verify_key="merchant_public.pem", sign_key=None):
        given = {"client": client, "kind": kind, "appid": value(appid), "prepay_id": value(prepay)}
        if sign_key:
            given["sign_key"] = file(sign_key)
        want = None
        if not status:
            members, signature, nonce, canonical = parts(kind, appid, prepay, now)
            want = {"members": members, "signature_member": signature, "nonce_member": nonce, "canonical": canonical, "verify_key": file(verify_key)}
        c.add(identity, "pay_unsigned" if sign_key else "pay", given, want, status, now)

    for kind in ["jsapi", "mini_program", "app"]:
        pay(kind, kind)
        pay(f"{kind}-128-bytes", kind, "a" * 128, "b" * 128)
        pay(f"{kind}-129-bytes", kind, "a" * 129, status=100)
        pay(f"{kind}-external", kind, client="external", status=110)
        pay(f"{kind}-of-a-brand-with-mchid", kind, client="brand_and_merchant")
        pay(kind, kind, client="external", sign_key="merchant_key.pem")
        pay(f"{kind}-certificate-unknown", kind, client="external_serial", sign_key="merchant_key.pem")
        pay(f"{kind}-prepay-line-feed", kind, prepay="x\ny", client="external", sign_key="merchant_key.pem", status=100)
    pay("app-of-a-brand", "app", client="brand", status=110)
    pay("jsapi-of-a-brand", "jsapi", client="brand", verify_key="brand_public.pem")
    pay("every-allowed-byte", prepay="azAZ09_-=@.:/+")
    pay("one-byte", appid="a", prepay="b")
    pay("merchant-serial", client="merchant_serial")
    pay("prepay-with-an-equals-sign", prepay="a=prepay_id=b")
    for name, bad in {"empty": "", "line-feed": "wx1\n2", "line-feed-behind": "wx1\n", "carriage-return": "wx1\r", "nul": Raw(hex=b"wx1\0".hex()), "space": "wx 1", "tab": "wx\t1",
                      "quote": 'wx"1', "ampersand": "wx&1", "brace": "wx{1", "chinese": "微信", "emoji": "😀",
                      "request-line": "POST\n/v3/refund/domestic/refunds"}.items():
        pay(f"appid-{name}", appid=bad, status=100)
        pay(f"prepay-{name}", prepay=bad, status=100)
    pay("appid-not-utf-8", appid=Raw(hex="ff"), status=102)
    pay("prepay-with-its-name-before", prepay="prepay_id=" + PREPAY, status=100)
    pay("app-prepay-with-its-name-before", "app", prepay="prepay_id=" + PREPAY, status=100)
    pay("now-one", now=1)
    pay("now-the-last", now=99_999_999_999)
    pay("now-in-milliseconds", now=NOW * 1000, status=100)
    pay("now-below-zero", now=-1, status=100)
    pay("unknown-kind", "native", client="external", sign_key="merchant_key.pem", status=100)
    pay("kind-in-capitals", "JSAPI", client="external", sign_key="merchant_key.pem", status=100)

    def h5(identity, url, redirect="", want=None, status=0):
        c.add(identity, "pay_h5_url", {"h5_url": value(url), "redirect_url": value(redirect)}, None if status else {"url": want}, status)

    base = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx20161110163838f231619da20804912345&package=1037687096"
    h5("no-redirect", base, want=base)
    for name, (redirect, encoded) in {
        "https": ("https://shop.example/done?no=1&a=b c".replace(" ", "+"), "https%3A%2F%2Fshop.example%2Fdone%3Fno%3D1%26a%3Db%2Bc"),
        "http": ("http://shop.example", "http%3A%2F%2Fshop.example"),
        "chinese": ("https://shop.example/完成", "https%3A%2F%2Fshop.example%2F%E5%AE%8C%E6%88%90"),
        "emoji": ("https://shop.example/😀", "https%3A%2F%2Fshop.example%2F%F0%9F%98%80"),
        "percent-is-encoded-again": ("https://shop.example/a%20b", "https%3A%2F%2Fshop.example%2Fa%2520b"),
        "unreserved-stays": ("https://a-b.c_d~e/", "https%3A%2F%2Fa-b.c_d~e%2F"),
        "fragment": ("https://shop.example/#done", "https%3A%2F%2Fshop.example%2F%23done"),
    }.items():
        h5(f"redirect-{name}", base, redirect, f"{base}&redirect_url={encoded}")
    h5("url-without-query", "https://wx.tenpay.com/x", "https://shop.example", "https://wx.tenpay.com/x?redirect_url=https%3A%2F%2Fshop.example")
    for name, url in {"plain-http": "http://wx.tenpay.com/x", "javascript": "javascript:alert(1)", "empty": "", "user-information": "https://wx.tenpay.com@evil.example/x",
                      "line-feed": "https://wx.tenpay.com/\nx", "space": "https://wx.tenpay.com/a b", "no-host": "https:///x", "path": "/cgi-bin/x"}.items():
        h5(f"url-{name}", url, status=100)
    for name, redirect in {"javascript": "javascript:alert(1)", "data": "data:text/html,x", "no-scheme": "shop.example", "scheme-relative": "//shop.example",
                           "carriage-return": "https://shop.example/\r\nSet-Cookie: a", "user-information": "https://a@shop.example", "nul": b"https://shop.example/\0"}.items():
        h5(f"redirect-{name}", base, redirect, status=100)
    h5("url-not-utf-8", b"https://wx.tenpay.com/\xff", status=102)
    return c
