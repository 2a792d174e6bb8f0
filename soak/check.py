"""Compares what three languages were told (their journals) with what the simulator did (its log, its stats).

Every call carries a tag in its target, `t=soakc0.17`, which the simulator's log shows. The log is the witness: it says
`done` where something was carried out, and which fault struck, whatever became of the answer.
"""

import collections
import datetime
import hashlib
import json
import os
import re

Call = collections.namedtuple("Call", "since until kind tag order amount status outcome http extra host")
Hit = collections.namedtuple("Hit", "era method path answer done fault")

UNVERIFIED, UNKNOWN, REJECTED, FINE = "DONE_UNVERIFIED", "UNKNOWN", "REJECTED", ("OK", "OK")
#: What a call may end with when this fault struck it: as tests/suite/faults/table.rs has it, from docs/outcomes.md.
FAULTS = {
    "reset:head": ("IO", UNKNOWN),
    "cut:request": ("IO", UNKNOWN),
    "reset:action": ("IO", UNKNOWN),
    "close:action": ("IO", UNKNOWN),
    "truncate": ("BODY_TRUNCATED", UNKNOWN),
    "reset:body": ("BODY_TRUNCATED", UNKNOWN),
    "chunked:cut": ("BODY_TRUNCATED", UNKNOWN),
    "hang:action": ("TIMEOUT", UNKNOWN),
    "bad_signature": ("SIGNATURE_INVALID", UNVERIFIED),
    "no_signature": ("SIGNATURE_HEADERS_MISSING", UNVERIFIED),
    "wrong_serial": ("SERIAL_UNKNOWN", UNVERIFIED),
    "sign_probe": ("SIGNATURE_PROBE", UNVERIFIED),
    "stale:-400": ("TIMESTAMP_EXPIRED", UNVERIFIED),
    "status:500": ("API_ERROR", UNKNOWN),
    "error:400:SYSTEM_ERROR": ("API_ERROR", UNKNOWN),
    "html:502": ("API_UNEXPECTED_RESPONSE", UNKNOWN),
    "redirect:307:self": ("API_UNEXPECTED_RESPONSE", UNKNOWN),
    "garbage": ("HTTP_PROTOCOL", UNKNOWN),
    "status:429": ("RATE_LIMITED", REJECTED),
    "error:400:PARAM_ERROR": ("API_ERROR", REJECTED),
    "delay_ms:100": FINE,
    "chunked": FINE,
    "close:end": FINE,
}
#: What cuts the body does nothing to an answer that has none.
BODILESS = {"truncate", "reset:body", "chunked:cut", "chunked"}
#: The connection ends behind an answer that is whole.
ENDS = BODILESS | {"close:end"}
#: The same for API v2 (tests/suite/faults/v2.rs): what is not signed proves nothing.
V2_FAULTS = {
    "reset:action": ("IO", UNKNOWN),
    "cut:body": ("BODY_TRUNCATED", UNKNOWN),
    "bad_signature": ("SIGNATURE_INVALID", UNKNOWN),
    "status:500": ("API_ERROR", UNKNOWN),
    "html:502": ("API_UNEXPECTED_RESPONSE", UNKNOWN),
    "delay_ms:100": FINE,
}
DOWNLOAD_FAULTS = ["truncate", "reset:body", "chunked:cut", "html", "reset:action"]
#: They strike a connection before anything is asked on it, so any call.
CONNECTION_FAULTS = ["reset:accept", "close:accept", "close:handshake", "reset:handshake"]
#: What a call may end with when its connection dies, or while the simulator is away and comes back with another CA.
CONNECTION = {"CONNECT", "TLS_HANDSHAKE", "IO", "TIMEOUT", "BODY_TRUNCATED", "CERTIFICATES_UNAVAILABLE"}
CONNECTION |= {"TLS_UNKNOWN_ISSUER", "TLS_BAD_CHAIN", "HTTP_PROTOCOL"}
SIGNED_POST = {"order", "close", "refund", "refund_over", "transfer", "upload", "v2_order", "v2_query"}
V2_KINDS = {"/pay/unifiedorder": "v2_order", "/pay/orderquery": "v2_query"}

