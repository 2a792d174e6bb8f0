# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""Signing, verifying and decrypting by hand, without a client.

For requests, answers and notifications use `Client`: these functions check neither the time nor
who may sign, and decrypt what nobody has verified.
"""

from __future__ import annotations

from typing import Any

from ._abi import (
    BufHandle,
    ErrorHandle,
    Held,
    KeyHandle,
    wxpay_aead_decrypt,
    wxpay_canonical_request,
    wxpay_canonical_response,
    wxpay_key_info,
    wxpay_key_load,
    wxpay_key_matches_cert,
    wxpay_oaep_decrypt,
    wxpay_oaep_encrypt,
    wxpay_sign,
    wxpay_verify,
)
from ._values import Text, bytes_of, octets
from .errors import failed, parse


class Key(Held):
    """A private key, a public key or a certificate."""

    __slots__ = ("_handle",)

    @staticmethod
    def load(pem_or_der: Text, passphrase: Text = "") -> Key:
        """Reads a key or certificate: PEM, DER or bare base64; PKCS#8, PKCS#1, encrypted PKCS#8, SPKI,
        X.509; CRLF, BOM, missing newline and literal \\n are understood.

        pem_or_der: the content, not a path
        passphrase: of an encrypted private key; empty for none
        """
        pem_or_der = octets(pem_or_der, "pem_or_der")
        passphrase = octets(passphrase, "passphrase")
        out0 = KeyHandle()
        error = ErrorHandle()
        if wxpay_key_load(pem_or_der, len(pem_or_der), passphrase, len(passphrase), out0, error):
            raise failed(error)
        return Key._of(out0)

    def info(self) -> Any:
        """What it is, JSON: kind, bits, SHA-256 of the public key (SPKI), and for certificates serial,
        names and validity. Nothing secret.
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_key_info(self._handle, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def matches_cert(self, cert: Text) -> None:
        """OK when key and certificate belong together (equal modulus), else KEY_CERT_MISMATCH.

        cert: a certificate, PEM or DER
        """
        cert = octets(cert, "cert")
        error = ErrorHandle()
        if wxpay_key_matches_cert(self._handle, cert, len(cert), error):
            raise failed(error)


def canonical_request(method: Text, url: Text, timestamp: Text, nonce: Text, body: Text) -> bytes:
    """Builds the string that is signed for a request: five lines, each ended by LF.

    method: 3 to 7 capital letters
    url: path and query as sent, or an absolute URL
    timestamp: 1 to 12 digits
    nonce: 1 to 64 of 0-9, A-Z, a-z, _ and -
    body: the exact bytes sent
    """
    method = octets(method, "method")
    url = octets(url, "url")
    timestamp = octets(timestamp, "timestamp")
    nonce = octets(nonce, "nonce")
    body = octets(body, "body")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_canonical_request(method, len(method), url, len(url), timestamp, len(timestamp), nonce, len(nonce), body, len(body), out0, error):
        raise failed(error)
    return bytes_of(out0)


def canonical_response(timestamp: Text, nonce: Text, body: Text) -> bytes:
    """Builds the string that WeChat Pay signs for a response or notification: three lines.

    timestamp: of header Wechatpay-Timestamp
    nonce: of header Wechatpay-Nonce
    body: the exact bytes received
    """
    timestamp = octets(timestamp, "timestamp")
    nonce = octets(nonce, "nonce")
    body = octets(body, "body")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_canonical_response(timestamp, len(timestamp), nonce, len(nonce), body, len(body), out0, error):
        raise failed(error)
    return bytes_of(out0)


def sign(key: Key, message: Text) -> str:
    """Signs with RSASSA-PKCS1-v1_5 and SHA-256.

    key: a private key
    message: the bytes to sign
    """
    message = octets(message, "message")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_sign(key._handle, message, len(message), out0, error):
        raise failed(error)
    return bytes_of(out0).decode()


def verify(key: Key, message: Text, signature_base64: Text) -> None:
    """Verifies a signature made by wxpay_sign. Checks neither time nor who may sign: for messages of WeChat
    Pay use wxpay_client_check and wxpay_notify_open.

    key: a public key, certificate or private key
    message: the signed bytes
    signature_base64: strict base64
    """
    message = octets(message, "message")
    signature_base64 = octets(signature_base64, "signature_base64")
    error = ErrorHandle()
    if wxpay_verify(key._handle, message, len(message), signature_base64, len(signature_base64), error):
        raise failed(error)


def aead_decrypt(key: Text, nonce: Text, aad: Text, ciphertext_base64: Text) -> bytes:
    """Opens AEAD_AES_256_GCM. The key alone authenticates it: for notifications use wxpay_notify_open,
    which verifies first.

    key: 32 bytes, the APIv3 key as it is
    nonce: 12 bytes
    aad: associated_data; may be empty
    ciphertext_base64: ciphertext and 16 bytes of tag
    """
    key = octets(key, "key")
    nonce = octets(nonce, "nonce")
    aad = octets(aad, "aad")
    ciphertext_base64 = octets(ciphertext_base64, "ciphertext_base64")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_aead_decrypt(key, len(key), nonce, len(nonce), aad, len(aad), ciphertext_base64, len(ciphertext_base64), out0, error):
        raise failed(error)
    return bytes_of(out0)


def oaep_encrypt(key: Key, plaintext: Text) -> str:
    """Encrypts with RSAES-OAEP (SHA-1, MGF1-SHA-1), as sensitive fields are.

    key: a public key or certificate
    plaintext: at most 214 bytes for a 2048-bit key
    """
    plaintext = octets(plaintext, "plaintext")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_oaep_encrypt(key._handle, plaintext, len(plaintext), out0, error):
        raise failed(error)
    return bytes_of(out0).decode()


def oaep_decrypt(key: Key, ciphertext_base64: Text) -> bytes:
    """Decrypts what wxpay_oaep_encrypt made. Every failure has the same status and text.

    key: a private key
    ciphertext_base64: strict base64
    """
    ciphertext_base64 = octets(ciphertext_base64, "ciphertext_base64")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_oaep_decrypt(key._handle, ciphertext_base64, len(ciphertext_base64), out0, error):
        raise failed(error)
    return bytes_of(out0)
