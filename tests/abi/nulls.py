"""nulls.py LIBRARY ABI_JSON DIR: calls every function of wxpay.abi.json with every combination of
NULL and a good pointer, and with every number at its ends. DIR holds merchant.json and what lies
beside it. Whatever the arguments, a call must come back, with a status that the function lists;
what it gives must be there or NULL, and NULL needs its error. Written from the JSON alone.

The calls run in a child process: a crash is a line that names the function and the arguments.
"""

import ctypes
import itertools
import json
import mmap
import os
import sys
from ctypes import byref, c_int32, c_int64, c_size_t, c_uint32, c_void_p, string_at
from pathlib import Path

TYPES = {"size_t": c_size_t, "int32_t": c_int32, "int64_t": c_int64, "uint32_t": c_uint32, "wxpay_status": c_int32, "void": None}
ENDS = {
    "size_t": (0, 1, 2**63, 2**64 - 1),
    "int32_t": (0, 1, -1, -(2**31), 2**31 - 1),
    "wxpay_status": (0, 1, -1, -(2**31), 2**31 - 1),
    "int64_t": (0, 1, -1, -(2**63), 2**63 - 1),
}
OK, NULL_ARGUMENT, OUT_OF_MEMORY = 0, 101, 503
# What a NULL handle gives, as the JSON writes it.
GIVES = {"0": 0, "-1": -1, "INT64_MIN": -(2**63), '""': b"", "NULL": None}
# Texts that get through the first checks, by function:parameter or by parameter.
TEXTS = {
    "method": b"GET", "url": b"/v3/certificates", "wxpay_client_call:body": b"", "body": b"{}", "name": b"X-Null",
    "value": b"1000", "raw": b"X-Null: 1\r\n\r\n", "wxpay_message_set:key": b"timeout_ms", "wxpay_config_set:key": b"mchid",
    "wxpay_aead_decrypt:key": b"0123456789abcdef0123456789abcdef", "wxpay_aead_decrypt:nonce": b"0123456789ab",
    "prefix": b"WXPAY_NULLS_", "json": b"{\"a\": \"1\"}", "timestamp": b"1554208460", "nonce": b"593BEC0C930BF1AFEB40B4A08C8FB242",
    "key_id": b"", "passphrase": b"", "kind": b"jsapi", "appid": b"wxd678efh567hg6787", "prepay_id": b"wx2014",
    "h5_url": b"https://wx.tenpay.com/x?y=1", "redirect_url": b"https://www.example.com/", "sign_type": b"HMAC-SHA256",
    "path": b"/pay/unifiedorder", "host": b"127.0.0.1", "bind_address": b"127.0.0.1", "pointers": b"/name",
    "filename": b"a.png", "content_type": b"image/png", "meta_json": b"", "csv": b"a,b\n`1,`2.00\nc,d\n`1,`2.00\n",
    "wxpay_message_new_upload:url": b"/v3/merchant/media/upload",
}


class Failure(Exception):
    pass


