//! What was written, before names are looked up and kinds are known. Apart from
//! [`super::Node`], which can only say what has been checked.

use super::Comparison;
use crate::value::Value;

/// A part of the text with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term<'t> {
    pub start: usize,
    pub end: usize,
    /// Levels below and including this one.
    pub depth: usize,
    pub what: What<'t>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What<'t> {
    /// Not understood, and reported: its kind is not asked for.
    Broken,
    /// A literal, `unset` included.
    Value(Value),
    Me,
    /// A name with its dots, as written.
    Path(&'t str),
    Call(&'t str, Vec<Term<'t>>),
    List(Vec<Term<'t>>),
    IsSet(Box<Term<'t>>),
    Compare(Comparison, Box<Term<'t>>, Box<Term<'t>>),
    In(Box<Term<'t>>, Box<Term<'t>>),
    Add(Box<Term<'t>>, Box<Term<'t>>),
    Subtract(Box<Term<'t>>, Box<Term<'t>>),
    Not(Box<Term<'t>>),
    And(Vec<Term<'t>>),
    Or(Vec<Term<'t>>),
}

impl<'t> Term<'t> {
    pub fn new(start: usize, end: usize, what: What<'t>) -> Term<'t> {
        let depth = 1 + what.parts().iter().map(|part| part.depth).max().unwrap_or(0);
        Term { start, end, depth, what }
    }

    pub fn span(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

impl<'t> What<'t> {
    fn parts(&self) -> Vec<&Term<'t>> {
        match self {
            What::Broken | What::Value(_) | What::Me | What::Path(_) => Vec::new(),
            What::Call(_, parts) | What::List(parts) | What::And(parts) | What::Or(parts) => {
                parts.iter().collect()
            }
            What::IsSet(part) | What::Not(part) => vec![part],
            What::Compare(_, left, right)
            | What::In(left, right)
            | What::Add(left, right)
            | What::Subtract(left, right) => vec![left, right],
        }
    }
}
