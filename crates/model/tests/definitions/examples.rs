//! The examples of the design: a whole record type, a customer's overlay on it, and both with
//! planted mistakes.

use crate::{compare, path, read, requirements};
use model::definition::Category;
use model::{Language, Model, Options, Problems, Sources};
use std::path::Path;

/// All `.toml` files below a folder of the examples, sorted.
fn files(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "toml") {
            found.push(entry.to_str().unwrap().to_string());
        }
    }
}

/// The examples with some of the files replaced or added.
pub fn sources(instead: &[&str], skip: &str) -> Sources {
    let root = path("tests/examples");
    let mut found = Vec::new();
    files(&root.join("processes"), &mut found);
    found.retain(|file| skip.is_empty() || !file.ends_with(skip));
    found.extend(instead.iter().map(|file| root.join(file).to_str().unwrap().to_string()));
    let mut sources = Sources::new();
    for file in found {
        let text = read(Path::new(&file));
        let short = file.strip_prefix(root.to_str().unwrap()).unwrap().trim_start_matches('/');
        sources.add(short, text);
    }
    sources
}

fn load(sources: &Sources) -> Result<Model, Problems> {
    let requirements = requirements();
    model::load(sources, &Options { requirements: Some(&requirements) })
}

fn loaded(sources: &Sources) -> Model {
    load(sources).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn the_example_is_loaded_whole() {
    let model = loaded(&sources(&[], ""));
    let change = model.record_type("change").unwrap();
    let counts = [
        change.sections.len(),
        change.fields.len(),
        change.links.len(),
        change.states.len(),
        change.transitions.len(),
        change.rules.len(),
        change.approvals.len(),
        change.clocks.len(),
        change.role_scopes.len(),
        change.permissions.len(),
        change.evidence.len(),
        change.lists.len(),
        change.measures.len(),
        change.matrices.len(),
        change.indexes.len(),
    ];
    assert_eq!(counts, [4, 24, 5, 9, 11, 9, 3, 2, 3, 7, 8, 2, 2, 1, 2]);
    assert_eq!(change.process, "change");
    assert_eq!(change.label.text(Language::ZH), "变更");
    assert_eq!(change.initial.as_ref().unwrap(), &"draft");
    assert_eq!(change.states["review"].category, Category::Done);
    assert_eq!(change.number.as_ref().unwrap().prefix, "CHG-");
    assert!(model.roles.contains_key("auditor"));
    assert_eq!(model.bindings.purposes["person"].record, "person");
}

#[test]
fn an_overlay_adds_sets_and_removes() {
    let model = loaded(&sources(&["overlays/acme.change.toml", "overlays/french.change.toml"], ""));
    let change = model.record_type("change").unwrap();
    assert!(change.fields.contains_key("cost_centre"));
    assert_eq!(change.sections["assessment"].fields[5], "cost_centre");
    assert_eq!(change.approvals["change_advisory_board"].quorum, 3);
    assert_eq!(change.fields["benefit"].label.text(Language::ZH), "业务价值");
    assert_eq!(change.fields["benefit"].label.text(Language::EN), "Business benefit");
    assert_eq!(change.label.text(Language::new("fr").unwrap()), "Changement");
    assert!(!change.measures.contains_key("emergency_share"));
}

#[test]
fn a_subtype_has_what_it_inherits_and_its_own() {
    let model = loaded(&sources(&[], ""));
    let root = model.record_type("configuration_item").unwrap();
    let server = model.record_type("server").unwrap();
    assert_eq!(server.lineage, ["server", "configuration_item"]);
    assert_eq!(root.family, ["configuration_item", "server"]);
    assert_eq!(server.root(), &"configuration_item");
    let fields: Vec<&str> = server.fields.keys().map(|name| name.as_str()).collect();
    assert_eq!(fields, ["name", "host_name"]);
    assert_eq!(server.fields["name"].declared_by, "configuration_item");
    assert_eq!(server.states["live"].editable, ["item", "system"]);
    assert!(server.states["retired"].editable.is_empty());
    assert_eq!(server.number.as_ref().unwrap().counter, "configuration_item");
    assert!(server.inverses.iter().any(|inverse| inverse.from == "change"));
    assert!(root.fields.get("host_name").is_none());
}

#[test]
fn planted_mistakes_are_all_told() {
    let broken = sources(&["broken/change.toml"], "/change.toml");
    let problems = load(&broken).unwrap_err();
    compare(&path("tests/examples/broken/change.output.txt"), &problems.to_string()).unwrap();
    let broken = sources(&["broken/acme.change.toml"], "");
    let problems = load(&broken).unwrap_err();
    compare(&path("tests/examples/broken/acme.output.txt"), &problems.to_string()).unwrap();
}

#[test]
fn problems_have_a_form_for_programs() {
    let broken = sources(&["broken/acme.change.toml"], "");
    let json = load(&broken).unwrap_err().to_json();
    let first = &json[0];
    assert_eq!(first["id"], "overlay-exists");
    assert_eq!(first["path"], "broken/acme.change.toml");
    assert_eq!((first["line"].as_u64(), first["column"].as_u64()), (Some(5), Some(12)));
    assert_eq!(first["end_column"], 16);
    assert_eq!(first["hint"], "use `set` to change it");
}
