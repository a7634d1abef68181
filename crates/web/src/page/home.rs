//! My work: what waits for this person, the next breach first.

mod declared;
pub(super) mod team;

use super::list::Around;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::show::mark::icon;
use engine::Question;
use maud::{Markup, html};
use model::Language;
use model::definition::{List, RecordType};
use std::sync::Arc;

/// Rows of each list on the page.
const ROWS: usize = 10;
/// Records that the reader changed last.
const RECENT: usize = 8;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let title = page.t("My work", "我的工作").to_string();
    let body = page.work()?;
    Ok(page.frame(Scene {
        trail: vec![Trail::here(title.clone())],
        title,
        tools: html! {},
        here: "home".into(),
        body,
        bleeds: false,
    }))
}

/// One record of the page, with the time it has left.
struct Row {
    shown: Markup,
    left: Option<i64>,
}

/// One list of the page.
struct Part {
    shown: Markup,
    count: usize,
    over: usize,
    /// The least time left, in microseconds.
    next: Option<i64>,
}

impl Page<'_> {
    /// Every declared list that speaks of the reader, where it finds something.
    fn work(&self) -> Result<Markup> {
        let mut parts: Vec<Part> = Vec::new();
        let types: Vec<Arc<RecordType>> =
            self.catalogue.model.record_types.values().cloned().collect();
        for definition in types.iter().filter(|t| self.session().may_see_type(&t.name)) {
            for list in definition.lists.values().filter(|list| speaks_of_me(list)) {
                self.follow_types([&definition.name]);
                parts.extend(self.work_list(definition, list)?);
            }
        }
        // Where something is due soonest stands first; what has no clock keeps its order.
        parts.sort_by_key(|part| part.next.unwrap_or(i64::MAX));
        Ok(html! {
            div.page-head { div {
                h1 { (self.t("My work", "我的工作")) }
                p { (self.watch.near(self.watch.now))
                    @if !parts.is_empty() { (self.t(". ", "。")) (self.stands(&parts)) }
                }
            } }
            div.stack {
                @for part in &parts { (part.shown) }
                @if parts.is_empty() {
                    div.empty {
                        (icon("inbox"))
                        h2 { (self.t("Nothing waits for you", "没有等待您处理的事项")) }
                        p { (self.t("What is assigned to you or your teams stands here.",
                            "分派给您或您的处理组的记录会显示在这里。")) }
                    }
                }
                (self.declared_blocks()?)
                (self.asks_for_load())
                (self.recent()?)
            }
        })
    }

    /// What the reader changed last, as far as they still read it.
    fn recent(&self) -> Result<Markup> {
        let changed = self.session().changed_by_me(RECENT)?;
        Ok(html! {
            @if !changed.is_empty() {
                section aria-labelledby="recent" {
                    div.sec {
                        h2 #recent { (self.t("Recently changed by me", "我最近修改的记录")) }
                        span.count { (changed.len()) }
                    }
                    ul.rows {
                        @for one in &changed {
                            li.line {
                                span.muted { (one.card["number"].as_str().unwrap_or("")) }
                                span { (self.out().card(&one.card)) }
                                span.muted { (self.at(one.at)) }
                            }
                        }
                    }
                }
            }
        })
    }

    /// The sentence a person would say aloud.
    fn stands(&self, parts: &[Part]) -> String {
        let count: usize = parts.iter().map(|part| part.count).sum();
        let over: usize = parts.iter().map(|part| part.over).sum();
        let next = parts.iter().filter_map(|part| part.next).filter(|left| *left >= 0).min();
        let next = next.map(|left| self.watch.length(left));
        let zh = self.language() == Language::ZH;
        let mut said = if zh {
            format!("与您有关的有 {count} 项")
        } else {
            format!("{count} concern you")
        };
        match (over, zh) {
            (0, _) => {}
            (n, true) => said.push_str(&format!("；{n} 项已超时")),
            (1, false) => said.push_str("; 1 is over its target"),
            (n, false) => said.push_str(&format!("; {n} are over their target")),
        }
        match (next, zh) {
            (None, _) => {}
            (Some(left), true) => said.push_str(&format!("；距下一次超时还有 {left}")),
            (Some(left), false) => said.push_str(&format!("; the next breach is in {left}")),
        }
        said.push_str(if zh { "。" } else { "." });
        said
    }

    fn work_list(&self, definition: &RecordType, list: &List) -> Result<Option<Part>> {
        let columns: Vec<String> = list.columns.iter().map(|name| name.to_string()).collect();
        let listed = self.session().list(&question(definition, list, &columns))?;
        if listed.records.is_empty() {
            return Ok(None);
        }
        let breaches = self.session().next_breaches(definition, &listed)?;
        let mut rows: Vec<Row> = Vec::new();
        for (record, key) in listed.records.iter().zip(&listed.keys) {
            let next = breaches.get(key);
            let shown =
                self.row(definition, &columns, record, Around { next, ..Around::default() });
            rows.push(Row { shown, left: next.and_then(|next| next.remaining) });
        }
        rows.sort_by_key(|row| row.left.unwrap_or(i64::MAX));
        let plural = definition.plural.text(self.language());
        let label = list.label.as_ref().map_or(plural, |label| label.text(self.language()));
        let all = self.to(&format!("/{}?list={}", definition.name, list.name));
        let id = format!("{}-{}", definition.name, list.name);
        let shown = html! {
            section aria-labelledby=(id) {
                div.sec {
                    h2 id=(id) { (plural) (self.t(": ", "：")) (label) }
                    span.count { (rows.len()) @if listed.next.is_some() { "+" } }
                    a.more href=(all) { (self.t("Show all", "查看全部")) }
                }
                table.table.fold {
                    thead.vh { tr {
                        @for column in &columns {
                            th scope="col" { (self.column_label(definition, column)) }
                        }
                        @if !definition.clocks.is_empty() {
                            th scope="col" { (self.t("Time left", "剩余时间")) }
                        }
                    } }
                    tbody { @for row in &rows { (row.shown) } }
                }
            }
        };
        let over = rows.iter().filter(|row| row.left.is_some_and(|left| left < 0)).count();
        let next = rows.iter().filter_map(|row| row.left).min();
        Ok(Some(Part { shown, count: rows.len(), over, next }))
    }
}

fn question(definition: &RecordType, list: &List, columns: &[String]) -> Question {
    let fields = columns.iter().filter(|name| !definition.links.contains_key(name.as_str()));
    let sort =
        list.sort.iter().map(|s| format!("{}{}", if s.descending { "-" } else { "" }, s.field));
    Question {
        record_type: definition.name.to_string(),
        filter: list.filter.as_ref().map(|filter| filter.source.to_string()),
        sort: Some(sort.collect::<Vec<_>>().join(",")).filter(|sort| !sort.is_empty()),
        columns: Some(fields.cloned().collect::<Vec<_>>().join(",")),
        limit: Some(ROWS),
        ..Question::default()
    }
}

/// Whether a list is about whoever reads it.
fn speaks_of_me(list: &List) -> bool {
    let words = list.filter.as_ref().map_or("", |filter| &*filter.source);
    words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "me")
}
