//! What an expression reads, so that the facts are fetched before anything is decided. It lists,
//! it does not fetch: which of these cost a query is the engine's and the store's concern.

use super::{Expression, LinkEnd, Node};
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
    pub fn add(&mut self, expression: &Expression) {
        self.node(&expression.node);
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Value(_) => {}
            Node::Now => self.now = true,
            Node::Today | Node::StartOf(_) => self.today = true,
            Node::Me => self.me = true,
            Node::MyPart(part) => self.my_part(part),
            Node::Parameter(parameter) => {
                self.parameters.insert(parameter.clone());
            }
            Node::IsSet(part) => self.is_set(part),
            Node::Search(part) => {
                self.search = true;
                self.node(part);
            }
            Node::Not(part) | Node::Widen { node: part, .. } => self.node(part),
            Node::Compare(_, a, b) | Node::In(a, b) | Node::Add(a, b) | Node::Subtract(a, b) => {
                self.node(a);
                self.node(b);
            }
            Node::And(parts) | Node::Or(parts) | Node::List(parts) => {
                parts.iter().for_each(|part| self.node(part));
            }
            Node::Matrix { matrix, row, column } => {
                self.matrices.insert(matrix.clone());
                self.node(row);
                self.node(column);
            }
            _ => self.record(node),
        }
    }

    /// What is read from the record and those around it.
    fn record(&mut self, node: &Node) {
        match node {
            Node::Field(field) => {
                self.fields.insert(field.clone());
            }
            Node::Step { reference, to, field } => {
                self.fields.insert(reference.clone());
                let (reference, to, field) = (reference.clone(), to.clone(), field.clone());
                self.steps.insert(Step { reference, to, field });
            }
            Node::StepLink { reference, end } => {
                self.fields.insert(reference.clone());
                let (reference, end) = (reference.clone(), end.clone());
                self.step_links.insert(StepLink { reference, end });
            }
            Node::Linked(end) => {
                self.links.insert(end.clone());
            }
            Node::Count(end) => {
                self.counts.insert(end.clone());
            }
            Node::LinkedField { end, field } => {
                self.linked_fields.insert(LinkedField { end: end.clone(), field: field.clone() });
            }
            Node::LinkedLink { end, next } => {
                self.linked_links.insert(LinkedLink { end: end.clone(), next: next.clone() });
            }
            _ => {}
        }
    }

    /// A part of the person also needs the person.
    fn my_part(&mut self, part: &Name) {
        self.me = true;
        self.my_parts.insert(part.clone());
    }

    /// Whether a link is set is told by its number of ends.
    fn is_set(&mut self, part: &Node) {
        match part {
            Node::Linked(end) => {
                self.counts.insert(end.clone());
            }
            part => self.node(part),
        }
    }
}
