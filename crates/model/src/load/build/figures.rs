//! What is proved, shown and measured: evidence, lists, measures, indexes.

use super::Builder;
use crate::definition::{Claim, FieldKind, Figure, Index, List, Measure, Period, Sort};
use crate::expression::Kind;
use crate::grammar::Names;
use crate::name::Name;
use crate::problem::message::What;
use crate::source::Span;
use crate::tree::Entry;

impl Builder<'_, '_> {
    pub(super) fn claim(&mut self, entry: &Entry, name: Name) -> Option<Claim> {
        let over = self.condition("evidence", entry, "over");
        let holds = self.condition("evidence", entry, "holds");
        let requirement = entry.text("requirement")?.to_string();
        if let Some(known) = self.options.requirements
            && !known.contains(&requirement)
            && let Some(node) = entry.node.get("requirement")
        {
            let known = near(known.iter().map(String::as_str).collect(), &requirement);
            self.report.unknown(node.node.span, What::Requirement, &requirement, &known);
        }
        Some(Claim { name, label: self.label(entry), requirement, over: over?, holds: holds? })
    }

    pub(super) fn list(&mut self, entry: &Entry, name: Name) -> Option<List> {
        Some(List {
            name,
            label: self.optional_label(entry, "label"),
            columns: self.names("list", entry, "columns"),
            filter: self.condition("list", entry, "where"),
            sort: self.sort(entry),
        })
    }

    fn sort(&mut self, entry: &Entry) -> Vec<Sort> {
        let mut found: Vec<Sort> = Vec::new();
        let Some(sort) = entry.node.get("sort") else { return found };
        let span = sort.node.span;
        for part in sort.node.as_text().unwrap_or_default().split(',') {
            let part = part.trim();
            let (text, descending) = part.strip_prefix('-').map_or((part, false), |t| (t, true));
            let Some(field) = self.known(Names::Stored, text, span) else { continue };
            self.one_value(&field, "sort", span);
            if found.iter().any(|other| other.field == field) {
                self.report.repeated_name(span, "sort", &field);
            }
            found.push(Sort { field, descending });
        }
        found
    }

    /// What is sorted or indexed by holds one value that has an order.
    fn one_value(&mut self, field: &Name, key: &str, span: Span) {
        let many = match self.of.fields.get(field.as_str()) {
            Some(Some(kind)) => matches!(
                kind,
                FieldKind::MultiChoice(_)
                    | FieldKind::Attachment { .. }
                    | FieldKind::Markdown { .. }
            ),
            _ => false,
        };
        if many {
            self.report.wrong_field_type(span, field, key, "a field of one short value");
        }
    }

    pub(super) fn measure(&mut self, entry: &Entry, name: Name) -> Option<Measure> {
        let over = self.condition("measure", entry, "over");
        let figure = self.figure(entry);
        let at = self.name("measure", entry, "at");
        let by = self.name("measure", entry, "by");
        if let (Some(at), Some(node)) = (&at, entry.node.get("at"))
            && !matches!(self.kind_of(at), Kind::Instant | Kind::Date | Kind::Any)
        {
            self.report.wrong_field_type(node.node.span, at, "at", "a date or datetime");
        }
        if let (Some(by), Some(node)) = (&by, entry.node.get("by"))
            && !matches!(
                self.kind_of(by),
                Kind::Choice(_) | Kind::Reference(_) | Kind::YesNo | Kind::Any
            )
        {
            let expected = "a choice, a yes_no, a reference, the state or the type";
            self.report.wrong_field_type(node.node.span, by, "by", expected);
        }
        let per = entry.text("per").and_then(period);
        Some(Measure { name, label: self.label(entry), over: over?, figure: figure?, at, per, by })
    }

    fn kind_of(&self, field: &Name) -> Kind {
        self.draft.kind(self.name_of_type(), field).unwrap_or(Kind::Any)
    }

    fn figure(&mut self, entry: &Entry) -> Option<Figure> {
        let share = self.condition("measure", entry, "share");
        let value = self.expression("measure", entry, "value", None);
        let given = ["share", "value"].iter().filter(|key| entry.node.get(key).is_some()).count();
        if given + usize::from(entry.is("count")) != 1 {
            self.report.measure_shape(entry.key_span, &entry.key);
            return None;
        }
        if let (Some(value), Some(node)) = (&value, entry.node.get("value"))
            && !is_number(&value.kind)
        {
            self.report.measure_value(node.node.span);
        }
        match (share, value) {
            (Some(share), _) => Some(Figure::Share(share)),
            (_, Some(value)) => Some(Figure::Value(value)),
            _ => entry.is("count").then_some(Figure::Count),
        }
    }

    pub(super) fn index(&mut self, entry: &Entry, name: Name) -> Option<Index> {
        let fields = self.names("index", entry, "fields");
        let nodes = entry.node.get("fields").map_or(&[][..], |fields| fields.node.items());
        if let (Some(key), true) = (entry.node.get("fields"), nodes.is_empty()) {
            self.report.empty_text(key.node.span, "fields");
        }
        for node in nodes {
            if let Some(field) = fields.iter().find(|field| node.as_text() == Some(field)) {
                self.one_value(field, "fields", node.span);
            }
        }
        Some(Index { name, fields, unique: entry.is("unique") })
    }
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer | Kind::Decimal(_) | Kind::Money | Kind::Duration | Kind::Any)
}

pub(in crate::load) fn period(text: &str) -> Option<Period> {
    Some(match text {
        "day" => Period::Day,
        "week" => Period::Week,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        _ => return None,
    })
}

/// The requirements of the same clause where there are any, else all: a hint of 300 ids is none.
fn near<'k>(known: Vec<&'k str>, id: &str) -> Vec<&'k str> {
    let clause = id.rsplit_once('-').map_or(id, |(clause, _)| clause);
    let same = |k: &&str| k.rsplit_once('-').is_some_and(|(other, _)| other == clause);
    let found: Vec<&str> = known.iter().copied().filter(same).collect();
    if found.is_empty() { known } else { found }
}
