//! `/administration`: the definitions in force, for those who administer: what there is, since
//! when, the versions before; one record type on a page of its own; changes of overlays, looked at
//! before they are made, and the way back.

mod back;
mod change;
mod diff;
mod edits;
mod fields;
mod file;
mod overlay;
mod parts;
mod review;
mod rights;
mod show;
mod steps;

pub use back::{back, version};
pub use change::{EXPRESSION, QUERY, change, expression, form};
pub use file::{FILE, file, line_id};
pub use overlay::{OVERLAY, keep, overlay};
pub use show::show;

use super::table::table;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::show::mark::icon;
use engine::definitions::{Standing, State, Version};
use maud::{Markup, html};
use model::Language;
use model::definition::RecordType;
use std::collections::BTreeMap;

/// The address below which all of it stands, and under which the side shows it.
const HERE: &str = "/administration/definitions";

/// How many versions are shown.
const VERSIONS: usize = 50;

/// Everything there is, by process, and the versions.
pub fn list(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let standing = page.session().definitions()?;
    let versions = page.session().definition_versions(VERSIONS)?;
    let title = page.t("Definitions", "定义");
    let body = html! {
        div.page-head {
            div {
                p.second {
                    (page.t("Version ", "版本 ")) (standing.version.number)
                    (page.t(", in force since ", "，生效时间 ")) (page.at(standing.version.at))
                    (page.t(", by ", "，操作人 ")) (standing.version.actor)
                }
                h1 { (title) }
                p { (summary(&page, &standing)) }
            }
            @if !standing.keeps_files {
                div.btns {
                    a.btn href=(page.to("/administration/overlay")) {
                        (icon("plus")) (page.t("New overlay", "新建叠加文件"))
                    }
                }
            }
        }
        @if standing.keeps_files { (in_files(&page)) }
        (page.record_types(&standing))
        (page.overlays(&standing))
        (page.versions(&standing, &versions))
    };
    Ok(scene(&page, title, vec![Trail::here(title)], body))
}

fn summary(page: &Page, standing: &Standing) -> String {
    let types = page.catalogue.model.record_types.len();
    let laid = standing.overlays().len();
    match page.language() == Language::ZH {
        true => format!("{types} 个记录类型，{laid} 个叠加文件。"),
        false => format!("{types} record types, {laid} overlays."),
    }
}

/// Why nothing can be changed here.
fn in_files(page: &Page) -> Markup {
    html! {
        div.notice {
            (icon("lock"))
            div {
                (page.t(
                    "The overlays are those in the folder \"overlays\" of the data folder. Change \
                     them there and run evenkeel apply.",
                    "叠加文件以数据目录中的“overlays”目录为准；请在该目录中修改后执行 evenkeel apply。",
                ))
            }
        }
    }
}

/// A page of the definitions, in the frame.
fn scene(page: &Page, title: &str, trail: Vec<Trail>, body: Markup) -> Answer {
    let (title, here) = (title.to_string(), HERE.to_string());
    page.frame(Scene { title, trail, tools: html! {}, here, body, bleeds: false })
}

/// The way to one page below the definitions.
fn trail(page: &Page, to: &str) -> Vec<Trail> {
    vec![Trail::to(page.t("Definitions", "定义"), page.to(HERE)), Trail::here(to)]
}

/// The way to a page below one record type.
fn trail_below(page: &Page, definition: &RecordType, to: &str) -> Vec<Trail> {
    let mut trail = trail(page, to);
    let label = definition.label.text(page.language()).to_string();
    trail.insert(1, Trail::to(label, page.to(&format!("{HERE}/{}", definition.name))));
    trail
}

