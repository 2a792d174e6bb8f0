//! Bills in CSV form (protocol.md §1.11): a header, rows, a header of totals and one row of them.

use crate::client::Download;
use crate::error::{Result, Status, fail};
use crate::text::Text;

pub struct Bill;

impl Bill {
    pub fn open(_csv: &[u8]) -> Result<Bill> {
        fail(Status::Unsupported, "Bills are not here yet.")
    }

    pub fn open_download(_download: &Download) -> Result<Bill> {
        fail(Status::Unsupported, "Bills are not here yet.")
    }

    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<()> {
        fail(Status::Unsupported, "Bills are not here yet.")
    }

    pub fn row(&self) -> i64 {
        0
    }

    pub fn row_count(&self) -> i64 {
        0
    }

    pub fn column_count(&self) -> usize {
        0
    }

    pub fn column_name(&self, _index: usize) -> Option<&Text> {
        None
    }

    pub fn column(&self, _name: &str) -> i32 {
        -1
    }

    pub fn field(&self, _index: usize) -> Option<&Text> {
        None
    }

    pub fn is_text(&self, _index: usize) -> bool {
        false
    }

    pub fn fen(&self, _index: usize) -> Option<i64> {
        None
    }

    pub fn total(&self, _name: &str) -> Option<&Text> {
        None
    }

    pub fn total_fen(&self, _name: &str) -> Option<i64> {
        None
    }
}
