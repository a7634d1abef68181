//! Names: what definitions call things. One word in TOML, Rust, URL and database.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// A checked name: `a-z`, then `a-z 0-9 _`, at most 48 bytes, so that it is a column and a URL
/// segment without quoting or escaping. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

impl Name {
    /// The longest name in bytes: PostgreSQL allows 63 and suffixes such as `_was` need room.
    pub const MAX: usize = 48;

    /// `None` where the text is not a name.
    pub fn new(text: &str) -> Option<Name> {
        let first = text.bytes().next()?;
        let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let valid = first.is_ascii_lowercase() && text.bytes().all(inside);
        (valid && text.len() <= Name::MAX).then(|| Name(text.into()))
    }

    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}