impl Page<'_> {
    fn record_types(&self, standing: &Standing) -> Markup {
        let mut by_process: BTreeMap<&str, Vec<&RecordType>> = BTreeMap::new();
        for definition in self.catalogue.model.record_types.values() {
            by_process.entry(definition.process.as_str()).or_default().push(definition);
        }
        html! {
            section aria-labelledby="types" {
                div.sec {
                    h2 #types { (self.t("Record types", "记录类型")) }
                    span.count { (self.catalogue.model.record_types.len()) }
                }
                (table(self.t("Table of record types", "记录类型表"), "table", &html! {
                    th scope="col" { (self.t("Name", "名称")) }
                    th scope="col" { (self.t("English", "英文")) }
                    th scope="col" { (self.t("Chinese", "中文")) }
                    th scope="col" { (self.t("Overlays", "叠加文件")) }
                    th.num scope="col" { (self.t("Fields", "字段")) }
                    th.num scope="col" { (self.t("States", "状态")) }
                    th.num scope="col" { (self.t("Rules", "规则")) }
                }, &html! {
                    @for (process, types) in by_process {
                        tbody {
                            // The name of a folder, which is English in each language.
                            tr { th.group colspan="7" scope="rowgroup" lang="en" {
                                (process.replace('_', " "))
                            } }
                            @for one in types { (self.type_row(one, standing)) }
                        }
                    }
                }))
            }
        }
    }

    fn type_row(&self, definition: &RecordType, standing: &Standing) -> Markup {
        let overlays = standing.places.overlays(&definition.name);
        html! {
            tr {
                th scope="row" {
                    a href=(self.to(&format!("{HERE}/{}", definition.name))) {
                        code { (definition.name) }
                    }
                }
                td { (definition.label.text(Language::EN)) }
                td lang="zh-Hans" { (definition.label.text(Language::ZH)) }
                td { @for path in overlays { span.tag { (overlay_name(path)) } " " } }
                td.num { (definition.fields.len()) }
                td.num { (definition.states.len()) }
                td.num { (definition.rules.len()) }
            }
        }
    }

    fn overlays(&self, standing: &Standing) -> Markup {
        let overlays = standing.overlays();
        html! {
            section.below aria-labelledby="overlays" {
                div.sec {
                    h2 #overlays { (self.t("Overlays", "叠加文件")) }
                    span.count { (overlays.len()) }
                }
                @if overlays.is_empty() {
                    p.help {
                        (self.t(
                            "None. A field, a choice, a label, a list or a rule added on the page \
                             of a record type makes one.",
                            "暂无。在记录类型页面上新增字段、选项、标签、列表或规则时生成。",
                        ))
                    }
                } @else {
                    ul.rows { @for name in overlays.keys() { (self.overlay_row(name, standing)) } }
                }
            }
        }
    }

    fn overlay_row(&self, name: &str, standing: &Standing) -> Markup {
        let query = crate::percent::encode(name);
        let path = crate::percent::encode(&format!("overlays/{name}"));
        html! {
            li { div.line {
                (icon("layers"))
                @if standing.keeps_files { code { (name) } }
                @else {
                    a href=(self.to(&format!("/administration/overlay?name={query}"))) {
                        code { (name) }
                    }
                }
                span.push {}
                a.btn href=(self.to(&format!("/administration/file?path={path}")))
                    hx-boost="false" {
                    (icon("download")) (self.t("Save the file", "下载文件"))
                    span.vh { " " (name) }
                }
            } }
        }
    }

    fn versions(&self, standing: &Standing, versions: &[Version]) -> Markup {
        html! {
            section.below aria-labelledby="versions" {
                div.sec {
                    h2 #versions { (self.t("Versions", "版本")) }
                    span.count { (versions.len()) }
                }
                (table(self.t("Table of versions", "版本表"), "table", &html! {
                    th.num scope="col" { (self.t("Version", "版本")) }
                    th scope="col" { (self.t("State", "状态")) }
                    th scope="col" { (self.t("When", "时间")) }
                    th scope="col" { (self.t("By", "操作人")) }
                    th scope="col" { (self.t("What for", "说明")) }
                    th scope="col" { span.vh { (self.t("Go back", "回退")) } }
                }, &html! {
                    tbody { @for one in versions { (self.version_row(standing, one)) } }
                }))
            }
        }
    }

    fn version_row(&self, standing: &Standing, version: &Version) -> Markup {
        let state = match version.state {
            State::Active => self.t("in force", "生效"),
            State::Candidate => self.t("never in force", "从未生效"),
            State::Former => self.t("was in force", "历史"),
            State::RolledBack => self.t("rolled back", "已回退"),
        };
        let address = format!("/administration/versions/{}", version.number);
        let is_former = version.number != standing.version.number;
        html! {
            tr {
                th.num scope="row" { (version.number) }
                td { (state) }
                td { (self.at(version.at)) }
                td { (version.actor) }
                td.wrap { (version.note.as_deref().unwrap_or("")) }
                td.num {
                    @if is_former && !standing.keeps_files {
                        a.btn href=(self.to(&address)) {
                            (icon("history")) (self.t("Roll back…", "回退…"))
                            span.vh { " " (version.number) }
                        }
                    }
                }
            }
        }
    }
}

/// The name of an overlay, without the folder that all stand in.
fn overlay_name(path: &str) -> &str {
    path.strip_prefix("overlays/").unwrap_or(path)
}
