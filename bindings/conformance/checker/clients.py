"""What a client says of answers, notifications, encrypted fields and lists of certificates."""

import json
import re

from .messages import Ring, check_signature, found, lookup, read, validity, verify
from .primitives import as_json, key_of, open_gcm, target, text_of
from .values import load_key, serial_of, strict_base64

UNDECIDED = {"SYSTEM_ERROR", "ACCEPT", "USERPAYING", "ALREADY_EXISTS"}
UNSIGNED = ["/v3/billdownload/file", "/v3/new-tax-control-fapiao/download", "/v3/transferdownload/elecvoucherfile", "/v3/transferdownload/signfile"]


def in_range(now):
    return 0 < now < 10**11


def tolerance(config):
    return int(config.get("clock_tolerance_s", 300))


def check(data, given, want, now):
    """Status, what is known of the order, and how far the answer is authenticated."""
    config, response = data.clients[given["client"]], given["response"]
    rows, body, code = data.rows(response["headers"]), data.bytes(response["body"]), response["status"]
    if not 100 <= code <= 999 or not in_range(now):
        return 100, {"verified": 0}
    if not 200 <= code <= 299:
        status, outcome = error_answer(rows, body, code)
        return status, {"verified": 3, "outcome": outcome}
    path = target(data.bytes(given["url"]).decode()).split("?")[0]
    exempt = path in UNSIGNED or re.fullmatch(r"/v3/merchant-service/images/(?!upload$)(?:[A-Za-z0-9._~=-]|%3D|%2B)+", path)
    if given["method"] == "GET" and code == 200 and exempt and not found(rows, "Wechatpay-Signature"):
        return 0, {"verified": 2}
    status, _ = verify(rows, body, Ring(data, config), now, tolerance(config))
    if status:
        return status, {"verified": 0, "outcome": 3}
    return (0, {"verified": 1}) if code in (200, 204) else (401, {"verified": 1, "outcome": 0})


def error_answer(rows, body, code):
    answer = unique_json(body)
    word = answer.get("code") if isinstance(answer, dict) else None
    if not isinstance(word, str) or not word or not 400 <= code <= 599:
        return 401, 0
    request_id = found(rows, "Request-ID")
    rejected = code < 500 and code not in (408, 409) and word not in UNDECIDED and request_id and request_id[0]
    return (402 if code == 429 else 400), (2 if rejected else 0)


def unique_json(body):
    def once(pairs):
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)
    try:
        return json.loads(body, object_pairs_hook=once)
    except ValueError:
        return None


def secrets(data, config):
    return [line.encode() for line in config.get("api_v3_key", "").split("\n") if line]


def opened(secrets_, nonce, aad, sealed):
    """(status, plaintext) under the first key that opens it."""
    if not secrets_:
        return 110, None
    for secret in secrets_:
        plaintext = open_gcm(secret, nonce, aad, sealed)
        if plaintext is not None:
            return 0, plaintext
    return 210, None


def block_rows(raw):
    lines = [line.rstrip("\r") for line in raw.decode(errors="replace").split("\n")]
    return [tuple(line.split(":", 1)) for line in lines if ":" in line]


def notify_open(data, given, want, now):
    config, body = data.clients[given["client"]], data.bytes(given["body"])
    rows = data.rows(given["headers"]) if "headers" in given else block_rows(data.bytes(given["block"]))
    if not in_range(now):
        return 100, {}
    if len(body) > 5 * 1024 * 1024:
        return 105, {}
    status, key_id = verify(rows, body, Ring(data, config), now, tolerance(config))
    if status:
        return status, {}
    envelope = as_json(body)
    if not isinstance(envelope, dict):
        return 421, {}
    resource = envelope.get("resource")
    named = [envelope.get(name) for name in ["id", "create_time", "event_type", "resource_type"]]
    if not isinstance(resource, dict) or not all(isinstance(one, str) for one in named):
        return 421, {}
    fields = [resource.get(name) for name in ["algorithm", "ciphertext", "nonce"]]
    aad = resource.get("associated_data")
    if not all(isinstance(one, str) for one in fields) or not isinstance(aad, (str, type(None))):
        return 421, {}
    algorithm, ciphertext, nonce = fields
    if algorithm != "AEAD_AES_256_GCM":
        return 212, {}
    sealed = strict_base64(ciphertext)
    if len(nonce.encode()) != 12 or sealed is None:
        return 421, {}
    status, plaintext = opened(secrets(data, config), nonce.encode(), (aad or "").encode(), sealed)
    if status:
        return status, {}
    opened_ = as_json(plaintext)
    if not isinstance(opened_, dict):
        return 421, {}
    # Whom it concerns: the signature does not say.
    own = {**dict.fromkeys(["mchid", "sp_mchid", "combine_mchid"], config.get("mchid")), "brand_id": config.get("brand_id")}
    named_ = {name: opened_[name] for name in own if opened_.get(name)}
    others = [name for name, text in named_.items() if own[name] and text != own[name]]
    if others and len(named_) == 1:
        return 421, {}
    def c_text(text):
        return (text or "").replace("\0", "\ufffd").encode()
    return 0, {
        "notify_id": c_text(named[0]), "create_time": c_text(named[1]), "event_type": c_text(named[2]), "resource_type": c_text(named[3]),
        "summary": c_text(envelope.get("summary")), "original_type": c_text(resource.get("original_type")), "serial": key_id.encode(),
        "timestamp": int(found(rows, "Wechatpay-Timestamp")[0]), "plaintext": plaintext, "json": told(spliced(body.decode(), plaintext.decode()), others).encode(),
    }


