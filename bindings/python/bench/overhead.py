"""What the binding costs against what a shop's Python does today: wechatpayv3's way with `cryptography`.

    python overhead.py /absolute/path/of/libwxpay.so        of a release build

Both sides of a row take turns, call by call, with keys read beforehand. Each round gives the ratio of
the two medians; a row shows the least, the middle and the greatest of the rounds. It never fails.
"""

import base64
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MCHID, SERIAL, KEY_ID, API_V3_KEY = (
    "1900000001",
    "1A2B3C4D5E6F708192A3B4C5D6E7F809",
    "PUB_KEY_ID_01",
    "0123456789abcdef" * 2,
)
PATH = "/v3/pay/transactions/native"
ROUNDS = 25
SHA256, PKCS1 = hashes.SHA256, padding.PKCS1v15


class Sdk:
    """The steps of wechatpayv3 2.0 with a WeChat Pay public key, network and logging left out."""

    def __init__(self, private_key, public_key):
        self.private_key, self.public_key = private_key, public_key

    def authorization(self, method, path, body):
        timestamp = str(int(time.time()))
        nonce = uuid.uuid4().hex.upper()
        text = f"{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n"
        signature = base64.b64encode(self.private_key.sign(text.encode(), PKCS1(), SHA256())).decode()
        return (
            f'WECHATPAY2-SHA256-RSA2048 mchid="{MCHID}",nonce_str="{nonce}",signature="{signature}",'
            f'timestamp="{timestamp}",serial_no="{SERIAL}"'
        )

    def callback(self, headers, body):
        body = body.decode()
        name = "Wechatpay-"
        if headers.get("HTTP_WECHATPAY_SIGNATURE"):
            name = "HTTP_WECHATPAY_"
        if headers.get("wechatpay-signature"):
            name = "wechatpay-"
        timestamp, nonce = headers.get(name + "Timestamp", ""), headers.get(name + "Nonce", "")
        if (
            headers.get(name + "Signature-Type", "") != "WECHATPAY2-SHA256-RSA2048"
            or headers.get(name + "Serial", "") != KEY_ID
        ):
            raise ValueError("algorithm or key")
        signature = base64.b64decode(headers.get(name + "Signature", ""))
        self.public_key.verify(signature, f"{timestamp}\n{nonce}\n{body}\n".encode(), PKCS1(), SHA256())
        resource = json.loads(body)["resource"]
        plaintext = AESGCM(API_V3_KEY.encode()).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"]),
            resource["associated_data"].encode(),
        )
        data = json.loads(body)
        data["resource"] = json.loads(plaintext.decode())
        return data


def notification(key):
    """Headers and body, as WeChat Pay makes them."""
    transaction = {
        "mchid": MCHID,
        "appid": "wx0123456789abcdef",
        "out_trade_no": "ORDER2026112100000000000001",
        "transaction_id": "ORDER2026112100000000000001",
        "trade_type": "NATIVE",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "CMC",
        "attach": "自定义数据",
        "success_time": "2026-06-08T10:34:56+08:00",
        "payer": {"openid": "openid-of-a-made-up-buyer-01"},
        "amount": {"total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY"},
    }
    sealed = AESGCM(API_V3_KEY.encode()).encrypt(b"made-up-nonc", json.dumps(transaction).encode(), b"transaction")
    resource = {
        "original_type": "transaction",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode(),
        "associated_data": "transaction",
        "nonce": "made-up-nonc",
    }
    body = json.dumps(
        {
            "id": "EV-2026112100000000001",
            "create_time": "2026-06-08T10:34:56+08:00",
            "resource_type": "encrypt-resource",
            "event_type": "TRANSACTION.SUCCESS",
            "summary": "支付成功",
            "resource": resource,
        },
        ensure_ascii=False,
    ).encode()
    timestamp, nonce = str(int(time.time())), "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
    signature = key.sign(f"{timestamp}\n{nonce}\n".encode() + body + b"\n", PKCS1(), SHA256())
    return {
        "Host": "shop.example",
        "User-Agent": "Mozilla/4.0",
        "Accept": "*/*",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": KEY_ID,
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        "Wechatpay-Timestamp": timestamp,
    }, body


def rounds(ours, theirs, calls):
    """Ratios of the medians, and the last medians in microseconds."""
    ratios = []
    for _ in range(ROUNDS):
        times = ([], [])
        for _ in range(calls):
            for side, call in enumerate((ours, theirs)):
                start = time.perf_counter_ns()
                call()
                times[side].append(time.perf_counter_ns() - start)
        medians = [statistics.median(one) for one in times]
        ratios.append(medians[0] / medians[1])
    return sorted(ratios), [one / 1000 for one in medians]


def main(library):
    with tempfile.TemporaryDirectory() as directory:
        copy = os.path.join(directory, "libwxpay.so.0")
        shutil.copy(library, copy)
        os.chmod(copy, 0o755)
        os.environ["WXPAY_LIBRARY"] = copy
        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src"))
        import libwxpay
    if libwxpay.build_info()["profile"] != "release":
        print("not a release build: these figures mean nothing", file=sys.stderr)
    merchant, wechat = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    pem = merchant.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = wechat.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    client = libwxpay.Client(
        mchid=MCHID, merchant_serial=SERIAL, private_key=pem, api_v3_key=API_V3_KEY, public_keys={KEY_ID: public}
    )
    sdk = Sdk(merchant, wechat.public_key())
    order = {
        "appid": "wx0123456789abcdef",
        "mchid": MCHID,
        "description": "测试商品",
        "out_trade_no": "ORDER2026112100000000000001",
        "notify_url": "https://shop.example/notify",
        "amount": {"total": 100, "currency": "CNY"},
    }
    text = json.dumps(order)
    octets = text.encode()
    headers, body = notification(wechat)
    assert client.notification(headers, body).json == sdk.callback(headers, body)
    rows = [
        (
            "prepare",
            1.02,
            200,
            lambda: client.prepare("POST", PATH, octets).header("Authorization"),
            lambda: sdk.authorization("POST", PATH, text),
        ),
        (
            "notification",
            0.6,
            1000,
            lambda: client.notification(headers, body).json,
            lambda: sdk.callback(headers, body),
        ),
    ]
    for name, target, calls, ours, theirs in rows:
        rounds(ours, theirs, 10)
        ratios, medians = rounds(ours, theirs, calls)
        middle = statistics.median(ratios)
        print(
            f"python {name} {ratios[0]:.2f}/{middle:.2f}/{ratios[-1]:.2f} target {target} "
            f"{'hit' if middle <= target else 'missed'}"
        )
        print(f"  {name}: {medians[0]:.1f} against {medians[1]:.1f} us in the last round", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
