//! The side: where a person can go. Menus are declared by the processes; of their entries a person
//! sees those of which they may ever see a record.

use super::Page;
use super::frame::wordmark;
use crate::door::cookie::Theme;
use crate::percent;
use crate::show::mark::{face, icon, key};
use engine::saved_view::Shown;
use maud::{Markup, html};
use model::Language;
use model::definition::page::Page as Declared;
use model::definition::{Menu, RecordType};
use std::sync::Arc;

/// What stands in a menu.
enum Entry<'e> {
    Records(&'e Arc<RecordType>),
    Page(&'e Declared),
}

/// One list of the side.
pub(super) struct SideList {
    pub label: String,
    pub address: String,
    pub is_open: bool,
    pub shown: Shown,
}

impl Page<'_> {
    /// The record types of a menu that this person may see and the pages that are theirs, in the
    /// order of their places.
    fn entries(&self, menu: &Menu) -> Vec<Entry<'_>> {
        let types = self.catalogue.model.record_types.values();
        let types = types
            .filter(|found| found.menu.as_ref() == Some(&menu.name))
            .filter(|found| self.session().may_see_type(&found.name));
        let pages = self.catalogue.model.pages.values();
        let pages = pages
            .filter(|page| page.menu.as_ref() == Some(&menu.name))
            .filter(|page| self.finds(page));
        let mut shown: Vec<(i64, Entry)> = types
            .map(|found| (found.place.unwrap_or(i64::MAX), Entry::Records(found)))
            .chain(pages.map(|page| (page.place.unwrap_or(i64::MAX), Entry::Page(page))))
            .collect();
        shown.sort_by_key(|(place, _)| *place);
        shown.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Whether the page is one of those this person looks for by their roles.
    pub(super) fn finds(&self, page: &Declared) -> bool {
        page.roles.is_empty() || page.roles.iter().any(|role| self.session().plays(role))
    }

    /// The record type under whose entry one of its kind is found: itself, or what it extends.
    pub(super) fn menu_entry(&self, definition: &RecordType) -> String {
        let stands = |name: &&model::Name| {
            self.catalogue.record_type(name).is_some_and(|found| found.menu.is_some())
        };
        let found = definition.lineage.iter().find(stands).unwrap_or(&definition.name);
        found.to_string()
    }

    /// Theme and language, for pages without a side; `here` is their path.
    pub fn choices_at(&self, here: &str) -> Markup {
        let (other, label) = match self.language() == Language::ZH {
            true => ("en", "English"),
            false => ("zh", "中文"),
        };
        html! {
            (self.choice(("language", other), here, html! {
                button type="submit" lang=(other) { (label) }
            }))
            (self.choice(("theme", self.next_theme()), here, html! {
                button type="submit" { (self.t("Theme", "主题")) }
            }))
        }
    }

    fn next_theme(&self) -> &'static str {
        match self.call.kept.theme {
            Theme::Auto => "light",
            Theme::Light => "dark",
            Theme::Dark => "auto",
        }
    }

    /// A form that makes one choice of the browser and comes back to `here`.
    fn choice(&self, (name, value): (&str, &str), here: &str, button: Markup) -> Markup {
        html! {
            form method="post" action=(self.to("/choice")) hx-boost="false" {
                input type="hidden" name="csrf" value=(self.csrf());
                input type="hidden" name="name" value=(name);
                input type="hidden" name="value" value=(value);
                input type="hidden" name="to" value=(here);
                (button)
            }
        }
    }

    pub(super) fn side(&self, here: &str) -> Markup {
        html! {
            nav.side #side popover aria-label=(self.t("Main", "主导航")) {
                div.side-head { a.brand href=(self.to("/")) { (wordmark()) } }
                a.side-find href=(self.to("/search")) data-open="palette" {
                    (icon("search")) (self.t("Search or do", "搜索或执行"))
                    span.push { (key("/")) }
                }
                div.side-body {
                    ul { li {
                        a href=(self.to("/")) aria-current=[(here == "home").then_some("page")] {
                            (icon("inbox")) (self.t("My work", "我的工作"))
                        }
                    } }
                    @for menu in self.catalogue.model.menus.values() {
                        @let entries = self.entries(menu);
                        @if !entries.is_empty() {
                            h2 { (menu.label.text(self.language())) }
                            ul {
                                @for entry in entries {
                                    @match entry {
                                        Entry::Records(found) => (self.entry(found, here)),
                                        Entry::Page(page) => (self.page_entry(page, here)),
                                    }
                                }
                            }
                        }
                    }
                    @if self.session().administers() { (self.administration(here)) }
                }
                (self.foot())
            }
        }
    }

    /// What only those see who administer.
    fn administration(&self, here: &str) -> Markup {
        let entries = [
            ("/administration/definitions", "workflow", self.t("Definitions", "定义")),
            ("/admin/accounts", "key-round", self.t("Ways in", "登录方式")),
            ("/admin/roles", "users", self.t("Roles", "角色")),
            ("/admin/logins", "log-in", self.t("Logins", "登录记录")),
            ("/admin/import", "layers", self.t("Import", "导入")),
            ("/admin/ledger", "shield-check", self.t("Ledger", "账本")),
            ("/admin/jobs", "list-checks", self.t("Jobs", "后台任务")),
            ("/admin/health", "life-buoy", self.t("Health", "运行状况")),
        ];
        html! {
            h2 { (self.t("Administration", "系统管理")) }
            ul {
                @for (path, picture, label) in entries {
                    li {
                        a href=(self.to(path)) aria-current=[(here == path).then_some("page")] {
                            (icon(picture)) (label)
                        }
                    }
                }
            }
        }
    }

    fn entry(&self, definition: &RecordType, here: &str) -> Markup {
        let path = self.to(&format!("/{}", definition.name));
        let is_here = *definition.name == *here;
        html! {
            li {
                a href=(path) aria-current=[is_here.then_some("page")] {
                    (icon(definition.icon.as_deref().unwrap_or("file-text")))
                    (definition.plural.text(self.language()))
                }
                @if is_here { (self.views(definition)) }
            }
        }
    }

    fn page_entry(&self, page: &Declared, here: &str) -> Markup {
        html! {
            li {
                a href=(self.to(&page.path))
                    aria-current=[(*page.name == *here).then_some("page")] {
                    (icon(page.icon.as_deref().unwrap_or("file-text")))
                    (page.label.text(self.language()))
                }
            }
        }
    }

    /// The lists and views of the record type that is shown; counts come when the page stands.
    fn views(&self, definition: &RecordType) -> Markup {
        self.side_lists(definition, &self.lists_of(definition), &[])
    }

    /// The declared lists that have a label, then the views that this person finds: the lists alone
    /// where the views cannot be read.
    pub(super) fn lists_of(&self, definition: &RecordType) -> Vec<SideList> {
        let path = self.to(&format!("/{}", definition.name));
        let query = &self.call.query;
        let open = query.text("view").unwrap_or("");
        let list = query.text("list").filter(|_| open.is_empty()).unwrap_or("");
        let labelled =
            definition.lists.values().filter_map(|list| Some((list, list.label.as_ref()?)));
        let mut all: Vec<SideList> = labelled
            .map(|(found, label)| SideList {
                label: label.text(self.language()).to_string(),
                address: format!("{path}?list={}", found.name),
                is_open: *found.name == *list,
                shown: Shown { list: Some(found.name.to_string()), ..Shown::default() },
            })
            .collect();
        let views = self.views_of(definition).unwrap_or_default();
        all.extend(views.iter().map(|view| SideList {
            label: view.name.clone(),
            address: self.view_address(&definition.name, view.id, &view.shown),
            is_open: view.id.to_string() == open,
            shown: view.shown.clone(),
        }));
        all
    }

    /// The lists of the side; without counts it asks for itself with them.
    pub(super) fn side_lists(
        &self,
        definition: &RecordType,
        shown: &[SideList],
        counts: &[Option<String>],
    ) -> Markup {
        let query = &self.call.query;
        let part = |name: &str| percent::encode(query.text(name).unwrap_or(""));
        let counting = format!(
            "{}?list={}&view={}",
            self.to(&format!("/{}/counts", definition.name)),
            part("list"),
            part("view")
        );
        let asks = (counts.is_empty() && !shown.is_empty()).then_some(counting);
        html! {
            ul hx-get=[asks.as_deref()] hx-trigger=[asks.as_ref().map(|_| "load delay:200ms")]
                hx-swap=[asks.as_ref().map(|_| "outerHTML")] {
                @for (place, one) in shown.iter().enumerate() {
                    li {
                        a href=(one.address) aria-current=[one.is_open.then_some("true")] {
                            span.clip { (one.label) }
                            @if let Some(Some(count)) = counts.get(place) {
                                " " span.count { (count) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let actor = self.session().actor();
        let name = if actor.name.is_empty() { &actor.login } else { &actor.name };
        let (other, label) = match self.language() == Language::ZH {
            true => ("en", "EN"),
            false => ("zh", "中"),
        };
        let here = &self.call.target;
        html! {
            div.side-foot {
                a.who.clip href=(self.to("/me")) { (face(name)) span.clip { (name) } }
                (self.choice(("theme", self.next_theme()), here, html! {
                    button.btn.btn-icon type="submit"
                        aria-label=(self.t("Theme: system, light, dark", "主题：系统、浅色、深色")) {
                        (icon("sun-moon"))
                    }
                }))
                (self.choice(("language", other), here, html! {
                    button.btn.btn-icon type="submit" lang=(other)
                        aria-label=(self.t("中 中文", "EN English")) { (label) }
                }))
            }
        }
    }
}
