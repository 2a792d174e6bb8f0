"""wechatpayv3 of PyPI as it is; only its gateway is the server of the benchmark.

    wechatpayv3_client.py MERCHANT-JSON BODY-FILE default|session

`default`: its own way, `requests.post` for each call, which makes a connection each time. `session`: the same
package with a `requests.Session` in the place of the module `requests`, so that the connection is kept.
"""

import json
import logging
import os
import sys

import requests
import side
import wechatpayv3.core
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType


def main(merchant, body, how):
    merchant = side.merchant(merchant)
    # certifi's roots and that of the server: `requests` has no other store.
    os.environ["REQUESTS_CA_BUNDLE"] = merchant["_bundle_file"]
    if how == "session":
        session = requests.Session()
        wechatpayv3.core.requests = session
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=merchant["mchid"],
        private_key=side.content(merchant["private_key_file"]),
        cert_serial_no=merchant["merchant_serial"],
        apiv3_key=merchant["api_v3_key"],
        appid="wxd678efh567hg6787",
        notify_url="https://www.weixin.qq.com/wxpay/pay.php",
        logger=None,
        timeout=(5, 30),
        public_key=side.content(merchant["public_key_file"]),
        public_key_id=merchant["public_key_id"],
    )
    client._core._gate_way = merchant["base_url"]
    order = json.loads(side.content(body))
    logging.disable()

    def request():
        code, message = client._core.request(side.TARGET, method=RequestType.POST, data=order)
        assert code == 200 and json.loads(message)["code_url"]

    def authorization():
        wechatpayv3.core.build_authorization(
            side.TARGET, "POST", merchant["mchid"], merchant["merchant_serial"], client._core._private_key, data=order
        )

    side.take_turns(request, authorization)


main(*sys.argv[1:])
