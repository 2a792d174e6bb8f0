"""Runs the shared vectors through the generated declarations: only these take `now`.

python conformance.py DIR        DIR is bindings/conformance; its README says what a case means
"""

import json
import os
import re
import sys
from ctypes import string_at

from libwxpay import _abi as abi
from libwxpay._abi import (
    BillHandle,
    BufHandle,
    ClientHandle,
    ConfigHandle,
    ErrorHandle,
    KeyHandle,
    MessageHandle,
    NotifyHandle,
)


class Failed(Exception):
    """A call did not give 0: its status, and what the error lacks."""

    def __init__(self, status, error, outs):
        super().__init__(status)
        self.status = status
        self.outcome = abi.wxpay_error_outcome(error)
        self.json = abi.wxpay_error_json(error)
        self.wrong = [f"{type(out).__name__} is not NULL" for out in outs if out.value]
        if abi.wxpay_error_status(error) != status:
            self.wrong.append(f"the error says {abi.wxpay_error_status(error)}, the function {status}")
        for what in (abi.wxpay_error_message, abi.wxpay_error_hint):
            if not what(error):
                self.wrong.append(f"{what.__name__} is empty")


def call(function, *arguments):
    """One call: bytes are followed by their length, handles that are NULL are outputs."""
    flat, outs = [], []
    for one in arguments:
        flat.append(one)
        if isinstance(one, bytes):
            flat.append(len(one))
        elif isinstance(one, abi.c_void_p) and not one.value:
            outs.append(one)
    error = ErrorHandle()
    status = function(*flat, error)
    if status:
        raise Failed(status, error, outs)
    assert not error.value, f"{function.__name__} gave 0 and an error"


def taken(buffer):
    return string_at(abi.wxpay_buf_data(buffer), abi.wxpay_buf_len(buffer))


