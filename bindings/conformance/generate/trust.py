"""wxpay_trust_report, wxpay_trust_probe, wxpay_client_call: what they say of a store that holds
DigiCert Global Root CA (G1) alone, and of addresses on this machine where nobody listens.

Days: Mozilla trusts G1 until 2026-04-15 and G2 until 2029-04-15 (its root lifecycle table, DigiCert's
announcement); the report begins half a year earlier. G1 itself ends on 2031-11-10.
"""

from case import Cases, Raw, value
from clients import BASE, api_v3, own, wechat

HTTPS = "https://"


def day(text):
    import calendar
    import time
    return calendar.timegm(time.strptime(text, "%Y-%m-%d"))


def cases():
    c = Cases("trust")
    reports(c)
    probes(c)
    calls(c)
    return c


def reports(c):
    missing = {"verdict": "error", "report_status": 0, "diagnosis_text": "DigiCert Global Root G2 is not in this store"}
    only_old = {**missing, "ids": "ONLY_OLD_ROOT PRIVATE_BUNDLE SUCCESSOR_ROOT_MISSING"}
    ends_soon = {**missing, "ids": "ONLY_OLD_ROOT SUCCESSOR_ROOT_MISSING PRIVATE_BUNDLE"}
    successors = {"verdict": "error", "report_status": 0, "diagnosis_text": "Neither DigiCert TLS RSA4096 Root G5 nor DigiCert TLS ECC P384 Root G5 is in this store",
                  "ids": "ROOT_NOT_IN_STORE PRIVATE_BUNDLE"}

    def report(identity, now, want=None, status=0, client=None):
        c.add(identity, "trust_report", {"client": client} if client else {}, want, status, now)

    report("guidelines-day", day("2024-09-20"), only_old)
    report("g1-distrusted", day("2026-11-26"), only_old)
    report("half-a-year-before-the-end-of-g2", day("2028-10-15"), only_old)
    report("a-second-later", day("2028-10-15") + 1, ends_soon)
    report("end-of-g2-is-near", day("2029-01-01"), ends_soon)
    report("last-second-of-g2", day("2029-04-15") - 1, ends_soon)
    report("g2-distrusted", day("2029-04-15"), successors)
    report("after-g2", day("2030-01-01"), successors)
    report("g1-expired", day("2032-01-01"), {**successors, "ids": "ROOT_NOT_IN_STORE PRIVATE_BUNDLE EXPIRED_ROOT"})
    report("of-a-client", day("2026-11-26"), only_old, client="merchant")
    report("of-a-client-after-g2", day("2030-01-01"), successors, client="merchant")
    report("now-below-zero", -1, status=100)
    report("now-in-milliseconds", day("2026-11-26") * 1000, status=100)


def probes(c):
    def probe(identity, host, port=1, bind="", want=None, status=0, client=None, now=day("2026-11-26")):
        given = {"host": value(host), "port": port, "bind_address": value(bind)}
        if client:
            given = {"client": client, **given}
        c.add(identity, "trust_probe", given, want, status, now)

    refused = {"report_status": 301, "verdict": "error", "ids": "CONNECT_FAILED"}
    probe("nobody-listens", "127.0.0.1", want=refused)
    probe("nobody-listens-for-a-client", "127.0.0.1", want=refused, client="merchant")
    probe("nobody-listens-on-ipv6", "[::1]", want={"report_status": 301, "first": "CONNECT_FAILED"})
    bound = {"report_status": 301, "verdict": "error", "ids": "CONNECT_FAILED BIND_HOST"}
    probe("bound-to-nobody", "api.mch.weixin.qq.com", 0, "127.0.0.1:1", want=bound)
    probe("bound-to-nobody-for-a-client", "api.mch.weixin.qq.com", 443, "127.0.0.1:1", want=bound, client="merchant")
    probe("bound-with-the-port-of-the-url", "localhost", 1, "127.0.0.1", want=bound)
    probe("nobody-listens-at-the-proxy", "api.mch.weixin.qq.com", 443, want=refused, client="proxied")
    probe("bound-through-a-proxy", "api.mch.weixin.qq.com", 443, "127.0.0.1:1", client="proxied",
          want={"report_status": 308, "verdict": "error", "ids": "BIND_WITH_PROXY BIND_HOST"})
    for port in [-1, -2147483648, 65536, 2147483647]:
        probe(f"port-{port}", "127.0.0.1", port, status=100)
    for name, host in {"empty": "", "url": HTTPS + "api.mch.weixin.qq.com", "with-port": "api.mch.weixin.qq.com:443", "with-path": "api.mch.weixin.qq.com/v3", "space": "a b",
                       "line-feed": "a\nb", "user": "user@api.mch.weixin.qq.com", "chinese": "微信.example", "nul": Raw(hex=b"a\0b".hex())}.items():
        probe(f"host-{name}", host, status=100)
    probe("host-not-utf-8", b"\xff", status=102)
    for name, bind in {"name": "localhost", "port-0": "127.0.0.1:0", "port-65536": "127.0.0.1:65536", "cut": "1.2.3", "ipv6-without-brackets": "[::1]443", "nul": Raw(hex=b"127.0.0.1\0".hex())}.items():
        probe(f"bind-{name}", "localhost", 1, bind, status=100)
    probe("bind-not-utf-8", "localhost", 1, b"\xff", status=102)
    probe("now-below-zero", "127.0.0.1", status=100, now=-1)


def calls(c):
    merchant = own(**api_v3(), **wechat())

    def call(identity, config, want=None, status=0, method="GET", url="/v3/certificates", body="", outcome=1):
        c.add(identity, "call", {"config": config, "method": value(method), "url": value(url), "body": value(body)}, want, status, outcome=outcome)

    call("nobody-listens", merchant, {"ids": "CONNECT_FAILED", "first": "CONNECT_FAILED", "among": "CONNECT_FAILED", "diagnosis_text": "127.0.0.1:1"}, 301)
    call("nobody-listens-for-an-order", merchant, {"first": "CONNECT_FAILED"}, 301, "POST", "/v3/pay/transactions/native", "{}")
    call("nobody-listens-at-the-proxy", {**merchant, "proxy": "http://127.0.0.1:1"}, {"ids": "CONNECT_FAILED"}, 301)
    call("bound-through-a-proxy", {**merchant, "proxy": "http://127.0.0.1:1", "bind_host.127.0.0.1": "127.0.0.1"}, {"ids": "BIND_WITH_PROXY"}, 308)
    call("foreign-host", merchant, {"ids": ""}, 106, url=HTTPS + "evil.example/v3/x")
    call("plain-http", merchant, {"ids": ""}, 106, url=BASE.replace(HTTPS, "http://") + "/v3/x")
    call("method-in-lower-case", merchant, {"ids": ""}, 100, "get")
    call("get-with-body", merchant, {"ids": ""}, 100, body="{}")
    call("body-not-utf-8", merchant, {"ids": ""}, 102, "POST", body=b"\xff")
    call("no-private-key", {name: one for name, one in merchant.items() if name != "private_key"}, {"ids": ""}, 110, outcome=None)
