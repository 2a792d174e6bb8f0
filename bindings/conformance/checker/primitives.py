"""Canonical strings, signatures, AES-GCM, OAEP and keys: status and result of each case."""

import ipaddress
import json
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .messages import folded
from .values import Encrypted, load_key, serial_of, strict_base64

# RFC 3986: what may stand in a path or query without encoding; `[` and `]` only in a host.
PLAIN = r"[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]"


def target(url):
    """What is signed of a URL, or None when it may not be signed."""
    if len(url) > 16384 or not url.isascii():
        return None
    absolute = re.fullmatch(r"(https?)://([^/?]*)([^#]*)", url, re.IGNORECASE)
    if absolute:
        scheme, authority, rest = absolute.groups()
        named = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*[A-Za-z0-9_-])(?::([0-9]+))?", authority)
        if not named or (named[2] and not 0 < int(named[2]) < 65536):
            return None
        if scheme.lower() == "http" and not is_loopback(named[1].strip("[]")):
            return None
        url = rest if rest.startswith("/") else "/" + rest
    if not url.startswith("/") or url.startswith("//"):
        return None
    if not re.fullmatch(rf"(?:{PLAIN}|%[0-9A-F]{{2}})*", url):
        return None
    encoded = [int(two, 16) for two in re.findall("%(..)", url)]
    if any(re.fullmatch(r"[A-Za-z0-9._~-]", chr(byte)) for byte in encoded):
        return None
    path = url.split("?")[0]
    if {".", ".."} & set(path.split("/")):
        return None
    return url[:-1] if url.count("?") == 1 and url.endswith("?") else url


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def text_of(*inputs):
    """The texts, or None when one is not UTF-8."""
    try:
        return [one.decode() for one in inputs]
    except UnicodeDecodeError:
        return None


def time_and_nonce(timestamp, nonce):
    return re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII) and re.fullmatch(r"[0-9A-Za-z_-]{1,64}", nonce)


def canonical_request(data, given, want, now):
    body = data.bytes(given["body"])
    texts = text_of(*(data.bytes(given[name]) for name in ["method", "url", "timestamp", "nonce"]))
    if texts is None:
        return 102, {}
    method, url, timestamp, nonce = texts
    if not re.fullmatch("[A-Z]{3,7}", method) or not time_and_nonce(timestamp, nonce):
        return 100, {}
    signed = target(url)
    if signed is None:
        return 106, {}
    return 0, {"text": f"{method}\n{signed}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"}


def canonical_response(data, given, want, now):
    timestamp, nonce = text_of(data.bytes(given["timestamp"]), data.bytes(given["nonce"]))
    if not time_and_nonce(timestamp, nonce):
        return 100, {}
    return 0, {"text": f"{timestamp}\n{nonce}\n".encode() + data.bytes(given["body"]) + b"\n"}


class Refused(Exception):
    """A status before the operation itself."""


def key_of(data, value, passphrase=b"", private=False):
    try:
        raw = data.bytes(value)
        key = load_key(raw, passphrase) if len(raw) <= 1024 * 1024 else None
    except Encrypted:
        raise Refused(112) from None
    if key is None:
        raise Refused(111)
    if private and not key.private:
        raise Refused(116)
    return key


def sign(data, given, want, now):
    return 0, {"signature": key_of(data, given["key"], private=True).sign(data.bytes(given["message"])).encode()}


def verify(data, given, want, now):
    key = key_of(data, given["key"])
    texts = text_of(data.bytes(given["signature"]))
    if texts is None:
        return 102, {}
    raw = strict_base64(texts[0])
    return (0 if raw is not None and key.verifies(data.bytes(given["message"]), raw) else 201), {}


def open_gcm(secret, nonce, aad, sealed):
    """None when it does not open."""
    try:
        return AESGCM(secret).decrypt(nonce, sealed, aad)
    except (InvalidTag, ValueError):
        return None


def aead_decrypt(data, given, want, now):
    secret, nonce, aad, text = (data.bytes(given[name]) for name in ["key", "nonce", "aad", "ciphertext"])
    sealed = strict_base64(text)
    if sealed is None:
        return 210, {}
    if len(secret) != 32 or len(nonce) != 12:
        return 100, {}
    plaintext = open_gcm(secret, nonce, aad, sealed)
    return (210, {}) if plaintext is None else (0, {"plaintext": plaintext})


