#!/usr/bin/env python3
"""Writes what the fuzzer starts from into DIR/TARGET: the conformance vectors and keys in the form
that each target reads, and what openssl makes of those keys. Nothing of it is committed.

    fuzz/seeds.py DIR
"""

import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
conformance = pathlib.Path(__file__).resolve().parent.parent / "bindings/conformance"
keys = conformance / "keys"
shutil.rmtree(root, ignore_errors=True)


def vectors(name, op=None):
    cases = json.loads((conformance / "vectors" / f"{name}.json").read_text())
    return [case for case in cases if op is None or case["op"] == op]


def seed(target, name, content):
    if isinstance(content, str):
        content = content.encode()
    if len(content) > 16384:
        return
    (root / target).mkdir(parents=True, exist_ok=True)
    (root / target / name.replace("/", "-")).write_bytes(content)


def raw(value):
    """A value of the vectors: text, or {"hex": ...}, {"file": ...}, or one that is made by repeating."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, dict) and "hex" in value:
        return bytes.fromhex(value["hex"])
    if isinstance(value, dict) and "file" in value:
        return (conformance / value["file"]).read_bytes()
    return None


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def key_files():
    for file in sorted(keys.iterdir()):
        # OpenSSL's scrypt takes 16 MiB, a tenth of a second under instrumentation.
        if file.suffix in (".pem", ".der") and "scrypt" not in file.name:
            target = "certificate" if "cert" in file.name else "key_reader"
            seed(target, file.name, file.read_bytes())
    small = ("-scrypt", "-scrypt_N", "1024", "-passout", "pass:conformance")
    openssl("pkcs8", "-topk8", "-in", keys / "merchant_key.pem", *small, "-out", root / "key_reader" / "scrypt")
    both = (keys / "merchant_key.pem").read_bytes() + (keys / "merchant_cert.pem").read_bytes()
    seed("key_reader", "both", both)
    seed("certificate", "chain", (keys / "platform_both.pem").read_bytes())
    bare = b"".join((keys / "merchant_key.pem").read_bytes().splitlines()[1:-1])
    seed("key_reader", "bare", bare)
    seed("key_reader", "literal", (keys / "wechat_public.pem").read_text().replace("\n", "\\n"))
    seed("key_reader", "utf16", (keys / "wechat_public.pem").read_text().encode("utf-16"))


def p12_and_store():
    pair = ("-inkey", keys / "merchant_key.pem", "-in", keys / "merchant_cert.pem", "-passout", "pass:1900000001")
    with tempfile.TemporaryDirectory() as place:
        out = pathlib.Path(place) / "out"
        for name, options in {
            "pbes2": ("-iter", "50"),
            "3des": ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-iter", "50"),
            "plain": ("-keypbe", "NONE", "-certpbe", "NONE", "-nomac"),
            "plain_mac": ("-keypbe", "NONE", "-certpbe", "NONE", "-maciter"),
            "no_mac": ("-nomac", "-iter", "50"),
            "no_mac_3des": ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-nomac", "-iter", "50"),
        }.items():
            openssl("pkcs12", "-export", *pair, *options, "-out", out)
            seed("p12", name, out.read_bytes())
        key = pathlib.Path(place) / "key"
        pem = {}
        for name, new in {"rsa": "rsa:2048", "ec": "ec"}.items():
            more = ("-pkeyopt", "ec_paramgen_curve:P-256") if new == "ec" else ()
            openssl("req", "-x509", "-newkey", new, *more, "-nodes", "-keyout", key, "-subj", "/O=Fuzz/CN=Fuzz CA", "-out", out)
            pem[name] = out.read_bytes()
            openssl("x509", "-in", out, "-outform", "DER", "-out", key)
            seed("certificate", f"ca_{name}.der", key.read_bytes())
            seed("store", f"{name}_der", b"\x01\x01\x01\x01" + key.read_bytes())
        seed("store", "bundle", pem["rsa"] + pem["ec"])
        seed("store", "directory", b"\x01".join([b"", pem["ec"], pem["rsa"], b"# nothing\n"]))
        seed("store", "not_a_ca", (keys / "merchant_cert.pem").read_bytes())


def header_lines(pairs):
    return "".join(f"{name}: {value}\r\n" for name, value in pairs)


def messages():
    for case in vectors("notifications", "notify_open"):
        given = case["in"]
        body = raw(given.get("body", ""))
        if body is None:
            continue
        seed("notification", case["id"], b"\x01" + body)
        try:
            envelope = json.loads(body)
            envelope["resource"]["ciphertext"] = "@CIPHERTEXT@"
            envelope["resource"]["nonce"] = "fdasflkja484"
            envelope["resource"]["associated_data"] = "transaction"
            seed("notification", case["id"] + "-open", b"\x01" + json.dumps(envelope, ensure_ascii=False).encode())
        except (ValueError, KeyError, TypeError):
            pass
        if isinstance(given.get("headers"), list):
            seed("headers", case["id"], b"\x00" + header_lines(given["headers"]).encode())
    seed("notification", "plaintext", b'\x00{"mchid":"1900000001","out_trade_no":"1","amount":{"total":1}}')
    seed("notification", "other", b'\x00{"sp_mchid":"1","mchid":"2"}')
    seed("notification", "unsigned", b'\x02{"id":"EV-1"}')
    for case in vectors("certificates"):
        body = raw(case["in"].get("response", {}).get("body", "")) if "response" in case["in"] else None
        if body and len(body) < 8192:
            seed("notification", case["id"], b"\x03" + body)
    seed(
        "notification",
        "certificates",
        b'\x03{"data":[{"serial_no":"5D","effective_time":"2018-06-08T10:34:56+08:00","expire_time":"2038-06-08T10:34:56+08:00","encrypt_certificate":{"algorithm":"AEAD_AES_256_GCM","nonce":"fdasflkja484","associated_data":"certificate","ciphertext":"@CIPHERTEXT@"}}]}'
        + b"\x01"
        + (keys / "platform_cert.pem").read_bytes(),
    )
    for choice in (0x0F, 0x1F, 0x2F, 0x3F, 0x8F, 0x07, 0x0E):
        seed("headers", f"genuine-{choice}", bytes([choice]) + b"Content-Type: application/json\r\nX: y\r\n\r\n")
    seed("headers", "twice", b"\x0fWechatpay-Nonce: other\r\nHTTP_WECHATPAY_SERIAL: 1\r\n")
    statuses = [200, 204, 400, 401, 403, 404, 408, 409, 429, 500, 502, 202, 302, 201, 418, 0]
    for name, op in (("responses", "check"), ("answers", "explain_response")):
        for case in vectors(name, op):
            answer = case["in"]["response"]
            body = raw(answer.get("body", ""))
            if body is None or answer.get("status") not in statuses:
                continue
            choice = statuses.index(answer["status"])
            lines = header_lines(pair for pair in answer.get("headers", []) if "wechatpay" not in pair[0].lower())
            head = lines.replace("\r\n", "\n").encode()
            seed("answer", case["id"], bytes([choice]) + head.rstrip(b"\n") + b"\n\n" + body)
    seed("answer", "signed", b"\x10Request-ID: 1\n\n{\"prepay_id\":\"wx1\"}")


def v2():
    for case in vectors("v2"):
        given = case["in"]
        if case["op"] == "v2_check" and "response" in given:
            body = raw(given["response"].get("body", ""))
            if body is not None:
                seed("v2", case["id"], b"\x00" + body)
                seed("v2", case["id"] + "-answer", b"\x05" + body)
        elif case["op"] in ("v2_sign", "v2_prepare") and isinstance(given.get("json"), str):
            seed("v2", case["id"], b"\x02" + given["json"].encode())
        elif case["op"] == "v2_refund_open" and isinstance(given.get("req_info"), str):
            seed("v2", case["id"], b"\x03" + given["req_info"].encode())
    seed("v2", "fields", b"\x01return_code=SUCCESS\nresult_code=SUCCESS\nmch_id=1900000001\nattach=a&b=c ]]> <x>\ntotal_fee=1\n")
    # One that reads like the fields of another.
    seed("v2", "ambiguous", b"\x01return_code=SUCCESS\nmch_id=1900000001\nattach=x&total_fee=100000\ntotal_fee=1\n")
    seed("v2", "refund", b"\x04<root><out_refund_no>1</out_refund_no><refund_fee><![CDATA[1]]></refund_fee></root>")


def files():
    for case in vectors("bills"):
        csv = raw(case["in"].get("csv", ""))
        if csv:
            seed("bill", case["id"], csv)
            if len(csv) < 2000:
                seed("bill", case["id"] + "-gz", gzip.compress(csv, mtime=0))
    bomb = gzip.compress(bytes(8 << 20), mtime=0)
    seed("bill", "bomb", bomb)
    paths = [
        "/v3/merchant/media/upload",
        "/v3/merchant/media/video_upload",
        "/v3/marketing/favor/media/image-upload",
        "/v3/merchant-service/images/upload",
        "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
    ]
    for case in vectors("uploads"):
        given = case["in"]
        parts = [raw(given.get(name, "")) for name in ("filename", "content_type", "meta", "url", "file")]
        if None in parts:
            continue
        url = parts[3].decode(errors="replace")
        choice = paths.index(url) if url in paths else 5
        seed("multipart", case["id"], bytes([choice]) + b"\x01".join(parts))
    meta = b'{"filename":"a.png","sha256":"@SHA256@"}'
    seed("multipart", "meta", b"\x00" + b"\x01".join([b"a.png", b"image/png", meta, b"", b"\x89PNG\r\n\x1a\n0"]))


def urls():
    for index, url in enumerate(
        [
            "https://api.mch.weixin.qq.com/v3/certificates",
            "https://api.mch.weixin.qq.com/v3/x?a=b%20c&d=",
            "/v3/pay/transactions/id/1?mchid=1900000001",
            "https://api.mch.weixin.qq.com@evil.example/x",
            "https://127.0.0.1:1/v3/x",
            "http://[::1]:8080/",
            "http://localhost/",
            "https://API.mch.weixin.qq.com.:443/v3/../x",
            "https://api.mch.weixin.qq.com/v3/%2e%2e/x%2fy",
            "//evil.example/x",
            "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1\nhttps://www.example.com/a?b#c",
            "http://proxy.example:3128\n.example.com,10.0.0.0/8,[::1]:443,*.x,localhost",
            "https://[2001:db8::1]:8443\n2001:db8::/32",
            "socks5://127.0.0.1:1080\n*",
        ]
    ):
        seed("url", f"url-{index}", url)
    for case in vectors("canonical"):
        url = raw(case["in"].get("url", ""))
        if url:
            seed("url", case["id"], url)
    for case in vectors("payments", "pay_h5_url"):
        parts = [raw(case["in"].get(name, "")) for name in ("h5_url", "redirect_url")]
        if None not in parts:
            seed("url", case["id"], b"\n".join(parts))


def texts():
    for case in vectors("explain"):
        if isinstance(case["in"].get("text"), str):
            seed("explain_text", case["id"], case["in"]["text"])
    for case in vectors("fields", "encrypt_fields"):
        pointers, body = raw(case["in"]["pointers"]), raw(case["in"]["body"])
        if pointers is not None and body is not None:
            seed("fields", case["id"], pointers + b"\n\n" + body)
    for case in vectors("answers", "explain_response"):
        body = raw(case["in"]["response"].get("body", ""))
        if body:
            seed("fields", case["id"], b"/code\n\n" + body)


def calls():
    for start in range(0, 133, 7):
        # A few functions, each with right handles, plausible texts and places for the results.
        seed("c_calls", f"walk-{start}", b"".join(bytes([start + index]) + b"\x04\x05\x05\x05\x05\x05\x05\x05" for index in range(7)))


for write in (key_files, p12_and_store, messages, v2, files, urls, texts, calls):
    write()
