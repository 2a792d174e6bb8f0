"""libwxpay through its Python package.

    libwxpay_client.py MERCHANT-JSON BODY-FILE
"""

import sys

import side
from libwxpay import Client, Verified


def main(merchant, body):
    client = Client.from_json(side.content(merchant))
    order = side.content(body)

    def request():
        answer = client.post(side.TARGET, order)
        assert answer.verified == Verified.SIGNATURE and answer.json["code_url"]

    side.take_turns(request, lambda: client.prepare("POST", side.TARGET, order), lambda: client.info()["connections"])


main(*sys.argv[1:])
