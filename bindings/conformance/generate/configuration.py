"""wxpay_config_set: the form of each value. wxpay_client_new: which file is which (docs/keys.md)."""

from case import NEXT_ID, WECHAT_ID, Cases, Raw, file, repeat, value
from clients import BASE, MCHID, api_v3, own, wechat
from tools import content, serial

API_KEY = "0123456789abcdefghijklmnopqrstuv"

# key, value, status
SETTINGS = [
    ("mchid", "1900000001", 0), ("mchid", "", 0), ("mchid", "a" * 32, 0), ("mchid", "a" * 33, 100), ("mchid", '1900"', 100), ("mchid", "1900\n", 100), ("mchid", "商户", 100),
    ("mchid", "1900 01", 100), ("brand_id", "10001", 0), ("brand_id", "a_b", 100),
    ("merchant_serial", "5D1A7F", 0), ("merchant_serial", "5d1a7f", 0), ("merchant_serial", "5D:1A:7F", 0), ("merchant_serial", "a" * 40, 0), ("merchant_serial", "a" * 41, 115),
    ("merchant_serial", "0x5D1A", 115), ("merchant_serial", "5D1A\r\n", 115), ("merchant_serial", API_KEY, 115),
    ("api_v3_key", API_KEY, 0), ("api_v3_key", API_KEY + "\n" + API_KEY[::-1], 0), ("api_v3_key", API_KEY[:31], 114), ("api_v3_key", API_KEY + "x", 114),
    ("api_v3_key", API_KEY + "\n", 114), ("api_v3_key", " " + API_KEY, 114), ("api_v3_key", "30" * 32, 114), ("api_v3_key", "钥" * 32, 114), ("api_v2_key", API_KEY, 0),
    ("api_v2_key", "short", 114),
    ("public_key_id", WECHAT_ID, 0), ("public_key_id", "a" * 64, 0), ("public_key_id", "a" * 65, 115), ("public_key_id", "PUB KEY", 115), ("public_key_id", 'a"\r\nX: y', 115),
    (f"public_key.{NEXT_ID}", "x", 0), ("public_key.a b", "x", 115), ("public_key.", "x", 117), (f"public_key_file.{NEXT_ID}", "/x.pem", 0),
    ("private_key", "not read before client_new", 0), ("private_key_file", "/etc/wxpay/apiclient_key.pem", 0), ("private_key_file", "证书/key.pem", 0),
    ("private_key_file", "-----BEGIN PRIVATE KEY-----", 100), ("private_key_file", "/a\nb", 100), ("private_key_file", "/" + "a" * 4096, 100), ("private_key_passphrase", "口令 \n", 0),
    ("external_signer", "1", 0), ("external_signer", "0", 0), ("external_signer", "true", 100), ("auto_certificates", "yes", 100), ("trust_env", "0", 0), ("shared", "2", 100),
    ("base_url", "https://api.mch.weixin.qq.com", 0), ("base_url", "https://api.mch.weixin.qq.com/", 0), ("base_url", "http://127.0.0.1:8080", 0), ("base_url", "http://[::1]:8080", 0),
    ("base_url", "http://localhost", 0), ("base_url", "http://api.mch.weixin.qq.com", 106), ("base_url", "https://api.mch.weixin.qq.com/v3", 106),
    ("base_url", "https://user@api.mch.weixin.qq.com", 106), ("base_url", "api.mch.weixin.qq.com", 106), ("base_url", "http://127.0.0.1.evil.example", 106), ("base_url", "http://2130706433", 106),
    ("bind_host.api.mch.weixin.qq.com", "43.142.224.50", 0), ("bind_host.api.mch.weixin.qq.com", "43.142.224.50:443", 0), ("bind_host.api.mch.weixin.qq.com", "[::1]:443", 0),
    ("bind_host.api.mch.weixin.qq.com", "localhost", 100), ("bind_host.api.mch.weixin.qq.com", "43.142.224.50:0", 100), ("bind_host.a b", "43.142.224.50", 100),
    ("user_agent", "shop/1.0 (x)", 0), ("user_agent", "a\r\nX-B: c", 100), ("user_agent", "商店", 100), ("user_agent", "a" * 512, 0), ("user_agent", "a" * 513, 100), ("accept_language", "zh-CN", 0),
    ("accept_language", "a\tb", 100),
    ("proxy", "http://user:p%40ss@proxy.example:3128", 0), ("proxy", "socks5://proxy.example:1080", 104), ("proxy", "ftp://proxy.example", 100), ("proxy", "http://proxy.example/path", 100),
    ("timeout_ms", "30000", 0), ("timeout_ms", "0", 100), ("timeout_ms", "3600001", 100), ("timeout_ms", "1e3", 100), ("timeout_ms", "-1", 100), ("connect_timeout_ms", "600001", 100),
    ("clock_tolerance_s", "300", 0), ("clock_tolerance_s", "301", 100), ("clock_tolerance_s", "0", 100), ("max_idle_connections", "0", 0), ("idle_timeout_ms", "60001", 100),
    ("max_response_bytes", "1023", 100), ("trust_reload_s", "86400", 0), ("bind_host_ttl_s", "604801", 100),
    ("mchId", "1", 117), ("MCHID", "1", 117), ("cert", "x", 117), ("", "x", 117), ("verify", "0", 117), ("mchid ", "1", 117),
]


