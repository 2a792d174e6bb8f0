"""How cases are written: values, and the collection that goes into one file."""

import json

from tools import NOW, b64, sign


class Raw(dict):
    """A value in one of the forms that are not text."""


def file(name):
    return Raw(file=f"keys/{name}")


def repeat(text, times):
    return Raw(repeat=text, times=times)


def value(data):
    """Text where it can be, hex where it must be."""
    if data is None or isinstance(data, Raw):
        return data
    if isinstance(data, str):
        data = data.encode()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Raw(hex=data.hex())
    return Raw(hex=data.hex()) if "\0" in text else text


class Cases:
    def __init__(self, name):
        self.name = name
        self.all = []

    def add(self, identity, op, given, want=None, status=0, now=None, outcome=None):
        """`given` and `want` are written as they are: whoever calls has made values of bytes."""
        case = {"id": f"{op}/{identity}", "op": op}
        if now is not None:
            case["now"] = now
        case["in"] = given
        case["want"] = dict(want or {})
        if status:
            case["want"] = {"status": status, **case["want"]}
        if outcome is not None:
            case["want"]["outcome"] = outcome
        self.all.append(case)

    def write(self, directory):
        with open(f"{directory}/{self.name}.json", "w", encoding="utf-8") as out:
            out.write("[\n")
            out.write(",\n".join(json.dumps(case, ensure_ascii=False) for case in self.all))
            out.write("\n]\n")


# --- the strings that are signed (protocol: five lines and three, each ended by LF)


def five_lines(method, target, timestamp, nonce, body=b""):
    body = body.encode() if isinstance(body, str) else body
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def three_lines(timestamp, nonce, body=b""):
    body = body.encode() if isinstance(body, str) else body
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


WECHAT_ID = "PUB_KEY_ID_0110000000012024010100000001"
NEXT_ID = "PUB_KEY_ID_0110000000012025010100000002"
NONCE = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"


def signed_headers(body, by="wechat_key.pem", serial=WECHAT_ID, timestamp=NOW, nonce=NONCE, signature=None):
    """The four headers of a message that WeChat Pay signed."""
    if signature is None:
        signature = sign(by, three_lines(timestamp, nonce, body))
    return [
        ["Wechatpay-Timestamp", str(timestamp)],
        ["Wechatpay-Nonce", nonce],
        ["Wechatpay-Signature", signature],
        ["Wechatpay-Serial", serial],
    ]


def flip(text):
    """The same base64 with one bit of its bytes changed."""
    import base64
    raw = bytearray(base64.b64decode(text))
    raw[len(raw) // 2] ^= 1
    return b64(bytes(raw))
