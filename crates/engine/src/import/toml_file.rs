//! A mapping file as a tree whose every part knows its place, and the mistakes found in it.

use model::Sources;
use model::problem::{Problem, Problems};
use model::source::Span;
use std::cell::RefCell;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of the file.
pub struct Table<'a> {
    pub file: &'a File,
    pub span: Span,
    table: Option<&'a DeTable<'a>>,
}

/// A value of the file.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub file: &'a File,
    pub span: Span,
    value: &'a DeValue<'a>,
}

/// The file, with what is wrong in it so far.
pub struct File {
    sources: Sources,
    found: RefCell<Vec<(Span, &'static str, String, Option<String>)>>,
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        let mut sources = Sources::new();
        sources.add(path, text);
        File { sources, found: RefCell::default() }
    }

    pub fn text(&self) -> &str {
        self.sources.text(0)
    }

    pub fn wrong(&self, span: Span, id: &'static str, message: String, hint: Option<String>) {
        self.found.borrow_mut().push((span, id, message, hint));
    }

    /// A name that is not among the known ones.
    pub fn unknown(&self, span: Span, id: &'static str, what: &str, known: &[&str]) {
        let written = self.sources.slice(span).trim_matches('"').to_string();
        let hint = format!("known: {}", known.join(", "));
        self.wrong(span, id, format!("unknown {what} `{written}`"), Some(hint));
    }

    /// Everything that was found wrong; none where nothing was.
    pub fn problems(&self) -> Option<Problems> {
        let mut found = self.found.take();
        found.sort();
        found.dedup();
        let list = found.into_iter().take(Problems::MAX).map(|(span, id, message, hint)| {
            let (from, to) = self.sources.positions(span);
            let (path, excerpt) = (self.sources.path(0).to_string(), self.sources.excerpt(span));
            Problem { id, path, from, to, excerpt, message, hint }
        });
        let list: Vec<Problem> = list.collect();
        (!list.is_empty()).then_some(Problems { list })
    }
}

/// Reads the file; mistakes of TOML itself are noted, and what could be read comes back.
pub fn parse<'a>(file: &File, text: &'a str) -> Spanned<DeTable<'a>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let span = Span { file: 0, start: range.start, end: range.end };
        file.wrong(span, "not-toml", format!("this is not TOML: {}", error.message()), None);
    }
    table
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span { file: 0, start: range.start, end: range.end }
}

impl<'a> Table<'a> {
    pub fn root(file: &'a File, table: &'a Spanned<DeTable<'a>>) -> Table<'a> {
        Table { file, span: span(table.span()), table: Some(table.get_ref()) }
    }

    /// The entries in the order of the file: key, its place, value.
    pub fn entries(&self) -> Vec<(&'a str, Span, Item<'a>)> {
        let Some(table) = self.table else { return Vec::new() };
        let mut all: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let item =
                    Item { file: self.file, span: span(value.span()), value: value.get_ref() };
                (key.get_ref().as_ref(), span(key.span()), item)
            })
            .collect();
        all.sort_by_key(|(_, span, _)| span.start);
        all
    }

    pub fn get(&self, key: &str) -> Option<Item<'a>> {
        self.entries().into_iter().find(|(name, ..)| *name == key).map(|(.., item)| item)
    }

    /// Notes every key that is not among these.
    pub fn only(&self, known: &[&str]) {
        for (key, span, _) in self.entries() {
            if !known.contains(&key) {
                self.file.unknown(span, "unknown-key", "key", known);
            }
        }
    }

    pub fn missing(&self, key: &str) {
        let message = format!("`{key}` is missing");
        self.file.wrong(self.span, "missing-key", message, None);
    }

    pub fn text(&self, key: &str) -> Option<(&'a str, Span)> {
        let item = self.get(key)?;
        item.text().map(|text| (text, item.span))
    }

    pub fn texts(&self, key: &str) -> Vec<(&'a str, Span)> {
        self.get(key).map(|item| item.texts()).unwrap_or_default()
    }

    /// A table below this one; an empty one where there is none.
    pub fn table(&self, key: &str) -> Table<'a> {
        let none = || Table { file: self.file, span: self.span, table: None };
        self.get(key).and_then(Item::table).unwrap_or_else(none)
    }
}

impl<'a> Item<'a> {
    pub fn text(self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => {
                self.wrong_type("a text in quotes");
                None
            }
        }
    }

    pub fn yes_no(self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(yes) => Some(*yes),
            _ => None,
        }
    }

    /// A list of texts; one text is a list of one.
    pub fn texts(self) -> Vec<(&'a str, Span)> {
        match self.value {
            DeValue::String(text) => vec![(text, self.span)],
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| {
                    let (span, value) = (span(item.span()), item.get_ref());
                    Item { file: self.file, span, value }.text().map(|text| (text, span))
                })
                .collect(),
            _ => {
                self.wrong_type("a list of texts");
                Vec::new()
            }
        }
    }

    pub fn table(self) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(table) => {
                Some(Table { file: self.file, span: self.span, table: Some(table) })
            }
            _ => {
                self.wrong_type("a table");
                None
            }
        }
    }

    fn wrong_type(self, wanted: &str) {
        self.file.wrong(self.span, "wrong-type", format!("this must be {wanted}"), None);
    }
}

/// Names that are there twice are mistakes.
pub fn twice<'n>(file: &File, names: impl Iterator<Item = (&'n str, Span)>) {
    let mut seen = BTreeSet::new();
    for (name, span) in names {
        if !seen.insert(name) {
            file.wrong(span, "repeated-name", format!("`{name}` is named twice"), None);
        }
    }
}
