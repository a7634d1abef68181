//! The same step for many records: what would be refused is said beforehand, what was done and what
//! was not afterwards, record by record.

use super::edit::words;
use super::field::{Filled, Wrong};
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
use model::definition::{Field, RecordType, Transition};
use model::{Language, Name};
use std::sync::Arc;

pub const QUERY: &[Parameter] = &[
    Parameter::text("step", 64, "The step to perform on each.").needed(),
    Parameter::text("chosen", 20_000, "The records by number or id, between commas.").needed(),
];

/// Which step, on which records.
struct Asked {
    definition: Arc<RecordType>,
    step: Name,
    chosen: Vec<String>,
}

impl Asked {
    fn transition(&self) -> Result<&Transition> {
        self.definition.transitions.get(&self.step).ok_or_else(Problem::missing)
    }
}

fn asked(page: &Page, step: &str, chosen: &str) -> Result<Asked> {
    let definition = page.catalogue.record_type(page.call.record_type()).cloned();
    let definition = definition.ok_or_else(Problem::missing)?;
    let step = Name::new(step).filter(|step| definition.transitions.contains_key(step));
    let step = step.ok_or_else(Problem::missing)?;
    let names = chosen.split(',').map(str::trim).filter(|name| !name.is_empty());
    let chosen: Vec<String> = names.map(str::to_string).collect();
    let most = page.call.app.settings.limits.bulk;
    if chosen.is_empty() || chosen.len() > most {
        return Err(Problem::malformed(
            format!("Choose 1 to {most} records in the list first."),
            format!("请先在列表中选择 1 到 {most} 条记录。"),
        ));
    }
    Ok(Asked { definition, step, chosen })
}

/// What would happen, and the form that makes it happen.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let query = &call.query;
    let asked = asked(&page, query.text("step").unwrap_or(""), query.text("chosen").unwrap_or(""))?;
    let told = page.done(&asked, Vec::new(), None, true)?;
    Ok(page.frame(page.bulk_form(&asked, &told, &Form::default(), &Vec::new())?))
}

/// Performs the step on each.
pub fn perform(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let asked = asked(&page, form.text("step").unwrap_or(""), form.text("chosen").unwrap_or(""))?;
    let needs = asked.transition()?.needs.clone();
    let fields = needs.iter().filter_map(|name| asked.definition.fields.get(name));
    let object = page.object(fields, &form);
    let input = call.session.input(&asked.definition.name, &object);
    let taken = input.and_then(|Input { values, .. }| Ok((values, words(&form, "note")?)));
    let (values, note) = match taken {
        Ok(taken) => taken,
        Err(Error::Refused(refusal)) => {
            let told = page.done(&asked, Vec::new(), None, true)?;
            let wrong = page.wrong(&refusal);
            return Ok(page.frame(page.bulk_form(&asked, &told, &form, &wrong)?));
        }
        Err(fault) => return Err(fault.into()),
    };
    let told = page.done(&asked, values, note, false)?;
    Ok(page.frame(page.bulk_result(&asked, &told)?))
}

impl Page<'_> {
    fn done(
        &self,
        asked: &Asked,
        values: Vec<(Name, model::Value)>,
        note: Option<String>,
        rehearse: bool,
    ) -> Result<Vec<Each>> {
        let command = Command::Transition { name: asked.step.clone(), values, note };
        let chosen = Chosen::Named(asked.chosen.clone());
        let deed = Deed { command: &command, rehearse, idempotency: None };
        Ok(self.session().bulk(&asked.definition.name, &chosen, deed)?)
    }

    fn bulk_form(&self, asked: &Asked, told: &[Each], form: &Form, wrong: &Wrong) -> Result<Scene> {
        let transition = asked.transition()?;
        let label = transition.label.text(self.language());
        let fields: Vec<&Field> =
            transition.needs.iter().filter_map(|name| asked.definition.fields.get(name)).collect();
        // What the form below asks for is no reason against.
        let fits = |each: &&Each| match &each.result {
            Ok(_) | Err(Refusal::Needs { .. } | Refusal::NeedsNote) => true,
            Err(_) => false,
        };
        let count = told.iter().filter(fits).count();
        let said = match self.language() == Language::ZH {
            true => format!("所选 {} 条记录中有 {count} 条可以执行。", told.len()),
            false => format!("{count} of {} records can take this step.", told.len()),
        };
        let body = html! {
            div.page-head { div { h1 { (label) } p { (said) } } }
            div.cols {
                form.form method="post" novalidate
                    action=(self.to(&format!("/{}/bulk", asked.definition.name))) {
                    input type="hidden" name="csrf" value=(self.csrf());
                    input type="hidden" name="step" value=(asked.step);
                    input type="hidden" name="chosen" value=(asked.chosen.join(","));
                    (self.notice(&asked.definition, wrong))
                    @for field in fields {
                        (self.field(field, &Filled::Typed(form), wrong))
                    }
                    div.field {
                        label for="f-note" { (self.t("Note", "说明")) }
                        textarea.area #f-note name="note" rows="3" maxlength="20000" {
                            (form.text("note").unwrap_or(""))
                        }
                    }
                    div.btns {
                        @if count > 0 {
                            button.btn.btn-solid type="submit" { (label) " (" (count) ")" }
                        }
                        a.btn.btn-plain href=(self.to(&format!("/{}", asked.definition.name))) {
                            (self.t("Cancel", "取消"))
                        }
                    }
                }
                div.stack { (self.refusals(asked, told, fits)) }
            }
        };
        Ok(self.bulk_scene(asked, label, body))
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

    fn bulk_result(&self, asked: &Asked, told: &[Each]) -> Result<Scene> {
        let label = asked.transition()?.label.text(self.language()).to_string();
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
        Ok(self.bulk_scene(asked, &label, body))
    }
}
