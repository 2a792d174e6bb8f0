//! Files: bills, images, receipts. What `read` gives is provisional until it gave 0 (S15).

use super::Client;
use crate::error::{Result, Status, fail};

pub struct Download;

impl Client {
    pub fn download(&self, _source: &str) -> Result<Vec<u8>> {
        fail(Status::Unsupported, "Downloads are not here yet.")
    }

    pub fn download_open(&self, _source: &str) -> Result<Download> {
        fail(Status::Unsupported, "Downloads are not here yet.")
    }
}

impl Download {
    /// 0 at the end.
    pub fn read(&self, _into: &mut [u8]) -> Result<usize> {
        fail(Status::Unsupported, "Downloads are not here yet.")
    }

    pub fn received(&self) -> i64 {
        0
    }

    pub fn total(&self) -> i64 {
        -1
    }

    pub fn verified(&self) -> i32 {
        0
    }

    pub fn cancel(&self) {}
}