class Runner:
    def __init__(self, directory):
        self.directory = directory
        self.made = {}
        with open(os.path.join(directory, "keys", "clients.json"), encoding="utf-8") as file:
            self.clients = json.load(file)

    # values

    def value(self, one):
        if isinstance(one, str):
            return one.encode()
        (form,) = set(one) - {"times"}
        if form == "hex":
            return bytes.fromhex(one["hex"])
        if form == "repeat":
            return one["repeat"].encode() * one["times"]
        assert form == "file", form
        with open(os.path.join(self.directory, one["file"]), "rb") as file:
            return file.read()

    # objects

    def client_of(self, config):
        made = ConfigHandle()
        call(abi.wxpay_config_new, made)
        for key, value in config.items():
            call(abi.wxpay_config_set, made, key.encode(), self.value(value))
        client = ClientHandle()
        call(abi.wxpay_client_new, made, client)
        return client

    def client(self, name, fresh=False):
        if fresh or name not in self.made:
            client = self.client_of(self.clients[name])
            if fresh:
                return client
            self.made[name] = client
        return self.made[name]

    def key(self, data, passphrase=""):
        key = KeyHandle()
        call(abi.wxpay_key_load, self.value(data), self.value(passphrase), key)
        return key

    def add(self, message, headers):
        for name, value in headers:
            call(abi.wxpay_message_add_header, message, self.value(name), self.value(value))

    def request(self, case):
        message = MessageHandle()
        call(abi.wxpay_message_new_request, *(self.value(case[name]) for name in ("method", "url", "body")), message)
        self.add(message, case.get("headers", ()))
        return message

    def response(self, status, case):
        message = MessageHandle()
        call(abi.wxpay_message_new_response, status, self.value(case.get("body", "")), message)
        if "block" in case:
            call(abi.wxpay_message_add_header_block, message, self.value(case["block"]))
        else:
            self.add(message, case["headers"])
        return message

    # comparisons

    def verify(self, key, message, signature):
        call(abi.wxpay_verify, self.key(key), message, signature)

    def signed(self, want, canonical, nonce, signature):
        text = self.value(want["canonical"]).replace(b"{nonce}", nonce)
        if canonical is not None and canonical != text:
            return [f"to_sign is {canonical!r}, not {text!r}"]
        try:
            self.verify(want["verify_key"], text, signature)
        except Failed as failed:
            return [f"the signature does not verify: {failed}"]
        return []

    def prepared(self, message, want, to_sign=None):
        """What a prepared message differs in from `want`."""
        wrong = []
        body = string_at(abi.wxpay_message_body(message) or 0, abi.wxpay_message_body_len(message))
        has = {"method": abi.wxpay_message_method(message), "url": abi.wxpay_message_url(message), "body": body}
        for name, value in has.items():
            if name in want and value != self.value(want[name]):
                wrong.append(f"{name} is {value!r}")
        for name, value in want.get("headers", {}).items():
            has_value = abi.wxpay_message_header(message, name.encode(), len(name.encode()))
            if has_value != (None if value is None else self.value(value)):
                wrong.append(f"header {name} is {has_value!r}")
        if "authorization" in want:
            wanted = want["authorization"]
            scheme, _, rest = abi.wxpay_message_header(message, b"Authorization", 13).partition(b" ")
            members = dict(re.findall(rb'(\w+)="([^"]*)"(?:,|$)', rest))
            if b",".join(b'%s="%s"' % pair for pair in members.items()) != rest:
                wrong.append(f"Authorization is {rest!r}")
            nonce, signature = members.pop(b"nonce_str"), members.pop(b"signature")
            if not re.fullmatch(rb"[0-9A-Za-z]{32}", nonce):
                wrong.append(f"nonce_str is {nonce!r}")
            if scheme != self.value(wanted["scheme"]):
                wrong.append(f"scheme is {scheme!r}")
            if members != {name.encode(): self.value(value) for name, value in wanted["members"].items()}:
                wrong.append(f"members are {members!r}")
            wrong += self.signed(wanted, to_sign, nonce, signature)
        return wrong

    def paid(self, text, want, to_sign=None):
        has = json.loads(text)
        nonce = has.pop(want["nonce_member"]).encode()
        signature = has.pop(want["signature_member"]).encode()
        wrong = [] if re.fullmatch(rb"[0-9A-Za-z]{32}", nonce) else [f"the nonce is {nonce!r}"]
        if has != {name: self.value(value).decode() for name, value in want["members"].items()}:
            wrong.append(f"members are {has}")
        return wrong + self.signed(want, to_sign, nonce, signature)

    def run(self, case):
        """What is wrong with a case, as texts."""
        want = dict(case.get("want", {}))
        status, outcome = want.pop("status", 0), want.pop("outcome", None)
        given = dict(case["in"])
        operation = getattr(self, "op_" + case["op"], None)
        if operation is None:
            return [f"there is no operation {case['op']}"]
        known, wanted = READS[case["op"]]
        strange = [name for name in given if name not in known] + [name for name in want if name not in wanted]
        if strange:
            return [f"not known: {strange}"]
        self.also = {}
        try:
            wrong = operation(given, want, case.get("now", 0))
            got = 0
        except Failed as failed:
            wrong, got = failed.wrong + self.reported(failed.json, want), failed.status
            if outcome is not None and failed.outcome != outcome:
                wrong.append(f"outcome {failed.outcome}, not {outcome}")
        if got != status:
            return [f"status {got}, not {status}", *wrong]
        for name, value in self.also.items():
            if name in want and want[name] != value:
                wrong.append(f"{name} is {value!r}, not {want[name]!r}")
        return wrong

    def compare(self, want, **has):
        return [
            f"{name} is {value!r}, not {want[name]!r}"
            for name, value in has.items()
            if name in want and value != (None if want[name] is None else self.value(want[name]))
        ]

    def reported(self, text, want):
        """What `want` asks of a report, or of the JSON of an error."""
        report = json.loads(text)
        diagnosis = report.get("diagnosis", [])
        ids = [one["id"] for one in diagnosis]
        has = {name: report.get(member) for name, member in REPORTED.items()}
        has.update(ids=" ".join(ids), first=(ids or [""])[0])
        wrong = [f"{name} is {one!r}" for name, one in has.items() if name in want and want[name] != one]
        wrong += [f"{one} is not among {ids}" for one in want.get("among", "").split() if one not in ids]
        text = (diagnosis or [{"text": ""}])[0]["text"]
        return wrong if want.get("diagnosis_text", "") in text else [*wrong, f"the first diagnosis says {text!r}"]

    # operations, in the order of the README

    def op_canonical_request(self, given, want, now):
        out = BufHandle()
        names = ("method", "url", "timestamp", "nonce", "body")
        call(abi.wxpay_canonical_request, *(self.value(given[name]) for name in names), out)
        return self.compare(want, text=taken(out))

    def op_canonical_response(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_canonical_response, *(self.value(given[name]) for name in ("timestamp", "nonce", "body")), out)
        return self.compare(want, text=taken(out))

    def op_sign(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_sign, self.key(given["key"]), self.value(given["message"]), out)
        return self.compare(want, signature=taken(out))

    def op_verify(self, given, want, now):
        self.verify(given["key"], self.value(given["message"]), self.value(given["signature"]))
        return []

    def op_aead_decrypt(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_aead_decrypt, *(self.value(given[name]) for name in ("key", "nonce", "aad", "ciphertext")), out)
        return self.compare(want, plaintext=taken(out))

    def oaep_decrypted(self, key, ciphertext):
        out = BufHandle()
        call(abi.wxpay_oaep_decrypt, key, ciphertext, out)
        return taken(out)

    def op_oaep_decrypt(self, given, want, now):
        plaintext = self.oaep_decrypted(self.key(given["key"]), self.value(given["ciphertext"]))
        return self.compare(want, plaintext=plaintext)

    def op_oaep_encrypt(self, given, want, now):
        key, private, out = self.key(given["key"]), self.key(given["private_key"]), BufHandle()
        call(abi.wxpay_oaep_encrypt, key, self.value(given["plaintext"]), out)
        return self.compare(want, plaintext=self.oaep_decrypted(private, taken(out)))

    def op_key_load(self, given, want, now):
        key, out = self.key(given["data"], given.get("passphrase", "")), BufHandle()
        call(abi.wxpay_key_info, key, out)
        has = json.loads(taken(out))
        return [
            f"{name} is {has.get(name)!r}" for name, value in want.get("info", {}).items() if has.get(name) != value
        ]

    def op_key_matches_cert(self, given, want, now):
        call(abi.wxpay_key_matches_cert, self.key(given["key"]), self.value(given["cert"]))
        return []

    def op_config_set(self, given, want, now):
        made = ConfigHandle()
        call(abi.wxpay_config_new, made)
        call(abi.wxpay_config_set, made, self.value(given["key"]), self.value(given["value"]))
        return []

    def op_client_new(self, given, want, now):
        self.client_of(given["config"])
        return []

    def op_message_set(self, given, want, now):
        message = self.request({"method": "GET", "url": "/v3/certificates", "body": ""})
        call(abi.wxpay_message_set, message, self.value(given["key"]), self.value(given["value"]))
        return []

    def op_header(self, given, want, now):
        message = self.response(200, given)
        name = given["name"].encode()
        return self.compare(want, value=abi.wxpay_message_header(message, name, len(name)))

    def op_prepare(self, given, want, now):
        out = MessageHandle()
        call(abi.wxpay_client_prepare, self.client(given["client"]), self.request(given), now, out)
        return self.prepared(out, want)

    def op_prepare_unsigned(self, given, want, now):
        out, to_sign, digest, signature = MessageHandle(), BufHandle(), BufHandle(), BufHandle()
        client, request = self.client(given["client"]), self.request(given)
        call(abi.wxpay_client_prepare_unsigned, client, request, now, out, to_sign, digest)
        call(abi.wxpay_sign, self.key(given["sign_key"]), taken(to_sign), signature)
        call(abi.wxpay_message_attach_signature, out, taken(signature))
        return self.prepared(out, want, taken(to_sign))

    def op_check(self, given, want, now):
        request, response = self.request(given), self.response(given["response"]["status"], given["response"])
        try:
            call(abi.wxpay_client_check, self.client(given["client"]), request, response, now)
        finally:
            self.also["verified"] = abi.wxpay_message_verified(response)
        return []

    def op_notify_open(self, given, want, now):
        message, out = self.response(0, given), NotifyHandle()
        call(abi.wxpay_notify_open, self.client(given["client"]), message, now, out)
        fields = ("event_type", "resource_type", "original_type", "create_time", "summary", "serial", "json")
        has = {name: getattr(abi, f"wxpay_notify_{name}")(out) for name in fields}
        has["notify_id"] = abi.wxpay_notify_id(out)
        has["plaintext"] = string_at(abi.wxpay_notify_plaintext(out), abi.wxpay_notify_plaintext_len(out))
        self.also["timestamp"] = abi.wxpay_notify_timestamp(out)
        return self.compare(want, **has)

    def op_notify_reply(self, given, want, now):
        out = MessageHandle()
        call(abi.wxpay_notify_reply, given["result"], self.value(given["reason"]), out)
        self.also["http_status"] = abi.wxpay_message_status(out)
        body = string_at(abi.wxpay_message_body(out) or 0, abi.wxpay_message_body_len(out))
        return self.compare(want, body=body, content_type=abi.wxpay_message_header(out, b"Content-Type", 12))

    def op_pay(self, given, want, now):
        out = BufHandle()
        function = getattr(abi, f"wxpay_pay_{given['kind']}")
        appid, prepay_id = self.value(given["appid"]), self.value(given["prepay_id"])
        call(function, self.client(given["client"]), appid, prepay_id, now, out)
        return self.paid(taken(out), want)

    def op_pay_unsigned(self, given, want, now):
        params, to_sign, digest, signature, out = (BufHandle() for _ in range(5))
        kind, appid, prepay_id = (self.value(given[name]) for name in ("kind", "appid", "prepay_id"))
        call(abi.wxpay_pay_unsigned, self.client(given["client"]), kind, appid, prepay_id, now, params, to_sign, digest)
        call(abi.wxpay_sign, self.key(given["sign_key"]), taken(to_sign), signature)
        call(abi.wxpay_pay_attach, taken(params), taken(signature), out)
        return self.paid(taken(out), want, taken(to_sign))

    def op_pay_h5_url(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_pay_h5_url, self.value(given["h5_url"]), self.value(given["redirect_url"]), out)
        return self.compare(want, url=taken(out))

    def op_client_encrypt(self, given, want, now):
        out, used = BufHandle(), BufHandle()
        key_id, plaintext = self.value(given["key_id"]), self.value(given["plaintext"])
        call(abi.wxpay_client_encrypt, self.client(given["client"]), key_id, plaintext, out, used)
        has = self.oaep_decrypted(self.key(given["private_key"]), taken(out))
        return self.compare(want, plaintext=has, used_key_id=taken(used))

    def op_client_decrypt(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_client_decrypt, self.client(given["client"]), self.value(given["ciphertext"]), out)
        return self.compare(want, plaintext=taken(out))

    def op_load_certificates(self, given, want, now):
        client = self.client(given["client"], fresh=True)
        response = self.response(given["response"]["status"], given["response"])
        try:
            call(abi.wxpay_client_load_certificates, client, response, now)
        finally:
            self.also["due"] = abi.wxpay_client_certificates_due(client, now)
        return []

    def body(self, message):
        return string_at(abi.wxpay_message_body(message) or 0, abi.wxpay_message_body_len(message))

    def header(self, message, name):
        return abi.wxpay_message_header(message, name, len(name))

    def op_upload(self, given, want, now):
        message, out = MessageHandle(), MessageHandle()
        names = ("url", "meta", "filename", "content_type", "file")
        call(abi.wxpay_message_new_upload, *(self.value(given[name]) for name in names), message)
        call(abi.wxpay_client_prepare, self.client(given["client"]), message, now, out)
        want = dict(want)
        body = self.value(want.pop("body", ""))
        wrong = self.prepared(out, want)
        kind, _, boundary = self.header(out, b"Content-Type").partition(b"; boundary=")
        if kind != b"multipart/form-data" or not re.fullmatch(rb"[0-9A-Za-z]{32,70}", boundary):
            wrong.append(f"Content-Type has {kind!r} and the boundary {boundary!r}")
        if body.replace(b"{boundary}", boundary) != self.body(out):
            wrong.append(f"body is {self.body(out)!r}")
        return wrong

    def op_encrypt_fields(self, given, want, now):
        request, out = self.request({"method": "POST", **given}), MessageHandle()
        private, client = self.key(given["private_key"]), self.client(given["client"])
        call(abi.wxpay_client_encrypt_fields, client, request, self.value(given["pointers"]))
        call(abi.wxpay_client_prepare, client, request, 0, out)
        body, plaintexts = self.body(out), []
        pieces = self.value(want["body"]).split(b"<ciphertext>") if "body" in want else [body]
        for number, piece in enumerate(pieces):
            if not body.startswith(piece):
                return [f"there is {body!r} where {piece!r} is expected"]
            body = body[len(piece) :]
            if number + 1 < len(pieces):
                ciphertext, _quote, _ = body.partition(b'"')
                plaintexts.append(self.oaep_decrypted(private, ciphertext))
                body = body[len(ciphertext) :]
        wrong = [f"behind the expected body there is {body!r}"] if body else []
        serial = self.header(out, b"Wechatpay-Serial")
        return wrong + self.compare(want, plaintexts=b"\n".join(plaintexts), serial=serial)

    def op_decrypt_fields(self, given, want, now):
        request, response = self.request(given), self.response(given["response"]["status"], given["response"])
        client, out = self.client(given["client"]), BufHandle()
        call(abi.wxpay_client_check, client, request, response, now)
        call(abi.wxpay_client_decrypt_fields, client, response, self.value(given["pointers"]), out)
        return self.compare(want, json=taken(out))

    def op_bill(self, given, want, now):
        bill = BillHandle()
        call(abi.wxpay_bill_open, self.value(given["csv"]), bill)
        columns = range(abi.wxpay_bill_column_count(bill))

        def row(cells):
            return b"\t".join(cells) + b"\n"

        def amount(fen):
            return b"-" if fen == -1 << 63 else str(fen).encode()

        has = {"columns": row(abi.wxpay_bill_column_name(bill, at) for at in columns), "rows": b"", "fen": b""}
        has.update(marks=b"", totals=b"")
        number = 0
        while True:
            call(abi.wxpay_bill_next, bill)
            if not abi.wxpay_bill_row(bill):
                break
            number += 1
            assert abi.wxpay_bill_row(bill) == number
            has["rows"] += row(abi.wxpay_bill_field(bill, at) for at in columns)
            has["fen"] += row(amount(abi.wxpay_bill_fen(bill, at)) for at in columns)
            has["marks"] += row([b"".join(str(abi.wxpay_bill_is_text(bill, at)).encode() for at in columns)])
        for name in self.value(given["totals"]).split(b"\n"):
            total, fen = (of(bill, name, len(name)) for of in (abi.wxpay_bill_total, abi.wxpay_bill_total_fen))
            has["totals"] += row([name, b"~" if total is None else total, amount(fen)])
        self.also["row_count"] = abi.wxpay_bill_row_count(bill)
        return self.compare(want, **has)

    def v2_prepared(self, client, given):
        out = MessageHandle()
        path, sign_type, json_text = (self.value(given[name]) for name in ("path", "sign_type", "json"))
        call(abi.wxpay_v2_prepare, client, path, sign_type, json_text, out)
        return out

    def v2_checked(self, client, request, response):
        out, error = BufHandle(), ErrorHandle()
        status = abi.wxpay_v2_check(client, request, response, out, error)
        if status:
            raise Failed(status, error, [out])
        return json.loads(taken(out))

    def op_v2_sign(self, given, want, now):
        out = BufHandle()
        sign_type, json_text = self.value(given["sign_type"]), self.value(given["json"])
        call(abi.wxpay_v2_sign, self.client(given["client"]), sign_type, json_text, out)
        return self.compare(want, signature=taken(out))

    def op_v2_prepare(self, given, want, now):
        client = self.client(given["client"])
        out = self.v2_prepared(client, given)
        message = self.response(200, {"body": {"hex": self.body(out).hex()}, "headers": []})
        self.also["fields"] = self.v2_checked(client, None, message)
        has = {"method": abi.wxpay_message_method(out), "url": abi.wxpay_message_url(out)}
        return self.compare(want, **has, content_type=self.header(out, b"Content-Type"))

    def op_v2_check(self, given, want, now):
        client = self.client(given["client"])
        request = self.v2_prepared(client, given["request"]) if "request" in given else None
        response = self.response(given["response"]["status"], given["response"])
        try:
            self.also["fields"] = self.v2_checked(client, request, response)
        finally:
            self.also["verified"] = abi.wxpay_message_verified(response)
        return []

    def op_v2_refund_open(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_v2_refund_open, self.client(given["client"]), self.value(given["req_info"]), out)
        has = json.loads(taken(out))
        self.also["refund"] = has.pop("refund")
        return [] if has == {"authenticated": False} else [f"besides the refund there is {has}"]

    def op_v2_reply(self, given, want, now):
        out = MessageHandle()
        call(abi.wxpay_v2_reply, given["result"], self.value(given["reason"]), out)
        self.also["http_status"] = abi.wxpay_message_status(out)
        return self.compare(want, body=self.body(out), content_type=self.header(out, b"Content-Type"))

    def op_pay_score(self, given, want, now):
        client, out, sign = self.client(given["client"]), BufHandle(), BufHandle()
        call(abi.wxpay_pay_score, client, self.value(given["package"]), now, out)
        call(abi.wxpay_v2_sign, client, b"HMAC-SHA256", taken(out), sign)
        has = json.loads(taken(out))
        wrong = [] if has.pop("sign").encode() == taken(sign) else ["the sign is another"]
        if not re.fullmatch(r"[0-9A-Za-z]{32}", has["nonce_str"]):
            wrong.append(f"nonce_str is {has['nonce_str']!r}")
        del has["nonce_str"]
        self.also["members"] = has
        return wrong

    def op_explain_response(self, given, want, now):
        client, request, out = self.client(given["client"]), MessageHandle(), BufHandle()
        call(abi.wxpay_client_prepare, client, self.request(given), now, request)
        nonce = re.search(rb'nonce_str="([^"]*)"', self.header(request, b"Authorization")).group(1)
        answer = given["response"]
        body = self.value(answer["body"]).replace(b"{nonce}", nonce)
        response = self.response(answer["status"], {**answer, "body": {"hex": body.hex()}})
        call(abi.wxpay_explain_response, client, request, response, now, out)
        return self.reported(taken(out), want)

    def op_status(self, given, want, now):
        code = given["code"]
        texts = {"en": abi.wxpay_status_text(code, 0), "zh": abi.wxpay_status_text(code, 1)}
        return self.compare(want, name=abi.wxpay_status_name(code), **texts)

    def client_or_none(self, given):
        return self.client(given["client"]) if "client" in given else None

    def op_explain_text(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_explain_text, self.value(given["text"]), out)
        return self.reported(taken(out), want)

    def op_trust_report(self, given, want, now):
        out = BufHandle()
        call(abi.wxpay_trust_report, self.client_or_none(given), now, out)
        return self.reported(taken(out), want)

    def op_trust_probe(self, given, want, now):
        host, bind, out = self.value(given["host"]), self.value(given["bind_address"]), BufHandle()
        call(abi.wxpay_trust_probe, self.client_or_none(given), host, given["port"], bind, now, out)
        return self.reported(taken(out), want)

    def op_call(self, given, want, now):
        method, url, body = (self.value(given[name]) for name in ("method", "url", "body"))
        call(abi.wxpay_client_call, self.client_of(given["config"]), method, url, body, MessageHandle())
        return self.reported("{}", want)  # nothing was diagnosed


