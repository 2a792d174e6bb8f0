"""Signed messages: headers in any spelling, the window, the ring of keys, the signature."""

import re
from datetime import timezone

from .values import load_key, serial_of, strict_base64

PROBE = "WECHATPAY/SIGNTEST/"
RSA = "WECHATPAY2-SHA256-RSA2048"


def folded(name):
    return name.lower().replace("_", "-")


def found(rows, wanted):
    """Every value of that name, whichever way it is spelled, without the white space around it."""
    wanted = folded(wanted).removeprefix("http-")
    return [text.strip(" \t") for name, text in rows if folded(name).removeprefix("http-") == wanted]


def lookup(identity):
    digits = identity.replace(":", "").replace(" ", "").upper()
    return (digits.lstrip("0") or "0") if re.fullmatch(r"[0-9A-F]{1,40}", digits) else identity


class Ring:
    """WeChat Pay's keys of one client: (id, key, validity or None)."""

    def __init__(self, data, config):
        self.keys = []
        for name, value in config.items():
            if name == "public_key":
                self.keys.append((config["public_key_id"], load_key(data.bytes(value)), None))
            elif name.startswith("public_key.") and value:
                self.keys.append((name.removeprefix("public_key."), load_key(data.bytes(value)), None))
            elif name == "platform_certificate":
                self.add_certificates(data.bytes(value))

    def add_certificates(self, pem):
        for block in re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", pem, re.DOTALL):
            key = load_key(block)
            self.keys.append((serial_of(key.certificate), key, validity(key.certificate)))

    def find(self, identity):
        return next((row for row in self.keys if lookup(row[0]) == lookup(identity)), None)

    def preferred(self, now):
        valid = [row for row in self.keys if row[2] is None or row[2][0] <= now <= row[2][1]]
        public = [row for row in valid if row[2] is None]
        return public[0] if public else max(valid, key=lambda row: row[2], default=None)


def validity(certificate):
    def seconds(time):
        return int(time.replace(tzinfo=timezone.utc).timestamp())
    return seconds(certificate.not_valid_before_utc), seconds(certificate.not_valid_after_utc)


def read(rows, now, tolerance):
    """(status, fields): the four headers in their form and within the window."""
    values, missing = [], False
    for name in ["Timestamp", "Nonce", "Signature", "Serial"]:
        texts = found(rows, f"Wechatpay-{name}")
        if len(set(texts)) > 1:
            return 206, None
        missing |= not texts or not texts[0]
        values.append(texts[0] if texts else "")
    if missing:
        return 203, None
    kinds = set(found(rows, "Wechatpay-Signature-Type"))
    if len(kinds) > 1:
        return 206, None
    if kinds - {RSA, ""}:
        return 212, None
    timestamp, nonce, _, _ = values
    if not re.fullmatch(r"[\x21-\x7e]+", nonce) or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return 201, None
    if abs(now - int(timestamp)) > tolerance:
        return 205, None
    return 0, values


def check_signature(values, body, key):
    timestamp, nonce, signature, _ = values
    raw = strict_base64(signature)
    if raw is not None and key.verifies(f"{timestamp}\n{nonce}\n".encode() + body + b"\n", raw):
        return 0
    return 202 if signature.startswith(PROBE) else 201


def verify(rows, body, ring, now, tolerance):
    """(status, id of the key)."""
    status, values = read(rows, now, tolerance)
    if status:
        return status, None
    row = ring.find(values[3])
    if row is None or (row[2] and not row[2][0] - 300 <= now <= row[2][1] + 300):
        return 204, None
    return check_signature(values, body, row[1]), row[0]
