//! Expressions as SQL: the same answer as in memory, on both databases.
//!
//! A [`model::expression::Node`] becomes a [`Fragment`]: text with bound cells, never a value in
//! the text. It does not run anything (`select` does) and decides no right: what a reader may see
//! comes in as a [`Sight`]. Split by the parts of an expression: `condition` is the entry.

mod arithmetic;
mod ask;
mod compare;
mod condition;
mod field;
mod fragment;
mod ground;
mod known;
mod matrix;
mod member;
mod named;
pub mod order;
mod reach;
mod right;
mod scalar;
mod search;
mod sight;
mod source;
mod title;

pub use ask::{Asker, Unanswerable};
pub use condition::condition;
pub use field::{states, stored};
pub use fragment::{Dialect, Fragment};
pub use ground::{Context, Ground};
pub use right::readable;
pub use scalar::{Holds, Scalar, Term, term};
pub use sight::{Right, Sight, WHOLE, Whole};
pub use source::source;

pub(crate) use condition::{Truth, truth};
pub(crate) use field::always_set;
pub(crate) use known::known;
pub(crate) use member::members;
pub(crate) use named::title_of;
pub(crate) use reach::target;
pub(crate) use right::{is_of, read_rights};
pub(crate) use scalar::{own, read};