class Walk:
    def __init__(self, library, abi, directory, journal):
        self.library = ctypes.CDLL(library)
        self.functions = {function["name"]: function for function in abi["functions"]}
        self.directory, self.journal = Path(directory), journal
        self.calls = self.failed = 0
        for name, function in self.functions.items():
            call = getattr(self.library, name)
            call.argtypes = [c_void_p if "*" in p["type"] else TYPES[p["type"]] for p in function["params"]]
            returned = function["returns"]["type"]
            call.restype = c_void_p if "*" in returned else TYPES[returned]
        self.texts = dict(TEXTS)
        self.live = {}
        self.fine = set()

    def note(self, text):
        """Where the next call is, for the parent: in memory that both have."""
        data = text.encode()[:1000]
        self.journal[:] = data.ljust(len(self.journal), b"\0")

    # What a good call takes.

    def make(self, function, *arguments):
        """The objects that a call gives, which must succeed. `bytes` stand for two arguments, their length too."""
        self.note(f"{function}, as it should be called")
        params = self.functions[function]["params"]
        outs = [c_void_p() for p in params if p["role"] == "out-handle"]
        flat = []
        for argument in arguments:
            flat += [argument, len(argument)] if isinstance(argument, bytes) else [argument]
        status = getattr(self.library, function)(*flat, *(byref(out) for out in outs), None)
        if status != OK:
            raise Failure(f"{function}{arguments} gave {status}")
        return outs[0].value if outs else None

    def file(self, name):
        return (self.directory / name).read_bytes()

    def buffer(self, handle):
        return string_at(self.library.wxpay_buf_data(handle), self.library.wxpay_buf_len(handle))

    def prepare(self):
        self.live["wxpay_config"] = self.fresh("wxpay_config", "")
        self.live["wxpay_client"] = client = self.make("wxpay_client_new", self.live["wxpay_config"])
        self.live["wxpay_key"] = key = self.make("wxpay_key_load", self.file("apiclient_key.pem"), b"")
        self.texts["pem_or_der"], self.texts["cert"] = self.file("apiclient_key.pem"), self.file("apiclient_cert.pem")
        self.texts["signature_base64"] = self.texts["signature"] = self.buffer(self.make("wxpay_sign", key, b"x"))
        url = b"/v3/merchant-service/images/upload"
        upload = self.make("wxpay_message_new_upload", url, b"", b"a.png", b"", TEXTS["csv"])
        answer = self.make("wxpay_client_send", client, upload)
        media = json.loads(string_at(self.library.wxpay_message_body(answer), self.library.wxpay_message_body_len(answer)))["media_id"]
        self.texts["source"] = json.dumps({"download_url": f"/v3/merchant-service/images/{media}"}).encode()
        self.texts["wxpay_config_load_json:json"] = self.file("merchant.json")
        for kind in ("wxpay_notify", "wxpay_buf", "wxpay_bill", "wxpay_error", "wxpay_download", "wxpay_message"):
            self.live[kind] = self.fresh(kind, "")

    def fresh(self, kind, place):
        """A new object; of a message, one that the place takes."""
        if kind == "wxpay_config":
            config = self.make("wxpay_config_new")
            self.make("wxpay_config_load_json", config, self.file("merchant.json"))
            self.make("wxpay_config_set", config, b"extra_ca_file", str(self.directory / "ca.pem").encode())
            return config
        if kind == "wxpay_client":
            return self.make("wxpay_client_new", self.live["wxpay_config"])
        if kind == "wxpay_key":
            return self.make("wxpay_key_load", self.texts["pem_or_der"], b"")
        if kind == "wxpay_buf":
            return self.make("wxpay_key_info", self.live["wxpay_key"])
        if kind == "wxpay_bill":
            return self.make("wxpay_bill_open", TEXTS["csv"])
        if kind == "wxpay_download":
            return self.make("wxpay_download_open", self.live["wxpay_client"], self.texts["source"])
        if kind == "wxpay_error":
            error = c_void_p()
            self.library.wxpay_key_load(b"x", 1, None, 0, byref(c_void_p()), byref(error))
            return error.value
        if place.endswith(":response"):
            return self.make("wxpay_client_send", self.live["wxpay_client"], self.fresh(kind, ""))
        if kind == "wxpay_notify" or place.startswith("wxpay_notify_open:"):
            received = self.make("wxpay_message_new_response", 0, self.file("notify.body"))
            self.make("wxpay_message_add_header_block", received, self.file("notify.headers"))
            return received if kind == "wxpay_message" else self.make("wxpay_notify_open", self.live["wxpay_client"], received, 0)
        return self.make("wxpay_message_new_request", b"GET", b"/v3/certificates", b"")

    def good(self, function, param):
        name, role = function["name"], param["role"]
        if role in ("in-text", "in-bytes"):
            return self.texts.get(f"{name}:{param['name']}", self.texts.get(param["name"], b"x"))
        if role in ("released-handle", "changed-handle") or (param.get("handle") == "wxpay_message" and role == "in-handle"):
            # A message that one function cancels is not the next one's.
            return self.fresh(param["handle"], f"{name}:{param['name']}")
        if role == "in-handle":
            return self.live[param["handle"]]
        if role == "out-bytes":
            return ctypes.create_string_buffer(4096)
        # Outputs are overwritten unread: what stands there is no object.
        return c_void_p(0xDEAD0) if role in ("out-handle", "err") else c_size_t(0xDEAD0)

    # One call and what must hold of it.

    def call(self, function, given, numbers, length_of_null):
        """`given`: the pointers that are not NULL, by name; `numbers`: numbers and lengths, by name."""
        name, params = function["name"], function["params"]
        goods = {p["name"]: self.good(function, p) for p in params if p["name"] in given}
        arguments = []
        for p in params:
            good = goods.get(p["name"])
            if "*" in p["type"]:
                arguments.append(byref(good) if isinstance(good, (c_void_p, c_size_t)) else good)
            elif p["name"] in numbers:
                arguments.append(numbers[p["name"]])
            elif p["role"] == "length":
                arguments.append(len(goods[p["of"]]) if p["of"] in goods else length_of_null)
            else:
                arguments.append(4096 if p["role"] == "capacity" else 200 if p["name"] == "status" else 0)
        where = f"{name}, not NULL: {sorted(given)}, numbers: {numbers}, length of a NULL: {length_of_null}"
        self.note(where)
        answer = getattr(self.library, name)(*arguments)
        self.calls += 1
        try:
            self.judge(function, goods, numbers, length_of_null, answer)
        except Failure as why:
            self.failed += 1
            print(f"FAIL: {where}: {why}")
        for p in params:
            out = goods.get(p["name"])
            if p["role"] in ("out-handle", "err") and out is not None and out.value not in (None, 0xDEAD0):
                getattr(self.library, f"{p['handle']}_free")(out)
            elif out is not None and (p["role"] == "changed-handle" or p.get("handle") == "wxpay_message"):
                if p["role"] == "released-handle":
                    continue
                getattr(self.library, f"{p['handle']}_free")(out)

    def judge(self, function, goods, numbers, length_of_null, answer):
        params = function["params"]
        nulls = [p for p in params if "*" in p["type"] and p["name"] not in goods]
        if not any(p["role"] == "err" for p in params):
            first = params[0] if params else {}
            if first.get("null_gives") and first["name"] not in goods:
                got = string_at(answer) if first["null_gives"] == '""' and answer else answer
                if got != GIVES[first["null_gives"]]:
                    raise Failure(f"gave {got}, not {first['null_gives']}")
            return
        if answer == OK:
            self.fine.add(function["name"])
        if answer not in (OK, OUT_OF_MEMORY, *function["errors"]):
            raise Failure(f"status {answer} is not one of {function['errors']}")
        wrong = [p for p in nulls if not p.get("nullable") and (p["role"] != "in-text" or length_of_null)]
        if wrong and answer == OK:
            raise Failure(f"OK without {wrong[0]['name']}")
        if len(wrong) == 1 and len(nulls) == 1 and not numbers and answer != NULL_ARGUMENT:
            raise Failure(f"status {answer} for a NULL {wrong[0]['name']}")
        for p in params:
            if p["name"] not in goods or p["role"] not in ("out-handle", "err"):
                continue
            there = goods[p["name"]].value
            if there == 0xDEAD0:
                raise Failure(f"{p['name']} was not written")
            if bool(there) != ((answer == OK) == (p["role"] == "out-handle")):
                raise Failure(f"status {answer} and {p['name']} {there}")
            if p["role"] == "err" and there and self.library.wxpay_error_status(there) != answer:
                raise Failure("the error has another status")

    def walk(self, function):
        pointers = [p["name"] for p in function["params"] if "*" in p["type"]]
        lengths = (0, 5) if any(p["role"] == "in-text" for p in function["params"]) else (0,)
        for mask in itertools.product((False, True), repeat=len(pointers)):
            for length in lengths:
                self.call(function, {name for name, is_there in zip(pointers, mask) if is_there}, {}, length)
        for p in function["params"]:
            for number in ENDS.get(p["type"], ()):
                self.call(function, set(pointers), {p["name"]: number}, 0)
                self.call(function, set(), {p["name"]: number}, 0)

    def run(self):
        self.prepare()
        for function in self.functions.values():
            self.walk(function)
        print(f"OK at least once: {len(self.fine)}; never: {sorted(name for name, f in self.functions.items() if f['errors'] and name not in self.fine)}")
        print(f"nulls: {len(self.functions)} functions, {self.calls} calls, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


def main(library, abi, directory):
    journal = mmap.mmap(-1, 1000)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 2
        try:
            code = Walk(library, json.loads(Path(abi).read_text()), directory, journal).run()
        except Exception as why:
            print(f"FAIL: {type(why).__name__}: {why}")
        sys.stdout.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(f"FAIL: signal {os.WTERMSIG(status)} in {journal[:].rstrip(bytes(1)).decode()}")
    sys.exit(0 if status == 0 else 1)


main(*sys.argv[1:4])
