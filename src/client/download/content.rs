//! What a file holds: gzip undone, limits kept, digests taken over what is given out. WeChat Pay's
//! digests are of the content that was packed (protocol.md §1.11).

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::Limits;
use super::input::Raw;
use crate::error::{Error, Result, Status, fail};
use crate::v3::download::Expected;

const GZIP: &[u8] = &[0x1f, 0x8b];
/// A bill shrinks by about 10; a bomb by 1000.
const MOST_RATIO: u64 = 200;
const RATIO_COUNTS_FROM: u64 = 1024 * 1024;

pub struct Content {
    form: Form,
    expected: Vec<Expected>,
    /// gzip by Content-Encoding.
    encoded: bool,
    limits: Limits,
    produced: u64,
}

enum Form {
    Unknown(Raw),
    Plain(Raw),
    Gzip(Box<GzDecoder<Raw>>),
    /// After an error.
    Broken,
}

impl Content {
    pub fn new(raw: Raw, expected: Vec<Expected>, encoded: bool, limits: Limits) -> Content {
        Content {
            form: Form::Unknown(raw),
            expected,
            encoded,
            limits,
            produced: 0,
        }
    }

    /// 0 at the end: then everything was right.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let taken = match &mut self.form {
            Form::Unknown(_) => {
                self.look()?;
                return self.read(into);
            }
            Form::Plain(raw) => raw.take(into)?,
            Form::Gzip(decoder) => unpacked(decoder, into)?,
            Form::Broken => return fail(Status::Internal, "The file was broken before."),
        };
        if taken == 0 {
            for expected in self.expected.drain(..) {
                expected.check()?;
            }
            return Ok(0);
        }
        self.produced += taken as u64;
        self.limits.check(self.produced)?;
        if let Form::Gzip(decoder) = &self.form {
            check_ratio(self.produced, decoder.get_ref().consumed)?;
        }
        for expected in &mut self.expected {
            expected.hasher.update(&into[..taken]);
        }
        Ok(taken)
    }

    /// By its first two bytes: neither the URL nor Content-Type tell it reliably, and no bill,
    /// image or receipt begins with them otherwise.
    fn look(&mut self) -> Result<()> {
        let Form::Unknown(mut raw) = std::mem::replace(&mut self.form, Form::Broken) else {
            return Ok(());
        };
        let packed = raw.starts_with(GZIP)?;
        if self.encoded && !packed {
            return fail(
                Status::HttpProtocol,
                "The answer has Content-Encoding: gzip, but its content is not gzip.",
            );
        }
        self.form = if packed {
            Form::Gzip(Box::new(GzDecoder::new(raw)))
        } else {
            Form::Plain(raw)
        };
        Ok(())
    }
}

/// One member with its checksum and length, and nothing behind it.
fn unpacked(decoder: &mut GzDecoder<Raw>, into: &mut [u8]) -> Result<usize> {
    let taken = match decoder.read(into) {
        Ok(taken) => taken,
        Err(error) => return Err(broken(decoder.get_mut().failure.take(), &error)),
    };
    if taken > 0 || decoder.get_mut().is_at_end()? {
        return Ok(taken);
    }
    fail(
        Status::DigestMismatch,
        "Bytes follow the end of the gzip file; WeChat Pay's have one part only.",
    )
    .map_err(|error| error.hint("Throw the content away and fetch it again."))
}

fn broken(ours: Option<Error>, error: &io::Error) -> Error {
    if let Some(ours) = ours {
        return ours;
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return Error::new(Status::BodyTruncated, "The gzip file ends before its end.");
    }
    Error::new(
        Status::DigestMismatch,
        format!("The gzip file is damaged: {error}."),
    )
    .hint("Throw the content away and fetch it again.")
}

fn check_ratio(produced: u64, consumed: u64) -> Result<()> {
    if produced <= RATIO_COUNTS_FROM || produced / MOST_RATIO <= consumed {
        return Ok(());
    }
    fail(
        Status::BodyTooLarge,
        format!("{consumed} bytes of gzip became {produced}: more than {MOST_RATIO} to 1 is no bill."),
    )
    .map_err(|error| error.hint("Throw the content away. If it stays so, something in between answers in WeChat Pay's place."))
}