REQUEST = re.compile(r"^\S+ #\d+ (\S+) (\S+) -> (\S+), \d+ ms; (.*)$")
DELIVERY = re.compile(r"^\S+ notification (\S+) -> (\S+): (\{.*\})$")
UNASKED = re.compile(r"^\S+ #\d+ fault (\S+)$")


def read_journal(path, host):
    with open(path, encoding="utf-8") as file:
        for line in file:
            since, until, kind, tag, order, amount, status, outcome, http, extra = line.rstrip("\n").split("\t")
            tag = f"{kind}:{order}" if kind.startswith("v2_") else tag
            yield Call(int(since), int(until), kind, tag, order, int(amount), status, outcome, int(http), extra, host)


class Log:
    """What the simulators did, one after the other."""

    def __init__(self, paths):
        self.hits = collections.defaultdict(list)
        self.deliveries = collections.defaultdict(list)
        self.faults, self.unasked = collections.Counter(), collections.Counter()
        self.struck_downloads, self.lines, self.done_native = 0, 0, collections.Counter()
        for era, path in enumerate(paths):
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in file:
                    self.line(era, line.rstrip("\n"))

    def line(self, era, line):
        self.lines += 1
        if match := REQUEST.match(line):
            method, target, answer, rest = match.groups()
            parts = rest.split("; ")
            fault = next((part[6:] for part in parts if part.startswith("fault ")), None)
            path, _, query = target.partition("?")
            hit = Hit(era, method, path, answer, "done" in parts, fault)
            if fault:
                self.faults[fault] += 1
                self.struck_downloads += path.startswith("/v3/billdownload/")
            self.done_native[era] += hit.done and path == "/v3/pay/transactions/native"
            if tag := re.search(r"(?:^|&)t=([\w.]+)", query):
                self.hits[tag[1]].append(hit)
            elif number := re.match(r"API v2, out_trade_no (\w+)$", parts[0]):
                # Paths of API v2 have no query; a number is used once for each.
                self.hits[f"{V2_KINDS[path]}:{number[1]}"].append(hit)
        elif match := DELIVERY.match(line):
            self.deliveries[match[1]].append((era, json.loads(match[3]).get("status")))
        elif match := UNASKED.match(line):
            self.unasked[match[1]] += 1


