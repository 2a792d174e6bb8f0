"""wxpay_key_load over every form that is read, and what is often taken for a key."""

import base64

from case import Cases, file, repeat, value
from tools import content, serial, spki_sha256

VALID = {"not_before": "2020-01-01T00:00:00Z", "not_after": "2119-12-31T23:59:59Z"}


def cases():
    c = Cases("key_forms")

    def load(identity, data, info=None, status=0, passphrase=""):
        c.add(identity, "key_load", {"data": value(data), "passphrase": value(passphrase)}, None if status else {"info": info}, status)

    private = {"kind": "private_key", "bits": 2048, "key_sha256": spki_sha256("merchant_key.pem")}
    public = {"kind": "public_key", "bits": 2048, "key_sha256": spki_sha256("wechat_public.pem")}
    certificate = {"kind": "certificate", "bits": 2048, "key_sha256": spki_sha256("merchant_cert.pem"), "serial": serial("merchant_cert.pem"), **VALID}

    for form in ["pem", "der", "pkcs1.pem", "pkcs1.der"]:
        load(f"private-{form}", file(f"merchant_key.{form}"), private)
    for form in ["encrypted.pem", "encrypted.der", "scrypt.pem", "3des.pem"]:
        load(f"private-{form}", file(f"merchant_key.{form}"), private, passphrase="conformance")
    load("private-passphrase-not-needed", file("merchant_key.pem"), private, passphrase="anything")
    load("private-encrypted-no-passphrase", file("merchant_key.encrypted.pem"), status=112)
    load("private-encrypted-wrong-passphrase", file("merchant_key.encrypted.pem"), status=112, passphrase="Conformance")
    load("private-encrypted-passphrase-with-line-feed", file("merchant_key.encrypted.pem"), status=112, passphrase="conformance\n")
    load("private-scrypt-wrong-passphrase", file("merchant_key.scrypt.pem"), status=112, passphrase="x")
    for bits in [3072, 4096]:
        load(f"private-{bits}", file(f"rsa{bits}_key.pem"), {"kind": "private_key", "bits": bits, "key_sha256": spki_sha256(f"rsa{bits}_key.pem")})

    # what mail programs, environment variables and spreadsheets make of a file
    pem = content("merchant_key.pem").decode()
    lines = pem.strip().split("\n")
    bare = "".join(lines[1:-1])
    for name, data in {
        "crlf": pem.replace("\n", "\r\n"), "byte-order-mark": "\ufeff" + pem, "no-last-line-feed": pem.rstrip("\n"), "literal-backslash-n": pem.replace("\n", "\\n"),
        "base64-alone": bare, "base64-alone-in-lines": "\n".join(lines[1:-1]), "text-before": "the key of the shop:\n\n" + pem, "text-behind": pem + "\nend of mail\n",
        "empty-lines-around": "\n\n" + pem + "\n\n", "certificate-before": content("merchant_cert.pem").decode() + pem,
        "certificate-behind": pem + content("merchant_cert.pem").decode(),
    }.items():
        load(f"private-{name}", data, private)
    load("private-pkcs1-crlf", content("merchant_key.pkcs1.pem").decode().replace("\n", "\r\n"), private)
    for name, data in {
        "empty": "", "spaces": " \n ", "words": "this is not a key", "cut": "\n".join(lines[:10]) + "\n" + lines[-1] + "\n", "cut-without-end": "\n".join(lines[:10]),
        "no-begin": "\n".join(lines[1:]), "two-keys": pem + content("other_merchant_key.pem").decode(), "bad-base64": pem.replace(lines[3], "*" * len(lines[3])),
        "der-cut": content("merchant_key.der")[:-1], "random-bytes": bytes(range(256)), "json": '{"key":"x"}',
    }.items():
        load(f"nothing-{name}", data, status=111)
    load("nothing-over-1-MiB", repeat("A", 1024 * 1024 + 1), status=111)

    load("public-pem", file("wechat_public.pem"), public)
    load("public-der", file("wechat_public.der"), public)
    load("public-pkcs1", file("wechat_public.pkcs1.pem"), public)
    load("public-crlf", content("wechat_public.pem").decode().replace("\n", "\r\n"), public)
    load("public-base64-alone", base64.b64encode(content("wechat_public.der")).decode(), public)
    load("public-4096", file("rsa4096_public.pem"), {"kind": "public_key", "bits": 4096, "key_sha256": spki_sha256("rsa4096_public.pem")})

    load("certificate-pem", file("merchant_cert.pem"), certificate)
    load("certificate-der", file("merchant_cert.der"), certificate)
    load("certificate-crlf", content("merchant_cert.pem").decode().replace("\n", "\r\n"), certificate)
    load("certificate-serial-with-zero", file("platform_cert.pem"), {"kind": "certificate", "serial": serial("platform_cert.pem"), "key_sha256": spki_sha256("platform_cert.pem"), **VALID})
    load("certificate-serial-of-19-bytes", file("platform_next_cert.pem"), {"serial": serial("platform_next_cert.pem"), "not_before": "2021-01-01T00:00:00Z"})
    load("certificate-expired-loads", file("platform_expired_cert.pem"), {"serial": serial("platform_expired_cert.pem"), "not_after": "2021-01-01T00:00:00Z"})
    load("certificate-first-of-two", file("platform_both.pem"), {"kind": "certificate", "serial": serial("platform_cert.pem")})

    for name, data, status in [("ec-private", "ec_key.pem", 111), ("ec-public", "ec_public.pem", 111), ("ec-certificate", "ec_cert.pem", 111),
                               ("1024-private", "rsa1024_key.pem", 111), ("1024-public", "rsa1024_public.pem", 111), ("1024-certificate", "rsa1024_cert.pem", 111),
                               ("request", "merchant_request.pem", 111), ("pkcs12", "merchant.p12", 111)]:
        load(f"other-{name}", file(data), status=status)
    load("other-old-encryption", file("merchant_key.legacy.pem"), status=111, passphrase="conformance")

    def matches(identity, key, cert, status=0):
        c.add(identity, "key_matches_cert", {"key": file(key), "cert": value(cert)}, status=status)

    for name, key in [("private-key", "merchant_key.pem"), ("public-key", "merchant_public.pem"), ("certificate", "merchant_cert.pem"), ("pkcs1", "merchant_key.pkcs1.pem")]:
        matches(name, key, file("merchant_cert.pem"))
    matches("certificate-der", "merchant_key.pem", file("merchant_cert.der"))
    matches("another-merchant", "merchant_key.pem", file("other_merchant_cert.pem"), 113)
    matches("platform", "merchant_key.pem", file("platform_cert.pem"), 113)
    matches("public-key-of-another", "wechat_public.pem", file("merchant_cert.pem"), 113)
    matches("expired-matches-all-the-same", "platform_expired_key.pem", file("platform_expired_cert.pem"))
    matches("key-instead-of-certificate", "merchant_key.pem", file("merchant_key.pem"), 116)
    matches("public-key-instead-of-certificate", "merchant_key.pem", file("merchant_public.pem"), 116)
    for name, cert in [("ec-certificate", file("ec_cert.pem")), ("1024-bits", file("rsa1024_cert.pem")), ("empty", ""), ("words", "certificate"), ("request", file("merchant_request.pem"))]:
        matches(name, "merchant_key.pem", cert, 111)
    return c
