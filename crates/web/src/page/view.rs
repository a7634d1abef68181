//! The views of a record type: lists that people keep under a name. A view is an address with a
//! name, so that opening one is opening a list.

use super::field::Wrong;
use super::inputs::{Input, line, select};
use super::{Page, Scene, Trail, list};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::Error;
use engine::saved_view::{Audience, NewView, SavedView, Shown};
use maud::{Markup, html};
use model::definition::RecordType;
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

/// What a list shows, to be kept as a view.
pub const QUERY: &[Parameter] = list::QUERY;

/// The views there are, and the form that keeps what the address shows as another.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let back = Back { view: None, form: &Form::default(), wrong: Wrong::new() };
    let scene = page.views_scene(&back)?;
    Ok(page.frame(scene))
}

/// Keeps a view and opens it.
pub fn keep(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let shown = Shown::of(|name| form.filled(name).map(str::to_string));
    let done = page.audience(&form).and_then(|audience| {
        let new = NewView { name: form.text("name").unwrap_or(""), shown: shown.clone(), audience };
        call.session.keep_view(call.record_type(), &new)
    });
    match done {
        Ok(id) => {
            let address = page.view_address(call.record_type(), id, &shown);
            Ok(page.go(&address, Some(page.t("View kept", "视图已保存"))))
        }
        Err(error) => page.view_refused(&form, None, error),
    }
}

/// Changes the name of a view and whom it is for; what it shows too, where the form says so.
pub fn change(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let view = page.view(call)?;
    let shown = match form.text("shown") {
        Some(_) => Shown::of(|name| form.filled(name).map(str::to_string)),
        None => view.shown.clone(),
    };
    let audience = match form.filled("for") {
        Some(_) => page.audience(&form),
        None => Ok(view.audience),
    };
    let done = audience.and_then(|audience| {
        let name = form.text("name").unwrap_or(&view.name);
        let new = NewView { name, shown: shown.clone(), audience };
        call.session.change_view(call.record_type(), view.id, &new)
    });
    match done {
        Ok(()) => {
            let address = page.view_address(call.record_type(), view.id, &shown);
            Ok(page.go(&address, Some(page.t("View changed", "视图已修改"))))
        }
        Err(error) => page.view_refused(&form, Some(view.id), error),
    }
}

/// Takes a view away.
pub fn end(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let view = page.view(call)?;
    call.session.drop_view(call.record_type(), view.id)?;
    let address = page.to(&format!("/{}/views", call.record_type()));
    Ok(page.go(&address, Some(page.t("View removed", "视图已删除"))))
}

/// Whom something kept is for, as a form writes it; `team` is the card of its team, nothing where
/// the reader does not see it.
pub(super) fn written(audience: Audience, team: Option<&Json>) -> String {
    let team = team.and_then(|team| team["id"].as_str());
    match audience {
        Audience::Owner => "owner".into(),
        Audience::Team(_) => team.unwrap_or("").into(),
        Audience::Everybody => "everybody".into(),
    }
}

/// A form that was refused: that of a view, or of a new one.
struct Back<'f> {
    view: Option<Uuid>,
    form: &'f Form,
    wrong: Wrong,
}

