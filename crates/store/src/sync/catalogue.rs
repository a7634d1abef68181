//! What tables, columns, indexes and views the database has now.

use super::schema::ColumnType;
use crate::cell::Row;
use crate::database::{Dialect, Failure, Read};
use std::collections::{BTreeMap, BTreeSet};

/// The database as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Catalogue {
    pub(crate) tables: BTreeMap<String, Vec<Column>>,
    /// Index by name, and whether it is whole: PostgreSQL leaves broken ones behind.
    pub(crate) indexes: BTreeMap<String, bool>,
    pub(crate) views: BTreeSet<String>,
    /// What an earlier sync made: kind and text by name.
    pub(crate) built: BTreeMap<String, (String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// `None`: a type that no table of ours has.
    pub(crate) kind: Option<ColumnType>,
}

const SQLITE: [&str; 3] = [
    "SELECT m.name, p.name, p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.cid",
    "SELECT name, 1 FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "SELECT name FROM sqlite_master WHERE type = 'view'",
];

const POSTGRES: [&str; 3] = [
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)::text \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' \
     AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum",
    "SELECT c.relname::text, i.indisvalid AND i.indisready FROM pg_index i \
     JOIN pg_class c ON c.oid = i.indexrelid \
     WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary",
    "SELECT relname::text FROM pg_class \
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'v'",
];

/// Reads it.
///
/// # Errors
/// [`Failure`].
pub(crate) fn read(read: &dyn Read, dialect: Dialect) -> Result<Catalogue, Failure> {
    let [tables, indexes, views] = match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
    };
    let mut found = Catalogue::default();
    for row in read.rows(tables, &[])? {
        let [table, column, kind] = texts(&row);
        let column = Column { name: column, kind: ColumnType::read(&kind) };
        found.tables.entry(table).or_default().push(column);
    }
    for row in read.rows(indexes, &[])? {
        let [name, _] = texts(&row);
        found.indexes.insert(name, row.get(1).is_some_and(|valid| valid.boolean()));
    }
    for row in read.rows(views, &[])? {
        let [name] = texts(&row);
        found.views.insert(name);
    }
    if found.tables.contains_key("built") {
        for row in read.rows("SELECT \"name\", \"kind\", \"text\" FROM \"built\"", &[])? {
            let [name, kind, text] = texts(&row);
            found.built.insert(name, (kind, text));
        }
    }
    Ok(found)
}

impl Catalogue {
    /// Names of what an earlier sync made of this kind.
    pub(crate) fn built_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let of_kind = move |(_, (found, _)): &(&String, &(String, String))| found == kind;
        self.built.iter().filter(of_kind).map(|(name, _)| name.as_str())
    }

    pub(crate) fn built_text(&self, name: &str) -> Option<&str> {
        self.built.get(name).map(|(_, text)| text.as_str())
    }
}

fn texts<const N: usize>(row: &Row) -> [String; N] {
    std::array::from_fn(|place| row.get(place).and_then(|c| c.text()).unwrap_or("").to_string())
}
