"""AES-256-GCM and RSA-OAEP: wxpay_aead_decrypt, wxpay_oaep_*, wxpay_client_encrypt and _decrypt."""

import base64

from case import NEXT_ID, WECHAT_ID, Cases, file, flip, repeat, value
from tools import APIV3, b64, oaep, oaep_block, pkcs1_block, rsa_raw, seal, serial

NONCE = b"fdasflkja484"
LETTERS = "张三".encode()


def aead(c):
    plain = '{"trade_state":"SUCCESS","payer":"张三 😀"}'.encode()
    sealed = seal(APIV3, NONCE, b"transaction", plain)

    def add(identity, plaintext=None, status=0, key=APIV3, nonce=NONCE, aad=b"transaction", ciphertext=sealed):
        text = ciphertext if isinstance(ciphertext, str) else b64(ciphertext)
        given = {"key": value(key), "nonce": value(nonce), "aad": value(aad), "ciphertext": value(text)}
        c.add(identity, "aead_decrypt", given, None if status else {"plaintext": value(plaintext)}, status)

    add("notification", plain)
    good = {"empty": b"", "one-byte": b"x", "15-bytes": b"x" * 15, "16-bytes": b"x" * 16, "17-bytes": b"x" * 17,
            "nul": b"\0a\0", "not-utf-8": bytes(range(128, 256)), "emoji": "👨‍👩‍👧‍👦𠮷".encode(), "2000-bytes": b"0123456789" * 200}
    for name, plaintext in good.items():
        add(f"plaintext-{name}", plaintext, ciphertext=seal(APIV3, NONCE, b"transaction", plaintext))
    for name, aad in {"empty": b"", "certificate": b"certificate", "16-bytes": b"a" * 16, "chinese": "附加数据".encode(), "nul": b"a\0b"}.items():
        add(f"aad-{name}", plain, aad=aad, ciphertext=seal(APIV3, NONCE, aad, plain))
    add("key-of-any-bytes", plain, key=bytes(range(32)), ciphertext=seal(bytes(range(32)), NONCE, b"transaction", plain))
    add("nonce-of-any-bytes", plain, nonce=bytes(12), ciphertext=seal(APIV3, bytes(12), b"transaction", plain))

    text = b64(sealed)
    for name, ciphertext in {
        "flipped-first-bit": bytes([sealed[0] ^ 0x80]) + sealed[1:],
        "flipped-last-bit-of-text": sealed[:-17] + bytes([sealed[-17] ^ 1]) + sealed[-16:],
        "flipped-tag": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "without-tag": sealed[:-16],
        "cut-tag": sealed[:-1],
        "a-byte-more": sealed + b"\0",
        "15-bytes": b"x" * 15,
        "empty": b"",
        "tag-of-zeros": sealed[:-16] + bytes(16),
        "not-base64": "not base64!",
        "line-feed-behind": text + "\n",
        "no-padding": text.rstrip("=") if text.endswith("=") else text[:-1],
        "url-safe": "-_" + text[2:],
    }.items():
        add(f"ciphertext-{name}", status=210, ciphertext=ciphertext)
    add("wrong-key", status=210, key=b"another-key-of-32-bytes-exactly!")
    add("wrong-nonce", status=210, nonce=b"fdasflkja485")
    add("wrong-aad", status=210, aad=b"refund")
    add("missing-aad", status=210, aad=b"")
    for length in [0, 16, 31, 33, 64]:
        add(f"key-of-{length}-bytes", status=100, key=b"k" * length)
    for length in [0, 11, 13, 16]:
        add(f"nonce-of-{length}-bytes", status=100, nonce=b"n" * length)


# ciphertexts that must not open with a 2048-bit key, and all look alike from outside
def spoilt(public):
    good = base64.b64decode(oaep(public, LETTERS))
    return {
        "flipped-bit": flip(b64(good)),
        "pkcs1-padding": rsa_raw(public, pkcs1_block(LETTERS)),
        "sha256": rsa_raw(public, oaep_block(LETTERS, digest="sha256", mgf="sha256")),
        "mgf-sha256": rsa_raw(public, oaep_block(LETTERS, mgf="sha256")),
        "label": rsa_raw(public, oaep_block(LETTERS, label=b"label")),
        "first-byte-not-zero": rsa_raw(public, oaep_block(LETTERS, first=1)),
        "separator-not-one": rsa_raw(public, oaep_block(LETTERS, separator=2)),
        "no-padding": rsa_raw(public, bytes(256 - len(LETTERS)) + LETTERS),
        "all-zero": b64(bytes(256)),
        "cut": b64(good[:-1]),
        "a-byte-more": b64(good + b"\0"),
        "empty": "",
        "not-base64": "not base64!",
        "line-feed-behind": b64(good) + "\n",
        "of-another-key": oaep("other_merchant_public.pem", LETTERS),
    }


PLAINTEXTS = {"empty": b"", "one-byte": b"x", "chinese": LETTERS, "emoji": "😀👨‍👩‍👧‍👦".encode(), "nul": b"a\0b\0",
              "not-utf-8": bytes(range(128, 256)), "213-bytes": b"x" * 213, "214-bytes": b"x" * 214}


