//! The lines of a bill, ended by `\n` or `\r\n`, the last one perhaps by nothing.

use crate::error::{Result, Status, fail};
use crate::secret::Zeroizing;
use crate::sys::Spool;

/// WeChat Pay's longest has about 2 KiB.
const MOST_LINE: usize = 64 * 1024;

pub(super) struct Lines {
    /// Of the next byte to be fetched.
    offset: u64,
    /// Names of payers, order numbers.
    buffer: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
    number: u64,
}

impl Lines {
    /// From this byte on; its line is the first.
    pub fn from(offset: u64) -> Lines {
        Lines {
            offset,
            buffer: Zeroizing::default(),
            start: 0,
            end: 0,
            number: 0,
        }
    }

    /// Lines so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where the next line begins.
    pub fn position(&self) -> u64 {
        self.offset - (self.end - self.start) as u64
    }

    /// Without its end; None after the last. LIMIT_EXCEEDED.
    pub fn next(&mut self, source: &Spool) -> Result<Option<&[u8]>> {
        let mut searched = 0;
        let (line, next) = loop {
            let unsearched = &self.buffer[self.start + searched..self.end];
            if let Some(at) = unsearched.iter().position(|byte| *byte == b'\n') {
                let end = self.start + searched + at;
                self.check_length(searched + at)?;
                break (self.start..end, end + 1);
            }
            searched = self.end - self.start;
            self.check_length(searched)?;
            if self.fetch(source)? == 0 {
                if searched == 0 {
                    return Ok(None);
                }
                break (self.start..self.end, self.end);
            }
        };
        self.number += 1;
        self.start = next;
        let line = &self.buffer[line];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    fn check_length(&self, length: usize) -> Result<()> {
        if length <= MOST_LINE {
            return Ok(());
        }
        fail(
            Status::LimitExceeded,
            format!(
                "Line {} of the bill is longer than {MOST_LINE} bytes.",
                self.number + 1
            ),
        )
    }

    fn fetch(&mut self, source: &Spool) -> Result<usize> {
        if self.buffer.is_empty() {
            self.buffer = Zeroizing::new(vec![0; 2 * MOST_LINE]);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let taken = source.read_at(self.offset, &mut self.buffer[self.end..])?;
        self.end += taken;
        self.offset += taken as u64;
        Ok(taken)
    }
}
