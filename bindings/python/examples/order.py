"""An order in ten lines. Configuration from the environment: WXPAY_MCHID and so on, docs/configuration.md."""

import sys

from libwxpay import Client, Outcome, WxPayError

client = Client.from_env()  # once, for the life of the process
number, notify_url, appid, mchid = sys.argv[1:]
order = {
    "appid": appid,
    "mchid": mchid,
    "description": "测试商品",
    "out_trade_no": number,
    "notify_url": notify_url,
    "amount": {"total": 100, "currency": "CNY"},
}
try:
    print(client.post("/v3/pay/transactions/native", order).json["code_url"])
except WxPayError as error:
    sys.exit(f"{error}\nsend it again: {'yes' if error.outcome == Outcome.NOT_SENT else 'query the order first'}")
