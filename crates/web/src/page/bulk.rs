//! The same for many records: a step, or a value in one field. What would be refused is said
//! beforehand, what was done and what was not afterwards, record by record.

use super::edit::words;
use super::field::{Filled, Wrong, is_filled_by_people};
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::icon;
use engine::bulk::{Chosen, Deed, Each};
use engine::refusal::Refusal;
use engine::{Command, Error, Input};
use maud::{Markup, html};
use model::definition::{Field, RecordType};
use model::{Language, Name};
use std::sync::Arc;

pub const QUERY: &[Parameter] = &[
    Parameter::text("step", 70, "The step to perform on each, or `edit:` and a field.").needed(),
    Parameter::text("chosen", 20_000, "The records by number or id, between commas.").needed(),
];

/// What is done with each.
enum Act {
    Step(Name),
    Field(Name),
}

/// What is asked for: which act, on which records.
struct Asked {
    definition: Arc<RecordType>,
    act: Act,
    /// The act as the address and the form write it.
    written: String,
    chosen: Vec<String>,
}

impl Asked {
    /// The fields that the form asks for.
    fn fields(&self) -> Vec<&Field> {
        let fields = &self.definition.fields;
        match &self.act {
            Act::Field(name) => fields.get(name).into_iter().collect(),
            Act::Step(name) => {
                let step = self.definition.transitions.get(name);
                let needs = step.into_iter().flat_map(|step| &step.needs);
                needs.filter_map(|name| fields.get(name)).collect()
            }
        }
    }

    /// What people call the act.
    fn label(&self, language: Language) -> String {
        match &self.act {
            Act::Step(name) => {
                let step = self.definition.transitions.get(name);
                step.map_or("", |step| step.label.text(language)).to_string()
            }
            Act::Field(name) => {
                let field = self.definition.fields.get(name);
                let label = field.map_or("", |field| field.label.text(language));
                match language == Language::ZH {
                    true => format!("修改“{label}”"),
                    false => format!("Edit {label}"),
                }
            }
        }
    }

    fn command(&self, values: Vec<(Name, model::Value)>, note: Option<String>) -> Command {
        match &self.act {
            Act::Step(name) => Command::Transition { name: name.clone(), values, note },
            Act::Field(_) => Command::Edit { values },
        }
    }
}

fn asked(page: &Page, step: &str, chosen: &str) -> Result<Asked> {
    let definition = page.asked_type()?;
    let act = match step.strip_prefix("edit:") {
        Some(field) => Name::new(field)
            .filter(|name| {
                let field = definition.fields.get(name);
                field.is_some_and(|field| page.takes_value(&definition, field))
            })
            .map(Act::Field),
        None => {
            let step = Name::new(step).filter(|step| definition.transitions.contains_key(step));
            step.map(Act::Step)
        }
    };
    let act = act.ok_or_else(Problem::missing)?;
    let names = chosen.split(',').map(str::trim).filter(|name| !name.is_empty());
    let chosen: Vec<String> = names.map(str::to_string).collect();
    let most = page.call.app.settings.limits.bulk;
    if chosen.is_empty() || chosen.len() > most {
        return Err(Problem::malformed(
            format!("Choose 1 to {most} records in the list first."),
            format!("请先在列表中选择 1 到 {most} 条记录。"),
        ));
    }
    Ok(Asked { definition, act, written: step.to_string(), chosen })
}

/// What would happen, and the form that makes it happen.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let query = &call.query;
    let asked = asked(&page, query.text("step").unwrap_or(""), query.text("chosen").unwrap_or(""))?;
    let told = match asked.act {
        Act::Step(_) => Some(page.done(&asked, Vec::new(), None, true)?),
        // Nothing can be said before there is a value.
        Act::Field(_) => None,
    };
    let form = Form::default();
    Ok(page.frame(page.bulk_form(&asked, told.as_deref(), &form, &Vec::new())))
}

