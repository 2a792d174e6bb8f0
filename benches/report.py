"""Collects what the benchmark programs print and writes docs/benchmarks.md and its plot. Standard library only.

    report.py begin RESULTS                      a new run: date, commit, machine
    report.py run RESULTS NAME COMMAND...        runs a program and keeps its lines
    report.py skip RESULTS SECTION NAME WHY      says why a program was not run
    report.py table RESULTS                      the results for a terminal
    report.py write RESULTS MARKDOWN SVG         the document and the plot

A program prints one JSON object a line on its standard output (anything for people goes to standard error).
A row has `section` ("a" to "e"), `id` (unique in the run, like python.authorization), `what`, and one of

    pairs    [[ours, theirs], …], one a round: medians of calls made in turn, in `unit` (default µs)
    rounds   [ratio, …], one a round, where there is no pair behind it
    value    one number in `unit`, for a size or a count
    lines    {"libwxpay": [[x, y], …], …} with `x` and `y`: what the axes count, for growth
    skipped  why it was not measured

    against  the peer. With pairs, rounds and value
    ratio    how `pairs` become ratios: "ours/theirs" (default) or "theirs/ours"
    better   which way is good: "less" (default) or "more"
    target   a number for the median of the ratios (or the value): at most it when less is better, at least it when
             more is. With lines the program gives `value`, `unit` and `target` beside them where it has one
    note     what is counted on each side; a sentence or two

A line {"peer": "wechatpayv3", "version": "2.0.1"} names what took part. Everything of one file is one run: `write`
refuses a file with lines of two, and the tests write the document again from docs/benchmarks.jsonl and compare it.
"""

import json
import math
import os
import platform
import re
import resource
import subprocess
import sys
import time

# Nothing is left beside the sources.
sys.dont_write_bytecode = True

SECTIONS = {
    "a": "Bare primitives",
    "b": "Authorization and notification, language by language",
    "c": "Signed request and verified answer over TLS, to a server on the same machine",
    "d": "How cost grows",
    "e": "Size, start and memory",
}
KINDS = ("pairs", "rounds", "lines", "value", "skipped")
FLAGS = ("aes", "pclmulqdq", "sha_ni", "adx", "bmi2", "avx2", "vaes", "vpclmulqdq", "avx512f", "avx512ifma")


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


# What a row says


def check(row):
    """The row, or ValueError with what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError("not an object")
    if "peer" in row:
        if set(row) - {"run", "program", "busy"} != {"peer", "version"}:
            raise ValueError("a peer has a version and nothing else")
        return row
    for name in ("section", "id", "what"):
        if not isinstance(row.get(name), str) or not row[name]:
            raise ValueError(f"no {name}")
    if row["section"] not in SECTIONS:
        raise ValueError(f"section is {row['section']!r}, not one of {', '.join(SECTIONS)}")
    if not any(kind in row for kind in KINDS):
        raise ValueError(f"none of {', '.join(KINDS)}")
    if ("pairs" in row or "rounds" in row) and not row.get("against"):
        raise ValueError("a ratio needs `against`")
    if row.get("ratio", "ours/theirs") not in ("ours/theirs", "theirs/ours"):
        raise ValueError("ratio is ours/theirs or theirs/ours")
    if row.get("better", "less") not in ("less", "more"):
        raise ValueError("better is less or more")
    numbers = [row[name] for name in ("value", "target") if name in row]
    numbers += [number for pair in row.get("pairs", []) for number in pair] + row.get("rounds", [])
    numbers += [number for line in row.get("lines", {}).values() for point in line for number in point]
    if not all(isinstance(number, (int, float)) and math.isfinite(number) for number in numbers):
        raise ValueError("a number that is none")
    if not all(number > 0 for number in [n for pair in row.get("pairs", []) for n in pair] + row.get("rounds", [])):
        raise ValueError("a time or ratio that is not above 0")
    if "pairs" in row and not row["pairs"] or "rounds" in row and not row["rounds"]:
        raise ValueError("no rounds")
    return row


def ratios(row):
    if "pairs" in row:
        if row.get("ratio", "ours/theirs") == "ours/theirs":
            return [ours / theirs for ours, theirs in row["pairs"]]
        return [theirs / ours for ours, theirs in row["pairs"]]
    return row.get("rounds", [])


def medians(row):
    """Of both sides, in the row's unit; None where it has none."""
    if "pairs" not in row:
        return None
    return median([ours for ours, _ in row["pairs"]]), median([theirs for _, theirs in row["pairs"]])


def measured(row):
    """What a target is compared with."""
    found = ratios(row)
    return median(found) if found else row.get("value")


def less_is_better(row):
    return row.get("better", "less") == "less"


def verdict(row):
    """'hit', 'missed' or '' without a target. A result that was not measured is neither."""
    if "target" not in row or measured(row) is None:
        return ""
    reached = measured(row) <= row["target"] if less_is_better(row) else measured(row) >= row["target"]
    return "hit" if reached else "missed"


def number(value):
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


