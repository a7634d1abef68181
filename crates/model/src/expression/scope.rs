//! What an expression may name. The loader answers from definitions in the making, the running
//! program from the finished [`crate::Model`]: one checker serves both.

use super::{Kind, LinkEnd};
use crate::name::Name;

/// Answers the checker's questions about names. `of` is always the name of a record type.
pub trait Scope {
    /// The kind of a field of the record type, declared, inherited or built in
    /// ([`crate::definition::BUILT_IN`]).
    fn field(&self, of: &str, field: &str) -> Option<Kind>;

    /// A link the record type declares or inherits.
    fn link(&self, of: &str, link: &str) -> Option<LinkEnd>;

    /// A link of another type that may point to this one, written `incident.problem`.
    fn inverse(&self, of: &str, from: &str, link: &str) -> Option<LinkEnd>;

    /// Names of fields and links, for hints.
    fn names(&self, of: &str) -> Vec<String>;

    /// A matrix of the record type: the kinds of its rows, its columns and its cells.
    fn matrix(&self, of: &str, matrix: &str) -> Option<(Kind, Kind, Kind)>;

    /// Whether the first record type is the second or extends it.
    fn is_a(&self, record_type: &str, ancestor: &str) -> bool;

    /// The record type of people, so that `me` has a kind.
    fn person(&self) -> Option<Name>;

    /// The names of all roles, for `me.roles`.
    fn roles(&self) -> Vec<String>;
}
