//! Overlays: what a customer changes about a definition, laid over its tree.
//!
//! An overlay says what it does: `add` what is new, `set` what exists, `remove` by name. So a
//! mistyped name is a problem and never a silent second field, and an upgrade that takes something
//! away tells the overlay that counted on it. What comes out is checked like any definition; the
//! parts that came from an overlay keep their places in it.

use crate::problem::Report;
use crate::tree::{Entry, Node};

/// The verbs of an overlay, beside `extend`.
pub const VERBS: [&str; 3] = ["add", "set", "remove"];

/// Tables that are no tables of names.
const SINGLE: [&str; 2] = ["record", "page"];

/// Lays one overlay over a tree of kinds, names and keys. `kinds` are the kinds of table the base
/// may hold; `record` and `page` are tables themselves, any other a table of names.
pub(crate) fn lay(base: &mut Node, layer: &Node, kinds: &[&str], report: &mut Report) {
    for verb in layer.entries() {
        if verb.key == "extend" {
            continue;
        }
        if !VERBS.contains(&verb.key.as_str()) {
            report.unknown_key(verb.key_span, "overlay", &verb.key, &VERBS);
        } else if !verb.node.is_table() {
            report.wrong_type(verb.node.span, &verb.key, "a table of kinds");
        } else {
            each_kind(base, verb, kinds, report);
        }
    }
}

fn each_kind(base: &mut Node, verb: &Entry, kinds: &[&str], report: &mut Report) {
    for kind in verb.node.entries() {
        if !kinds.contains(&kind.key.as_str()) {
            report.unknown_kind(kind.key_span, &kind.key, kinds);
            continue;
        }
        match verb.key.as_str() {
            "add" | "set" if !kind.node.is_table() => {
                report.wrong_type(kind.node.span, &kind.key, "a table");
            }
            "add" => add(base, kind, report),
            "set" => set(base, kind, report),
            _ => remove(base, kind, report),
        }
    }
}

fn add(base: &mut Node, kind: &Entry, report: &mut Report) {
    if SINGLE.contains(&kind.key.as_str()) {
        report.overlay_exists(kind.key_span, "table", &kind.key);
        return;
    }
    for named in kind.node.entries() {
        let Some(slot) = slot(base, kind) else { continue };
        if slot.iter().any(|entry| entry.key == named.key) {
            report.overlay_exists(named.key_span, &kind.key, &named.key);
        } else {
            slot.push(named.clone());
        }
    }
}

fn set(base: &mut Node, kind: &Entry, report: &mut Report) {
    if SINGLE.contains(&kind.key.as_str()) {
        base.entries_mut()
            .and_then(|entries| entries.iter_mut().find(|entry| entry.key == kind.key))
            .into_iter()
            .for_each(|record| merge(&mut record.node, &kind.node));
        return;
    }
    for named in kind.node.entries() {
        let Some(slot) = slot(base, kind) else { continue };
        match slot.iter_mut().find(|entry| entry.key == named.key) {
            Some(target) if named.node.is_table() => merge(&mut target.node, &named.node),
            Some(target) => target.node = named.node.clone(),
            None => {
                let known: Vec<&str> = slot.iter().map(|entry| entry.key.as_str()).collect();
                report.overlay_unknown(named.key_span, &kind.key, &named.key, &known);
            }
        }
    }
}

fn remove(base: &mut Node, kind: &Entry, report: &mut Report) {
    if SINGLE.contains(&kind.key.as_str()) || !kind.node.is_list() {
        report.wrong_type(kind.node.span, &kind.key, "a list of names to remove");
        return;
    }
    for item in kind.node.items() {
        let Some(name) = item.as_text() else {
            report.wrong_type(item.span, &kind.key, "a list of names to remove");
            continue;
        };
        let Some(slot) = slot(base, kind) else { continue };
        let before = slot.len();
        slot.retain(|entry| entry.key != name);
        if slot.len() == before {
            let known: Vec<&str> = slot.iter().map(|entry| entry.key.as_str()).collect();
            report.overlay_unknown(item.span, &kind.key, name, &known);
        }
    }
}

/// Tables are merged key by key; any other value takes the place of what was there.
fn merge(target: &mut Node, layer: &Node) {
    for entry in layer.entries() {
        let Some(entries) = target.entries_mut() else { return };
        match entries.iter_mut().find(|existing| existing.key == entry.key) {
            Some(existing) if existing.node.is_table() && entry.node.is_table() => {
                merge(&mut existing.node, &entry.node);
            }
            Some(existing) => *existing = entry.clone(),
            None => entries.push(entry.clone()),
        }
    }
}

/// The table of one kind, made where the definition has none yet; `None` where the definition has
/// something else in its place, which is told when its shape is checked.
fn slot<'a>(base: &'a mut Node, kind: &Entry) -> Option<&'a mut Vec<Entry>> {
    let kinds = base.entries_mut()?;
    let found = kinds.iter().position(|entry| entry.key == kind.key);
    let at = found.unwrap_or_else(|| {
        let node = Node::table(kind.node.span);
        kinds.push(Entry { key: kind.key.clone(), key_span: kind.key_span, node });
        kinds.len() - 1
    });
    kinds.get_mut(at)?.node.entries_mut()
}
