//! Lists: which records, in which order, a page at a time, as one reader sees them.
//!
//! A [`Select`] says what is wanted; [`page`] reads a page of it, [`count`] counts to a limit,
//! [`each`] goes through all of it, [`values`], [`aggregate`] and [`distribution`] make figures of
//! it, [`explain`] shows how the database goes about it. The rights of the reader stand in the
//! statement itself. It does not know labels or forms: rows come back as values.

mod aggregate;
mod branch;
mod by_title;
mod count;
mod cursor;
mod distribution;
mod explain;
mod export;
mod fit;
mod group;
mod merge;
mod page;
mod part;
mod readable;
mod row;
mod segment;
mod sort;
mod sorting;
mod statement;

pub use aggregate::{Tally, aggregate};
pub use count::{Count, count};
pub use distribution::{Distribution, distribution, values};
pub use explain::{Explained, explain, statements};
pub use export::each;
pub use group::{Group, Grouping, Periods};
pub use page::page;
pub use readable::readable;

use crate::database::Failure;
use crate::sql::Unanswerable;
use model::definition::{RecordType, Sort};
use model::expression::Node;
use model::{Key, Name, Value};
use std::fmt;

/// The most rows of one page.
pub const MOST: usize = 1000;
/// How many records are sorted without an index before a list is refused as too slow.
pub const SORTED_AT_MOST: usize = 100_000;
/// The same for a list as of an instant, for which there are no indexes.
pub const SORTED_AS_OF: usize = 1_000_000;

/// Which records, in which order, with which fields.
#[derive(Debug, Clone)]
pub struct Select<'a> {
    /// The records of this type and of those that extend it.
    pub record_type: &'a RecordType,
    /// All of them must hold; evaluated with the sight of the reader.
    pub filters: Vec<&'a Node>,
    /// Fields, declared or built in; the key follows by itself, in the direction of the last
    /// one. Unset values come last where a sort ascends, first where it descends.
    pub sort: Vec<Sort>,
    /// The fields that rows bring along; one that is hidden from the reader is unset.
    pub columns: Vec<Name>,
    /// The records as they stood at this instant (microseconds), under today's rights.
    pub as_of: Option<i64>,
    /// Withdrawn records too.
    pub withdrawn: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Start,
    /// The rows after the one of this cursor.
    After(String),
    /// The rows before the one of this cursor, in the order of the list.
    Before(String),
    /// The last page.
    End,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub rows: Vec<Record>,
    /// The cursor for [`Place::Before`]; none where nothing comes before.
    pub before: Option<String>,
    /// The cursor for [`Place::After`]; none where nothing comes after.
    pub after: Option<String>,
    /// Whether an index gave the order; otherwise the records were sorted, which is refused
    /// above [`SORTED_AT_MOST`].
    pub sorted_by_index: bool,
}

/// One record of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub key: Key,
    pub record_type: Name,
    /// None where the type has no numbers.
    pub number: Option<i64>,
    pub version: i64,
    pub state: Option<Name>,
    /// In the order of [`Select::columns`].
    pub values: Vec<Value>,
}

/// Why a list was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The list asks for something the definitions do not have.
    Unanswerable(Unanswerable),
    /// The cursor is damaged or belongs to another list.
    Cursor,
    /// Without an index for this sort more than so many records would have to be sorted.
    Slow {
        sorted_at_most: usize,
    },
    Database(Failure),
}

impl From<Unanswerable> for Unread {
    fn from(reason: Unanswerable) -> Unread {
        Unread::Unanswerable(reason)
    }
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Unread {
        Unread::Database(failure)
    }
}

impl From<crate::codec::Unfit> for Unread {
    fn from(unfit: crate::codec::Unfit) -> Unread {
        Unread::Database(Failure::Fault(unfit.to_string()))
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Unanswerable(reason) => write!(out, "cannot be answered: {reason}"),
            Unread::Cursor => out.write_str("the cursor belongs to another list"),
            Unread::Slow { sorted_at_most } => {
                write!(out, "no index gives this order and there are over {sorted_at_most} records")
            }
            Unread::Database(failure) => write!(out, "{failure:?}"),
        }
    }
}

impl std::error::Error for Unread {}
