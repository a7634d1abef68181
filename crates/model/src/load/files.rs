//! From files to definitions: what each file is, which overlays lie on which definition.
//!
//! Looks only at paths, at `[record] name` and at `extend`; everything else is checked after the
//! overlays have been laid, on what they made.

use crate::grammar;
use crate::name::Name;
use crate::overlay;
use crate::problem::Report;
use crate::problem::message::What;
use crate::source::{Sources, Span};
use crate::tree::{self, Node};
use indexmap::IndexMap;

/// The files of one load, sorted by what they are, overlays laid.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// By name, in the order of the files.
    pub definitions: IndexMap<Name, Definition>,
    /// Definitions whose name could not be read: checked, but not loaded.
    pub nameless: Vec<Node>,
    /// Page files by the name they give themselves.
    pub pages: IndexMap<Name, PageFile>,
    /// Page files whose name could not be read.
    pub nameless_pages: Vec<Node>,
    /// The `roles.toml` files.
    pub roles: Vec<Node>,
    /// The `menus.toml` files.
    pub menus: Vec<Node>,
    /// The `engine.toml` files.
    pub bindings: Vec<Node>,
}

/// One record type as it is written, with its overlays.
#[derive(Debug)]
pub(crate) struct Definition {
    pub name: Name,
    /// Where it says its name.
    pub name_span: Span,
    pub process: Name,
    pub root: Node,
}

/// One page as it is written, with its overlays.
#[derive(Debug)]
pub(crate) struct PageFile {
    pub name: Name,
    pub name_span: Span,
    pub process: Name,
    pub root: Node,
}

/// Names that mean a file of their own in `extend`, so that no record type can have them.
pub(crate) const ROLES: &str = "roles";
pub(crate) const MENUS: &str = "menus";
pub(crate) const ENGINE: &str = "engine";

/// The tables of a page file.
pub(crate) const PAGE_KINDS: [&str; 3] = ["page", "query", "block"];

/// Reads every file and lays the overlays.
pub(crate) fn read(sources: &Sources, report: &mut Report) -> Files {
    let mut files = Files::default();
    let mut overlays = Vec::new();
    for file in 0..sources.len() {
        let root = tree::read(sources, file, report);
        match stem(sources.path(file)) {
            _ if root.get("extend").is_some() => overlays.push(root),
            ROLES => files.roles.push(root),
            MENUS => files.menus.push(root),
            ENGINE => files.bindings.push(root),
            _ if root.get("page").is_some() => files.take_page(sources, file, root, report),
            _ => files.take_definition(sources, file, root, report),
        }
    }
    for layer in &overlays {
        files.lay(layer, report);
    }
    files
}

/// The name of a file without folder and `.toml`.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// The name of the folder a file stands in.
fn folder(path: &str) -> Option<&str> {
    let mut parts = path.rsplit(['/', '\\']);
    parts.next();
    parts.next().filter(|folder| !folder.is_empty() && *folder != ".")
}

impl Files {
    fn take_definition(&mut self, sources: &Sources, file: usize, root: Node, report: &mut Report) {
        let Some(record) = root.get("record") else {
            report.missing_record(Span { file, start: 0, end: 0 });
            self.nameless.push(root);
            return;
        };
        let named = record.node.get("name");
        let name = named.and_then(|entry| entry.node.as_text()).and_then(Name::new);
        let (Some(named), Some(name)) = (named, name) else {
            self.nameless.push(root);
            return;
        };
        let name_span = named.node.span;
        if let Some(other) = self.definitions.get(&name) {
            let other = sources.path(other.name_span.file);
            report.duplicate_record_type(name_span, &name, other);
            return;
        }
        if stem(sources.path(file)) != name.as_str() {
            report.file_name(name_span, &name);
        }
        let process = process(sources.path(file), &name, name_span, report);
        self.definitions.insert(name.clone(), Definition { name, name_span, process, root });
    }

    fn take_page(&mut self, sources: &Sources, file: usize, root: Node, report: &mut Report) {
        let named = root.get("page").and_then(|page| page.node.get("name"));
        let name = named.and_then(|entry| entry.node.as_text()).and_then(Name::new);
        let (Some(named), Some(name)) = (named, name) else {
            self.nameless_pages.push(root);
            return;
        };
        let name_span = named.node.span;
        if let Some(other) = self.pages.get(&name) {
            report.duplicate_page(name_span, &name, sources.path(other.name_span.file));
            return;
        }
        // The folder `pages` stands in the folder of the process.
        let path = sources.path(file).rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
        let process = process(path, &name, name_span, report);
        self.pages.insert(name.clone(), PageFile { name, name_span, process, root });
    }

    fn lay(&mut self, layer: &Node, report: &mut Report) {
        let Some(extend) = layer.get("extend") else { return };
        let Some(name) = extend.node.as_text() else {
            report.wrong_type(extend.node.span, "extend", "the name of a record type in quotes");
            return;
        };
        if let Some(definition) = self.definitions.get_mut(name) {
            overlay::lay(&mut definition.root, layer, &grammar::kind_names(), report);
        } else if let (ROLES, Some(roles)) = (name, self.roles.first_mut()) {
            overlay::lay(roles, layer, &["role"], report);
        } else if let Some(page) = name.strip_prefix("page.") {
            match self.pages.get_mut(page) {
                Some(found) => overlay::lay(&mut found.root, layer, &PAGE_KINDS, report),
                None => {
                    let known: Vec<&str> = self.pages.keys().map(Name::as_str).collect();
                    report.unknown(extend.node.span, What::Page, page, &known);
                }
            }
        } else if let (MENUS, Some(menus)) = (name, self.menus.first_mut()) {
            overlay::lay(menus, layer, &["menu"], report);
        } else {
            let known: Vec<&str> = self.definitions.keys().map(Name::as_str).collect();
            report.unknown(extend.node.span, What::RecordType, name, &known);
        }
    }
}

/// The process of a definition: the folder of its file; its own name where it is in none.
fn process(path: &str, name: &Name, span: Span, report: &mut Report) -> Name {
    let Some(folder) = folder(path) else { return name.clone() };
    Name::new(folder).unwrap_or_else(|| {
        report.folder_name(span, folder);
        name.clone()
    })
}
