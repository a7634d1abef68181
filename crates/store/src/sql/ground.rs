//! Where an expression stands while it is compiled: whose record, under which name in the
//! statement, with whose eyes, at which instant.

use super::{Asker, Dialect, Fragment, Right, Sight, Unanswerable, WHOLE};
use model::definition::{Model, RecordType};

/// What holds for a whole statement.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub model: &'a Model,
    pub dialect: Dialect,
    pub asker: &'a Asker,
    pub sight: &'a dyn Sight,
}

/// One record of the statement, and how it is seen.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub context: Context<'a>,
    pub record_type: &'a RecordType,
    /// How deep in subqueries the record stands; 0 is the list itself. Names it in the text.
    pub depth: usize,
    /// Records and links as they stood at this instant.
    pub as_of: Option<i64>,
}

impl<'a> Ground<'a> {
    /// The record of the list itself.
    pub fn new(context: Context<'a>, record_type: &'a RecordType, as_of: Option<i64>) -> Self {
        Ground { context, record_type, depth: 0, as_of }
    }

    /// The name of the record's row in the statement.
    pub fn alias(&self) -> String {
        format!("r{}", self.depth)
    }

    /// A column of the record, e.g. `r0."state"`.
    pub fn column(&self, column: &str) -> Fragment {
        Fragment::raw(format!("r{}.\"{column}\"", self.depth))
    }

    /// The same record for an expression that sees everything, such as a right itself.
    pub fn whole(self) -> Ground<'a> {
        Ground { context: Context { sight: WHOLE, ..self.context }, ..self }
    }

    /// The same row as a record of another type of its family.
    pub fn as_type(self, record_type: &'a RecordType) -> Ground<'a> {
        Ground { record_type, ..self }
    }

    /// A record of the type in a subquery of this one.
    pub fn inner(self, record_type: &'a RecordType) -> Ground<'a> {
        Ground { record_type, depth: self.depth + 1, ..self }
    }

    pub fn type_named(&self, name: &str) -> Result<&'a RecordType, Unanswerable> {
        let found = self.context.model.record_type(name).map(|found| &**found);
        found.ok_or_else(|| Unanswerable(format!("no record type `{name}`")))
    }

    pub fn field_right(&self, field: &str) -> Right {
        self.context.sight.field(&self.record_type.name, field)
    }

    pub fn bind(&self, cell: impl Into<crate::cell::Cell>) -> Fragment {
        Fragment::bind(self.context.dialect, cell)
    }
}
