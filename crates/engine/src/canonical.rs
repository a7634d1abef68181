//! Values as the bytes the ledger commits to. Two equal values give equal bytes, two different
//! ones never do; the form is fixed for ever, since old entries must verify.
//!
//! | first byte | value | then |
//! | --- | --- | --- |
//! | 1 | yes_no | one byte 0 or 1 |
//! | 2 | integer | 8 bytes, big-endian two's complement |
//! | 3 | decimal | places (1 byte), units (8 bytes) |
//! | 4 | money | currency (3 bytes), minor units (8 bytes) |
//! | 5 | text | UTF-8 |
//! | 6 | texts | each: length (4 bytes), UTF-8 |
//! | 7 | text per language | each: language (2 bytes), length (4 bytes), UTF-8 |
//! | 8 | date | 4 bytes, days since 1970-01-01 |
//! | 9 | instant | 8 bytes, microseconds since 1970 |
//! | 10 | duration | 8 bytes, microseconds |
//! | 11 | reference | 8 bytes, the key of the record |
//! | 12 | references | 8 bytes each |
//! | 13 | attachments | each: hash, name, media type (length 4 bytes, UTF-8), size (8 bytes) |

use model::value::{Attachment, Currency, Decimal, Key, Money};
use model::{Language, Value};
use std::sync::Arc;

/// The bytes of a value; `None` where it is not set.
pub fn bytes(value: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(16);
    match value {
        Value::Unset => return None,
        Value::YesNo(yes) => out.extend([1, u8::from(*yes)]),
        Value::Integer(number) => put(&mut out, 2, *number),
        Value::Decimal(decimal) => {
            out.extend([3, decimal.places]);
            out.extend(decimal.units.to_be_bytes());
        }
        Value::Money(money) => {
            out.push(4);
            out.extend(money.currency.0);
            out.extend(money.minor.to_be_bytes());
        }
        Value::Text(text) => {
            out.push(5);
            out.extend(text.as_bytes());
        }
        Value::Texts(texts) => {
            out.push(6);
            texts.iter().for_each(|text| put_text(&mut out, text));
        }
        Value::LocalText(texts) => {
            out.push(7);
            for (language, text) in texts.iter() {
                out.extend(language.as_str().as_bytes());
                put_text(&mut out, text);
            }
        }
        Value::Date(days) => {
            out.push(8);
            out.extend(days.to_be_bytes());
        }
        Value::Instant(at) => put(&mut out, 9, *at),
        Value::Duration(length) => put(&mut out, 10, *length),
        Value::Reference(key) => put(&mut out, 11, key.0),
        Value::References(keys) => {
            out.push(12);
            keys.iter().for_each(|key| out.extend(key.0.to_be_bytes()));
        }
        Value::Attachments(files) => {
            out.push(13);
            files.iter().for_each(|file| put_file(&mut out, file));
        }
    }
    Some(out)
}

/// The value back from its bytes; `None` where they are not of the form above.
pub fn value(bytes: &[u8]) -> Option<Value> {
    let (tag, rest) = bytes.split_first()?;
    let mut rest = Bytes(rest);
    let value = match tag {
        1 => Value::YesNo(rest.take::<1>()? == [1]),
        2 => Value::Integer(rest.number()?),
        3 => {
            let [places] = rest.take::<1>()?;
            Value::Decimal(Decimal { places, units: rest.number()? })
        }
        4 => {
            let currency = Currency(rest.take::<3>()?);
            Value::Money(Money { currency, minor: rest.number()? })
        }
        5 => Value::Text(std::str::from_utf8(std::mem::take(&mut rest.0)).ok()?.into()),
        6 => Value::Texts(rest.all(Bytes::text)?),
        7 => Value::LocalText(rest.all(|rest| {
            let tag = rest.take::<2>()?;
            Some((Language::new(std::str::from_utf8(&tag).ok()?)?, rest.text()?))
        })?),
        8 => Value::Date(i32::from_be_bytes(rest.take::<4>()?)),
        9 => Value::Instant(rest.number()?),
        10 => Value::Duration(rest.number()?),
        11 => Value::Reference(Key(rest.number()?)),
        12 => Value::References(rest.all(|rest| rest.number().map(Key))?),
        13 => Value::Attachments(rest.all(Bytes::file)?),
        _ => return None,
    };
    rest.0.is_empty().then_some(value)
}

fn put(out: &mut Vec<u8>, tag: u8, number: i64) {
    out.push(tag);
    out.extend(number.to_be_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(text.as_bytes());
}

fn put_file(out: &mut Vec<u8>, file: &Attachment) {
    put_text(out, &file.sha256);
    put_text(out, &file.name);
    put_text(out, &file.media_type);
    out.extend(file.bytes.to_be_bytes());
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<i64> {
        self.take::<8>().map(i64::from_be_bytes)
    }

    fn text(&mut self) -> Option<Arc<str>> {
        let length = u32::from_be_bytes(self.take::<4>()?) as usize;
        let text = std::str::from_utf8(self.0.get(..length)?).ok()?;
        self.0 = self.0.get(length..)?;
        Some(text.into())
    }

    fn file(&mut self) -> Option<Attachment> {
        let (sha256, name, media_type) = (self.text()?, self.text()?, self.text()?);
        Some(Attachment { sha256, name, media_type, bytes: self.number()? })
    }

    fn all<T>(&mut self, mut next: impl FnMut(&mut Self) -> Option<T>) -> Option<Arc<[T]>> {
        let mut found = Vec::new();
        while !self.0.is_empty() {
            found.push(next(self)?);
        }
        Some(found.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn samples() -> Vec<Value> {
        let file = Attachment {
            sha256: "ab".into(),
            name: "日志.txt".into(),
            media_type: "text/plain".into(),
            bytes: 7,
        };
        let currency = Currency::new("CNY").unwrap();
        vec![
            Value::YesNo(false),
            Value::Integer(-1),
            Value::Decimal(Decimal { units: 125, places: 1 }),
            Value::Decimal(Decimal { units: 1250, places: 2 }),
            Value::Money(Money { minor: 100, currency }),
            Value::text("邮件"),
            Value::Texts(["a".into(), "b".into()].into()),
            Value::Texts(["ab".into()].into()),
            Value::LocalText([(Language::EN, "Mail".into()), (Language::ZH, "邮件".into())].into()),
            Value::Date(-3),
            Value::Instant(1),
            Value::Duration(1),
            Value::Reference(Key(1)),
            Value::References([Key(1), Key(2)].into()),
            Value::Attachments([file].into()),
        ]
    }

    #[test]
    fn each_value_comes_back_and_no_two_are_alike() {
        let all: Vec<Vec<u8>> = samples().iter().map(|v| bytes(v).unwrap()).collect();
        for (sample, bytes) in samples().iter().zip(&all) {
            assert_eq!(value(bytes).as_ref(), Some(sample));
            assert_eq!(all.iter().filter(|other| *other == bytes).count(), 1);
        }
        assert_eq!(bytes(&Value::Unset), None);
    }

    #[test]
    fn damaged_bytes_give_nothing_and_never_panic() {
        for sample in samples() {
            let whole = bytes(&sample).unwrap();
            for cut in 0..whole.len() {
                let _ = value(&whole[..cut]);
            }
            let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
            assert_ne!(value(&longer), Some(sample));
        }
        assert_eq!(value(&[]), None);
        assert_eq!(value(&[99, 1]), None);
    }
}
