"""Recomputes the cryptographic expectations of every vector with Python's cryptography, and what
reports about trust must say by the calendar and by the words of each language.

    target/tools/conformance/bin/python bindings/conformance/check.py [DIR]

Prints `N checked` when all are right, else one line for each that is not. Cases whose expectation
is a matter of neither (the form of a setting, say) are not counted.
"""

import os
import sys

from checker import clients, files, primitives, reports, v2
from checker.values import Set

OPERATIONS = {
    "canonical_request": primitives.canonical_request,
    "canonical_response": primitives.canonical_response,
    "sign": primitives.sign,
    "verify": primitives.verify,
    "aead_decrypt": primitives.aead_decrypt,
    "oaep_decrypt": primitives.oaep_decrypt,
    "oaep_encrypt": primitives.oaep_encrypt,
    "key_load": primitives.key_load,
    "key_matches_cert": primitives.key_matches_cert,
    "header": primitives.header,
    "prepare": primitives.prepare,
    "prepare_unsigned": primitives.prepare,
    "pay": primitives.pay,
    "pay_unsigned": primitives.pay,
    "check": clients.check,
    "notify_open": clients.notify_open,
    "client_encrypt": clients.client_encrypt,
    "client_decrypt": clients.client_decrypt,
    "load_certificates": clients.load_certificates,
    "upload": files.upload,
    "encrypt_fields": files.encrypt_fields,
    "decrypt_fields": files.decrypt_fields,
    "bill": files.bill,
    "v2_sign": v2.v2_sign,
    "v2_prepare": v2.v2_prepare,
    "v2_check": v2.v2_check,
    "v2_refund_open": v2.v2_refund_open,
    "v2_reply": v2.v2_reply,
    "pay_score": v2.pay_score,
    "explain_response": reports.explain_response,
    "explain_text": reports.explain_text,
    "trust_report": reports.trust_report,
    "trust_probe": reports.trust_probe,
    "call": reports.call,
}


def differences(data, case, result):
    """Where the expectation is not what was computed."""
    want = dict(case["want"])
    status, members = result
    if want.pop("status", 0) != status:
        return [f"status is {status}"]
    wrong = []
    for name, computed in members.items():
        if name not in want:
            continue
        wanted = want[name]
        if isinstance(computed, bytes):
            equal = wanted is not None and data.bytes(wanted) == computed
        else:
            equal = wanted == computed
        if not equal:
            wrong.append(f"{name} is {computed!r}")
    return wrong


def main(root):
    data, checked, wrong = Set(root), 0, []
    for case in data.cases():
        operation = OPERATIONS.get(case["op"])
        if operation is None:
            continue
        try:
            result = operation(data, case["in"], case["want"], case.get("now", 0))
        except (primitives.Refused, v2.Refused) as refused:
            result = refused.args[0], {}
        except Exception as error:  # a case that cannot be read is wrong
            result = f"not computed: {error!r}", {}
        if result is None:
            continue
        checked += 1
        wrong += [f"{case['id']}: {what}" for what in differences(data, case, result)]
    print("\n".join([*wrong, f"{len(wrong)} wrong"]) if wrong else f"{checked} checked")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))))
