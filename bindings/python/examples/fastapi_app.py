"""A notification endpoint in FastAPI: `uvicorn fastapi_app:app`."""

import logging
import os

from fastapi import FastAPI, Request, Response
from orders import Orders

from libwxpay import AsyncClient, WxPayError

app = FastAPI()
client = AsyncClient.from_file(os.environ["MERCHANT_JSON"])
orders = Orders()


@app.post("/notify")
async def notify(request: Request) -> Response:
    try:
        notification = await client.notification(request.headers, await request.body())
        try:
            orders.store_once(notification.event_type, notification.json["resource"])
            reply = notification.reply_ok()
        except Exception:
            logging.exception("notification %s could not be stored", notification.id)
            reply = notification.reply_fail("not stored")
    except WxPayError as error:
        logging.warning("%s", error)
        reply = error.reply()
    return Response(reply.body, reply.status, reply.headers)


@app.get("/query/{out_trade_no}")
async def query(out_trade_no: str, mchid: str) -> Response:
    answer = await client.get(f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={mchid}")
    return Response(answer.body, media_type="application/json")