def oaep_decrypt(data, given, want, now):
    texts = text_of(data.bytes(given["ciphertext"]))
    if texts is None:
        return 102, {}
    key = key_of(data, given["key"], private=True)
    raw = strict_base64(texts[0])
    plaintext = key.open(raw) if raw is not None else None
    return (210, {}) if plaintext is None else (0, {"plaintext": plaintext})


def oaep_encrypt(data, given, want, now):
    key, private = key_of(data, given["key"]), key_of(data, given["private_key"])
    plaintext = data.bytes(given["plaintext"])
    if len(plaintext) > key.public.key_size // 8 - 42:
        return 211, {}
    return (0, {"plaintext": plaintext}) if key.same_as(private) else (210, {})


def key_load(data, given, want, now):
    key = key_of(data, given["data"], data.bytes(given["passphrase"]))
    info = {"kind": key.kind, "bits": key.public.key_size, "key_sha256": key.fingerprint}
    if key.certificate:
        start, end = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
        info |= {"serial": serial_of(key.certificate), "not_before": f"{start:%Y-%m-%dT%H:%M:%SZ}", "not_after": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    return 0, {"info": {name: info.get(name) for name in want["info"]} if "info" in want else {}}


def key_matches_cert(data, given, want, now):
    key, certificate = key_of(data, given["key"]), key_of(data, given["cert"])
    if certificate.kind != "certificate":
        return 116, {}
    return (0 if key.same_as(certificate) else 113), {}


def pay(data, given, want, now):
    """Only what is signed; the arguments' grammar decides about the rest."""
    if "canonical" not in want:
        return None
    appid, prepay = data.bytes(given["appid"]).decode(), data.bytes(given["prepay_id"]).decode()
    line = prepay if given["kind"] == "app" else f"prepay_id={prepay}"
    signer = signer_of(data, given)
    if not signer.same_as(key_of(data, want["verify_key"])):
        return "not 0: verify_key is not who signs", {}
    return 0, {"canonical": f"{appid}\n{now}\n{{nonce}}\n{line}\n".encode()}


def signer_of(data, given):
    config = data.clients[given["client"]]
    return key_of(data, given.get("sign_key") or config["private_key"])


def prepare(data, given, want, now):
    """The string that is signed, the URL it goes to and the key."""
    if "authorization" not in want:
        return None
    config, url = data.clients[given["client"]], data.bytes(given["url"]).decode()
    method, body = data.bytes(given["method"]).decode(), data.bytes(given["body"])
    signed = target(url)
    host = re.match("https?://[^/?]*", url, re.IGNORECASE)
    absolute = (host[0].lower().removesuffix(":443") if host else config["base_url"]) + signed
    members = dict(want["authorization"]["members"])
    own = key_of(data, config["merchant_certificate"]).certificate if "merchant_certificate" in config else None
    members |= {"timestamp": str(now), "serial_no": serial_of(own) if own else config["merchant_serial"].upper()}
    authorization = {**want["authorization"], "members": members}
    authorization["canonical"] = f"{method}\n{signed}\n{now}\n{{nonce}}\n".encode() + body + b"\n"
    if data.bytes(want["authorization"]["canonical"]) == authorization["canonical"]:
        authorization["canonical"] = want["authorization"]["canonical"]
    if not signer_of(data, given).same_as(key_of(data, want["authorization"]["verify_key"])):
        return "not 0: verify_key is not who signs", {}
    return 0, {"url": absolute.encode(), "body": body, "authorization": authorization}


def header(data, given, want, now):
    """The lookup; refused headers are not a matter of cryptography."""
    if "status" in want or "block" in given:
        return None
    name = folded(given["name"]).removeprefix("http-")
    rows = data.rows(given["headers"])
    values = [text.strip(" \t") for have, text in rows if folded(have).removeprefix("http-") == name]
    return 0, {"value": values[0].encode() if values else None}


def as_json(data):
    try:
        return json.loads(data.decode(), parse_constant=lambda word: 1 / 0)
    except (ValueError, ZeroDivisionError):
        return None
