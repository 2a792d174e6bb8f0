"""wxpay_client_load_certificates: what may replace the platform certificates (safety rule S11)."""

import json

from case import WECHAT_ID, Cases, signed_headers, value
from responses import put
from tools import APIV3, APIV3_NEXT, NOW, b64, content, seal, serial

FIRST, NEXT = "platform_key.pem", "platform_next_key.pem"
NONCE = "eabb3e044577"


def entry(name, secret=APIV3, nonce=NONCE, aad="certificate", plaintext=None, named=None, **changes):
    plaintext = content(f"{name}_cert.pem") if plaintext is None else plaintext
    sealed = {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": aad,
              "ciphertext": b64(seal(secret, NONCE.encode(), aad.encode(), plaintext))}
    sealed = {name: one for name, one in {**sealed, **changes}.items() if one is not ...}
    return {"serial_no": named or serial(f"{name}_cert.pem"), "effective_time": "2020-01-01T08:00:00+08:00",
            "expire_time": "2119-12-31T08:00:00+08:00", "encrypt_certificate": sealed}


def answer(*entries):
    return json.dumps({"data": entries}, separators=(",", ":"))


def cases():
    c = Cases("certificates")

    def load(identity, body, headers=None, status=0, client="auto", now=NOW, code=200, outcome=None, by=FIRST, named="platform_cert.pem"):
        if headers is None:
            headers = signed_headers(body, by=by, serial=serial(named), timestamp=now if now < 10**10 else NOW)
        response = {"status": code, "headers": [[n, value(t)] for n, t in headers], "body": value(body)}
        # after a success and after a failure nothing is due: the rate limit says wait
        c.add(identity, "load_certificates", {"client": client, "response": response}, {"due": 0}, status, now, outcome)

    one, both = answer(entry("platform")), answer(entry("platform"), entry("platform_next"))
    # an empty ring takes the list that the APIv3 key opens and that its own certificate signed, now
    load("first", one)
    load("first-of-two", both)
    load("first-signed-by-the-second", both, by=NEXT, named="platform_next_cert.pem")
    load("first-spaces-and-members-more", json.dumps({"more": 1, **json.loads(both)}, indent=1))
    load("first-at-the-edge", one, signed_headers(one, by=FIRST, serial=serial("platform_cert.pem"), timestamp=NOW - 300))
    load("first-replayed", one, signed_headers(one, by=FIRST, serial=serial("platform_cert.pem"), timestamp=NOW - 301), 205)
    load("first-from-the-future", one, signed_headers(one, by=FIRST, serial=serial("platform_cert.pem"), timestamp=NOW + 301), 205)
    load("first-signed-by-one-not-in-it", one, status=204, by=NEXT, named="platform_next_cert.pem")
    load("first-signed-by-the-merchant", one, status=204, by="merchant_key.pem", named="merchant_cert.pem")
    load("first-wrong-signature", one, status=201, by=NEXT)
    load("first-body-changed", one.replace('{"data"', '{ "data"'), signed_headers(one, by=FIRST, serial=serial("platform_cert.pem")), 201)
    load("first-unsigned", one, [], 203)
    load("first-without-serial", one, put(signed_headers(one, by=FIRST, serial="x"), "Wechatpay-Serial", None), 203)
    load("first-probe", one, put(signed_headers(one, by=FIRST, serial=serial("platform_cert.pem")), "Wechatpay-Signature", "WECHATPAY/SIGNTEST/x"), 202)
    load("first-sm2", one, signed_headers(one, by=FIRST, serial=serial("platform_cert.pem")) + [["Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"]], 212)
    load("second-api-key", answer(entry("platform", APIV3)), client="rotation", status=204)

    # a ring that knows a key takes only what that key signed
    load("renewal-signed-by-the-old", both, client="platform_first")
    load("renewal-signed-by-the-new", both, client="platform_first", status=204, by=NEXT, named="platform_next_cert.pem")
    load("renewal-without-the-configured", answer(entry("platform_next")), client="platform_first")
    load("attackers-list-under-the-right-api-key", answer(entry("platform_next")), client="platform_first", status=204, by=NEXT, named="platform_next_cert.pem")
    load("configured-public-key-signs", both, client="pinned", by="wechat_key.pem", headers=signed_headers(both))
    load("configured-public-key-did-not-sign", both, client="pinned", status=204)
    load("configured-public-key-beside-certificate", both, client="mixed", status=204)
    load("configured-public-key-beside-certificate-signs", both, signed_headers(both, serial=WECHAT_ID), client="mixed")

    # each certificate
    for name, rows, status in [
        ("expired", [entry("platform"), entry("platform_expired")], 410),
        ("merchants-own-key", [entry("platform"), entry("merchant")], 116),
        ("elliptic", [entry("platform"), entry("ec")], 111),
        ("1024-bits", [entry("platform"), entry("rsa1024")], 111),
        ("twice", [entry("platform"), entry("platform")], 420),
        ("serial-of-another", [entry("platform", named=serial("platform_next_cert.pem"))], 420),
        ("two-in-one", [entry("platform", plaintext=content("platform_both.pem"))], 420),
        ("private-key-in-it", [entry("platform", plaintext=content("platform_key.pem"))], 116),
        ("words-in-it", [entry("platform", plaintext=b"not a certificate")], 111),
        ("algorithm-sm4", [entry("platform", algorithm="AEAD_SM4_GCM")], 212),
        ("associated-data", [entry("platform", aad="transaction")], 420),
        ("associated-data-missing", [entry("platform", associated_data=...)], 420),
        ("nonce-short", [entry("platform", nonce="eabb3e04457")], 420),
        ("ciphertext-not-base64", [entry("platform", ciphertext="%%%")], 420),
        ("ciphertext-short", [entry("platform", ciphertext=b64(b"x" * 15))], 210),
        ("another-api-key", [entry("platform", secret=APIV3_NEXT)], 210),
        ("one-of-two-under-another-api-key", [entry("platform"), entry("platform_next", secret=APIV3_NEXT)], 210),
    ]:
        load(f"certificate-{name}", answer(*rows), status=status)
    load("certificate-serial-in-lower-case", answer(entry("platform", named=serial("platform_cert.pem").lower())))
    load("certificate-not-yet-valid-beside-a-valid-one", answer(entry("platform"), entry("platform_future")))

    load("empty-list", '{"data":[]}', status=410)
    for name, body in {"no-data": "{}", "null": '{"data":null}', "not-json": "<html></html>", "empty": "", "array": "[]", "data-object": '{"data":{}}', "entry-without-serial": '{"data":[{}]}'}.items():
        load(f"body-{name}", body, status=420)
    load("65-certificates", answer(*[{"serial_no": f"{n:040X}", "effective_time": "", "expire_time": "",
                                      "encrypt_certificate": {"algorithm": "AEAD_AES_256_GCM", "nonce": NONCE, "associated_data": "certificate", "ciphertext": ""}}
                                     for n in range(65)]), status=105)

    # merchants with a public key have no certificates: three answers, one diagnosis
    def refused(identity, code, word, status):
        load(identity, f'{{"code":"{word}","message":"x"}}', [["Request-ID", "08F5-1"]], status, code=code)

    refused("resource-not-exists", 404, "RESOURCE_NOT_EXISTS", 410)
    refused("not-found", 404, "NOT_FOUND", 410)
    refused("system-error", 500, "SYSTEM_ERROR", 410)
    refused("sign-error", 401, "SIGN_ERROR", 400)
    refused("frequency", 429, "FREQUENCY_LIMITED", 402)
    load("html", "<html></html>", [], 401, code=502)

    load("no-api-v3-key", one, client="no_api_v3_key", status=110)
    load("brand", one, client="brand", status=103)
    load("now-in-milliseconds", one, now=NOW * 1000, status=100)
    return c
