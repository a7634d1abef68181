//! Roles: declared in definitions and in `roles.toml`, labelled once over all files.

use super::draft::label;
use super::files::Files;
use crate::definition::{Named, Role};
use crate::label::Label;
use crate::name::Name;
use crate::problem::Report;
use crate::source::{Sources, Span};
use crate::tree::Entry;
use indexmap::IndexMap;

/// A role as all files together tell of it.
#[derive(Debug)]
struct Told {
    label: Option<(Label, Span)>,
    /// Where it says so.
    everybody: Option<Span>,
    administers: Option<Span>,
    /// Where it is first named.
    span: Span,
}

/// Every role of every file, those of `roles.toml` first.
pub(crate) fn read(files: &Files, sources: &Sources, report: &mut Report) -> Named<Role> {
    let mut told: IndexMap<Name, Told> = IndexMap::new();
    let definitions = files.definitions.values().map(|definition| &definition.root);
    for root in files.roles.iter().chain(definitions) {
        for entry in root.get("role").map_or(&[][..], |roles| roles.node.entries()) {
            if let Some(name) = Name::new(&entry.key) {
                take(&mut told, name, entry, sources, report);
            }
        }
    }
    told.into_iter().map(|(name, role)| finish(name, role, report)).collect()
}

fn take(
    told: &mut IndexMap<Name, Told>,
    name: Name,
    entry: &Entry,
    sources: &Sources,
    report: &mut Report,
) {
    let span = entry.key_span;
    let new = Told { label: None, everybody: None, administers: None, span };
    let role = told.entry(name).or_insert(new);
    let says = |key: &str| entry.node.get(key).filter(|_| entry.is(key)).map(|key| key.key_span);
    role.everybody = role.everybody.or_else(|| says("everybody"));
    role.administers = role.administers.or_else(|| says("administers"));
    let Some(given) = entry.node.get("label") else { return };
    match &role.label {
        Some((_, other)) => {
            report.role_labelled_twice(given.key_span, &entry.key, sources.path(other.file));
        }
        None => role.label = Some((label(Some(given)), given.key_span)),
    }
}

fn finish(name: Name, role: Told, report: &mut Report) -> (Name, Role) {
    // The scope `admin` is for those an administrator has chosen, one by one.
    if let (Some(_), Some(span)) = (role.everybody, role.administers) {
        report.everybody_administers(span, &name);
    }
    let (everybody, administers) = (role.everybody.is_some(), role.administers.is_some());
    let label = match role.label {
        Some((label, _)) => label,
        None => {
            report.role_without_label(role.span, &name);
            Label::default()
        }
    };
    (name.clone(), Role { name, label, everybody, administers })
}
