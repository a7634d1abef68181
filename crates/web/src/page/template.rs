//! The templates of a form: what was filled into it, kept under a name. A template is chosen above
//! the form of a new record, or by the address of that form.

use super::field::Wrong;
use super::view::written;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::Error;
use engine::form_template::{NewTemplate, Template};
use maud::{Markup, html};
use model::definition::RecordType;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// What the form that keeps a template carries of the one that was filled.
const VALUES: &str = "values";

/// The templates there are.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let scene = page.templates_scene(None, &Form::default(), &Wrong::new())?;
    Ok(page.frame(scene))
}

/// From the filled form of a new record: asks for the name under which it is kept.
pub fn begin(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let definition = page.asked_type()?;
    let values = page.object(definition.fields.values(), &form);
    let scene = page.templates_scene(Some(&values), &Form::default(), &Wrong::new())?;
    Ok(page.frame(scene))
}

/// Keeps a template and goes on with the form, filled by it.
pub fn keep(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let values = carried(&form);
    let done = page.audience(&form).and_then(|audience| {
        let name = form.text("name").unwrap_or("");
        let new = NewTemplate { name, values: Some(values.clone()), audience };
        call.session.keep_template(call.record_type(), &new)
    });
    match done {
        Ok(id) => {
            let address = page.template_address(call.record_type(), id);
            Ok(page.go(&address, Some(page.t("Template kept", "模板已保存"))))
        }
        Err(error) => page.template_refused(Some(&values), &form, error),
    }
}

/// Changes the name of a template and whom it is for.
pub fn change(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let template = named(call)?;
    let done = page.audience(&form).and_then(|audience| {
        let name = form.filled("name").unwrap_or(&template.name);
        let new = NewTemplate { name, values: None, audience };
        call.session.change_template(call.record_type(), template.id, &new)
    });
    match done {
        Ok(()) => {
            let said = page.t("Template changed", "模板已修改");
            Ok(page.go(&page.templates_address(call.record_type()), Some(said)))
        }
        Err(error) => page.template_refused(None, &form, error),
    }
}

/// Takes a template away.
pub fn end(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let template = named(call)?;
    call.session.drop_template(call.record_type(), template.id)?;
    let said = page.t("Template removed", "模板已删除");
    Ok(page.go(&page.templates_address(call.record_type()), Some(said)))
}

/// The values of the template that the address of a form names; none where it names none.
///
/// # Errors
/// `not-found` for a template that the reader does not find.
pub(super) fn values(page: &Page) -> Result<Map<String, Json>> {
    let Some(text) = page.call.query.text("template").filter(|text| !text.is_empty()) else {
        return Ok(Map::new());
    };
    let id = text.parse().map_err(|_| Problem::missing())?;
    Ok(page.session().template(page.call.record_type(), id)?.values)
}

fn named(call: &Call) -> Result<Template> {
    let id: Uuid = call.part("template").parse().map_err(|_| Problem::missing())?;
    Ok(call.session.template(call.record_type(), id)?)
}

/// What [`begin`] put into its form.
fn carried(form: &Form) -> Map<String, Json> {
    let text = form.text(VALUES).unwrap_or("");
    serde_json::from_str(text).unwrap_or_default()
}

