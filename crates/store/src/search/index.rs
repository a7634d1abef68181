//! What is written to the full-text index. A record has up to two documents: the public text and
//! the whole text with internal notes. Only tokens are stored, never the text.

use super::tokens::{RightToken, tokens};
use crate::cell::Cell;
use crate::database::unit::quoted;
use crate::database::{Dialect, Statement};
use model::{Key, Name};
use std::collections::BTreeSet;

/// The statements that make the index; for a database that has none yet.
pub fn tables(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        // The tokenizer cuts at ASCII punctuation only, which no token has. Positions are not
        // kept: nothing asks for phrases.
        Dialect::Sqlite => {
            &["CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(words, content='', \
             contentless_delete=1, tokenize='ascii', detail=none)"]
        }
        Dialect::Postgres => &[
            "CREATE TABLE IF NOT EXISTS search (doc BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
            "CREATE INDEX IF NOT EXISTS search_words ON search USING GIN (words)",
        ],
    }
}

/// Who may find a record by a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everybody who may read the record at all.
    Public,
    /// Who may read all of it, internal notes too.
    Whole,
}

impl Audience {
    /// The last bit of a document's number; the rest is the record's key.
    pub fn bit(self) -> i64 {
        match self {
            Audience::Public => 0,
            Audience::Whole => 1,
        }
    }

    /// What each of its documents carries, and each of their rights begins with: the rights of
    /// one audience must not open the documents of the other.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Audience::Public => "§p",
            Audience::Whole => "§w",
        }
    }

    /// The token of a right as a document of this audience carries it.
    pub(super) fn token(self, right: &RightToken) -> String {
        format!("{}{right}", self.mark())
    }

    /// The number of the record's document.
    pub fn document(self, key: Key) -> i64 {
        key.0 * 2 + self.bit()
    }
}

/// The text of a record for one audience.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    pub key: Key,
    pub audience: Audience,
    /// The type the record really has.
    pub record_type: &'a Name,
    pub text: &'a str,
    /// Who may find it: a query within rights asks for at least one of these.
    pub rights: &'a [RightToken],
}

/// Puts the document in the place of the one before, if there was one.
pub fn put(dialect: Dialect, document: &Document) -> Vec<Statement> {
    let id = Cell::Integer(document.audience.document(document.key));
    let words = words_of(dialect, document);
    match dialect {
        Dialect::Sqlite => vec![
            statement("DELETE FROM search WHERE rowid = ?1", vec![id.clone()]),
            statement("INSERT INTO search (rowid, words) VALUES (?1, ?2)", vec![id, words]),
        ],
        Dialect::Postgres => vec![statement(
            "INSERT INTO search (doc, words) VALUES (?1, ?2::text::tsvector) \
             ON CONFLICT (doc) DO UPDATE SET words = excluded.words",
            vec![id, words],
        )],
    }
}

/// Puts the document in where the record has none and its row in the table `root` still is of this
/// version: for an index that is made anew while records are written. A document that is there was
/// written by a later act and holds what this one may lack.
pub fn put_absent(
    dialect: Dialect,
    document: &Document,
    (root, version): (&str, i64),
) -> Statement {
    let id = document.audience.document(document.key);
    let mut row = format!("SELECT 1 FROM {} WHERE \"key\" = ?3 AND \"version\" = ?4", quoted(root));
    let sql = match dialect {
        Dialect::Sqlite => format!(
            "INSERT INTO search (rowid, words) SELECT ?1, ?2 WHERE EXISTS ({row}) \
             AND NOT EXISTS (SELECT 1 FROM search WHERE rowid = ?1)"
        ),
        Dialect::Postgres => {
            // Whoever writes the record waits, and then puts a document of its own.
            row.push_str(" FOR UPDATE");
            format!(
                "INSERT INTO search (doc, words) SELECT ?1::bigint, ?2::text::tsvector \
                 WHERE EXISTS ({row}) ON CONFLICT (doc) DO NOTHING"
            )
        }
    };
    let cells = [id.into(), words_of(dialect, document), document.key.0.into(), version.into()];
    Statement::new(sql, cells)
}

/// Takes the document out, if it is there.
pub fn remove(dialect: Dialect, key: Key, audience: Audience) -> Statement {
    let id = Cell::Integer(audience.document(key));
    let sql = match dialect {
        Dialect::Sqlite => "DELETE FROM search WHERE rowid = ?1",
        Dialect::Postgres => "DELETE FROM search WHERE doc = ?1",
    };
    statement(sql, vec![id])
}

/// The tokens of the text, of the record type and of the rights.
fn words_of(dialect: Dialect, document: &Document) -> Cell {
    let mut all = tokens(document.text);
    all.insert(RightToken::of_type(document.record_type).to_string());
    all.insert(document.audience.mark().to_string());
    all.extend(document.rights.iter().map(|right| document.audience.token(right)));
    Cell::from(&*words(dialect, &all))
}

/// The tokens as the column takes them. They hold letters, digits and our own marks only, so
/// that quotes need no escaping.
fn words(dialect: Dialect, tokens: &BTreeSet<String>) -> String {
    let all: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match dialect {
        Dialect::Sqlite => all.join(" "),
        Dialect::Postgres if all.is_empty() => String::new(),
        Dialect::Postgres => format!("'{}'", all.join("' '")),
    }
}

fn statement(sql: &str, cells: Vec<Cell>) -> Statement {
    Statement { sql: sql.into(), cells, expect: None }
}
