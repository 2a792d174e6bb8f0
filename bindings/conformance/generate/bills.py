"""Bills: a header, rows whose cells begin with a backtick, a header of totals and the totals. Amounts are yuan."""

from case import Cases, Raw, value

HEADER = "﻿交易时间,公众账号ID,商户号,商户订单号,交易状态,应结订单金额,手续费,费率,订单金额"
ROWS = [
    ["2014-11-10 16:33:45", "wx2421b1c4370ec43b", "10000100", "1415640626", "SUCCESS", "0.01", "0.00000", "0.60%", "0.01"],
    ["2014-11-10 16:46:14", "wx2421b1c4370ec43b", "10000100", "1415635270", "REFUND", "1.10", "-0.06000", "0.60%", "12.34"],
]
TOTALS = {"总交易单数": "2", "应结订单总金额": "1.11", "退款总金额": "0.00", "手续费总金额": "-0.06000"}


def line(cells):
    return ",".join("`" + cell for cell in cells)


def bill_text(header=HEADER, rows=None, totals=None, end="\r\n", last=True):
    totals = TOTALS if totals is None else totals
    lines = [header, *(line(row) for row in (ROWS if rows is None else rows)), ",".join(totals), line(totals.values())]
    return end.join(lines) + (end if last else "")


def fen(text):
    """Yuan in fen, without any arithmetic of fractions; None for what is not an amount of whole fen."""
    digits = text.removeprefix("-")
    whole, dot, rest = digits.partition(".")
    if not whole.isascii() or not whole.isdigit() or (dot and not (rest.isascii() and rest.isdigit())) or rest[2:].strip("0"):
        return None
    amount = int(whole + rest[:2].ljust(2, "0"))
    return (-amount if text.startswith("-") else amount) if amount < 2**63 else None


def table(rows):
    return "".join("\t".join(row) + "\n" for row in rows)


def cases():
    c = Cases("bills")

    def bill(identity, csv, columns=None, rows=None, totals=None, marks=None, status=0, ask=None):
        """What is wanted: a line a row, with a tab between cells; `-` for what is no amount, `~` for no total."""
        names = list(totals or {}) + ["没有这一项"] if ask is None else ask
        given = {"csv": value(csv), "totals": "\n".join(names)}
        want = None
        if not status:
            amounts = [["-" if fen(cell) is None else str(fen(cell)) for cell in row] for row in rows]
            found = [[name, (totals or {}).get(name, "~"), "-" if fen((totals or {}).get(name, "")) is None else str(fen(totals[name]))] for name in names]
            want = {"columns": table([columns]), "rows": table(rows), "fen": table(amounts), "marks": table(marks or [["1" * len(row)] for row in rows]),
                    "totals": table(found), "row_count": len(rows)}
        c.add(identity, "bill", given, want, status)

    columns = HEADER.lstrip("﻿").split(",")
    bill("trade", bill_text(), columns, ROWS, TOTALS)
    bill("without-byte-order-mark", bill_text(HEADER.lstrip("﻿")), columns, ROWS, TOTALS)
    bill("line-ends-of-unix", bill_text(end="\n"), columns, ROWS, TOTALS)
    bill("no-line-end-at-the-end", bill_text(last=False), columns, ROWS, TOTALS)
    bill("empty-lines-at-the-end", bill_text() + "\r\n\r\n", columns, ROWS, TOTALS)
    bill("no-rows", bill_text(rows=[]), columns, [], TOTALS)
    two = "商品,金额"
    for name, cell in {"comma": "苹果,香蕉,梨", "emoji": "😀👨‍👩‍👧‍👦", "quote": 'say "x"', "backtick-inside": "a`b", "empty": "", "space": " a ",
                       "formula": "=HYPERLINK(\"http://evil.example\")", "at": "@SUM(1)", "a-backtick-more": "`a", "comma-at-the-end": "a,"}.items():
        bill(f"cell-{name}", bill_text(two, [[cell, "1.00"]], {"总数": "1", "总额": "1.00"}), ["商品", "金额"], [[cell, "1.00"]], {"总数": "1", "总额": "1.00"})
    for name, amount in {"zero": "0.00", "one-fen": "0.01", "no-fraction": "3", "one-digit": "0.5", "zeros-behind": "0.06000", "minus": "-1.50", "minus-zero": "-0.00",
                         "the-most": "92233720368547758.07", "more-than-the-most": "92233720368547758.08", "third-digit": "0.001", "dot-at-the-end": "1.", "dot-first": ".5",
                         "plus": "+1.00", "comma": "1,000.00", "exponent": "1e2", "space": " 1.00", "percent": "0.60%", "wide-digits": "１.00", "currency": "¥1.00",
                         "two-dots": "1.0.0", "no-digits": "-", "text": "SUCCESS"}.items():
        bill(f"amount-{name}", bill_text(two, [["x", amount]], {"总数": "1", "总额": amount}), ["商品", "金额"], [["x", amount]], {"总数": "1", "总额": amount})
    bill("a-cell-without-its-backtick", "a,b,c\n`1,2,`3\nt,u\n`1,`2\n", ["a", "b", "c"], [["1", "2", "3"]], {"t": "1", "u": "2"}, marks=[["101"]])
    bill("many-rows", bill_text(two, [[str(i), f"{i}.{i % 100:02}"] for i in range(300)], {"总数": "300", "总额": "1.00"}), ["商品", "金额"],
         [[str(i), f"{i}.{i % 100:02}"] for i in range(300)], {"总数": "300", "总额": "1.00"})
    bill("a-long-cell", bill_text(two, [["x" * 40000, "1.00"]], {"总数": "1", "总额": "1.00"}), ["商品", "金额"], [["x" * 40000, "1.00"]], {"总数": "1", "总额": "1.00"})

    for name, text in {"empty": "", "byte-order-mark-alone": "﻿", "header-alone": HEADER + "\r\n", "without-totals": bill_text().split("总交易单数")[0],
                       "cut-in-the-totals": bill_text()[:-25], "totals-header-alone": HEADER + "\r\n" + ",".join(TOTALS) + "\r\n", "xml": "<xml><return_code>FAIL</return_code></xml>",
                       "json": '{"code":"NO_STATEMENT_EXIST"}', "html": "<html></html>", "text-behind-the-totals": bill_text() + "x\r\n",
                       "a-row-behind-the-totals": bill_text() + "\r\n" + line(ROWS[0]) + "\r\n", "an-empty-line-between": bill_text().replace("\r\n`", "\r\n\r\n`", 1),
                       "a-cell-less": bill_text().replace(",`0.60%", "", 1), "a-cell-more": bill_text().replace(",`0.60%", ",`0.60%,`x", 1), "one-column": "a\n`1\nb\n`2\n"}.items():
        bill(f"not-{name}", text, status=423)
    bill("not-unpacked", Raw(hex="1f8b0800000000000003"), status=423)
    bill("header-not-utf-8", Raw(hex=(b"\xbd\xbb\xd2\xd7,a\n`1,`2\nb,c\n`1,`2\n").hex()), status=423)
    bill("257-columns", ",".join(f"c{i}" for i in range(257)) + "\n", status=105)
    bill("a-line-too-long", bill_text(two, [["x" * 200000, "1.00"]], {"总数": "1", "总额": "1.00"}), status=105)
    return c
