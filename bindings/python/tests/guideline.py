"""The case of WeChat Pay's server certificate guideline in one process: guideline.py PORT DIR

DIR and the server are conformance/guideline.sh's; SSL_CERT_FILE is DIR/store.pem.
"""

import sys
from pathlib import Path

import libwxpay
from libwxpay import Client, Outcome, SignatureError, TransportError

KEYS = Path(__file__).parents[2] / "conformance/keys"
MISSING = "DigiCert Global Root G2 is not in this store"
port, directory = int(sys.argv[1]), Path(sys.argv[2])


def probes(client):
    """Without a client and of one."""
    return [probe("localhost", port) for probe in (libwxpay.trust_probe, client.trust_probe)]


def missing(diagnosis):
    return diagnosis[0]["id"] == "ROOT_NOT_IN_STORE" and MISSING in diagnosis[0]["text"]


with Client(
    mchid="1900000001",
    private_key_file=KEYS / "merchant_key.pem",
    merchant_certificate_file=KEYS / "merchant_cert.pem",
    public_key_id="PUB_KEY_ID_0110000000012024010100000001",
    public_key_file=KEYS / "wechat_public.pem",
    base_url=f"https://localhost:{port}",
) as client:
    try:
        client.post("/v3/pay/transactions/native", {})
        sys.exit("the server was trusted")
    except TransportError as error:
        assert (error.status_name, error.outcome) == ("TLS_UNKNOWN_ISSUER", Outcome.NOT_SENT), error
        assert missing(error.json["diagnosis"]) and MISSING in str(error), error
    assert all(report["status"] == 310 and missing(report["diagnosis"]) for report in probes(client))
    for report in (libwxpay.trust_report(), client.trust_report()):
        assert (report["verdict"], report["diagnosis"][0]["id"]) == ("error", "ONLY_OLD_ROOT"), report

    # Solution 2: the root is added to the file that is in use.
    with open(directory / "store.pem", "ab") as store:
        store.write((directory / "root.pem").read_bytes())
    try:
        client.get("/v3/certificates")
        sys.exit("an answer that nobody signed was taken")
    except SignatureError as error:
        assert error.status_name == "SIGNATURE_HEADERS_MISSING", error
    assert [report["status"] for report in probes(client)] == [0, 0]
    assert client.trust_report()["store"]["reloads"] == 1
print("python: ok")
