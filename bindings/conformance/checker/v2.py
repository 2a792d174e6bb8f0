"""API v2 and PayScore, with hashlib, hmac and a parser of the standard library."""

import hashlib
import hmac
import json
import re
from xml.etree import ElementTree

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .clients import in_range
from .values import strict_base64

NAMES = {"MD5": 32, "HMAC-SHA256": 64}
#: Answers of these paths may come without a signature; of them the vectors use one.
SIGNLESS = {"/payitil/report"}
#: Codes of which the vectors say that nothing happened.
NOTHING_HAPPENED = {"ORDERNOTEXIST", "NOAUTH"}
#: Fields of API v2 that a value may not pretend to be.
KNOWN = {"total_fee", "result_code", "return_code", "out_trade_no"}


class Refused(Exception):
    """The status of what cannot be taken."""


def secrets(config):
    found = [line.encode() for line in config.get("api_v2_key", "").split("\n") if line]
    if not found:
        raise Refused(110)
    return found


def text_of(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused(102) from None


def algorithm(config, name):
    name = name or config["api_v2_sign_type"]
    if name not in NAMES:
        raise Refused(212)
    return name


def digest(fields, name, secret):
    """Fields as text; what is empty does not count."""
    names = sorted((one.encode(), text.encode()) for one, text in fields.items() if one != "sign" and text != "")
    base = b"&".join(one + b"=" + text for one, text in names) + b"&key=" + secret
    made = hashlib.md5(base) if name == "MD5" else hmac.new(secret, base, hashlib.sha256)
    return made.hexdigest().upper()


def from_json(text):
    def once(pairs):
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)
    try:
        members = json.loads(text, object_pairs_hook=once, parse_float=lambda number: [number])
        json.dumps(members, ensure_ascii=False).encode()
    except ValueError:
        raise Refused(420) from None
    if not isinstance(members, dict):
        raise Refused(420)
    fields = {}
    for name, member in members.items():
        if not re.fullmatch(r"[A-Za-z0-9_$]{1,64}", name) or isinstance(member, (bool, dict, list)):
            raise Refused(100)
        text = "" if member is None else str(member)
        if re.search(r"[\0-\x1f\x7f-\x9f]", text):
            raise Refused(100)
        if text:
            fields[name] = text
    return fields


def ambiguous(fields, more=()):
    names = set(fields) | set(more)
    return any(f"&{name}=" in text for text in fields.values() for name in names)


def v2_sign(data, given, want, now):
    config = data.clients[given["client"]]
    sign_type, text = text_of(data.bytes(given["sign_type"])), text_of(data.bytes(given["json"]))
    key = secrets(config)[0]
    name = algorithm(config, sign_type)
    fields = from_json(text)
    if not set(fields) - {"sign"} or fields.get("sign_type", name) != name or ambiguous(fields):
        return 100, {}
    return 0, {"signature": digest(fields, name, key).encode()}


def v2_prepare(data, given, want, now):
    """What goes out is read back as a message of WeChat Pay's: so it is one field more, `sign`."""
    config = data.clients[given["client"]]
    path, sign_type = text_of(data.bytes(given["path"])), text_of(data.bytes(given["sign_type"]))
    key = secrets(config)[0]
    if ".." in path or not (path.startswith("/") or path.startswith(config["base_url"] + "/")):
        return 106, {}
    if "?" in path or path.startswith("/v3/"):
        return 100, {}
    name = algorithm(config, sign_type)
    fields = from_json(text_of(data.bytes(given["json"])))
    if "sign" in fields or fields["mch_id"] != config["mchid"] or ambiguous(fields, KNOWN) or any("$" in one for one in fields):
        return 100, {}
    url = path if path.startswith("https:") else config["base_url"] + path
    return 0, {"method": b"POST", "url": url.encode(), "content_type": b"text/xml; charset=utf-8",
               "fields": {**fields, "sign": digest(fields, name, key)}}


