//! Views for reporting tools: a view a record type with columns a person can read (instants and
//! dates as such, decimals with their point), and a view a link. They carry no rights: who may
//! connect to the database sees everything.

use super::names;
use super::schema::ViewShape;
use crate::database::Dialect;
use crate::database::unit::{join, quoted};
use crate::layout::{IntegerKind, Shape, Stored, stored};
use model::Model;
use model::definition::{Link, RecordType};

/// The view of the records of a type and of those that extend it, without withdrawn ones.
pub(super) fn of_type(model: &Model, record_type: &RecordType, dialect: Dialect) -> ViewShape {
    let instant = |name: &str| instant(&own(name), dialect);
    let mut columns = vec![
        (own("key"), "key".to_string()),
        (id(dialect), "id".to_string()),
        (own("type"), "type".to_string()),
        (number(record_type, dialect), "number".to_string()),
        (own("state"), "state".to_string()),
        (own("version"), "version".to_string()),
        (instant("created_at"), "created_at".to_string()),
        (own("created_by"), "created_by".to_string()),
        (instant("changed_at"), "changed_at".to_string()),
        (own("changed_by"), "changed_by".to_string()),
    ];
    for field in record_type.fields.values() {
        columns.extend(readable(&stored(field), dialect));
    }
    let mut query = String::from("SELECT ");
    join(&mut query, &columns, ", ", |query, (expression, name)| {
        query.push_str(&format!("{expression} AS {}", quoted(name)));
    });
    let root = quoted(record_type.root());
    query.push_str(&format!(
        " FROM {root} t JOIN \"record\" r ON r.\"key\" = t.\"key\" \
         WHERE t.\"withdrawn_at\" IS NULL"
    ));
    let whole = model.record_type(record_type.root());
    if whole.is_none_or(|whole| whole.family.len() != record_type.family.len()) {
        query.push_str(" AND t.\"type\" IN (");
        join(&mut query, &record_type.family, ", ", |query, name| {
            query.push_str(&format!("'{name}'"));
        });
        query.push(')');
    }
    ViewShape { name: names::view(record_type), query }
}

/// The view of a link: its pairs of keys, past ones too.
pub(super) fn of_link(link: &Link) -> ViewShape {
    let query = format!(
        "SELECT \"from_key\", \"to_key\", \"since\", \"until\" FROM \"link\" \
         WHERE \"name\" = '{}.{}'",
        link.declared_by, link.name
    );
    ViewShape { name: names::link_view(link), query }
}

fn own(name: &str) -> String {
    format!("t.{}", quoted(name))
}

fn id(dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => "lower(hex(r.\"id\"))".into(),
        Dialect::Postgres => "encode(r.\"id\", 'hex')".into(),
    }
}

fn number(record_type: &RecordType, dialect: Dialect) -> String {
    let Some(format) = &record_type.number else { return own("number") };
    let digits = match dialect {
        Dialect::Sqlite => format!("printf('%0{}d', t.\"number\")", format.digits),
        Dialect::Postgres => format!(
            "lpad(t.\"number\"::text, greatest({}, length(t.\"number\"::text)), '0')",
            format.digits
        ),
    };
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    format!("{} || {digits} || {}", literal(&format.prefix), literal(&format.suffix))
}

fn readable(field: &Stored, dialect: Dialect) -> Vec<(String, String)> {
    let name = field.field.to_string();
    let column = own(&name);
    let plain = field.columns.iter().map(|(column, _)| (own(column), column.clone()));
    match &field.shape {
        Shape::Integer(IntegerKind::Instant) => vec![(instant(&column, dialect), name)],
        Shape::Integer(IntegerKind::Date) => vec![(date(&column, dialect), name)],
        Shape::Integer(IntegerKind::Duration) => {
            vec![(format!("{column} / 1000000.0"), format!("{name}__seconds"))]
        }
        Shape::Decimal(places) if *places > 0 => {
            let scale = format!("1{}.0", "0".repeat(usize::from(*places)));
            vec![(format!("{column} / {scale}"), name)]
        }
        Shape::Money => vec![
            (column, format!("{name}__minor")),
            (own(&format!("{name}__currency")), format!("{name}__currency")),
        ],
        _ => plain.collect(),
    }
}

fn instant(column: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => {
            format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000000.0, 'unixepoch')")
        }
        Dialect::Postgres => format!("to_timestamp({column} / 1000000.0)"),
    }
}

fn date(column: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("date({column} * 86400, 'unixepoch')"),
        Dialect::Postgres => format!("DATE '1970-01-01' + {column}::integer"),
    }
}
