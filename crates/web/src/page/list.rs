//! The list of any record type: filters as tokens and as the expression they are, columns, order,
//! pages without end. What is shown is in the address.

mod filters;
mod table;
pub(super) mod total;

pub(super) use table::Around;

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::parameters::{AS_OF, BEFORE, COLUMNS, CURSOR, SORT, WHERE, WORDS};
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::{icon, key};
use engine::{Error, Listed, Place, Question};
use maud::{Markup, html};
use model::definition::{List, RecordType};
use std::sync::Arc;

/// What the address of a list may hold.
pub const QUERY: &[Parameter] = &[
    Parameter::text("list", 64, "A list that the record type declares."),
    WHERE,
    WORDS,
    SORT,
    COLUMNS,
    CURSOR,
    BEFORE,
    AS_OF,
    Parameter::text("view", 36, "The kept view that is open."),
];

/// The parameters that the forms and links of a list carry along.
pub(super) const KEPT: [&str; 7] = ["view", "list", "where", "q", "sort", "columns", "as_of"];

/// Rows of one page.
const ROWS: usize = 50;

/// One list as it is asked for.
pub(super) struct Asked {
    pub definition: Arc<RecordType>,
    /// The declared list it stands on.
    list: Option<List>,
    pub columns: Vec<String>,
    sort: String,
}

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let asked = asked(&page)?;
    let question = question(&page, &asked);
    match call.session.list(&question) {
        Ok(listed) => Ok(page.frame(page.list_scene(&asked, &question, Ok(&listed))?)),
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            if problem.code == "not-found" {
                return Err(problem);
            }
            let status = problem.status;
            let scene = page.list_scene(&asked, &question, Err(&problem))?;
            Ok(page.frame(scene).status(status))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) fn asked(page: &Page) -> Result<Asked> {
    let definition = page.asked_type()?;
    let query = &page.call.query;
    let list = match query.text("list") {
        Some(name) => Some(definition.lists.get(name).cloned().ok_or_else(Problem::missing)?),
        None => definition.lists.get("default").cloned(),
    };
    let columns = columns_of(&definition, list.as_ref(), query.text("columns"));
    let sorted = list.as_ref().map(|list| &list.sort).into_iter().flatten();
    let sorted = sorted.map(|s| format!("{}{}", if s.descending { "-" } else { "" }, s.field));
    let sort = query.owned("sort").unwrap_or_else(|| sorted.collect::<Vec<_>>().join(","));
    Ok(Asked { definition, list, columns, sort })
}

/// The columns that a list shows: those of the address, else those that it declares.
pub(super) fn columns_of(
    definition: &RecordType,
    list: Option<&List>,
    asked: Option<&str>,
) -> Vec<String> {
    let declared = list.map(|list| &list.columns).filter(|columns| !columns.is_empty());
    match (asked, declared) {
        (Some(text), _) => text.split(',').map(|name| name.trim().to_string()).collect(),
        (None, Some(columns)) => columns.iter().map(|name| name.to_string()).collect(),
        (None, None) => own_columns(definition),
    }
}

/// What a list without a declaration shows.
fn own_columns(definition: &RecordType) -> Vec<String> {
    let number = definition.number.as_ref().map(|_| "number".to_string());
    let state = definition.initial.as_ref().map(|_| "state".to_string());
    let fields = definition.fields.keys().filter(|name| **name != definition.title).take(4);
    let title = Some(definition.title.to_string());
    let fields = fields.map(|name| name.to_string());
    number.into_iter().chain(title).chain(state).chain(fields).collect()
}

fn question(page: &Page, asked: &Asked) -> Question {
    let query = &page.call.query;
    let declared = asked.list.as_ref().and_then(|list| list.filter.as_ref());
    let filters: Vec<String> = declared
        .map(|filter| filter.source.to_string())
        .into_iter()
        .chain(query.owned("where").filter(|text| !text.trim().is_empty()))
        .collect();
    let filter = match &filters[..] {
        [] => None,
        [one] => Some(one.clone()),
        all => Some(all.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" and ")),
    };
    let place = match (query.owned("cursor"), query.owned("before")) {
        (Some(cursor), _) => Place::After(cursor),
        (None, Some(cursor)) => Place::Before(cursor),
        (None, None) => Place::Start,
    };
    // The title is the way into a record, so it is always read.
    let mut columns = asked.columns.clone();
    for needed in [asked.definition.title.as_str(), "number"] {
        let exists = needed != "number" || asked.definition.number.is_some();
        if exists && !columns.iter().any(|column| column == needed) {
            columns.push(needed.to_string());
        }
    }
    let known = |name: &String| !asked.definition.links.contains_key(name.as_str());
    let columns: Vec<String> = columns.into_iter().filter(known).collect();
    Question {
        record_type: asked.definition.name.to_string(),
        filter,
        search: query.owned("q"),
        sort: Some(asked.sort.clone()).filter(|sort| !sort.is_empty()),
        columns: Some(columns.join(",")),
        limit: Some(ROWS),
        place,
        count: None,
        as_of: query.instant("as_of"),
    }
}

