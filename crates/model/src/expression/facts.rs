//! What an expression asks while it is evaluated in memory, and nothing else: whoever decides has
//! fetched the answers before ([`super::Reads`] says which). Apart from the evaluator, because the
//! engine, its tests and simulations answer from different places.

use super::LinkEnd;
use crate::name::Name;
use crate::value::{Key, Value};

/// The answers for one record and one moment. Each method is asked only for what
/// [`super::Expression::reads`] lists; an answer that is not known is [`Value::Unset`] or empty.
pub trait Facts {
    /// An own field, declared or built in.
    fn field(&self, field: &Name) -> Value;

    /// A field of the record (of type `to`) that the own field `reference` names; unset where the
    /// reference is unset or may not be seen.
    fn step(&self, reference: &Name, to: &Name, field: &Name) -> Value;

    /// The far ends of a link of the record that the own field `reference` names.
    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key>;

    /// The records at the other end of a link of the record; in any order.
    fn linked(&self, end: &LinkEnd) -> Vec<Key>;

    /// How many records are at the other end of a link; also decides whether a link is set.
    fn count(&self, end: &LinkEnd) -> i64;

    /// What a field of each linked record holds; unset values may be left out.
    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value>;

    /// The far ends of the link `next` over all records linked by `end`.
    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key>;

    /// A field or link of the person who asks: a link as [`Value::References`]; `roles` as
    /// [`Value::Texts`], in any order.
    fn my_part(&self, part: &Name) -> Value;

    /// The person who asks; none for the system itself.
    fn me(&self) -> Option<Key>;

    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;

    /// Days since 1970-01-01 in the time zone that counts for the caller.
    fn today(&self) -> i32;

    /// A parameter of the caller, already of the kind it is compared with.
    fn parameter(&self, parameter: &Name) -> Value;

    /// The cell of a matrix of the record type, as the choice's name.
    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value;
}
