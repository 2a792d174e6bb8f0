"""A notification endpoint in Flask: `gunicorn --preload flask_app:app`, or `flask --app flask_app run`."""

import logging
import os

from flask import Flask, Response, request
from orders import Orders

from libwxpay import Client, WxPayError

app = Flask(__name__)
client = Client.from_file(os.environ["MERCHANT_JSON"])  # made in the master, used in every worker
client.warm()
orders = Orders()


@app.post("/notify")
def notify() -> Response:
    try:
        notification = client.notification(request.headers, request.get_data())
        try:
            orders.store_once(notification.event_type, notification.json["resource"])
            reply = notification.reply_ok()
        except Exception:
            logging.exception("notification %s could not be stored", notification.id)
            reply = notification.reply_fail("not stored")  # it comes again
    except WxPayError as error:
        logging.warning("%s", error)
        reply = error.reply()  # 401 for a forged one
    return Response(reply.body, reply.status, reply.headers)


@app.get("/query/<out_trade_no>")
def query(out_trade_no: str) -> Response:
    mchid = request.args["mchid"]
    answer = client.get(f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={mchid}")
    return Response(answer.body, headers={"Content-Type": "application/json", "Worker": str(os.getpid())})
