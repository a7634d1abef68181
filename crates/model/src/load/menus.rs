//! Menus: declared in `menus.toml`, named by the record types that stand in them.

use super::draft::label;
use super::files::Files;
use crate::definition::{Menu, Named};
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;

/// Every menu in its order. Tells of record types that name one that is not there.
pub(crate) fn read(files: &Files, report: &mut Report) -> Named<Menu> {
    let mut menus = Named::new();
    for root in &files.menus {
        for entry in root.get("menu").map_or(&[][..], |menus| menus.node.entries()) {
            if let Some(name) = Name::new(&entry.key) {
                let label = label(entry.node.get("label"));
                menus.insert(name.clone(), Menu { name, label });
            }
        }
    }
    for definition in files.definitions.values() {
        let record = definition.root.get("record");
        let Some(named) = record.and_then(|record| record.node.get("menu")) else { continue };
        if let Some(text) = named.node.as_text()
            && !menus.contains_key(text)
        {
            let known: Vec<&str> = menus.keys().map(Name::as_str).collect();
            report.unknown(named.node.span, What::Menu, text, &known);
        }
    }
    menus
}
