//! The fields of an entry: open, with salt and values, or erased, with the commitment alone; and
//! the compact form in which they are stored. The header is not here but in `entry`, because
//! the store keeps it in columns, while the body is one value.
//!
//! A commitment is SHA-256 over, one after another:
//!
//! | bytes | what |
//! | --- | --- |
//! | 17 | the ASCII text `evenkeel field v1` |
//! | 16 | the salt |
//! | 8 + n | the name: its length, big-endian, and its UTF-8 bytes |
//! | 1, or 1 + 8 + n | the old value: 0 if unset, else 1, the length, the bytes |
//! | 1, or 1 + 8 + n | the new value, likewise |
//!
//! The salt keeps a short value from being found by trying values, so it must be drawn anew, by
//! chance, for each field of each entry. Erasing removes salt and values; the name stays.
//!
//! The stored form: the version byte 1; the number of fields; then the fields by rising name.
//! A field is the byte 0 (open), name, salt (16 bytes), old, new; or the byte 1 (erased), name,
//! commitment (32 bytes). A name is its length and bytes; a value is 0 if unset, else its length
//! plus 1 and its bytes. Numbers and lengths are LEB128 in the fewest bytes. One body has one
//! stored form.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::encoding::{Reader, put_bytes, put_length, put_option};
use crate::hash::Hash;

/// 16 random bytes, drawn anew for each field of each entry.
pub type Salt = [u8; 16];

/// A changed field of an entry. Values are canonical bytes, `None` where unset; how a value is
/// turned into bytes is the caller's concern, so long as equal values give equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    Open {
        name: String,
        salt: Salt,
        old: Option<Vec<u8>>,
        new: Option<Vec<u8>>,
    },
    /// Masked or erased: what it was can no longer be read, only that it was committed to.
    Erased {
        name: String,
        commitment: Hash,
    },
}

impl Field {
    /// The field's name.
    pub fn name(&self) -> &str {
        match self {
            Field::Open { name, .. } | Field::Erased { name, .. } => name,
        }
    }

    /// True if salt and values are gone.
    pub fn is_erased(&self) -> bool {
        matches!(self, Field::Erased { .. })
    }

    /// The commitment: computed if open, as kept if erased. Erasing does not change it.
    pub fn commitment(&self) -> Hash {
        match self {
            Field::Erased { commitment, .. } => *commitment,
            Field::Open { name, salt, old, new } => {
                let mut bytes = b"evenkeel field v1".to_vec();
                bytes.extend(salt);
                put_bytes(&mut bytes, name.as_bytes());
                put_option(&mut bytes, old.as_deref(), put_bytes);
                put_option(&mut bytes, new.as_deref(), put_bytes);
                Hash(Sha256::digest(&bytes).into())
            }
        }
    }
}

/// The fields of one entry, by rising name (by bytes), each name once.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Body {
    fields: Vec<Field>,
}

/// Why fields or bytes are not a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// A name occurs twice.
    NameTwice(String),
    /// The stored bytes have another version, end early, run on, or are not in the one form.
    Malformed,
}

impl fmt::Display for BodyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BodyError::NameTwice(name) => write!(out, "the field {name:?} occurs twice"),
            BodyError::Malformed => out.write_str("the stored body is malformed"),
        }
    }
}

impl std::error::Error for BodyError {}

const VERSION: u8 = 1;
const OPEN: u8 = 0;
const ERASED: u8 = 1;

impl Body {
    /// Takes fields in any order and puts them in canonical order.
    pub fn new(mut fields: Vec<Field>) -> Result<Body, BodyError> {
        fields.sort_by(|left, right| left.name().cmp(right.name()));
        match fields.windows(2).find(|pair| pair[0].name() == pair[1].name()) {
            Some(pair) => Err(BodyError::NameTwice(pair[0].name().to_string())),
            None => Ok(Body { fields }),
        }
    }

    /// The fields in canonical order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Removes salt and values of the named field and keeps its commitment. True if the field
    /// was open; false, and nothing changes, if it is erased already or not there.
    pub fn erase(&mut self, name: &str) -> bool {
        for field in &mut self.fields {
            if field.name() == name && !field.is_erased() {
                *field = Field::Erased { name: name.to_string(), commitment: field.commitment() };
                return true;
            }
        }
        false
    }

    /// The stored form, as the comment of this file gives it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        put_length(&mut out, self.fields.len() as u64);
        for field in &self.fields {
            put_field(&mut out, field);
        }
        out
    }

    /// Reads the stored form; never panics, and refuses every other form of the same fields.
    pub fn from_bytes(bytes: &[u8]) -> Result<Body, BodyError> {
        let mut reader = Reader::new(bytes);
        read_body(&mut reader).filter(|_| reader.is_at_end()).ok_or(BodyError::Malformed)
    }
}

fn put_field(out: &mut Vec<u8>, field: &Field) {
    out.push(if field.is_erased() { ERASED } else { OPEN });
    put_length(out, field.name().len() as u64);
    out.extend(field.name().as_bytes());
    match field {
        Field::Erased { commitment, .. } => out.extend(commitment.0),
        Field::Open { salt, old, new, .. } => {
            out.extend(salt);
            put_value(out, old.as_deref());
            put_value(out, new.as_deref());
        }
    }
}

fn put_value(out: &mut Vec<u8>, value: Option<&[u8]>) {
    put_length(out, value.map_or(0, |bytes| bytes.len() as u64 + 1));
    out.extend(value.unwrap_or_default());
}

