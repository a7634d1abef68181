//! Expressions: the one language of rules, rights, filters, clocks, evidence and measures.
//!
//! A checked [`Expression`] is what leaves this module: each name resolved, both sides of each
//! comparison of one kind. It is evaluated in memory here and compiled to SQL by `store`, with the
//! same answer. Expressions are two-valued: `==` and `!=` treat "not set" as a value, `<` with an
//! unset side is false, and an unset condition is false.

use crate::definition::{Choices, Period};
use crate::name::Name;
use crate::value::Value;
use std::sync::Arc;

mod arithmetic;
mod call;
pub mod check;
mod chinese;
mod compare;
mod evaluate;
pub mod facts;
mod fit;
mod kind;
pub mod literal;
mod model_scope;
pub mod moments;
mod parse;
mod period;
pub mod reads;
mod resolve;
pub mod scope;
mod show;
mod suggest;
mod sum;
mod token;
mod tree;
pub mod words;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

pub use check::{Place, Slip, Use, check, check_with_uses};
pub use chinese::chinese;
pub use facts::{Asked, Facts, NoRecord, matrix_cell};
pub use moments::Moment;
pub use period::start_of;
pub use reads::Reads;
pub use scope::Scope;
pub use words::Labels;

/// A checked expression with the text it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub source: Arc<str>,
    pub node: Node,
    pub kind: Kind,
}

/// What an expression yields.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// The kind of `unset` and of an empty list: agrees with any.
    Any,
    YesNo,
    Integer,
    /// with its decimal places
    Decimal(u8),
    Money,
    /// text, markdown, email, url
    Text,
    Choice(Arc<Choices>),
    MultiChoice(Arc<Choices>),
    LocalText,
    Date,
    Instant,
    Duration,
    /// a record of the named type
    Reference(Name),
    /// several records of the named type: a link, or a step over one
    References(Name),
    Attachments,
    /// a list written out: `['a', 'b']`
    List(Box<Kind>),
}

/// One end of a link as seen from a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkEnd {
    /// The record type that declares the link.
    pub from: Name,
    pub link: Name,
    /// Seen from the far end: follow the link backwards.
    pub inverse: bool,
    /// The record type at the other end.
    pub other: Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The checked tree. Kinds have been made equal by the checker: a text literal beside a choice is
/// the choice, a text beside a date is the date, an integer beside a decimal is a decimal.
///
/// The checker has also written some things in simpler ones, so that a reader of the tree meets
/// fewer cases:
///
/// | written | in the tree |
/// | --- | --- |
/// | `x == unset`, `x is empty` | `Not(IsSet(x))` |
/// | `x != unset` | `IsSet(x)` |
/// | `x == me`, `x == me.part` | `In(x, List([me]))`: false where either is unset |
/// | `x != me` | `Not(In(x, List([me])))` |
/// | `risk < 'high'` (choices order by rank) | `In(risk, List(['low', 'medium']))` |
/// | `risk < impact` | an `Or` over the choices |
/// | `x in []` | `Value(YesNo(false))` |
/// | `1d + 4h` | `Value(Duration)` |
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Value(Value),
    List(Vec<Node>),
    /// The current instant, given by the caller.
    Now,
    /// Midnight today as a date, in the time zone given by the caller.
    Today,
    /// The first day of the week, month, quarter or year that today is in: `start_of_week()`.
    StartOf(Period),
    /// The person who asks.
    Me,
    /// `me.services`: a field or link of the person who asks (keys where it is a link); also
    /// `me.roles` (texts). Known to the session before anything else is read.
    MyPart(Name),
    /// A field of the record itself, declared or built in.
    Field(Name),
    /// `service.owner`: a field of the record that an own reference names.
    Step {
        reference: Name,
        to: Name,
        field: Name,
    },
    /// The records at the other end of a link.
    Linked(LinkEnd),
    /// `service.owners` where `owners` is a link of the record that an own reference names.
    StepLink {
        reference: Name,
        end: LinkEnd,
    },
    /// `affects.state`: what a field of the linked records holds, as a set. Stands only on the
    /// right of `in` and before `is set`; of kind `References` where the field is a reference.
    LinkedField {
        end: LinkEnd,
        field: Name,
    },
    /// `affects.owners` where `owners` is itself a link of the linked records.
    LinkedLink {
        end: LinkEnd,
        next: LinkEnd,
    },
    /// A parameter given by the caller: `query.from`.
    Parameter(Name),
    Count(LinkEnd),
    IsSet(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    /// The left value is among the right ones (a list, a link, a multi-choice, `me.services`).
    In(Box<Node>, Box<Node>),
    /// `search('words')`: the record holds all the words. In filters only: it is answered by the
    /// full-text index, never in memory.
    Search(Box<Node>),
    /// An integer (`from` 0) or decimal with `from` places brought to `to` places, so that both
    /// sides of a comparison or sum have the same: its units times ten to the power of `to - from`.
    Widen {
        node: Box<Node>,
        from: u8,
        to: u8,
    },
    Add(Box<Node>, Box<Node>),
    Subtract(Box<Node>, Box<Node>),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// The cell of a matrix; unset where a side is unset.
    Matrix {
        matrix: Name,
        row: Box<Node>,
        column: Box<Node>,
    },
}

impl Expression {
    /// Whether it is the literal `true`: nothing is read and nothing needs to be decided.
    pub fn is_always_true(&self) -> bool {
        self.node == Node::Value(Value::YesNo(true))
    }
}
