"""Section (b) for languages without a binding: turns.py LANGUAGE ID OURS... -- THEIRS...

Both are programs that take a line like `authorization 100` and answer with the median microseconds of so many calls;
theirs says its version first. They have their turns one after the other, so each has the machine for itself.
"""

import json
import os
import subprocess
import sys

QUICK = os.environ.get("WXPAY_BENCH_QUICK") == "1"
AGAINST = {
    "node": "crypto of Node",
    "java": "Signature, Cipher and Gson",
    "go": "crypto/rsa, crypto/aes, encoding/json",
}


class Program:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"it ended early: exit status {self.process.wait()}")
        return line.strip()

    def turn(self, job, calls):
        self.process.stdin.write(f"{job} {calls}\n")
        self.process.stdin.flush()
        return float(self.line())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def main(language, name, *commands):
    middle = commands.index("--")
    ours, theirs = Program(commands[:middle]), Program(commands[middle + 1 :])
    print(json.dumps({"peer": language, "version": theirs.line()}))
    for job, calls, warm, members in (
        ("authorization", 60, 1500, {"target": 1.02}),
        ("notification", 600, 20000, {"ratio": "theirs/ours", "better": "more", "target": 1.7}),
    ):
        # A runtime that compiles while it runs is measured when it has done that.
        for side in (ours, theirs):
            side.turn(job, 20 if QUICK else warm)
        pairs = []
        for number in range(3 if QUICK else 25):
            turns = {}
            for side in (ours, theirs) if number % 2 else (theirs, ours):
                turns[side] = side.turn(job, 10 if QUICK else calls)
            pairs.append([turns[ours], turns[theirs]])
        what = {"authorization": "Authorization", "notification": "notification opened"}[job]
        row = {
            "section": "b",
            "id": f"{name}.{job}",
            "what": f"{language}: {what}, against libwxpay in C",
            "against": AGAINST[name],
            "pairs": pairs,
            "note": "libwxpay through its C interface, because there is no binding for this language; processes of "
            "their own that take turns, keys parsed once.",
        }
        print(json.dumps(row | members), flush=True)
    ours.end()
    theirs.end()


main(*sys.argv[1:])
