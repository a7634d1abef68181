//! From a definition's tables to checked types: each name resolved, each expression typed.
//!
//! Builds what a record type declares itself; what it inherits is added by `assemble`. What only
//! shows over all tables of a record type is checked in `whole`.

use super::Options;
use super::draft::{Draft, TypeDraft, label};
use crate::definition::{
    Approval, BUILT_IN, Claim, Clock, Field, Index, Link, List, Matrix, Measure, Named, Permission,
    Rule, Section, State, Transition,
};
use crate::expression::{self, Expression, Kind, Scope, Slip};
use crate::grammar::{self, Names, Shape};
use crate::label::Label;
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node, quoted};
use std::collections::BTreeSet;

mod clock;
mod field;
pub(super) mod figures;
mod matrix;
mod rights;
mod workflow;

/// What one record type declares itself.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub sections: Named<Section>,
    pub fields: Named<Field>,
    pub links: Named<Link>,
    pub states: Named<State>,
    pub transitions: Named<Transition>,
    pub rules: Named<Rule>,
    pub approvals: Named<Approval>,
    pub clocks: Named<Clock>,
    pub role_scopes: Named<Expression>,
    pub permissions: Named<Permission>,
    pub evidence: Named<Claim>,
    pub lists: Named<List>,
    pub measures: Named<Measure>,
    pub matrices: Named<Matrix>,
    pub indexes: Named<Index>,
}

/// Builds one record type. `None` from a reader means that a problem has been told.
pub(crate) struct Builder<'b, 'a> {
    pub draft: &'b Draft<'a>,
    pub of: &'b TypeDraft<'a>,
    pub sources: &'b Sources,
    pub options: &'b Options<'b>,
    pub report: &'b mut Report,
}

