//! The definitions: TOML in, checked types out, with every problem of every file at once.
//!
//! This crate knows no I/O, SQL, HTTP, clock or thread. Texts of files come in as arguments;
//! what leaves is a [`Model`] or a list of [`Problem`]s. Everything above (tables, resources,
//! workflow, rights, evidence) is read from the [`Model`].

pub mod definition;
pub mod expression;
pub mod label;
pub mod name;
pub mod value;

pub use definition::{Model, RecordType};
pub use expression::Expression;
pub use label::{Label, Language};
pub use name::Name;
pub use value::{Key, Value};
