"""What is inside the library: the crates that are linked into it, and what the compilers add.

`cargo tree` for the library alone decides which crates (the workspace's command has features and
crates of its own); `cargo metadata` gives their licences and sources, Cargo.lock their checksums.
"""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIPLE = "x86_64-unknown-linux-gnu"
LIBRARY = "libwxpay"


@dataclass
class Component:
    """One thing that is in the library. `texts` are the files with its licence."""

    name: str
    version: str
    licence: str
    kind: str
    texts: list = field(default_factory=list)
    sha256: str = ""
    needs: list = field(default_factory=list)
    within: str = ""
    note: str = ""

    @property
    def ref(self):
        return f"{self.kind}:{self.name}@{self.version}"


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def spdx(licence):
    """Older manifests write MIT/Apache-2.0 for OR."""
    return (licence or "").replace("/", " OR ")


def licence_files(directory):
    names = re.compile(r"(licen[cs]e|copying|notice|copyright|unlicense)", re.IGNORECASE)
    return sorted(p for p in directory.iterdir() if p.is_file() and names.match(p.name))


def linked():
    """(name, version) of every crate that is linked, build tools and macros left out."""
    tree = run("cargo", "tree", "--locked", "-p", LIBRARY, "--target", TRIPLE,
               "-e", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}")
    return {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}


def crates():
    wanted = {(name, version.lstrip("v")) for name, version in linked()}
    metadata = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1",
                              "--filter-platform", TRIPLE))
    blocks = re.findall(r'name = "(.*?)"\nversion = "(.*?)"\nsource = ".*?"\nchecksum = "(.*?)"',
                        (ROOT / "Cargo.lock").read_text())
    checksums = {(name, version): checksum for name, version, checksum in blocks}
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found = {}
    for identity, package in packages.items():
        key = (package["name"], package["version"])
        if key in wanted:
            found[identity] = Component(
                *key, spdx(package["license"]), "cargo",
                licence_files(Path(package["manifest_path"]).parent), checksums.get(key, ""))
    borrow(packages, found)
    if len(found) != len(wanted):
        raise SystemExit(f"cargo metadata knows {len(found)} of {len(wanted)} linked crates")
    for identity, component in found.items():
        component.needs = sorted(
            found[dependency["pkg"]].ref for dependency in nodes[identity]["deps"]
            if dependency["pkg"] in found
            and any(kind["kind"] is None for kind in dependency["dep_kinds"]))
    return packages, sorted(found.values(), key=lambda component: component.ref)


def borrow(packages, found):
    """cms is packed without its licence: a crate of the same repository under the same licence has the
    same texts."""
    def repository(identity):
        return "/".join((packages[identity]["repository"] or "").split("/")[:5])
    for identity, component in found.items():
        twins = [other for at, other in found.items() if other.texts and other.licence == component.licence
                 and repository(at) and repository(at) == repository(identity)]
        if not component.texts and twins:
            twin = min(twins, key=lambda other: other.name)
            component.texts, component.note = twin.texts, f"texts of {twin.name}, from the same repository"


def aws_lc(packages, components):
    """The C library within the crate aws-lc-sys, which has a version of its own."""
    package = next(p for p in packages.values() if p["name"] == "aws-lc-sys")
    directory = Path(package["manifest_path"]).parent / "aws-lc"
    header = (directory / "include/openssl/base.h").read_text()
    version = re.search(r'AWSLC_VERSION_NUMBER_STRING "(.*?)"', header).group(1)
    texts = licence_files(directory)
    texts += [p for d in sorted(directory.glob("third_party/*")) if d.is_dir() for p in licence_files(d)]
    outer = next(c for c in components if c.name == "aws-lc-sys")
    part = Component("AWS-LC", version, outer.licence, "github", texts, within=outer.ref)
    outer.needs.append(part.ref)
    return part


def rust():
    """Rust's standard library, with the crates in it; its notices come with the compiler."""
    version = re.search(r"^release: (.*)$", run("rustc", "-vV"), re.MULTILINE).group(1)
    notices = Path(run("rustc", "--print", "sysroot").strip()) / "share/doc/rust/COPYRIGHT-library.html"
    if not notices.is_file():
        raise SystemExit(f"{notices} is missing: it comes with the compiler from rustup")
    return Component("rust-std", version, "MIT OR Apache-2.0", "generic", [notices])


def zig(directory):
    """What Zig's linker adds (an unstripped link shows the files): the unwinder that catches panics,
    and stat functions that glibc 2.17 kept in the static part of libc."""
    version = re.search(r"ziglang==([0-9.]+)", (ROOT / "bindings/dist/portable.txt").read_text()).group(1)
    return [
        Component("LLVM-libunwind", "", "Apache-2.0 WITH LLVM-exception", "generic",
                  [directory / "lib/libunwind/LICENSE.TXT"], note=f"from ziglang {version}"),
        Component("glibc-nonshared", "", "LGPL-2.1-or-later", "generic",
                  [directory / "lib/libc/glibc/LICENSES"],
                  note="stat and fstat; glibc lets these files be linked without restriction"),
    ]


def everything(zig_directory=None):
    """The library first, then what is in it."""
    packages, components = crates()
    library = next(c for c in components if c.name == LIBRARY)
    components.remove(library)
    extra = [aws_lc(packages, components), rust()]
    if zig_directory:
        extra += zig(Path(zig_directory))
    library.needs += [part.ref for part in extra if not part.within]
    without = [c.ref for c in [library, *components, *extra] if not c.texts or not c.licence]
    if without:
        raise SystemExit(f"no licence or no text of it: {', '.join(without)}")
    return library, components + extra


def check_against_build(messages, components):
    """The crates that cargo compiled for the target are those listed: its own messages say so."""
    built = set()
    for line in Path(messages).read_text().splitlines():
        message = json.loads(line)
        if message["reason"] != "compiler-artifact":
            continue
        for_target = any(f"/{TRIPLE}/" in name and name.endswith((".rlib", ".so")) for name in message["filenames"])
        if for_target and "proc-macro" not in message["target"]["kind"]:
            place, _, name = message["package_id"].rpartition("#")
            name, _, version = name.rpartition("@")
            built.add((name or place.rpartition("/")[2], version))
    listed = {(c.name, c.version) for c in components if c.kind == "cargo"}
    if listed != built:
        raise SystemExit(f"listed but not built: {sorted(listed - built)}; built but not listed: {sorted(built - listed)}")
