"""docs/benchmarks.md and docs/benchmarks.svg out of the results of one run. Called by report.py write."""

import html
import math
import os

from report import SECTIONS, less_is_better, medians, number, ratios, spread_of, spread_text, target, verdict

COLUMN = 430  # where the plot begins
WIDTH = 940
LINE = 22

LIGHT = {"paper": "#ffffff", "ink": "#1f2328", "quiet": "#59636e", "grid": "#d8dee4", "mark": "#0969da", "other": "#bc4c00"}
DARK = {"paper": "#0d1117", "ink": "#e6edf3", "quiet": "#9198a1", "grid": "#30363d", "mark": "#58a6ff", "other": "#f0883e"}


def style(colours):
    """No variables: more than browsers can draw it."""
    c = colours
    return f""".paper {{ fill: {c['paper']} }}
text {{ font: 12px system-ui, sans-serif; fill: {c['ink']} }}
.title {{ font-weight: 600 }}
.quiet {{ fill: {c['quiet']} }}
.grid {{ stroke: {c['grid']} }}
.even {{ stroke: {c['quiet']} }}
.spread {{ stroke: {c['mark']}; stroke-width: 2 }}
.dot {{ fill: {c['mark']} }}
.missed {{ fill: {c['other']} }}
.target {{ stroke: {c['ink']}; stroke-width: 2 }}
.line0 {{ stroke: {c['mark']}; fill: none; stroke-width: 2 }}
.line1 {{ stroke: {c['other']}; fill: none; stroke-width: 2 }}
.line2 {{ stroke: {c['quiet']}; fill: none; stroke-width: 2 }}"""


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def machine_lines(head):
    machine = head["machine"]
    cores = f"{machine['cores']} {'virtual ' if machine['virtual'] else ''}cores"
    quota = f", cgroup quota {machine['quota']}" if machine["quota"] else ""
    yield f"- **Run** `{head['run']}`: date (UTC) and commit. All figures below are of this run, on this machine."
    if head["quick"]:
        yield "- **A quick run with few rounds: good for seeing that it works, for nothing else.**"
    yield (
        f"- **Machine**: {machine['processor']} (family/model/stepping {machine['family']}), {cores}{quota}, "
        f"{machine['memory_gib']} GiB, Linux {machine['kernel']}, {machine['system']}."
    )
    without = f"; without {', '.join(machine['without'])}" if machine["without"] else ""
    yield f"- **Processor's extensions that matter here**: {', '.join(machine['flags']) or 'none'}{without}."
    yield f"- **Compiler**: {machine['compiler']}; the release profile of Cargo.toml."


