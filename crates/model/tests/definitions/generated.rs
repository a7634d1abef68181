//! The reference and the JSON Schema are what the grammar gives.

use crate::{compare, path};

#[test]
fn the_reference_is_up_to_date() {
    compare(&path("../../docs/definition.md"), &model::reference::reference()).unwrap();
}

#[test]
fn the_schema_is_up_to_date() {
    compare(&path("../../docs/definition.schema.json"), &model::schema::text()).unwrap();
}
