//! Fields of forms: an input for each kind of field, and the way back from what was typed to the
//! JSON that a session takes.

use super::Page;
use crate::form::Form;
use crate::show::mark::icon;
use crate::show::value::in_language;
use engine::{Place, Question};
use maud::{Markup, html};
use model::Language;
use model::definition::{Choices, Field, FieldKind, RecordType};
use serde_json::{Map, Value as Json, json};

/// What the inputs of a form hold when it is drawn.
pub enum Filled<'f> {
    /// The record as it was read.
    Record(&'f Map<String, Json>),
    /// What was typed, after a refusal.
    Typed(&'f Form),
}

/// What is wrong with a form, by field.
pub type Wrong = Vec<(String, String)>;

/// How many records a field offers at once; where there are more, one is searched for.
const OFFERED: usize = 40;

/// Whether people fill the field: neither computed nor set by the workflow, and no file.
pub fn is_filled_by_people(field: &Field) -> bool {
    let is_file = matches!(field.kind, FieldKind::Attachment { .. });
    field.computed.is_none() && !field.set_by_workflow && !is_file
}

impl Page<'_> {
    /// The texts that the inputs of a field hold, in order: one for most kinds.
    fn texts(&self, field: &Field, filled: &Filled) -> Vec<String> {
        match filled {
            Filled::Typed(form) => match &field.kind {
                FieldKind::LocalText { .. } => {
                    let part = |l: Language| form.text(&format!("{}.{l}", field.name));
                    Language::REQUIRED.map(|l| part(l).unwrap_or("").to_string()).to_vec()
                }
                FieldKind::Money => ["amount", "currency"]
                    .map(|part| form.text(&format!("{}.{part}", field.name)).unwrap_or(""))
                    .map(str::to_string)
                    .to_vec(),
                _ => form.all(&field.name).map(str::to_string).collect(),
            },
            Filled::Record(record) => self.texts_of(field, record.get(field.name.as_str())),
        }
    }

    fn texts_of(&self, field: &Field, json: Option<&Json>) -> Vec<String> {
        let text = |json: &Json| json.as_str().unwrap_or("").to_string();
        match (&field.kind, json.unwrap_or(&Json::Null)) {
            (_, Json::Null) => Vec::new(),
            (FieldKind::LocalText { .. }, Json::Object(texts)) => Language::REQUIRED
                .map(|l| texts.get(l.as_str()).map_or_else(String::new, text))
                .to_vec(),
            (FieldKind::Money, Json::Object(money)) => ["amount", "currency"]
                .map(|part| money.get(part).map_or_else(String::new, text))
                .to_vec(),
            (FieldKind::MultiChoice(_), Json::Array(names)) => names.iter().map(text).collect(),
            (FieldKind::Datetime, Json::String(at)) => vec![self.watch.local(at)],
            (FieldKind::Duration, Json::String(length)) => vec![short_duration(length)],
            (FieldKind::Reference { .. }, card) => {
                let member = |name: &str| card.get(name).and_then(Json::as_str);
                vec![member("id").unwrap_or("").into(), member("title").unwrap_or("").into()]
            }
            (_, Json::String(one)) => vec![one.clone()],
            (_, other) => vec![other.to_string()],
        }
    }

    /// What a field held when its form was drawn, so that what nobody touched is not sent back as
    /// an edit: an instant is shown to the minute, a reference by its title or its id.
    pub(super) fn held(&self, field: &Field, record: &Map<String, Json>) -> String {
        self.texts_of(field, record.get(field.name.as_str())).join("\u{241f}")
    }

    /// Whether the form sends a field back as it held it.
    pub(super) fn is_untouched(&self, field: &Field, form: &Form) -> bool {
        let Some(held) = form.text(&format!("was.{}", field.name)) else { return false };
        let typed = self.texts(field, &Filled::Typed(form));
        let last = typed.last().map_or("", |text| text.trim());
        match &field.kind {
            FieldKind::Reference { .. } => {
                held.split('\u{241f}').any(|one| one == last) || held == last
            }
            FieldKind::YesNo => (last == "true") == (held == "true"),
            FieldKind::MultiChoice(_) => {
                let typed: Vec<&str> =
                    typed.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
                typed.join("\u{241f}") == held
            }
            FieldKind::Text { .. } | FieldKind::Markdown { .. } => typed.join("") == held,
            _ => {
                let is_empty = typed.iter().all(|text| text.trim().is_empty());
                typed.join("\u{241f}") == held || (is_empty && held.is_empty())
            }
        }
    }

    /// A field with its label, its help, and what is wrong with it.
    pub(super) fn field(&self, field: &Field, filled: &Filled, wrong: &Wrong) -> Markup {
        let said = wrong.iter().find(|(name, _)| *name == *field.name).map(|(_, said)| said);
        let id = format!("f-{}", field.name);
        let help = field.help.as_ref().map(|help| help.text(self.language()));
        let described = match (said.is_some(), help.is_some()) {
            (true, true) => Some(format!("{id}-e {id}-h")),
            (true, false) => Some(format!("{id}-e")),
            (false, true) => Some(format!("{id}-h")),
            (false, false) => None,
        };
        let input = Input {
            id: &id,
            name: &field.name,
            invalid: said.map(|_| "true"),
            described: described.as_deref(),
            required: field.required,
        };
        let label = field.label.text(self.language());
        html! {
            div.field data-field=(field.name) {
                @if let FieldKind::YesNo = field.kind {
                    span.pick {
                        (self.input(&input, field, filled))
                        " " label for=(id) { (label) }
                    }
                } @else {
                    label for=(id) {
                        (label)
                        @if !field.required {
                            " " span.opt { (self.t("optional", "选填")) }
                        }
                    }
                    (self.input(&input, field, filled))
                }
                @if let Some(said) = said {
                    p.error id=(format!("{id}-e")) { (icon("circle-alert")) span { (said) } }
                }
                @if let Some(help) = help { p.help id=(format!("{id}-h")) { (help) } }
            }
        }
    }

    /// The input of a field alone, labelled for those who listen.
    pub(super) fn bare_input(&self, field: &Field, filled: &Filled) -> Markup {
        let id = format!("v-{}", field.name);
        let input =
            Input { id: &id, name: &field.name, invalid: None, described: None, required: false };
        html! {
            label.vh for=(id) { (self.t("Value", "值")) }
            (self.input(&input, field, filled))
        }
    }

    fn input(&self, input: &Input, field: &Field, filled: &Filled) -> Markup {
        let texts = self.texts(field, filled);
        let first = texts.first().map_or("", String::as_str);
        match &field.kind {
            FieldKind::Markdown { max } => input.area(first, *max),
            FieldKind::LocalText { max } => self.local_text(input, &texts, *max),
            FieldKind::Choice(choices) => self.choice_of(input, choices, first),
            FieldKind::MultiChoice(choices) => self.choices_of(input, choices, &texts),
            FieldKind::YesNo => html! {
                input type="hidden" name=(input.name) value="false";
                input.check type="checkbox" id=(input.id) name=(input.name) value="true"
                    checked[texts.iter().any(|text| text == "true")]
                    aria-describedby=[input.described];
            },
            FieldKind::Money => html! {
                span.btns {
                    input.input id=(input.id) name=(format!("{}.amount", input.name))
                        inputmode="decimal" value=(first) aria-invalid=[input.invalid]
                        aria-describedby=[input.described];
                    input.input.short name=(format!("{}.currency", input.name)) maxlength="3"
                        placeholder="EUR" value=(texts.get(1).map_or("", String::as_str))
                        aria-label=(self.t("Currency", "币种"));
                }
            },
            FieldKind::Date => input.line("date", first, None),
            FieldKind::Datetime => input.line("text", first, Some("2026-03-01 09:00")),
            FieldKind::Duration => input.line("text", first, Some("4h30m")),
            FieldKind::Integer { .. } => input.line("text", first, None),
            FieldKind::Email => input.line("email", first, None),
            FieldKind::Url => input.line("url", first, Some("https://")),
            FieldKind::Text { max } => input.text(first, *max),
            FieldKind::Reference { to } => self.reference(input, to, &texts),
            FieldKind::Decimal { .. } => input.line("text", first, None),
            FieldKind::Attachment { .. } => html! {},
        }
    }

    fn local_text(&self, input: &Input, texts: &[String], max: usize) -> Markup {
        let names = ["English", "中文"];
        html! {
            span.pair-fields {
                @for (place, language) in Language::REQUIRED.iter().enumerate() {
                    @let own = format!("{}-{language}", input.id);
                    @let id = if place == 0 { input.id } else { &own };
                    input.input id=(id) name=(format!("{}.{language}", input.name))
                        lang=(language) maxlength=(max) placeholder=(names[place])
                        value=(texts.get(place).map_or("", String::as_str))
                        aria-label=[(place > 0).then_some(names[place])]
                        aria-invalid=[input.invalid] aria-describedby=[input.described];
                }
            }
        }
    }

    fn choice_of(&self, input: &Input, choices: &Choices, chosen: &str) -> Markup {
        html! {
            span.suffix {
                select.select id=(input.id) name=(input.name) aria-invalid=[input.invalid]
                    aria-describedby=[input.described] {
                    option value="" {}
                    @for (name, label) in &choices.0 {
                        option value=(name) selected[**name == *chosen] {
                            (label.text(self.language()))
                        }
                    }
                }
                span { (icon("chevron-down")) }
            }
        }
    }

    fn choices_of(&self, input: &Input, choices: &Choices, chosen: &[String]) -> Markup {
        html! {
            input type="hidden" name=(input.name) value="";
            div.choices id=(input.id) role="group" aria-describedby=[input.described] {
                @for (name, label) in &choices.0 {
                    label {
                        input.check type="checkbox" name=(input.name) value=(name)
                            checked[chosen.iter().any(|one| *one == **name)];
                        span { (label.text(self.language())) }
                    }
                }
            }
        }
    }

    /// A record: chosen from a list where there are few, searched for where there are many.
    fn reference(&self, input: &Input, to: &str, texts: &[String]) -> Markup {
        let (id, title) = (texts.first().map_or("", String::as_str), texts.get(1));
        let Some(offered) = self.offered(to) else {
            let shown = title.map_or(id, String::as_str);
            return html! {
                input.input id=(input.id) name=(input.name) value=(shown) autocomplete="off"
                    list=(format!("{}-l", input.id)) aria-invalid=[input.invalid]
                    aria-describedby=[input.described] data-find=(to)
                    hx-get=(self.to(&format!("/{to}/offer"))) hx-trigger="input changed delay:150ms"
                    hx-target="next datalist" hx-swap="innerHTML"
                    hx-select="option"
                    placeholder=(self.t("Name or number", "名称或编号"));
                datalist id=(format!("{}-l", input.id)) {}
            };
        };
        let is_offered = offered.iter().any(|(offered, _)| offered == id);
        html! {
            span.suffix {
                select.select id=(input.id) name=(input.name) aria-invalid=[input.invalid]
                    aria-describedby=[input.described] {
                    option value="" {}
                    @if !is_offered && !id.is_empty() {
                        option value=(id) selected { (title.map_or(id, String::as_str)) }
                    }
                    @for (offered, label) in &offered {
                        option value=(offered) selected[offered == id] { (label) }
                    }
                }
                span { (icon("chevron-down")) }
            }
        }
    }

    /// The records of a type with their titles, by title; none where there are too many to choose
    /// from, or the list cannot be asked for.
    fn offered(&self, to: &str) -> Option<Vec<(String, String)>> {
        let definition = self.catalogue.record_type(to)?;
        let question = Question {
            record_type: to.to_string(),
            sort: Some(definition.title.to_string()),
            columns: Some(definition.title.to_string()),
            limit: Some(OFFERED + 1),
            place: Place::Start,
            ..Question::default()
        };
        let listed = self.session().list(&question).ok()?;
        if listed.records.len() > OFFERED {
            return None;
        }
        let one = |record: &Map<String, Json>| {
            let id = record.get("id")?.as_str()?.to_string();
            Some((id, self.title_of(definition, record)))
        };
        Some(listed.records.iter().filter_map(one).collect())
    }

    /// The title of a record of a list that holds the title's column.
    pub(super) fn title_of(&self, definition: &RecordType, record: &Map<String, Json>) -> String {
        match record.get(definition.title.as_str()) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Object(texts)) => in_language(texts, self.language()),
            _ => String::new(),
        }
    }

    /// What was typed for a field, as the session takes it; none where the form has no such field.
    pub(super) fn typed(&self, field: &Field, form: &Form) -> Option<Json> {
        let name = field.name.as_str();
        Some(match &field.kind {
            FieldKind::LocalText { .. } => {
                let part = |l: Language| form.text(&format!("{name}.{l}"));
                if Language::REQUIRED.iter().all(|l| part(*l).is_none()) {
                    return None;
                }
                let texts = Language::REQUIRED.iter().filter_map(|l| {
                    let text = part(*l).filter(|text| !text.trim().is_empty())?;
                    Some((l.to_string(), json!(text)))
                });
                Json::Object(texts.collect())
            }
            FieldKind::Money => {
                let amount = form.text(&format!("{name}.amount"))?;
                if amount.trim().is_empty() {
                    return Some(Json::Null);
                }
                let currency = form.text(&format!("{name}.currency")).unwrap_or("").trim();
                json!({ "amount": plain(amount), "currency": currency.to_uppercase() })
            }
            FieldKind::MultiChoice(_) => {
                form.text(name)?;
                form.all(name).filter(|one| !one.is_empty()).collect()
            }
            kind => self.typed_text(kind, form.all(name).last()?),
        })
    }

    fn typed_text(&self, kind: &FieldKind, text: &str) -> Json {
        let trimmed = text.trim();
        match kind {
            _ if trimmed.is_empty() => Json::Null,
            FieldKind::YesNo => json!(trimmed == "true"),
            FieldKind::Integer { .. } => {
                plain(trimmed).parse::<i64>().map_or_else(|_| json!(text), |n| json!(n))
            }
            FieldKind::Decimal { .. } => json!(plain(trimmed)),
            FieldKind::Datetime => {
                let at = engine::field::in_zone(trimmed, &self.watch.zone);
                json!(at.unwrap_or_else(|| trimmed.to_string()))
            }
            FieldKind::Text { .. } | FieldKind::Markdown { .. } => json!(text),
            _ => json!(trimmed),
        }
    }
}

