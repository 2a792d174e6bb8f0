"""wxpay_status_name and _text: one case for every number, and some that are none.

The names are the contract's; the texts are those of docs/errors.md.
"""

import os

from case import Cases

NAMES = """
0 OK
100 INVALID_ARGUMENT 101 NULL_ARGUMENT 102 INVALID_UTF8 103 INVALID_STATE 104 UNSUPPORTED 105 LIMIT_EXCEEDED 106 URL_REFUSED
110 CONFIG_INCOMPLETE 111 KEY_FORMAT 112 KEY_ENCRYPTED 113 KEY_CERT_MISMATCH 114 API_KEY_LENGTH 115 SERIAL_FORMAT 116 WRONG_KEY_ROLE
117 CONFIG_UNKNOWN_KEY 118 FILE_UNREADABLE 119 CONFIG_CONFLICT
200 SIGN_FAILED 201 SIGNATURE_INVALID 202 SIGNATURE_PROBE 203 SIGNATURE_HEADERS_MISSING 204 SERIAL_UNKNOWN 205 TIMESTAMP_EXPIRED
206 HEADER_DUPLICATE 210 DECRYPT_FAILED 211 ENCRYPT_TOO_LONG 212 UNSUPPORTED_ALGORITHM 213 DIGEST_MISMATCH
300 DNS 301 CONNECT 302 TIMEOUT 303 IO 304 HTTP_PROTOCOL 305 BODY_TOO_LARGE 306 PROXY 307 BODY_TRUNCATED 308 BIND_WITH_PROXY
309 PROXY_AUTH 310 TLS_UNKNOWN_ISSUER 311 TLS_EXPIRED 312 TLS_NOT_YET_VALID 313 TLS_NAME_MISMATCH 314 TLS_HANDSHAKE 315 NO_TRUST_ROOTS
316 TLS_BAD_CHAIN 317 TLS_CLIENT_CERTIFICATE
400 API_ERROR 401 API_UNEXPECTED_RESPONSE 402 RATE_LIMITED 410 CERTIFICATES_UNAVAILABLE 420 MALFORMED_JSON 421 MALFORMED_NOTIFY
422 MALFORMED_XML 423 MALFORMED_BILL
500 FORKED 501 CANCELLED 503 OUT_OF_MEMORY
900 PANIC 901 INTERNAL
""".split()
TEXTS = os.path.join(os.path.dirname(__file__), "../../../docs/errors.md")


def cases():
    c = Cases("statuses")
    rows = {}
    with open(TEXTS, encoding="utf-8") as table:
        for line in table:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 4 and cells[1].isdigit():
                rows[int(cells[1])] = cells[3:5]
    numbers = [int(number) for number in NAMES[::2]]
    if sorted(rows) != numbers:
        raise SystemExit("docs/errors.md has other statuses than the contract")
    for number, name in zip(numbers, NAMES[1::2]):
        english, chinese = rows[number]
        c.add(name, "status", {"code": number}, {"name": name, "en": english, "zh": chinese})
    for number in [-1, -2147483648, 1, 99, 107, 207, 502, 999, 2147483647]:
        c.add(f"unknown-{number}", "status", {"code": number}, {"name": "UNKNOWN", "en": "unknown status", "zh": "unknown status"})
    return c
