//! TOML as a tree in which every key and every value knows its place.
//!
//! Knows nothing of definitions: which keys mean something is told by [`crate::grammar`]. Apart
//! from the parser's own tree, because overlays change it and their parts keep their own places.

use crate::problem::Report;
use crate::source::{Sources, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub mod quoted;

/// The largest file read, in bytes; the largest of our own is a twentieth of it.
pub const MAX_BYTES: usize = 1 << 20;
/// How deep tables and lists may stand in each other; the language needs five.
pub const MAX_DEPTH: usize = 12;
/// How many entries a table or a list may have; our widest has under a hundred. What is checked
/// pair by pair stays quick for any file.
pub const MAX_ENTRIES: usize = 1000;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

/// A value of TOML, as far as the language knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Integer(i64),
    /// As it is written; never computed with as a float.
    Decimal(String),
    YesNo(bool),
    /// A date or time, or an integer beyond 64 bits: nothing the language knows.
    Other,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

impl Node {
    /// An empty table.
    pub fn table(span: Span) -> Node {
        Node { span, value: Value::Table(Vec::new()) }
    }

    /// The entries of a table, in the order of the source; nothing for any other value.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    pub fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_yes_no(&self) -> Option<bool> {
        match self.value {
            Value::YesNo(yes) => Some(yes),
            _ => None,
        }
    }

    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// The items of a list; nothing for any other value.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }
}

impl Entry {
    /// The text of a key of this table.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.node.get(key)?.node.as_text()
    }

    /// Whether a key of this table is `true`.
    pub fn is(&self, key: &str) -> bool {
        self.node.get(key).and_then(|entry| entry.node.as_yes_no()).unwrap_or(false)
    }
}

/// Reads one file. Where it is not TOML or too large, reports that, mutes the file and returns what
/// could be read, so that other files still find its names.
pub(crate) fn read(sources: &Sources, file: usize, report: &mut Report) -> Node {
    let text = sources.text(file);
    let whole = Span { file, start: 0, end: 0 };
    if text.len() > MAX_BYTES {
        report.file_too_large(whole, MAX_BYTES);
        report.mute(file);
        return Node::table(whole);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        report.not_toml(Span { file, start: range.start, end: range.end }, error.message());
    }
    let node = Reader { file, report }.table(table.span(), table.get_ref(), 0);
    if !errors.is_empty() {
        report.mute(file);
    }
    node
}

struct Reader<'r> {
    file: usize,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, start: range.start, end: range.end }
    }

    fn width(&mut self, span: Span, entries: usize) {
        if entries > MAX_ENTRIES {
            self.report.too_many(span, MAX_ENTRIES);
        }
    }

    fn table(&mut self, range: Range<usize>, table: &DeTable<'_>, depth: usize) -> Node {
        let span = self.span(range);
        if depth > MAX_DEPTH {
            self.report.too_deep(span, MAX_DEPTH);
            return Node::table(span);
        }
        self.width(span, table.len());
        let mut entries: Vec<Entry> = table
            .iter()
            .take(MAX_ENTRIES)
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.value(value.span(), value.get_ref(), depth + 1),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Node { span, value: Value::Table(entries) }
    }

    fn value(&mut self, range: Range<usize>, value: &DeValue<'_>, depth: usize) -> Node {
        let span = self.span(range.clone());
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(yes) => Value::YesNo(*yes),
            DeValue::Integer(integer) => {
                let digits = integer.as_str().replace('_', "");
                i64::from_str_radix(&digits, integer.radix()).map_or(Value::Other, Value::Integer)
            }
            DeValue::Float(float) => Value::Decimal(float.as_str().replace('_', "")),
            DeValue::Datetime(_) => Value::Other,
            DeValue::Array(_) if depth > MAX_DEPTH => {
                self.report.too_deep(span, MAX_DEPTH);
                Value::List(Vec::new())
            }
            DeValue::Array(items) => {
                self.width(span, items.len());
                let inner = |item: &Spanned<DeValue<'_>>| {
                    self.value(item.span(), item.get_ref(), depth + 1)
                };
                Value::List(items.iter().take(MAX_ENTRIES).map(inner).collect())
            }
            DeValue::Table(table) => return self.table(range, table, depth),
        };
        Node { span, value }
    }
}
