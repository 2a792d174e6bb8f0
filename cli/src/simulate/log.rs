//! What a developer sees on standard error: a line for each request, and for a signature that does not verify the string
//! that was verified. Never a key, never `Authorization` (safety.md S24); foreign text is escaped (S23).

use super::clock;
use std::io::Write as _;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, channel, sync_channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Lines that wait for a reader; more are dropped.
const WAITING: usize = 4096;
const MOST_SHOWN: usize = 512;
/// How long the end waits for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Written by a thread of its own: whoever does not read the log must not stop the server.
pub struct Log {
    sender: Option<SyncSender<String>>,
    verbose: bool,
}

/// Ends when every line was written.
pub struct End(Receiver<()>);

impl End {
    /// Once the log is gone: what was answered is on record, unless nobody reads it.
    pub fn wait(self) {
        let _ = self.0.recv_timeout(LAST_LINES);
    }
}

impl Log {
    pub fn start(quiet: bool, verbose: bool) -> (Self, End) {
        let (ended, end) = channel();
        let sender = (!quiet).then(|| {
            let (sender, lines) = sync_channel::<String>(WAITING);
            std::thread::spawn(move || {
                let _ended = ended;
                for line in lines {
                    if writeln!(std::io::stderr(), "{line}").is_err() {
                        return;
                    }
                }
            });
            sender
        });
        (Self { sender, verbose }, End(end))
    }

    pub fn line(&self, line: impl FnOnce() -> String) {
        if let Some(sender) = &self.sender {
            let line = format!("{} {}", time_of_day(), line());
            match sender.try_send(line) {
                Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
    }

    /// With `--verbose` only.
    pub fn detail(&self, line: impl FnOnce() -> String) {
        if self.verbose {
            self.line(line);
        }
    }
}

/// Of this machine's clock, UTC, to the millisecond.
fn time_of_day() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let date = clock::http_date(i64::try_from(now.as_secs()).unwrap_or(0));
    // `Fri, 08 Jun 2018 02:34:56 GMT`
    format!(
        "{}.{:03}",
        date.get(17..25).unwrap_or(""),
        now.subsec_millis()
    )
}

/// Foreign text: whatever a terminal might obey, and what nobody sees, is escaped; the rest is cut.
pub fn shown(text: &str) -> String {
    let mut out = escaped(text.chars().take(MOST_SHOWN));
    if text.chars().nth(MOST_SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// The same uncut. A backslash is doubled, so that what is shown can be read back.
pub fn escaped(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for one in text {
        match one {
            '"' | '\'' => out.push(one),
            _ => out.extend(one.escape_debug()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_might_obey_is_escaped_and_long_text_is_cut() {
        assert_eq!(
            shown("\u{1b}]0;x\u{7}\n\u{202e}a\u{200b}\u{9b}\"茶\\"),
            "\\u{1b}]0;x\\u{7}\\n\\u{202e}a\\u{200b}\\u{9b}\"茶\\\\"
        );
        assert_eq!(shown(&"茶".repeat(600)).chars().count(), 513);
    }
}
