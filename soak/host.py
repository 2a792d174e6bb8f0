"""A merchant in Python under load: the same as host.c, over bindings/python. The tables of what is asked are in step.

    host.py CONFIG JOURNAL SECONDS THREADS PREFIX PORT FAULTS
"""

import gc
import json
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from libwxpay import Client, Outcome, WxPayError

CONFIG, JOURNAL, SECONDS, THREADS, PREFIX, PORT, FAULTS = sys.argv[1:]
FAULTS = FAULTS.split(",") if FAULTS else []
with open(CONFIG) as file:
    MERCHANT = json.load(file)
APPID, MCHID = MERCHANT["_appid"], MERCHANT["mchid"]
NOTIFY = f"http://127.0.0.1:{PORT}/"
REFUNDS, TRANSFERS = "/v3/refund/domestic/refunds", "/v3/fund-app/mch-transfer/transfer-bills"
BY_NUMBER = "/v3/pay/transactions/out-trade-no"
FORGED = {"Wechatpay-Timestamp": "1", "Wechatpay-Nonce": "x", "Wechatpay-Signature": "eA==", "Wechatpay-Serial": "1"}
journal = os.open(JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def now():
    return int(time.time() * 1000)


def note(since, kind, tag, order, amount, error, extra="", http=0):
    """One line, one write: threads never mix."""
    status, outcome = ("OK", "OK") if error is None else (error.status_name, Outcome(error.outcome).name)
    if error is not None:
        http, extra = error.http_status, extra or error.api_code
    line = "\t".join(map(str, (since, now(), kind, tag, order, amount, status, outcome, http, extra)))
    os.write(journal, line.encode() + b"\n")


class Worker(threading.Thread):
    def __init__(self, client, number, deadline):
        super().__init__()
        self.client, self.number, self.deadline = client, number, deadline
        self.seq, self.random = 0, random.Random(number)

    def run(self):
        while time.time() < self.deadline:
            self.session()

    def tagged(self, path):
        self.seq += 1
        tag = f"{PREFIX}{self.number}.{self.seq}"
        return tag, f"{path}{'&' if '?' in path else '?'}t={tag}"

    def fault(self):
        """Options of a call: one in four asks for a fault."""
        if not FAULTS or self.random.random() > 0.25:
            return {}
        fault = self.random.choice(FAULTS)
        timeout = {"timeout_ms": 1000} if fault.startswith("hang") else {}
        return {"headers": {"X-Sim-Fault": fault}, **timeout}

    def noted(self, kind, tag, order, amount, work):
        """The answer's JSON or None, and the error or None."""
        since, error, answer = now(), None, None
        try:
            answer = work()
        except WxPayError as failed:
            error = failed
        note(since, kind, tag, order, amount, error, http=answer.status if answer else 0)
        return answer, error

    def call(self, kind, method, path, body, order, amount=0, steady=False):
        tag, url = self.tagged(path)
        options = {} if steady else self.fault()
        return self.noted(kind, tag, order, amount, lambda: self.client.call(method, url, body, **options))

    def settled(self, error, order, kind, path):
        """What is not known is asked: True it is there, False it is not, None not known."""
        if error is None or error.outcome in (Outcome.NOT_SENT, Outcome.REJECTED):
            return error is None
        for _ in range(3):
            _, asked = self.call(f"resolve_{kind}", "GET", path, None, order, steady=True)
            if asked is None:
                return True
            if asked.outcome == Outcome.REJECTED and asked.http_status == 404:
                return False
        return None

    def session(self):
        order, total, what = f"{PREFIX}{self.number}s{self.seq}", self.random.randint(100, 999), self.random.randrange(100)
        money = {"total": total, "currency": "CNY"}
        wanted = {"appid": APPID, "mchid": MCHID, "description": "soak", "out_trade_no": order, "notify_url": NOTIFY}
        _, error = self.call("order", "POST", "/v3/pay/transactions/native", {**wanted, "amount": money}, order, total)
        if error is not None and error.outcome == Outcome.NOT_SENT:
            time.sleep(0.1)  # the simulator is away
        query = f"{BY_NUMBER}/{order}?mchid={MCHID}"
        if self.settled(error, order, "order", query):
            if what < 60:
                kind = {"kind": self.random.choice(["good", "good", "good", "bad_signature", "sign_probe"])}
                _, error = self.call("pay", "POST", f"/_sim/pay/{order}", kind, order, total, steady=True)
                if error is None:
                    self.call("query", "GET", query, None, order, total)
                    if what < 30:
                        self.refund(order, total)
            elif what < 75:
                self.call("close", "POST", f"{BY_NUMBER}/{order}/close", {"mchid": MCHID}, order, total)
            else:
                self.call("query", "GET", query, None, order, total)
        self.local_calls()
        self.other(order)

    def local_calls(self):
        """Calls that send nothing: signing, and refusing a forged answer. Many: what is lost in one is found in many."""
        since, calls = now(), 0
        for _ in range(50):
            prepared = self.client.prepare("POST", "/v3/pay/transactions/native", {})
            try:
                self.client.check(prepared, 200, FORGED, b"{}")
                raise SystemExit("a forged answer was believed")
            except WxPayError:
                calls += 2
        note(since, "local", "-", "-", calls, None)

    def refund(self, order, total):
        for kind, number, amount in (("refund", f"R{order}", total // 3), ("refund_over", f"V{order}", total)):
            money = {"refund": amount, "total": total, "currency": "CNY"}
            body = {"out_trade_no": order, "out_refund_no": number, "notify_url": NOTIFY, "amount": money}
            _, error = self.call(kind, "POST", REFUNDS, body, order, amount, steady=kind != "refund")
            if not self.settled(error, order, kind, f"{REFUNDS}/{number}"):
                return

    def other(self, order):
        what = self.random.randrange(100)
        if what < 20:
            tag, url = self.tagged("/v3/merchant-service/images/upload")
            file, options = os.urandom(1) * self.random.randint(1000, 60000), self.fault()
            self.noted("upload", tag, "-", 0, lambda: self.client.upload(url, "a.png", file, **options))
        elif what < 24:
            self.bill()
        elif what < 40:
            order = {"appid": APPID, "out_trade_no": f"W{order}"}
            more = {"spbill_create_ip": "127.0.0.1", "notify_url": "http://127.0.0.1:9/", "trade_type": "NATIVE"}
            placed = {**order, "body": "soak", "total_fee": 100, "product_id": "1", **more}
            for kind, path, body in (("v2_order", "unifiedorder", placed), ("v2_query", "orderquery", order)):
                # No query in API v2; the number is the tag.
                if self.noted(kind, "v2", order["out_trade_no"], 100, lambda: self.client.v2_call(f"/pay/{path}", body)[0])[1]:
                    break
        elif what < 52:
            number = f"T{order}"
            body = {"appid": APPID, "out_bill_no": number, "transfer_scene_id": "1000", "openid": "oSIM1"}
            body.update(transfer_amount=100, transfer_remark="soak", notify_url=NOTIFY)
            body["transfer_scene_report_infos"] = [{"info_type": "a", "info_content": "x"}]
            _, error = self.call("transfer", "POST", TRANSFERS, body, number, 100)
            self.settled(error, number, "transfer", f"{TRANSFERS}/out-bill-no/{number}")
        elif what < 54:
            self.noted("refresh", "-", "-", 0, lambda: self.client.refresh_certificates())

    def bill(self):
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        kind = self.random.choice(["", "&tar_type=GZIP"])
        answer, error = self.call("bill", "GET", f"/v3/bill/tradebill?bill_date={day}{kind}", None, "-")
        if error is None:
            tag, _ = self.tagged("")
            since, error = now(), None
            try:
                self.client.download_to(answer.body, os.path.join(os.environ["SOAK_DOWNLOADS"], tag))
            except WxPayError as failed:
                error = failed
            note(since, "download", tag, "-", 0, error, answer.json["hash_value"])


class Notified(BaseHTTPRequestHandler):
    def do_POST(self):
        since, error, about, amount = now(), None, "-", 0
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            notification = self.server.client.notification(self.headers, body)
            resource = notification.json["resource"]
            about = resource.get("out_trade_no", "-")
            amount = resource.get("amount", {}).get("total", 0)
            told, reply = notification.id, notification.reply_ok()
        except WxPayError as failed:
            # The id of a refused one is only a claim, to find the line again.
            error, told, reply = failed, json.loads(body)["id"], failed.reply()
        note(since, "notify", "-", about, amount, error, told)
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 64


def main():
    server = Server(("127.0.0.1", int(PORT)), Notified)
    count = lambda: (len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")))
    before = count()
    server.client = client = Client.from_json(json.dumps(MERCHANT))
    listening = threading.Thread(target=server.serve_forever)
    listening.start()
    workers = [Worker(client, number, time.time() + float(SECONDS)) for number in range(int(THREADS))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    time.sleep(2)  # notifications that are on their way
    server.shutdown()
    listening.join()
    server._threads.join()
    server.client = None
    client.close()
    del workers, client, worker
    gc.collect()
    after = count()
    note(now(), "end", "-", "-", 0, None, f"fds {before[0]} {after[0]} threads {before[1]} {after[1]}")


main()
