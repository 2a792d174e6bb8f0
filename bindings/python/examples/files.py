"""An upload, a bill, sensitive fields and API v2: python files.py IMAGE DATE APPID. Configuration from the environment."""

import pathlib
import sys

from libwxpay import Client

client = Client.from_env()
path, date, appid = sys.argv[1:]

image = pathlib.Path(path).read_bytes()
uploaded = client.upload("/v3/merchant-service/images/upload", "photo.png", image)
print(uploaded.json["media_id"])

offered = client.get(f"/v3/bill/tradebill?bill_date={date}&tar_type=GZIP")
bill = client.bill(offered.body)  # downloaded, its digest compared, unpacked: no row is given before that
for row in bill:
    print(row["商户订单号"], bill.fen("订单金额"))
client.download_to(client.get(f"/v3/bill/tradebill?bill_date={date}").body, f"{path}.bill.csv")

receiver = {"account": "o-MYE42l80oelYMDE34nYD456Xoy", "name": "张三"}
request = client.request("POST", "/v3/profitsharing/receivers/add", receiver, encrypt_fields=["/name"])
print(len(request.json["name"]))  # client.send(request), or client.post(…, encrypt_fields=["/name"])

response, fields = client.v2_call("/pay/orderquery", {"appid": appid, "out_trade_no": "example-files"})
print(fields["trade_state"])