/// Performs the act on each; or, where the form asks first, says what would be refused.
pub fn perform(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let asked = asked(&page, form.text("step").unwrap_or(""), form.text("chosen").unwrap_or(""))?;
    let mut object = page.object(asked.fields().into_iter(), &form);
    if let Act::Field(name) = &asked.act {
        // A field that was emptied is unset on each.
        object.entry(name.to_string()).or_insert(serde_json::Value::Null);
    }
    let input = call.session.input(&asked.definition.name, &object);
    let taken = input.and_then(|Input { values, .. }| Ok((values, words(&form, "note")?)));
    let (values, note) = match taken {
        Ok(taken) => taken,
        Err(Error::Refused(refusal)) => {
            let (wrong, status) = (page.wrong(&refusal), crate::refused::problem(&refusal).status);
            let scene = page.bulk_form(&asked, None, &form, &wrong);
            return Ok(page.frame(scene).status(status));
        }
        Err(fault) => return Err(fault.into()),
    };
    if form.text("first").is_some() {
        let told = page.done(&asked, values, note, true)?;
        return Ok(page.frame(page.bulk_form(&asked, Some(&told), &form, &Vec::new())));
    }
    let told = page.done(&asked, values, note, false)?;
    Ok(page.frame(page.bulk_result(&asked, &told)))
}

