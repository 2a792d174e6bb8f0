//! A connection's buffers: small while a request and its answer are, larger for an upload or a
//! long header, small again in the pool. ureq's own are 256 KiB for each connection.

use ureq::unversioned::transport::Buffers;

const SMALL: usize = 16 * 1024;
const LARGE: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct WireBuffers {
    output: Vec<u8>,
    output_size: usize,
    input: Vec<u8>,
    /// `input[start..end]` is what was received and not yet used.
    start: usize,
    end: usize,
    progress: bool,
}

impl WireBuffers {
    pub fn new() -> WireBuffers {
        WireBuffers {
            output: Vec::new(),
            output_size: SMALL,
            input: Vec::new(),
            start: 0,
            end: 0,
            progress: false,
        }
    }

    /// A long body is written in larger pieces.
    pub fn expect_body(&mut self, length: usize) {
        self.output_size = if length > SMALL { LARGE } else { SMALL };
    }

    pub fn shrink(&mut self) {
        self.output_size = SMALL;
        if self.output.len() > SMALL {
            self.output = Vec::new();
        }
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            if self.input.len() > SMALL {
                self.input = Vec::new();
            }
        }
    }

    /// Room to read into; a header longer than the buffer makes it grow. What ureq reads before
    /// it refuses a header bounds the growth.
    fn make_room(&mut self) {
        if self.start > 0 {
            self.input.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.input.len() - self.end < SMALL / 2 {
            let size = (self.input.len() * 2).max(SMALL);
            self.input.resize(size, 0);
        }
    }
}

impl Buffers for WireBuffers {
    fn output(&mut self) -> &mut [u8] {
        if self.output.len() < self.output_size {
            self.output.resize(self.output_size, 0);
        }
        &mut self.output
    }

    fn input(&self) -> &[u8] {
        &self.input[self.start..self.end]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.make_room();
        &mut self.input[self.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.end += amount;
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.start = (self.start + amount).min(self.end);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.make_room();
        if self.output.len() < self.output_size {
            self.output.resize(self.output_size, 0);
        }
        (&mut self.input[self.end..], &mut self.output)
    }

    fn can_use_input(&self) -> bool {
        self.start < self.end && self.progress
    }
}
