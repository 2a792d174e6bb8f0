"""Section (b) in Python: jobs.py FIXTURE. The package in bindings/python against wechatpayv3 from PyPI, call by call."""

import json
import os
import statistics
import sys
import time
from importlib.metadata import version

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.utils import build_authorization, load_private_key

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../bindings/python/src"))

import libwxpay

QUICK = os.environ.get("WXPAY_BENCH_QUICK") == "1"
PATH = "/v3/pay/transactions/native"


def read(name):
    with open(os.path.join(sys.argv[1], name), encoding="utf-8") as file:
        return file.read()


def pairs(ours, theirs, calls):
    """Median microseconds of both sides, a pair for each round."""
    found = []
    for number in range(-1, 3 if QUICK else 25):
        times = ([], [])
        for call_number in range(10 if QUICK else calls):
            sides = ((0, ours), (1, theirs))
            for side, call in sides if call_number % 2 else reversed(sides):
                start = time.perf_counter_ns()
                call()
                times[side].append(time.perf_counter_ns() - start)
        if number >= 0:
            found.append([statistics.median(one) / 1000 for one in times])
    return found


def row(**members):
    print(json.dumps({"section": "b", **members}, ensure_ascii=False), flush=True)


def main():
    merchant = dict(line.split("=", 1) for line in read("merchant").splitlines())
    headers = dict(line.split(": ", 1) for line in read("notification.headers").splitlines())
    order, body = read("order.json"), read("notification.json").encode()
    octets = order.encode()
    client = libwxpay.Client(**json.loads(read("config.json")))
    sdk = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=merchant["mchid"],
        private_key=read("private.pem"),
        cert_serial_no=merchant["serial"],
        apiv3_key=merchant["api_v3_key"],
        appid="wxd678efh567hg6787",
        notify_url="https://shop.example/notify",
        public_key=read("public.pem"),
        public_key_id=merchant["public_key_id"],
    )
    key = load_private_key(read("private.pem"))
    expected = json.loads(read("resource.json"))
    for opened in client.notification(headers, body).json, sdk.callback(headers, body)["resource"]:
        found = opened.get("resource", opened)
        if found != expected:
            sys.exit(f"not what was encrypted: {found}")
    for name in "wechatpayv3", "cryptography":
        print(json.dumps({"peer": f"{name} (PyPI)", "version": version(name)}))
    print(json.dumps({"peer": "Python", "version": sys.version.split()[0]}))
    against = "wechatpayv3"
    row(
        id="python.authorization",
        what="Python: Authorization",
        against=against,
        pairs=pairs(
            lambda: client.prepare("POST", PATH, octets).header("Authorization"),
            lambda: build_authorization(PATH, "POST", merchant["mchid"], merchant["serial"], key, data=order),
            120,
        ),
        target=1.02,
        note="client.prepare of a POST, every header; against build_authorization of wechatpayv3, which its request() "
        "calls, key parsed once, body given as text.",
    )
    row(
        id="python.notification",
        what="Python: notification opened",
        against=against,
        pairs=pairs(lambda: client.notification(headers, body).json, lambda: sdk.callback(headers, body), 600),
        ratio="theirs/ours",
        better="more",
        target=1.7,
        note="client.notification(…).json, a dict; against WeChatPay.callback, which checks no window.",
    )


main()
