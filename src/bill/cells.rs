//! One row's cells. Each begins with a backtick, so that a comma inside a value is no border; in
//! some profit-sharing bills a few cells have lost theirs (WeChat Pay's notice of 2025-01-15).

pub(super) struct Cell<'a> {
    /// Without its backtick.
    pub value: &'a [u8],
    /// It had one.
    pub is_text: bool,
}

/// The cells of a row with `want` columns; None when the line is not such a row.
pub(super) fn split(line: &[u8], want: usize) -> Option<Vec<Cell<'_>>> {
    if line.starts_with(b"`") && count(line) == want {
        let mut cells = Vec::with_capacity(want);
        let mut from = 1;
        for border in borders(line) {
            cells.push(text(&line[from..border]));
            from = border + 2;
        }
        cells.push(text(&line[from..]));
        return Some(cells);
    }
    // With a comma inside of a value the count is another one.
    let plain: Vec<&[u8]> = line.split(|byte| *byte == b',').take(want + 1).collect();
    if plain.len() != want || !plain.iter().any(|cell| cell.starts_with(b"`")) {
        return None;
    }
    Some(
        plain
            .into_iter()
            .map(|cell| match cell.strip_prefix(b"`") {
                Some(value) => text(value),
                None => Cell {
                    value: cell,
                    is_text: false,
                },
            })
            .collect(),
    )
}

/// Cells of a line whose cells all begin with a backtick.
pub(super) fn count(line: &[u8]) -> usize {
    borders(line).count() + 1
}

fn borders(line: &[u8]) -> impl Iterator<Item = usize> {
    line.windows(2)
        .enumerate()
        .filter(|(_, two)| two == b",`")
        .map(|(at, _)| at)
}

fn text(value: &[u8]) -> Cell<'_> {
    Cell {
        value,
        is_text: true,
    }
}
