//! What an expression reads, so that the facts are fetched before anything is decided. It lists,
//! it does not fetch: which of these cost a query is the engine's and the store's concern.

use super::{Expression, LinkEnd};
use crate::name::Name;
use std::collections::BTreeSet;

/// Everything a set of expressions asks of [`super::Facts`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Own fields, those that are only stepped over included.
    pub fields: BTreeSet<Name>,
    pub steps: BTreeSet<Step>,
    pub step_links: BTreeSet<StepLink>,
    /// Links of which the far ends are asked for.
    pub links: BTreeSet<LinkEnd>,
    /// Links of which only the number of far ends is asked for (`count`, `is set`).
    pub counts: BTreeSet<LinkEnd>,
    pub linked_fields: BTreeSet<LinkedField>,
    pub linked_links: BTreeSet<LinkedLink>,
    /// Fields and links of the person who asks.
    pub my_parts: BTreeSet<Name>,
    pub parameters: BTreeSet<Name>,
    pub matrices: BTreeSet<Name>,
    pub now: bool,
    pub today: bool,
    pub me: bool,
    /// Uses the full-text index, so it can only be answered by the database.
    pub search: bool,
}

/// A field of the record that an own reference names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    pub reference: Name,
    pub to: Name,
    pub field: Name,
}

/// A link of the record that an own reference names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepLink {
    pub reference: Name,
    pub end: LinkEnd,
}

/// A field of the records at the other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkedField {
    pub end: LinkEnd,
    pub field: Name,
}

/// A link of the records at the other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkedLink {
    pub end: LinkEnd,
    pub next: LinkEnd,
}

impl Expression {
    /// What evaluating this asks for.
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        reads.add(self);
        reads
    }
}

impl Reads {
    /// Adds what the expression asks for.
    pub fn add(&mut self, _expression: &Expression) {}
}
