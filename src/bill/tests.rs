//! Bills as WeChat Pay's documents describe them, and what is no bill.

use super::*;

const TRADE: &str = "\u{feff}交易时间,微信订单号,商户订单号,应结订单金额,商品名称,手续费\r\n\
    `2026-11-25 10:00:00,`4200000001,`=A1,`12.34,`茶, \"绿\", 100g,`0.07000\r\n\
    `2026-11-25 11:00:00,`4200000002,`B2,`-1.50,`,`0.60%\r\n\
    总交易单数,应结订单总金额,手续费总金额\r\n\
    `2,`10.84,`0.07\r\n";

/// The layout of WeChat Pay's page on fund bills: `\n`, no byte order mark.
const FUND: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n\
    `2018-02-01 04:21:23,`50000305742018020103387128253,`1900009231201802015884652186,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货,`REF4200000068201801293084726067\n\
    资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n\
    `20.0,`17.0,`0.35,`3.0,`0.18\n";

const STATEMENT: &str = "Transaction time,Official Account ID,Vendor ID,Order amount\n\
    `2018-01-03 10:00:00,`wx1,`1900000109,`1.00\n\
    Total transaction count,Total amount\n\
    `1,`1.00";

fn rows(bill: &mut Bill) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    loop {
        bill.next().unwrap();
        if bill.row() == 0 {
            return all;
        }
        assert_eq!(bill.row(), all.len() as i64 + 1);
        let cells = 0..bill.column_count();
        all.push(
            cells
                .map(|index| bill.field(index).unwrap().to_string())
                .collect(),
        );
    }
}

#[test]
fn a_trade_bill_gives_its_rows_and_totals() {
    let mut bill = Bill::open(TRADE.as_bytes()).unwrap();
    assert_eq!(
        (bill.row_count(), bill.column_count(), bill.row()),
        (2, 6, 0)
    );
    assert_eq!(bill.column_name(0).map(|name| &**name), Some("交易时间"));
    assert!(bill.column_name(6).is_none());
    assert_eq!(
        (
            bill.column("应结订单金额"),
            bill.column("no"),
            bill.column("")
        ),
        (3, -1, -1)
    );
    assert!(bill.field(0).is_none() && !bill.is_text(0) && bill.fen(0).is_none());
    bill.next().unwrap();
    assert_eq!(bill.field(4).map(|cell| &**cell), Some("茶, \"绿\", 100g"));
    assert_eq!(
        (bill.fen(3), bill.fen(5), bill.fen(4), bill.fen(6)),
        (Some(1234), Some(7), None, None)
    );
    assert!(
        bill.is_text(2) && !bill.is_text(6),
        "=A1 is a formula only without its backtick"
    );
    bill.next().unwrap();
    assert_eq!((bill.fen(3), bill.fen(5)), (Some(-150), None));
    assert_eq!(bill.field(4).map(|cell| &**cell), Some(""));
    for _ in 0..3 {
        bill.next().unwrap();
        assert_eq!(bill.row(), 0);
        assert!(bill.field(0).is_none() && !bill.is_text(0));
    }
    assert_eq!(bill.total("总交易单数").map(|total| &**total), Some("2"));
    assert_eq!(
        (
            bill.total_fen("应结订单总金额"),
            bill.total_fen("手续费总金额")
        ),
        (Some(1084), Some(7))
    );
    assert!(bill.total("应结订单金额").is_none() && bill.total_fen("").is_none());
}

#[test]
fn fund_bills_and_overseas_statements_read_alike() {
    let mut fund = Bill::open(FUND.as_bytes()).unwrap();
    assert_eq!((fund.row_count(), fund.column_count()), (1, 11));
    let row = rows(&mut fund).remove(0);
    assert_eq!(
        (&*row[6], &*row[10]),
        ("0.02", "REF4200000068201801293084726067")
    );
    assert_eq!(fund.total_fen("支出金额"), Some(18));
    assert_eq!(
        fund.total("资金流水总笔数").map(|total| &**total),
        Some("20.0")
    );

    let mut statement = Bill::open(STATEMENT.as_bytes()).unwrap();
    assert_eq!(
        rows(&mut statement),
        [["2018-01-03 10:00:00", "wx1", "1900000109", "1.00"]]
    );
    assert_eq!(
        statement
            .total("Total transaction count")
            .map(|total| &**total),
        Some("1")
    );
}

#[test]
fn a_day_without_orders_is_a_bill_without_rows() {
    let mut bill =
        Bill::open("交易时间,金额\n总交易单数,应结订单总金额\n`0,`0.00\n\n".as_bytes()).unwrap();
    assert_eq!(bill.row_count(), 0);
    assert!(rows(&mut bill).is_empty());
    assert_eq!(bill.total_fen("应结订单总金额"), Some(0));
}

/// WeChat Pay's notice of 2025-01-15 on profit-sharing bills: some data lacks its backtick.
#[test]
fn a_cell_without_a_backtick_is_a_cell_that_is_not_marked_as_text() {
    let text = "分账时间,分账单号,金额,描述\n`2025-01-01 00:00:00,30000001,`0.10,`x\n2025-01-01 00:00:01,`30000002,0.20,y\n总笔数,总金额\n2,`0.30\n";
    let mut bill = Bill::open(text.as_bytes()).unwrap();
    bill.next().unwrap();
    assert_eq!(
        [0, 1, 2, 3].map(|index| bill.is_text(index)),
        [true, false, true, true]
    );
    assert_eq!(bill.field(1).map(|cell| &**cell), Some("30000001"));
    bill.next().unwrap();
    assert_eq!(
        [0, 1, 2, 3].map(|index| bill.is_text(index)),
        [false, true, false, false]
    );
    assert_eq!(bill.fen(2), Some(20));
    assert_eq!(bill.total_fen("总金额"), Some(30));
}

