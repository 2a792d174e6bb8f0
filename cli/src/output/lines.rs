//! What a report shows, before it is text or HTML: pages of rows. Values are foreign; those who render escape them.

use super::{Severity, Style, escape};

/// One line of a page.
#[derive(Clone, Debug)]
pub struct Row {
    pub label: String,
    pub value: String,
    /// None: nothing to say about it. `Info`: it was looked at and is right.
    pub mark: Option<Severity>,
}

/// What belongs together.
#[derive(Clone, Debug)]
pub struct Page {
    pub title: String,
    pub rows: Vec<Row>,
}

impl Page {
    pub fn new(title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, label: impl Into<String>, value: impl Into<String>) {
        self.marked(None, label, value);
    }

    pub fn marked(
        &mut self,
        mark: Option<Severity>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) {
        self.rows.push(Row {
            label: label.into(),
            value: value.into(),
            mark,
        });
    }

    pub fn text(&self, style: Style) -> String {
        let mut out = format!("{}\n", style.bold(&escape::readable(&self.title)));
        let widest = self
            .rows
            .iter()
            .map(|row| escape::readable(&row.label).chars().count())
            .max()
            .unwrap_or(0)
            .min(34);
        for row in &self.rows {
            let label = escape::readable(&row.label);
            let mark = mark(row.mark, style);
            let indent = 6 + widest + 2;
            let value = wrapped(&escape::readable(&row.value), indent, style.width);
            out.push_str(&format!("  {mark}{label:widest$}  {value}\n"));
        }
        out
    }
}

/// Four columns.
fn mark(mark: Option<Severity>, style: Style) -> String {
    match mark {
        None => "    ".to_owned(),
        Some(Severity::Info) => style.green("ok  "),
        Some(Severity::Warning) => style.yellow(" !  "),
        Some(Severity::Error) => style.red(" X  "),
    }
}

/// Broken at spaces; further lines begin at `indent`. A word that is longer than a line stays whole, so that a path or a
/// command can be copied.
pub fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut out = String::new();
    let mut used = indent;
    for word in text.split(' ') {
        let len = word.chars().count();
        if used > indent && used + 1 + len > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > indent {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += len;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_at_spaces_and_no_word_is_cut() {
        assert_eq!(wrapped("one two three", 2, 10), "one two\n  three");
        assert_eq!(
            wrapped("/a/path/that/is/long x", 2, 10),
            "/a/path/that/is/long\n  x"
        );
        assert_eq!(wrapped("", 2, 10), "");
    }
}