/// A number as typed, without what only groups its digits.
fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_whitespace() && *c != '\u{2009}').collect()
}

/// `PT4H30M` as people type it: `4h30m`.
fn short_duration(text: &str) -> String {
    text.strip_prefix("PT").map_or_else(|| text.to_string(), str::to_lowercase)
}

/// What all inputs share.
struct Input<'i> {
    id: &'i str,
    name: &'i str,
    invalid: Option<&'static str>,
    described: Option<&'i str>,
    required: bool,
}

impl Input<'_> {
    fn line(&self, kind: &str, text: &str, example: Option<&str>) -> Markup {
        html! {
            input.input type=(kind) id=(self.id) name=(self.name) value=(text)
                placeholder=[example] aria-invalid=[self.invalid]
                aria-describedby=[self.described] aria-required=[self.required.then_some("true")];
        }
    }

    fn text(&self, text: &str, max: usize) -> Markup {
        html! {
            input.input type="text" id=(self.id) name=(self.name) value=(text) maxlength=(max)
                aria-invalid=[self.invalid] aria-describedby=[self.described]
                aria-required=[self.required.then_some("true")];
        }
    }

    fn area(&self, text: &str, max: usize) -> Markup {
        html! {
            textarea.area id=(self.id) name=(self.name) maxlength=(max) rows="4"
                aria-invalid=[self.invalid] aria-describedby=[self.described]
                aria-required=[self.required.then_some("true")] { (text) }
        }
    }
}