def read_xml(body, root="xml"):
    """Flat fields. A parser of the standard library, and what it would let pass is looked for in the text."""
    try:
        text = body.decode()
        tree = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise Refused(422) from None
    if re.search(r"<!(?!\[CDATA\[)", text) or re.search(r"<\?(?!xml )", text) or tree.tag != root or tree.attrib:
        raise Refused(422)
    fields = {}
    for one in tree:
        if len(one) or one.attrib or one.tag in fields or re.search(r"[\0-\x1f]", one.text or ""):
            raise Refused(422)
        fields[one.tag] = one.text or ""
    return fields


def judged(fields, name, keys):
    """0, or why these fields are not signed as they must be."""
    sign = fields.get("sign", "")
    if not sign or ambiguous(fields):
        return 201
    if re.fullmatch(r"[0-9A-Fa-f]+", sign) and len(sign) in NAMES.values() and len(sign) != NAMES[name]:
        return 212
    return 0 if any(digest(fields, name, key) == sign for key in keys) else 201


def v2_check(data, given, want, now):
    config, response = data.clients[given["client"]], given["response"]
    keys = secrets(config)
    asked = given.get("request")
    if asked is None:
        fields = read_xml(data.bytes(response["body"]))
        status = judged(fields, config["api_v2_sign_type"], keys)
        if not status and fields.get("mch_id", config["mchid"]) != config["mchid"]:
            status = 401
        return status, {"verified": 0} if status else {"verified": 1, "fields": fields}
    name = algorithm(config, asked["sign_type"])
    if response["status"] != 200:
        return 401, {"verified": 3, "outcome": 0}
    try:
        fields = read_xml(data.bytes(response["body"]))
    except Refused as refused:
        return refused.args[0], {"verified": 0, "outcome": 0}
    if fields.get("return_code") != "SUCCESS":
        return 400, {"verified": 3, "outcome": 0}
    unsigned = asked["path"] in SIGNLESS and "sign" not in fields
    status = 0 if unsigned else judged(fields, name, keys)
    if status:
        return status, {"verified": 0, "outcome": 0}
    sent = json.loads(asked["json"])
    if fields.get("mch_id", config["mchid"]) != config["mchid"] or fields.get("appid", sent["appid"]) != sent["appid"]:
        return 401, {"verified": 0, "outcome": 0}
    result = fields.get("result_code", "SUCCESS")
    if result == "FAIL":
        return 400, {"verified": 3, "outcome": 2 if fields.get("err_code") in NOTHING_HAPPENED else 0}
    if result != "SUCCESS":
        return 401, {"verified": 0, "outcome": 0}
    return 0, {"verified": 2 if unsigned else 1, "fields": fields}


def v2_refund_open(data, given, want, now):
    keys = secrets(data.clients[given["client"]])
    sealed = strict_base64(text_of(data.bytes(given["req_info"])).encode())
    for key in keys if sealed else []:
        secret = hashlib.md5(key).hexdigest().encode()
        try:
            opener = Cipher(algorithms.AES(secret), modes.ECB()).decryptor()
            unpadder = padding.PKCS7(128).unpadder()
            plain = opener.update(sealed) + opener.finalize()
            return 0, {"refund": read_xml(unpadder.update(plain) + unpadder.finalize(), "root")}
        except (ValueError, Refused):
            continue
    return 210, {}


def v2_reply(data, given, want, now):
    reason = text_of(data.bytes(given["reason"]))
    if "\n" in reason:
        return 100, {}
    fields = read_xml(data.bytes(want["body"]))
    code = "FAIL" if given["result"] else "SUCCESS"
    wanted = {"return_code": code, "return_msg": reason[:128] or ("失败" if given["result"] else "OK")}
    return (0 if fields == wanted else "not 0: it is read as " + str(fields)), {"http_status": 200}


def pay_score(data, given, want, now):
    config, package = data.clients[given["client"]], text_of(data.bytes(given["package"]))
    if not in_range(now):
        return 100, {}
    secrets(config)
    if not re.fullmatch(r"[A-Za-z0-9_\-=@.:/+]{1,128}", package):
        return 100, {}
    return 0, {"members": {"mch_id": config["mchid"], "package": package, "timestamp": str(now), "sign_type": "HMAC-SHA256"}}
