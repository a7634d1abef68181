//! A new record: a form of the sections that people fill. What is refused comes back at its field,
//! and nothing that was typed is lost.

use super::field::{Filled, Wrong, is_filled_by_people};
use super::origin::{self, Origin};
use super::template;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::{icon, key};
use axum::http::StatusCode;
use engine::refusal::Refusal;
use engine::{Command, Created, Draft, Error, Input, Order};
use maud::{Markup, html};
use model::Name;
use model::definition::{Field, RecordType, Section};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use std::sync::Arc;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = demand_creatable(&page)?;
    let mut given = template::values(&page)?;
    given.extend(page.object(definition.fields.values(), &preset(&page)));
    let draft = page.session().draft(&definition.name, &given)?;
    let origin = Origin::read(&page, &definition, call.query.text("for"))?;
    let filled = Filled::Record(&draft.json);
    Ok(page.frame(page.new_form((&definition, &draft), &filled, &Vec::new(), origin.as_ref())))
}

/// What the address of a new record may hold.
pub const QUERY: &[Parameter] = &[
    Parameter::text("with", 8192, "Values that are filled already, as a form would send them."),
    Parameter::text("template", 40, "The template whose values are filled in."),
    Parameter::text("for", 300, "A record that is linked to the new one: its type/link/number."),
];

/// Values that the address presets, for links from other pages.
fn preset(page: &Page) -> Form {
    let given = page.call.query.text("with").unwrap_or("");
    Form::parse(given.as_bytes()).unwrap_or_default()
}

fn demand_creatable(page: &Page) -> Result<Arc<RecordType>> {
    let definition = page.asked_type()?;
    match page.session().may_create_type(&definition.name) && !definition.is_abstract {
        true => Ok(definition),
        false => Err(Problem::missing()),
    }
}

/// The form as it stands after a choice on which other fields depend: nothing is created.
pub fn redraw(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = demand_creatable(&page)?;
    let form = call.form()?;
    let given = page.object(definition.fields.values(), &form);
    let draft = page.session().draft(&definition.name, &given)?;
    let origin = Origin::read(&page, &definition, form.text(origin::FIELD))?;
    let filled = Filled::Typed(&form);
    Ok(page.frame(page.new_form((&definition, &draft), &filled, &Vec::new(), origin.as_ref())))
}

