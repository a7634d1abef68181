//! The shape of page files: `[page]`, its parameters, its blocks by their kinds.

use super::{name, names, table};
use crate::grammar::{self, Kind};
use crate::load::files::PAGE_KINDS;
use crate::name::Name;
use crate::problem::Report;
use crate::tree::{Entry, Node};

/// Checks a page file.
pub(in crate::load) fn check(root: &Node, report: &mut Report) {
    for entry in root.entries() {
        match entry.key.as_str() {
            "page" => page(entry, report),
            "query" => names(&grammar::PARAMETER, entry, report),
            "block" => blocks(entry, report),
            other => report.unknown_kind(entry.key_span, other, &PAGE_KINDS),
        }
    }
}

fn page(entry: &Entry, report: &mut Report) {
    if !table(&grammar::PAGE, entry, report) {
        return;
    }
    let Some(named) = entry.node.get("name") else { return };
    match named.node.as_text() {
        Some(text) if !text.trim().is_empty() && Name::new(text).is_none() => {
            report.bad_name(named.node.span, text);
        }
        _ => {}
    }
}

fn blocks(entry: &Entry, report: &mut Report) {
    if !entry.node.is_table() {
        report.wrong_type(entry.node.span, &entry.key, "a table of names");
        return;
    }
    for block in entry.node.entries() {
        name(block, report);
        if table(&grammar::BLOCK, block, report)
            && let Some(kind) = kind_of(block)
        {
            of_kind(kind, block, report);
        }
    }
}

/// The kind of a block, where it has one.
pub(in crate::load) fn kind_of(block: &Entry) -> Option<&'static Kind> {
    let text = block.text("kind")?;
    grammar::BLOCKS.iter().find(|kind| kind.name == text)
}

fn of_kind(kind: &Kind, block: &Entry, report: &mut Report) {
    let common = grammar::BLOCK.key_names();
    for entry in block.node.entries() {
        match kind.key(&entry.key) {
            Some(key) => super::value(key, entry, report),
            None if common.contains(&entry.key.as_str()) => {}
            None => {
                let owner = format!("block of kind `{}`", kind.name);
                report.unknown_key(entry.key_span, &owner, &entry.key, &kind.key_names());
            }
        }
    }
    for key in kind.keys.iter().filter(|key| key.required) {
        if block.node.get(key.name).is_none() {
            let owner = format!("block `{}`", block.key);
            report.missing_key(block.key_span, &owner, key.name, key.example);
        }
    }
}
