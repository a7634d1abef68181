//! My work: what waits for this person, the next breach first.

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use engine::Question;
use maud::{Markup, html};
use model::Language;
use model::definition::{List, RecordType};
use std::sync::Arc;

/// Rows of each list on the page.
const ROWS: usize = 10;

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

impl Page<'_> {
    /// Every declared list that speaks of the reader, where it finds something.
    fn work(&self) -> Result<Markup> {
        let mut parts = Vec::new();
        let mut total = 0;
        let types: Vec<Arc<RecordType>> =
            self.catalogue.model.record_types.values().cloned().collect();
        for definition in types.iter().filter(|t| self.session().may_see_type(&t.name)) {
            for list in definition.lists.values().filter(|list| speaks_of_me(list)) {
                let (count, part) = self.work_list(definition, list)?;
                total += count;
                parts.extend(part);
            }
        }
        let said = match (total, self.language() == Language::ZH) {
            (0, true) => "没有等待您处理的事项。".to_string(),
            (0, false) => "Nothing waits for you.".to_string(),
            (n, true) => format!("有 {n} 项与您有关。"),
            (n, false) => format!("{n} concern you."),
        };
        Ok(html! {
            div.page-head { div {
                h1 { (self.t("My work", "我的工作")) }
                p { (self.watch.near(self.watch.now)) ". " (said) }
            } }
            div.stack { @for part in parts { (part) } }
        })
    }

    fn work_list(&self, definition: &RecordType, list: &List) -> Result<(usize, Option<Markup>)> {
        let columns: Vec<String> = list.columns.iter().map(|name| name.to_string()).collect();
        let fields = columns.iter().filter(|name| !definition.links.contains_key(name.as_str()));
        let sort =
            list.sort.iter().map(|s| format!("{}{}", if s.descending { "-" } else { "" }, s.field));
        let question = Question {
            record_type: definition.name.to_string(),
            filter: list.filter.as_ref().map(|filter| filter.source.to_string()),
            sort: Some(sort.collect::<Vec<_>>().join(",")).filter(|sort| !sort.is_empty()),
            columns: Some(fields.cloned().collect::<Vec<_>>().join(",")),
            limit: Some(ROWS),
            ..Question::default()
        };
        let listed = self.session().list(&question)?;
        let shown = listed.records.len();
        if shown == 0 {
            return Ok((0, None));
        }
        let plural = definition.plural.text(self.language());
        let label = list.label.as_ref().map_or(plural, |label| label.text(self.language()));
        let all = self.to(&format!("/{}?list={}", definition.name, list.name));
        let id = format!("{}-{}", definition.name, list.name);
        let part = html! {
            section aria-labelledby=(id) {
                div.sec {
                    h2 id=(id) { (plural) ": " (label) }
                    span.count { (shown) @if listed.next.is_some() { "+" } }
                    a.more href=(all) { (self.t("Show all", "查看全部")) }
                }
                table.table.fold {
                    thead.vh { tr {
                        th scope="col" { (self.t("Choose", "选择")) }
                        @for column in &columns {
                            th scope="col" { (self.column_label(definition, column)) }
                        }
                    } }
                    tbody {
                        @for record in &listed.records {
                            (self.row(definition, &columns, record))
                        }
                    }
                }
            }
        };
        Ok((shown, Some(part)))
    }
}

/// Whether a list is about whoever reads it.
fn speaks_of_me(list: &List) -> bool {
    let words = list.filter.as_ref().map_or("", |filter| &*filter.source);
    words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "me")
}
