"""contents.py DIR OUT: what is in the packages of a release belongs together: SHA256SUMS names every
file, each package holds one and the same library, which the bill of materials names by its hash,
and the notices. Writes that library to OUT."""

import hashlib
import json
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGES = ("libwxpay-*-linux-x86_64.tar.gz", "*.whl", "*.nupkg", "libwxpay-php-*.tar.gz")
NOTICES = ("LICENSE", "THIRD-PARTY.txt", ".cdx.json")


def files(archive):
    if archive.name.endswith(".tar.gz"):
        with tarfile.open(archive) as tar:
            return {m.name: tar.extractfile(m).read() for m in tar.getmembers() if m.isfile()}
    with zipfile.ZipFile(archive) as packed:
        return {i.filename: packed.read(i) for i in packed.infolist() if not i.is_dir()}


def main(directory, out):
    wrong = []
    listed = {line.split(maxsplit=1)[1].lstrip("*").strip() for line in (directory / "SHA256SUMS").read_text().splitlines()}
    there = {path.name for path in directory.iterdir()} - {"SHA256SUMS"}
    # A signature of the sums cannot be in them.
    unsummed = {name for name in there - listed if not name.startswith("SHA256SUMS.")}
    wrong += [f"{name} is not in SHA256SUMS" for name in sorted(unsummed)]
    libraries = {}
    for kind in PACKAGES:
        archives = sorted(directory.glob(kind))
        wrong += [] if len(archives) == 1 else [f"{len(archives)} packages {kind}, not one"]
        for archive in archives:
            inside = files(archive)
            found = [name for name in inside if ".so" in Path(name).name]
            wrong += [] if len(found) == 1 else [f"{archive.name} holds {found}, not one library"]
            libraries.update({archive.name: inside[name] for name in found})
            wrong += [f"{archive.name} lacks {notice}" for notice in NOTICES if not any(name.endswith(notice) for name in inside)]
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in libraries.items()}
    bill = json.loads(next(directory.glob("*.cdx.json")).read_text())
    named = bill["metadata"]["component"]["hashes"][0]["content"]
    wrong += [f"{name} holds another library than the bill of materials names" for name, digest in digests.items() if digest != named]
    for line in wrong:
        print(f"FAIL: {line}")
    if wrong:
        sys.exit(1)
    out.write_bytes(next(iter(libraries.values())))
    print(f"ok: {len(listed)} files by their sums, one library in {len(libraries)} packages: sha256 {named}")


main(Path(sys.argv[1]), Path(sys.argv[2]))
