"""Uploads, fields by pointer and bills: multipart by the mail parser, JSON by the standard library's, yuan by decimals."""

import decimal
import hashlib
import json
import re
from email import policy
from email.parser import BytesParser

from .clients import check, client_decrypt
from .messages import Ring
from .primitives import prepare
from .values import load_key

MARK = b"boundary" * 4


def upload(data, given, want, now):
    """The body is taken apart by another parser; what is signed is the first part."""
    if want.get("status") == 213:
        given_digest = json.loads(data.bytes(given["meta"]))["sha256"]
        return (0 if given_digest == hashlib.sha256(data.bytes(given["file"])).hexdigest() else 213), {}
    if "status" in want:
        return None  # the form of an argument
    body = data.bytes(want["body"]).replace(b"{boundary}", MARK)
    message = BytesParser(policy=policy.HTTP).parsebytes(b'Content-Type: multipart/form-data; boundary="' + MARK + b'"\r\n\r\n' + body)
    parts = body.split(b"--" + MARK)
    names = [part.get_param("name", header="Content-Disposition") for part in message.iter_parts()]
    content = [part.split(b"\r\n\r\n", 1)[1][:-2] for part in parts[1:-1]]
    file = data.bytes(given["file"])
    if names != ["meta", "file"] or content[1] != file or parts[0] != b"" or parts[-1] != b"--\r\n":
        return "not 0: another parser finds other parts", {}
    if json.loads(content[0])["sha256"].lower() != hashlib.sha256(file).hexdigest():
        return "not 0: meta has the digest of another file", {}
    given_meta = data.bytes(given["meta"])
    if given_meta and given_meta != content[0]:
        return "not 0: meta is not as it was given", {}
    signed = {"client": given["client"], "method": "POST", "url": given["url"], "body": content[0].decode()}
    status, members = prepare(data, signed, want, now)
    members.pop("body")
    return status, members


class Pairs(list):
    """Members of an object, repeated ones too."""


def places(pointers):
    for line in pointers.replace("\r\n", "\n").split("\n"):
        if line:
            tokens = line.removesuffix("?").split("/")[1:]
            yield [token.replace("~1", "/").replace("~0", "~") for token in tokens], line.endswith("?")


def follow(value, tokens):
    """Every value that the tokens lead to."""
    if not tokens:
        return [value]
    first, rest = tokens[0], tokens[1:]
    if isinstance(value, Pairs):
        return [found for name, member in value if name == first for found in follow(member, rest)]
    if isinstance(value, list):
        chosen = value if first == "*" else [value[int(first)]]
        return [found for member in chosen for found in follow(member, rest)]
    return []


def named(text, pointers):
    tree = json.loads(text, object_pairs_hook=Pairs)
    found = [value for tokens, _ in places(pointers) for value in follow(tree, tokens)]
    return [value for value in found if isinstance(value, str) and value]


def encrypt_fields(data, given, want, now):
    """The plaintexts that pointers lead to, and that the expected body is the given one around them."""
    if "status" in want:
        return None
    config, body, pointers = data.clients[given["client"]], data.bytes(given["body"]).decode(), data.bytes(given["pointers"]).decode()
    row = Ring(data, config).preferred(1_800_000_000)
    if not row[1].same_as(load_key(data.bytes(given["private_key"]))):
        return "not 0: the private key is another", {}
    values, expected = named(body, pointers), data.bytes(want["body"]).decode()
    plaintexts = data.bytes(want["plaintexts"]).decode()
    # In the order of the body, which is not that of the pointers.
    values.sort(key=lambda text: plaintexts.find(text))
    if "\n".join(values) != plaintexts or set(named(expected, pointers)) != {"<ciphertext>"}:
        return f"not 0: the pointers lead to {values}", {}
    around = [re.escape(piece) for piece in expected.split("<ciphertext>")]
    if not re.fullmatch(r'(?:[^"\\]|\\.)+'.join(around), body):
        return "not 0: another byte has changed", {}
    return 0, {"serial": row[0].encode(), "plaintexts": plaintexts.encode()}


def decrypt_fields(data, given, want, now):
    status, _ = check(data, given, want, now)
    if status:
        return status, {}
    if "private_key" not in data.clients[given["client"]]:
        return 110, {}
    body, pointers = data.bytes(given["response"]["body"]).decode(), data.bytes(given["pointers"]).decode()
    tree = json.loads(body, object_pairs_hook=Pairs)
    for tokens, optional in places(pointers):
        found = follow(tree, tokens)
        if not all(isinstance(value, str) for value in found) or not (found or optional):
            return 100, {}
    for value in named(body, pointers):
        status, members = client_decrypt(data, {"client": given["client"], "ciphertext": value}, {}, now)
        if status:
            return status, {}
        try:
            plain = json.dumps(members["plaintext"].decode(), ensure_ascii=False)
        except UnicodeDecodeError:
            return 210, {}
        for spelled in (value, value.replace("/", "\\/")):
            body = body.replace(f'"{spelled}"', plain)
    return 0, {"json": body.encode()}


def fen(text):
    """By decimals: the generator counts digits."""
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return "-"
    amount = decimal.Decimal(text).scaleb(2)
    if amount != amount.to_integral_value() or abs(amount) >= 2**63:
        return "-"
    return str(int(amount))


def bill(data, given, want, now):
    """Rows by a pattern over the whole line instead of a split."""
    decimal.getcontext().prec = 60
    if "status" in want:
        return None
    lines = data.bytes(given["csv"]).decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").split("\n")
    columns, rows, marks, at = lines[0].split(","), [], [], 1
    cell = r"`((?:[^,]|,(?!`))*)"
    while lines[at].startswith("`"):
        found = re.fullmatch(",".join([cell] * len(columns)), lines[at])
        rows.append(list(found.groups()) if found else [one.removeprefix("`") for one in lines[at].split(",")])
        marks.append("1" * len(columns) if found else "".join(str(int(one.startswith("`"))) for one in lines[at].split(",")))
        at += 1
    names = lines[at].split(",")
    totals = dict(zip(names, re.fullmatch(",".join([cell] * len(names)), lines[at + 1]).groups()))
    asked = data.bytes(given["totals"]).decode().split("\n")
    def table(cells):
        return "".join("\t".join(row) + "\n" for row in cells).encode()
    return 0, {"columns": table([columns]), "rows": table(rows), "fen": table([[fen(one) for one in row] for row in rows]), "marks": table([[one] for one in marks]),
               "totals": table([[name, totals.get(name, "~"), fen(totals.get(name, ""))] for name in asked]), "row_count": len(rows)}
