//! Text that C can read where it stands: UTF-8, ended by one NUL, no NUL inside.

use std::fmt;
use std::ops::Deref;

use crate::secret::{Wipe, Zeroizing};

/// Derefs to `str` without the NUL. A NUL inside becomes U+FFFD, so that C never sees a text cut.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Box<str>);

impl Text {
    pub fn new(text: &str) -> Text {
        let mut owned = String::with_capacity(text.len() + 1);
        if text.contains('\0') {
            owned.push_str(&text.replace('\0', "\u{fffd}"));
        } else {
            owned.push_str(text);
        }
        owned.push('\0');
        Text(owned.into_boxed_str())
    }

    /// Made where the text lies, if it has room for one byte more.
    pub fn of(mut text: String) -> Text {
        if text.contains('\0') {
            return Text::new(&Zeroizing::new(text));
        }
        text.push('\0');
        Text(text.into_boxed_str())
    }

    /// For bytes from outside; what is not UTF-8 becomes U+FFFD.
    pub fn lossy(bytes: &[u8]) -> Text {
        Text::new(&String::from_utf8_lossy(bytes))
    }

    /// Overwrites the text; for what was decrypted.
    pub fn zeroize(&mut self) {
        self.0.wipe();
        *self = Text::default();
    }

    /// NUL-terminated.
    pub fn as_c(&self) -> *const std::ffi::c_char {
        self.0.as_ptr().cast()
    }
}

/// The same, borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TextRef<'a>(&'a str);

impl<'a> TextRef<'a> {
    /// None when `text` does not end with a NUL, or has another one.
    pub fn ended(text: &'a str) -> Option<TextRef<'a>> {
        (text.find('\0')? + 1 == text.len()).then_some(TextRef(text))
    }

    pub fn as_str(self) -> &'a str {
        &self.0[..self.0.len() - 1]
    }

    /// NUL-terminated.
    pub fn as_c(self) -> *const std::ffi::c_char {
        self.0.as_ptr().cast()
    }
}

impl Deref for TextRef<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for TextRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for TextRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new("")
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::new(text)
    }
}