impl Page<'_> {
    /// The views of a record type that this person finds; asked once a page.
    pub(super) fn views_of(&self, definition: &RecordType) -> Result<Arc<[SavedView]>> {
        if let Some(known) = self.views.get() {
            return Ok(known.clone());
        }
        let found: Arc<[SavedView]> = self.session().saved_views(&definition.name)?.into();
        Ok(self.views.get_or_init(|| found).clone())
    }

    pub(super) fn view_address(&self, record_type: &str, id: Uuid, shown: &Shown) -> String {
        let mut address = self.to(&format!("/{record_type}?view={id}"));
        for (name, part) in shown.parts() {
            if let Some(part) = part {
                address.push_str(&format!("&{name}={}", percent::encode(part)));
            }
        }
        address
    }

    /// The way to keep the list that is shown, and to the views there are.
    pub(super) fn views_tool(&self) -> Markup {
        let address = self.with_at("/views", &[]);
        let label = self.t("Keep as a view", "保存为视图");
        html! {
            a.btn.btn-icon.wide href=(address) aria-label=(label) title=(label) { (icon("star")) }
        }
    }

    fn view(&self, call: &Call) -> Result<SavedView> {
        let id = call.part("view").parse().map_err(|_| Problem::missing())?;
        Ok(self.session().saved_view(call.record_type(), id)?)
    }

    pub(super) fn audience(&self, form: &Form) -> engine::Result<Audience> {
        Ok(match form.text("for").unwrap_or("owner") {
            "owner" => Audience::Owner,
            "everybody" => Audience::Everybody,
            team => Audience::Team(self.session().own_team(team)?),
        })
    }

    fn view_refused(&self, form: &Form, view: Option<Uuid>, error: Error) -> Result<Answer> {
        match error {
            Error::Refused(refusal) => {
                let problem = crate::refused::problem(&refusal);
                if problem.status == StatusCode::NOT_FOUND {
                    return Err(problem);
                }
                let of_whom = |name: &str| ["audience", "team"].contains(&name);
                let wrong = self.wrong(&refusal).into_iter();
                let wrong = wrong.map(|(name, said)| match of_whom(&name) {
                    true => ("for".to_string(), said),
                    false => (name, said),
                });
                let back = Back { view, form, wrong: wrong.collect() };
                Ok(self.frame(self.views_scene(&back)?).status(problem.status))
            }
            fault => Err(fault.into()),
        }
    }

    fn views_scene(&self, back: &Back) -> Result<Scene> {
        let definition = self.asked_type()?;
        let views = self.views_of(&definition)?;
        let audiences = self.audiences()?;
        let title = self.t("Views", "视图").to_string();
        let plural = definition.plural.text(self.language());
        let list = self.to(&format!("/{}", definition.name));
        let body = html! {
            div.page-head { div {
                h1 { (plural) (self.t(": views", "：视图")) }
                p { (self.t("A view is a list under a name: filter, order and columns. Whoever \
                    opens it sees the records that they may see.",
                    "视图是带名称的列表：筛选、排序和列。打开视图的人只能看到其有权查看的记录。")) }
            } }
            div.cols {
                (self.keep_form(&definition, &audiences, back)?)
                section aria-labelledby="kept" {
                    div.sec {
                        h2 #kept { (self.t("Kept views", "已保存的视图")) }
                        span.count { (views.len()) }
                    }
                    @if views.is_empty() {
                        p.second { (self.t("None yet.", "暂无。")) }
                    }
                    ul.rows { @for view in views.iter() {
                        (self.kept_view(&definition, view, &audiences, back))
                    } }
                }
            }
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

    /// For whom a view may be: the value of the form and what people call it.
    pub(super) fn audiences(&self) -> Result<Vec<(String, String)>> {
        let mut all = vec![("owner".into(), self.t("For me alone", "仅自己").to_string())];
        for (_, team) in self.session().own_teams()? {
            let part = |name: &str| team[name].as_str().unwrap_or("").to_string();
            all.push((part("id"), format!("{}{}", self.t("Team: ", "团队："), part("title"))));
        }
        if self.session().administers() {
            all.push(("everybody".into(), self.t("For everybody", "所有人").to_string()));
        }
        Ok(all)
    }

    /// Whom something kept is for, in words.
    pub(super) fn whom<'t>(&'t self, audience: Audience, team: Option<&'t Json>) -> &'t str {
        match audience {
            Audience::Owner => self.t("For me alone", "仅自己"),
            Audience::Team(_) => {
                let title = team.and_then(|team| team["title"].as_str());
                title.unwrap_or(self.t("A team", "团队"))
            }
            Audience::Everybody => self.t("For everybody", "所有人"),
        }
    }

    /// The form that keeps what the address shows.
    fn keep_form(
        &self,
        definition: &RecordType,
        audiences: &[(String, String)],
        back: &Back,
    ) -> Result<Markup> {
        let part = |name: &str| {
            let typed = back.form.text(name).or_else(|| self.call.query.text(name));
            typed.filter(|text| !text.is_empty())
        };
        let shown = Shown::of(|name| part(name).map(str::to_string));
        let said = self.in_words(definition, &shown)?;
        let path = self.to(&format!("/{}/views", definition.name));
        let views = self.views_of(definition)?;
        let open = part("view").and_then(|id| id.parse::<Uuid>().ok());
        let open = views.iter().find(|view| view.mine && Some(view.id) == open);
        let hidden = html! {
            input type="hidden" name="csrf" value=(self.csrf());
            @for (name, part) in shown.parts() {
                @if let Some(part) = part { input type="hidden" name=(name) value=(part); }
            }
        };
        Ok(html! {
            section.stack aria-labelledby="keep" {
                div.sec { h2 #keep { (self.t("Keep this list", "保存当前列表")) } }
                dl.facts { @for (label, text) in &said { div { dt { (label) } dd { (text) } } } }
                @if let Some(view) = open {
                    form method="post" action=(format!("{path}/{}", view.id)) {
                        (hidden)
                        input type="hidden" name="shown" value="yes";
                        button.btn type="submit" {
                            (self.t("Keep it as ", "覆盖视图")) "“" (view.name) "”"
                        }
                    }
                }
                form.form method="post" action=(path) novalidate {
                    (hidden)
                    (self.view_fields(definition, None, ("", "owner"), audiences, back))
                    div.btns { button.btn.btn-solid type="submit" {
                        (self.t("Keep as a new view", "保存为新视图"))
                    } }
                }
            }
        })
    }

    /// Whom something kept is for; `form` begins the ids of its form.
    pub(super) fn audience_field(
        &self,
        form: &str,
        all: &[(String, String)],
        chosen: &str,
    ) -> Markup {
        let (name, help, label) = ("for", "", self.t("For whom", "可见范围"));
        select(&Input { form, name, label, help, value: chosen }, all, &Wrong::new())
    }

    /// Name and audience, of a view or of a new one: as they were typed where they were refused.
    fn view_fields(
        &self,
        definition: &RecordType,
        view: Option<Uuid>,
        held: (&str, &str),
        audiences: &[(String, String)],
        back: &Back,
    ) -> Markup {
        let none = Wrong::new();
        let (form, wrong) = match back.view == view {
            true => (Some(back.form), &back.wrong),
            false => (None, &none),
        };
        let typed = |name: &str| form.and_then(|form| form.text(name));
        let of = view.map(|id| format!("{id}-")).unwrap_or_default();
        let name = Input {
            form: &of,
            name: "name",
            label: self.t("Name", "名称"),
            help: "",
            value: typed("name").unwrap_or(held.0),
        };
        let whom = Input {
            form: &of,
            name: "for",
            label: self.t("For whom", "可见范围"),
            help: "",
            value: typed("for").unwrap_or(held.1),
        };
        html! {
            (self.notice(definition, wrong))
            (line(&name, wrong))
            (select(&whom, audiences, wrong))
        }
    }

    /// What a view shows, for people.
    fn in_words(&self, definition: &RecordType, shown: &Shown) -> Result<Vec<(String, String)>> {
        let language = self.language();
        let mut all = Vec::new();
        let list = shown.list.as_deref().and_then(|name| definition.lists.get(name));
        if let Some(label) = list.and_then(|list| list.label.as_ref()) {
            all.push((self.t("List", "列表").into(), label.text(language).into()));
        }
        if let Some(filter) = &shown.filter {
            let parts = self.session().filter_parts(&definition.name, filter)?;
            let said = parts.into_iter().map(|part| part.words.unwrap_or(part.source));
            let said = said.collect::<Vec<_>>().join(self.t("; ", "；"));
            all.push((self.t("Filter", "筛选").into(), said));
        }
        if let Some(words) = &shown.search {
            all.push((self.t("Words", "搜索词").into(), words.clone()));
        }
        let labels = |names: &str| {
            let each = names.split(',').map(|name| {
                let plain = name.trim().trim_start_matches('-');
                let arrow = if name.trim().starts_with('-') { " ↓" } else { "" };
                format!("{}{arrow}", self.column_label(definition, plain))
            });
            each.collect::<Vec<_>>().join(self.t(", ", "、"))
        };
        if let Some(sort) = &shown.sort {
            all.push((self.t("Order", "排序").into(), labels(sort)));
        }
        if let Some(columns) = &shown.columns {
            all.push((self.t("Columns", "列").into(), labels(columns)));
        }
        if all.is_empty() {
            all.push((self.t("Filter", "筛选").into(), self.t("All records", "全部记录").into()));
        }
        Ok(all)
    }

    fn kept_view(
        &self,
        definition: &RecordType,
        view: &SavedView,
        audiences: &[(String, String)],
        back: &Back,
    ) -> Markup {
        let path = self.to(&format!("/{}/views/{}", definition.name, view.id));
        let written = written(view.audience, view.team.as_ref());
        let held = (view.name.as_str(), &*written);
        // Only whoever keeps it takes it back from everybody.
        let mut choosable: Vec<(String, String)> = audiences
            .iter()
            .filter(|(value, _)| view.own || value == "everybody")
            .cloned()
            .collect();
        let is_choosable = choosable.iter().any(|(value, _)| value == held.1);
        let held = if is_choosable { held } else { (held.0, "") };
        if !is_choosable {
            choosable.insert(0, (String::new(), self.t("As it is", "保持不变").to_string()));
        }
        let whom = self.whom(view.audience, view.team.as_ref());
        html! {
            li {
                div.line {
                    a href=(self.view_address(&definition.name, view.id, &view.shown)) {
                        (view.name)
                    }
                    " " span.second { (whom) }
                }
                @if view.mine {
                    details open[back.view == Some(view.id)] {
                        summary.second { (self.t("Change", "修改")) }
                        form.form method="post" action=(path) {
                            input type="hidden" name="csrf" value=(self.csrf());
                            (self.view_fields(definition, Some(view.id), held, &choosable, back))
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
