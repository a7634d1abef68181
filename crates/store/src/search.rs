//! Full text: the same words found on both databases.
//!
//! [`tokens`] makes words of a text, here and nowhere else, so that a database never decides what
//! a word is; [`index`] puts documents, [`query`] finds them within rights, [`snippet`] shows why.
//! What the text of a record is, and who may read it, the engine says.

pub mod index;
pub mod query;
pub mod snippet;
pub mod tokens;

pub use index::{Audience, Document};
pub use query::{Found, Query, Within, find, matching};
pub use snippet::{Snippet, snippet};
pub use tokens::{RightToken, tokens};
