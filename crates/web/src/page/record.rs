//! One record: what it is, how it stands, the ways on and what keeps the others closed; its fields
//! by section, clocks, links, files, and what happened.

mod activity;
mod apart;
mod clocks;
mod links;
mod moves;

use super::field::{Filled, Wrong};
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::parameters::AS_OF;
use crate::problem::Result;
use crate::route::{Kind, Parameter};
use crate::show::mark::{icon, key, small, state};
use engine::Sheet;
use engine::refusal::StaleField;
use maud::{Markup, html};
use model::definition::{Field, FieldKind, RecordType, Section};
use serde_json::{Map, Value as Json};

/// What the address of a record may hold.
pub const QUERY: &[Parameter] = &[
    AS_OF,
    Parameter::text("edit", 64, "A section that is open for editing."),
    Parameter::text("move", 64, "A step whose form is open."),
    Parameter {
        name: "show",
        kind: Kind::OneOf(&["notes", "changes"]),
        says: "Which part of the activity is shown.",
        required: false,
    },
    Parameter::text("older", 100, "Where the page of the activity before this ended."),
];

/// What a page shows beside the record as it stands: a form that came back.
pub struct Back<'b> {
    pub edit: Option<&'b str>,
    pub movement: Option<&'b str>,
    pub form: Option<&'b crate::form::Form>,
    pub wrong: Wrong,
    /// What others wrote meanwhile into fields of the form.
    pub stale: Vec<StaleField>,
}

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let back = Back {
        edit: call.query.text("edit"),
        movement: call.query.text("move"),
        form: None,
        wrong: Vec::new(),
        stale: Vec::new(),
    };
    page.record(&back)
}