def cases():
    c = Cases("configuration")
    count = {}
    for key, text, status in SETTINGS:
        count[key] = count.get(key, 0) + 1
        c.add(f"{key or 'empty-name'}-{count[key]}", "config_set", {"key": key, "value": text}, status=status)
    c.add("value-not-utf-8", "config_set", {"key": "mchid", "value": Raw(hex="ff")}, status=102)
    c.add("key-not-utf-8", "config_set", {"key": Raw(hex="ff"), "value": "1"}, status=102)
    c.add("value-with-nul", "config_set", {"key": "mchid", "value": Raw(hex=b"19\0".hex())}, status=100)
    c.add("key-with-nul", "config_set", {"key": Raw(hex=b"mchid\0".hex()), "value": "1"}, status=117)
    c.add("api-key-with-nul", "config_set", {"key": "api_v3_key", "value": Raw(hex=b"\0".hex() * 32)})
    c.add("over-1-MiB", "config_set", {"key": "private_key", "value": repeat("a", 1024 * 1024 + 1)}, status=105)
    c.add("1-MiB", "config_set", {"key": "private_key", "value": repeat("a", 1024 * 1024)})

    def new(identity, config, status=0):
        c.add(identity, "client_new", {"config": config}, status=status)

    full = own(**api_v3(), **wechat())

    def less(*names, **more):
        return {**{name: one for name, one in full.items() if name not in names}, **more}

    new("least", less("merchant_certificate", "api_v3_key", merchant_serial="5D1A7F"))
    new("full", full)
    new("order-does-not-matter", dict(reversed(full.items())))
    new("empty-unsets", {**full, "public_key_id": "", "public_key": ""})
    new("external-signer", less("private_key", external_signer="1"))
    new("two-public-keys", {**full, f"public_key.{NEXT_ID}": file("wechat_next_public.pem")})
    new("only-further-public-keys", less("public_key", "public_key_id", **{f"public_key.{NEXT_ID}": file("wechat_next_public.pem")}))
    new("platform-certificates", own(platform_certificate=file("platform_both.pem")))
    new("certificate-beside-public-key", {**full, "platform_certificate": file("platform_cert.pem")})
    new("automatic-certificates", own(**api_v3()))
    new("encrypted-key", {**full, "private_key": file("merchant_key.encrypted.pem"), "private_key_passphrase": "conformance"})
    new("pkcs1-key", {**full, "private_key": file("merchant_key.pkcs1.pem")})
    new("serial-and-certificate-agree", {**full, "merchant_serial": serial("merchant_cert.pem").lower()})
    new("shared", {**full, "shared": "1"})
    new("loopback-name", {**full, "base_url": "https://localhost:1"})
    new("loopback-ipv6", {**full, "base_url": "http://[::1]:1"})
    new("loopback-127-1-2-3", {**full, "base_url": "http://127.1.2.3:1"})

    # something is missing
    new("nothing", {}, 110)
    new("no-mchid", less("mchid"), 110)
    new("no-private-key", less("private_key"), 110)
    new("no-serial", less("merchant_certificate"), 110)
    new("no-wechat-key", less("public_key", "public_key_id", "api_v3_key"), 110)
    new("public-key-without-id", less("public_key_id"), 110)
    new("id-without-public-key", less("public_key"), 110)
    new("automatic-certificates-without-api-key", own(auto_certificates="1", **wechat()), 110)
    new("brand-without-wechat-key", {"brand_id": "1", "private_key": file("brand_key.pem"), "merchant_certificate": file("brand_cert.pem"), "base_url": BASE, **api_v3()}, 110)

    # conflicts
    new("key-and-file", {**full, "private_key_file": "/x"}, 119)
    new("external-signer-and-key", {**full, "external_signer": "1"}, 119)
    new("serial-and-certificate-differ", {**full, "merchant_serial": "5D1A7F"}, 119)
    new("one-id-twice", {**full, f"public_key.{WECHAT_ID}": file("wechat_next_public.pem")}, 119)
    new("one-certificate-twice", own(platform_certificate=value(content("platform_cert.pem") * 2)), 119)
    new("id-inline-and-file", {**full, f"public_key.{NEXT_ID}": file("wechat_next_public.pem"), f"public_key_file.{NEXT_ID}": "/x"}, 119)
    new("brand-with-certificates", {"brand_id": "1", "private_key": file("brand_key.pem"), "merchant_certificate": file("brand_cert.pem"), "base_url": BASE,
                                    "platform_certificate": file("platform_cert.pem"), **wechat()}, 119)
    new("brand-with-automatic-certificates", {**full, "brand_id": "1", "auto_certificates": "1"}, 119)
    new("proxy-twice", {**full, "proxy": "http://127.0.0.1:1", "proxy_from_env": "1"}, 119)

    # docs/keys.md: each of the four files in each place
    four = ["merchant_key.pem", "merchant_cert.pem", "wechat_public.pem", "platform_cert.pem"]
    placed = {
        "private_key": [0, 116, 116, 116],
        "merchant_certificate": [116, 0, 116, 113],
        "public_key": [116, 116, 0, 116],
        "platform_certificate": [116, 116, 116, 0],
    }
    for place, statuses in placed.items():
        for name, status in zip(four, statuses):
            if status:
                new(f"{name}-as-{place}", {**full, place: file(name)}, status)
    new("certificate-of-another-download", {**full, "merchant_certificate": file("other_merchant_cert.pem")}, 113)
    new("merchants-public-key-as-wechats", {**full, "public_key": file("merchant_public.pem")}, 116)
    new("merchants-public-key-as-wechats-without-certificate", less("merchant_certificate", merchant_serial="5D1A", public_key=file("merchant_public.pem")), 116)
    new("merchants-serial-as-id", {**full, "public_key_id": serial("merchant_cert.pem")}, 116)
    new("platform-serial-as-id", {**full, "public_key_id": serial("platform_cert.pem")}, 115)
    new("id-in-lower-case", {**full, "public_key_id": WECHAT_ID.lower()}, 115)
    new("ec-key", {**full, "private_key": file("ec_key.pem")}, 111)
    new("1024-bits", {**full, "private_key": file("rsa1024_key.pem")}, 111)
    new("ec-public-key", {**full, "public_key": file("ec_public.pem")}, 111)
    new("1024-bit-public-key", {**full, "public_key": file("rsa1024_public.pem")}, 111)
    new("request-as-certificate", {**full, "merchant_certificate": file("merchant_request.pem")}, 111)
    new("words-as-key", {**full, "private_key": "secret"}, 111)
    new("encrypted-key-without-passphrase", {**full, "private_key": file("merchant_key.encrypted.pem")}, 112)
    new("encrypted-key-wrong-passphrase", {**full, "private_key": file("merchant_key.encrypted.pem"), "private_key_passphrase": "x"}, 112)
    new("two-merchant-certificates", {**full, "merchant_certificate": file("platform_both.pem")}, 100)
    new("extra-ca-that-is-no-ca", {**full, "extra_ca": file("merchant_cert.pem")}, 100)
    new("tls-certificate-without-key", {**full, "client_certificate": file("merchant_cert.pem")}, 110)
    for name, path in {"missing": "/nonexistent/apiclient_key.pem", "directory": "/", "device": "/dev/null"}.items():
        new(f"file-{name}", less("private_key", private_key_file=path), 118)

    # form is checked before anything else
    new("value-malformed", {**full, "timeout_ms": "soon"}, 100)
    new("key-unknown", {**full, "verify": "0"}, 117)
    new("api-key-short", {**full, "api_v3_key": "short"}, 114)

    # these keys and the simulator's identities are for loopback addresses only
    real = {"base_url": "https://api.mch.weixin.qq.com"}
    new("published-keys-at-the-default-address", less("base_url"), 110)
    new("published-keys-at-wechat-pay", {**full, **real}, 110)
    new("published-keys-at-another-address", {**full, "base_url": "https://10.0.0.1"}, 110)
    new("published-public-key-alone", less("private_key", "merchant_certificate", external_signer="1", merchant_serial="5D1A7F", **real), 110)
    new("published-certificate-alone", less("private_key", "public_key", "public_key_id", external_signer="1", **real), 110)
    new("published-private-key-alone", less("merchant_certificate", "public_key", "public_key_id", merchant_serial="5D1A7F", **real), 110)
    new("published-platform-certificate-alone", {"mchid": MCHID, "external_signer": "1", "merchant_serial": "5D1A7F", "platform_certificate": file("platform_cert.pem"), **real}, 110)
    new("simulator-mchid", {**full, "mchid": "SIM1900000001", **real}, 110)
    return c
