"""wxpay_sign and wxpay_verify: RSASSA-PKCS1-v1_5 with SHA-256, strict base64."""

import base64
import hashlib

from case import Cases, file, five_lines, flip, repeat, value
from tools import b64, key, openssl, sign, sign_with

MESSAGE = five_lines("POST", "/v3/pay/transactions/native", "1700000000", "NONCE", '{"description":"公仔 😀"}')
MESSAGES = {
    "empty": b"",
    "five-lines": MESSAGE,
    "nul": b"a\0b\0",
    "not-utf-8": bytes(range(128, 256)),
    "chinese": "微信支付".encode(),
}


def cases():
    c = Cases("signatures")
    for name, message in MESSAGES.items():
        c.add(name, "sign", {"key": file("merchant_key.pem"), "message": value(message)},
              {"signature": sign("merchant_key.pem", message)})
    for form in ["pkcs1.pem", "der", "pkcs1.der"]:
        c.add(f"key-as-{form}", "sign", {"key": file(f"merchant_key.{form}"), "message": value(MESSAGE)},
              {"signature": sign("merchant_key.pem", MESSAGE)})
    for name in ["rsa3072", "rsa4096", "other_merchant"]:
        c.add(name, "sign", {"key": file(f"{name}_key.pem"), "message": value(MESSAGE)},
              {"signature": sign(f"{name}_key.pem", MESSAGE)})
    c.add("100000-bytes", "sign", {"key": file("merchant_key.pem"), "message": repeat("0123456789", 10_000)},
          {"signature": sign("merchant_key.pem", b"0123456789" * 10_000)})
    for name, what, status in [("public-key", "merchant_public.pem", 116), ("certificate", "merchant_cert.pem", 116),
                               ("ec-key", "ec_key.pem", 111), ("1024-bits", "rsa1024_key.pem", 111),
                               ("encrypted-key", "merchant_key.encrypted.pem", 112)]:
        c.add(name, "sign", {"key": file(what), "message": value(MESSAGE)}, status=status)

    good = sign("merchant_key.pem", MESSAGE)

    def verify(identity, status=0, key="merchant_public.pem", message=MESSAGE, signature=good):
        c.add(identity, "verify", {"key": file(key), "message": value(message), "signature": value(signature)}, status=status)

    for name, message in MESSAGES.items():
        verify(name, message=message, signature=sign("merchant_key.pem", message))
    verify("by-certificate", key="merchant_cert.pem")
    verify("by-private-key", key="merchant_key.pem")
    verify("by-public-key-pkcs1", key="wechat_public.pkcs1.pem", signature=sign("wechat_key.pem", MESSAGE))
    verify("by-public-key-der", key="wechat_public.der", signature=sign("wechat_key.pem", MESSAGE))
    for bits in [3072, 4096]:
        verify(f"{bits}-bits", key=f"rsa{bits}_public.pem", signature=sign(f"rsa{bits}_key.pem", MESSAGE))

    raw = base64.b64decode(good)
    digest = hashlib.sha256(MESSAGE).digest()
    bad = {
        "flipped-bit": flip(good),
        "first-bit-flipped": b64(bytes([raw[0] ^ 1]) + raw[1:]),
        "last-bit-flipped": b64(raw[:-1] + bytes([raw[-1] ^ 1])),
        "cut": b64(raw[:-1]),
        "a-byte-more": b64(raw + b"\0"),
        "a-zero-before": b64(b"\0" + raw),
        "all-zero": b64(bytes(256)),
        "one": b64(bytes(255) + b"\1"),
        "empty": "",
        "not-base64": "this is no signature",
        "url-safe-base64": good.translate(str.maketrans("+/", "-_")) + "-_",
        "no-padding": good.rstrip("="),
        "line-feed-behind": good + "\n",
        "space-before": " " + good,
        "line-feed-inside": good[:64] + "\n" + good[64:],
        "probe": "WECHATPAY/SIGNTEST/" + good,
        "sha1": sign_with("merchant_key.pem", MESSAGE, "-sha1"),
        "sha512": sign_with("merchant_key.pem", MESSAGE, "-sha512"),
        "pss": sign_with("merchant_key.pem", MESSAGE, "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:0"),
        "bare-digest": b64(openssl("pkeyutl", "-sign", "-inkey", key("merchant_key.pem"), stdin=digest)),
        "of-another-key": sign("other_merchant_key.pem", MESSAGE),
        "of-another-message": sign("merchant_key.pem", MESSAGE + b" "),
    }
    for name, signature in bad.items():
        verify(f"signature-{name}", 201, signature=signature)
    for name, message in {
        "flipped-bit": bytes([MESSAGE[0] ^ 1]) + MESSAGE[1:],
        "last-line-feed-missing": MESSAGE[:-1],
        "carriage-returns": MESSAGE.replace(b"\n", b"\r\n"),
        "empty": b"",
        "nul-behind": MESSAGE + b"\0",
    }.items():
        verify(f"message-{name}", 201, message=message)
    verify("another-key", 201, key="other_merchant_public.pem")
    verify("signature-not-utf-8", 102, signature=b"\xff\xff")
    verify("ec-public-key", 111, key="ec_public.pem")
    verify("1024-bit-public-key", 111, key="rsa1024_public.pem", signature=sign("rsa1024_key.pem", MESSAGE))
    return c