impl Page<'_> {
    fn list_scene(
        &self,
        asked: &Asked,
        question: &Question,
        listed: std::result::Result<&Listed, &Problem>,
    ) -> Result<Scene> {
        let definition = &asked.definition;
        self.follow_types([&definition.name]);
        let plural = definition.plural.text(self.language());
        let label = self.list_label(asked)?;
        let label = label.as_deref();
        let path = self.to(&format!("/{}", definition.name));
        let mut trail = Vec::new();
        match label {
            Some(label) => {
                trail.extend([Trail::to(plural, path.clone()), Trail::here(label)]);
            }
            None => trail.push(Trail::here(plural)),
        }
        let title = label.map_or_else(|| plural.to_string(), |label| format!("{plural}: {label}"));
        let body = html! {
            h1.vh { (title) }
            div.split {
                div.main {
                    (self.filters(asked)?)
                    @match listed {
                        Ok(listed) => (self.found(asked, listed)?),
                        Err(problem) => (self.not_found(problem)),
                    }
                }
                div #preview {}
            }
        };
        Ok(Scene {
            title,
            trail,
            tools: self.list_tools(asked, question),
            here: self.menu_entry(definition),
            body,
            bleeds: true,
        })
    }

    /// What the list is called: the view that is open, else the declared list.
    fn list_label(&self, asked: &Asked) -> Result<Option<String>> {
        if let Some(open) = self.call.query.text("view") {
            let views = self.views_of(&asked.definition)?;
            if let Some(view) = views.iter().find(|view| view.id.to_string() == open) {
                return Ok(Some(view.name.clone()));
            }
            // Of what others share the side shows some; each can be opened.
            let id = open.parse().ok();
            let name = &asked.definition.name;
            let view = id.and_then(|id| self.session().saved_view(name, id).ok());
            if let Some(view) = view {
                return Ok(Some(view.name));
            }
        }
        let label = asked.list.as_ref().and_then(|list| list.label.as_ref());
        Ok(label.map(|label| label.text(self.language()).to_string()))
    }

    /// The address of this list with other parameters; one with an empty value is left out.
    pub(super) fn with(&self, changes: &[(&str, &str)]) -> String {
        self.with_at("", changes)
    }

    /// The same of a page below the list.
    pub(super) fn with_at(&self, below: &str, changes: &[(&str, &str)]) -> String {
        let query = &self.call.query;
        let mut pairs: Vec<(String, String)> = Vec::new();
        for name in KEPT {
            let changed = changes.iter().find(|(known, _)| *known == name);
            let value = changed.map(|(_, value)| value.to_string()).or_else(|| query.owned(name));
            pairs.extend(value.filter(|v| !v.is_empty()).map(|value| (name.to_string(), value)));
        }
        for (name, value) in changes.iter().filter(|(name, _)| ["cursor", "before"].contains(name))
        {
            pairs.push((name.to_string(), value.to_string()));
        }
        let path = self.to(&format!("/{}{below}", self.call.record_type()));
        let query: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", percent::encode(value)))
            .collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    fn list_tools(&self, asked: &Asked, question: &Question) -> Markup {
        let definition = &asked.definition;
        let export = |format: &str| {
            let mut text = format!("/api/v1/{}/export?format={format}", definition.name);
            for (name, value) in [
                ("where", &question.filter),
                ("q", &question.search),
                ("sort", &question.sort),
                ("columns", &Some(asked.columns.join(","))),
            ] {
                if let Some(value) = value {
                    text.push_str(&format!("&{name}={}", percent::encode(value)));
                }
            }
            if let Some(at) = self.call.query.text("as_of") {
                text.push_str(&format!("&as_of={}", percent::encode(at)));
            }
            self.to(&text)
        };
        html! {
            (self.columns_tool())
            (self.views_tool())
            div.wide {
                button.btn.btn-icon type="button" popovertarget="export"
                    aria-label=(self.t("Export", "导出")) { (icon("download")) }
                div #export .over.menu popover {
                    a href=(export("csv")) hx-boost="false" { "CSV" }
                    a href=(export("xlsx")) hx-boost="false" { "XLSX" }
                    a href=(export("jsonl")) hx-boost="false" { (self.t("JSON lines", "JSON 行")) }
                }
            }
            @if self.may_make(definition) {
                a.btn href=(self.to(&format!("/{}/new", definition.name))) data-key="c" {
                    (icon("plus")) (self.t("New", "新建")) " " span.wide { (key("C")) }
                }
            }
        }
    }

    fn not_found(&self, problem: &Problem) -> Markup {
        let language = self.language();
        html! {
            div.notice.is-bad role="alert" {
                (icon("circle-alert"))
                div {
                    b { (crate::title::of(problem.code, language)) }
                    @if problem.slips.is_empty() { p { (problem.said.text(language)) } }
                    @for slip in &problem.slips { p { (slip.said.text(language)) } }
                }
            }
        }
    }

    /// Whether this person can make a record of the type.
    pub(super) fn may_make(&self, definition: &RecordType) -> bool {
        self.session().may_create_type(&definition.name) && !definition.is_abstract
    }

    fn nothing(&self, asked: &Asked) -> Markup {
        let definition = &asked.definition;
        let query = &self.call.query;
        let is_narrowed = query.text("q").is_some() || query.text("where").is_some();
        html! {
            div.empty {
                (icon(definition.icon.as_deref().unwrap_or("file-text")))
                h2 { (self.t("Nothing here", "暂无记录")) }
                @if is_narrowed {
                    p { (self.t("No record fits the filter.", "没有符合筛选条件的记录。")) }
                    p.btns { a.btn href=(self.with(&[("q", ""), ("where", "")])) {
                        (self.t("Clear the filter", "清除筛选"))
                    } }
                } @else if self.may_make(definition) {
                    p { (self.t("No record of this kind yet, or none that you may see.",
                        "尚无此类记录，或没有您可查看的记录。")) }
                    p.btns { a.btn href=(self.to(&format!("/{}/new", definition.name))) {
                        (icon("plus")) (self.t("New", "新建"))
                    } }
                } @else {
                    p { (self.t("No record of this kind that you may see.",
                        "没有您可查看的此类记录。")) }
                }
            }
        }
    }
}
