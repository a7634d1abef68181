//! Search over everything this person may read: a page, and the quick answer of the palette. What
//! a record could be linked to is offered from here too.

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::html_answer;
use crate::parameters::WORDS;
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::{Kind, Parameter};
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::{Error, Hits, Wanted};
use maud::{Markup, html};
use model::definition::RecordType;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

pub const QUERY: &[Parameter] = &[
    WORDS,
    Parameter::text("type", 64, "Only records of this type."),
    Parameter {
        name: "cursor",
        kind: Kind::Number { min: 0, max: i64::MAX },
        says: "The page after this.",
        required: false,
    },
];

/// Hits of one page, and of the palette.
const HITS: usize = 15;
const QUICK: usize = 8;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let words = call.query.owned("q").unwrap_or_default();
    let Hits { hits, next } = match words.trim().is_empty() {
        true => Hits { hits: Vec::new(), next: None },
        false => page.hits(&words, HITS)?,
    };
    // A number jumps.
    if let [only] = &hits[..]
        && only
            .get("number")
            .and_then(Json::as_str)
            .is_some_and(|n| n.eq_ignore_ascii_case(words.trim()))
        && let Some(address) = page.out().address(&Json::Object(only.clone()))
    {
        return Ok(page.go(&address, None));
    }
    let title = page.t("Search", "搜索").to_string();
    let body = html! {
        div.page-head { div { h1 { (title) } } }
        form.form role="search" method="get" action=(page.to("/search")) {
            div.field {
                label for="q" { (page.t("Words or a number", "词语或编号")) }
                input.input #q name="q" type="search" value=(words) autofocus maxlength="500";
            }
            (page.kinds())
            div.btns { button.btn.btn-solid type="submit" { (title) } }
        }
        div.below {
            (page.hit_list(&hits, &words))
            @if let Some(next) = next { (page.more_hits(&words, next)) }
        }
    };
    Ok(page.frame(Scene {
        trail: vec![Trail::here(title.clone())],
        title,
        tools: html! {},
        here: "search".into(),
        body,
        bleeds: false,
    }))
}

/// The first hits, for the palette.
pub fn quick(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let words = call.query.owned("q").unwrap_or_default();
    let found = match words.trim().strip_prefix('>') {
        Some(act) => page.acts(act.trim()),
        None if words.trim().is_empty() => html! {},
        None => page.hit_menu(&page.hits(&words, QUICK)?.hits),
    };
    Ok(html_answer(StatusCode::OK, found))
}

impl Page<'_> {
    fn hits(&self, words: &str, limit: usize) -> Result<Hits> {
        let types = self.call.query.text("type").filter(|name| !name.is_empty());
        let wanted = Wanted {
            words: words.to_string(),
            types: types.map(str::to_string).into_iter().collect(),
            before: self.call.query.number("cursor"),
            limit,
        };
        match self.session().search(&wanted) {
            Ok(hits) => Ok(hits),
            Err(Error::Refused(refusal)) => Err(crate::refused::problem(&refusal)),
            Err(fault) => Err(Box::<Problem>::from(fault)),
        }
    }

    /// Which records are looked through: all, or those of one type.
    fn kinds(&self) -> Markup {
        let all = self.catalogue.model.record_types.values();
        let is_found = |t: &&Arc<RecordType>| {
            let has_words = t.number.is_some() || t.fields.values().any(|field| field.searched);
            has_words && self.session().may_see_type(&t.name)
        };
        let mut kinds: Vec<(&str, &str)> = all
            .filter(is_found)
            .map(|one| (one.plural.text(self.language()), one.name.as_str()))
            .collect();
        kinds.sort_unstable();
        let open = self.call.query.text("type").unwrap_or("");
        html! {
            div.field {
                label for="type" { (self.t("Kind of record", "记录类型")) }
                select.input #type name="type" {
                    option value="" { (self.t("All", "全部")) }
                    @for (label, name) in kinds {
                        option value=(name) selected[name == open] { (label) }
                    }
                }
            }
        }
    }

    fn more_hits(&self, words: &str, next: i64) -> Markup {
        let open = self.call.query.text("type").unwrap_or("");
        let address = format!(
            "/search?q={}&type={}&cursor={next}",
            percent::encode(words),
            percent::encode(open)
        );
        html! {
            div.pager {
                span.push {}
                a.btn.btn-plain href=(self.to(&address)) rel="next" {
                    (self.t("Older", "更早的记录")) (icon("chevron-right"))
                }
            }
        }
    }

    fn hit_list(&self, hits: &[Map<String, Json>], words: &str) -> Markup {
        html! {
            @if hits.is_empty() && !words.trim().is_empty() {
                div.empty {
                    (icon("search")) h2 { (self.t("Nothing found", "未找到")) }
                    p { (self.t("No record that you may read holds all these words.",
                        "没有您可查看且包含全部词语的记录。")) }
                }
            }
            ul.rows {
                @for hit in hits {
                    @let card = Json::Object(hit.clone());
                    li {
                        div.line {
                            span.muted { (card["number"].as_str().unwrap_or("")) }
                            (self.out().card(&card))
                            span.push.muted { (self.type_label(&card)) }
                        }
                        @if card["snippet"].is_array() {
                            p.second { (marked(&card["snippet"])) }
                        }
                    }
                }
            }
        }
    }

    fn type_label(&self, card: &Json) -> String {
        let name = card["type"].as_str().unwrap_or("");
        let found = self.catalogue.record_type(name);
        found.map_or_else(String::new, |t| t.label.text(self.language()).to_string())
    }

    fn hit_menu(&self, hits: &[Map<String, Json>]) -> Markup {
        html! {
            div.menu {
                @if hits.is_empty() { p.help { (self.t("Nothing found", "未找到")) } }
                @for hit in hits {
                    @let card = Json::Object(hit.clone());
                    @if let Some(address) = self.out().address(&card) {
                        a href=(address) {
                            span.muted { (card["number"].as_str().unwrap_or("")) }
                            span.clip { (card["title"].as_str().unwrap_or("")) }
                            span.push.muted { (self.type_label(&card)) }
                        }
                    }
                }
            }
        }
    }

    /// What can be done from anywhere: a new record, a list.
    fn acts(&self, words: &str) -> Markup {
        let words = words.to_lowercase();
        let fits = |label: &str| label.to_lowercase().contains(&words);
        let all = self.catalogue.model.record_types.values();
        let mine = all.filter(|t| t.menu.is_some() && self.session().may_see_type(&t.name));
        let mut acts: Vec<(String, String, &str)> = Vec::new();
        for found in mine {
            let (label, plural) =
                (found.label.text(self.language()), found.plural.text(self.language()));
            if self.session().may_create_type(&found.name) && !found.is_abstract {
                let act = format!("{} {label}", self.t("New", "新建"));
                acts.push((act, self.to(&format!("/{}/new", found.name)), "plus"));
            }
            let act = format!("{} {plural}", self.t("Go to", "前往"));
            acts.push((act, self.to(&format!("/{}", found.name)), "arrow-right"));
        }
        html! {
            div.menu {
                @for (label, address, picture) in acts.iter().filter(|(l, _, _)| fits(l)).take(10) {
                    a href=(address) { (icon(picture)) (label) }
                }
            }
        }
    }
}

/// A snippet with its hits as emphasis.
fn marked(pieces: &Json) -> Markup {
    let pieces = pieces.as_array().map_or(&[][..], Vec::as_slice);
    html! {
        @for piece in pieces {
            @let text = piece["text"].as_str().unwrap_or("");
            @if piece["mark"] == true { mark { (text) } } @else { (text) }
        }
    }
}
