//! Bills in CSV form (protocol.md §1.11): a header, rows, a header of totals and the totals. Values
//! begin with a backtick and may hold commas. Everything is checked when the bill is opened; the
//! rows then pass one by one, so that a bill of any size needs the memory of one line.

#![forbid(unsafe_code)]

mod amount;
mod cells;
mod lines;
#[cfg(test)]
mod tests;

use crate::client::Download;
use crate::error::{Error, Result, Status};
use crate::http::headers::shown;
use crate::sys::Spool;
use crate::text::Text;

use cells::{Cell, split};
use lines::Lines;

/// WeChat Pay's widest bill has 27.
const MOST_COLUMNS: usize = 256;
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

pub struct Bill {
    source: Spool,
    columns: Vec<Text>,
    totals: Vec<(Text, Text)>,
    count: i64,
    lines: Lines,
    row: i64,
    cells: Vec<(Text, bool)>,
}

impl Bill {
    /// MALFORMED_BILL or LIMIT_EXCEEDED with the line, OUT_OF_MEMORY.
    pub fn open(csv: &[u8]) -> Result<Bill> {
        let mut source = Spool::new(usize::MAX);
        source.push(csv)?;
        Bill::over(source)
    }

    /// Takes the download to its end first: no row is given that is not proved (S15).
    pub fn open_download(download: &Download) -> Result<Bill> {
        Bill::over(download.spool()?)
    }

    fn over(source: Spool) -> Result<Bill> {
        let mut lines = Lines::from(begin(&source)?);
        let columns = match lines.next(&source)? {
            Some(line) => header(line, 1)?,
            None => return Err(no_bill("it is empty")),
        };
        let rows_from = lines.position();
        let mut count = 0;
        let totals_header = loop {
            let number = lines.number() + 1;
            let Some(line) = lines.next(&source)? else {
                return Err(malformed(number, "the bill ends without its totals", b""));
            };
            if split(line, columns.len()).is_some() {
                count += 1;
                continue;
            }
            if line.is_empty() || line.starts_with(b"`") {
                let found = cells::count(line);
                let want = columns.len();
                return Err(malformed(
                    number,
                    &format!("it has {found} cells and the header {want}"),
                    line,
                ));
            }
            break header(line, number)?;
        };
        let totals = totals(&source, &mut lines, totals_header)?;
        Ok(Bill {
            source,
            columns,
            totals,
            count,
            lines: Lines::from(rows_from),
            row: 0,
            cells: Vec::new(),
        })
    }

    /// To the next row, or past the last one.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<()> {
        self.cells.clear();
        self.row = 0;
        if self.lines.number() >= self.count.unsigned_abs() {
            return Ok(());
        }
        // By what was read, so that it is right after an error too.
        let number = self.lines.number().cast_signed() + 1;
        let line = self.lines.next(&self.source)?.unwrap_or_default();
        // It was so when the bill was opened.
        let cells = split(line, self.columns.len())
            .ok_or_else(|| malformed(number.unsigned_abs() + 1, "the row has changed", b""))?;
        let text = |cell: Cell<'_>| (Text::lossy(cell.value), cell.is_text);
        self.cells.extend(cells.into_iter().map(text));
        self.row = number;
        Ok(())
    }

    pub fn row(&self) -> i64 {
        self.row
    }

    pub fn row_count(&self) -> i64 {
        self.count
    }

    pub fn column_count(&self) -> usize {
        self.columns.len()
    }

    pub fn column_name(&self, index: usize) -> Option<&Text> {
        self.columns.get(index)
    }

    /// -1 when there is none of that name.
    pub fn column(&self, name: &str) -> i32 {
        self.columns
            .iter()
            .position(|column| &**column == name)
            .and_then(|index| i32::try_from(index).ok())
            .unwrap_or(-1)
    }

    pub fn field(&self, index: usize) -> Option<&Text> {
        self.cells.get(index).map(|(text, _)| text)
    }

    pub fn is_text(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|(_, is_text)| *is_text)
    }

    pub fn fen(&self, index: usize) -> Option<i64> {
        amount::fen(self.field(index)?)
    }

    /// None too when the bill has several rows of totals: which of them would be meant?
    pub fn total(&self, name: &str) -> Option<&Text> {
        self.totals
            .iter()
            .find(|(have, _)| &**have == name)
            .map(|(_, value)| value)
    }

    pub fn total_fen(&self, name: &str) -> Option<i64> {
        amount::fen(self.total(name)?)
    }
}

