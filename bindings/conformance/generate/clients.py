"""keys/clients.json: the configurations that cases name."""

import json

from case import NEXT_ID, WECHAT_ID, file
from tools import APIV3, APIV3_NEXT, serial

BASE = "https://127.0.0.1:1"
MCHID = "1900000001"
BRAND_ID = "brand10001"
APIV2 = b"conformance-api-v2-key-32-bytes!"
APIV2_NEXT = b"the-api-v2-key-after-the-rotatio"


def own(**more):
    return {"mchid": MCHID, "private_key": file("merchant_key.pem"),
            "merchant_certificate": file("merchant_cert.pem"), "base_url": BASE, **more}


def api_v3():
    return {"api_v3_key": APIV3.decode()}


def wechat():
    return {"public_key_id": WECHAT_ID, "public_key": file("wechat_public.pem")}


def clients():
    serial_only = {"mchid": MCHID, "private_key": file("merchant_key.pem"),
                   "merchant_serial": serial("merchant_cert.pem").lower(), "base_url": BASE}
    brand = {"brand_id": BRAND_ID, "private_key": file("brand_key.pem"),
             "merchant_certificate": file("brand_cert.pem"), "base_url": BASE}
    external = {"mchid": MCHID, "external_signer": "1", "base_url": BASE}
    return {
        # a WeChat Pay public key: what most cases use
        "merchant": own(**api_v3(), **wechat()),
        "merchant_serial": {**serial_only, **api_v3(), **wechat()},
        "no_api_v3_key": own(**wechat()),
        "rotation": own(api_v3_key=f"{APIV3_NEXT.decode()}\n{APIV3.decode()}", **wechat(),
                        **{f"public_key.{NEXT_ID}": file("wechat_next_public.pem")}),
        "strict_clock": own(clock_tolerance_s="10", **api_v3(), **wechat()),
        "polite": own(user_agent="shop/1.0 (conformance)", accept_language="zh-CN", **api_v3(), **wechat()),
        # nobody listens there
        "proxied": own(proxy="http://127.0.0.1:1", **api_v3(), **wechat()),
        # platform certificates
        "platform": own(platform_certificate=file("platform_both.pem"), **api_v3()),
        "platform_first": own(platform_certificate=file("platform_cert.pem"), auto_certificates="1", **api_v3()),
        "platform_expired": own(platform_certificate=file("platform_expired_cert.pem"), **api_v3()),
        "platform_future": own(platform_certificate=file("platform_future_cert.pem"), **api_v3()),
        "mixed": own(platform_certificate=file("platform_cert.pem"), **api_v3(), **wechat()),
        "pinned": own(auto_certificates="1", **api_v3(), **wechat()),
        "auto": own(**api_v3()),
        # brands, and both
        "brand": {**brand, **api_v3(), **wechat()},
        "brand_and_merchant": {**own(**api_v3(), **wechat()), "brand_id": BRAND_ID},
        # API v2
        "v2": own(api_v2_key=APIV2.decode(), api_v2_sign_type="HMAC-SHA256", **wechat()),
        "v2_md5": own(api_v2_key=APIV2.decode(), api_v2_sign_type="MD5", **wechat()),
        "v2_rotation": own(api_v2_key=f"{APIV2_NEXT.decode()}\n{APIV2.decode()}", api_v2_sign_type="HMAC-SHA256", **wechat()),
        # the private key elsewhere; with and without something to verify its signature by
        "external": {**external, "merchant_certificate": file("merchant_cert.pem"), **api_v3(), **wechat()},
        "external_serial": {**external, "merchant_serial": serial("merchant_cert.pem"), **api_v3(), **wechat()},
    }


def write(directory):
    with open(f"{directory}/clients.json", "w", encoding="utf-8") as out:
        json.dump(clients(), out, ensure_ascii=False, indent=1)
        out.write("\n")
