//! Colours, on a terminal only.

use std::io::IsTerminal as _;

/// How this run marks text.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    colour: bool,
    /// Columns of a line.
    pub width: usize,
}

impl Style {
    /// `NO_COLOR` by no-color.org: any value but the empty one counts.
    pub fn of_stdout(no_color: bool) -> Style {
        Style::of(std::io::stdout().is_terminal(), no_color)
    }

    pub fn of_stderr(no_color: bool) -> Style {
        Style::of(std::io::stderr().is_terminal(), no_color)
    }

    fn of(is_terminal: bool, no_color: bool) -> Style {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        Style {
            colour: !no_color && !set("NO_COLOR") && !dumb && is_terminal,
            width: columns
                .filter(|columns| (60..=160).contains(columns))
                // The narrowest terminal that is common; a file has no width.
                .unwrap_or(if is_terminal { 80 } else { 100 }),
        }
    }

    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    pub fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.paint("36", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