impl<'b> Builder<'b, '_> {
    pub fn own(&mut self) -> Own {
        Own {
            sections: self.each("section", Self::section),
            fields: self.each("field", Self::field),
            links: self.each("link", Self::link),
            states: self.each("state", Self::state),
            transitions: self.each("transition", Self::transition),
            rules: self.each("rule", Self::rule),
            approvals: self.each("approval", Self::approval),
            clocks: self.each("clock", Self::clock),
            role_scopes: self.each("role", Self::role_scope),
            permissions: self.each("permission", Self::permission),
            evidence: self.each("evidence", Self::claim),
            lists: self.each("list", Self::list),
            measures: self.each("measure", Self::measure),
            matrices: self.each("matrix", Self::matrix),
            indexes: self.each("index", Self::index),
        }
    }

    fn each<T>(&mut self, kind: &str, read: fn(&mut Self, &Entry, Name) -> Option<T>) -> Named<T> {
        let mut found = Named::new();
        for entry in self.of.own(kind) {
            if let Some(name) = Name::new(&entry.key)
                && let Some(item) = read(self, entry, name.clone())
            {
                found.insert(name, item);
            }
        }
        found
    }

    fn name_of_type(&self) -> &str {
        self.of.name()
    }

    /// The label a table must have.
    fn label(&self, table: &Entry) -> Label {
        label(table.node.get("label"))
    }

    /// A text in each language that may be left out.
    fn optional_label(&self, table: &Entry, key: &str) -> Option<Label> {
        table.node.get(key).map(|entry| label(Some(entry)))
    }

    /// A key that names one thing.
    fn name(&mut self, kind: &str, table: &Entry, key: &str) -> Option<Name> {
        let node = &table.node.get(key)?.node;
        self.resolve(shape(kind, key), node)
    }

    /// A key that names several things, none twice.
    fn names(&mut self, kind: &str, table: &Entry, key: &str) -> Vec<Name> {
        let Some(entry) = table.node.get(key) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for item in entry.node.items() {
            let Some(name) = self.resolve(shape(kind, key), item) else { continue };
            if seen.insert(name.clone()) {
                found.push(name);
            } else {
                self.report.repeated_name(item.span, key, &name);
            }
        }
        found
    }

    fn resolve(&mut self, shape: Option<Shape>, node: &Node) -> Option<Name> {
        let (Shape::Name(names) | Shape::Names(names)) = shape? else { return None };
        self.resolve_as(names, node)
    }

    /// The name in a value, where something of that name exists.
    fn resolve_as(&mut self, names: Names, node: &Node) -> Option<Name> {
        let text = node.as_text()?;
        self.known(names, text, node.span)
    }

    fn known(&mut self, names: Names, text: &str, span: Span) -> Option<Name> {
        let known = self.known_names(names);
        if known.contains(&text) {
            return Name::new(text);
        }
        self.report.unknown(span, what(names), text, &known);
        None
    }

    fn known_names(&self, names: Names) -> Vec<&'b str> {
        let (draft, of) = (self.draft, self.of);
        let name = of.name();
        let fields = || of.fields.keys().copied();
        let links = || of.links.keys().copied();
        let built_in = || BUILT_IN.into_iter().filter(|field| draft.kind(name, field).is_some());
        match names {
            Names::RecordType => draft.types.keys().map(Name::as_str).collect(),
            Names::Field => fields().collect(),
            Names::FieldOrLink => fields().chain(links()).collect(),
            Names::Stored => fields().chain(built_in()).collect(),
            Names::Column => fields().chain(links()).chain(built_in()).collect(),
            Names::Section => draft.all_names(name, "section"),
            Names::State => of.states.0.keys().map(Name::as_str).collect(),
            Names::Rule => draft.all_names(name, "rule"),
            Names::Approval => draft.all_names(name, "approval"),
            Names::Link => links().collect(),
            Names::List => draft.all_names(name, "list"),
            Names::Measure => draft.all_names(name, "measure"),
            // Known only beside another key; pages look them up themselves.
            Names::Choice | Names::Parameter => Vec::new(),
            Names::Role => draft.roles.0.keys().map(Name::as_str).collect(),
            // No kind of table names a menu; the one of `[record]` is looked up with all menus.
            Names::Menu => Vec::new(),
        }
    }

    /// A key that holds a condition.
    fn condition(&mut self, kind: &str, table: &Entry, key: &str) -> Option<Expression> {
        self.expression(kind, table, key, Some(&Kind::YesNo))
    }

    /// A key that holds an expression; `expected` is the kind of its value where that is known.
    fn expression(
        &mut self,
        kind: &str,
        table: &Entry,
        key: &str,
        expected: Option<&Kind>,
    ) -> Option<Expression> {
        let node = &table.node.get(key)?.node;
        let Some(Shape::Expression(place)) = shape(kind, key) else { return None };
        self.check(node, place, expected)
    }

    fn check(
        &mut self,
        node: &Node,
        place: expression::Place,
        expected: Option<&Kind>,
    ) -> Option<Expression> {
        let text = node.as_text()?;
        let scope: &dyn Scope = self.draft;
        match expression::check(text, self.of.name(), place, expected, scope) {
            Ok(expression) => Some(expression),
            Err(slips) => {
                tell(self.report, self.sources, node.span, slips);
                None
            }
        }
    }
}

/// Reports what is wrong with the expression that is written at `span`.
pub(super) fn tell(report: &mut Report, sources: &Sources, span: Span, slips: Vec<Slip>) {
    if slips.is_empty() {
        report.unreadable_expression(span);
    }
    for slip in slips {
        let place = inside(sources, span, slip.start, slip.end);
        report.expression(slip.id, place, slip.message, slip.hint);
    }
}

/// The shape of a key, from the grammar.
fn shape(kind: &str, key: &str) -> Option<Shape> {
    Some(grammar::kind(kind)?.key(key)?.shape)
}

/// Where a part of a text in quotes is written.
pub(super) fn inside(sources: &Sources, span: Span, start: usize, end: usize) -> Span {
    let raw = sources.slice(span);
    let start = span.start + quoted::raw_offset(raw, start);
    let end = span.start + quoted::raw_offset(raw, end);
    Span { file: span.file, start, end: end.max(start) }
}

fn what(names: Names) -> What {
    match names {
        Names::RecordType => What::RecordType,
        Names::Field | Names::FieldOrLink | Names::Stored | Names::Column => What::Field,
        Names::Section => What::Section,
        Names::State => What::State,
        Names::Rule => What::Rule,
        Names::Approval => What::Approval,
        Names::Role => What::Role,
        Names::Link => What::Link,
        Names::List => What::List,
        Names::Measure => What::Measure,
        Names::Choice => What::Choice,
        Names::Parameter => What::Parameter,
        Names::Menu => What::Menu,
    }
}
