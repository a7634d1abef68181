//! Everything generic: sessions, records, workflow, approvals, rights, clocks, links, jobs,
//! evidence, measures. Knows no process: which record type plays the person or the calendar is
//! asked of the definitions' bindings.
//!
//! The one way in is a [`Session`]: who, when, in which language, with which rights.

pub mod access;
pub mod actor;
pub mod attachments;
pub mod bulk;
mod calendars;
pub mod canonical;
pub mod catalogue;
pub mod change;
pub mod clock;
mod clocks_of;
pub mod command;
pub mod decide;
pub mod definitions;
mod draw;
mod engine;
pub mod evidence;
pub mod export;
mod facts;
mod feed;
pub mod field;
pub mod file;
mod filter;
pub mod flow;
mod for_web;
pub mod form_template;
pub mod history;
pub mod identity;
pub mod import;
mod input;
pub mod jobs;
mod list;
mod look;
pub mod measure;
pub mod mention;
mod named;
mod names;
pub mod notices;
pub mod open_work;
pub mod overseen;
mod perform;
pub mod presence;
mod reader;
mod recent;
pub mod record;
pub mod refusal;
pub mod rights;
pub mod rule;
pub mod saved_view;
pub mod sealer;
mod search;
mod session;
mod sheet;
mod shelf;
pub mod team_load;
#[cfg(feature = "testing")]
mod testing;
mod undo;
mod view;
mod words;
pub mod world;

pub use command::Command;
pub use decide::Move;
pub use draw::{Origin, Stop, Walk, Walked, Way};
pub use engine::Engine;
pub use feed::Changes;
pub use filter::FilterPart;
pub use for_web::{Count, OwnToken, Place};
pub use history::Past;
pub use input::Input;
pub use list::{COUNTED_AT_MOST, Listed, Question};
pub use look::Seen;
pub use perform::{Created, Idempotency, Order, Written};
pub use recent::Recent;
pub use refusal::{Error, Refusal, Result};
pub use search::{Hits, Rebuilt, Wanted};
pub use session::Session;
pub use sheet::{Draft, Linked, Sheet};
pub use words::{column as column_label, of as in_words};
pub use world::World;