impl Page<'_> {
    fn template_address(&self, record_type: &str, id: Uuid) -> String {
        self.to(&format!("/{record_type}/new?template={id}"))
    }

    fn templates_address(&self, record_type: &str) -> String {
        self.to(&format!("/{record_type}/templates"))
    }

    /// Above the form of a new record: the templates to fill it with; nothing where there is none.
    pub(super) fn template_choice(&self, definition: &RecordType) -> Markup {
        // The form is there also where templates cannot be read.
        let all = self.session().templates(&definition.name).unwrap_or_default();
        let chosen = self.call.query.text("template").unwrap_or("");
        html! {
            @if !all.is_empty() {
                form.template-choice method="get"
                    action=(self.to(&format!("/{}/new", definition.name))) {
                    @if let Some(origin) = self.call.query.text("for") {
                        input type="hidden" name="for" value=(origin);
                    }
                    label for="template" { (self.t("Template", "模板")) }
                    span.suffix {
                        select.select #template name="template" {
                            option value="" { (self.t("None", "不使用")) }
                            @for one in &all {
                                option value=(one.id) selected[one.id.to_string() == chosen] {
                                    (one.name)
                                }
                            }
                        }
                        span { (icon("chevron-down")) }
                    }
                    button.btn type="submit" { (self.t("Fill in", "填入")) }
                    a href=(self.templates_address(&definition.name)) {
                        (self.t("Templates", "管理模板"))
                    }
                }
            }
        }
    }

    fn template_refused(
        &self,
        values: Option<&Map<String, Json>>,
        form: &Form,
        error: Error,
    ) -> Result<Answer> {
        let Error::Refused(refusal) = error else { return Err(error.into()) };
        let problem = crate::refused::problem(&refusal);
        if problem.status == StatusCode::NOT_FOUND {
            return Err(problem);
        }
        let scene = self.templates_scene(values, form, &self.wrong(&refusal))?;
        Ok(self.frame(scene).status(problem.status))
    }

    fn templates_scene(
        &self,
        values: Option<&Map<String, Json>>,
        form: &Form,
        wrong: &Wrong,
    ) -> Result<Scene> {
        let definition = self.asked_type()?;
        let all = self.session().templates(&definition.name)?;
        let audiences = self.audiences()?;
        let title = self.t("Templates", "模板").to_string();
        let plural = definition.plural.text(self.language());
        let list = self.to(&format!("/{}", definition.name));
        let body = html! {
            div.page-head {
                div {
                    h1 { (plural) (self.t(": templates", "：模板")) }
                    p { (self.t(
                        "A template fills the form of a new record. Whoever chooses one gets of it \
                         what they may fill in themselves.",
                        "模板用于填写新建表单。使用者只会得到其有权填写的内容。",
                    )) }
                }
                div.btns { a.btn href=(format!("{list}/new")) {
                    (icon("plus")) (self.t("New record", "新建记录"))
                } }
            }
            @if values.is_none() { (self.notice(&definition, wrong)) }
            @if let Some(values) = values {
                (self.keep_template(&definition, values, &audiences, form, wrong))
            }
            (self.kept_templates(&definition, &all, &audiences))
        };
        Ok(Scene {
            title: format!("{plural}: {title}"),
            trail: vec![Trail::to(plural, list), Trail::here(title)],
            tools: html! {},
            here: self.menu_entry(&definition),
            body,
            bleeds: false,
        })
    }

    fn kept_templates(
        &self,
        definition: &RecordType,
        all: &[Template],
        audiences: &[(String, String)],
    ) -> Markup {
        html! {
            section.below aria-labelledby="kept" {
                div.sec {
                    h2 #kept { (self.t("Kept templates", "已保存的模板")) }
                    span.count { (all.len()) }
                }
                @if all.is_empty() {
                    p.help { (self.t(
                        "None yet. Fill the form of a new record and keep it as a template.",
                        "暂无。填写新建表单后，选择“保存为模板”。",
                    )) }
                }
                ul.rows { @for one in all { (self.kept_template(definition, one, audiences)) } }
            }
        }
    }

    fn keep_template(
        &self,
        definition: &RecordType,
        values: &Map<String, Json>,
        audiences: &[(String, String)],
        form: &Form,
        wrong: &Wrong,
    ) -> Markup {
        let error = wrong.iter().find(|(name, _)| name == "name").map(|(_, said)| said);
        let path = self.templates_address(&definition.name);
        html! {
            section.stack aria-labelledby="keep" {
                div.sec { h2 #keep { (self.t("Keep this form", "保存此表单")) } }
                p { (self.filled_fields(definition, values)) }
                form.form method="post" action=(path) novalidate {
                    input type="hidden" name="csrf" value=(self.csrf());
                    input type="hidden" name=(VALUES) value=(Json::Object(values.clone()));
                    (self.notice(definition, wrong))
                    div.field {
                        label for="f-name" { (self.t("Name", "名称")) }
                        input.input #f-name name="name" maxlength="80" required
                            value=(form.text("name").unwrap_or("")) autocomplete="off"
                            aria-invalid=[error.map(|_| "true")]
                            aria-describedby=[error.map(|_| "f-name-e")];
                        @if let Some(said) = error {
                            p.error #f-name-e { (icon("circle-alert")) span { (said) } }
                        }
                    }
                    (self.audience_field("f-", audiences, form.text("for").unwrap_or("owner")))
                    div.btns { button.btn.btn-solid type="submit" {
                        (self.t("Keep the template", "保存模板"))
                    } }
                }
            }
        }
    }

    /// The labels of what a template fills.
    fn filled_fields(&self, definition: &RecordType, values: &Map<String, Json>) -> String {
        let labels = definition.fields.values().filter(|field| values.contains_key(&*field.name));
        let labels: Vec<&str> = labels.map(|field| field.label.text(self.language())).collect();
        match labels.is_empty() {
            true => self.t("It fills nothing.", "不填入任何内容。").to_string(),
            false => {
                format!("{}{}", self.t("It fills: ", "填入："), labels.join(self.t(", ", "、")))
            }
        }
    }

    fn kept_template(
        &self,
        definition: &RecordType,
        one: &Template,
        audiences: &[(String, String)],
    ) -> Markup {
        let path = format!("{}/{}", self.templates_address(&definition.name), one.id);
        html! {
            li {
                div.line {
                    a href=(self.template_address(&definition.name, one.id)) { (one.name) }
                    " " span.second { (self.whom(one.audience, one.team.as_ref())) }
                }
                p.second { (self.filled_fields(definition, &one.values)) }
                @if one.mine {
                    details {
                        summary.second { (self.t("Change", "修改")) span.vh { " " (one.name) } }
                        form.form method="post" action=(path) {
                            input type="hidden" name="csrf" value=(self.csrf());
                            div.field {
                                label for=(format!("n-{}", one.id)) { (self.t("Name", "名称")) }
                                input.input id=(format!("n-{}", one.id)) name="name"
                                    maxlength="80" value=(one.name) autocomplete="off";
                            }
                            (self.audience_field(&format!("{}-", one.id), audiences,
                                &written(one.audience, one.team.as_ref())))
                            div.btns {
                                button.btn type="submit" { (self.t("Save", "保存")) }
                                button.btn.btn-plain type="submit"
                                    formaction=(format!("{path}/end")) {
                                    (self.t("Remove", "删除"))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
