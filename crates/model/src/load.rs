//! From the texts of definition files to a checked [`Model`], or every problem of every file.
//!
//! The steps, each a file below: `files` reads and lays overlays, `shape` checks single values,
//! `draft` finds what every name stands for, `build` types expressions and resolves names, `whole`
//! checks what shows only over everything, `assemble` adds what is inherited. No step stops at the
//! first problem and none panics: a step takes what the one before could read.

use crate::definition::{Model, Named};
use crate::problem::{Problems, Report};
use crate::source::Sources;
use build::{Builder, Own};
use draft::Draft;
use files::Files;
use indexmap::IndexMap;
use std::collections::BTreeSet;

mod assemble;
mod bindings;
mod build;
mod draft;
mod duration;
mod field_kind;
mod files;
mod menus;
mod number_format;
mod pages;
mod roles;
mod scope;
mod shape;
mod whole;

/// What the loader is told beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The ids of the requirement catalogue; unchecked where not given.
    pub requirements: Option<&'a BTreeSet<String>>,
}

/// Loads definitions with their overlays. An empty set of files is an empty model.
///
/// # Errors
/// Every problem of every file, at once.
pub fn load(sources: &Sources, options: &Options<'_>) -> Result<Model, Problems> {
    let mut report = Report::default();
    let files = files::read(sources, &mut report);
    shapes(&files, &mut report);
    let roles = roles::read(&files, sources, &mut report);
    let menus = menus::read(&files, &mut report);
    let labels: Named<_> =
        roles.iter().map(|(name, role)| (name.clone(), role.label.clone())).collect();
    let draft = Draft::new(&files, labels, &mut report);
    let owns = build_all(&draft, sources, options, &mut report);
    whole::check(&draft, &owns, &mut report);
    let bindings = bindings::read(&files.bindings, &draft, &mut report);
    let pages = pages::read(&files, &draft, &menus, sources, &mut report);
    match assemble::record_types(&draft, &owns) {
        Some(record_types) if report.is_empty() => {
            Ok(Model { record_types, roles, menus, bindings, pages })
        }
        _ => Err(report.finish(sources)),
    }
}

fn shapes(files: &Files, report: &mut Report) {
    let definitions = files.definitions.values().map(|definition| &definition.root);
    for root in definitions.chain(&files.nameless) {
        shape::definition(root, report);
    }
    let pages = files.pages.values().map(|page| &page.root);
    pages.chain(&files.nameless_pages).for_each(|root| shape::page::check(root, report));
    files.roles.iter().for_each(|root| shape::roles(root, report));
    files.menus.iter().for_each(|root| shape::menus(root, report));
    files.bindings.iter().for_each(|root| shape::bindings(root, report));
}

fn build_all(
    draft: &Draft<'_>,
    sources: &Sources,
    options: &Options<'_>,
    report: &mut Report,
) -> IndexMap<crate::Name, Own> {
    let one = |of| Builder { draft, of, sources, options, report: &mut *report }.own();
    let owns: Vec<Own> = draft.types.values().map(one).collect();
    draft.types.keys().cloned().zip(owns).collect()
}
