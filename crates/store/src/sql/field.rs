//! How a field of a record type is stored, declared or built in, from its name alone: a list
//! needs a handful of fields, not the whole table.

use crate::layout::{self, ColumnKind, IntegerKind, Shape, Stored};
use model::Name;
use model::definition::{Choices, RecordType};
use std::sync::Arc;

/// The columns of a field; `None` where the record type has no such field.
pub fn stored(record_type: &RecordType, field: &str) -> Option<Stored> {
    let declared = record_type.fields.get(field).map(layout::stored);
    declared.or_else(|| built_in(record_type, field))
}

fn built_in(record_type: &RecordType, field: &str) -> Option<Stored> {
    use IntegerKind as I;
    let (shape, kind) = match field {
        // for rights alone: no definition and no filter can name it
        "key" => (Shape::Integer(I::Reference), ColumnKind::Integer),
        "number" | "version" => (Shape::Integer(I::Integer), ColumnKind::Integer),
        "created_at" | "changed_at" => (Shape::Integer(I::Instant), ColumnKind::Integer),
        "created_by" | "changed_by" => (Shape::Integer(I::Reference), ColumnKind::Integer),
        "type" => (Shape::Text, ColumnKind::Text),
        "state" => (Shape::Choice(states(record_type)), ColumnKind::Text),
        _ => return None,
    };
    let columns = vec![(field.to_string(), kind)];
    Some(Stored { field: Name::new(field)?, shape, columns })
}

/// The states of a record type as choices, in their order.
pub fn states(record_type: &RecordType) -> Arc<Choices> {
    let choices =
        record_type.states.values().map(|state| (state.name.clone(), state.label.clone()));
    Arc::new(Choices(choices.collect()))
}

/// Whether the column of a built-in field is never NULL.
pub(crate) fn always_set(field: &str) -> bool {
    matches!(field, "version" | "created_at" | "changed_at" | "type")
}

pub(super) fn is_built_in(field: &str) -> bool {
    model::definition::BUILT_IN.contains(&field)
}
