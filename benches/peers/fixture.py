"""What every benchmark program reads: fixture.py KEYS DIR. KEYS is what tests/keys/make.sh made.

    merchant                 name=value: mchid, serial, api_v3_key, public_key_id
    private.pem public.pem   the merchant's private key; WeChat Pay's public key
    config.json              the same for libwxpay
    order.json               the body of a request
    notification.headers     name: value
    notification.json        the body of a notification, signed and encrypted by pyca/cryptography
    resource.json            what is encrypted in it

The notification's timestamp lies 200 s ahead: within the window of 300 s both ways, so that it lasts for 500 s.
"""

import base64
import json
import os
import sys
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MERCHANT = {
    "mchid": "1900000001",
    "serial": "7F4AEF34B89340881BB2B25226393DC2E47F094B",
    "api_v3_key": "0123456789abcdef0123456789ABCDEF",
    "public_key_id": "PUB_KEY_ID_0119000000012024010100000000000001",
}
ORDER = {
    "appid": "wxd678efh567hg6787",
    "mchid": "1900000001",
    "description": "Image形象店-深圳腾大-QQ公仔",
    "out_trade_no": "1217752501201407033233368018",
    "notify_url": "https://www.weixin.qq.com/wxpay/pay.php",
    "time_expire": "2029-06-08T10:34:56+08:00",
    "attach": "自定义数据说明",
    "amount": {"total": 100, "currency": "CNY"},
    "scene_info": {"payer_client_ip": "14.23.150.211"},
}
# A paid order with a coupon, as the official documents show it.
GOODS = {"goods_remark": "商品备注信息", "quantity": 1, "discount_amount": 1, "goods_id": "M1006", "unit_price": 100}
RESOURCE = {
    "transaction_id": "1217752501201407033233368018",
    "amount": {"payer_total": 100, "total": 100, "currency": "CNY", "payer_currency": "CNY"},
    "mchid": "1900000001",
    "trade_state": "SUCCESS",
    "bank_type": "CMC",
    "promotion_detail": [
        {
            "amount": 100,
            "wechatpay_contribute": 0,
            "coupon_id": "109519",
            "scope": "GLOBAL",
            "merchant_contribute": 0,
            "name": "单品惠-6",
            "other_contribute": 0,
            "currency": "CNY",
            "stock_id": "931386",
            "goods_detail": [GOODS],
        }
    ],
    "success_time": "2018-06-08T10:34:56+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "out_trade_no": "1217752501201407033233368018",
    "appid": "wxd678efh567hg6787",
    "trade_state_desc": "支付成功",
    "trade_type": "MICROPAY",
    "attach": "自定义数据",
    "scene_info": {"device_id": "013467007045764"},
}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main(keys, directory):
    os.makedirs(directory, exist_ok=True)

    def write(name, content):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(content)

    def key(name):
        with open(os.path.join(keys, name), "rb") as file:
            return file.read()

    private, public = key("rsa2048.pem"), key("other-public.pem")
    write("private.pem", private)
    write("public.pem", public)
    write("merchant", "".join(f"{name}={value}\n" for name, value in MERCHANT.items()).encode())
    config = {
        "mchid": MERCHANT["mchid"],
        "merchant_serial": MERCHANT["serial"],
        "private_key": private.decode(),
        "api_v3_key": MERCHANT["api_v3_key"],
        "public_key_id": MERCHANT["public_key_id"],
        "public_key": public.decode(),
    }
    write("config.json", compact(config))
    write("order.json", compact(ORDER))
    write("resource.json", compact(RESOURCE))
    nonce = b"fdasflkja484"
    sealed = AESGCM(MERCHANT["api_v3_key"].encode()).encrypt(nonce, compact(RESOURCE), b"transaction")
    body = compact(
        {
            "id": "EV-2018022511223320873",
            "create_time": "2015-05-20T13:29:35+08:00",
            "resource_type": "encrypt-resource",
            "event_type": "TRANSACTION.SUCCESS",
            "summary": "支付成功",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(sealed).decode(),
                "associated_data": "transaction",
                "nonce": nonce.decode(),
            },
        }
    )
    write("notification.json", body)
    timestamp, nonce = str(int(time.time()) + 200), "593BEC0C930BF1AFEB40B4A08C8FB242"
    wechat = serialization.load_pem_private_key(key("other2048.pem"), None)
    signed = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    signature = wechat.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    headers = {
        "Host": "shop.example",
        "User-Agent": "Mozilla/4.0",
        "Accept": "*/*",
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Serial": MERCHANT["public_key_id"],
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
    }
    write("notification.headers", "".join(f"{name}: {value}\n" for name, value in headers.items()).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
