//! What a record type must fulfil as a whole, and all record types together.
//!
//! Works on the trees and on what was built from them; each mistake is told at the place of the
//! definition that makes it, not again for each record type that inherits it.

use super::build::Own;
use super::draft::{Draft, TypeDraft};
use super::number_format;
use crate::definition::FieldKind;
use crate::grammar::KINDS;
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::tree::Entry;
use indexmap::IndexMap;
use std::collections::BTreeMap;

mod computed;
mod workflow;

/// Checks every record type. `owns` holds what each one declares itself.
pub(crate) fn check(draft: &Draft<'_>, owns: &IndexMap<Name, Own>, report: &mut Report) {
    for of in draft.types.values() {
        names_are_free(draft, of, report);
        title(draft, of, report);
        sections(draft, of, report);
        workflow::check(draft, of, report);
        computed::check(of, owns, report);
    }
    number_formats(draft, report);
}

/// Fields are unique over all record types of one table, everything else along the line of
/// inheritance. A list may take the place of an inherited one.
fn names_are_free(draft: &Draft<'_>, of: &TypeDraft<'_>, report: &mut Report) {
    let root = of.lineage.last().and_then(|root| draft.types.get(root));
    let family = root.map_or(&[][..], |root| root.family.as_slice());
    for kind in KINDS.iter().filter(|kind| kind.name != "list") {
        for entry in of.own(kind.name) {
            let others = if kind.name == "field" { family } else { &of.lineage[1..] };
            let owner = others.iter().find(|other| {
                let ancestor = of.lineage[1..].contains(other);
                let holds = |other: &TypeDraft<'_>| {
                    other.own(kind.name).iter().any(|taken| taken.key == entry.key)
                };
                (ancestor || is_earlier(draft, other, of))
                    && draft.types.get(*other).is_some_and(holds)
            });
            if let Some(owner) = owner {
                report.name_taken(entry.key_span, kind.name, &entry.key, owner);
            }
        }
    }
}

/// Whether a record type that is no descendant comes before another one.
fn is_earlier(draft: &Draft<'_>, other: &Name, of: &TypeDraft<'_>) -> bool {
    !of.family.contains(other)
        && draft.types.get_index_of(other) < draft.types.get_index_of(of.name())
}

/// The title is a short text that is never empty.
fn title(draft: &Draft<'_>, of: &TypeDraft<'_>, report: &mut Report) {
    let Some((owner, title)) = draft.record_key(of.name(), "title") else {
        // Where what it extends is not known, that is the mistake.
        let root = of.lineage.last().and_then(|root| draft.types.get(root)?.record());
        if root.is_none_or(|record| record.get("extends").is_none()) {
            report.no_title(of.definition.name_span, of.name());
        }
        return;
    };
    let (Some(name), true) = (title.node.as_text(), owner == of.name()) else { return };
    let span = title.node.span;
    match of.fields.get(name) {
        None => {
            let known: Vec<&str> = of.fields.keys().copied().collect();
            report.unknown(span, What::Field, name, &known);
        }
        Some(Some(FieldKind::Text { .. } | FieldKind::LocalText { .. })) => {
            let field = draft.all(of.name(), "field");
            let field = field.iter().find(|(_, entry)| entry.key == name);
            if field.is_some_and(|(_, field)| may_be_empty(field)) {
                report.title_may_be_empty(span, name);
            }
        }
        Some(None) => {}
        Some(Some(_)) => report.wrong_field_type(span, name, "title", "a text or a local_text"),
    }
}

fn may_be_empty(field: &Entry) -> bool {
    let given = |key: &str| field.node.get(key).is_some();
    !field.is("required") && !given("computed") && !given("default")
}

/// Where a record type has sections, each field that people enter stands in exactly one.
fn sections(draft: &Draft<'_>, of: &TypeDraft<'_>, report: &mut Report) {
    let sections = draft.all(of.name(), "section");
    let listed = |section: &Entry| section.node.get("fields").is_some_and(|f| f.node.is_list());
    let readable = sections.iter().all(|(_, section)| listed(section));
    let mut shown: BTreeMap<&str, &str> = BTreeMap::new();
    for (owner, section) in &sections {
        let fields = section.node.get("fields").map_or(&[][..], |fields| fields.node.items());
        for item in fields {
            let Some(field) = item.as_text() else { continue };
            let other = shown.insert(field, &section.key);
            if let Some(other) = other.filter(|other| *other != section.key && *owner == of.name())
            {
                report.field_in_two_sections(item.span, field, other);
            }
        }
    }
    for field in of.own("field") {
        let entered = field.node.get("computed").is_none() && field.node.get("set_by").is_none();
        if entered && readable && !sections.is_empty() && !shown.contains_key(field.key.as_str()) {
            report.field_in_no_section(field.key_span, &field.key);
        }
    }
}

/// No two record types may give the same number.
fn number_formats(draft: &Draft<'_>, report: &mut Report) {
    let mut taken: BTreeMap<(&str, &str), &Name> = BTreeMap::new();
    for of in draft.types.values() {
        let Some(number) = of.record().and_then(|record| record.get("number")) else { continue };
        let text = number.node.as_text().unwrap_or_default();
        let Some((prefix, _, suffix)) = number_format::parse(text) else { continue };
        if let Some(other) = taken.insert((prefix, suffix), of.name()) {
            report.number_format_taken(number.node.span, text, other);
        }
    }
}

/// The state a record begins in, as it is written: own or inherited.
fn initial<'a>(draft: &Draft<'a>, of: &str) -> Option<&'a Entry> {
    let (_, state) = draft.record_key(of, "state")?;
    state.node.get("initial")
}
