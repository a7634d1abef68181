//! Names of indexes and views, made of the names of definitions. PostgreSQL cuts names at 63
//! bytes; longer ones end in a digest, so that two never become one.

use model::Model;
use model::definition::{Link, RecordType};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes a name may have; room is left for `__new`.
const MOST: usize = 57;

/// A unique index in words of the definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    pub root: model::Name,
    pub fields: Vec<model::Name>,
}

/// The index of a declared index.
pub(crate) fn declared(root: &str, name: &str) -> String {
    fit(format!("{root}__{name}"))
}

/// The index of a unique field.
pub(crate) fn unique_field(root: &str, field: &str) -> String {
    fit(format!("{root}__{field}__unique"))
}

/// The view of a record type.
pub fn view(record_type: &RecordType) -> String {
    fit(format!("view_{}", record_type.name))
}

/// The view of a link.
pub fn link_view(link: &Link) -> String {
    fit(format!("view_{}__{}", link.declared_by, link.name))
}

/// Which fields a refused value stands in, by the name in [`crate::Failure::Duplicate`].
pub fn unique_of(model: &Model, index: &str) -> Option<Unique> {
    for record_type in model.record_types.values() {
        let root = record_type.root();
        let unique = |fields| Some(Unique { root: root.clone(), fields });
        for field in record_type.fields.values().filter(|field| field.unique) {
            if unique_field(root, &field.name) == index {
                return unique(vec![field.name.clone()]);
            }
        }
        for one in record_type.indexes.values().filter(|one| one.unique) {
            if declared(root, &one.name) == index {
                return unique(one.fields.clone());
            }
        }
    }
    None
}

fn fit(name: String) -> String {
    if name.len() <= MOST {
        return name;
    }
    let digest = Sha256::digest(name.as_bytes());
    let mut short = name[..MOST - 11].to_string();
    short.push('_');
    for byte in &digest[..5] {
        let _ = write!(short, "{byte:02x}");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn long_names_stay_apart() {
        let (a, b) = (fit("a".repeat(80)), fit("a".repeat(81)));
        assert!(a != b && a.len() == 57 && b.len() == 57);
        assert_eq!(fit("view_change".into()), "view_change");
    }
}
