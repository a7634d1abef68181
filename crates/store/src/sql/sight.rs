//! What a reader may see, as the store needs to know it: conditions, no roles and no people.
//! Whoever asks for a person gives a sight; rules, rights, claims and measures of the system see
//! everything ([`WHOLE`]).

use model::expression::Node;

/// On which records something may be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Right {
    All,
    Never,
    /// Where this holds for the record itself. It is evaluated with whole sight.
    Where(Node),
}

/// The rights of one reader. `record_type` is always the type a record really has, so that a
/// subtype may be closed where its root is open.
pub trait Sight {
    /// Which records of the type may be read at all.
    fn read(&self, record_type: &str) -> Right;

    /// On which of them the field, or the link the type declares, is shown.
    fn field(&self, record_type: &str, field: &str) -> Right;

    /// On which of them the whole text, internal notes included, is searched; on the others that
    /// may be read it is the public text.
    fn whole_text(&self, record_type: &str) -> Right;
}

/// Sees everything.
#[derive(Debug, Clone, Copy)]
pub struct Whole;

pub const WHOLE: &Whole = &Whole;

impl Sight for Whole {
    fn read(&self, _record_type: &str) -> Right {
        Right::All
    }

    fn field(&self, _record_type: &str, _field: &str) -> Right {
        Right::All
    }

    fn whole_text(&self, _record_type: &str) -> Right {
        Right::All
    }
}