def names(text):
    return tuple(text.split())


#: Members of `want` and those of a report.
REPORTED = {"report_status": "status", "verdict": "verdict", "language": "language"}
REPORT = names("report_status verdict ids first among diagnosis_text")
PAYING = names("members signature_member nonce_member canonical verify_key")
PREPARED = names("method url body headers authorization")
#: Members of `in` and of `want` that an operation reads.
READS = {
    "canonical_request": (names("method url timestamp nonce body"), ("text",)),
    "canonical_response": (names("timestamp nonce body"), ("text",)),
    "sign": (names("key message"), ("signature",)),
    "verify": (names("key message signature"), ()),
    "aead_decrypt": (names("key nonce aad ciphertext"), ("plaintext",)),
    "oaep_decrypt": (names("key ciphertext"), ("plaintext",)),
    "oaep_encrypt": (names("key private_key plaintext"), ("plaintext",)),
    "key_load": (names("data passphrase"), ("info",)),
    "key_matches_cert": (names("key cert"), ()),
    "config_set": (names("key value"), ()),
    "client_new": (("config",), ()),
    "message_set": (names("key value"), ()),
    "header": (names("headers block name"), ("value",)),
    "prepare": (names("client method url body headers"), PREPARED),
    "prepare_unsigned": (names("client method url body headers sign_key"), PREPARED),
    "check": (names("client method url body response"), ("verified",)),
    "notify_open": (
        names("client headers block body"),
        names("notify_id event_type resource_type original_type create_time summary serial plaintext json timestamp"),
    ),
    "notify_reply": (names("result reason"), names("http_status body content_type")),
    "pay": (names("client kind appid prepay_id"), PAYING),
    "pay_unsigned": (names("client kind appid prepay_id sign_key"), PAYING),
    "pay_h5_url": (names("h5_url redirect_url"), ("url",)),
    "client_encrypt": (names("client key_id plaintext private_key"), names("plaintext used_key_id")),
    "client_decrypt": (names("client ciphertext"), ("plaintext",)),
    "load_certificates": (names("client response"), ("due",)),
    "upload": (names("client url meta filename content_type file"), PREPARED),
    "encrypt_fields": (names("client url body pointers private_key"), names("body plaintexts serial")),
    "decrypt_fields": (names("client method url body pointers response"), ("json",)),
    "bill": (names("csv totals"), names("columns rows fen marks totals row_count")),
    "v2_sign": (names("client sign_type json"), ("signature",)),
    "v2_prepare": (names("client path sign_type json"), names("method url content_type fields")),
    "v2_check": (names("client request response"), names("verified fields")),
    "v2_refund_open": (names("client req_info"), ("refund",)),
    "v2_reply": (names("result reason"), names("http_status body content_type")),
    "pay_score": (names("client package"), ("members",)),
    "explain_response": (names("client method url body response"), REPORT),
    "status": (("code",), names("name en zh")),
    "explain_text": (("text",), names("report_status language ids first among")),
    "trust_report": (("client",), REPORT),
    "trust_probe": (names("client host port bind_address"), REPORT),
    "call": (names("config method url body"), names("ids first among diagnosis_text")),
}


def main(directory):
    runner = Runner(directory)
    passed = failed = 0
    vectors = os.path.join(directory, "vectors")
    for name in sorted(name for name in os.listdir(vectors) if name.endswith(".json")):
        with open(os.path.join(vectors, name), encoding="utf-8") as file:
            cases = json.load(file)
        for case in cases:
            try:
                wrong = runner.run(case)
            except Exception as error:
                wrong = [f"{type(error).__name__}: {error}"]
            if wrong:
                failed += 1
                print(f"{case['id']}: {'; '.join(wrong)}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
