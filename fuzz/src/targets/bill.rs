//! Bills: the rows, and the file as it is downloaded.

use std::collections::HashSet;

use wxpay::bill::Bill;
use wxpay::error::Status;

use crate::world::check_error;

const GZIP: &[u8] = &[0x1f, 0x8b];

pub fn read(input: &[u8]) {
    match wxpay::client::unpacked(input) {
        Ok(plain) => {
            if !input.starts_with(GZIP) {
                assert_eq!(plain, input, "what is not packed stays as it is");
            }
            rows(&plain);
        }
        Err(error) => check_error(
            &error,
            &[
                Status::DigestMismatch,
                Status::BodyTruncated,
                Status::BodyTooLarge,
                Status::HttpProtocol,
                Status::Io,
            ],
        ),
    }
}

fn rows(csv: &[u8]) {
    let mut bill = match Bill::open(csv) {
        Ok(bill) => bill,
        Err(error) => return check_error(&error, &[Status::MalformedBill, Status::LimitExceeded]),
    };
    let columns: Vec<String> = (0..bill.column_count())
        .map(|index| {
            bill.column_name(index)
                .expect("each column has a name")
                .to_string()
        })
        .collect();
    assert!(!columns.is_empty() && bill.column_name(columns.len()).is_none());
    // A program cannot ask for one that has no name.
    let named = || {
        columns
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.is_empty())
    };
    assert_eq!(
        named().map(|(_, name)| name).collect::<HashSet<_>>().len(),
        named().count(),
        "two columns of one name"
    );
    for (index, name) in named() {
        assert_eq!(
            bill.column(name),
            i32::try_from(index).expect("few"),
            "{name}"
        );
        if let Some(total) = bill.total(name) {
            assert_eq!(bill.total_fen(name), fen(total), "{total}");
        }
    }
    let mut count = 0;
    loop {
        bill.next()
            .expect("every row was checked when the bill was opened");
        if bill.row() == 0 {
            break;
        }
        count += 1;
        assert_eq!(bill.row(), count);
        for index in 0..columns.len() {
            let cell = bill.field(index).expect("each row has every column");
            assert_eq!(bill.fen(index), fen(cell), "{cell}");
        }
        assert!(bill.field(columns.len()).is_none());
    }
    assert_eq!(count, bill.row_count());
    bill.next().expect("past the end is the end");
    assert_eq!(bill.row(), 0);
}

/// Yuan in fen by another way: the digits with the point taken out, as i128.
fn fen(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (yuan, rest) = digits.split_once('.').unwrap_or((digits, "00"));
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
    if !is_number(yuan) || !is_number(rest) || yuan.trim_start_matches('0').len() > 25 {
        return None;
    }
    let mut decimals = rest.to_owned();
    while decimals.len() > 2 {
        if decimals.pop() != Some('0') {
            return None;
        }
    }
    while decimals.len() < 2 {
        decimals.push('0');
    }
    let amount: i128 = format!("{}{decimals}", yuan.trim_start_matches('0'))
        .parse()
        .ok()?;
    let amount = i64::try_from(amount).ok()?;
    Some(if text.starts_with('-') {
        -amount
    } else {
        amount
    })
}
