"""What the Python programs of the comparison share: turns asked for on standard input, times on standard output.
benches/network/sides.py says what the lines mean."""

import json
import sys
import time

TARGET = "/v3/pay/transactions/native"


def merchant(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def take_turns(request, authorization, connections=lambda: 0):
    clock, processor = time.perf_counter_ns, time.process_time_ns
    for line in sys.stdin:
        if line.strip() == "sign":
            authorization()
            print("end 0 0", flush=True)
            continue
        samples = []
        spent = processor()
        for _ in range(int(line)):
            start = clock()
            request()
            samples.append(clock() - start)
        spent = processor() - spent
        for sample in samples:
            print(sample)
        print("end", connections(), spent, flush=True)
