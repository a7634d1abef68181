//! The table of a list: heads that sort, rows that lead to records, and what can be done with those
//! that are chosen.

use super::Asked;
use crate::page::Page;
use crate::problem::Result;
use crate::show::mark::{icon, key, priority, small, state};
use engine::clock::Explained;
use engine::{Listed, column_label};
use maud::{Markup, html};
use model::definition::{FieldKind, RecordType};
use serde_json::{Map, Value as Json};

/// What a row has beside its values.
#[derive(Default)]
pub(in crate::page) struct Around<'r> {
    /// Whether it can be chosen, looked at beside the list, and edited where it stands.
    pub chooses: bool,
    /// The clock with the least time left.
    pub next: Option<&'r Explained>,
    /// What stands in the place of one cell.
    pub open: Option<(&'r str, &'r Markup)>,
}

impl Page<'_> {
    pub(super) fn found(&self, asked: &Asked, listed: &Listed) -> Result<Markup> {
        if listed.records.is_empty() && listed.previous.is_none() {
            return Ok(self.nothing(asked));
        }
        let definition = &asked.definition;
        let breaches = self.session().next_breaches(definition, listed)?;
        let cells = self.edits_cells(&definition.name).then(|| asked.columns.join(","));
        Ok(html! {
            table.table.bleed.fold data-columns=[cells] {
                caption.vh { (self.shown(listed)) }
                thead { tr {
                    th scope="col" { span.vh { (self.t("Choose", "选择")) } }
                    @for column in &asked.columns { (self.column_head(asked, column)) }
                    @if !definition.clocks.is_empty() {
                        th scope="col" { (self.t("Time left", "剩余时间")) }
                    }
                } }
                tbody {
                    @for (record, key) in listed.records.iter().zip(&listed.keys) {
                        (self.row(definition, &asked.columns, record, Around {
                            chooses: true,
                            next: breaches.get(key),
                            open: None,
                        }))
                    }
                }
            }
            (self.bulk_bar(definition))
            div.pager {
                (self.how_many(listed))
                span.push {}
                @if let Some(cursor) = &listed.previous {
                    a.btn.btn-plain href=(self.with(&[("before", cursor)])) rel="prev" {
                        (icon("chevron-right")) (self.t("Previous", "上一页"))
                    }
                }
                @if let Some(cursor) = &listed.next {
                    a.btn.btn-plain href=(self.with(&[("cursor", cursor)])) rel="next" {
                        (self.t("Next", "下一页")) (icon("chevron-right"))
                    }
                }
            }
        })
    }

    /// Shown while rows are chosen: a step for all of them. What would be refused is said next.
    fn bulk_bar(&self, definition: &RecordType) -> Markup {
        let mine: Vec<_> = definition
            .transitions
            .values()
            .filter(|step| step.by.iter().any(|role| self.session().plays(role)))
            .collect();
        html! {
            @if !mine.is_empty() || self.session().may_edit_type(&definition.name) {
                form.bulk method="get" action=(self.to(&format!("/{}/bulk", definition.name)))
                    aria-label=(self.t("Actions on chosen records", "对所选记录的操作")) {
                    b data-chosen { "0" } " " (self.t("chosen", "条已选"))
                    input type="hidden" name="chosen" value="";
                    span.suffix {
                        select.select name="step" aria-label=(self.t("Step", "操作")) {
                            @for step in mine {
                                option value=(step.name) { (step.label.text(self.language())) }
                            }
                            (self.bulk_fields(definition))
                        }
                        span { (icon("chevron-down")) }
                    }
                    button.btn type="submit" { (self.t("Go on", "继续")) }
                    span.push {}
                    button.btn.btn-plain type="button" data-clear {
                        (self.t("Clear", "清除")) " " (key("Esc"))
                    }
                }
            }
        }
    }

    /// The head of a column: its label, and the way to the order by it.
    fn column_head(&self, asked: &Asked, column: &str) -> Markup {
        let label = self.column_label(&asked.definition, column);
        if asked.definition.links.contains_key(column) {
            return html! { th scope="col" { (label) } };
        }
        let first = asked.sort.split(',').next().unwrap_or("").trim();
        let (now, next) = match first.strip_prefix('-') {
            Some(name) if name == column => (Some("descending"), column.to_string()),
            None if first == column => (Some("ascending"), format!("-{column}")),
            _ => (None, column.to_string()),
        };
        html! {
            th scope="col" aria-sort=[now] {
                a.sort href=(self.with(&[("sort", &next)])) {
                    (label)
                    @match now {
                        Some("ascending") => { " " (small("chevron-up")) }
                        Some(_) => { " " (small("chevron-down")) }
                        None => {}
                    }
                }
            }
        }
    }

    pub(in crate::page) fn column_label(&self, definition: &RecordType, column: &str) -> String {
        column_label(definition, column, self.language())
    }

    /// One row; the title leads to the record.
    pub(in crate::page) fn row(
        &self,
        definition: &RecordType,
        columns: &[String],
        record: &Map<String, Json>,
        around: Around,
    ) -> Markup {
        let real = record.get("type").and_then(Json::as_str);
        let real = real.and_then(|name| self.catalogue.record_type(name));
        let definition = real.map_or(definition, |found| found);
        let text = |name: &str| record.get(name).and_then(Json::as_str);
        let name = text("number").filter(|n| !n.is_empty()).or_else(|| text("id")).unwrap_or("");
        let address = self.record_address(definition, name);
        let choose = self.t("Choose", "选择");
        let preview = around.chooses.then(|| format!("{address}/preview"));
        html! {
            tr data-row data-id=[text("id")] data-preview=[preview] {
                @if around.chooses {
                    td.later {
                        label.tick {
                            input.check type="checkbox" name="choose" value=(name);
                            span.vh { (choose) " " (name) }
                        }
                    }
                }
                @for column in columns {
                    @match around.open {
                        Some((open, form)) if open == column => (form),
                        _ => (self.cell(definition, column, record.get(column.as_str()), &address)),
                    }
                }
                @if !definition.clocks.is_empty() {
                    td { @if let Some(next) = around.next { (self.time_left(next)) } }
                }
            }
        }
    }

    fn cell(
        &self,
        definition: &RecordType,
        column: &str,
        json: Option<&Json>,
        address: &str,
    ) -> Markup {
        let json = json.unwrap_or(&Json::Null);
        let language = self.language();
        if *definition.title == *column {
            let kind = definition.fields.get(column).map(|field| &field.kind);
            return html! {
                td.title { a href=(address) {
                    @if let Some(kind) = kind { (self.out().cell(kind, json)) }
                } }
            };
        }
        match (column, json) {
            ("number", Json::String(number)) => html! { td.id { (number) } },
            ("state", Json::String(name)) => html! { td { (state(definition, name, language)) } },
            ("created_at" | "changed_at", Json::String(at)) => {
                html! { td.second.later { (self.watch.instant(at)) } }
            }
            (_, Json::String(name)) if definition.matrices.contains_key(column) => {
                html! { td data-f=(column) { (self.rank(definition, column, name)) } }
            }
            _ => self.field_cell(definition, column, json),
        }
    }

    /// A choice that a matrix gives is a rank: the first is the most urgent.
    pub(in crate::page) fn rank(&self, definition: &RecordType, field: &str, name: &str) -> Markup {
        let kind = definition.fields.get(field).map(|field| &field.kind);
        let Some(FieldKind::Choice(choices)) = kind else { return html! { (name) } };
        let Some((rank, _, label)) = choices.0.get_full(name) else { return html! { (name) } };
        priority(rank + 1, label.text(self.language()), self.language())
    }

    fn field_cell(&self, definition: &RecordType, column: &str, json: &Json) -> Markup {
        let reference = model::definition::FieldKind::Reference { to: definition.name.clone() };
        let field = definition.fields.get(column);
        let kind = field.map_or(&reference, |field| &field.kind);
        // Only a field is edited where it stands.
        let edits = field.map(|field| field.name.as_str());
        let is_number = matches!(
            kind,
            FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Money
        );
        let class = if is_number { "num" } else { "second later" };
        html! { td class=(class) data-f=[edits] { (self.out().cell(kind, json)) } }
    }
}
