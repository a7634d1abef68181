//! What happened, newest first: notes for everybody and among colleagues, changes of fields, steps.

use super::Whole;
use crate::page::Page;
use crate::percent;
use crate::problem::Result;
use crate::show::mark::{face, icon, key, small};
use crate::show::prose;
use engine::history::Wanted;
use maud::{Markup, html};
use model::definition::FieldKind;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Entries of one page.
const ENTRIES: usize = 50;

type Entry = Map<String, Json>;
/// The people named in what was said, by their logins.
type People = BTreeMap<String, Json>;

impl Page<'_> {
    pub(super) fn activity(&self, whole: &Whole) -> Result<Markup> {
        let query = &self.call.query;
        let chosen = query.text("show");
        let wanted = Wanted {
            after: query.text("older").map(crate::handle::past::place).transpose()?,
            until: whole.as_of,
            said: chosen.map(|chosen| chosen == "notes"),
        };
        let of = &whole.sheet.definition.name;
        let past = self.session().past(of, whole.name, wanted, ENTRIES)?;
        let said = past.entries.iter().flat_map(|entry| [entry.get("comment"), entry.get("note")]);
        let people = self.session().people_named(said.flatten().filter_map(Json::as_str))?;
        let part = |name: &str, label: &str| {
            html! {
                a.btn href=(self.activity_address(whole, name, None))
                    aria-current=[(chosen.unwrap_or("") == name).then_some("true")] { (label) }
            }
        };
        Ok(html! {
            section aria-labelledby="activity" {
                div.sec {
                    h2 #activity { (self.t("Activity", "动态")) }
                    span.more { span.seg {
                        (part("", self.t("All", "全部")))
                        (part("notes", self.t("Notes", "备注")))
                        (part("changes", self.t("Changes", "变更")))
                    } }
                }
                ol.stream {
                    @if whole.as_of.is_none() { (self.composer(whole)) }
                    @for entry in &past.entries { (self.happened(whole, &people, entry)) }
                }
                p.btns {
                    @let shown = chosen.unwrap_or("");
                    @if query.text("older").is_some() {
                        a.btn.btn-plain href=(self.activity_address(whole, shown, None)) {
                            (self.t("Newest", "最新"))
                        }
                    }
                    @if let Some(next) = past.next {
                        @let next = crate::handle::past::written(next);
                        a.btn href=(self.activity_address(whole, shown, Some(&next))) {
                            (self.t("Older", "更早"))
                        }
                    }
                }
            }
        })
    }

    /// The address of a part of the activity, as of the same day.
    fn activity_address(&self, whole: &Whole, show: &str, older: Option<&str>) -> String {
        let as_of = self.call.query.text("as_of");
        let parts = [("as_of", as_of), ("show", Some(show)), ("older", older)];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, part)| Some((name, part.filter(|part| !part.is_empty())?)))
            .map(|(name, part)| format!("{name}={}", percent::encode(part)))
            .collect();
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("{}{query}#activity", whole.address)
    }

    /// A note: among colleagues, or to be read by whoever reads the record.
    fn composer(&self, whole: &Whole) -> Markup {
        let internal = whole.sheet.internal;
        let name = &self.session().actor().name;
        html! {
            li {
                (face(name))
                form.compose .is-internal[internal] method="post" data-compose
                    action=(format!("{}/note", whole.address)) {
                    input type="hidden" name="csrf" value=(self.csrf());
                    label.vh for="note" { (self.t("Note", "备注")) }
                    textarea #note name="text" rows="2" maxlength="20000" required data-key="n"
                        data-mention=(format!("{}/mentions", whole.address))
                        aria-autocomplete="list"
                        placeholder=(if internal {
                            self.t("Internal note: colleagues only", "内部备注：仅同事可见")
                        } else {
                            self.t("Write to those who work on this", "给处理人员留言")
                        }) {
                        (whole.back.form.and_then(|form| form.text("text")).unwrap_or(""))
                    }
                    div.compose-foot {
                        @if internal {
                            span.seg {
                                label.btn {
                                    input.vh type="radio" name="internal" value="true" checked;
                                    (icon("lock")) (self.t("Internal", "内部"))
                                }
                                label.btn {
                                    input.vh type="radio" name="internal" value="false";
                                    (self.t("Visible", "公开"))
                                }
                            }
                        }
                        span.push {}
                        button.btn type="submit" {
                            (self.t("Add", "添加")) " " (key("Ctrl")) (key("↵"))
                        }
                    }
                }
            }
        }
    }

    fn person_address(&self, people: &People, login: &str) -> Option<String> {
        self.out().address(people.get(login)?)
    }

    fn happened(&self, whole: &Whole, people: &People, entry: &Entry) -> Markup {
        let actor = match entry["actor"].as_str().unwrap_or("") {
            "system" => self.t("Evenkeel", "系统"),
            person => person,
        };
        let at = entry["at"].as_str().unwrap_or("");
        let internal = entry["internal"] == true;
        let id = entry["entry"].as_str();
        let prose = |text: &str| prose::naming(text, &|login| self.person_address(people, login));
        if is_said(entry) {
            let text = entry.get("comment").and_then(Json::as_str).unwrap_or("");
            return html! {
                li data-entry=[id] {
                    (face(actor))
                    div {
                        div.meta {
                            b { (actor) }
                            @if internal {
                                span.tag.is-internal {
                                    (small("lock")) (self.t("Internal", "内部"))
                                }
                            }
                            (self.watch.instant(at))
                        }
                        div.note .is-internal[internal] { (prose(text)) }
                    }
                }
            };
        }
        html! {
            li.event data-entry=[id] {
                (icon(picture(entry["kind"].as_str().unwrap_or(""))))
                div.meta {
                    span { b { (actor) } " " (self.told(whole, entry)) }
                    (self.watch.instant(at))
                }
                @if let Some(note) = entry.get("note").and_then(Json::as_str) {
                    div.note { (prose(note)) }
                }
            }
        }
    }

    /// What was done, in words.
    fn told(&self, whole: &Whole, entry: &Entry) -> Markup {
        let changes = entry["changes"].as_array().map_or(&[][..], Vec::as_slice);
        let kind = entry["kind"].as_str().unwrap_or("");
        if ["clock_warning", "clock_breach"].contains(&kind) {
            return self.told_of_clock(whole, changes, kind == "clock_breach");
        }
        let label = entry.get("label").and_then(Json::as_str);
        let did = match kind {
            "create" => self.t("recorded this", "创建了记录"),
            "transition" => label.unwrap_or_default(),
            "link" => self.t("linked", "添加关联"),
            "unlink" => self.t("ended a link", "解除关联"),
            "attach" => self.t("added a file", "添加附件"),
            "detach" => self.t("took a file off", "移除附件"),
            "approve" => self.t("approved", "批准"),
            "reject" => self.t("refused", "驳回"),
            "delegate" => self.t("let somebody decide in their place", "委托他人审批"),
            "watch" => self.t("watches", "开始关注"),
            "unwatch" => self.t("watches no more", "取消关注"),
            "withdraw" => self.t("withdrew this", "撤回了记录"),
            _ => "",
        };
        // What a record began with stands on the page; only what changed is told.
        let told = if entry["kind"] == "create" { &[] } else { changes };
        html! {
            (did)
            @for change in told { " " (self.change(whole, change)) }
        }
    }

    /// A clock that is near its target, or over it.
    fn told_of_clock(&self, whole: &Whole, changes: &[Json], is_over: bool) -> Markup {
        let named = changes.iter().find(|change| change["field"] == "clock");
        let name = named.and_then(|change| change["new"].as_str()).unwrap_or("");
        let clock = whole.sheet.definition.clocks.get(name);
        let label = clock.map_or(name, |clock| clock.label.text(self.language()));
        let said = match is_over {
            true => self.t("noticed that a target has passed: ", "提示已超过目标："),
            false => self.t("noticed that a target is near: ", "提示即将超过目标："),
        };
        html! { (said) b { (label) } }
    }

    fn change(&self, whole: &Whole, change: &Json) -> Markup {
        let name = change["field"].as_str().unwrap_or("");
        let label = change["label"].as_str().unwrap_or(name);
        if change["erased"] == true {
            return html! { (label) " " span.muted { (self.t("erased", "已清除")) } };
        }
        let (old, new) = (&change["old"], &change["new"]);
        html! {
            span.change {
                (label) " "
                @if !old.is_null() { del { (self.told_value(whole, name, old)) } " → " }
                (self.told_value(whole, name, new))
            }
        }
    }

    fn told_value(&self, whole: &Whole, name: &str, json: &Json) -> Markup {
        let definition = &whole.sheet.definition;
        if let (Json::String(state), "state") = (json, name) {
            let label =
                definition.states.get(state.as_str()).map(|s| s.label.text(self.language()));
            return html! { (label.unwrap_or(state)) };
        }
        match (definition.fields.get(name).map(|field| &field.kind), json) {
            (Some(FieldKind::Markdown { .. }), Json::String(text)) => {
                let short: String = text.chars().take(120).collect();
                html! { (short) @if short.len() < text.len() { "…" } }
            }
            (Some(kind), json) => self.out().value(kind, json),
            (None, Json::Array(cards)) => html! {
                @for card in cards {
                    @match card { Json::String(text) => (text), card => (self.out().card(card)) }
                    " "
                }
            },
            (None, Json::Object(_)) => self.out().card(json),
            (None, Json::Null) => html! {},
            (None, Json::String(text)) => html! { (text) },
            (None, other) => html! { (other) },
        }
    }
}

/// Whether somebody said something, rather than did.
fn is_said(entry: &Entry) -> bool {
    ["comment", "note"].iter().any(|kind| entry["kind"] == *kind)
}

fn picture(kind: &str) -> &'static str {
    match kind {
        "create" => "plus",
        "transition" => "arrow-right",
        "link" | "unlink" => "link",
        "attach" | "detach" => "paperclip",
        "approve" => "circle-check",
        "reject" => "circle-x",
        "watch" | "unwatch" => "eye",
        "clock_warning" | "clock_breach" => "clock",
        _ => "history",
    }
}
