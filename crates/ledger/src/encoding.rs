//! The two ways in which values become bytes: the canonical form, which is hashed and never
//! read back, and the compact form, which is stored and read back from untrusted bytes. Apart
//! because entries and bodies share it; nothing outside of the crate sees it.
//!
//! Canonical: integers as 8 bytes big-endian; text and bytes as their length (an integer), then
//! themselves; an optional value as the byte 0, or the byte 1 and the value.
//! Compact: lengths as LEB128 in the fewest bytes, so that a value has one form only.

/// Appends `value`, canonical.
pub fn put_integer(out: &mut Vec<u8>, value: i64) {
    out.extend(value.to_be_bytes());
}

/// Appends length and bytes, canonical. Text goes in as its UTF-8 bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

/// Appends 0, or 1 and what `put` appends, canonical.
pub fn put_option<T>(out: &mut Vec<u8>, value: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    match value {
        None => out.push(0),
        Some(value) => {
            out.push(1);
            put(out, value);
        }
    }
}

/// Appends a length, compact.
pub fn put_length(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads compact bytes from the front; every method answers `None` rather than reading beyond
/// the end, and takes nothing for granted.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*first)
    }

    pub fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (first, rest) = self.rest.split_at_checked(usize::try_from(count).ok()?)?;
        self.rest = rest;
        Some(first)
    }

    /// A length in its shortest form; a longer form of the same number is refused.
    pub fn length(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits || (byte == 0 && shift > 0) {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length_of(bytes: &[u8]) -> Option<u64> {
        let mut reader = Reader::new(bytes);
        reader.length().filter(|_| reader.is_at_end())
    }

    #[test]
    fn lengths_return() {
        for value in [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, u64::MAX - 1, u64::MAX] {
            let mut bytes = Vec::new();
            put_length(&mut bytes, value);
            assert_eq!(length_of(&bytes), Some(value), "{value}");
            bytes.pop();
            assert_eq!(length_of(&bytes), None, "{value} cut");
        }
    }

    #[test]
    fn only_the_shortest_length_is_read() {
        assert_eq!(length_of(&[0x80, 0x00]), None);
        assert_eq!(length_of(&[0x81, 0x80, 0x00]), None);
        assert_eq!(length_of(&[0xff; 11]), None);
        let mut over = [0xff; 10];
        over[9] = 0x02;
        assert_eq!(length_of(&over), None);
    }

    #[test]
    fn nothing_is_read_beyond_the_end() {
        let mut reader = Reader::new(&[1, 2, 3]);
        assert_eq!(reader.array::<4>(), None);
        assert_eq!(reader.take(u64::MAX), None);
        assert_eq!(reader.take(2), Some(&[1, 2][..]));
        assert_eq!(reader.byte(), Some(3));
        assert_eq!(reader.byte(), None);
        assert!(reader.is_at_end());
    }

    #[test]
    fn canonical_forms() {
        let mut out = Vec::new();
        put_integer(&mut out, -2);
        assert_eq!(out, [255, 255, 255, 255, 255, 255, 255, 254]);
        out.clear();
        put_bytes(&mut out, b"ab");
        assert_eq!(out, [0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b']);
        out.clear();
        put_option(&mut out, None::<i64>, put_integer);
        put_option(&mut out, Some(1), put_integer);
        assert_eq!(out, [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    }
}
