//! The 16 bytes of a UUID and their text form (RFC 9562 section 4). Making one needs a clock and
//! chance, so it is not done here, and no UUID library is needed to read and write one.

use std::fmt;

/// The id of an entry, a record or an actor: the bytes of a UUID in network order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub [u8; 16]);

/// Where the hyphens stand in the 36 characters.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Id {
    /// Reads the 36 lower-case characters with hyphens. Anything else is `None`, upper case
    /// too, so that an id has one written form only.
    pub fn parse(text: &str) -> Option<Id> {
        let digits: String = text.split('-').collect();
        let mut bytes = [0u8; 16];
        hex::decode_to_slice(&digits, &mut bytes).ok()?;
        let id = Id(bytes);
        // Writing it again settles the places of the hyphens and the case at once.
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = hex::encode(self.0);
        for place in HYPHENS {
            text.insert(place, '-');
        }
        out.write_str(&text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn text_form() {
        let text = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
        let id = Id::parse(text).unwrap();
        assert_eq!(id.0[..4], [0xf8, 0x1d, 0x4f, 0xae]);
        assert_eq!(id.to_string(), text);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "f81d4fae7-dec-11d0-a765-00a0c91e6bf6",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            "é81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }
}
