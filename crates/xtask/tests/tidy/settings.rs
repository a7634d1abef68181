//! `tidy.toml`: limits, exceptions with their reasons, layers and words. Read as a TOML value, so
//! that a misspelt key is found here and not passed over.

use super::tree::Tree;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A place where a rule does not hold, and why.
pub struct Exception {
    /// `file`, `function`, `columns`, `call`, `sql`, `record_type` or `path`.
    pub rule: String,
    pub path: String,
    /// What is excepted there: a name, a text, or nothing.
    pub what: String,
    pub reason: String,
}

/// A word that is not used, and the one that is.
pub struct Word {
    pub word: String,
    pub instead: String,
    /// Paths that begin like this are left alone.
    pub except: Vec<String>,
}

pub struct Settings {
    pub exceptions: Vec<Exception>,
    pub words: Vec<Word>,
    /// What each crate of ours may import.
    pub layers: BTreeMap<String, Vec<String>>,
    /// What each crate must not import from outside, or must not say.
    pub forbidden: BTreeMap<String, Vec<String>>,
}

impl Settings {
    pub fn read(tree: &Tree) -> Settings {
        let text = tree.text("tidy.toml").expect("tidy.toml");
        let table: Table = text.parse().expect("tidy.toml is TOML");
        let known = ["layers", "forbidden", "exception", "word"];
        for key in table.keys() {
            assert!(known.contains(&key.as_str()), "tidy.toml: unknown key {key}");
        }
        Settings {
            exceptions: tables(&table, "exception").map(exception).collect(),
            words: tables(&table, "word").map(word).collect(),
            layers: lists(&table, "layers"),
            forbidden: lists(&table, "forbidden"),
        }
    }

    /// Whether a rule does not hold for `what` in a file.
    pub fn excepts(&self, rule: &str, path: &str, what: &str) -> bool {
        self.exceptions.iter().any(|e| {
            e.rule == rule && path.starts_with(&e.path) && (e.what.is_empty() || e.what == what)
        })
    }
}

fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let list = table.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table)
}

fn exception(table: &Table) -> Exception {
    let reason = text(table, "reason");
    assert!(reason.len() > 10, "tidy.toml: an exception without a reason: {table}");
    Exception {
        rule: text(table, "rule"),
        path: text(table, "path"),
        what: text(table, "what"),
        reason,
    }
}

fn word(table: &Table) -> Word {
    Word { word: text(table, "word"), instead: text(table, "use"), except: list(table, "except") }
}

fn text(table: &Table, key: &str) -> String {
    table.get(key).and_then(Value::as_str).unwrap_or_default().to_string()
}

fn list(table: &Table, key: &str) -> Vec<String> {
    let values = table.get(key).and_then(Value::as_array);
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_string).collect()
}

fn lists(table: &Table, key: &str) -> BTreeMap<String, Vec<String>> {
    let Some(inner) = table.get(key).and_then(Value::as_table) else { return BTreeMap::new() };
    inner.keys().map(|name| (name.clone(), list(inner, name))).collect()
}