/// In several currencies, which would be meant?
#[test]
fn several_rows_of_totals_give_no_total() {
    let bill = Bill::open("a,b\n`1,`2\nt,u\n`1,`CNY\n`2,`HKD\n".as_bytes()).unwrap();
    assert_eq!(bill.row_count(), 1);
    assert!(bill.total("t").is_none());
}

#[test]
fn bytes_that_are_not_utf_8_and_nul_become_the_replacement_character() {
    let text = [b"a,b\n`x\xff\xe8,`\0y\nt,u\n`\xff,`1\n".as_slice()].concat();
    let mut bill = Bill::open(&text).unwrap();
    bill.next().unwrap();
    assert_eq!(bill.field(0).map(|cell| &**cell), Some("x\u{fffd}\u{fffd}"));
    assert_eq!(bill.field(1).map(|cell| &**cell), Some("\u{fffd}y"));
    assert_eq!(bill.total("t").map(|total| &**total), Some("\u{fffd}"));
}

#[test]
fn what_is_no_bill_is_refused_with_its_line_and_what_was_seen() {
    let wide = format!("{}x\n", "a,".repeat(300));
    let long = format!("a,b\n`1,`{}\nt,u\n`1,`1\n", "x".repeat(70_000));
    let cases: &[(&[u8], Status, &str)] = &[
        (b"", Status::MalformedBill, "empty"),
        (b"\xef\xbb\xbf", Status::MalformedBill, "empty"),
        (
            b"<xml><return_code>FAIL</return_code></xml>",
            Status::MalformedBill,
            "XML",
        ),
        (
            b"{\"code\":\"NO_STATEMENT_EXIST\"}",
            Status::MalformedBill,
            "NO_STATEMENT_EXIST",
        ),
        (b"\x1f\x8b\x08rest", Status::MalformedBill, "gzip"),
        (b"`1,`2\n", Status::MalformedBill, "header"),
        (b"No Bill Exist\n", Status::MalformedBill, "two columns"),
        (
            b"a,b,a\n`1,`2,`3\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 1: the column \"a\" is there twice",
        ),
        (
            b"a,b\n",
            Status::MalformedBill,
            "Line 2: the bill ends without its totals",
        ),
        (
            b"a,b\n`1,`2\n",
            Status::MalformedBill,
            "Line 3: the bill ends without its totals",
        ),
        (
            b"a,b\n`1,`2\nt,u\n",
            Status::MalformedBill,
            "Line 4: the bill ends without its totals",
        ),
        (
            b"a,b\n`1,`2\n`1\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 3: it has 1 cells and the header 2: \"`1\"",
        ),
        (
            b"a,b\n`1,`2,`3\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 2: it has 3 cells",
        ),
        (
            b"a,b\n`1,`x,`y\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 2",
        ),
        (
            b"a,b\n\n`1,`2\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 2",
        ),
        (
            b"a,b\n`1,`2\nt,u\n`1\n",
            Status::MalformedBill,
            "Line 4: it is no row of totals",
        ),
        (
            b"a,b\n`1,`2\nt,u\n`1,`2\n`1,`2\nrest,x\n",
            Status::MalformedBill,
            "Line 6: it is no row of totals: \"rest,x\"",
        ),
        (
            b"a,b\n`1,`2\nt,u\n`1,`2\n\n`1,`2\n",
            Status::MalformedBill,
            "Line 6",
        ),
        (
            b"a\xff,b\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 1: the header is not UTF-8",
        ),
        // Rows with a comma too many or without backticks, in a bill that was cut behind them.
        (
            b"a,b,c\n`1,`2,`3\n1,`2,3,4\n`1,`2,`3,`4\n",
            Status::MalformedBill,
            "Line 3: it is neither a row nor a header: \"1,`2,3,4\"",
        ),
        (
            b"a,b,c\n`1,`2,`3\nx,2.50,y\n`1,`2,`3\n",
            Status::MalformedBill,
            "Line 3: it is neither a row nor a header",
        ),
        (
            b"\xef\xbb\xbf`1,`2\nt,u\n`1,`2\n",
            Status::MalformedBill,
            "Line 1: it is neither a row nor a header",
        ),
        (
            b"a,b\n`1,`2\ngarbage\n`1,`2\n",
            Status::MalformedBill,
            "Line 3: a header has two columns",
        ),
        (wide.as_bytes(), Status::LimitExceeded, "256 columns"),
        (
            long.as_bytes(),
            Status::LimitExceeded,
            "Line 2 of the bill is longer",
        ),
    ];
    for (text, status, says) in cases {
        let case = String::from_utf8_lossy(&text[..text.len().min(60)]).into_owned();
        let Err(error) = Bill::open(text) else {
            panic!("{case} was accepted")
        };
        assert_eq!(error.status(), *status, "{case}: {error}");
        assert!(error.fields().message.contains(says), "{case}: {error}");
    }
}

