//! What an expression asks while it is evaluated in memory, and nothing else: whoever decides has
//! fetched the answers before ([`super::Reads`] says which). Apart from the evaluator, because the
//! engine, its tests and simulations answer from different places.

use super::LinkEnd;
use crate::definition::{FieldKind, RecordType};
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

/// The cell of a matrix of a record type, as the choice's name; unset where there is none.
pub fn matrix_cell(of: &RecordType, matrix: &str, row: &str, column: &str) -> Value {
    let cell = || {
        let matrix = of.matrices.get(matrix)?;
        let rank = |field: &Name, choice: &str| match &of.fields.get(field)?.kind {
            FieldKind::Choice(choices) => choices.0.get_index_of(choice),
            _ => None,
        };
        matrix.cells.get(rank(&matrix.rows, row)?)?.get(rank(&matrix.columns, column)?)
    };
    cell().map_or(Value::Unset, |choice| Value::text(choice))
}

/// What answers where there is no record: who asks, and when.
pub trait Asked {
    /// As [`Facts::my_part`].
    fn my_part(&self, part: &Name) -> Value;

    /// As [`Facts::me`].
    fn me(&self) -> Option<Key>;

    /// As [`Facts::now`].
    fn now(&self) -> i64;

    /// As [`Facts::today`].
    fn today(&self) -> i32;

    /// As [`Facts::parameter`]; nothing where there are none.
    fn parameter(&self, _parameter: &Name) -> Value {
        Value::Unset
    }
}

/// The facts of no record: every field is unset and every link empty, only the moment, whoever
/// asks and the matrices are known.
pub struct NoRecord<'a, A> {
    pub asked: &'a A,
    /// Whose matrices may be asked, if any.
    pub of: Option<&'a RecordType>,
}

impl<A: Asked> Facts for NoRecord<'_, A> {
    fn field(&self, _field: &Name) -> Value {
        Value::Unset
    }

    fn step(&self, _reference: &Name, _to: &Name, _field: &Name) -> Value {
        Value::Unset
    }

    fn step_link(&self, _reference: &Name, _end: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }

    fn linked(&self, _end: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }

    fn count(&self, _end: &LinkEnd) -> i64 {
        0
    }

    fn linked_field(&self, _end: &LinkEnd, _field: &Name) -> Vec<Value> {
        Vec::new()
    }

    fn linked_link(&self, _end: &LinkEnd, _next: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }

    fn my_part(&self, part: &Name) -> Value {
        self.asked.my_part(part)
    }

    fn me(&self) -> Option<Key> {
        self.asked.me()
    }

    fn now(&self) -> i64 {
        self.asked.now()
    }

    fn today(&self) -> i32 {
        self.asked.today()
    }

    fn parameter(&self, parameter: &Name) -> Value {
        self.asked.parameter(parameter)
    }

    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value {
        self.of.map_or(Value::Unset, |of| matrix_cell(of, matrix, row, column))
    }
}
