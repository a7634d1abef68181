//! Values of records in the cells of tables: fields, and what every record has.

use super::{Desk, Record};
use crate::show::mark;
use crate::show::value::in_language;
use maud::{Markup, html};
use model::definition::{FieldKind, RecordType};
use serde_json::Value as Json;

impl Desk<'_> {
    /// The heading of a column.
    pub(super) fn heading(&self, definition: &RecordType, name: &str) -> String {
        if let Some(field) = definition.fields.get(name) {
            return self.label(&field.label).to_string();
        }
        let said = match name {
            "number" => self.t("Number", "编号"),
            "state" => self.t("State", "状态"),
            "created_at" => self.t("Created", "创建时间"),
            "created_by" => self.t("Created by", "创建人"),
            "changed_at" => self.t("Changed", "更新时间"),
            "changed_by" => self.t("Changed by", "更新人"),
            "type" => self.t("Type", "类型"),
            "version" => self.t("Version", "版本"),
            other => other,
        };
        said.to_string()
    }

    /// A value in a cell.
    pub(super) fn cell(&self, definition: &RecordType, name: &str, record: &Record) -> Markup {
        let json = record.get(name).unwrap_or(&Json::Null);
        let out = self.out();
        match (name, json) {
            (_, Json::Null) => html! {},
            ("state", Json::String(state)) => mark::state(definition, state, self.watch.language),
            ("type", Json::String(name)) => {
                let found = self.catalogue.record_type(name);
                html! { (found.map_or(name.as_str(), |found| self.label(&found.label))) }
            }
            ("created_at" | "changed_at", json) => out.cell(&FieldKind::Datetime, json),
            ("created_by" | "changed_by", json) => title_of(json),
            (name, json) => match definition.fields.get(name) {
                Some(field) => out.cell(&field.kind, json),
                None => html! { (plain(json)) },
            },
        }
    }

    /// A value in bare words: of a choice its label, of a reference the title.
    pub(super) fn words(&self, definition: &RecordType, name: &str, record: &Record) -> String {
        let json = record.get(name).unwrap_or(&Json::Null);
        let kind = definition.fields.get(name).map(|field| &field.kind);
        match (kind, json) {
            (Some(FieldKind::Choice(choices)), Json::String(choice)) => {
                let label = choices.0.get(choice.as_str());
                label.map_or(choice.clone(), |label| self.label(label).to_string())
            }
            (Some(FieldKind::LocalText { .. }), Json::Object(texts)) => {
                in_language(texts, self.watch.language)
            }
            _ => plain(json),
        }
    }

    /// The title of a record of this type.
    pub(super) fn title(&self, definition: &RecordType, record: &Record) -> String {
        match record.get(definition.title.as_str()) {
            Some(Json::Object(texts)) => in_language(texts, self.watch.language),
            Some(json) => plain(json),
            None => String::new(),
        }
    }
}

/// Whether figures stand in the column.
pub(super) fn is_number(definition: &RecordType, name: &str) -> bool {
    let kind = definition.fields.get(name).map(|field| &field.kind);
    matches!(kind, Some(FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Money))
}

/// The title of a record that a reference shows.
pub(super) fn title_of(card: &Json) -> Markup {
    html! { (card.get("title").and_then(Json::as_str).unwrap_or("")) }
}

/// A value as bare text: of a reference the title, of a choice its name.
pub(super) fn plain(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Object(card) => {
            card.get("title").and_then(Json::as_str).unwrap_or_default().to_string()
        }
        other => other.to_string(),
    }
}
