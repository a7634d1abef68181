//! Values: what a field can hold, in memory. How a value is stored is the store's concern, how it
//! is written in JSON the engine's.

use crate::label::Language;
use std::fmt;
use std::sync::Arc;

/// The internal key of a record: unique over all record types of one database, never reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub i64);

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{}", self.0)
    }
}

/// A decimal number: `units` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub units: i64,
    pub places: u8,
}

/// An amount in the minor units of its currency (cents, fen; yen have no minor unit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(pub [u8; 3]);

/// A text per language, sorted by language; never empty, no text of it empty.
pub type LocalText = Arc<[(Language, Arc<str>)]>;

/// A file of a record: its content is found by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attachment {
    /// SHA-256 of the content, lower-case hex.
    pub sha256: Arc<str>,
    pub name: Arc<str>,
    pub media_type: Arc<str>,
    pub bytes: i64,
}

/// The value of a field. "Not set" is a value of its own; an empty text, an empty list and an
/// empty text per language do not exist: they are [`Value::Unset`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    #[default]
    Unset,
    YesNo(bool),
    Integer(i64),
    Decimal(Decimal),
    Money(Money),
    /// text, markdown, email, url, and the name of a choice or state
    Text(Arc<str>),
    /// multi-choice, in the order of the choices
    Texts(Arc<[Arc<str>]>),
    LocalText(LocalText),
    /// days since 1970-01-01 in the proleptic Gregorian calendar
    Date(i32),
    /// microseconds since 1970-01-01T00:00:00Z
    Instant(i64),
    /// microseconds of elapsed time
    Duration(i64),
    /// reference and person
    Reference(Key),
    /// the far ends of a link, ascending, without repeats
    References(Arc<[Key]>),
    Attachments(Arc<[Attachment]>),
}

impl Value {
    /// A text, unset where it is empty.
    pub fn text(text: &str) -> Value {
        if text.is_empty() { Value::Unset } else { Value::Text(text.into()) }
    }

    /// Whether it is anything but [`Value::Unset`].
    pub fn is_set(&self) -> bool {
        *self != Value::Unset
    }

    /// The text, of a text or the name of a choice.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The key, of a reference.
    pub fn as_key(&self) -> Option<Key> {
        match self {
            Value::Reference(key) => Some(*key),
            _ => None,
        }
    }

    /// Microseconds since 1970, of an instant.
    pub fn as_instant(&self) -> Option<i64> {
        match self {
            Value::Instant(at) => Some(*at),
            _ => None,
        }
    }

    /// Whether it is yes; unset is not.
    pub fn as_bool(&self) -> bool {
        *self == Value::YesNo(true)
    }
}

impl Currency {
    /// `None` where the code is not three upper-case letters.
    pub fn new(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places of the minor unit (ISO 4217): 0 for JPY, KRW, VND and the like, 3 for
    /// KWD and the like, else 2.
    pub fn places(&self) -> u8 {
        match self.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
