"""One client for all threads: a call waits without holding Python's lock."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from libwxpay import Client

client = Client.from_file(os.environ["MERCHANT_JSON"])
client.get(sys.argv[1])
with ThreadPoolExecutor(8) as pool:
    states = pool.map(lambda _: client.get(sys.argv[1]).json["trade_state"], range(40))
    print(*sorted(set(states)), client.info()["requests"])
