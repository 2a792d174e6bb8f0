"""What a library must be before it is shipped: `gate.py [--portable] LIBRARY`. One line a gate;
exit code 1 when one fails. Without --portable, what only the portable build promises is skipped
by name."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GLIBC = (2, 17)
# Parts of glibc 2.17. No libgcc_s, libstdc++ or libssl: what a container lacks cannot be missing.
NEEDED = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2"}
SONAME = "libwxpay.so.0"
LARGEST = 7_000_000

# First directories of WeChat Pay's paths.
API = tuple(f"/{name}/".encode() for name in (
    "appauth", "brand", "hk", "mchrisk", "mmpaymkttransfers", "mmpaysptrans", "papay", "pay", "payitil", "risk", "secapi", "v3", "xdc"))


def read(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Gates:
    def __init__(self, library):
        self.library, self.failed = str(library), 0

    def gate(self, name, bad, good=""):
        """`bad` says what is wrong; empty is good."""
        detail = bad or good
        print(("FAIL: " if bad else "ok: ") + name + (f": {detail}" if detail else ""), flush=True)
        self.failed += bool(bad)

    def dynamic(self, tag):
        return re.findall(rf"\({tag}\).*?\[(.*?)\]", read("readelf", "-Wd", self.library))

    def everywhere(self):
        """Gates that a library built in any way must pass."""
        head = read("readelf", "-Wh", self.library)
        wrong = "" if "X86-64" in head and "DYN" in head else "not a shared object for x86-64"
        self.gate("architecture", wrong, "x86-64")
        soname = self.dynamic("SONAME")
        self.gate("SONAME", "" if soname == [SONAME] else f"{soname}, not {SONAME}", SONAME)
        flags = re.findall(r"\(FLAGS_1\)\s+Flags: (.*)", read("readelf", "-Wd", self.library))
        self.gate("stays loaded (nodelete)", "" if flags and "NODELETE" in flags[0].split() else f"flags are {flags}")
        run_paths = self.dynamic("RPATH") + self.dynamic("RUNPATH")
        self.gate("no RPATH", ", ".join(run_paths))
        self.symbols()
        self.stack()

    def symbols(self):
        table = read("nm", "-D", "--defined-only", self.library)
        exported = {line.split()[-1].partition("@")[0] for line in table.splitlines()}
        wanted = set((ROOT / "bindings/abi/symbols.txt").read_text().split())
        wrong = [f"missing {n}" for n in sorted(wanted - exported)] + [f"unwanted {n}" for n in sorted(exported - wanted)]
        self.gate("exported symbols", ", ".join(wrong[:5]), f"{len(exported)}, as bindings/abi/symbols.txt says")

    def stack(self):
        headers = read("readelf", "-Wl", self.library)
        stack = re.findall(r"GNU_STACK.*?0x\S+ +0x\S+ +0x\S+ +0x\S+ +0x\S+ +(\S+)", headers)
        self.gate("stack not executable", "" if stack and "E" not in stack[0] else f"flags {stack}")
        self.gate("relocations read-only", "" if "GNU_RELRO" in headers else "no GNU_RELRO")

    def portable(self):
        """Gates of what is shipped."""
        needs = read("readelf", "-WV", self.library).partition(".gnu.version_r")[2]
        versions = set(re.findall(r"Name: (\S+)", needs))
        # A name that is no number, such as GLIBC_ABI_DT_RELR, is newer than 2.17 or private.
        number = {name: tuple(map(int, name[6:].split("."))) for name in versions if re.fullmatch(r"GLIBC_\d+(\.\d+)*", name)}
        wrong = sorted(versions - {name for name in number if number[name] <= GLIBC})
        newest = max(number, key=number.get, default="")
        self.gate("glibc", f"needs {', '.join(wrong)}" if wrong else "" if newest else "no version found", f"needs {newest} at most")
        needed = self.dynamic("NEEDED")
        self.gate("needed libraries", ", ".join(sorted(set(needed) - NEEDED)) or ("" if needed else "none"), " ".join(needed))
        sections = re.findall(r"\.(symtab|debug_\w+)\b", read("readelf", "-WS", self.library))
        self.gate("stripped", ", ".join(sections))
        self.gate("no path of the build machine", ", ".join(self.paths()[:3]))
        size = Path(self.library).stat().st_size
        self.gate("size", "" if size <= LARGEST else f"{size} bytes, more than {LARGEST}", f"{size} bytes")

    def paths(self):
        """Absolute names of source files. Those that are the same on every machine are no news:
        what was mapped to crates/, libwxpay/ or src/, Rust's own, and AWS-LC's, which its build
        cuts short. An API path is none either: what stands behind it in the constants follows
        without a gap, and may be a source's name or a host's (`….wechatpay.c`, `n`)."""
        data = Path(self.library).read_bytes()
        names = re.findall(rb"(crates|libwxpay|src)?(/[\w.+@-]+(?:/[\w.+@-]+)+\.(?:rs|cc?|cpp|h|S)\b)", data)
        found = {path for mapped, path in names if not mapped and not path.startswith((b"/rustc/", b"/rust/deps/", b"/aws-lc/", *API))}
        here = {str(ROOT).encode(), str(Path.home()).encode() + b"/", str(Path(self.library).resolve().parent).encode()}
        return sorted(path.decode() for path in found | {path for path in here if path in data})

    def runs(self):
        """Loads it in a program of its own; see check.c. Nothing may be printed by the library."""
        with tempfile.TemporaryDirectory() as work:
            program, key = f"{work}/check", f"{work}/key.pem"
            subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-rdynamic", f"-I{ROOT}/include",
                            str(ROOT / "scripts/dist/check.c"), "-o", program, "-ldl"], check=True)
            subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
            done = subprocess.run([program, str(Path(self.library).resolve()), key], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, timeout=120)
            sys.stdout.write(done.stdout)
            self.failed += done.stdout.count("FAIL: ") or (done.returncode != 0)
            self.gate("silent", repr(done.stderr) if done.stderr else f"exit code {done.returncode}" if done.returncode < 0 else "")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--portable", action="store_true")
    options.add_argument("library")
    given = options.parse_args()
    gates = Gates(given.library)
    gates.everywhere()
    if given.portable:
        gates.portable()
    else:
        print("skipped, not the portable build: glibc, needed libraries, stripped, no path of the build machine, size")
    gates.runs()
    sys.exit(1 if gates.failed else 0)


main()
