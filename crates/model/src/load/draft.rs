//! The definitions in the making: who extends whom, and what every name stands for.
//!
//! Made before anything is built, from trees that may still be wrong in places: what cannot be
//! read is left out or of any kind, so that one mistake is told once and where it was made.

use super::field_kind;
use super::files::{Definition, Files};
use crate::definition::{Choices, FieldKind, Named};
use crate::expression::{Kind, LinkEnd};
use crate::label::Label;
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::tree::{Entry, Node};
use indexmap::IndexMap;
use std::sync::Arc;

/// All record types, with what they may name.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    pub types: IndexMap<Name, TypeDraft<'a>>,
    /// Every role with its label.
    pub roles: Arc<Choices>,
    /// The record type bound as `person`.
    pub person: Option<Name>,
}

/// One record type in the making.
#[derive(Debug)]
pub(crate) struct TypeDraft<'a> {
    pub definition: &'a Definition,
    /// Self first, the root last.
    pub lineage: Vec<Name>,
    /// Self and all that extend it.
    pub family: Vec<Name>,
    /// All fields, inherited first; none where the type of a field could not be read.
    pub fields: IndexMap<&'a str, Option<FieldKind>>,
    /// All links, inherited first.
    pub links: IndexMap<&'a str, LinkEnd>,
    pub states: Arc<Choices>,
    pub family_choices: Arc<Choices>,
}

impl<'a> Draft<'a> {
    /// Reads what every name stands for. Tells of roles, inheritance that goes in circles and of
    /// nothing else.
    pub fn new(files: &'a Files, roles: Named<Label>, report: &mut Report) -> Draft<'a> {
        let person = files.bindings.iter().find_map(|root| {
            let record = root.get("person")?.node.get("record")?.node.as_text()?;
            files.definitions.get(record).map(|definition| definition.name.clone())
        });
        let roles = Arc::new(Choices(roles));
        let mut draft = Draft { types: IndexMap::new(), roles, person };
        for definition in files.definitions.values() {
            let lineage = lineage(definition, files, report);
            draft.types.insert(definition.name.clone(), TypeDraft::new(definition, lineage));
        }
        draft.find_families();
        for name in draft.names() {
            draft.find_names(&name);
        }
        draft
    }

    fn names(&self) -> Vec<Name> {
        self.types.keys().cloned().collect()
    }

    fn find_families(&mut self) {
        for name in self.names() {
            let lineage = self.types[&name].lineage.clone();
            for ancestor in &lineage[1..] {
                if let Some(ancestor) = self.types.get_mut(ancestor) {
                    ancestor.family.push(name.clone());
                }
            }
        }
        for name in self.names() {
            let family = self.types[&name].family.clone();
            let concrete = family.into_iter().filter(|member| !self.types[member].is_abstract());
            let labels = concrete.map(|member| {
                let record = self.types[&member].definition.root.get("record");
                (member, label(record.and_then(|record| record.node.get("label"))))
            });
            let choices = Arc::new(Choices(labels.collect()));
            self.types[&name].family_choices = choices;
        }
    }

    fn find_names(&mut self, name: &Name) {
        let mut fields = IndexMap::new();
        let mut links = IndexMap::new();
        let mut states = Named::new();
        for (_, entry) in self.all(name, "field") {
            fields.insert(entry.key.as_str(), field_kind::read(entry, self));
        }
        for (owner, entry) in self.all(name, "link") {
            if let Some(end) = self.link_end(owner, entry) {
                links.insert(entry.key.as_str(), end);
            }
        }
        for (_, entry) in self.all(name, "state") {
            if let Some(state) = Name::new(&entry.key) {
                states.insert(state, label(entry.node.get("label")));
            }
        }
        let draft = &mut self.types[name];
        (draft.fields, draft.links, draft.states) = (fields, links, Arc::new(Choices(states)));
    }

    /// The far end of a declared link; of the type itself where the far end is not known.
    fn link_end(&self, owner: &Name, entry: &Entry) -> Option<LinkEnd> {
        let to = entry.text("to").and_then(|to| self.types.get_key_value(to));
        let other = to.map_or(owner, |(to, _)| to).clone();
        let link = Name::new(&entry.key)?;
        Some(LinkEnd { from: owner.clone(), link, inverse: false, other })
    }

    /// Everything of one kind that a record type has, with the type that declares it: inherited
    /// first. A list takes the place of an inherited one of the same name.
    pub fn all<'d>(&'d self, of: &str, kind: &str) -> Vec<(&'d Name, &'a Entry)> {
        let Some(draft) = self.types.get(of) else { return Vec::new() };
        let mut found: IndexMap<&str, (&'d Name, &'a Entry)> = IndexMap::new();
        for ancestor in draft.lineage.iter().rev() {
            let Some((owner, ancestor)) = self.types.get_key_value(ancestor) else { continue };
            found.extend(
                ancestor.own(kind).iter().map(|entry| (entry.key.as_str(), (owner, entry))),
            );
        }
        found.into_values().collect()
    }