def load_line(head, rows):
    shares = [row["busy"] for row in rows if "busy" in row]
    line = f"- **Load**: {head['machine']['load']:.2f} when it began"
    if shares:
        middle = sorted(shares)[len(shares) // 2]
        line += (
            f"; what ran beside the benchmarks took {middle:.0%} of the processor time (median), "
            f"{max(shares):.0%} at most"
        )
    return line + "."


def table_of(rows):
    yield "| what | against | ours | theirs | min / median / max | target | |"
    yield "|---|---|---:|---:|---:|---:|---|"
    for row in rows:
        if "skipped" in row:
            yield f"| {cell(row['what'])} | {cell(row.get('against', ''))} | | | skipped: {cell(row['skipped'])} | {target(row)} | |"
            continue
        both = medians(row)
        unit = row.get("unit", "µs")
        ours, theirs = (f"{number(one)} {unit}" for one in both) if both else ("", "")
        if ratios(row):
            spread = spread_text(row)
            if row.get("ratio") == "theirs/ours":
                spread += " × faster"
        else:
            spread = f"{number(row['value'])} {row.get('unit', '')}".strip() if "value" in row else ""
        said = {"hit": "hit", "missed": "**missed**", "": ""}[verdict(row)]
        yield f"| {cell(row['what'])} | {cell(row.get('against', ''))} | {ours} | {theirs} | {spread} | {target(row)} | {said} |"


def growth_of(row):
    names = list(row["lines"])
    points = sorted({x for line in row["lines"].values() for x, _ in line})
    yield f"**{row['what']}**, {row.get('y', '')}"
    yield ""
    yield f"| {row.get('x', '')} | " + " | ".join(cell(name) for name in names) + " |"
    yield "|---:|" + "---:|" * len(names)
    for point in points:
        found = [dict(row["lines"][name]).get(point) for name in names]
        yield f"| {point:,} | " + " | ".join("" if one is None else number(one) for one in found) + " |"
    yield ""


def notes_of(rows):
    """One line for rows that say the same."""
    said = {}
    for row in rows:
        if row.get("note"):
            said.setdefault(row["note"], []).append(row["id"])
    for note, ids in said.items():
        yield f"- {', '.join(f'`{name}`' for name in ids)}: {note}"


def markdown(head, rows, plot):
    found = [row for row in rows if "section" in row]
    verdicts = [verdict(row) for row in found]
    waiting = [row for row in found if "target" in row and not verdict(row)]
    yield "# Benchmarks"
    yield ""
    yield "Written by `make bench`; not by hand. The tests write it again from [benchmarks.jsonl](benchmarks.jsonl), where each round's figures are, and compare."
    yield "How a kept connection is compared, and where the time goes: [performance.md](performance.md)."
    yield ""
    yield from machine_lines(head)
    yield load_line(head, found)
    yield (
        "- **Method**: what is compared takes turns in one run, call by call in one process, or in turns of some calls where "
        "the runtimes need processes of their own. Each call is timed, a round gives the medians of both sides, a row the "
        "least, the middle and the greatest ratio of its rounds. The middle is what a target is compared with. *ours* and "
        "*theirs* are medians over the rounds; only ratios travel to another machine."
    )
    peers = {row["peer"]: row["version"] for row in rows if "peer" in row}
    if peers:
        yield "- **Versions**: " + ", ".join(f"{name} {version}" for name, version in sorted(peers.items())) + "."
    yield ""
    yield (
        f"Targets: {verdicts.count('hit')} hit, {verdicts.count('missed')} missed, {len(waiting)} not measured. "
        f"Rows that were skipped: {sum('skipped' in row for row in found)}."
    )
    yield ""
    yield f"![How many times faster than each peer: minimum, median, maximum]({plot})"
    yield ""
    for section, title in SECTIONS.items():
        of_section = [row for row in found if row["section"] == section]
        if not of_section:
            continue
        yield f"## ({section}) {title}"
        yield ""
        in_table = [row for row in of_section if "lines" not in row or "value" in row]
        if in_table:
            yield from table_of(in_table)
            yield ""
        for row in of_section:
            if "lines" in row:
                yield from growth_of(row)
        notes = list(notes_of(of_section))
        if notes:
            yield "What is counted:"
            yield ""
            yield from notes
            yield ""


# The plot


def text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{html.escape(str(words))}</text>'


def stroke(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def faster(row, ratio):
    """Times faster than the peer, whichever way the row counts."""
    return 1 / ratio if less_is_better(row) else ratio


def dots(rows, top):
    """One line a row: least, middle, greatest, and the target, on a logarithmic axis that all share."""
    marks = [faster(row, one) for row in rows for one in ratios(row) + ([row["target"]] if "target" in row else [])]
    low, high = math.floor(math.log2(min(marks))), math.ceil(math.log2(max(marks)))
    high = max(high, low + 1)

    def place(value):
        return COLUMN + (math.log2(value) - low) / (high - low) * (WIDTH - COLUMN - 20)

    sections = [section for section in SECTIONS if any(row["section"] == section for row in rows)]
    bottom = top + 34 + LINE * (len(rows) + len(sections))
    yield text(COLUMN, top, "times faster than the peer: least, middle, greatest; logarithmic; | is the target", "quiet")
    step = max(1, math.ceil((high - low) / 12))
    for power in range(low, high + 1, step):
        x = place(2.0**power)
        yield stroke("even" if power == 0 else "grid", x, top + 24, x, bottom - 10)
        yield text(x, top + 20, f"{2.0**power:,.10g}" if power >= 0 else f"1/{2**-power}", "quiet", "middle")
    y = top + 40
    for section in sections:
        yield text(10, y, f"({section}) {SECTIONS[section]}", "title")
        y += LINE
        for row in (row for row in rows if row["section"] == section):
            least, middle, greatest = (place(faster(row, one)) for one in spread_of(row))
            yield text(COLUMN - 14, y, f"{row['what']} – {row['against']}"[:72], "", "end")
            yield stroke("spread", least, y - 4, greatest, y - 4)
            kind = "missed" if verdict(row) == "missed" else "dot"
            yield f'<circle class="{kind}" cx="{middle:.1f}" cy="{y - 4:.1f}" r="4"/>'
            if "target" in row:
                x = place(faster(row, row["target"]))
                yield stroke("target", x, y - 11, x, y + 3)
            y += LINE


def growth(row, left, top):
    """A small plot, both axes logarithmic where the figures allow it."""
    width, height = 250, 130
    points = [point for line in row["lines"].values() for point in line]
    axes = []
    for axis in (0, 1):
        values = [point[axis] for point in points]
        scale = math.log10 if min(values) > 0 and max(values) > 20 * min(values) else float
        low, high = scale(min(values)), scale(max(values))
        if axis == 1 and scale is float:
            low = min(0.0, low)
        axes.append((scale, low, high if high > low else low + 1))

    def place(point):
        at = [(scale(value) - low) / (high - low) for value, (scale, low, high) in zip(point, axes)]
        return left + at[0] * width, top + height - at[1] * height

    yield text(left, top - 24, row["what"][:44], "title")
    yield text(left, top - 9, f"{row.get('y', '')}: {number(min(y for _, y in points))} to {number(max(y for _, y in points))}", "quiet")
    yield stroke("grid", left, top, left, top + height)
    yield stroke("grid", left, top + height, left + width, top + height)
    yield text(left, top + height + 16, number(min(x for x, _ in points)), "quiet")
    yield text(left + width, top + height + 16, f"{number(max(x for x, _ in points))} {row.get('x', '')}", "quiet", "end")
    for index, (name, line) in enumerate(row["lines"].items()):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, sorted(map(tuple, line))))
        yield f'<polyline class="line{index % 3}" points="{path}"/>'
        y = top + 12 + 15 * index
        yield stroke(f"line{index % 3}", left + 8, y - 4, left + 22, y - 4)
        yield text(left + 27, y, name[:32])


def drawing(head, rows):
    compared = [row for row in rows if ratios(row)]
    lines = [row for row in rows if row.get("lines")]
    out, height = [], 50
    out.append(text(10, 22, "libwxpay against its peers", "title"))
    out.append(text(10, 38, f"run {head['run']}, {head['machine']['processor']}", "quiet"))
    if compared:
        out += dots(compared, height + 12)
        height += 70 + LINE * (len(compared) + len({row["section"] for row in compared}))
    for index, row in enumerate(lines):
        out += growth(row, 20 + (index % 3) * 310, height + 50 + (index // 3) * 220)
    height += 220 * math.ceil(len(lines) / 3)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img">'
    )
    yield f"<title>libwxpay against its peers, run {html.escape(head['run'])}</title>"
    yield f"<style>{style(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{style(DARK)}\n}}</style>"
    yield f'<rect class="paper" width="{WIDTH}" height="{height}"/>'
    yield from out
    yield "</svg>"


def write(head, rows, markdown_path, svg_path):
    for path, lines in (
        (markdown_path, markdown(head, rows, os.path.basename(svg_path))),
        (svg_path, drawing(head, [row for row in rows if "section" in row and "skipped" not in row])),
    ):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines).rstrip("\n") + "\n")
