//! Expressions as SQL: the same answer as in memory, on both databases.
//!
//! A [`model::expression::Node`] becomes a [`Fragment`]: text with bound cells, never a value in
//! the text. It does not run anything (`select` does) and decides no right: what a reader may see
//! comes in as a [`Sight`]. Split by the parts of an expression: `condition` is the entry.

mod ask;
mod field;
mod fragment;
mod ground;
pub mod order;
mod sight;
mod title;

pub use ask::{Asker, Unanswerable};
pub use field::{states, stored};
pub use fragment::{Dialect, Fragment};
pub use ground::{Context, Ground};
pub use sight::{Right, Sight, WHOLE, Whole};