    /// The names of one kind that a record type has.
    pub fn all_names(&self, of: &str, kind: &str) -> Vec<&'a str> {
        self.all(of, kind).into_iter().map(|(_, entry)| entry.key.as_str()).collect()
    }

    /// A key of `[record]`, own or inherited, with the type that declares it.
    pub fn record_key(&self, of: &str, key: &str) -> Option<(&Name, &'a Entry)> {
        let lineage = &self.types.get(of)?.lineage;
        lineage.iter().find_map(|name| {
            let (owner, draft) = self.types.get_key_value(name)?;
            Some((owner, draft.record()?.get(key)?))
        })
    }

    /// The kind of a field, declared or built in; `Any` where it is declared but not readable.
    pub fn kind(&self, of: &str, field: &str) -> Option<Kind> {
        let draft = self.types.get(of)?;
        match draft.fields.get(field) {
            Some(Some(kind)) => Some(Kind::from(kind)),
            Some(None) => Some(Kind::Any),
            None => self.built_in(of, field),
        }
    }

    fn built_in(&self, of: &str, field: &str) -> Option<Kind> {
        let draft = self.types.get(of)?;
        match field {
            "number" if self.record_key(of, "number").is_none() => return None,
            // Without a bound person there is a problem elsewhere; these are not to add to it.
            "created_by" | "changed_by" if self.person.is_none() => return Some(Kind::Any),
            _ => {}
        }
        let states = (!draft.states.0.is_empty()).then(|| draft.states.clone());
        Kind::built_in(field, states, draft.family_choices.clone(), self.person.clone())
    }
}

impl<'a> TypeDraft<'a> {
    fn new(definition: &'a Definition, lineage: Vec<Name>) -> TypeDraft<'a> {
        TypeDraft {
            definition,
            lineage,
            family: vec![definition.name.clone()],
            fields: IndexMap::new(),
            links: IndexMap::new(),
            states: Arc::default(),
            family_choices: Arc::default(),
        }
    }

    pub fn name(&self) -> &Name {
        &self.definition.name
    }

    /// The tables of one kind in the definition itself.
    pub fn own(&self, kind: &str) -> &'a [Entry] {
        self.definition.root.get(kind).map_or(&[], |entry| entry.node.entries())
    }

    pub fn record(&self) -> Option<&'a Node> {
        self.definition.root.get("record").map(|entry| &entry.node)
    }

    pub fn is_abstract(&self) -> bool {
        self.definition.root.get("record").is_some_and(|record| record.is("abstract"))
    }
}

/// The label an entry holds, with what of it can be read.
pub(crate) fn label(entry: Option<&Entry>) -> Label {
    let texts = entry.map_or(&[][..], |entry| entry.node.entries());
    Label::new(texts.iter().filter_map(|text| {
        let language = crate::label::Language::new(&text.key)?;
        Some((language, text.node.as_text()?.to_string()))
    }))
}

/// The record type itself, then what it extends, up to the root.
fn lineage(definition: &Definition, files: &Files, report: &mut Report) -> Vec<Name> {
    let mut lineage = vec![definition.name.clone()];
    let mut current = definition;
    while let Some(extends) = extends(current) {
        let Some(text) = extends.node.as_text() else { break };
        let Some(parent) = files.definitions.get(text) else {
            let known: Vec<&str> = files.definitions.keys().map(Name::as_str).collect();
            report.unknown(extends.node.span, What::RecordType, text, &known);
            break;
        };
        if lineage.contains(&parent.name) {
            report.inheritance_cycle(extends.node.span, &parent.name);
            break;
        }
        lineage.push(parent.name.clone());
        current = parent;
    }
    lineage
}

fn extends(definition: &Definition) -> Option<&Entry> {
    definition.root.get("record")?.node.get("extends")
}
