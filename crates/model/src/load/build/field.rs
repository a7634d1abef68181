//! Sections, fields and links.

use super::Builder;
use crate::definition::{Field, FieldKind, Link, Section};
use crate::expression::Kind;
use crate::load::field_kind;
use crate::name::Name;
use crate::tree::Entry;

impl Builder<'_, '_> {
    pub(super) fn section(&mut self, entry: &Entry, name: Name) -> Option<Section> {
        let fields = self.names("section", entry, "fields");
        Some(Section { name, label: self.label(entry), fields })
    }

    pub(super) fn field(&mut self, entry: &Entry, name: Name) -> Option<Field> {
        field_kind::check(entry, self.draft, self.report);
        if entry.text("type") == Some("reference") {
            self.name("field", entry, "to");
        }
        let kind = self.of.fields.get(entry.key.as_str()).cloned().flatten();
        let expected = kind.as_ref().map_or(Kind::Any, Kind::from);
        let default = self.expression("field", entry, "default", Some(&expected));
        let computed = self.expression("field", entry, "computed", Some(&expected));
        let show = self.condition("field", entry, "show");
        self.one_source(entry);
        let kind = kind?;
        let searched = entry.node.get("searched").and_then(|entry| entry.node.as_yes_no());
        Some(Field {
            name,
            label: self.label(entry),
            help: self.optional_label(entry, "help"),
            required: entry.is("required"),
            unique: entry.is("unique"),
            default,
            computed,
            show,
            set_by_workflow: entry.text("set_by") == Some("workflow"),
            tracked: entry.is("tracked"),
            searched: searched.unwrap_or_else(|| is_text(&kind)),
            personal: entry.is("personal"),
            declared_by: self.of.name().clone(),
            kind,
        })
    }

    /// A computed field has its value from nowhere else.
    fn one_source(&mut self, entry: &Entry) {
        if entry.node.get("computed").is_none() {
            return;
        }
        for key in ["default", "set_by"] {
            if let Some(other) = entry.node.get(key) {
                self.report.field_is_set_twice(other.key_span, &entry.key);
            }
        }
    }

    pub(super) fn link(&mut self, entry: &Entry, name: Name) -> Option<Link> {
        if self.of.fields.contains_key(entry.key.as_str()) {
            self.report.link_named_as_field(entry.key_span, &entry.key);
        }
        let to = self.name("link", entry, "to")?;
        let inverse = self.optional_label(entry, "inverse")?;
        let many = entry.is("many");
        let declared_by = self.of.name().clone();
        Some(Link { name, label: self.label(entry), inverse, to, many, declared_by })
    }
}

/// Whether search finds the words of such a field unless the definition says otherwise.
fn is_text(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Text { .. }
            | FieldKind::LocalText { .. }
            | FieldKind::Markdown { .. }
            | FieldKind::Email
            | FieldKind::Url
    )
}
