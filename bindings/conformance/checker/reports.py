"""What reports about trust say of a store with DigiCert Global Root CA (G1) alone and of addresses
where nobody listens, by the calendar and the forms of arguments; what an error text means, by the
words that OpenSSL, Go, Java, .NET and rustls have for each check. Nobody is connected to."""

import ipaddress
import re
from datetime import datetime, timezone

from .clients import check, in_range
from .primitives import as_json, target

# Mozilla's root lifecycle table; G1's notAfter.
G2_DISTRUSTED, G1_ENDS = datetime(2029, 4, 15), datetime(2031, 11, 10)
HALF_A_YEAR_BEFORE = datetime(2028, 10, 15)


def trust_report(data, given, want, now):
    if not in_range(now):
        return 100, {}
    today = datetime.fromtimestamp(now, timezone.utc).replace(tzinfo=None)
    # (how bad, id), in the order of the text: roots, source, anomalies.
    found = [(2, "ONLY_OLD_ROOT" if today < G2_DISTRUSTED else "ROOT_NOT_IN_STORE")]
    if today < G2_DISTRUSTED:
        found.append((1 if today > HALF_A_YEAR_BEFORE else 0, "SUCCESSOR_ROOT_MISSING"))
    found.append((1, "PRIVATE_BUNDLE"))
    if today > G1_ENDS:
        found.append((0, "EXPIRED_ROOT"))
    found.sort(key=lambda one: -one[0])
    return 0, {"verdict": "error", "report_status": 0, "ids": " ".join(name for _, name in found)}


def explain_response(data, given, want, now):
    """The verdict of the check, and of a SIGN_ERROR the first line that is not the one that was signed."""
    if not in_range(now):
        return 100, {}
    status, _ = check(data, given, want, now)
    found = {"report_status": status, **({"verdict": "error"} if status else {})}
    answer = as_json(data.bytes(given["response"]["body"]))
    if not status or not isinstance(answer, dict) or answer.get("code") != "SIGN_ERROR":
        return 0, found if status else {**found, "ids": ""}
    information = answer["detail"]["sign_information"]
    names = ["METHOD", "URL", "TIMESTAMP", "NONCE", "BODY"]
    signed = [given["method"], given["url"], str(now), "{nonce}", given["body"]]
    whole = "".join(line + "\n" for line in signed)
    shown = information["truncated_sign_message"].split("\n", 4)
    differ = [name for name, ours, theirs in zip(names[:4], signed, shown) if ours != theirs]
    length = len(whole.replace("{nonce}", "x" * 32).encode())
    cut = shown[4].removesuffix("\n")
    if not differ and (information["sign_message_length"] != length or not signed[4].startswith(cut)):
        differ = ["BODY"]
    return 0, {**found, "ids": f"SIGN_{differ[0]}_DIFFERS" if differ else "SIGN_WRONG_KEY"}


def host_and_port(data, given):
    try:
        host, bind = data.bytes(given["host"]).decode(), data.bytes(given["bind_address"]).decode()
    except UnicodeDecodeError:
        return None
    return host, given["port"], bind


def is_address(text, with_port):
    named = re.fullmatch(r"(?:\[(.+)\]|([^:]+)):([0-9]+)", text) if with_port else None
    try:
        ipaddress.ip_address((named[1] or named[2]) if named else text)
    except ValueError:
        return False
    return not named or 0 < int(named[3]) < 65536


def trust_probe(data, given, want, now):
    read = host_and_port(data, given)
    if read is None:
        return 102, {}
    host, port, bind = read
    bare = host[1:-1] if host.startswith("[") else host
    if not re.fullmatch(r"[A-Za-z0-9._-]*[A-Za-z0-9_-]", host) and not (is_address(bare, False) and ":" in bare):
        return 100, {}
    if not 0 <= port <= 65535 or (bind and not is_address(bind, True)) or not in_range(now):
        return 100, {}
    if bind and "proxy" in data.clients.get(given.get("client"), {}):
        return 0, {"report_status": 308, "verdict": "error", "first": "BIND_WITH_PROXY"}
    return 0, {"report_status": 301, "verdict": "error", "first": "CONNECT_FAILED"}


def call(data, given, want, now):
    config = given["config"]
    if not {"private_key", "external_signer"} & set(config):
        return 110, {}
    try:
        method, url = data.bytes(given["method"]).decode(), data.bytes(given["url"]).decode()
        body = data.bytes(given["body"]).decode()
    except UnicodeDecodeError:
        return 102, {"outcome": 1}
    if method not in {"GET", "POST", "PUT", "PATCH", "DELETE"} or (method == "GET" and body):
        return 100, {"outcome": 1}
    path = target(url)
    if path is None or not (url.startswith("/") or url.startswith(config["base_url"] + "/")):
        return 106, {"outcome": 1}
    host = re.match(r"https?://(\[.*\]|[^:/]*)", config["base_url"])[1]
    status = 308 if "proxy" in config and f"bind_host.{host}" in config else 301
    return status, {"outcome": 1, "ids": "BIND_WITH_PROXY" if status == 308 else "CONNECT_FAILED"}


# What each runtime's library says of the check that failed: OpenSSL's x509_vfy texts and Node's names
# for them, Go's crypto/x509, the JDK's, .NET's, rustls'. The first that is found counts.
WORDS = [
    (r"RemoteCertificateValidationCallback", "CALLBACK_REFUSED", 310),
    (r"self.signed certificate in certificate chain|SELF_SIGNED_CERT_IN_CHAIN", "TLS_INSPECTION", 310),
    (r"self.signed certificate|DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED", 310),
    (r"unable to verify the first certificate", "MISSING_INTERMEDIATE", 310),
    (r"CaUsedAsEndEntity", "CA_AS_SERVER", 316),
    (r"is before|(?<!or )is not yet valid|CERT_NOT_YET_VALID|NotValidYet", "SERVER_CERT_NOT_YET_VALID", 312),
    (r"certificate has expired|CERT_HAS_EXPIRED|Expired", "SERVER_CERT_EXPIRED", 311),
    (r"legacy Common Name|not valid for any names", "NO_NAME_IN_CERT", 313),
    (r"subject name matches|[Hh]ostname mismatch|altnames|is valid for|does not match the server|DNS name matching|NameMismatch|NotValidForName", "WRONG_SERVER", 313),
    (r"UntrustedRoot", None, 310),
    (r"local issuer|unknown authority|PKIX path building|UnknownIssuer|PartialChain|verify failed|CERT_UNTRUSTED", "ROOT_NOT_IN_STORE", 310),
]


def explain_text(data, given, want, now):
    text = data.bytes(given["text"]).decode(errors="replace")
    for words, first, status in WORDS:
        if re.search(words, text):
            return 0, {"report_status": status, **({"first": first} if first else {})}
    return 0, {"report_status": 0, "ids": "UNKNOWN_TEXT", "language": None}
