"""Writes keys/clients.json, vectors/*.json and the list of the keys' fingerprints.

    python3 bindings/conformance/generate DIR FINGERPRINTS.rs

DIR has keys/ from keys.sh. With equal keys the output is equal.
"""

import os
import sys

import tools

directory, fingerprints = sys.argv[1:]
tools.KEYS = os.path.join(directory, "keys")

import answers  # noqa: E402
import bills  # noqa: E402
import canonical  # noqa: E402
import certificates  # noqa: E402
import clients  # noqa: E402
import configuration  # noqa: E402
import encryption  # noqa: E402
import explain  # noqa: E402
import fields  # noqa: E402
import headers  # noqa: E402
import key_forms  # noqa: E402
import notifications  # noqa: E402
import outgoing  # noqa: E402
import payments  # noqa: E402
import published  # noqa: E402
import responses  # noqa: E402
import signatures  # noqa: E402
import statuses  # noqa: E402
import trust  # noqa: E402
import uploads  # noqa: E402
import v2  # noqa: E402

SUBJECTS = [canonical, signatures, encryption, headers, responses, notifications, payments, outgoing, key_forms,
            configuration, certificates, statuses, trust, explain, uploads, fields, bills, v2, answers]

os.makedirs(f"{directory}/vectors", exist_ok=True)
for old in os.listdir(f"{directory}/vectors"):
    os.remove(f"{directory}/vectors/{old}")
clients.write(tools.KEYS)
published.write(fingerprints)
total = 0
seen = set()
for module in SUBJECTS:
    cases = module.cases()
    for case in cases.all:
        if case["id"] in seen:
            raise SystemExit(f"two cases are called {case['id']}")
        seen.add(case["id"])
    cases.write(f"{directory}/vectors")
    total += len(cases.all)
    print(f"{cases.name}: {len(cases.all)}")
print(f"{total} cases")
