//! Finding records by words, newest first, within rights.
//!
//! Rights go into the match itself, so that the first fifty hits are the first fifty that the
//! reader may see. The tokens of a document say who may find it; where rights cannot be said in
//! tokens, the caller checks the hits with the exact condition and asks on.

use super::index::Audience;
use super::tokens::{RightToken, asked};
use crate::cell::{Cell, Row};
use crate::database::{Dialect, Failure, Snapshot};
use model::{Key, Name};

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    pub words: &'a str,
    /// Of one of these types (each by its own name, subtypes named too); of any where empty.
    pub types: &'a [Name],
    /// What the reader may find; nothing where empty.
    pub within: &'a [Within],
    /// The page after the record with this key.
    pub before: Option<Key>,
    pub limit: usize,
}

/// Documents of one audience that carry one of the tokens; all of that audience where none is
/// named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    pub audience: Audience,
    pub any_of: Vec<RightToken>,
}

/// The hits of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Descending: the newest record first.
    pub keys: Vec<Key>,
    /// For [`Query::before`]; none where there is no more.
    pub more: Option<Key>,
}

/// Reads one page of hits; none where the words hold no word.
///
/// # Errors
/// [`Failure`].
pub fn find(snapshot: &Snapshot, dialect: Dialect, query: &Query) -> Result<Found, Failure> {
    let Some((sql, cells)) = statement(dialect, query) else {
        return Ok(Found { keys: Vec::new(), more: None });
    };
    let rows = snapshot.rows(&sql, &cells)?;
    let full = rows.len() > query.limit.saturating_mul(2);
    let mut keys: Vec<Key> =
        rows.iter().filter_map(|row| row.first()?.integer()).map(|doc| Key(doc >> 1)).collect();
    // a record found in both its documents stands twice, one after the other
    keys.dedup();
    let more = full || keys.len() > query.limit;
    keys.truncate(query.limit);
    let more = keys.last().copied().filter(|_| more);
    Ok(Found { keys, more })
}

/// The statement of a page, one row a document; `None` where nothing can be found.
pub fn statement(dialect: Dialect, query: &Query) -> Option<(String, Row)> {
    let wanted = match_text(dialect, query)?;
    let limit = i64::try_from(query.limit).ok()?.saturating_mul(2).saturating_add(1);
    let below = query.before.map_or(i64::MAX, |key| key.0.saturating_mul(2));
    let id = if dialect == Dialect::Sqlite { "rowid" } else { "doc" };
    let audience = match audiences(query) {
        (true, true) => String::new(),
        (true, false) => format!(" AND {id} & 1 = 0"),
        _ => format!(" AND {id} & 1 = 1"),
    };
    let sql = match dialect {
        Dialect::Sqlite => format!(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2{audience} \
             ORDER BY rowid DESC LIMIT ?3"
        ),
        // Left to itself PostgreSQL may go through all documents from the newest on, looking into
        // each, because there is a limit; the index on words costs what there is to find.
        Dialect::Postgres => format!(
            "WITH found AS MATERIALIZED (SELECT doc FROM search \
             WHERE words @@ ?1::text::tsquery AND doc < ?2{audience}) \
             SELECT doc FROM found ORDER BY doc DESC LIMIT ?3"
        ),
    };
    Some((sql, vec![Cell::from(&*wanted), Cell::Integer(below), Cell::Integer(limit)]))
}

/// Whether public and whole documents are searched.
fn audiences(query: &Query) -> (bool, bool) {
    let has = |audience| query.within.iter().any(|within| within.audience == audience);
    (has(Audience::Public), has(Audience::Whole))
}

/// What a document must hold for the words, in the language of the database; `None` where the
/// words hold no word.
pub fn matching(dialect: Dialect, words: &str) -> Option<String> {
    let tokens = asked(words);
    (!tokens.is_empty()).then(|| all(dialect, tokens.iter().map(|t| quoted(dialect, t)).collect()))
}

fn match_text(dialect: Dialect, query: &Query) -> Option<String> {
    let mut parts = vec![matching(dialect, query.words)?];
    if !query.types.is_empty() {
        let types =
            query.types.iter().map(|name| quoted(dialect, RightToken::of_type(name).as_str()));
        parts.push(any(dialect, types.collect()));
    }
    parts.extend(rights(dialect, query)?);
    Some(all(dialect, parts))
}

/// The tokens of rights; `Some(None)` where all documents of the audiences may be found, `None`
/// where no document may.
fn rights(dialect: Dialect, query: &Query) -> Option<Option<String>> {
    if query.within.is_empty() {
        return None;
    }
    if query.within.iter().all(|within| within.any_of.is_empty()) {
        return Some(None);
    }
    let mut tokens: Vec<String> = Vec::new();
    for within in query.within {
        tokens.extend(tokens_of(within).iter().map(|token| quoted(dialect, token)));
    }
    Some(Some(any(dialect, tokens)))
}

fn tokens_of(within: &Within) -> Vec<String> {
    match within.any_of.as_slice() {
        [] => vec![within.audience.mark().to_string()],
        rights => rights.iter().map(|right| within.audience.token(right)).collect(),
    }
}

fn quoted(dialect: Dialect, token: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("\"{token}\""),
        Dialect::Postgres => format!("'{token}'"),
    }
}

fn all(dialect: Dialect, parts: Vec<String>) -> String {
    joined(parts, if dialect == Dialect::Sqlite { " AND " } else { " & " })
}

fn any(dialect: Dialect, parts: Vec<String>) -> String {
    joined(parts, if dialect == Dialect::Sqlite { " OR " } else { " | " })
}

fn joined(parts: Vec<String>, word: &str) -> String {
    if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(word)) }
}
