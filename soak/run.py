"""make soak: merchants in C, Python and PHP-FPM against a simulator that fails on purpose, for a while; then every call
of every merchant is compared with what the simulator did. docs/soak.md says what is checked.

    run.py WORK SECONDS [--only c] [--plant DEFECT]    the last lines are the verdict; WORK/report.json the same
"""

import argparse
import collections
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time

import check
import memory
from servers import HERE, ROOT, Fpm, Simulator, free_port, start, stop

FORGED = ["bad_signature", "no_signature", "wrong_serial", "skew:-400", "sign_probe", "wrong_api_v3_key"]
PREFIXES = {"c": "soakc", "python": "soaky", "inf": "soakpi", "fin": "soakpf"}


class Soak:
    def __init__(self, arguments):
        self.work, self.seconds, self.plant = arguments.work, arguments.seconds, arguments.plant
        self.languages = arguments.only.split(",") if arguments.only else ["c", "python", "php"]
        self.target = os.path.join(os.environ.get("CARGO_TARGET_DIR", f"{ROOT}/target"), "debug")
        self.library = f"{self.work}/libwxpay.so.0"
        self.forged, self.sent_forged, self.injected = {}, collections.Counter(), collections.Counter()
        self.samples, self.pools, self.sessions = collections.defaultdict(list), {}, collections.Counter()
        self.simulator_samples, self.failures, self.hosts = [], [], {}
        self.simulator = self.fpm = None

    def start(self):
        os.chmod(self.work, 0o755)
        # Without what only a debugger reads: the package of PHP is made from it.
        subprocess.run(["strip", "--strip-debug", "-o", self.library, f"{self.target}/libwxpay.so"], check=True)
        os.chmod(self.library, 0o755)
        self.simulator = Simulator(f"{self.target}/wxpay", self.work, int(self.seconds) + 180)
        for folder in ("downloads", "journals"):
            os.makedirs(f"{self.work}/{folder}")
        merchant = self.simulator.merchant()
        merchant.update(timeout_ms="20000", trust_reload_s="1", auto_certificates="1")
        with open(f"{self.work}/merchant.json", "w") as file:
            json.dump(merchant, file)
        keep = ("PATH", "HOME", "LANG")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ}
        self.environment.update(
            SSL_CERT_FILE=f"{self.work}/ca.pem", SOAK_DOWNLOADS=f"{self.work}/downloads", LD_LIBRARY_PATH=self.work,
            # Few arenas: what grows is then the program, not the number of its threads.
            MALLOC_ARENA_MAX="2", PYTHONPATH=f"{ROOT}/bindings/python/src", PYTHONDONTWRITEBYTECODE="1", WXPAY_LIBRARY=self.library)
        self.notify = {}
        if "php" in self.languages:
            place = {"CONFIG": f"{self.work}/merchant.json", "JOURNAL": f"{self.work}/journals/php",
                     "DOWNLOADS": f"{self.work}/downloads", "FAULTS": ",".join(check.FAULTS)}
            owned = [f"{self.work}/downloads", f"{self.work}/journals", f"{self.work}/merchant.json"]
            environment = {key: value for key, value in self.environment.items() if key not in ("WXPAY_LIBRARY", "LD_LIBRARY_PATH")}
            self.fpm = Fpm(self.work, self.library, environment, {"fastcgi": place, "prefix": PREFIXES, "owned": owned})
            self.notify.update({pool: f"http://127.0.0.1:{self.fpm.port}/{pool}" for pool in Fpm.POOLS})
        self.end = time.time() + self.seconds
        if "c" in self.languages:
            self.run_host("c", [f"{self.work}/host"], 3, [self.plant] if self.plant else [])
        if "python" in self.languages:
            self.run_host("python", [sys.executable, f"{HERE}/host.py"], 2, [])

    def run_host(self, name, command, threads, more):
        port = free_port()
        self.notify[name] = f"http://127.0.0.1:{port}/"
        arguments = [f"{self.work}/merchant.json", f"{self.work}/journals/{name}", str(int(self.seconds)), str(threads),
                     PREFIXES[name], str(port), ",".join(check.FAULTS)]
        with open(f"{self.work}/{name}.out", "wb") as output:
            self.hosts[name] = start(command + arguments + more, output, self.environment)

    def guarded(self, work, *arguments):
        try:
            work(*arguments)
        except Exception as error:  # Whatever it is, the run must not pass.
            self.failures.append(("soak", f"{work.__name__}: {error!r}"))

    def drive(self, pool, numbers):
        """What browsers do to a shop in PHP: one session a request."""
        while time.time() < self.end:
            connection = http.client.HTTPConnection("127.0.0.1", self.fpm.port, timeout=90)
            connection.request("GET", f"/{pool}?n={next(numbers)}")
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            connection.close()
            if answer.status != 200 or not text.isdigit():
                self.failures.append(("host", f"php-fpm answered {answer.status} {text[:200]!r}"))
            self.sessions[pool] += 1

    def trouble(self):
        """Faults that a request cannot ask for itself, and forged notifications, a few a second."""
        rules = [("/pay/", list(check.V2_FAULTS)), ("/v3/billdownload/", check.DOWNLOAD_FAULTS), ("/", check.CONNECTION_FAULTS)]
        chance = random.Random(1)
        beat = 0
        while time.time() < self.end - 1:
            beat += 1
            with self.turn:
                path, kinds = rules[beat % 3]
                # One connection fault in 3 s: with more, the rest would be seldom seen.
                if path != "/" or beat % 2 == 0:
                    if sum(fault["path"] == path for fault in self.simulator.control("GET", "faults")) < 2:
                        kind = chance.choice(kinds)
                        self.simulator.control("POST", "faults", {"kind": kind, "path": path})
                        self.injected[kind] += 1
                kind, url = chance.choice(FORGED), self.notify[chance.choice(sorted(self.notify))]
                told = self.simulator.control("POST", "notify", {"url": url, "kind": kind})["notification"]
                self.forged[told] = kind
                self.sent_forged[kind] += 1
            time.sleep(0.5)

    def watch(self):
        started, restarted = time.time(), not (self.seconds >= 30)
        while time.time() < self.end + 2.5:
            at = time.time() - started
            for name, child in self.hosts.items():
                if child.poll() is None and (one := memory.sample(child.pid)):
                    self.samples[name].append((at, *one))
            for pid, pool in (self.fpm.workers() if self.fpm else {}).items():
                if one := memory.sample(pid):
                    self.pools[pid] = pool
                    self.samples[pid].append((at, *one))
            if one := memory.sample(self.simulator.child.pid):
                self.simulator_samples.append((at, *one))
            if not restarted and at > self.seconds / 2:
                restarted = True
                with self.turn:
                    self.simulator.restart()
            time.sleep(max(0.05, min(1.0, self.end + 2.6 - time.time())))

    def run(self):
        self.turn = threading.Lock()
        numbers = itertools.count(1)
        threads = [threading.Thread(target=self.guarded, args=(self.trouble,))]
        for pool in Fpm.POOLS if self.fpm else ():
            threads += [threading.Thread(target=self.guarded, args=(self.drive, pool, numbers)) for _ in range(2)]
        for thread in threads:
            thread.start()
        self.guarded(self.watch)
        for thread in threads:
            thread.join()
        for name, child in self.hosts.items():
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                self.failures.append(("host", f"{name} did not end"))
                stop(child)
        time.sleep(0.5)
        self.simulator.control("DELETE", "faults")
        self.stats = self.simulator.control("GET", "stats")

    def stop(self):
        for child in self.hosts.values():
            stop(child)
        if self.fpm:
            self.fpm.stop()
        if self.simulator:
            stop(self.simulator.child)

    def lives(self):
        """Nobody crashed, and nobody printed anything."""
        for name, child in self.hosts.items():
            if child.returncode != 0:
                self.failures.append(("host", f"{name} ended with {child.returncode}"))
            with open(f"{self.work}/{name}.out", errors="replace") as file:
                if said := file.read():
                    self.failures.append(("host", f"{name} printed {said[:1000]!r}"))
        if self.fpm:
            for line in self.fpm.said().splitlines():
                if any(sign in line for sign in ("exited on signal", "PHP ", "said into", "[emerg]", "[alert]", "SIGSEGV")):
                    self.failures.append(("host", f"php-fpm: {line[:500]}"))

    def check(self):
        calls = []
        for name in sorted(os.listdir(f"{self.work}/journals")):
            calls += check.read_journal(f"{self.work}/journals/{name}", name)
        log = check.Log(self.simulator.logs)
        checker = check.Checker(calls, log, self.simulator.away, self.forged, f"{self.work}/downloads")
        checker.check()
        checker.books(self.stats, len(self.simulator.logs) - 1)
        self.lives()
        wrong = self.failures + checker.wrong
        made = collections.Counter()
        for call in calls:
            for name in (call.host, *(pool for pool in Fpm.POOLS if call.tag.startswith(PREFIXES[pool]))):
                made[name] += call.amount if call.kind == "local" else 1
        for name in self.hosts:
            ends = [call.extra.split() for call in calls if call.host == name and call.kind == "end"]
            if not ends:
                wrong.append(("host", f"{name} did not come to its end"))
            for _, fds, fds_after, _, threads, threads_after in ends:
                if int(fds_after) > int(fds) or int(threads_after) > int(threads):
                    text = f"descriptors {fds} before the client, {fds_after} after it was freed; threads {threads}, {threads_after}"
                    wrong.append(("descriptors", f"{name}: {text}"))
        self.covered(calls, wrong)
        processes = self.processes(made, wrong)
        return calls, log, checker, processes, wrong

    def covered(self, calls, wrong):
        """What never happened proves nothing."""
        seen = collections.Counter((call.host, call.kind, call.outcome) for call in calls)
        for host in self.languages:
            for kind in ("order", "pay", "query", "refund", "notify", "upload"):
                if self.seconds >= 30 and not seen[host, kind, "OK"]:
                    wrong.append(("coverage", f"{host}: no {kind} ended well"))
        if not any(call.kind == "notify" and call.extra in self.forged for call in calls):
            wrong.append(("coverage", "no forged notification reached a merchant"))
        if self.seconds >= 30 and len(self.simulator.logs) != 2:
            wrong.append(("coverage", "the simulator was not restarted"))

    def processes(self, made, wrong):
        rows = {}
        for key, samples in self.samples.items():
            if len(samples) < 5:
                continue
            pool = self.pools.get(key)
            row = memory.judge(samples, made[pool] // Fpm.WORKERS if pool else made[key])
            name = f"php {pool} {key}" if pool else str(key)
            rows[name] = row
            # Of a worker that ends soon its size is bounded by its end; the others must not grow.
            if row["grows"] and pool != "fin":
                text = f"{row['rss_start'] >> 10} to {row['rss_end'] >> 10} KiB, {row['bytes_per_call']} bytes a call"
                wrong.append(("memory", f"{name}: {text}"))
            # A client of three threads holds few connections.
            if row["fds"][1] > 120:
                wrong.append(("descriptors", f"{name}: {row['fds'][1]} open"))
        # A process that nobody measured has not been found flat.
        for host in self.languages:
            measured = [name for name in rows if (name.startswith("php inf") if host == "php" else name == host)]
            if not measured:
                wrong.append(("coverage", f"{host}: no process was measured"))
        return rows


def table(soak, calls, log, checker, processes, wrong):
    hosts = sorted({call.host for call in calls})
    shown = [f"{'call':<20}{'outcome':<17}" + "".join(f"{host:>9}" for host in hosts)]
    counts = collections.Counter()
    for call in calls:
        if call.kind != "end":
            counts[call.kind, call.outcome, call.host] += call.amount if call.kind == "local" else 1
    for kind, outcome in sorted({key[:2] for key in counts}):
        shown.append(f"{kind:<20}{outcome:<17}" + "".join(f"{counts[kind, outcome, host]:>9}" for host in hosts))
    total = sum(counts.values())
    shown += ["", f"{total} calls in {soak.seconds:.0f} s, {total / soak.seconds:.0f} a second; the simulator's log has {log.lines} lines"]
    struck = log.faults + log.unasked
    shown.append(f"faults that struck: {sum(struck.values())}")
    names = [f"{name} {count}" for name, count in sorted(struck.items())]
    shown += ["  " + ", ".join(names[at:at + 6]) for at in range(0, len(names), 6)]
    shown.append(f"left open and settled by a query: {dict(checker.resolved)}; restarts: {len(soak.simulator.away)}")
    shown.append(f"notifications: {checker.opened} opened, {checker.refused} refused; {len(soak.forged)} forged ones sent")
    shown += ["", f"{'process':<20}{'calls':>8}{'RSS MiB':>17}{'KiB/min':>10}{'B/call':>9}{'fds':>13}{'threads':>10}"]
    for name, row in sorted(processes.items()):
        if name.startswith("php fin"):
            continue
        shown.append(f"{name:<20}{row['calls']:>8}{row['rss_start'] / 2**20:>8.1f} ->{row['rss_end'] / 2**20:>6.1f}"
                     f"{row['kib_per_min']:>10}{row['bytes_per_call']:>9}{'/'.join(map(str, row['fds'])):>13}{'/'.join(map(str, row['threads'])):>10}")
    short = [row for name, row in processes.items() if name.startswith("php fin")]
    if short:
        shown.append(f"php fin: {len({pid for pid, pool in soak.pools.items() if pool == 'fin'})} workers, at most "
                     f"{max(row['rss_max'] for row in short) / 2**20:.1f} MiB and {max(row['fds'][1] for row in short)} descriptors")
    biggest = max(one[1] for one in soak.simulator_samples) / 2**20
    shown.append(f"simulator (keeps every order): at most {biggest:.1f} MiB")
    shown.append("")
    for rule, text in wrong[:40]:
        shown.append(f"WRONG {rule}: {text}")
    shown.append(f"soak: {'FAILED, ' + str(len(wrong)) + ' wrong' if wrong else 'ok'}")
    return "\n".join(shown), counts, struck


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--only", default="")
    parser.add_argument("--plant", default="")
    soak = Soak(parser.parse_args())
    try:
        soak.start()
        soak.run()
    finally:
        soak.stop()
    calls, log, checker, processes, wrong = soak.check()
    text, counts, struck = table(soak, calls, log, checker, processes, wrong)
    print(text)
    report = {
        "seconds": soak.seconds, "verdict": "failed" if wrong else "ok",
        "wrong": [{"rule": rule, "evidence": text} for rule, text in wrong],
        "calls": [{"kind": kind, "outcome": outcome, "host": host, "count": count} for (kind, outcome, host), count in sorted(counts.items())],
        "faults": dict(struck), "asked_for": dict(soak.injected), "forged": dict(soak.sent_forged),
        "settled": dict(checker.resolved), "restarts": len(soak.simulator.away),
        "notifications": {"opened": checker.opened, "refused": checker.refused}, "processes": processes,
    }
    with open(f"{soak.work}/report.json", "w") as file:
        json.dump(report, file, indent=1)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
