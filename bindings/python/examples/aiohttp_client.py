"""An order over aiohttp: the library signs and verifies, aiohttp sends. The same with httpx or requests.

`CA_FILE` is for the simulator only; without it aiohttp trusts what Python's ssl trusts.
"""

import asyncio
import os
import ssl
import sys
from typing import Any

import aiohttp

from libwxpay import Client, Response


async def post(client: Client, session: aiohttp.ClientSession, path: str, body: Any) -> Response:
    prepared = client.prepare("POST", path, body)
    sent = session.request(
        prepared.method,
        prepared.url,
        headers=prepared.headers,
        data=prepared.body,
        allow_redirects=False,
    )
    async with sent as answer:
        return client.check(prepared, answer.status, answer.headers, await answer.read())


async def main(number: str, appid: str, mchid: str) -> None:
    client = Client.from_file(os.environ["MERCHANT_JSON"])
    trust = ssl.create_default_context(cafile=os.environ.get("CA_FILE"))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        order = {
            "appid": appid,
            "mchid": mchid,
            "description": "测试商品 😀",
            "out_trade_no": number,
            "notify_url": "http://127.0.0.1:9/notify",
            "amount": {"total": 100, "currency": "CNY"},
        }
        answer = await post(client, session, "/v3/pay/transactions/native", order)
        print(answer.verified, answer.json["code_url"])


asyncio.run(main(*sys.argv[1:]))