/// The place behind a byte order mark. What is sent in a bill's place is called by its name.
fn begin(source: &Spool) -> Result<u64> {
    let mut first = [0; 64];
    let taken = source.read_at(0, &mut first)?;
    let first = &first[..taken];
    let what = match first {
        [b'<', ..] => "it is XML or HTML, an error answer",
        [b'{', ..] => "it is JSON, an error answer",
        [0x1f, 0x8b, ..] => "it is still packed with gzip",
        [b'`', ..] => "the first line must be the header, and begins with a backtick",
        _ if first.starts_with(BOM) => return Ok(BOM.len() as u64),
        _ => return Ok(0),
    };
    Err(no_bill(&format!(
        "{what}: \"{}\"",
        shown(&String::from_utf8_lossy(first))
    )))
}

fn header(line: &[u8], number: u64) -> Result<Vec<Text>> {
    let Ok(text) = std::str::from_utf8(line) else {
        return Err(malformed(number, "the header is not UTF-8", line)
            .hint("Use the file as it was downloaded; a spreadsheet that saves it may change its encoding."));
    };
    let names: Vec<Text> = text
        .split(',')
        .take(MOST_COLUMNS + 1)
        .map(Text::new)
        .collect();
    if names.len() > MOST_COLUMNS {
        return Err(Error::new(
            Status::LimitExceeded,
            format!("Line {number}: the header has more than {MOST_COLUMNS} columns."),
        ));
    }
    if names.len() < 2 {
        return Err(malformed(number, "a header has two columns at least", line));
    }
    // A row that has lost its backticks, or has a comma too many, would else pass for the header of
    // totals, and the rows behind it for the totals.
    let is_value = |name: &Text| name.starts_with('`') || amount::fen(name).is_some();
    if names.iter().any(is_value) {
        return Err(malformed(number, "it is neither a row nor a header", line));
    }
    // Which of the two would a program add up?
    let twin = |(at, name): &(usize, &Text)| !name.is_empty() && names[..*at].contains(name);
    if let Some((_, name)) = names.iter().enumerate().find(twin) {
        let why = format!("the column \"{}\" is there twice", shown(name));
        return Err(malformed(number, &why, line));
    }
    Ok(names)
}

/// One row as a rule; bills in several currencies may have more.
fn totals(source: &Spool, lines: &mut Lines, names: Vec<Text>) -> Result<Vec<(Text, Text)>> {
    let mut found = Vec::new();
    let mut rows = 0;
    let mut ended = false;
    loop {
        let number = lines.number() + 1;
        let Some(line) = lines.next(source)? else {
            break;
        };
        if line.is_empty() {
            ended = true;
            continue;
        }
        let Some(cells) = split(line, names.len()).filter(|_| !ended) else {
            return Err(malformed(number, "it is no row of totals", line));
        };
        rows += 1;
        if rows == 1 {
            found.extend(cells.into_iter().map(|cell| Text::lossy(cell.value)));
        }
    }
    match rows {
        0 => Err(malformed(
            lines.number() + 1,
            "the bill ends without its totals",
            b"",
        )),
        1 => Ok(names.into_iter().zip(found).collect()),
        _ => Ok(Vec::new()),
    }
}

fn no_bill(why: &str) -> Error {
    Error::new(Status::MalformedBill, format!("This is no bill: {why}."))
}

fn malformed(number: u64, why: &str, line: &[u8]) -> Error {
    let seen = if line.is_empty() {
        String::new()
    } else {
        let cut = &line[..line.len().min(512)];
        format!(": \"{}\"", shown(&String::from_utf8_lossy(cut)))
    };
    Error::new(
        Status::MalformedBill,
        format!("Line {number}: {why}{seen}."),
    )
}
