"""The journey of a payment: order, pay, notification, reply, query, refund, against a simulator.

SSL_CERT_FILE=SIMDIR/ca.pem python journey.py SIMDIR
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import libwxpay

ORDER = "/v3/pay/transactions/native"
REFUND = "/v3/refund/domestic/refunds"
steps = 0


def step(what):
    global steps
    steps += 1
    print(f"{steps:2}. {what}", flush=True)


class Shop(BaseHTTPRequestHandler):
    """Verifies, decrypts, compares, stores once, answers: in this order."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            notification = self.server.client.notification(self.headers, body)
            store_once(self.server, notification)
            # Whoever saw it can send it again, and it verifies again: known already, nothing is done.
            store_once(self.server, self.server.client.notification(self.headers, body))
            assert self.server.delivered == 1, self.server.delivered
            reply = notification.reply_ok()
        except libwxpay.WxPayError as error:
            self.server.refused.append(error)
            reply = error.reply()
        self.send_response_only(reply.status)
        for name, value in reply.header_list:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


def is_about(told, number, mchid, total):
    """What a signature does not say: that this is about that order, of this merchant, over that amount."""
    return (told["out_trade_no"], told["mchid"], told["amount"]["total"]) == (number, mchid, total)


def store_once(server, notification):
    """A real service has a unique index on business number and event type."""
    resource = notification.json["resource"]
    assert is_about(resource, server.number, server.mchid, 100), resource
    assert resource["trade_state"] == "SUCCESS", resource
    key = (resource["out_trade_no"], notification.event_type)
    if key not in server.stored:
        server.stored[key] = resource
        server.delivered += 1
    print(f"    {notification.event_type}, signed by {notification.serial}, order {server.number} is paid")


def call(client, method, url, body=None):
    answer = client.call(method, url, body)
    assert answer.verified == libwxpay.Verified.SIGNATURE, answer.verified
    print(f"    {method} {url} -> {answer.status}, signed by {answer.key_id}")
    return answer.json


def main(directory):
    with open(os.path.join(directory, "merchant.json")) as file:
        merchant = json.load(file)
    number = f"py{int(time.time())}{os.getpid()}"

    step("load merchant.json, check that keys and ids belong together")
    client = libwxpay.Client.from_file(os.path.join(directory, "merchant.json"))
    libwxpay.selftest()

    step("load the system's trust store (the one SSL_CERT_FILE names)")
    client.warm()

    step("sign and send an order of 1.00 yuan over TLS; check the signed answer")
    server = HTTPServer(("127.0.0.1", 0), Shop)
    server.timeout = 10
    server.client, server.number, server.mchid = client, number, merchant["mchid"]
    server.stored, server.refused, server.delivered = {}, [], 0
    order = {
        "appid": merchant["_appid"],
        "mchid": merchant["mchid"],
        "description": "libwxpay 示例 😀",
        "out_trade_no": number,
        "notify_url": f"http://127.0.0.1:{server.server_port}/notify",
        "amount": {"total": 100, "currency": "CNY"},
    }
    explained = client.explain_request(libwxpay.Request("POST", ORDER, order))
    print(
        f"    {explained['sign_message_length']} bytes are signed: POST, {ORDER}, time, nonce and the body's own bytes"
    )
    print(f"    QR code: {call(client, 'POST', ORDER, order)['code_url']}")

    step("the buyer scans and pays (the simulator's control plays the buyer)")
    call(client, "POST", f"/_sim/pay/{number}")

    step("receive the payment notification: verify, then decrypt, then compare, then answer 204")
    server.handle_request()
    assert list(server.stored) == [(number, "TRANSACTION.SUCCESS")], (server.stored, server.refused)
    for _ in range(100):
        attempts = attempts_of(client, order["notify_url"])
        if attempts and attempts[0].get("status"):
            break
        time.sleep(0.05)
    assert attempts[0]["status"] == 204, attempts
    server.server_close()

    step("query the order: a notification is not the last word")
    state = call(client, "GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={merchant['mchid']}")
    assert is_about(state, number, merchant["mchid"], 100) and state["trade_state"] == "SUCCESS", state
    assert state["transaction_id"] == server.stored[number, "TRANSACTION.SUCCESS"]["transaction_id"]

    # Another order's answer is as genuine, and whoever stands on the way can swap the two.
    call(client, "POST", ORDER, dict(order, out_trade_no=f"X{number}"))
    other = call(client, "GET", f"/v3/pay/transactions/out-trade-no/X{number}?mchid={merchant['mchid']}")
    assert is_about(other, f"X{number}", merchant["mchid"], 100)
    assert not is_about(other, number, merchant["mchid"], 100), "an answer was taken for another one's"

    step("refund 0.40 yuan; if this failed, only the same out_refund_no may be sent again")
    amount = {"refund": 40, "total": 100, "currency": "CNY"}
    call(client, "POST", REFUND, {"out_trade_no": number, "out_refund_no": f"R{number}", "amount": amount})

    step("query the refund")
    refund = call(client, "GET", f"{REFUND}/R{number}")
    assert refund["status"] in ("SUCCESS", "PROCESSING") and refund["amount"]["refund"] == 40, refund
    client.close()
    assert steps == 8
    print("python: ok (8 steps)")


def attempts_of(client, url):
    """What the simulator saw of the replies to the notifications it sent there."""
    told = client.get("/_sim/notifications").json
    return [attempt for one in told if one["url"] == url for attempt in one["attempts"]]


if __name__ == "__main__":
    main(sys.argv[1])
