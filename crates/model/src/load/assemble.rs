//! From what each record type declares to what it is: inherited first, then its own.

use super::build::Own;
use super::draft::{Draft, TypeDraft, label};
use super::number_format;
use crate::definition::{Inverse, Named, NumberFormat, RecordType};
use crate::name::Name;
use indexmap::IndexMap;
use std::sync::Arc;

/// All record types; none where something is missing of which a problem has been told.
pub(crate) fn record_types(
    draft: &Draft<'_>,
    owns: &IndexMap<Name, Own>,
) -> Option<Named<Arc<RecordType>>> {
    let one =
        |of: &TypeDraft<'_>| Some((of.name().clone(), Arc::new(record_type(draft, of, owns)?)));
    draft.types.values().map(one).collect()
}

fn record_type(
    draft: &Draft<'_>,
    of: &TypeDraft<'_>,
    owns: &IndexMap<Name, Own>,
) -> Option<RecordType> {
    let record = of.record()?;
    let named = |key: &str| Name::new(draft.record_key(of.name(), key)?.1.node.as_text()?);
    let text = |key: &str| {
        let (_, entry) = draft.record_key(of.name(), key)?;
        Some(entry.node.as_text()?.to_string())
    };
    let state = draft.record_key(of.name(), "state");
    let initial = state.and_then(|(_, state)| Name::new(state.text("initial")?));
    let all = inherited(of, owns);
    Some(RecordType {
        name: of.name().clone(),
        label: label(record.get("label")),
        plural: label(record.get("plural")),
        help: record.get("help").map(|help| label(Some(help))),
        process: of.definition.process.clone(),
        menu: record.get("menu").and_then(|menu| Name::new(menu.node.as_text()?)),
        place: record.get("place").and_then(|place| place.node.as_integer()),
        icon: text("icon"),
        lineage: of.lineage.clone(),
        family: of.family.clone(),
        is_abstract: of.is_abstract(),
        number: number(draft, of),
        title: named("title")?,
        initial,
        inverses: inverses(of, owns),
        sections: all.sections,
        fields: all.fields,
        links: all.links,
        states: all.states,
        transitions: all.transitions,
        rules: all.rules,
        approvals: all.approvals,
        clocks: all.clocks,
        role_scopes: all.role_scopes,
        permissions: all.permissions,
        evidence: all.evidence,
        lists: all.lists,
        measures: all.measures,
        matrices: all.matrices,
        indexes: all.indexes,
    })
}

/// Everything of the root, then of each record type down to this one.
fn inherited(of: &TypeDraft<'_>, owns: &IndexMap<Name, Own>) -> Own {
    let mut all = Own::default();
    for own in of.lineage.iter().rev().filter_map(|name| owns.get(name)) {
        open_sections(&mut all, own);
        all.sections.extend(own.sections.clone());
        all.fields.extend(own.fields.clone());
        all.links.extend(own.links.clone());
        all.states.extend(own.states.clone());
        all.transitions.extend(own.transitions.clone());
        all.rules.extend(own.rules.clone());
        all.approvals.extend(own.approvals.clone());
        all.clocks.extend(own.clocks.clone());
        all.role_scopes.extend(own.role_scopes.clone());
        all.permissions.extend(own.permissions.clone());
        all.evidence.extend(own.evidence.clone());
        all.lists.extend(own.lists.clone());
        all.measures.extend(own.measures.clone());
        all.matrices.extend(own.matrices.clone());
        all.indexes.extend(own.indexes.clone());
    }
    all
}

/// An inherited state cannot name the sections a subtype adds: they may be edited wherever the
/// state lets anything be edited.
fn open_sections(all: &mut Own, own: &Own) {
    for state in all.states.values_mut().filter(|state| !state.editable.is_empty()) {
        state.editable.extend(own.sections.keys().cloned());
    }
}

fn number(draft: &Draft<'_>, of: &TypeDraft<'_>) -> Option<NumberFormat> {
    let (counter, number) = draft.record_key(of.name(), "number")?;
    let (prefix, digits, suffix) = number_format::parse(number.node.as_text()?)?;
    Some(NumberFormat {
        prefix: prefix.to_string(),
        digits,
        suffix: suffix.to_string(),
        counter: counter.clone(),
    })
}

/// The links of all record types that may point to this one.
fn inverses(of: &TypeDraft<'_>, owns: &IndexMap<Name, Own>) -> Vec<Inverse> {
    let links = owns.values().flat_map(|own| own.links.values());
    links
        .filter(|link| of.lineage.contains(&link.to))
        .map(|link| Inverse { from: link.declared_by.clone(), link: link.name.clone() })
        .collect()
}
