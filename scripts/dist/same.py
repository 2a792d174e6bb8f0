"""same.py DIR DIR: whether two directories of `make dist` hold the same bytes. Names the first file
that differs and, inside of a package, the first member; exit code 1 then."""

import gzip
import io
import itertools
import sys
import tarfile
import zipfile
from pathlib import Path


def members(data, name):
    """(name, bytes or what else the archive says about it) in the archive's order."""
    if name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as tar:
            for m in tar.getmembers():
                yield m.name, tar.extractfile(m).read() if m.isfile() else b"", (m.mtime, m.mode, m.uid, m.gid, m.uname, m.linkname)
    elif name.endswith((".whl", ".nupkg")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for i in packed.infolist():
                yield i.filename, packed.read(i), (i.date_time, i.external_attr, i.create_system)


def first_byte(one, other):
    at = next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return f"at byte {at} of {len(one)} and {len(other)}"


def where(one, other, name):
    """In words: where the first difference is."""
    for a, b in itertools.zip_longest(members(one, name), members(other, name)):
        if a is None or b is None or a[0] != b[0]:
            return f"its members are not the same: {a and a[0]}, {b and b[0]}"
        if a[1] != b[1]:
            return f"its member {a[0]} differs {first_byte(a[1], b[1])}"
        if a[2] != b[2]:
            return f"its member {a[0]} is dated, owned or allowed otherwise: {a[2]}, {b[2]}"
    return "it differs " + first_byte(one, other)


def main(one, other):
    names = sorted({path.name for path in [*one.iterdir(), *other.iterdir()]} - {"SHA256SUMS"}) + ["SHA256SUMS"]
    for name in names:
        for directory in (one, other):
            if not (directory / name).is_file():
                sys.exit(f"FAIL: {name} was made once only, and is not in {directory}")
        a, b = (one / name).read_bytes(), (other / name).read_bytes()
        if a != b:
            sys.exit(f"FAIL: {name}: {where(a, b, name)}")
        print(f"same: {name}, {len(a)} bytes")
    if len(names) < 6:
        sys.exit(f"FAIL: {len(names)} files were compared")
    print(f"ok: two builds, {len(names)} files, the same bytes")


main(Path(sys.argv[1]), Path(sys.argv[2]))
