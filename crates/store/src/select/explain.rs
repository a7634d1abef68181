//! Signature first; see the function.

use super::{Place, Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;

/// One statement of a list and how the database would run it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    pub sql: String,
    /// As the database words it, indented by depth.
    pub plan: Vec<String>,
}

/// The statements that a page may run, each with the database's plan.
///
/// # Errors
/// [`Unread`].
pub fn explain(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _place: &Place,
    _limit: usize,
) -> Result<Vec<Explained>, Unread> {
    Err(Unread::Cursor)
}
