//! Cells: what a database column holds, the same for both databases.

use std::sync::Arc;

/// One cell of a row, or one bound argument. Their order here is any, the same each time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Cell {
    #[default]
    Null,
    Bool(bool),
    Integer(i64),
    Text(Arc<str>),
    Blob(Arc<[u8]>),
}

pub type Row = Vec<Cell>;

impl Cell {
    pub fn integer(&self) -> Option<i64> {
        match self {
            Cell::Integer(number) => Some(*number),
            Cell::Bool(yes) => Some(i64::from(*yes)),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn blob(&self) -> Option<&[u8]> {
        match self {
            Cell::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// SQLite has no boolean of its own and answers 0 or 1.
    pub fn boolean(&self) -> bool {
        matches!(self, Cell::Bool(true)) || matches!(self, Cell::Integer(n) if *n != 0)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Integer(number)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Cell {
        Cell::Bool(yes)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text.into())
    }
}

impl From<Vec<u8>> for Cell {
    fn from(bytes: Vec<u8>) -> Cell {
        Cell::Blob(bytes.into())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(some: Option<T>) -> Cell {
        some.map_or(Cell::Null, Into::into)
    }
}
