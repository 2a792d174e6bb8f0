"""What the package offers, compared with surface.txt. `BLESS=1` writes it anew."""

import inspect
import os
from pathlib import Path

import libwxpay
from libwxpay import _async_methods, _client_methods, primitives

SURFACE = Path(__file__).with_name("surface.txt")
#: Decrypting or verifying alone (safety.md S28); `Client.decrypt` opens fields of verified answers.
ALONE = (
    "sign",
    "verify",
    "aead_decrypt",
    "oaep_encrypt",
    "oaep_decrypt",
    "canonical_request",
    "canonical_response",
    "Key",
)


def members(kind):
    """Public names of a class with their parameters; those of Python's own classes are left out."""
    for name in sorted(dir(kind)):
        owner = next((one for one in kind.__mro__ if name in vars(one)), None)
        if (
            (name.startswith("_") and name != "__init__")
            or owner is None
            or not owner.__module__.startswith("libwxpay")
        ):
            continue
        member = inspect.getattr_static(kind, name)
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        yield name, tuple(inspect.signature(member).parameters) if inspect.isfunction(member) else None
    for name in sorted(set().union(*(vars(one).get("__annotations__", {}) for one in kind.__mro__))):
        if not name.startswith("_") and not hasattr(kind, name):
            yield name, None


def surface():
    lines = []
    for prefix, module, names in (
        ("libwxpay", libwxpay, libwxpay.__all__),
        ("libwxpay.Client.pay, ", _client_methods, ["Pay"]),
        ("libwxpay.AsyncClient.pay, ", _async_methods, ["AsyncPay"]),
        ("libwxpay.primitives", primitives, [name for name in ALONE if hasattr(primitives, name)]),
    ):
        for name in sorted(names):
            value = getattr(module, name)
            if inspect.isclass(value):
                lines.append(f"class {prefix}.{name}({', '.join(one.__name__ for one in value.__bases__)})")
                if value.__mro__[1].__name__ != "IntEnum":
                    for member, parameters in members(value):
                        shown = "" if parameters is None else f"({', '.join(parameters)})"
                        lines.append(f"    {member}{shown}")
            elif inspect.isfunction(value):
                lines.append(f"{prefix}.{name}({', '.join(inspect.signature(value).parameters)})")
            else:
                lines.append(f"{prefix}.{name}")
    return lines


def test_the_surface_is_what_was_committed():
    lines = surface()
    if os.environ.get("BLESS") == "1":
        SURFACE.write_text("\n".join(lines) + "\n")
    assert lines == SURFACE.read_text().splitlines()


def test_every_error_of_the_surface_is_one_exception():
    for name in ("UsageError", "SignatureError", "TransportError", "ApiError", "ProcessError", "InternalError"):
        assert issubclass(getattr(libwxpay, name), libwxpay.WxPayError)


def test_nobody_passes_a_time():
    """safety.md S12."""
    for line in surface():
        assert "now" not in line.replace("(", " ").replace(")", " ").replace(",", " ").split(), line


def test_primitives_are_apart():
    """safety.md S28."""
    assert all(hasattr(primitives, name) for name in ALONE)
    public = [
        name
        for name in vars(primitives)
        if not name.startswith("_") and getattr(getattr(primitives, name), "__module__", "") == primitives.__name__
    ]
    assert sorted(public) == sorted(ALONE)
    for name in libwxpay.__all__:
        assert name not in ALONE
        kind = getattr(libwxpay, name)
        if inspect.isclass(kind):
            assert not set(dir(kind)) & set(ALONE), name


def test_every_status_has_its_constant():
    from libwxpay import Status, constants, status_name, status_text

    for status in Status:
        assert getattr(constants, f"WXPAY_STATUS_{status.name}") == status
        assert status_name(status) == status.name
        assert status_text(status, constants.WXPAY_LANG_EN) and status_text(status, constants.WXPAY_LANG_ZH)
    assert status_name(12345) == "UNKNOWN"
    assert libwxpay.version() == constants.WXPAY_VERSION == libwxpay.__version__
    libwxpay.selftest()


def test_primitives_work():
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    made = rsa.generate_private_key(65537, 2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = primitives.Key.load(pem)
    assert key.info()["bits"] == 2048
    message = primitives.canonical_response("1700000000", "nonce", "中文\0")
    assert message == "1700000000\nnonce\n中文\0\n".encode()
    signature = primitives.sign(key, message)
    primitives.verify(key, message, signature)
    import base64

    made.public_key().verify(base64.b64decode(signature), message, padding.PKCS1v15(), hashes.SHA256())
    assert primitives.oaep_decrypt(key, primitives.oaep_encrypt(key, b"a\0b")) == b"a\0b"