impl Page<'_> {
    pub(super) fn record(&self, back: &Back) -> Result<Answer> {
        let call = self.call;
        let as_of = call.query.instant("as_of");
        let sheet = self.session().sheet(call.record_type(), call.record(), as_of)?;
        let name = name_of(&sheet);
        let definition = &*sheet.definition;
        let address = self.record_address(definition, &name);
        let title = text(&sheet.seen.json, "title").to_string();
        let since = self.since(&sheet, &name, as_of)?;
        let since = since.as_ref();
        let whole = Whole { sheet: &sheet, address: &address, name: &name, back, as_of, since };
        self.follow_records(shown_ids(&sheet));
        let body = html! {
            (self.past_bar(&whole))
            @if !self.has_form(&whole) { (self.notice(definition, &back.wrong)) }
            div.page-head { div {
                p.btns.second {
                    span { (name) }
                    (self.head_marks(definition, &sheet.seen.json))
                }
                h1 { (title) }
            } }
            (self.moves(&whole)?)
            div.cols {
                div.stack {
                    @for section in definition.sections.values() {
                        (self.section(&whole, section))
                    }
                    (self.clocks(&whole)?)
                    (self.activity(&whole)?)
                }
                div.stack {
                    (self.links(&whole))
                    (self.files(&whole)?)
                    (self.about(&whole))
                }
            }
        };
        let plural = definition.plural.text(self.language());
        Ok(self.frame(Scene {
            title: format!("{name} {title}"),
            trail: vec![
                Trail::to(plural, self.to(&format!("/{}", definition.name))),
                Trail::here(name.clone()),
            ],
            tools: html! { (self.watch_button(&whole)?) (self.record_tools(&whole)) },
            here: self.menu_entry(definition),
            body,
            bleeds: false,
        }))
    }

    /// Whether a form stands on the page that says what is wrong with it.
    fn has_form(&self, whole: &Whole) -> bool {
        let sheet = whole.sheet;
        let section = whole.back.edit.and_then(|name| sheet.definition.sections.get(name));
        let edits = section.is_some_and(|s| s.fields.iter().any(|f| sheet.editable.contains(f)));
        edits || self.has_move_form(whole)
    }

    /// Watching, or watching no more.
    fn watch_button(&self, whole: &Whole) -> Result<Markup> {
        if whole.as_of.is_some() || self.session().actor().person.is_none() {
            return Ok(html! {});
        }
        let watches = self.session().watches(&whole.sheet.definition.name, whole.name)?;
        let (page, label) = match watches {
            true => ("unwatch", self.t("Watching", "已关注")),
            false => ("watch", self.t("Watch", "关注")),
        };
        Ok(html! {
            form.wide method="post" action=(format!("{}/{page}", whole.address)) {
                input type="hidden" name="csrf" value=(self.csrf());
                button.btn.btn-plain type="submit" aria-pressed=(watches.to_string()) {
                    (icon("eye")) (label)
                }
            }
        })
    }

    fn record_tools(&self, whole: &Whole) -> Markup {
        let as_of = self.call.query.text("as_of");
        html! {
            @if whole.as_of.is_none() { (self.presence(whole.address)) }
            button.asof.btn-plain.wide type="button" popovertarget="as-of" data-key="t" {
                (icon("history"))
                @match as_of {
                    Some(at) => { (self.t("As of ", "截至 ")) (self.watch.instant(at)) }
                    None => (self.t("As of now", "当前")),
                }
                (small("chevron-down"))
            }
            div #as-of .over.menu popover {
                form.ask-day method="get" action=(whole.address) data-as-of {
                    label for="as-of-day" { (self.t("As it stood at", "查看该时点的记录")) }
                    input.input #as-of-day type="datetime-local" required;
                    input type="hidden" name="as_of" value="";
                    button.btn type="submit" { (self.t("Show", "查看")) }
                }
                @if as_of.is_some() {
                    a href=(whole.address) { (self.t("As of now", "当前")) }
                }
            }
        }
    }

    /// What says that another day than today is shown.
    fn past_bar(&self, whole: &Whole) -> Markup {
        let Some(at) = self.call.query.text("as_of") else { return html! {} };
        html! {
            div.past-bar role="status" {
                (icon("history"))
                span {
                    (self.t("As it stood at ", "记录截至 ")) (self.watch.instant(at))
                    (self.t(". Nothing can be changed here.", "，此处不可修改。"))
                }
                (self.state_since(whole))
                a.btn href=(whole.address) { (self.t("As of now", "当前")) }
            }
        }
    }

    /// State and ranks beside the number.
    pub(super) fn head_marks(&self, definition: &RecordType, record: &Map<String, Json>) -> Markup {
        html! {
            @for name in definition.matrices.keys() {
                @if let Some(Json::String(choice)) = record.get(name.as_str()) {
                    (self.rank(definition, name, choice))
                }
            }
            @if let Some(Json::String(name)) = record.get("state") {
                (state(definition, name, self.language()))
            }
        }
    }

    fn section(&self, whole: &Whole, section: &Section) -> Markup {
        let sheet = whole.sheet;
        let fields: Vec<&Field> = section
            .fields
            .iter()
            .filter_map(|name| sheet.definition.fields.get(name))
            .filter(|field| !sheet.seen.hidden.contains(&field.name))
            .filter(|field| sheet.shown.contains(&field.name))
            .collect();
        if fields.is_empty() {
            return html! {};
        }
        let is_filled = |field: &&Field| !sheet.seen.json[field.name.as_str()].is_null();
        let filled = fields.iter().copied().filter(is_filled).count();
        let editing = whole.back.edit == Some(section.name.as_str());
        let may_edit = fields.iter().any(|field| sheet.editable.contains(&field.name));
        let id = format!("s-{}", section.name);
        html! {
            details.fold-sec id=(id) open[filled > 0 || editing] {
                summary {
                    (icon("chevron-right")) h2 { (section.label.text(self.language())) }
                    span.count {
                        (filled) (self.t(" of ", " / ")) (fields.len())
                        (self.t(" filled", " 已填"))
                    }
                }
                @if editing && may_edit {
                    (self.section_form(whole, section, &fields))
                } @else {
                    dl.facts.facts-2 {
                        @for field in &fields { (self.fact(whole, section, field)) }
                    }
                }
            }
        }
    }

    /// A field as it stands; one that may be edited is the way to its form.
    fn fact(&self, whole: &Whole, section: &Section, field: &Field) -> Markup {
        let sheet = whole.sheet;
        let json = &sheet.seen.json[field.name.as_str()];
        let is_long = matches!(field.kind, FieldKind::Markdown { .. });
        let label = field.label.text(self.language());
        let editable = sheet.editable.contains(&field.name)
            && !matches!(field.kind, FieldKind::Attachment { .. });
        let address = format!("{}?edit={}#f-{}", whole.address, section.name, field.name);
        let id = format!("v-{}", field.name);
        html! {
            div.whole[is_long] {
                dt { (label) }
                dd .prose[is_long] id=(id) {
                    @if sheet.definition.matrices.contains_key(&field.name) {
                        @if let Json::String(choice) = json {
                            (self.rank(&sheet.definition, &field.name, choice)) " "
                        }
                    }
                    (self.out().value(&field.kind, json))
                    (self.differs(whole, field))
                    @if editable {
                        a.edit href=(address) hx-target=(format!("#s-{}", section.name))
                            hx-select=(format!("#s-{}", section.name)) hx-swap="outerHTML"
                            hx-push-url="false" {
                            (small("pencil"))
                            span.vh { (self.t("Edit ", "编辑")) (label) }
                        }
                    } @else if field.computed.is_some() {
                        " " span.muted { (self.t("computed", "自动计算")) }
                    }
                }
            }
        }
    }

    fn section_form(&self, whole: &Whole, section: &Section, fields: &[&Field]) -> Markup {
        let sheet = whole.sheet;
        let filled = match whole.back.form {
            Some(form) => Filled::Typed(form),
            None => Filled::Record(&sheet.seen.json),
        };
        let editable = |field: &&&Field| {
            sheet.editable.contains(&field.name)
                && !matches!(field.kind, FieldKind::Attachment { .. })
        };
        html! {
            form.form method="post" action=(format!("{}/edit", whole.address)) novalidate {
                input type="hidden" name="csrf" value=(self.csrf());
                input type="hidden" name="section" value=(section.name);
                input type="hidden" name="base" value=(sheet.seen.version);
                (self.notice(&sheet.definition, &whole.back.wrong))
                div.form-fields {
                    @for field in fields.iter().filter(editable) {
                        input type="hidden" name=(format!("was.{}", field.name))
                            value=(self.was(whole, field));
                        (self.field(field, &filled, &whole.back.wrong))
                        (self.mine_or_theirs(whole, field))
                    }
                }
                div.btns {
                    button.btn.btn-solid type="submit" {
                        (self.t("Save", "保存")) " " (key("Ctrl")) (key("↵"))
                    }
                    a.btn.btn-plain href=(whole.address) {
                        (self.t("Cancel", "取消")) " " (key("Esc"))
                    }
                }
            }
        }
    }

    /// What the field held when the form was first drawn.
    fn was(&self, whole: &Whole, field: &Field) -> String {
        let kept = whole.back.form.and_then(|form| form.text(&format!("was.{}", field.name)));
        let held = || self.held(field, &whole.sheet.seen.json);
        kept.map_or_else(held, str::to_string)
    }

    /// Who recorded it when, under which definition.
    fn about(&self, whole: &Whole) -> Markup {
        let record = &whole.sheet.seen.json;
        let reference = FieldKind::Reference { to: whole.sheet.definition.name.clone() };
        html! {
            section aria-labelledby="about" {
                div.sec { h2 #about { (self.t("Record", "记录")) } }
                dl.facts {
                    @for name in ["created_at", "created_by", "changed_at", "changed_by"] {
                        @if !record[name].is_null() {
                            div {
                                dt { (self.column_label(&whole.sheet.definition, name)) }
                                dd {
                                    @match &record[name] {
                                        Json::String(at) => (self.watch.instant(at)),
                                        card => (self.out().value(&reference, card)),
                                    }
                                }
                            }
                        }
                    }
                    div {
                        dt { (self.t("Version", "版本")) } dd { (record["version"]) }
                    }
                }
            }
        }
    }
}

/// One record and the page around it.
pub(super) struct Whole<'w> {
    pub sheet: &'w Sheet,
    pub address: &'w str,
    pub name: &'w str,
    pub back: &'w Back<'w>,
    /// The instant it is shown as of, in microseconds; none as it stands, so that something can be
    /// done with it.
    pub as_of: Option<i64>,
    /// The record as it stands, where it is shown as it stood and may still be read.
    pub since: Option<&'w Sheet>,
}

/// The public ids of the record and of those it is linked to.
fn shown_ids(sheet: &Sheet) -> impl Iterator<Item = String> {
    let far = sheet.links.iter().flat_map(|link| &link.cards);
    let far = far.filter_map(|card| card["id"].as_str());
    let all = std::iter::once(text(&sheet.seen.json, "id")).chain(far);
    all.map(str::to_string)
}

/// What a record is called: its number, else its id.
fn name_of(sheet: &Sheet) -> String {
    let number = text(&sheet.seen.json, "number");
    if number.is_empty() { text(&sheet.seen.json, "id").to_string() } else { number.to_string() }
}

fn text<'j>(record: &'j Map<String, Json>, name: &str) -> &'j str {
    record.get(name).and_then(Json::as_str).unwrap_or("")
}
