//! The definitions: TOML in, checked types out, with every problem of every file at once.
//!
//! This crate knows no I/O, SQL, HTTP, clock or thread. Texts of files come in as arguments;
//! what leaves is a [`Model`] or a list of [`Problem`]s. Everything above (tables, resources,
//! workflow, rights, evidence) is read from the [`Model`].

pub mod definition;
pub mod edit;
pub mod expression;
pub mod grammar;
pub mod label;
pub mod load;
pub mod name;
mod overlay;
pub mod places;
pub mod problem;
pub mod reference;
pub mod schema;
pub mod source;
mod tree;
pub mod value;

pub use definition::{Model, RecordType};
pub use expression::Expression;
pub use label::{Label, Language};
pub use load::{Options, load};
pub use name::Name;
pub use problem::{Problem, Problems};
pub use source::Sources;
pub use value::{Key, Value};