def oaep_cases(c):
    for name, plaintext in PLAINTEXTS.items():
        c.add(f"plaintext-{name}", "oaep_decrypt", {"key": file("merchant_key.pem"), "ciphertext": oaep("merchant_public.pem", plaintext)},
              {"plaintext": value(plaintext)})
    c.add("4096-bits", "oaep_decrypt",
          {"key": file("rsa4096_key.pem"), "ciphertext": rsa_raw("rsa4096_public.pem", oaep_block(b"x" * 470, size=512))},
          {"plaintext": "x" * 470})
    for name, ciphertext in spoilt("merchant_public.pem").items():
        c.add(f"ciphertext-{name}", "oaep_decrypt", {"key": file("merchant_key.pem"), "ciphertext": ciphertext}, status=210)
    for name, what in [("public-key", "merchant_public.pem"), ("certificate", "merchant_cert.pem")]:
        c.add(f"with-{name}", "oaep_decrypt", {"key": file(what), "ciphertext": oaep("merchant_public.pem", LETTERS)}, status=116)
    c.add("ciphertext-not-utf-8", "oaep_decrypt", {"key": file("merchant_key.pem"), "ciphertext": value(b"\xff")}, status=102)

    def encrypt(identity, plaintext, want=None, status=0, public="wechat_public.pem", private="wechat_key.pem"):
        c.add(identity, "oaep_encrypt", {"key": file(public), "private_key": file(private), "plaintext": plaintext},
              None if status else {"plaintext": plaintext if want is None else want}, status)

    for name, plaintext in PLAINTEXTS.items():
        encrypt(f"plaintext-{name}", value(plaintext))
    encrypt("by-certificate", "张三", public="platform_cert.pem", private="platform_key.pem")
    encrypt("4096-bits-470-bytes", repeat("x", 470), public="rsa4096_public.pem", private="rsa4096_key.pem")
    encrypt("4096-bits-471-bytes", repeat("x", 471), status=211, public="rsa4096_public.pem", private="rsa4096_key.pem")
    encrypt("215-bytes", repeat("x", 215), status=211)
    encrypt("72-chinese-characters", repeat("张", 72), status=211)
    encrypt("one-megabyte", repeat("x", 1_000_000), status=211)
    encrypt("opened-by-another-key", "张三", status=210, private="merchant_key.pem")


def client_cases(c):
    def encrypt(identity, client, key_id, plaintext, used=None, status=0, private="wechat_key.pem"):
        c.add(identity, "client_encrypt",
              {"client": client, "key_id": key_id, "plaintext": plaintext, "private_key": file(private)},
              None if status else {"plaintext": plaintext, "used_key_id": used}, status)

    for name, plaintext in PLAINTEXTS.items():
        encrypt(f"plaintext-{name}", "merchant", "", value(plaintext), WECHAT_ID)
    first, newest = serial("platform_cert.pem"), serial("platform_next_cert.pem")
    encrypt("by-id", "merchant", WECHAT_ID, "张三", WECHAT_ID)
    encrypt("second-public-key", "rotation", NEXT_ID, "张三", NEXT_ID, private="wechat_next_key.pem")
    encrypt("first-of-two-public-keys", "rotation", "", "张三", WECHAT_ID)
    encrypt("newest-certificate", "platform", "", "张三", newest, private="platform_next_key.pem")
    encrypt("older-certificate-by-serial", "platform", first, "张三", first, private="platform_key.pem")
    encrypt("serial-in-lower-case", "platform", first.lower(), "张三", first, private="platform_key.pem")
    encrypt("serial-without-its-zero", "platform", first.lstrip("0"), "张三", first, private="platform_key.pem")
    encrypt("public-key-before-certificate", "mixed", "", "张三", WECHAT_ID)
    encrypt("certificate-beside-public-key", "mixed", first, "张三", first, private="platform_key.pem")
    encrypt("brand", "brand", "", "张三", WECHAT_ID)
    encrypt("without-private-key", "external", "", "张三", WECHAT_ID)
    encrypt("215-bytes", "merchant", "", repeat("x", 215), status=211)
    encrypt("unknown-id", "merchant", "PUB_KEY_ID_0", "张三", status=204)
    encrypt("id-in-lower-case", "merchant", WECHAT_ID.lower(), "张三", status=204)
    encrypt("merchants-own-serial", "merchant", serial("merchant_cert.pem"), "张三", status=204)
    encrypt("no-key-yet", "auto", "", "张三", status=410)
    encrypt("expired-certificate", "platform_expired", "", "张三", status=410)
    encrypt("expired-certificate-by-serial", "platform_expired", serial("platform_expired_cert.pem"), "张三", status=204)
    encrypt("future-certificate", "platform_future", "", "张三", status=410)

    def decrypt(identity, ciphertext, plaintext=None, status=0, client="merchant"):
        c.add(identity, "client_decrypt", {"client": client, "ciphertext": ciphertext},
              None if status else {"plaintext": plaintext}, status)

    for name, plaintext in PLAINTEXTS.items():
        decrypt(f"plaintext-{name}", oaep("merchant_public.pem", plaintext), value(plaintext))
    for name in ["flipped-bit", "pkcs1-padding", "sha256", "label", "cut", "empty", "not-base64", "of-another-key"]:
        decrypt(f"ciphertext-{name}", spoilt("merchant_public.pem")[name], status=210)
    decrypt("brand", oaep("brand_public.pem", LETTERS), "张三", client="brand")
    decrypt("no-private-key", oaep("merchant_public.pem", LETTERS), status=110, client="external")


def cases():
    c = Cases("encryption")
    aead(c)
    oaep_cases(c)
    client_cases(c)
    return c
