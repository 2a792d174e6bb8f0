"""Uploads: the multipart body, byte for byte, and the part `meta`, which is what is signed."""

import hashlib
import json

from case import Cases, Raw, five_lines, file, repeat, value
from clients import BASE, MCHID
from tools import NOW, serial

IMAGE = "/v3/merchant/media/upload"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
MARK = b"{boundary}"


def meta_of(filename, data):
    return json.dumps({"filename": filename, "sha256": hashlib.sha256(data).hexdigest()}, ensure_ascii=False, separators=(",", ":"))


def multipart(meta, filename, content_type, data):
    """The parts in WeChat Pay's order; in a file name quote and backslash are percent-encoded."""
    name = filename.replace('"', "%22").replace("\\", "%5C")
    return (b"--" + MARK + b'\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n' + meta.encode()
            + b"\r\n--" + MARK + f'\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {content_type}\r\n\r\n'.encode()
            + data + b"\r\n--" + MARK + b"--\r\n")


def cases():
    c = Cases("uploads")

    def upload(identity, filename="licence.png", data=PNG, content_type="", meta="", url=IMAGE, status=0, wants="image/png", client="merchant", given_file=None):
        given = {"client": client, "url": value(url), "meta": value(meta), "filename": value(filename), "content_type": value(content_type),
                 "file": given_file or value(data)}
        want = None
        if not status:
            part = meta if isinstance(meta, str) and meta else meta_of(filename, data)
            canonical = five_lines("POST", url, NOW, "{nonce}", part).decode()
            want = {"method": "POST", "url": BASE + url, "body": value(multipart(part, filename, content_type or wants, data)),
                    "authorization": {"scheme": "WECHATPAY2-SHA256-RSA2048",
                                      "members": {"mchid": MCHID, "serial_no": serial("merchant_cert.pem"), "timestamp": str(NOW)},
                                      "canonical": canonical, "verify_key": file("merchant_public.pem")}}
        c.add(identity, "upload", given, want, status, NOW)

    upload("png")
    for name, (filename, kind) in {"jpg": ("a.jpg", "image/jpeg"), "jpeg": ("a.jpeg", "image/jpeg"), "bmp": ("a.bmp", "image/bmp"),
                                   "capitals": ("A.PNG", "image/png"), "two-dots": ("a.b.png", "image/png")}.items():
        upload(f"type-of-{name}", filename, wants=kind)
    upload("type-given", content_type="image/x-png")
    upload("video", "a.mp4", url="/v3/merchant/media/video_upload", wants="video/mp4")
    upload("path-that-nobody-knows", "a.pdf", url="/v3/new-interface/media/upload", wants="application/pdf")
    upload("with-a-query", url=IMAGE + "?a=1")
    for name, filename in {"chinese": "营业执照.png", "emoji": "😀.png", "quote": 'a".png', "backslash": "a\\b.png", "spaces": "my licence .png",
                           "percent": "a%22b.png", "injection": 'a"; name="meta.png'}.items():
        upload(f"filename-{name}", filename)
    own = json.dumps({"sha256": hashlib.sha256(PNG).hexdigest(), "filename": "licence.png"})
    upload("own-meta-as-it-stands", meta=own)
    upload("own-meta-with-white-space", meta=own.replace(", ", " ,\n  "))
    upload("own-meta-with-more", meta=own[:-1] + ', "extra": [1, 2.50]}')
    upload("own-meta-in-upper-case", meta=own.replace(hashlib.sha256(PNG).hexdigest(), hashlib.sha256(PNG).hexdigest().upper()))
    upload("file-that-holds-parts", data=b'\r\n--x\r\nContent-Disposition: form-data; name="meta"\r\n\r\n{}\r\n--x--\r\n')
    upload("file-of-one-byte", data=b"x")
    upload("file-of-nul", data=bytes(100))
    upload("digest-of-another-file", meta=meta_of("licence.png", b"another"), status=213)
    upload("meta-without-digest", meta='{"filename":"licence.png"}', status=100)
    upload("meta-with-another-filename", meta=meta_of("other.png", PNG), status=100)
    upload("meta-with-the-digest-twice", meta=own[:-1] + ',"sha256":"0"}', status=100)
    upload("meta-not-json", meta="filename=a", status=420)
    upload("meta-cut", meta=own[:-1], status=420)
    upload("meta-not-utf-8", meta=Raw(hex="ff"), status=102)
    for name, filename in {"empty": "", "line-feed": "a\n.png", "carriage-return": "a\r\nX: y.png", "nul": Raw(hex=b"a\0.png".hex()), "delete": "a\x7f.png"}.items():
        upload(f"filename-{name}", filename, status=100)
    upload("filename-not-utf-8", Raw(hex="ff2e706e67"), status=102)
    for name, kind in {"parameter": "image/png; charset=x", "no-slash": "image", "line-feed": "image/png\r\nX: y", "quote": 'image/"png"', "chinese": "图/片"}.items():
        upload(f"content-type-{name}", content_type=kind, status=100)
    upload("no-type-for-the-ending", "a.xyz", url="/v3/new-interface/media/upload", status=100)
    upload("a-format-that-the-path-does-not-take", "a.gif", content_type="image/gif", status=100)
    upload("file-empty", data=b"", status=100)
    upload("file-too-large", given_file=repeat("x", 2 * 1024 * 1024 + 1), status=105)
    upload("foreign-host", url="https://evil.example" + IMAGE, status=106)
    upload("no-private-key", client="external", status=110)
    return c
