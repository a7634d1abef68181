//! `engine.toml`: which record types and fields serve what the engine itself needs.

use super::draft::Draft;
use crate::definition::{BUILT_IN, Binding, Bindings, Named};
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::tree::{Entry, Node};

/// The bindings of all `engine.toml` files; each purpose is bound once.
pub(crate) fn read(roots: &[Node], draft: &Draft<'_>, report: &mut Report) -> Bindings {
    let mut purposes = Named::new();
    for entry in roots.iter().flat_map(Node::entries) {
        let Some(purpose) = Name::new(&entry.key) else { continue };
        if purposes.contains_key(&purpose) {
            report.duplicate_binding(entry.key_span, &purpose);
        } else if let Some(binding) = binding(entry, draft, report) {
            purposes.insert(purpose, binding);
        }
    }
    Bindings { purposes }
}

fn binding(entry: &Entry, draft: &Draft<'_>, report: &mut Report) -> Option<Binding> {
    let record = entry.node.get("record")?;
    let text = record.node.as_text()?;
    let Some((name, of)) = draft.types.get_key_value(text) else {
        let known: Vec<&str> = draft.types.keys().map(Name::as_str).collect();
        report.unknown(record.node.span, What::RecordType, text, &known);
        return None;
    };
    let built_in = BUILT_IN.into_iter().filter(|field| draft.kind(name, field).is_some());
    let declared = of.fields.keys().chain(of.links.keys()).copied();
    let known: Vec<&str> = declared.chain(built_in).collect();
    let mut parts = Named::new();
    for part in entry.node.entries().iter().filter(|part| part.key != "record") {
        let (Some(key), Some(field)) = (Name::new(&part.key), part.node.as_text()) else {
            continue;
        };
        match Name::new(field).filter(|field| known.contains(&field.as_str())) {
            Some(field) => {
                parts.insert(key, field);
            }
            None => report.unknown(part.node.span, What::Field, field, &known),
        }
    }
    Some(Binding { record: name.clone(), parts })
}
