"""A client made before a fork works in the children: nothing to close, nothing to make again."""

import multiprocessing
import os
import sys
from typing import Tuple

from libwxpay import Client

client = Client.from_file(os.environ["MERCHANT_JSON"])


def query(url: str) -> Tuple[int, str]:
    answer = client.get(url)
    assert answer.verified == 1
    return os.getpid(), answer.json["trade_state"]


def main(url: str) -> None:
    print("parent", *query(url))
    with multiprocessing.get_context("fork").Pool(4) as pool:
        for pid, state in pool.map(query, [url] * 40, chunksize=1):
            print("child", pid, state)
    print("parent", *query(url))


if __name__ == "__main__":
    main(sys.argv[1])
