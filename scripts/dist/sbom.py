"""Writes the bill of materials (CycloneDX 1.5, JSON): what is inside the library, with versions,
licences and checksums. The same library at the same commit gives the same bytes."""

import argparse
import hashlib
import json
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import inside  # noqa: E402

PURL = {"cargo": "pkg:cargo/{name}@{version}", "github": "pkg:github/aws/aws-lc@v{version}"}


def entry(component):
    out = {"type": "library", "bom-ref": component.ref, "name": component.name}
    if component.version:
        out["version"] = component.version
    out["licenses"] = [{"expression": component.licence}]
    if component.sha256:
        out["hashes"] = [{"alg": "SHA-256", "content": component.sha256}]
    if component.kind in PURL:
        out["purl"] = PURL[component.kind].format(name=component.name, version=component.version)
    if component.note:
        out["description"] = component.note
    return out


def bill(library_file, when, library, parts):
    digest = hashlib.sha256(Path(library_file).read_bytes()).hexdigest()
    top = entry(library)
    top["hashes"] = [{"alg": "SHA-256", "content": digest}]
    entries = {part.ref: entry(part) for part in parts}
    for part in parts:
        if part.within:
            entries[part.within].setdefault("components", []).append(entries.pop(part.ref))
    moment = datetime.fromtimestamp(when, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_OID, digest)),
        "version": 1,
        "metadata": {"timestamp": moment, "component": top},
        "components": [entries[ref] for ref in sorted(entries)],
        "dependencies": [{"ref": c.ref, "dependsOn": sorted(c.needs)}
                         for c in sorted([library, *parts], key=lambda c: c.ref)],
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("library")
    options.add_argument("out")
    options.add_argument("--when", type=int, required=True, help="Unix seconds")
    options.add_argument("--zig", help="directory of the ziglang package that linked the library")
    options.add_argument("--build", help="cargo's JSON messages of the library's build")
    given = options.parse_args()
    library, parts = inside.everything(given.zig)
    if given.build:
        inside.check_against_build(given.build, [library, *parts])
    text = json.dumps(bill(given.library, given.when, library, parts), indent=2) + "\n"
    Path(given.out).write_text(text)
    print(f"bill of materials: {len(parts)} components" + (", as the build says" if given.build else ""))


main()