impl Page<'_> {
    /// The fields that can be set on many records from their list.
    pub(super) fn bulk_fields(&self, definition: &RecordType) -> Markup {
        if !self.session().may_edit_type(&definition.name) {
            return html! {};
        }
        let sections = definition.sections.values();
        let fields: Vec<&Field> = sections
            .flat_map(|section| &section.fields)
            .filter_map(|name| definition.fields.get(name))
            .filter(|field| !field.unique && self.takes_value(definition, field))
            .collect();
        html! {
            optgroup label=(self.t("Set a field", "修改字段")) {
                @for field in fields {
                    option value=(format!("edit:{}", field.name)) {
                        (field.label.text(self.language()))
                    }
                }
            }
        }
    }

    /// Whether a form may ask this person for a value of the field; files come one by one.
    fn takes_value(&self, definition: &RecordType, field: &Field) -> bool {
        is_filled_by_people(field) && self.session().may_see_field(definition, &field.name)
    }

    fn done(
        &self,
        asked: &Asked,
        values: Vec<(Name, model::Value)>,
        note: Option<String>,
        rehearse: bool,
    ) -> Result<Vec<Each>> {
        let command = asked.command(values, note);
        let chosen = Chosen::Named(asked.chosen.clone());
        let deed = Deed { command: &command, rehearse, idempotency: None };
        Ok(self.session().bulk(&asked.definition.name, &chosen, deed)?)
    }

    /// The form of the act; `told` is what a rehearsal said.
    fn bulk_form(&self, asked: &Asked, told: Option<&[Each]>, form: &Form, wrong: &Wrong) -> Scene {
        let label = asked.label(self.language());
        let is_step = matches!(asked.act, Act::Step(_));
        // What the form below asks for is no reason against.
        let fits = |each: &&Each| match &each.result {
            Ok(_) => true,
            Err(Refusal::Needs { .. } | Refusal::NeedsNote) => is_step,
            Err(_) => false,
        };
        let count = told.map(|told| told.iter().filter(fits).count());
        let body = html! {
            div.page-head { div { h1 { (label) } p { (self.foretold(asked, count)) } } }
            div.cols {
                form.form method="post" novalidate
                    action=(self.to(&format!("/{}/bulk", asked.definition.name))) {
                    input type="hidden" name="csrf" value=(self.csrf());
                    input type="hidden" name="step" value=(asked.written);
                    input type="hidden" name="chosen" value=(asked.chosen.join(","));
                    (self.notice(&asked.definition, wrong))
                    @for field in asked.fields() {
                        (self.field(field, &Filled::Typed(form), wrong))
                    }
                    @if is_step { (self.note_field(form)) }
                    div.btns {
                        @match count {
                            Some(0) => {}
                            Some(count) => button.btn.btn-solid type="submit" {
                                (label) " (" (count) ")"
                            },
                            // What was typed for the step was refused: once more.
                            None if is_step => button.btn.btn-solid type="submit" { (label) },
                            None => {}
                        }
                        @if !is_step {
                            button.btn type="submit" name="first" value="yes" {
                                (self.t("See what would be refused", "预检"))
                            }
                        }
                        a.btn.btn-plain href=(self.to(&format!("/{}", asked.definition.name))) {
                            (self.t("Cancel", "取消"))
                        }
                    }
                }
                div.stack { @if let Some(told) = told { (self.refusals(asked, told, fits)) } }
            }
        };
        self.bulk_scene(asked, &label, body)
    }

    fn note_field(&self, form: &Form) -> Markup {
        html! {
            div.field {
                label for="f-note" { (self.t("Note", "说明")) }
                textarea.area #f-note name="note" rows="3" maxlength="20000" {
                    (form.text("note").unwrap_or(""))
                }
            }
        }
    }

    /// What will happen, in a sentence.
    fn foretold(&self, asked: &Asked, count: Option<usize>) -> String {
        let all = asked.chosen.len();
        let is_step = matches!(asked.act, Act::Step(_));
        match (count, self.language() == Language::ZH, is_step) {
            (None, true, true) => format!("已选 {all} 条记录。"),
            (None, false, true) => format!("{all} records are chosen."),
            (None, true, false) => format!("已选 {all} 条记录。请填写新值，然后预检。"),
            (None, false, false) => {
                format!("{all} records are chosen. Say the value, then see what would be refused.")
            }
            (Some(count), true, true) => format!("所选 {all} 条记录中有 {count} 条可以执行。"),
            (Some(count), true, false) => format!("所选 {all} 条记录中有 {count} 条可以修改。"),
            (Some(count), false, true) => format!("{count} of {all} records can take this step."),
            (Some(count), false, false) => format!("{count} of {all} records can take this value."),
        }
    }

    fn bulk_scene(&self, asked: &Asked, label: &str, body: Markup) -> Scene {
        let plural = asked.definition.plural.text(self.language());
        Scene {
            title: label.to_string(),
            trail: vec![
                Trail::to(plural, self.to(&format!("/{}", asked.definition.name))),
                Trail::here(label),
            ],
            tools: html! {},
            here: self.menu_entry(&asked.definition),
            body,
            bleeds: false,
        }
    }

    fn refusals(&self, asked: &Asked, told: &[Each], fits: impl Fn(&&Each) -> bool) -> Markup {
        let refused: Vec<&Each> = told.iter().filter(|each| !fits(each)).collect();
        html! {
            @if !refused.is_empty() {
                section aria-labelledby="refused" {
                    div.sec {
                        h2 #refused { (self.t("Left as they are", "保持不变")) }
                        span.count { (refused.len()) }
                    }
                    ul.rows {
                        @for each in refused {
                            li {
                                a href=(self.record_address(&asked.definition, &each.record)) {
                                    (each.record)
                                }
                                @if let Err(refusal) = &each.result {
                                    " " span.second { (refusal.text(self.language())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn bulk_result(&self, asked: &Asked, told: &[Each]) -> Scene {
        let label = asked.label(self.language());
        let done: Vec<&Each> = told.iter().filter(|each| each.result.is_ok()).collect();
        let said = match self.language() == Language::ZH {
            true => format!("{} 条已执行，{} 条保持不变。", done.len(), told.len() - done.len()),
            false => format!("{} done, {} left as they are.", done.len(), told.len() - done.len()),
        };
        let body = html! {
            div.page-head { div { h1 { (label) } p role="status" { (said) } } }
            div.cols {
                section aria-labelledby="done" {
                    div.sec { h2 #done { (self.t("Done", "已执行")) } span.count { (done.len()) } }
                    ul.rows {
                        @for each in done {
                            li.line {
                                (icon("check"))
                                a href=(self.record_address(&asked.definition, &each.record)) {
                                    (each.record)
                                }
                            }
                        }
                    }
                }
                div.stack { (self.refusals(asked, told, |each| each.result.is_ok())) }
            }
            p.btns.below { a.btn href=(self.to(&format!("/{}", asked.definition.name))) {
                (self.t("Back to the list", "返回列表"))
            } }
        };
        self.bulk_scene(asked, &label, body)
    }
}