def target(row):
    if "target" not in row:
        return "–"
    return ("≤ " if less_is_better(row) else "≥ ") + f"{row['target']:,.10g}"


# The file of a run


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    if not rows or "machine" not in rows[0]:
        raise SystemExit(f"{path}: the first line is not the machine of a run")
    runs = sorted({str(row.get("run")) for row in rows})
    if len(runs) != 1:
        raise SystemExit(f"{path}: figures of {len(runs)} runs: {', '.join(runs)}")
    for row in rows[1:]:
        check(row)
    names = [row["id"] for row in rows[1:] if "id" in row]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SystemExit(f"{path}: twice in one run: {', '.join(twice)}")
    return rows[0], rows[1:]


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def first(path, pattern):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found.group(1).strip() if found else "unknown"


def machine():
    flags = first("/proc/cpuinfo", r"^flags\s*:(.*)$").split()
    quota = first("/sys/fs/cgroup/cpu.max", r"^(\d+ \d+)$")
    return {
        "processor": first("/proc/cpuinfo", r"^model name\s*:(.*)$"),
        "family": "/".join(first("/proc/cpuinfo", rf"^{name}\s*:(.*)$") for name in ("cpu family", "model", "stepping")),
        "flags": [flag for flag in FLAGS if flag in flags],
        "without": [flag for flag in FLAGS if flag not in flags],
        "cores": len(os.sched_getaffinity(0)),
        "quota": None if quota == "unknown" else quota,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "virtual": "hypervisor" in flags,
        "system": first("/etc/os-release", r'^PRETTY_NAME="(.*)"$'),
        "compiler": said("rustc", "--version"),
        "load": os.getloadavg()[0],
    }


def begin(path):
    commit = said("git", "describe", "--always", "--dirty", "--abbrev=12")
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    quick = os.environ.get("WXPAY_BENCH_QUICK") == "1"
    head = {"run": f"{date} {commit}", "date": date, "commit": commit, "quick": quick, "machine": machine()}
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    append(path, [head], "w")


def append(path, rows, mode="a"):
    with open(path, mode, encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def run_of(path):
    with open(path, encoding="utf-8") as file:
        return json.loads(file.readline())["run"]


def processor_seconds():
    """Of everything on the machine, without idling and waiting."""
    with open("/proc/stat", encoding="utf-8") as file:
        user, nice, system, _, _, irq, softirq, steal = (int(word) for word in file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def shortened(value):
    """Five digits: what is measured has no more."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, list):
        return [shortened(one) for one in value]
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return value


def run(path, name, command):
    """Keeps the lines of a program. What others did meanwhile is kept too: their share of all cores."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, busy = time.monotonic(), processor_seconds()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = end.ru_utime - spent.ru_utime + end.ru_stime - spent.ru_stime
    others = processor_seconds() - busy - ours
    share = max(0.0, others / ((time.monotonic() - start) * (os.cpu_count() or 1)))
    rows, wrong = [], 0
    for line in done.stdout.splitlines():
        if not line.strip():
            continue
        try:
            row = check(json.loads(line))
        except ValueError as error:
            print(f"{name}: {error}: {line[:200]}", file=sys.stderr)
            wrong = 1
            continue
        rows.append(shortened(row) | {"program": name, "busy": round(share, 3), "run": run_of(path)})
    append(path, rows)
    if done.returncode:
        print(f"{name}: the benchmark did not run to its end (exit status {done.returncode})", file=sys.stderr)
    return 1 if done.returncode or wrong else 0


# For a terminal


def table(path):
    _, rows = read(path)
    for section, title in SECTIONS.items():
        found = [row for row in rows if row.get("section") == section]
        if found:
            print(f"\n({section}) {title}")
        for row in found:
            if "skipped" in row:
                print(f"  {row['id']:<44} skipped: {row['skipped']}")
                continue
            both = medians(row)
            sides = f"{number(both[0])} / {number(both[1])} {row.get('unit', 'µs')}" if both else ""
            spread = spread_text(row) if ratios(row) else ""
            if not spread and "value" in row:
                spread = f"{number(row['value'])} {row.get('unit', '')}"
            print(f"  {row['id']:<44} {sides:>24}  {spread:<24} {target(row):>9} {verdict(row)}")
            for name, line in row.get("lines", {}).items():
                print(f"    {name}: " + ", ".join(f"{number(x)} → {number(y)}" for x, y in line))


def spread_of(row):
    found = ratios(row)
    return min(found), median(found), max(found)


def spread_text(row):
    """Three digits after the point where a target of 1.02 asks for them."""
    return " / ".join(f"{one:.3f}" if 0.1 <= one < 2 else number(one) for one in spread_of(row))


def main(words):
    match words:
        case ["begin", path]:
            begin(path)
        case ["run", path, name, *command] if command:
            return run(path, name, command)
        case ["skip", path, section, name, why]:
            row = {"section": section, "id": name, "what": name, "skipped": why, "program": name, "run": run_of(path)}
            append(path, [check(row)])
        case ["table", path]:
            table(path)
        case ["write", path, markdown, svg]:
            import document

            document.write(*read(path), markdown, svg)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
