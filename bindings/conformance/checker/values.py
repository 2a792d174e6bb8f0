"""Values, keys and base64, for the checker. Shares nothing with generate/."""

import base64
import functools
import hashlib
import json
import os
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ENCODING = serialization.Encoding
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


class Set:
    """A directory with keys/ and vectors/."""

    def __init__(self, root):
        self.root = root
        with open(f"{root}/keys/clients.json", encoding="utf-8") as file:
            self.clients = json.load(file)

    def cases(self):
        for name in sorted(os.listdir(f"{self.root}/vectors")):
            with open(f"{self.root}/vectors/{name}", encoding="utf-8") as file:
                yield from json.load(file)

    def bytes(self, value):
        if isinstance(value, str):
            return value.encode()
        if "hex" in value:
            return bytes.fromhex(value["hex"])
        if "file" in value:
            with open(f"{self.root}/{value['file']}", "rb") as file:
                return file.read()
        return value["repeat"].encode() * value["times"]

    def rows(self, headers):
        return [(self.bytes(name).decode(), self.bytes(text).decode(errors="replace")) for name, text in headers]


def strict_base64(text):
    """None unless it is the one spelling of its bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    given = text if isinstance(text, bytes) else text.encode()
    return raw if base64.b64encode(raw) == given else None


class Key:
    """What a file holds: `kind`, the public key, the private key or the certificate."""

    def __init__(self, kind, public, private=None, certificate=None):
        self.kind, self.public, self.private, self.certificate = kind, public, private, certificate

    @property
    def fingerprint(self):
        return hashlib.sha256(self.public.public_bytes(ENCODING.DER, SPKI)).hexdigest()

    def same_as(self, other):
        return self.fingerprint == other.fingerprint

    def verifies(self, message, signature):
        try:
            self.public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            return True
        except InvalidSignature:
            return False

    def sign(self, message):
        return base64.b64encode(self.private.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()

    def open(self, ciphertext):
        """OAEP with SHA-1; None when it does not open."""
        try:
            oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
            return self.private.decrypt(ciphertext, oaep)
        except ValueError:
            return None


class Encrypted(Exception):
    """A private key that does not open with this passphrase."""


def _pem_blocks(text):
    pattern = r"-----BEGIN ([A-Z0-9 ]+)-----\n(.*?)\n-----END \1-----"
    return re.findall(pattern, text, re.DOTALL)


@functools.cache
def load_key(data, passphrase=b""):
    """Key, or None for what is not an RSA key of 2048 bits or more. Tolerates what merchants' files look like."""
    try:
        text = data.decode("utf-8-sig").replace("\\n", "\n").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return _from_der(data, passphrase)
    blocks = _pem_blocks(text)
    if not blocks:
        raw = strict_base64("".join(text.split()))
        return _from_der(raw, passphrase) if raw and "-----" not in text else None
    private = [block for block in blocks if "PRIVATE KEY" in block[0]]
    if len(private) > 1:
        return None
    label, body = (private or [block for block in blocks if block[0] == "CERTIFICATE"] or blocks)[0]
    if "Proc-Type" in body:
        return None
    raw = strict_base64("".join(body.split()))
    return _from_der(raw, passphrase) if raw else None


def _from_der(raw, passphrase):
    for read in [_certificate, _private, _encrypted, _public, _pkcs1_public]:
        try:
            key = read(raw, passphrase)
        except (ValueError, TypeError):
            continue
        if isinstance(key.public, rsa.RSAPublicKey) and key.public.key_size >= 2048:
            return key
        return None
    if raw[:1] == b"\x30" and _is_encrypted(raw):
        raise Encrypted
    return None


def _certificate(raw, _):
    certificate = x509.load_der_x509_certificate(raw)
    return Key("certificate", certificate.public_key(), certificate=certificate)


def _private(raw, _):
    private = serialization.load_der_private_key(raw, None)
    return Key("private_key", private.public_key(), private)


def _encrypted(raw, passphrase):
    private = serialization.load_der_private_key(raw, passphrase or b"\0")
    return Key("private_key", private.public_key(), private)


def _public(raw, _):
    return Key("public_key", serialization.load_der_public_key(raw))


def _pkcs1_public(raw, _):
    pem = b"-----BEGIN RSA PUBLIC KEY-----\n" + base64.encodebytes(raw) + b"-----END RSA PUBLIC KEY-----\n"
    return Key("public_key", serialization.load_pem_public_key(pem))


PBES2 = bytes.fromhex("06092a864886f70d01050d")


def _is_encrypted(raw):
    return PBES2 in raw[:40]


def serial_of(certificate):
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)
