"""Size, time to load, time from the start of a process to its first signature and its first verified answer, and the
memory that is resident after it: beside libcurl with OpenSSL in C, wechatpayv3 in Python, ext-curl in PHP."""

import os
import subprocess
import sys
import time

from sides import LIBRARY, ORDER, OURS, PYTHON, QUICK, WORK, Server, Side, emit, libcurl, ours_c, php, python

ROUNDS = 2 if QUICK else 15
MIB = 2**20


def sizes(dist):
    value("size.release", "the shared library, release profile, stripped", os.path.getsize(LIBRARY) / MIB, "MiB")
    if os.path.exists(dist):
        value("size.dist", "the shared library as it is shipped (profile dist)", os.path.getsize(dist) / MIB, "MiB")
    else:
        why = "not built: make dist"
        emit({"section": "e", "id": "size.dist", "what": "the shared library as it is shipped", "skipped": why})
    linked = {os.path.realpath(path) for path in ldd(os.path.join(WORK, "curl_client"))}
    theirs = {os.path.basename(path): os.path.getsize(path) / MIB for path in linked if "libc.so" not in path}
    listed = ", ".join(f"{name} {size:.1f}" for name, size in sorted(theirs.items(), key=lambda one: -one[1])[:4])
    what = "libcurl, OpenSSL and all else that the C program of libcurl loads"
    value("size.libcurl", what, sum(theirs.values()), "MiB", f"{len(theirs)} libraries without libc; the largest: {listed}.")
    ours = {os.path.basename(path) for path in ldd(LIBRARY)}
    value("size.needed", "libraries that ours needs", len(ours), "", ", ".join(sorted(ours)) + ".")
    packages = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    ).stdout.strip()
    of_peer = ("wechatpayv3", "cryptography", "cffi", "requests", "urllib3", "certifi", "idna", "charset_normalizer", "pycparser")
    bytes_of = sum(tree(os.path.join(packages, name)) for name in of_peer if os.path.isdir(os.path.join(packages, name)))
    value("size.wechatpayv3", "wechatpayv3 and what it needs, installed", bytes_of / MIB, "MiB", "Without Python's byte code.")


def tree(directory):
    return sum(
        os.path.getsize(os.path.join(place, name))
        for place, _, names in os.walk(directory)
        for name in names
        if not name.endswith(".pyc") and not os.path.islink(os.path.join(place, name))
    )


def ldd(path):
    lines = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split("=>")[1].split()[0] for line in lines if "=> /" in line]


def value(name, what, number, unit, note=""):
    emit({"section": "e", "id": name, "what": what, "value": number, "unit": unit, "note": note})


def pairs(name, what, against, found, note, unit="ms"):
    emit({"section": "e", "id": name, "what": what, "against": against, "pairs": found, "unit": unit, "note": note})


def load():
    curl = next(path for path in ldd(os.path.join(WORK, "curl_client")) if "libcurl" in path)

    def milliseconds(*words):
        done = subprocess.run([os.path.join(WORK, "load"), *words], stdout=subprocess.PIPE, text=True, check=True)
        return int(done.stdout) / 1e6

    found = [[milliseconds(LIBRARY, "wxpay_version"), milliseconds(curl, "curl_version")] for _ in range(ROUNDS + 1)][1:]
    note = "`dlopen` until the first call, which asks for the version, has come back."
    pairs("load.library", "the library loaded and called once", "libcurl", found, note)


def imports():
    def milliseconds(interpreter, words, **environment):
        start = time.perf_counter_ns()
        subprocess.run([interpreter, "-c", words], check=True, env=os.environ | environment)
        return (time.perf_counter_ns() - start) / 1e6

    found = [
        [milliseconds(PYTHON, "import libwxpay", **OURS), milliseconds(PYTHON, "import wechatpayv3")] for _ in range(ROUNDS + 1)
    ][1:]
    pairs("import.python", "python -c 'import libwxpay'", "python -c 'import wechatpayv3'", found, "From the start of Python to its end.")


def first(line, command, environment):
    """Milliseconds from the start of the process to its answer, and KiB that are resident then."""
    start = time.perf_counter_ns()
    with Side(command[0], command, **environment) as side:
        side.ask(line)
        took = (time.perf_counter_ns() - start) / 1e6
        return took, side.resident()


def starts(server):
    merchant, base_url = server.merchant(), f"https://localhost:{server.with_tickets}"
    store = "Both read all roots of the system and that of the server. "
    c = [
        ("c", "libwxpay in C", ours_c(merchant), {}, "libcurl and OpenSSL in C", libcurl(base_url), store),
        (
            *("python", "libwxpay for Python", python("libwxpay_client.py", merchant, ORDER), OURS, "wechatpayv3"),
            *(python("wechatpayv3_client.py", merchant, ORDER, "default"), store),
        ),
        (
            *("php", "libwxpay for PHP", php("libwxpay_client.php", merchant, ORDER), OURS, "PHP with openssl_sign and curl"),
            *(php("curl_client.php", merchant, ORDER, "fresh"), store),
        ),
    ]
    for name, what, ours, environment, against, theirs, note in c:
        signed, answered, resident = [], [], []
        for _ in range(ROUNDS):
            signed.append([first("sign", ours, environment)[0], first("sign", theirs, {})[0]])
            both = first("1", ours, environment), first("1", theirs, {})
            answered.append([both[0][0], both[1][0]])
            resident.append([both[0][1] / 1024, both[1][1] / 1024])
        pairs(f"start.{name}.signature", f"{what}: start of the process to its first Authorization", against, signed, "Process and interpreter included.")
        pairs(f"start.{name}.answer", f"{what}: start of the process to its first verified answer", against, answered, note)
        pairs(f"resident.{name}", f"{what}: resident memory after the first request", against, resident, "VmRSS, interpreter included.", "MiB")


def main(dist):
    sizes(dist)
    load()
    imports()
    with Server() as server:
        starts(server)


if __name__ == "__main__":
    main(*sys.argv[1:])
