//! From page files to checked pages: addresses, parameters, and, in `blocks`, what is drawn.
//!
//! A page names things of many record types, so it is built when all of them are known.

use super::build::{figures, tell};
use super::draft::{Draft, label};
use super::files::{Files, PageFile};
use crate::definition::Menu;
use crate::definition::Named;
use crate::definition::page::{Block, Page, Parameter, ParameterKind};
use crate::expression::{self, Expression, Kind, Place};
use crate::grammar::PAGE_ADDRESSES;
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node};
use std::collections::BTreeMap;

mod blocks;
mod filter;

/// Every page of every file.
pub(crate) fn read(
    files: &Files,
    draft: &Draft<'_>,
    menus: &Named<Menu>,
    sources: &Sources,
    report: &mut Report,
) -> Named<Page> {
    let mut paths: BTreeMap<String, &Name> = BTreeMap::new();
    let mut pages = Named::new();
    for file in files.pages.values() {
        let parameters = parameters(file, draft, sources, report);
        let mut reader = Reader { file, parameters, draft, menus, sources, report: &mut *report };
        let Some(page) = reader.page() else { continue };
        let span = reader.path_span();
        if let Some(other) = paths.insert(page.path.clone(), &file.name) {
            report.page_path_taken(span, &page.path, other);
        }
        pages.insert(page.name.clone(), page);
    }
    pages
}

/// Reads one page. `None` from a reader means that a problem has been told.
struct Reader<'r, 'a> {
    file: &'r PageFile,
    parameters: Named<Parameter>,
    draft: &'r Draft<'a>,
    menus: &'r Named<Menu>,
    sources: &'r Sources,
    report: &'r mut Report,
}

impl Reader<'_, '_> {
    fn page(&mut self) -> Option<Page> {
        let page = &self.file.root.get("page")?.node;
        let roles = self.roles(page);
        let blocks: Vec<(Name, Option<Block>)> = self.blocks();
        let menu = self.menu(page);
        let path = self.path(page)?;
        let icon = page.get("icon").and_then(|icon| icon.node.as_text());
        Some(Page {
            name: self.file.name.clone(),
            path,
            label: label(page.get("label")),
            help: page.get("help").map(|help| label(Some(help))),
            menu,
            place: page.get("place").and_then(|place| place.node.as_integer()),
            icon: icon.map(str::to_string),
            roles,
            is_home: page.get("home").and_then(|home| home.node.as_yes_no()).unwrap_or(false),
            process: self.file.process.clone(),
            parameters: self.parameters.clone(),
            blocks: blocks.into_iter().filter_map(|(name, block)| Some((name, block?))).collect(),
        })
    }

    fn path_span(&self) -> Span {
        let path = self.file.root.get("page").and_then(|page| page.node.get("path"));
        path.map_or(self.file.name_span, |path| path.node.span)
    }

    /// An address of its own: not that of records, not one the program needs.
    fn path(&mut self, page: &Node) -> Option<String> {
        let entry = page.get("path")?;
        let text = entry.node.as_text()?;
        let span = entry.node.span;
        let plain = |part: &str| {
            let allowed =
                |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
            !part.is_empty() && part.bytes().all(allowed)
        };
        let parts: Vec<&str> = text.strip_prefix('/').unwrap_or_default().split('/').collect();
        if !parts.iter().all(|part| plain(part)) || text.len() > 200 {
            self.report.page_path(
                span,
                text,
                "an address is `/`, then a-z 0-9 - _ between slashes",
            );
            return None;
        }
        let first = parts.first().copied().unwrap_or_default();
        if PAGE_ADDRESSES.contains(&first) || self.draft.types.contains_key(first) {
            let hint = format!("another first word: `/{first}` has a meaning of its own");
            self.report.page_path(span, text, &hint);
            return None;
        }
        Some(text.to_string())
    }

    fn menu(&mut self, page: &Node) -> Option<Name> {
        let entry = page.get("menu")?;
        let text = entry.node.as_text()?;
        if let Some((name, _)) = self.menus.get_key_value(text) {
            return Some(name.clone());
        }
        let known: Vec<&str> = self.menus.keys().map(Name::as_str).collect();
        self.report.unknown(entry.node.span, What::Menu, text, &known);
        None
    }

    fn roles(&mut self, page: &Node) -> Vec<Name> {
        let Some(entry) = page.get("role") else { return Vec::new() };
        let known: Vec<&str> = self.draft.roles.0.keys().map(Name::as_str).collect();
        let mut found: Vec<Name> = Vec::new();
        for item in entry.node.items() {
            let Some(text) = item.as_text() else { continue };
            match Name::new(text).filter(|_| known.contains(&text)) {
                Some(role) if found.contains(&role) => {
                    self.report.repeated_name(item.span, "role", &role);
                }
                Some(role) => found.push(role),
                None => self.report.unknown(item.span, What::Role, text, &known),
            }
        }
        found
    }

    fn blocks(&mut self) -> Vec<(Name, Option<Block>)> {
        let blocks = self.file.root.get("block").map_or(&[][..], |blocks| blocks.node.entries());
        let named = blocks.iter().filter_map(|block| Some((Name::new(&block.key)?, block)));
        named.map(|(name, block)| (name.clone(), self.block(name, block))).collect()
    }
}

fn parameters(
    file: &PageFile,
    draft: &Draft<'_>,
    sources: &Sources,
    report: &mut Report,
) -> Named<Parameter> {
    let declared = file.root.get("query").map_or(&[][..], |query| query.node.entries());
    let mut found = Named::new();
    for entry in declared {
        let Some(name) = Name::new(&entry.key) else { continue };
        let (kind, value) = match entry.text("type") {
            Some("date") => (ParameterKind::Date, Kind::Date),
            Some("integer") => (ParameterKind::Integer, Kind::Integer),
            Some("yes_no") => (ParameterKind::YesNo, Kind::YesNo),
            Some("text") => (ParameterKind::Text, Kind::Text),
            _ => continue,
        };
        let default = default_of(entry, &value, draft, sources, report);
        let label = entry.node.get("label").map(|entry| label(Some(entry)));
        found.insert(name.clone(), Parameter { name, kind, label, default });
    }
    found
}

/// What a parameter is where the address does not say. It belongs to no record.
fn default_of(
    entry: &Entry,
    kind: &Kind,
    draft: &Draft<'_>,
    sources: &Sources,
    report: &mut Report,
) -> Option<Expression> {
    let node = &entry.node.get("default")?.node;
    let text = node.as_text()?;
    match expression::check(text, "", Place::Value, Some(kind), draft) {
        Ok(expression) => Some(expression),
        Err(slips) => {
            tell(report, sources, node.span, slips);
            None
        }
    }
}

/// The length of periods that a key names.
fn period(entry: &Entry) -> Option<crate::definition::Period> {
    entry.text("per").and_then(figures::period)
}
