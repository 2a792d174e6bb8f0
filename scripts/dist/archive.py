"""Archives that are the same bytes for the same contents: sorted, one date, root as owner, plain
modes. `tar` makes one from a directory; `finish` makes a package (wheel, NuGet, Composer) anew
with the notices in it."""

import argparse
import base64
import gzip
import hashlib
import io
import shutil
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path


def tar(directory, out, when):
    """One top directory, named as the archive."""
    directory = Path(directory)
    with open(out, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=when) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in [directory, *sorted(directory.rglob("*"))]:
            info = archive.gettarinfo(str(path), f"{directory.name}/{path.relative_to(directory)}".removesuffix("/."))
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mtime = when
            info.mode = 0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644
            if info.isreg():
                with open(path, "rb") as data:
                    archive.addfile(info, data)
            else:
                archive.addfile(info)


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {i.filename: (archive.read(i), i.external_attr >> 16 & 0o100) for i in archive.infolist() if not i.is_dir()}


def record(files):
    """A wheel lists its files with their hashes (PEP 376, PEP 427)."""
    name = next(name for name in files if name.endswith(".dist-info/RECORD"))
    rows = []
    for path in sorted(files):
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[path][0]).digest()).rstrip(b"=").decode()
        rows.append(f"{path},," if path == name else f"{path},sha256={digest},{len(files[path][0])}")
    files[name] = ("\n".join(rows).encode() + b"\n", 0)


def finish_tar(path, notices, when):
    with tempfile.TemporaryDirectory() as work:
        with tarfile.open(path) as archive:
            archive.extractall(work)
        top, = Path(work).iterdir()
        for notice in notices:
            shutil.copy(notice, top / notice.name)
        tar(top, path, when)


def finish_zip(path, notices, when):
    files = contents(path)
    wheel = next((name.partition("/")[0] for name in files if name.endswith(".dist-info/RECORD")), None)
    for notice in notices:
        inside = f"{wheel}/licenses/{notice.name}" if wheel else notice.name
        files[inside] = (notice.read_bytes(), 0)
    if wheel:
        record(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # A wheel's .dist-info comes last; NuGet's types come before the parts.
        for name in sorted(files, key=lambda name: (name != "[Content_Types].xml", ".dist-info/" in name, name)):
            info = zipfile.ZipInfo(name, time.gmtime(when)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o100755 if files[name][1] else 0o100644) << 16
            archive.writestr(info, files[name][0])
    Path(path).write_bytes(out.getvalue())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--when", type=int, required=True, help="Unix seconds")
    commands = options.add_subparsers(dest="command", required=True)
    one = commands.add_parser("tar")
    one.add_argument("directory")
    one.add_argument("out")
    other = commands.add_parser("finish")
    other.add_argument("archive")
    other.add_argument("notices", nargs="+", type=Path)
    given = options.parse_args()
    if given.command == "tar":
        tar(given.directory, given.out, given.when)
    else:
        finish = finish_tar if given.archive.endswith(".tar.gz") else finish_zip
        finish(given.archive, given.notices, given.when)


main()