pub fn create(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = demand_creatable(&page)?;
    let form = call.form()?;
    let origin = Origin::read(&page, &definition, form.text(origin::FIELD))?;
    match page.created(&definition, &form) {
        Ok(Created { written, .. }) => {
            let number = engine::record::formatted(&definition, written.number);
            let name = if number.is_empty() { written.id.to_string() } else { number };
            let said = match (&origin, page.language() == model::Language::ZH) {
                (Some(origin), _) => origin.link(&page, &name, written.key)?,
                (None, true) => format!("已创建 {name}"),
                (None, false) => format!("{name} is created"),
            };
            Ok(page.go(&page.record_address(&definition, &name), Some(&said)))
        }
        Err(Error::Refused(refusal)) => {
            let wrong = page.wrong(&refusal);
            let given = page.object(definition.fields.values(), &form);
            let draft = page.session().draft(&definition.name, &given)?;
            let filled = Filled::Typed(&form);
            let scene = page.new_form((&definition, &draft), &filled, &wrong, origin.as_ref());
            Ok(page.frame(scene).status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The fields on which it depends whether others are shown, as what sets off a new drawing.
fn redraws(definition: &RecordType) -> String {
    let conditions = definition.fields.values().filter_map(|field| field.show.as_ref());
    let words: BTreeSet<&str> = conditions
        .flat_map(|show| show.source.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect();
    let read = definition.fields.keys().filter(|name| words.contains(name.as_str()));
    read.map(|name| format!("change from:#f-{name}")).collect::<Vec<_>>().join(", ")
}

impl Page<'_> {
    fn created(&self, definition: &RecordType, form: &Form) -> engine::Result<Created> {
        let object = self.object(definition.fields.values(), form);
        let Input { values, links } = self.session().input(&definition.name, &object)?;
        self.session().create(&Order {
            record_type: definition.name.clone(),
            key: None,
            command: Command::Create { values, links },
            base: None,
            idempotency: None,
        })
    }

    /// What was typed for these fields; those left empty are left out.
    pub(super) fn object<'f>(
        &self,
        fields: impl Iterator<Item = &'f Field>,
        form: &Form,
    ) -> Map<String, Json> {
        let filled = fields.filter_map(|field| {
            let json = self.typed(field, form).filter(|json| !json.is_null())?;
            Some((field.name.to_string(), json))
        });
        filled.collect()
    }

    /// What a refusal says, by field where it names one.
    pub(super) fn wrong(&self, refusal: &Refusal) -> Wrong {
        let problem = crate::refused::problem(refusal);
        if problem.slips.is_empty() {
            return vec![(String::new(), problem.said.text(self.language()).to_string())];
        }
        let each = problem.slips.iter().map(|slip| {
            let crate::problem::Place::Field(name) = &slip.place else {
                return (String::new(), slip.said.text(self.language()).to_string());
            };
            (name.clone(), slip.said.text(self.language()).to_string())
        });
        each.collect()
    }

    fn new_form(
        &self,
        (definition, draft): (&RecordType, &Draft),
        filled: &Filled,
        wrong: &Wrong,
        origin: Option<&Origin>,
    ) -> Scene {
        let label = definition.label.text(self.language());
        let title = match self.language() == model::Language::ZH {
            true => format!("新建{label}"),
            false => format!("New {}", label.to_lowercase()),
        };
        let list = self.to(&format!("/{}", definition.name));
        let redraws = redraws(definition);
        let body = html! {
            div.page-head { div { h1 { (title) } } }
            (self.template_choice(definition))
            form.form #new method="post" action=(format!("{list}/new")) novalidate
                data-draft=(definition.name) {
                input type="hidden" name="csrf" value=(self.csrf());
                @if !redraws.is_empty() {
                    // A choice may show other fields: the form is drawn anew as it stands.
                    div hx-post=(format!("{list}/new/draw")) hx-trigger=(redraws)
                        hx-include="#new" hx-sync="#new:abort" hx-target="#new" hx-select="#new"
                        hx-swap="outerHTML" {}
                }
                @if let Some(origin) = origin { (origin.shown(self)) }
                (self.notice(definition, wrong))
                @for section in definition.sections.values() {
                    (self.new_section((definition, draft), section, filled, wrong))
                }
                div.btns {
                    button.btn.btn-solid.btn-lg type="submit" {
                        (self.t("Create", "创建")) " " (key("Ctrl")) (key("↵"))
                    }
                    button.btn.btn-plain.btn-lg type="submit" formnovalidate
                        formaction=(format!("{list}/templates/new")) {
                        (self.t("Keep as a template", "保存为模板"))
                    }
                    a.btn.btn-plain.btn-lg href=(list) data-discard { (self.t("Discard", "放弃")) }
                }
            }
        };
        Scene {
            trail: vec![
                Trail::to(definition.plural.text(self.language()), list),
                Trail::here(self.t("New", "新建")),
            ],
            title,
            tools: html! {},
            here: definition.name.to_string(),
            body,
            bleeds: false,
        }
    }

    fn new_section(
        &self,
        (definition, draft): (&RecordType, &Draft),
        section: &Section,
        filled: &Filled,
        wrong: &Wrong,
    ) -> Markup {
        let fields: Vec<&Field> = section
            .fields
            .iter()
            .filter_map(|name| definition.fields.get(name))
            .filter(|field| is_filled_by_people(field) && draft.shown.contains(&field.name))
            .filter(|field| self.session().may_see_field(definition, &field.name))
            .collect();
        let told = |field: &&Field| wrong.iter().any(|(name, _)| *name == *field.name);
        // What must be filled, or is wrong, is seen at once; the rest can be opened.
        let open = fields.iter().any(|field| field.required || told(field));
        html! {
            @if !fields.is_empty() {
                details.fold-sec open[open] {
                    summary { (icon("chevron-right")) h2 { (section.label.text(self.language())) } }
                    div.form-fields {
                        @for field in fields { (self.field(field, filled, wrong)) }
                    }
                }
            }
        }
    }

    /// What keeps a form from being taken, with the way to each field.
    pub(super) fn notice(&self, definition: &RecordType, wrong: &Wrong) -> Markup {
        let label = |name: &str| {
            let field = Name::new(name).and_then(|name| definition.fields.get(&name));
            field.map(|field| field.label.text(self.language()).to_string())
        };
        html! {
            @if !wrong.is_empty() {
                div.notice.is-bad role="alert" tabindex="-1" data-focus {
                    (icon("circle-alert"))
                    div {
                        b { (self.t("This was not taken:", "未能保存：")) }
                        ul {
                            @for (name, said) in wrong {
                                li {
                                    @match label(name) {
                                        Some(label) => {
                                            a href=(format!("#f-{name}")) { (label) }
                                            (self.t(": ", "：")) (said)
                                        }
                                        None => (said),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
