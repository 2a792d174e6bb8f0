"""Writes THIRD-PARTY.txt: what is inside the library, under which licence, and every licence's
text once. Whoever passes the library on passes this on."""

import argparse
import html
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import inside  # noqa: E402

INTRODUCTION = """\
libwxpay {version} is licensed under Apache-2.0 (LICENSE). The library file contains the work of
others, listed here with its licence; the numbers lead to the texts below. Where a licence says
OR, the library uses the work under the first that is Apache-2.0 or MIT, and passes on all texts.
"""


class Texts:
    """Each text once, however often and in whatever wrapping it occurs."""

    def __init__(self):
        self.numbers, self.texts = {}, []

    def number(self, text):
        key = " ".join(text.split())
        if key not in self.numbers:
            self.texts.append(text.strip("\n").rstrip())
            self.numbers[key] = len(self.texts)
        return self.numbers[key]


def from_html(text, texts):
    """Rust's notices are a page with every licence in full; its texts join the others."""
    def pooled(match):
        return f"[text {texts.number(html.unescape(match.group(1)))}]"
    text = re.sub(r"<(style|head)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"<pre>(.*?)</pre>", pooled, text, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def third_party(library, parts):
    texts, table, notices = Texts(), [], ""
    for part in parts:
        numbers = []
        for path in part.texts:
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".html":
                notices = from_html(text, texts)
                numbers.append("see the notices after this table")
            else:
                numbers.append(str(texts.number(text)))
        table.append(f"{part.name} {part.version}".rstrip() + (f" ({part.note})" if part.note else "")
                     + f"\n    {part.licence}\n    texts: {', '.join(numbers)}")
    line = "=" * 100
    out = [INTRODUCTION.format(version=library.version), *table, "", line, notices]
    for number, text in enumerate(texts.texts, 1):
        out += ["", line, f"Text {number}", "", text]
    return "\n".join(out) + "\n"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("out")
    options.add_argument("--zig", help="directory of the ziglang package that linked the library")
    given = options.parse_args()
    library, parts = inside.everything(given.zig)
    Path(given.out).write_text(third_party(library, parts), encoding="utf-8")
    print(f"licences of {len(parts)} components")


main()
