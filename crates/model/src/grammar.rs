//! The words of the definition language: every kind of table, every key, every field type.
//!
//! One truth for four readers: the loader checks by it, the JSON Schema and the reference are
//! generated from it, hints are chosen from it. What the words mean together (a state that nothing
//! leads to) is no matter of single words and stands in [`crate::load`].

use crate::expression::Place;

mod field_types;
mod menu;
mod page;
mod record;
mod rights;
mod workflow;

pub use field_types::*;
pub use menu::{ICONS, MENU};
pub use page::{BARS, BLOCK, BLOCKS, FIGURE, GROUND, PAGE, PARAMETER};
pub use record::RECORD;
pub use rights::{BINDING, ROLE};

/// Every kind of named table, in the order of the reference.
pub const KINDS: &[Kind] = &[
    record::SECTION,
    record::FIELD,
    record::LINK,
    workflow::STATE,
    workflow::TRANSITION,
    workflow::RULE,
    workflow::APPROVAL,
    workflow::CLOCK,
    rights::PERMISSION,
    rights::EVIDENCE,
    rights::LIST,
    rights::MEASURE,
    record::MATRIX,
    ROLE,
    record::INDEX,
];

/// One kind of table, e.g. `[state.NAME]`.
#[derive(Debug, PartialEq)]
pub struct Kind {
    pub name: &'static str,
    /// What it is, a sentence.
    pub meaning: &'static str,
    pub keys: &'static [Key],
    /// Takes further keys: a matrix one for each choice, a binding one for each part.
    pub open: bool,
    /// A whole table as it stands in a definition.
    pub example: &'static str,
}

/// One key of a kind of table.
#[derive(Debug, PartialEq)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// What counts where the key is not there, in words.
    pub default: &'static str,
    pub meaning: &'static str,
    /// A value as it is written.
    pub example: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Text,
    /// A text in each language.
    Label,
    YesNo,
    Integer {
        min: i64,
        max: i64,
    },
    /// An integer or a decimal.
    Number,
    OneOf(&'static [&'static str]),
    Name(Names),
    Names(Names),
    Expression(Place),
    /// A table: field to expression.
    Expressions,
    Duration,
    /// A duration, or a table: choice to duration.
    Targets,
    /// A table: choice to label; or `"roles"`.
    Choices,
    /// `{ initial = "..." }`
    InitialState,
    NumberFormat,
    /// `"-number,summary"`
    Sort,
    Requirement,
    /// A table of its own kind.
    Table(&'static Kind),
    /// A table of names, each a table of the kind.
    Tables(&'static Kind),
}

/// What a name in a key must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    RecordType,
    Field,
    FieldOrLink,
    /// A field or one that every record has.
    Stored,
    /// What a column of a list can show: field, link, or what every record has.
    Column,
    Section,
    State,
    Rule,
    Approval,
    Role,
    Link,
    List,
    Measure,
    /// A choice of a field, or a state: of which one is told by another key.
    Choice,
    /// A parameter of a page.
    Parameter,
    Menu,
}

/// The categories of a state, in their order.
pub const CATEGORIES: [&str; 6] = ["new", "active", "waiting", "done", "closed", "cancelled"];

/// The periods of a measure.
pub const PERIODS: [&str; 5] = ["day", "week", "month", "quarter", "year"];

/// Columns of the database that are no fields: a field of that name would have no place.
pub const COLUMNS: [&str; 5] = ["key", "id", "valid_from", "valid_to", "withdrawn_at"];

/// Words that addresses begin with beside record types, of the API and of pages, so that none may
/// be called so. A test holds them equal to the routes of `web`.
pub const ADDRESSES: [&str; 20] = [
    "admin",
    "administration",
    "api",
    "asset",
    "changes",
    "choice",
    "enter",
    "health",
    "imports",
    "live",
    "login",
    "logout",
    "me",
    "metrics",
    "new",
    "notifications",
    "record_types",
    "search",
    "tokens",
    "welcome",
];

/// Files that an export of everything holds beside those of record types. A test of the engine
/// holds them equal to what it writes.
pub const EXPORTED: [&str; 3] = ["attachments", "history", "withdrawn"];

/// First words of addresses that no declared page can have, beside the names of record types.
/// A test of `web` holds them equal to its routes.
pub const PAGE_ADDRESSES: [&str; 15] = [
    "admin",
    "administration",
    "api",
    "asset",
    "choice",
    "enter",
    "health",
    "live",
    "login",
    "logout",
    "me",
    "metrics",
    "notifications",
    "search",
    "welcome",
];

/// Words of the expression language: a field or link of that name could not be written in it.
pub const EXPRESSION_WORDS: [&str; 10] =
    ["and", "or", "not", "in", "is", "true", "false", "unset", "me", "query"];

/// The table of a kind, `[record]` among them.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().chain([&RECORD]).find(|kind| kind.name == name)
}

/// The names of the tables of a definition.
pub fn kind_names() -> Vec<&'static str> {
    [&RECORD].into_iter().chain(KINDS).map(|kind| kind.name).collect()
}

impl Kind {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The names of all keys, for hints.
    pub fn key_names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

impl Shape {
    /// What a value must be, to end the sentence "it must be".
    pub fn expected(&self) -> String {
        match self {
            Shape::Text => "a text in quotes".into(),
            Shape::Label => "a text per language: { en = \"...\", zh = \"...\" }".into(),
            Shape::YesNo => "true or false".into(),
            Shape::Integer { .. } => "an integer".into(),
            Shape::Number => "a number".into(),
            Shape::OneOf(known) => format!("one of \"{}\"", known.join("\", \"")),
            Shape::Name(_) => "one name in quotes".into(),
            Shape::Names(_) => "a list of names: [\"...\", \"...\"]".into(),
            Shape::Expression(_) => "an expression in quotes".into(),
            Shape::Expressions => "a table of fields and expressions: { FIELD = \"...\" }".into(),
            Shape::Duration => "a length of time in quotes: \"5d\", \"4h\", \"30m\"".into(),
            Shape::Targets => "a length of time in quotes, or one for each choice".into(),
            Shape::Choices => "a table of choices, each with a text per language".into(),
            Shape::InitialState => "a table: { initial = \"...\" }".into(),
            Shape::NumberFormat => "a format in quotes: \"CHG-{000000}\"".into(),
            Shape::Sort => "fields in quotes, a minus for descending: \"-number,summary\"".into(),
            Shape::Table(_) => "a table".into(),
            Shape::Tables(_) => "a table of names".into(),
            Shape::Requirement => "the id of a requirement in quotes: \"8.5.1.2-1\"".into(),
        }
    }
}

const CHANGE: &str = r#"{ en = "Change", zh = "变更" }"#;
const SENTENCE: &str = r#"{ en = "Name the cause.", zh = "请填写原因。" }"#;

/// The label that most kinds need.
const LABEL: Key = must("label", Shape::Label, "what people read", CHANGE);

/// A key that must be there.
const fn must(
    name: &'static str,
    shape: Shape,
    meaning: &'static str,
    example: &'static str,
) -> Key {
    Key { name, shape, required: true, default: "", meaning, example }
}

/// A key that may be left out; `default` says what counts then.
const fn may(
    name: &'static str,
    shape: Shape,
    default: &'static str,
    meaning: &'static str,
    example: &'static str,
) -> Key {
    Key { name, shape, required: false, default, meaning, example }
}
