//! One cell of a list, edited where it stands: the form that takes its place, and the row as it is
//! afterwards. Scripts alone ask for it; the record's own page does the same without them.

use super::edit::{perform, target};
use super::field::{Filled, Wrong, is_filled_by_people};
use super::list::Around;
use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::{Command, Error, Input, Listed, Sheet};
use maud::{Markup, html};
use model::Name;
use model::definition::Field;
use serde_json::Map;

pub const QUERY: &[Parameter] =
    &[Parameter::text("columns", 4000, "The columns of the list, between commas.")];

/// The form of one field, in the place of its cell; or the cell with the reason why there is none.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let sheet = call.session.sheet(call.record_type(), call.record(), None)?;
    let field = sheet.definition.fields.get(call.part("field"));
    let field = field.filter(|field| page.session().may_see_field(&sheet.definition, &field.name));
    let field = field.ok_or_else(Problem::missing)?;
    let columns = call.query.text("columns").unwrap_or("");
    let shown = match is_filled_by_people(field) && sheet.editable.contains(&field.name) {
        true => {
            let filled = Filled::Record(&sheet.seen.json);
            let form = page.cell_form(&sheet, field, (&filled, columns), &Wrong::new());
            page.row_of(&sheet, columns, Some((&field.name, form)))?
        }
        false => {
            let label = field.label.text(page.language());
            let said = page.t(" cannot be changed here now.", "当前不可修改。");
            html! {
                (page.row_of(&sheet, columns, None)?)
                (page.said_beside(&format!("{label}{said}")))
            }
        }
    };
    Ok(html_answer(StatusCode::OK, shown))
}

/// Writes the field; the row as it is then, or the form as it was typed and what is wrong.
pub fn save(call: &Call) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let field = of.definition.fields.get(call.part("field"));
    let field = field.filter(|field| is_filled_by_people(field)).ok_or_else(Problem::missing)?;
    let columns = form.text("columns").unwrap_or("");
    let base = form.text("base").and_then(|base| base.parse().ok());
    let done = match page.typed(field, &form).filter(|_| !page.is_untouched(field, &form)) {
        None => Ok(()),
        Some(json) => {
            let object = Map::from_iter([(field.name.to_string(), json)]);
            let input = call.session.input(&of.definition.name, &object);
            input
                .and_then(|Input { values, .. }| perform(call, &of, Command::Edit { values }, base))
                .map(drop)
        }
    };
    let sheet = call.session.sheet(call.record_type(), call.record(), None)?;
    match done {
        Ok(()) => Ok(html_answer(StatusCode::OK, page.row_of(&sheet, columns, None)?)),
        Err(Error::Refused(refusal)) => {
            let filled = Filled::Typed(&form);
            let form = page.cell_form(&sheet, field, (&filled, columns), &page.wrong(&refusal));
            let row = page.row_of(&sheet, columns, Some((&field.name, form)))?;
            // 200: what is answered as an error takes no row's place.
            Ok(html_answer(StatusCode::OK, row))
        }
        Err(fault) => Err(fault.into()),
    }
}

impl Page<'_> {
    fn cell_form(
        &self,
        sheet: &Sheet,
        field: &Field,
        (filled, columns): (&Filled, &str),
        wrong: &Wrong,
    ) -> Markup {
        let record = self.record_address(&sheet.definition, self.call.record());
        let path = format!("{record}/cell/{}", field.name);
        html! {
            td.cell-form data-f=(field.name) {
                form method="post" action=(path) hx-post=(path) hx-target="closest tr"
                    hx-swap="outerHTML" hx-boost="false" {
                    input type="hidden" name="csrf" value=(self.csrf());
                    input type="hidden" name="columns" value=(columns);
                    input type="hidden" name="base" value=(sheet.seen.version);
                    input type="hidden" name=(format!("was.{}", field.name))
                        value=(self.held(field, &sheet.seen.json));
                    (self.bare_input(field, filled))
                    button.btn.btn-icon type="submit" aria-label=(self.t("Save", "保存")) {
                        (icon("check"))
                    }
                    @for (_, said) in wrong {
                        p.error role="alert" { (icon("circle-alert")) span { (said) } }
                    }
                }
            }
        }
    }

    /// The row of a list that shows this record.
    fn row_of(
        &self,
        sheet: &Sheet,
        columns: &str,
        open: Option<(&Name, Markup)>,
    ) -> Result<Markup> {
        let columns: Vec<String> = columns
            .split(',')
            .map(|name| name.trim().to_string())
            .filter(|name| !name.is_empty())
            .collect();
        let record = &sheet.seen.json;
        let listed = Listed {
            records: Vec::new(),
            keys: vec![sheet.seen.key],
            next: None,
            previous: None,
            total: None,
        };
        let next = self.session().next_breaches(&sheet.definition, &listed)?;
        let open = open.as_ref().map(|(name, form)| (name.as_str(), form));
        let around = Around { chooses: true, next: next.get(&sheet.seen.key), open };
        Ok(self.row(&sheet.definition, &columns, record, around))
    }

    /// A sentence for the place where things are said, beside a part of the page.
    fn said_beside(&self, said: &str) -> Markup {
        html! {
            div hx-swap-oob="beforeend:#toasts" {
                div.over.toast { (icon("info")) span { (said) } }
            }
        }
    }

    /// Whether cells of a list of these may be edited where they stand.
    pub(super) fn edits_cells(&self, record_type: &str) -> bool {
        self.call.query.text("as_of").is_none() && self.session().may_edit_type(record_type)
    }
}