fn read_body(reader: &mut Reader) -> Option<Body> {
    if reader.byte()? != VERSION {
        return None;
    }
    // The count is not trusted for an allocation; a false one runs into the end of the bytes.
    let count = reader.length()?;
    let mut fields: Vec<Field> = Vec::new();
    for _ in 0..count {
        let field = read_field(reader)?;
        if fields.last().is_some_and(|last| last.name() >= field.name()) {
            return None;
        }
        fields.push(field);
    }
    Some(Body { fields })
}

fn read_field(reader: &mut Reader) -> Option<Field> {
    let state = reader.byte()?;
    let length = reader.length()?;
    let name = std::str::from_utf8(reader.take(length)?).ok()?.to_string();
    match state {
        ERASED => Some(Field::Erased { name, commitment: Hash(reader.array()?) }),
        OPEN => {
            let salt = reader.array()?;
            let (old, new) = (read_value(reader)?, read_value(reader)?);
            Some(Field::Open { name, salt, old, new })
        }
        _ => None,
    }
}

fn read_value(reader: &mut Reader) -> Option<Option<Vec<u8>>> {
    match reader.length()? {
        0 => Some(None),
        more => Some(Some(reader.take(more - 1)?.to_vec())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn open(name: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> Field {
        let value = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
        Field::Open { name: name.into(), salt: [7; 16], old: value(old), new: value(new) }
    }

    fn sample() -> Body {
        let fields = vec![
            open("title", None, Some(b"Printer on fire")),
            open("impact", Some(b"2"), Some(b"")),
            open("名称", Some(&[0, 255, 128]), None),
        ];
        Body::new(fields).unwrap()
    }

    #[test]
    fn fields_come_in_order_of_name_and_once() {
        let body = sample();
        let names: Vec<&str> = body.fields().iter().map(Field::name).collect();
        assert_eq!(names, ["impact", "title", "名称"]);
        let twice = Body::new(vec![open("a", None, None), open("a", None, Some(b"1"))]);
        assert_eq!(twice, Err(BodyError::NameTwice("a".into())));
    }

    #[test]
    fn the_commitment_is_the_documented_one() {
        // Computed once with another SHA-256 implementation from the table above.
        let wanted = "6b7745ea293fab128f656a2eb61427776d2ae79ce2886e355f14a687bbaab391";
        assert_eq!(open("impact", Some(b"2"), None).commitment().to_string(), wanted);
    }

    #[test]
    fn every_part_of_a_field_is_committed_to() {
        let mut seen = vec![open("ab", Some(b"cd"), Some(b"ef")).commitment()];
        for other in [
            open("a", Some(b"bcd"), Some(b"ef")),
            open("abc", Some(b"d"), Some(b"ef")),
            open("ab", Some(b"cde"), Some(b"f")),
            open("ab", None, Some(b"cdef")),
            open("ab", Some(b"cdef"), None),
            open("ab", Some(b"cd"), None),
            open("ab", Some(b"cd"), Some(b"")),
            open("ab", Some(b"ef"), Some(b"cd")),
        ] {
            assert!(!seen.contains(&other.commitment()), "{other:?}");
            seen.push(other.commitment());
        }
    }

    #[test]
    fn the_stored_form_returns() {
        let mut body = sample();
        assert_eq!(Body::from_bytes(&body.to_bytes()), Ok(body.clone()));
        assert!(body.erase("title"));
        assert_eq!(Body::from_bytes(&body.to_bytes()), Ok(body));
        assert_eq!(Body::from_bytes(&[1, 0]), Ok(Body::default()));
        assert_eq!(Body::default().to_bytes(), [1, 0]);
    }

    #[test]
    fn erasing_keeps_the_commitment_and_removes_salt_and_values() {
        let (before, mut after) = (sample(), sample());
        assert!(after.erase("title"));
        assert!(!after.erase("title"), "erased already");
        assert!(!after.erase("other"), "not there");
        let commitments =
            |body: &Body| -> Vec<Hash> { body.fields().iter().map(Field::commitment).collect() };
        assert_eq!(commitments(&before), commitments(&after));
        let bytes = after.to_bytes();
        assert!(!bytes.windows(7).any(|part| part == b"Printer"));
        assert_eq!(after.fields().iter().filter(|field| field.is_erased()).count(), 1);
    }

    #[test]
    fn other_forms_are_refused() {
        let bytes = sample().to_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Body::from_bytes(&bytes[..cut]), Err(BodyError::Malformed), "{cut}");
        }
        let longer = [&bytes[..], &[0]].concat();
        let names_fall = [1, 2, 1, 1, b'b'].into_iter().chain([0; 32]).chain([1, 1, b'a']);
        let names_fall: Vec<u8> = names_fall.chain([0; 32]).collect();
        let again = |field: &[u8]| [&[1, 2], field, field].concat();
        let name_twice = again(&[&[1, 1, b'a'][..], &[0; 32]].concat());
        let no_text: Vec<u8> = [1, 1, 1, 1, 0xff].into_iter().chain([0; 32]).collect();
        let state: Vec<u8> = [1, 1, 2, 1, b'a'].into_iter().chain([0; 32]).collect();
        for wrong in [longer, names_fall, name_twice, no_text, state, vec![2, 0], vec![1, 0x80, 0]]
        {
            assert_eq!(Body::from_bytes(&wrong), Err(BodyError::Malformed), "{wrong:?}");
        }
    }
}
