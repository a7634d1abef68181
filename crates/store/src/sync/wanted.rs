//! The tables, indexes and views that a model asks for. Which columns a field has is `layout`'s.

use super::names;
use super::schema::{ColumnShape, ColumnType, IndexShape, Schema, TableShape, index};
use super::view;
use crate::database::Dialect;
use crate::database::unit::quoted;
use crate::layout::{ColumnKind, IntegerKind, Shape, Stored, Table, table};
use crate::sql;
use crate::sql::order::rank_expression;
use model::Model;
use model::definition::RecordType;

/// Indexes that serve lists hold no withdrawn records, which no list shows.
const SHOWN: &str = "\"withdrawn_at\" IS NULL";

/// The column that only tables of what was have.
const VALID_TO: &str = "valid_to";

/// Everything the model asks for.
pub(crate) fn schema(model: &Model, dialect: Dialect) -> Schema {
    let mut schema = Schema::default();
    for root in model.record_types.values().filter(|one| *one.root() == one.name) {
        let table = table(model, root);
        schema.tables.extend(tables(&table));
        schema.indexes.extend(indexes(model, root, &table));
    }
    for record_type in model.record_types.values() {
        schema.views.push(view::of_type(model, record_type, dialect));
        let own = |link: &&model::definition::Link| link.declared_by == record_type.name;
        schema.views.extend(record_type.links.values().filter(own).map(view::of_link));
    }
    schema
}

/// The name of the table of what was.
pub(crate) fn was(root: &str) -> String {
    format!("{root}_was")
}

fn tables(table: &Table) -> [TableShape; 2] {
    let own = || table.columns().map(|(name, kind)| (name.to_string(), column_type(kind)));
    let valid_to = (VALID_TO.to_string(), ColumnType::Integer);
    [record_table(&table.root, own()), record_table(&was(&table.root), own().chain([valid_to]))]
}

/// A table of records, or of what they were where it has a `valid_to`.
pub(crate) fn record_table(
    name: &str,
    columns: impl Iterator<Item = (String, ColumnType)>,
) -> TableShape {
    // What every record has; the rest may be unset.
    let required = |name: &str| {
        matches!(name, "key" | "type" | "version" | "created_at" | "changed_at" | "valid_from")
            || name == VALID_TO
    };
    let columns: Vec<ColumnShape> =
        columns.map(|(name, kind)| ColumnShape { required: required(&name), name, kind }).collect();
    let past = columns.iter().any(|column| column.name == VALID_TO);
    let primary = if past { vec!["key".into(), "version".into()] } else { vec!["key".into()] };
    TableShape { name: name.into(), columns, primary }
}

fn column_type(kind: ColumnKind) -> ColumnType {
    match kind {
        ColumnKind::Integer => ColumnType::Integer,
        ColumnKind::Boolean => ColumnType::Boolean,
        ColumnKind::Text => ColumnType::Text,
    }
}

fn indexes(model: &Model, root: &RecordType, table: &Table) -> Vec<IndexShape> {
    let name = &root.name;
    let list = |what: &str, columns: &str| index(&names::declared(name, what), name, columns);
    let mut found = vec![
        list("number", "number key").only(SHOWN),
        list("changed", "changed_at key").only(SHOWN),
        index(&names::declared(&was(name), "to"), &was(name), "valid_to"),
    ];
    if root.family.len() > 1 {
        found.push(list("type", "type key").only(SHOWN));
    }
    for stored in &table.fields {
        let is_unique = |one: &RecordType| one.fields.get(&stored.field).is_some_and(|f| f.unique);
        if family(model, root).any(is_unique) {
            found.push(unique_field(name, stored));
        }
    }
    for member in family(model, root) {
        for one in member.indexes.values() {
            let index = declared(member, root, one);
            if !found.iter().any(|other| other.name == index.name) {
                found.push(index);
            }
        }
    }
    found
}

fn family<'a>(model: &'a Model, root: &'a RecordType) -> impl Iterator<Item = &'a RecordType> {
    root.family.iter().filter_map(|name| model.record_type(name)).map(|one| &**one)
}

fn unique_field(root: &str, stored: &Stored) -> IndexShape {
    IndexShape {
        name: names::unique_field(root, &stored.field),
        table: root.into(),
        unique: true,
        over: stored.columns.iter().map(|(name, _)| quoted(name)).collect(),
        only: Some(SHOWN.into()),
    }
}

fn declared(member: &RecordType, root: &RecordType, one: &model::definition::Index) -> IndexShape {
    let fields = one.fields.iter().filter_map(|field| sql::stored(member, field));
    let fields: Vec<Stored> = fields.collect();
    let mut over: Vec<String> =
        fields.iter().flat_map(|stored| expressions(stored, one.unique)).collect();
    if !one.unique {
        // Each sort ends with the key.
        over.push(quoted("key"));
    }
    IndexShape {
        name: names::declared(&root.name, &one.name),
        table: root.name.to_string(),
        unique: one.unique,
        over,
        only: Some(match fields.first().filter(|_| !one.unique).and_then(looked_for) {
            Some(set) => format!("{SHOWN} AND {set}"),
            None => SHOWN.into(),
        }),
    }
}

/// Where the first field of an index is one that is looked for by what it holds, and never sorted
/// by, the index is without the records that hold nothing there, which are most of them for some:
/// a reference that is set, a yes. `select::fit` knows it.
fn looked_for(first: &Stored) -> Option<String> {
    let (column, _) = first.columns.first()?;
    match first.shape {
        Shape::Integer(IntegerKind::Reference) => Some(format!("{} IS NOT NULL", quoted(column))),
        Shape::YesNo => Some(quoted(column)),
        _ => None,
    }
}

/// What an index holds of a field: of a choice its rank, as lists sort by it; in a unique index,
/// which is no list's, the choice itself.
fn expressions(stored: &Stored, unique: bool) -> Vec<String> {
    match &stored.shape {
        Shape::Choice(choices) if !unique && !choices.0.is_empty() => {
            vec![format!("({})", rank_expression(&stored.columns[0].0, choices))]
        }
        _ => stored.columns.iter().map(|(name, _)| quoted(name)).collect(),
    }
}
