//! A record beside its list: how it stands and what was said last, without leaving the list.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::show::mark::{face, icon, key, small};
use crate::show::prose;
use axum::http::StatusCode;
use maud::{Markup, html};
use model::definition::{Field, FieldKind};
use serde_json::{Map, Value as Json};

/// Fields of the preview.
const FIELDS: usize = 9;
/// What was said last.
const SAID: usize = 3;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let sheet = call.session.sheet(call.record_type(), call.record(), None)?;
    let definition = &*sheet.definition;
    let record = &sheet.seen.json;
    let text = |name: &str| record.get(name).and_then(Json::as_str).unwrap_or("");
    let name = if text("number").is_empty() { text("id") } else { text("number") };
    let address = page.record_address(definition, name);
    let fields: Vec<&Field> = definition
        .fields
        .values()
        .filter(|field| field.name != definition.title && !record[field.name.as_str()].is_null())
        .filter(|field| !matches!(field.kind, FieldKind::Attachment { .. } | FieldKind::YesNo))
        .take(FIELDS)
        .collect();
    let clocks = match definition.clocks.is_empty() {
        true => Vec::new(),
        false => call.session.clocks(&definition.name, name)?,
    };
    let past = call.session.history(&definition.name, name, None, 30)?.entries;
    let said = past.iter().filter(|entry| entry.contains_key("comment")).take(SAID);
    let said: Vec<_> = said.collect();
    let label = page.t("Preview of ", "预览 ");
    Ok(html_answer(
        StatusCode::OK,
        html! {
            section.preview #preview aria-label=(format!("{label}{name}")) {
                div.btns {
                    span.muted { (name) }
                    (page.head_marks(definition, record))
                    span.push {}
                    a.btn href=(address) { (page.t("Open", "打开")) " " (key("↵")) }
                    button.btn.btn-icon type="button" data-close-preview {
                        (icon("x")) span.vh { (page.t("Close", "关闭")) }
                    }
                }
                h2 { (text("title")) }
                dl.facts {
                    @for clock in &clocks {
                        div {
                            dt { (clock["label"].as_str().unwrap_or("")) }
                            dd { (page.clock_mark(&clock["explained"])) }
                        }
                    }
                    @for field in fields {
                        div {
                            dt { (field.label.text(page.language())) }
                            dd { (page.out().value(&field.kind, &record[field.name.as_str()])) }
                        }
                    }
                }
                @if !said.is_empty() { div {
                    h3 { (page.t("Latest notes", "最近的备注")) }
                    ol.stream { @for entry in said { (page.said(entry)) } }
                } }
            }
        },
    ))
}

impl Page<'_> {
    fn said(&self, entry: &Map<String, Json>) -> Markup {
        let text = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or("");
        let internal = entry.get("internal") == Some(&Json::Bool(true));
        html! {
            li {
                (face(text("actor")))
                div {
                    div.meta {
                        b { (text("actor")) }
                        @if internal {
                            span.tag.is-internal { (small("lock")) (self.t("Internal", "内部")) }
                        }
                        (self.watch.instant(text("at")))
                    }
                    div.note .is-internal[internal] { (prose::markdown(text("comment"))) }
                }
            }
        }
    }
}
