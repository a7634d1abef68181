//! An entry of history as it is committed to: the header, its canonical bytes, and the leaf.
//! How fields are committed to, stored and erased is `body`; where a leaf stands in the tree is
//! not part of it, because positions are given only after the entry was written.
//!
//! The leaf is SHA-256(0x00 || header || commitments). The commitments are those of the fields,
//! 32 bytes each, by rising name. The header is, one after another:
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | version of this form: 1 |
//! | 16 | entry id |
//! | 16 | record id |
//! | text | record type |
//! | optional integer | record number |
//! | integer | version of the record after the change |
//! | text | kind |
//! | optional text | transition |
//! | integer | when it happened, microseconds since 1970-01-01 UTC |
//! | integer | when it was recorded, likewise |
//! | optional 16 | actor id |
//! | text | actor label |
//! | integer | definition version |
//! | integer, then texts | number of fields, and their names, rising |
//!
//! An integer is 8 bytes, two's complement, big-endian; a text is its length in bytes (8 bytes,
//! big-endian) and its UTF-8; an optional value is the byte 0, or the byte 1 and the value. The
//! form can be read in one way only, so two different entries never give the same bytes. The
//! names stand in the header so that they stay bound when a field is erased.

use crate::body::{Body, Field};
use crate::encoding::{put_bytes, put_integer, put_option};
use crate::hash::{Hash, leaf_hash};
use crate::id::Id;

/// What is known of an entry besides its fields. Instants are microseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub entry: Id,
    pub record: Id,
    pub record_type: String,
    /// The number within the record type, unformatted; none for types without numbers.
    pub record_number: Option<i64>,
    /// The version of the record after the change.
    pub record_version: i64,
    /// What was done: create, edit, transition, link, comment, approve, restore_branch, ...
    pub kind: String,
    pub transition: Option<String>,
    /// When it happened.
    pub at: i64,
    /// When it was recorded; later than `at` for what is replayed.
    pub recorded_at: i64,
    /// The person; none if the system acted.
    pub actor: Option<Id>,
    /// The actor in words, as known at the time.
    pub actor_label: String,
    /// The version of the definitions under which it was done.
    pub definition_version: i64,
}

/// The hash of the entry's leaf. It is the same before and after a field is erased.
pub fn entry_leaf(header: &Header, body: &Body) -> Hash {
    leaf_hash(&canonical(header, body))
}

/// The content of the leaf: canonical header bytes and commitments, as the comment of this file
/// gives them.
pub fn canonical(header: &Header, body: &Body) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    put_header(&mut out, header);
    put_integer(&mut out, body.fields().len() as i64);
    for field in body.fields() {
        put_bytes(&mut out, field.name().as_bytes());
    }
    out.extend(body.fields().iter().flat_map(|field: &Field| field.commitment().0));
    out
}

const VERSION: u8 = 1;

fn put_header(out: &mut Vec<u8>, header: &Header) {
    out.push(VERSION);
    out.extend(header.entry.0);
    out.extend(header.record.0);
    put_bytes(out, header.record_type.as_bytes());
    put_option(out, header.record_number, put_integer);
    put_integer(out, header.record_version);
    put_bytes(out, header.kind.as_bytes());
    put_option(out, header.transition.as_deref().map(str::as_bytes), put_bytes);
    put_integer(out, header.at);
    put_integer(out, header.recorded_at);
    put_option(out, header.actor, |out, actor| out.extend(actor.0));
    put_bytes(out, header.actor_label.as_bytes());
    put_integer(out, header.definition_version);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            entry: Id([1; 16]),
            record: Id([2; 16]),
            record_type: "incident".into(),
            record_number: Some(42),
            record_version: 3,
            kind: "transition".into(),
            transition: Some("resolve".into()),
            at: 1_760_000_000_000_000,
            recorded_at: 1_760_000_000_000_001,
            actor: Some(Id([3; 16])),
            actor_label: "Zoë".into(),
            definition_version: 9,
        }
    }

    fn body() -> Body {
        let field = |name: &str, new: &[u8]| Field::Open {
            name: name.into(),
            salt: [7; 16],
            old: None,
            new: Some(new.to_vec()),
        };
        Body::new(vec![field("title", b"Printer"), field("impact", b"2")]).unwrap()
    }

    #[test]
    fn the_leaf_is_the_documented_one() {
        // Computed once with another SHA-256 implementation from the tables above.
        let wanted = "d60c9517f876d99bb7334e86e8504955f302804b23751b4d50732a2da0e85841";
        assert_eq!(entry_leaf(&header(), &body()).to_string(), wanted);
    }

    #[test]
    fn erasing_does_not_change_the_leaf() {
        let mut erased = body();
        for name in ["impact", "title"] {
            assert!(erased.erase(name));
            assert_eq!(entry_leaf(&header(), &erased), entry_leaf(&header(), &body()));
        }
        let renamed: Vec<Field> = erased
            .fields()
            .iter()
            .map(|field| Field::Erased {
                name: field.name().replace("title", "titlf"),
                commitment: field.commitment(),
            })
            .collect();
        let renamed = Body::new(renamed).unwrap();
        assert_ne!(entry_leaf(&header(), &renamed), entry_leaf(&header(), &erased));
    }

    #[test]
    fn every_part_of_the_header_is_committed_to() {
        let changes: [fn(&mut Header); 17] = [
            |_| (),
            |h| h.entry.0[15] ^= 1,
            |h| h.record.0[0] ^= 1,
            |h| h.record_type.push('s'),
            |h| h.record_number = None,
            |h| h.record_number = Some(43),
            |h| h.record_version += 1,
            |h| h.kind.clear(),
            |h| h.transition = None,
            |h| h.transition = Some("reopen".into()),
            |h| h.at -= 1,
            |h| h.recorded_at += 1,
            |h| h.actor = None,
            |h| h.actor = Some(Id([4; 16])),
            |h| h.actor_label = "Zoe".into(),
            |h| h.definition_version = 10,
            |h| (h.kind, h.record_type) = (h.record_type.clone(), h.kind.clone()),
        ];
        let mut seen = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            let mut changed = header();
            change(&mut changed);
            let leaf = entry_leaf(&changed, &body());
            assert!(!seen.contains(&leaf), "change {number}");
            seen.push(leaf);
        }
        assert!(!seen.contains(&entry_leaf(&header(), &Body::default())));
    }

    #[test]
    fn text_does_not_run_from_one_place_into_the_next() {
        let (mut left, mut right) = (header(), header());
        (left.kind, left.record_type) = ("ab".into(), "c".into());
        (right.kind, right.record_type) = ("b".into(), "ca".into());
        assert_ne!(entry_leaf(&left, &body()), entry_leaf(&right, &body()));
    }
}
