"""A payment in a request of php-fpm: libwxpay's shared pool against a fresh curl handle with openssl_sign, as
wechatpay-php does it. One pool of one worker serves both pages; they are asked for in turns, straight over FastCGI."""

import glob
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time

from sides import LIBRARY, MERCHANT, ORDER, PEERS, QUICK, Server, emit, median

ROUNDS, FAST, SLOW = (2, 5, 2) if QUICK else (21, 30, 5)
PHP = os.path.normpath(os.path.join(PEERS, "..", "..", "bindings", "php"))
ROOT = os.getuid() == 0


def record(kind, content):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def parameter(name, value):
    name, value = name.encode(), value.encode()
    return struct.pack(">BI", len(name), len(value) | 0x80000000) + name + value


def ask(place, page):
    """One FastCGI request: what the page printed, and the nanoseconds it took with everything around it."""
    script = os.path.join(place, "www", page)
    parameters = {"SCRIPT_FILENAME": script, "REQUEST_METHOD": "GET", "SCRIPT_NAME": "/" + page, "QUERY_STRING": ""}
    begin = record(1, struct.pack(">HB5x", 1, 0))
    sent = begin + record(4, b"".join(parameter(*one) for one in parameters.items())) + record(4, b"") + record(5, b"")
    start = time.perf_counter_ns()
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(os.path.join(place, "fpm.sock"))
        stream.sendall(sent)
        received = b""
        while part := stream.recv(65536):
            received += part
    took = time.perf_counter_ns() - start
    printed, wrong = b"", b""
    while received:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", received[:8])
        content, received = received[8 : 8 + length], received[8 + length + padding :]
        printed, wrong = printed + content * (kind == 6), wrong + content * (kind == 7)
    body = printed.partition(b"\r\n\r\n")[2]
    if not body.isdigit():
        raise SystemExit(f"{page}: {(body or printed or wrong).decode(errors='replace')[:500]}")
    return int(body), took


def prepare(place, merchant):
    """What the pool's user may read: the installed package, the pages, the merchant's files."""
    packed = subprocess.run(
        ["sh", os.path.join(PHP, "make_package.sh"), LIBRARY, place], capture_output=True, text=True, check=True
    ).stdout.strip()
    subprocess.run(["tar", "-xzf", packed, "-C", place], check=True)
    package = packed.removesuffix(".tar.gz")
    www = os.path.join(place, "www")
    shutil.copytree(os.path.join(PEERS, "php", "fpm"), www)
    shutil.copy(os.path.join(PEERS, "php", "curl.php"), os.path.join(www, "merchant.php"))
    with open(merchant, encoding="utf-8") as file:
        options = json.load(file)
    for name in [name for name in MERCHANT if name.endswith("_file")]:
        options[name] = shutil.copy(options[name], place)
    with open(os.path.join(place, "merchant.json"), "w", encoding="utf-8") as file:
        json.dump(options, file)
    shutil.copy(ORDER, os.path.join(place, "order.json"))
    header = os.path.join(place, "wxpay.preload.h")
    installed = subprocess.run(
        ["php", os.path.join(package, "bin", "wxpay-install"), header], capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in installed.splitlines() if "=" in line and (ROOT or "preload_user" not in line)]
    user = "user = www-data\ngroup = www-data\n" if ROOT else ""
    with open(os.path.join(place, "php.ini"), "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, "log_errors=On", "display_errors=Off", ""]))
    with open(os.path.join(place, "fpm.conf"), "w", encoding="utf-8") as file:
        file.write(
            f"[global]\nerror_log = {place}/fpm.log\n[www]\n{user}listen = {place}/fpm.sock\npm = static\n"
            f"pm.max_children = 1\ncatch_workers_output = yes\nenv[BENCH_DIR] = {place}\n"
        )
    if ROOT:
        subprocess.run(["chown", "-R", "www-data:www-data", place], check=True)


def start(place):
    program = max(glob.glob("/usr/sbin/php-fpm*"))
    command = [program, "-c", f"{place}/php.ini", "-y", f"{place}/fpm.conf", "-F", "-O"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(500):
        if os.path.exists(f"{place}/fpm.sock"):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.01)
    with open(f"{place}/fpm.log", encoding="utf-8") as log:
        raise SystemExit("php-fpm does not start: " + log.read()[-2000:])


def measured(place):
    """By page: the medians of each round, of the page's own time and of all of it."""
    turns = {"libwxpay.php": FAST, "curl.php": SLOW, "empty.php": FAST}
    for page in turns:
        ask(place, page), ask(place, page)
    found = {page: [] for page in turns}
    for number in range(ROUNDS):
        pages = list(turns)
        for page in pages[number % 3 :] + pages[: number % 3]:
            times = [ask(place, page) for _ in range(turns[page])]
            found[page].append([median(column) / 1000 for column in zip(*times)])
    return found


def main():
    if not glob.glob("/usr/sbin/php-fpm*"):
        emit({"section": "c", "id": "fpm.request", "what": "a request of php-fpm", "skipped": "php-fpm is not installed"})
        return
    place = tempfile.mkdtemp(prefix="wxpay-bench-fpm-")
    os.chmod(place, 0o755)
    with Server() as server:
        prepare(place, server.merchant())
        process = start(place)
        try:
            found = measured(place)
        finally:
            process.terminate()
            process.wait()
    shutil.rmtree(place)
    against = "PHP: keys read, openssl_sign, a fresh curl handle"
    common = {"section": "c", "against": against, "ratio": "theirs/ours", "better": "more"}
    both = list(zip(found["libwxpay.php"], found["curl.php"]))
    pages = "One worker; each request makes its client (`shared`) or its handle, reads its files, sends an order, verifies the answer. "
    emit(
        common
        | {"id": "fpm.request", "what": "php-fpm, a request that pays", "target": 50, "pairs": [[a[1], b[1]] for a, b in both]}
        | {"note": pages + "From connecting to php-fpm's socket to the end of its answer."}
    )
    emit(
        common
        | {"id": "fpm.page", "what": "the same inside of the page", "pairs": [[a[0], b[0]] for a, b in both]}
        | {"note": "From the page's first line to its last."}
    )
    value = median([whole for _, whole in found["empty.php"]])
    emit({"section": "c", "id": "fpm.empty", "what": "php-fpm, a request of an empty page", "value": value, "unit": "µs"})


if __name__ == "__main__":
    main()
