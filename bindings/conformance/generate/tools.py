"""The openssl command, and the little that it lacks: AES-GCM and OAEP's padding.

Nothing here calls libwxpay. check.py computes all of it again with another library.
"""

import base64
import functools
import hashlib
import os
import subprocess

NOW = 1_700_000_000
APIV3 = b"conformance-api-v3-key-32-bytes!"
APIV3_NEXT = b"the-key-after-the-rotation-32-by"
KEYS = ""  # the directory of the keys; set by __main__


def openssl(*arguments, stdin=b""):
    done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"openssl {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


def key(name):
    return os.path.join(KEYS, name)


def content(name):
    with open(key(name), "rb") as file:
        return file.read()


def b64(data):
    return base64.b64encode(data).decode()


@functools.cache
def sign(name, message):
    """RSASSA-PKCS1-v1_5 with SHA-256, base64."""
    return b64(openssl("dgst", "-sha256", "-sign", key(name), stdin=message))


def sign_with(name, message, *options):
    """Another digest or padding, for signatures that must not verify."""
    return b64(openssl("dgst", *options, "-sign", key(name), stdin=message))


@functools.cache
def spki_sha256(name):
    """Of a private key, a public key or a certificate in PEM; lower-case hex."""
    if "_cert" in name:
        public = openssl("x509", "-in", key(name), "-noout", "-pubkey")
        der = openssl("pkey", "-pubin", "-outform", "DER", stdin=public)
    elif "_public" in name:
        der = openssl("pkey", "-pubin", "-in", key(name), "-outform", "DER")
    else:
        der = openssl("pkey", "-in", key(name), "-pubout", "-outform", "DER")
    return hashlib.sha256(der).hexdigest()


@functools.cache
def serial(name):
    """As openssl prints it: upper case, two digits a byte."""
    return openssl("x509", "-in", key(name), "-noout", "-serial").decode().strip().split("=")[1]


# --- AES-256-GCM: the openssl command has no AEAD mode, so counter mode and the block cipher are
# its own, and GHASH is here (NIST SP 800-38D §6.3, §6.4, §7.1).


def _multiply(x, y):
    z = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            z ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return z


def _ghash(h, aad, cipher):
    def blocks(data):
        for at in range(0, len(data), 16):
            yield data[at:at + 16].ljust(16, b"\0")

    y = 0
    lengths = (len(aad) * 8).to_bytes(8, "big") + (len(cipher) * 8).to_bytes(8, "big")
    for block in [*blocks(aad), *blocks(cipher), lengths]:
        y = _multiply(y ^ int.from_bytes(block, "big"), h)
    return y.to_bytes(16, "big")


@functools.cache
def seal(secret, nonce, aad, plaintext):
    """Ciphertext and tag, raw."""
    assert len(secret) == 32 and len(nonce) == 12
    ecb = openssl("enc", "-aes-256-ecb", "-K", secret.hex(), "-nopad",
                  stdin=bytes(16) + nonce + b"\0\0\0\1")
    hash_key, mask = int.from_bytes(ecb[:16], "big"), ecb[16:32]
    cipher = openssl("enc", "-aes-256-ctr", "-K", secret.hex(), "-iv", (nonce + b"\0\0\0\2").hex(),
                     stdin=plaintext)
    tag = bytes(a ^ b for a, b in zip(_ghash(hash_key, aad, cipher), mask))
    return cipher + tag


# --- RSAES-OAEP with a fixed seed, so that the same keys give the same vectors: the padding is
# here (RFC 8017 §7.1.1), the RSA operation is openssl's.


def _mgf1(digest, seed, length):
    made = b"".join(hashlib.new(digest, seed + count.to_bytes(4, "big")).digest()
                    for count in range(length // 20 + 1))
    return made[:length]


def oaep_block(plaintext, size=256, digest="sha1", mgf="sha1", label=b"", first=0, separator=1):
    width = hashlib.new(digest).digest_size
    filler = size - len(plaintext) - 2 * width - 2
    assert filler >= 0, "too long for OAEP"
    data = (hashlib.new(digest, label).digest() + bytes(filler) + bytes([separator]) + plaintext)
    seed = hashlib.new(digest, b"seed of " + plaintext).digest()
    masked = bytes(a ^ b for a, b in zip(data, _mgf1(mgf, seed, len(data))))
    return bytes([first]) + bytes(a ^ b for a, b in zip(seed, _mgf1(mgf, masked, width))) + masked


def pkcs1_block(plaintext, size=256):
    return b"\0\2" + b"\x5a" * (size - len(plaintext) - 3) + b"\0" + plaintext


def rsa_raw(public, block):
    return b64(openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", key(public),
                       "-pkeyopt", "rsa_padding_mode:none", stdin=block))


@functools.cache
def oaep(public, plaintext):
    return rsa_raw(public, oaep_block(plaintext))
