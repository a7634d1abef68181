//! Lists, expressions and full text against both databases: the same answers from memory, SQLite
//! and PostgreSQL, and nothing that a reader may not see.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod answers;
mod artefact;
mod as_of;
mod databases;
mod facts;
mod figures;
mod grammar;
mod paging;
mod sight;
mod words;
mod world;
