//! From text to a checked expression.

use super::{Expression, Kind, Scope};

/// Where an expression stands, which decides what it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A condition kept with a record or run on one: rules, clocks, evidence, `when`, `show`.
    Condition,
    /// A right: as a condition, and `me` may be used.
    Right,
    /// A filter of a list: as a right, and `search('...')` may be used.
    Filter,
    /// A value that is written into a field: `default`, `set`, `computed`.
    Value,
}

/// A mistake inside the text of an expression; byte offsets into that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub start: usize,
    pub end: usize,
    /// A stable id, e.g. `expression-unknown-name`.
    pub id: &'static str,
    pub message: String,
    pub hint: Option<String>,
}

/// Parses and checks `text` as an expression over records of type `of`. With `expected` the result
/// must be of that kind (literals are made to fit: `'low'` as a choice, `1` as a decimal).
///
/// # Errors
/// Every mistake found, in the order of the text.
pub fn check(
    _text: &str,
    _of: &str,
    _place: Place,
    _expected: Option<&Kind>,
    _scope: &dyn Scope,
) -> Result<Expression, Vec<Slip>> {
    Err(Vec::new())
}
