"""Uploads, downloads and bills."""

import asyncio
import gzip
import hashlib
import json
import os
import stat
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import libwxpay
from libwxpay import AsyncClient, Bill, Client, ProcessError, Request, SignatureError, UsageError, Verified
from libwxpay.constants import WXPAY_STATUS_DIGEST_MISMATCH, WXPAY_STATUS_MALFORMED_BILL

IMAGE = "/v3/merchant-service/images/upload"
BILL = "交易时间,订单金额\n`2024-01-01,`12.34\n`2024-01-02,`x\n总数,总额\n`2,`12.34\n"


@pytest.fixture
def source(sim, client):
    """The answer to the request for today's bill, in which there is a paid order."""
    number = f"bill-{os.urandom(4).hex()}"
    client.post("/v3/pay/transactions/native", sim.order(number))
    client.post(f"/_sim/pay/{number}", {})
    today = datetime.now(timezone(timedelta(hours=8))).date()
    return client.get(f"/v3/bill/tradebill?bill_date={today}&tar_type=GZIP").body


class Files(BaseHTTPRequestHandler):
    """Gives `content` of the server, and stops in the middle of it while `pause` is set."""

    def do_GET(self):
        content = self.server.content
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.server.half.set()
        if self.server.pause.wait(10):
            self.wfile.write(content[len(content) // 2 :])

    def log_message(self, *_):
        pass


@pytest.fixture
def files(sim):
    """A server, and a client that knows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    server.content, server.half, server.pause = os.urandom(300_000), threading.Event(), threading.Event()
    server.pause.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with Client(**sim.options(base_url=url, extra_ca_file=None)) as one:
        server.client = one
        server.options = sim.options(base_url=url, extra_ca_file=None)
        digest = hashlib.sha1(server.content).hexdigest()
        server.source = json.dumps(
            {"hash_type": "SHA1", "hash_value": digest, "download_url": f"{url}/v3/billdownload/file?token=x"}
        )
        yield server
    server.shutdown()


def test_an_image_is_uploaded_and_downloaded(client, tmp_path):
    image = b"\x89PNG\r\n" + bytes(range(256))
    answer = client.upload(IMAGE, '投诉 "1".png', image)
    assert answer.verified == Verified.SIGNATURE
    url = f"/v3/merchant-service/images/{answer.json['media_id']}"
    assert client.download(json.dumps({"download_url": url})) == image
    client.download_to(json.dumps({"download_url": url}), tmp_path / "image.png")
    assert (tmp_path / "image.png").read_bytes() == image


def test_the_rest_of_a_file_is_not_saved_as_the_whole(files, tmp_path):
    for most in (1, len(files.content) + 1):
        with files.client.download_open(files.source) as download:
            for chunk in download:
                most -= len(chunk)
                if most <= 0:
                    break
            with pytest.raises(ValueError, match="read already"):
                download.save(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_an_upload_takes_options_and_a_meta_of_its_own(client):
    data = b"image"
    meta = {"filename": "a.png", "sha256": hashlib.sha256(data).hexdigest()}
    prepared = client.prepare(Request.upload(IMAGE, "a.png", data, meta=meta, headers={"X-Trace": "1"}))
    assert prepared.header("X-Trace") == "1"
    assert json.dumps(meta, separators=(",", ":")).encode() in prepared.body
    with pytest.raises(SignatureError) as wrong:
        Request.upload(IMAGE, "a.png", b"another", meta=meta)
    assert wrong.value.status == WXPAY_STATUS_DIGEST_MISMATCH
    with pytest.raises(UsageError):
        client.upload(IMAGE, "a.png\r\nX: 1", data)


def test_a_bill_is_read_row_by_row(client, source):
    whole = client.download(source)
    rows = list(Bill.open(whole))
    bill = client.bill(source)
    assert list(bill) == rows and len(rows) == bill.row_count > 0
    assert all(list(row) == bill.columns for row in rows)
    again = Bill.open(whole)
    amounts = [again.fen("订单金额") for _ in again]
    assert amounts and all(amount == 100 for amount in amounts)
    assert again.total_fen("订单总金额") == sum(amounts)
    assert again.total("没有这一项") is None and again.total_fen("没有这一项") is None


def test_what_is_no_amount_is_never_taken_for_one(tmp_path):
    bill = Bill.open(BILL.encode())
    rows = iter(bill)
    assert next(rows) == {"交易时间": "2024-01-01", "订单金额": "12.34"}
    assert (bill.row, bill.fen("订单金额"), bill.fen(1)) == (1, 1234, 1234)
    next(rows)
    for column in ("订单金额", "交易时间", "没有这一列", 7):
        with pytest.raises(ValueError, match="row 2"):
            bill.fen(column)
    assert list(rows) == [] and bill.row == 0
    with pytest.raises(libwxpay.ApiError) as wrong:
        Bill.open(b'{"code":"NO_STATEMENT_EXIST"}')
    assert wrong.value.status == WXPAY_STATUS_MALFORMED_BILL


def test_a_download_gives_its_bytes_and_how_far_it_is(files):
    seen = []
    with files.client.download_open(files.source) as download:
        assert (download.received, download.verified) == (0, 0) and download.total == len(files.content)
        got = b"".join(download)
        seen.append(download.received)
        assert got == files.content and download.verified == 1
    assert seen == [len(files.content)]
    with pytest.raises(UsageError):
        download.readinto(bytearray(1))


def test_a_file_is_there_only_when_it_is_whole(files, tmp_path):
    path, told = tmp_path / "bill.csv", []
    path.write_text("old")
    files.client.download_to(files.source, path, lambda received, total: told.append((received, total)))
    assert path.read_bytes() == files.content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert told[-1] == (len(files.content), len(files.content))
    path.write_text("old")
    # Another digest: half of it was right, and nothing is kept.
    with pytest.raises(SignatureError) as wrong:
        files.client.download_to(spoilt(files.source), path)
    assert wrong.value.status == WXPAY_STATUS_DIGEST_MISMATCH
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["bill.csv"]


def spoilt(source):
    """With another digest of the same length."""
    fields = json.loads(source)
    fields["hash_value"] = hashlib.sha1(b"another").hexdigest()
    return json.dumps(fields)


def test_what_stands_in_the_way_stays(files, tmp_path):
    other = tmp_path / "other"
    other.write_text("other")
    (tmp_path / "bill.csv.part").symlink_to(other)
    with pytest.raises(FileExistsError):
        files.client.download_to(files.source, tmp_path / "bill.csv")
    assert other.read_text() == "other" and (tmp_path / "bill.csv.part").is_symlink()


def test_a_progress_that_raises_ends_it(files, tmp_path):
    def progress(received, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.client.download_to(files.source, tmp_path / "bill.csv", progress)
    assert os.listdir(tmp_path) == []


def test_a_download_is_cancelled_from_another_thread(files, tmp_path):
    files.pause.clear()
    download = files.client.download_open(files.source)
    threading.Thread(target=lambda: (files.half.wait(), download.cancel())).start()
    with pytest.raises(ProcessError):
        download.save(tmp_path / "bill.csv")
    assert os.listdir(tmp_path) == []
    files.pause.set()


def test_a_cancelled_task_leaves_no_file(files, tmp_path):
    files.pause.clear()

    async def cancelled():
        async with AsyncClient(**files.options) as client:
            task = asyncio.ensure_future(client.download_to(files.source, tmp_path / "bill.csv"))
            await asyncio.get_running_loop().run_in_executor(None, files.half.wait)
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert os.listdir(tmp_path) == []
            files.pause.set()
            await client.download_to(files.source, tmp_path / "bill.csv")

    asyncio.run(cancelled())
    assert (tmp_path / "bill.csv").read_bytes() == files.content


def test_a_bill_of_a_task(sim, source):
    async def rows():
        async with AsyncClient(**sim.options()) as client:
            return list(await client.bill(source))

    assert asyncio.run(rows())


def test_gzip_is_undone(sim, client, source):
    plain = client.download(source)
    assert plain.startswith("\ufeff".encode()) and gzip.compress(plain) != plain