/// Every prefix of a bill lacks something, but for the end of its last line.
#[test]
fn a_bill_cut_anywhere_is_no_bill() {
    for text in [TRADE, FUND] {
        let whole = text.trim_end().len();
        // From the first cell of the totals on a shorter number would be a number too.
        let totals = whole - text.trim_end().split(",`").last().unwrap().len();
        for cut in 0..totals - 1 {
            assert!(Bill::open(&text.as_bytes()[..cut]).is_err(), "cut at {cut}");
        }
        assert!(Bill::open(&text.as_bytes()[..whole]).is_ok());
    }
}

/// Longer than any buffer, and lines that stand across their borders.
#[test]
fn many_rows_pass_one_by_one_in_order() {
    let mut text = String::from("number,text\r\n");
    for row in 0..40_000 {
        text.push_str(&format!("`{row},`{}\r\n", "x".repeat(row % 37)));
    }
    text.push_str("total,sum\r\n`40000,`0.00\r\n");
    let mut spool = Spool::new(1000);
    spool.push(text.as_bytes()).unwrap();
    for mut bill in [
        Bill::open(text.as_bytes()).unwrap(),
        Bill::over(spool).unwrap(),
    ] {
        assert_eq!(bill.row_count(), 40_000);
        for row in 0..40_000_usize {
            bill.next().unwrap();
            assert_eq!(bill.field(0).map(|cell| &**cell), Some(&*row.to_string()));
            assert_eq!(bill.field(1).map(|cell| cell.len()), Some(row % 37));
        }
        bill.next().unwrap();
        assert_eq!(bill.row(), 0);
    }
}