def told(text, others):
    return text[:text.rindex("}")] + ',"mchid_matches":false' + text[text.rindex("}"):] if others else text


def spliced(body, plaintext):
    """The text of the member `resource` replaced, every other character as it was."""
    decoder, at = json.JSONDecoder(), body.index("{") + 1
    def skip(at):
        return re.compile(r"[ \t\r\n,:]*").match(body, at).end()
    while True:
        name, at = decoder.raw_decode(body, skip(at))
        start = skip(at)
        _, at = decoder.raw_decode(body, start)
        if name == "resource":
            return body[:start] + plaintext + body[at:]


def client_encrypt(data, given, want, now):
    """Which key it is for an id; the system's clock is between 2021 and 2099."""
    config, plaintext, key_id = data.clients[given["client"]], data.bytes(given["plaintext"]), data.bytes(given["key_id"]).decode()
    ring, today = Ring(data, config), 1_800_000_000
    row = ring.find(key_id) if key_id else ring.preferred(today)
    if row is None:
        return (204 if key_id else 410), {}
    if row[2] and not row[2][0] <= today <= row[2][1]:
        return 204, {}
    if len(plaintext) > 214:
        return 211, {}
    if not row[1].same_as(key_of(data, given["private_key"])):
        return 210, {}
    return 0, {"plaintext": plaintext, "used_key_id": row[0].encode()}


def client_decrypt(data, given, want, now):
    config = data.clients[given["client"]]
    if "private_key" not in config:
        return 110, {}
    raw = strict_base64(text_of(data.bytes(given["ciphertext"]))[0])
    plaintext = key_of(data, config["private_key"]).open(raw) if raw is not None else None
    return (210, {}) if plaintext is None else (0, {"plaintext": plaintext})


def load_certificates(data, given, want, now):
    config, response = data.clients[given["client"]], given["response"]
    rows, body = data.rows(response["headers"]), data.bytes(response["body"])
    if not in_range(now):
        return 100, {}
    if "brand_id" in config or response["status"] != 200:
        return None  # no cryptography in it
    if not secrets(data, config):
        return 110, {}
    status, values = read(rows, now, 300)
    if status:
        return status, {}
    ring = Ring(data, config)
    public = [row for row in ring.keys if row[2] is None]
    ring.keys = public or ring.keys
    first = not ring.keys
    if not first:
        status = signed_by(ring, values, body, now)
        if status:
            return status, {}
    status, listed = certificates_in(body, secrets(data, config))
    if status:
        return status, {}
    if first:
        ring.keys = [(serial_of(key.certificate), key, validity(key.certificate)) for key in listed]
        status = signed_by(ring, values, body, now)
        if status:
            return status, {}
    own = key_of(data, config["private_key"])
    seen = set()
    for key in listed:
        if validity(key.certificate)[1] <= now:
            return 410, {}
        if key.same_as(own):
            return 116, {}
        if key.certificate.serial_number in seen:
            return 420, {}
        seen.add(key.certificate.serial_number)
    return 0, {}


def signed_by(ring, values, body, now):
    row = ring.find(values[3])
    if row is None or (row[2] and not row[2][0] - 300 <= now <= row[2][1] + 300):
        return 204
    return check_signature(values, body, row[1])


def certificates_in(body, secrets_):
    """(status, keys) of a list, in its order."""
    answer, listed = as_json(body), []
    entries = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        return 420, None
    if not entries:
        return 410, None
    if len(entries) > 64:
        return 105, None
    for entry in entries:
        sealed = entry.get("encrypt_certificate", {})
        if not {"algorithm", "nonce", "associated_data", "ciphertext"} <= set(sealed) or "serial_no" not in entry:
            return 420, None
        if sealed["algorithm"] != "AEAD_AES_256_GCM":
            return 212, None
        raw = strict_base64(sealed["ciphertext"])
        if sealed["associated_data"] != "certificate" or len(sealed["nonce"]) != 12 or raw is None:
            return 420, None
        status, plaintext = opened(secrets_, sealed["nonce"].encode(), b"certificate", raw)
        if status:
            return status, None
        if plaintext.count(b"BEGIN CERTIFICATE") > 1:
            return 420, None
        key = load_key(plaintext)
        if key is None:
            return 111, None
        if not key.certificate:
            return 116, None
        if lookup(serial_of(key.certificate)) != lookup(entry["serial_no"]):
            return 420, None
        listed.append(key)
    return 0, listed