class Checker:
    """`wrong` is a list of (rule, text)."""

    def __init__(self, calls, log, away, forged, downloads):
        self.calls, self.log, self.away, self.forged, self.downloads = calls, log, away, forged, downloads
        self.wrong, self.connection_failures, self.failed_downloads = [], [], 0
        self.resolved = collections.Counter()
        self.paid = []
        # (kind, number) -> eras in which it was carried out
        self.done = collections.defaultdict(set)
        for call in calls:
            for hit in log.hits.get(call.tag, []):
                if hit.done:
                    self.done[call.kind, call.order].add(hit.era)
                if call.kind == "pay" and call.outcome == "OK":
                    self.paid.append((hit.era, call.until))

    def complain(self, rule, call, why):
        hits = "; ".join(f"{hit.method} {hit.path} -> {hit.answer}{' done' if hit.done else ''}"
                         f"{' fault ' + hit.fault if hit.fault else ''} (run {hit.era + 1})" for hit in self.log.hits.get(call.tag, []))
        when = datetime.datetime.fromtimestamp(call.since / 1000, datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
        told = f"{call.status} {call.outcome} http {call.http} {call.extra}".strip()
        self.wrong.append((rule, f"{call.host} {call.kind} {call.order} ({call.tag}, {when}, {call.until - call.since} ms): {why}. "
                                 f"Told: {told}. The simulator's log: {hits or 'nothing'}"))

    def was_away(self, call):
        return any(since <= call.until and call.since <= until for since, until in self.away)

    def check(self):
        for call in self.calls:
            if call.kind == "download":
                self.download(call)
            elif call.kind not in ("notify", "local", "end"):
                self.acted(call)
                self.told(call)
        # Behind a whole answer the end may come while the next request is under way.
        ended = sum(call.outcome == "OK" and any(hit.fault in ENDS for hit in self.log.hits.get(call.tag, [])) for call in self.calls)
        struck = sum(self.log.unasked.values()) + ended
        if len(self.connection_failures) > struck:
            for call in self.connection_failures:
                self.complain("outcome", call, f"one of {len(self.connection_failures)} lost connections; {struck} faults struck one")
        if self.failed_downloads > self.log.struck_downloads:
            text = f"{self.failed_downloads} downloads failed, {self.log.struck_downloads} were struck by a fault"
            self.wrong.append(("outcome", text))
        self.notifications()
        self.refunds()

    def acted(self, call):
        """OK: exactly once. NOT_SENT: it was not even read. REJECTED: not done. Never more often than asked."""
        hits = self.log.hits.get(call.tag, [])
        done = sum(hit.done for hit in hits)
        if call.tag == "-":
            return
        if call.kind in SIGNED_POST and len(hits) > 1:
            self.complain("repeated", call, f"asked once, sent {len(hits)} times, done {done} times")
        elif call.outcome == "OK" and (not hits or (call.kind in SIGNED_POST and done != 1)):
            self.complain("outcome", call, f"told OK, done {done} times")
        elif call.outcome == "NOT_SENT" and hits:
            self.complain("outcome", call, "told NOT_SENT, and it came")
        elif call.outcome == "REJECTED" and done:
            self.complain("outcome", call, "told REJECTED, and it was done")
        elif call.outcome == "DONE_UNVERIFIED" and (not hits or (call.kind in SIGNED_POST and not done)):
            self.complain("outcome", call, "told DONE_UNVERIFIED, and it was not done")

    def told(self, call):
        """Status and outcome are among those that what struck the call allows."""
        hits = self.log.hits.get(call.tag, [])
        table = V2_FAULTS if call.kind.startswith("v2_") else FAULTS
        struck = [hit.fault for hit in hits if hit.fault]
        told = (call.status, call.outcome)
        if any(fault not in table for fault in struck):
            return self.complain("outcome", call, "a fault that the table has not")
        allowed = [table[fault] for fault in struck]
        if call.kind == "close" and BODILESS.intersection(struck):
            allowed.append(FINE)  # 204: the head is all of it
        if told in allowed and told != FINE:
            return None
        if call.outcome in ("NOT_SENT", "UNKNOWN") and call.status in CONNECTION:
            if not self.was_away(call):
                self.connection_failures.append(call)
            return None
        if struck and FINE not in allowed:
            # A GET whose first connection died may be asked again, and then nothing is wrong.
            if not (told == FINE and hits[-1].method == "GET" and hits[-1].fault is None):
                return self.complain("outcome", call, f"{struck} must end in {allowed}")
        return self.plain(call, hits[-1].era if hits else None)

    def plain(self, call, era):
        """Nothing struck it: it must be what the order's own history says."""
        told = (call.status, call.outcome)
        missing = told[1] == REJECTED and told[0] == "API_ERROR"
        if call.kind.startswith("resolve_"):
            there = era in self.done[call.kind[8:], call.order]
            self.resolved["there" if told == FINE else "not there"] += 1
            if (told == FINE) != there or not (told == FINE or (missing and call.http == 404)):
                self.complain("outcome", call, f"queried what was left open; the log says {'done' if there else 'not done'}")
        elif call.kind == "refund_over":
            if not missing:
                self.complain("money", call, "more than is left of the order was refunded")
        elif call.kind == "refresh":
            if told not in (FINE, ("RATE_LIMITED", "NOT_SENT"), ("RATE_LIMITED", "UNKNOWN")):
                self.complain("outcome", call, "a certificate refresh")
        elif call.kind == "bill" and call.extra == "NO_STATEMENT_EXIST":
            if any(era == paid and since < call.since for paid, since in self.paid):
                self.complain("outcome", call, "no bill, though something was paid")
        elif told != FINE:
            made = {"v2_query": "v2_order"}.get(call.kind, "order")
            forgotten = call.kind in ("pay", "query", "close", "refund", "v2_query") and era not in self.done[made, call.order]
            if not (missing and forgotten and self.away):
                self.complain("outcome", call, "nothing struck it, and it failed")

    def download(self, call):
        path = os.path.join(self.downloads, call.tag)
        if call.outcome != "OK":
            if os.path.exists(path):
                self.complain("digest", call, "a download that failed left a file")
            self.failed_downloads += not self.was_away(call)
            return
        with open(path, "rb") as file:
            digest = hashlib.sha1(file.read()).hexdigest()
        if digest != call.extra.lower():
            self.complain("digest", call, f"the file's sha1 is {digest}")

    def notifications(self):
        amounts = {call.order: call.amount for call in self.calls if call.kind == "order"}
        opened, refused, cut = collections.Counter(), collections.Counter(), collections.Counter()
        for call in self.calls:
            if call.kind != "notify":
                continue
            (opened if call.outcome == "OK" else refused)[call.extra] += 1
            # The simulator may have ended before it logged the reply.
            cut[call.extra] += self.was_away(call)
            if call.extra not in self.log.deliveries and not self.was_away(call):
                self.complain("notify", call, f"the simulator never sent {call.extra}")
            if call.outcome == "OK" and call.extra in self.forged:
                self.complain("notify", call, f"{call.extra} is forged ({self.forged[call.extra]}), and was opened")
            elif call.outcome == "OK" and call.order in amounts and call.amount != amounts[call.order]:
                self.complain("notify", call, f"opened with another amount than {amounts[call.order]}")
        self.opened, self.refused = sum(opened.values()), sum(refused.values())
        last = max((era for sent in self.log.deliveries.values() for era, _ in sent), default=0)
        for told, sent in self.log.deliveries.items():
            taken = sum(status in (200, 204) for _, status in sent)
            denied = sum(status in (401, 500) for _, status in sent)
            unclear = len(sent) - taken - denied + cut[told]
            if not taken <= opened[told] <= taken + unclear or not denied <= refused[told] <= denied + unclear:
                self.wrong.append(("notify", f"{told}: {sent}, but opened {opened[told]} times and refused {refused[told]} times"))
            if told not in self.forged and taken == 0 and sent[-1][0] == last:
                self.wrong.append(("notify", f"{told}: genuine, and never taken: {sent}"))

    def refunds(self):
        totals = {call.order: call.amount for call in self.calls if call.kind == "order"}
        refunded = collections.Counter()
        for call in self.calls:
            if call.kind in ("refund", "refund_over"):
                refunded[call.order] += call.amount * sum(hit.done for hit in self.log.hits.get(call.tag, []))
        for order, amount in refunded.items():
            if amount > totals[order]:
                self.wrong.append(("money", f"{order}: {amount} fen refunded of {totals[order]}"))

    def books(self, stats, era):
        """The last simulator's own sums."""
        def done(call):
            return any(hit.era == era and hit.done for hit in self.log.hits.get(call.tag, []))
        refunded = sum(call.amount for call in self.calls if call.kind in ("refund", "refund_over") and done(call))
        paid = {call.order: call.amount for call in self.calls if call.kind == "pay"
                and any(hit.era == era and hit.answer == "200" for hit in self.log.hits.get(call.tag, []))}
        placed = stats["actions"].get("POST /v3/pay/transactions/native", 0)
        for name, has, wants in (
            ("refunded_fen", stats["money"]["refunded_fen"], refunded),
            ("paid", stats["money"]["paid"], len(paid)),
            ("paid_fen", stats["money"]["paid_fen"], sum(paid.values())),
            ("orders placed", placed, self.log.done_native[era]),
            ("duplicate_nonces", stats["duplicate_nonces"], 0),
            ("sign_errors", stats["sign_errors"], 0),
        ):
            if has != wants:
                self.wrong.append(("money", f"{name}: the simulator has {has}, the journals and its log {wants}"))
