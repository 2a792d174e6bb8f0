"""The examples as a reader starts them, with real servers on loopback."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from conftest import EXAMPLES, PACKAGE, environment, eventually, example


def test_an_order(sim):
    trust = {"WXPAY_" + key.upper(): value for key, value in sim.options().items()}
    said = example("order.py", "example-1", "http://127.0.0.1:9/n", sim.appid, sim.mchid, sim=sim, **trust)
    assert said.startswith("weixin://wxpay/bizpayurl?")


def test_files(sim, client, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"image")
    client.post("/v3/pay/transactions/native", sim.order("example-files"))
    client.post("/_sim/pay/example-files", {})
    today = str(datetime.now(timezone(timedelta(hours=8))).date())
    trust = {"WXPAY_" + key.upper(): value for key, value in sim.options().items()}
    said = example("files.py", str(tmp_path / "photo.png"), today, sim.appid, sim=sim, **trust).split()
    assert said[-2:] == ["344", "SUCCESS"]
    assert dict(zip(said[1:-2:2], said[2:-2:2]))["example-files"] == "100"
    assert "example-files" in (tmp_path / "photo.png.bill.csv").read_text()


def test_the_readme_shows_the_examples():
    text = (PACKAGE / "README.md").read_text()
    for name, block in re.findall(r"<!-- examples/(\S+) -->\n```python\n(.*?)```", text, re.S):
        assert block in (EXAMPLES / name).read_text(), name
    shown = re.findall(r"<!-- examples/(\S+) -->", text)
    assert {"files.py", "order.py", "flask_app.py", "aiohttp_client.py"} <= set(shown)


def test_aiohttp_sends_what_was_prepared(sim):
    said = example("aiohttp_client.py", "example-2", sim.appid, sim.mchid, sim=sim, CA_FILE=sim.ca)
    assert said.startswith("1 weixin://")


def test_threads(sim, client):
    client.post("/v3/pay/transactions/native", sim.order("example-3"))
    states, requests = example("threads.py", sim.query_url("example-3"), sim=sim).split()
    assert (states, int(requests)) == ("NOTPAY", 41)


def test_forked_workers(sim, client):
    client.post("/v3/pay/transactions/native", sim.order("example-4"))
    lines = [line.split() for line in example("fork_workers.py", sim.query_url("example-4"), sim=sim).splitlines()]
    parents = {pid for who, pid, _ in lines if who == "parent"}
    children = {pid for who, pid, _ in lines if who == "child"}
    assert len(lines) == 42 and {state for _, _, state in lines} == {"NOTPAY"}
    assert len(parents) == 1 and len(children) > 1 and not parents & children


@contextmanager
def serving(sim, module, *options):
    """A server started by its own command; its port is free, and it ends with the test."""
    env = environment(SSL_CERT_FILE=sim.ca, MERCHANT_JSON=sim.merchant_json, EXPECTED_ORDER=f"EXPECTED {sim.mchid} 100")
    command = [sys.executable, "-m", module, *options]
    server = subprocess.Popen(
        command, cwd=EXAMPLES, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    try:
        for line in server.stdout:
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                break
        else:
            raise AssertionError("".join(said))
        yield f"http://127.0.0.1:{found[1]}", said
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            said.append(server.communicate(timeout=20)[0])
        except subprocess.TimeoutExpired:
            server.kill()
            raise


SERVERS = {
    "flask": ("gunicorn", "--bind", "127.0.0.1:0", "--workers", "1", "--threads", "2", "flask_app:app"),
    "fastapi": ("uvicorn", "--host", "127.0.0.1", "--port", "0", "fastapi_app:app"),
    "django": ("gunicorn", "--bind", "127.0.0.1:0", "--workers", "1", "django_app:application"),
}


def post(url, headers, body):
    """Status, headers and body of the answer, through a client that knows nothing of the library."""
    request = urllib.request.Request(url, body, dict(headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def delivered(client, url):
    """The attempts of the simulator to notify that address."""
    for one in client.get("/_sim/notifications").json:
        if one["url"] == url and one["attempts"]:
            return one["attempts"]
    return None


@pytest.mark.parametrize("name", SERVERS)
def test_a_notification_endpoint(sim, client, notify, name):
    """Good: 204 on the wire. Forged: 401. Not about an order of this shop: 500, so that it comes again."""
    with serving(sim, *SERVERS[name]) as (url, _):
        notify_url = f"{url}/notify"
        client.post("/_sim/notify", {"url": notify_url, "kind": "good", "resource": resource(sim, "EXPECTED")})
        attempts = eventually(lambda: delivered(client, notify_url))
        assert attempts[0]["status"] == 204, attempts
        headers, body = notify("bad_signature")
        status, told, answer = post(f"{url}/notify", headers, body)
        assert (status, told["Content-Type"], json.loads(answer)["code"]) == (401, "application/json", "FAIL")
        headers, body = notify("good", resource(sim, "SOMEBODY-ELSES"))
        status, told, answer = post(f"{url}/notify", headers, body)
        assert (status, told["Content-Type"], json.loads(answer)["code"]) == (500, "application/json", "FAIL")


def resource(sim, number):
    return {
        "out_trade_no": number,
        "mchid": sim.mchid,
        "amount": {"total": 100, "currency": "CNY"},
        "attach": "公仔 😀",
    }


def test_gunicorn_preload(sim, client):
    """The master makes the client, warms it and sends; the workers it forks send on."""
    client.post("/v3/pay/transactions/native", sim.order("example-preload"))
    config = f"""
import flask_app
def when_ready(server):
    answer = flask_app.client.get({sim.query_url("example-preload")!r})
    print("master", answer.json["trade_state"], flush=True)
"""
    file = sim.dir / "gunicorn_conf.py"
    file.write_text(config)
    options = ("--preload", "--config", str(file), "--bind", "127.0.0.1:0", "--workers", "4", "flask_app:app")
    with serving(sim, "gunicorn", *options) as (url, said):
        workers = set()
        for _ in range(60):
            query = f"{url}/query/example-preload?mchid={sim.mchid}"
            with urllib.request.urlopen(query, timeout=20) as answer:
                assert json.load(answer)["trade_state"] == "NOTPAY"
                workers.add(answer.headers["Worker"])
        assert len(workers) > 1
    assert "master NOTPAY\n" in "".join(said)
