//! `/administration/definitions/TYPE`: one record type in full, as the definitions in force say it.

use super::{HERE, in_files, overlay_name, scene, trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use engine::definitions::Standing;
use maud::{Markup, html};
use model::Language;
use model::definition::RecordType;
use model::expression::Expression;
use model::places::Place;
use std::sync::Arc;

/// One record type with the definitions that it stands in.
pub(super) struct TypePage<'p> {
    pub page: &'p Page<'p>,
    pub definition: &'p RecordType,
    pub standing: &'p Standing,
}

/// What the pages of one record type are drawn from, as the address names it.
pub(super) struct Desk<'c> {
    pub page: Page<'c>,
    pub standing: Standing,
    definition: Arc<RecordType>,
}

impl<'c> Desk<'c> {
    /// # Errors
    /// `not-found`; `not-allowed` for those who do not administer.
    pub fn of(call: &'c Call) -> Result<Desk<'c>> {
        let page = Page::new(call);
        let standing = page.session().definitions()?;
        let definition = page.catalogue.record_type(call.part("definition")).cloned();
        let definition = definition.ok_or_else(Problem::missing)?;
        Ok(Desk { page, standing, definition })
    }

    pub fn type_page(&self) -> TypePage<'_> {
        TypePage { page: &self.page, definition: &self.definition, standing: &self.standing }
    }
}

/// The page.
pub fn show(call: &Call) -> Result<Answer> {
    let desk = Desk::of(call)?;
    let (shown, page, standing) = (desk.type_page(), &desk.page, &desk.standing);
    let label = shown.definition.label.text(page.language()).to_string();
    let body = html! {
        (shown.head())
        @if standing.keeps_files { (in_files(page)) }
        (shown.tabs())
        div.told {
            (shown.steps())
            (shown.fields())
            (shown.rules())
            (shown.approvals())
            (shown.clocks())
            (shown.rights())
            (shown.lists())
            (shown.measures())
            (shown.evidence())
            (shown.source())
        }
    };
    Ok(scene(page, &label, trail(page, &label), body))
}

impl TypePage<'_> {
    pub fn t<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.page.t(en, zh)
    }

    pub fn language(&self) -> Language {
        self.page.language()
    }

    /// An expression in words.
    pub fn phrase(&self, expression: &Expression) -> String {
        let model = &self.page.catalogue.model;
        engine::in_words(model, self.definition, expression, self.language())
    }

    /// Where a part is written: here or in what it extends, the declaration first.
    pub fn places(&self, kind: &str, name: &str) -> Vec<&Place> {
        let lineage = self.definition.lineage.iter();
        lineage.flat_map(|of| self.standing.places.at(of, kind, name)).collect()
    }

    /// File and line of a part, and the overlays that touch it.
    pub fn origin(&self, kind: &str, name: &str) -> Markup {
        let places = self.places(kind, name);
        html! {
            @if let Some(first) = places.first() {
                code { (short(&first.path)) ":" (first.line) }
            }
            @for place in places.iter().filter(|place| place.is_overlay) {
                " " span.tag {
                    (icon("layers")) (self.t("overlay: ", "叠加：")) (overlay_name(&place.path))
                }
            }
        }
    }

    /// The head of a part of the page: its title, how many, the way to add one.
    pub fn sec(&self, id: &str, title: &str, count: usize, add: Option<(&str, &str)>) -> Markup {
        let to =
            |what: &str| self.page.to(&format!("{HERE}/{}/edit?what={what}", self.definition.name));
        html! {
            div.sec {
                h2 id=(id) { (title) }
                span.count { (count) }
                @if let Some((what, label)) = add.filter(|_| !self.standing.keeps_files) {
                    span.push {}
                    a.btn href=(to(what)) { (icon("plus")) (label) }
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let definition = self.definition;
        let own = self.places("record", "");
        let help = definition.help.as_ref().map(|help| help.text(self.language()));
        let counts = [
            (definition.states.len(), self.t("states", "个状态")),
            (definition.transitions.len(), self.t("transitions", "个转换")),
            (definition.fields.len(), self.t("fields", "个字段")),
            (
                self.standing.places.overlays(&definition.name).len(),
                self.t("overlays", "个叠加文件"),
            ),
        ];
        let counts: Vec<String> = counts.iter().map(|(n, word)| format!("{n} {word}")).collect();
        html! {
            div.page-head {
                div {
                    p.second {
                        @if let Some(first) = own.first() { code { (first.path) } ", " }
                        (self.t("version ", "版本 ")) (self.standing.version.number)
                        (self.t(", in force since ", "，生效时间 "))
                        (self.page.at(self.standing.version.at))
                    }
                    h1 { (definition.label.text(self.language())) }
                    p {
                        @if let Some(help) = help { (help) " " }
                        (counts.join(self.t(", ", "，"))) (self.t(".", "。"))
                        @if let Some(parent) = definition.lineage.get(1) {
                            " " (self.t("Extends ", "扩展自 "))
                            a href=(self.page.to(&format!("{HERE}/{parent}"))) { code { (parent) } }
                            (self.t(".", "。"))
                        }
                    }
                }
                div.btns {
                    @if !self.standing.keeps_files {
                        a.btn href=(self.page.to(
                            &format!("{HERE}/{}/edit?what=label", definition.name))) {
                            (icon("pencil")) (self.t("Change a label", "修改标签"))
                        }
                    }
                    a.btn href=(self.page.to(&format!("{HERE}#versions"))) {
                        (icon("history")) (self.t("Versions", "版本"))
                    }
                    a.btn href="#source" { (icon("file-text")) (self.t("Source", "源文件")) }
                }
            }
        }
    }

    fn tabs(&self) -> Markup {
        let definition = self.definition;
        let parts = [
            ("steps", self.t("States", "状态"), definition.states.len()),
            ("fields", self.t("Fields", "字段"), definition.fields.len()),
            ("rules", self.t("Rules", "规则"), definition.rules.len()),
            ("approvals", self.t("Approvals", "审批"), definition.approvals.len()),
            ("clocks", self.t("Clocks", "时钟"), definition.clocks.len()),
            ("rights", self.t("Rights", "权限"), definition.permissions.len()),
            ("lists", self.t("Lists", "列表"), definition.lists.len()),
            ("measures", self.t("Measures", "度量"), definition.measures.len()),
            ("evidence", self.t("Evidence", "证据"), definition.evidence.len()),
        ];
        html! {
            nav.tabs aria-label=(self.t("Parts", "组成部分")) {
                @for (id, label, count) in parts.into_iter().filter(|(_, _, count)| *count > 0) {
                    a href=(format!("#{id}")) { (label) " " span.count { (count) } }
                }
            }
        }
    }
}

/// A path without the folders that say nothing.
fn short(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
