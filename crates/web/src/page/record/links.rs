//! What a record is linked to, in either direction, and its files.

use super::Whole;
use crate::page::{Page, origin};
use crate::percent;
use crate::problem::Result;
use crate::show::mark::{icon, small};
use engine::Linked;
use maud::{Markup, html};
use model::Name;
use model::definition::RecordType;
use serde_json::Value as Json;

impl Page<'_> {
    pub(super) fn links(&self, whole: &Whole) -> Markup {
        let links = &whole.sheet.links;
        let count: usize = links.iter().map(|link| link.cards.len()).sum();
        if links.is_empty() {
            return html! {};
        }
        html! {
            section aria-labelledby="links" {
                div.sec {
                    h2 #links { (self.t("Links", "关联")) }
                    span.count { (count) @if whole.sheet.more_links { "+" } }
                }
                @if count == 0 { p.help { (self.t("Linked to nothing yet.", "尚无关联。")) } }
                ul.links {
                    @for link in links { @for card in &link.cards {
                        (self.linked(whole, link, card))
                    } }
                }
                @if whole.as_of.is_none() { (self.link_form(whole)) (self.new_and_link(whole)) }
            }
        }
    }

    fn linked(&self, whole: &Whole, link: &Linked, card: &Json) -> Markup {
        let name = card["number"].as_str().filter(|number| !number.is_empty());
        let id = card["id"].as_str().unwrap_or("");
        html! {
            li {
                span.muted { (link.label) }
                span {
                    @if let Some(name) = name { (name) " " } (self.out().card(card))
                    @if self.has_ended(whole, link, id) {
                        " " span.tag.is-other { (self.t("ended since", "此后已解除")) }
                    }
                }
                @if !link.inverse && whole.as_of.is_none() {
                    form method="post" action=(format!("{}/unlink", whole.address)) {
                        input type="hidden" name="csrf" value=(self.csrf());
                        input type="hidden" name="link" value=(link.name);
                        input type="hidden" name="to" value=(id);
                        button.btn.btn-icon type="submit" {
                            (small("x")) span.vh { (self.t("End this link", "解除关联")) }
                        }
                    }
                } @else { span {} }
            }
        }
    }

    /// Another record is linked by its number or name.
    fn link_form(&self, whole: &Whole) -> Markup {
        let own: Vec<&Linked> = whole.sheet.links.iter().filter(|link| !link.inverse).collect();
        html! {
            @if !own.is_empty() {
                details.add-link {
                    summary.btn { (icon("plus")) (self.t("Link", "添加关联")) }
                    form.form method="post" action=(format!("{}/link", whole.address)) {
                        input type="hidden" name="csrf" value=(self.csrf());
                        div.field {
                            label for="link-name" { (self.t("How", "关联方式")) }
                            span.suffix {
                                select.select #link-name name="link" {
                                    @for link in own { option value=(link.name) { (link.label) } }
                                }
                                span { (icon("chevron-down")) }
                            }
                        }
                        div.field {
                            label for="link-to" { (self.t("Number or name", "编号或名称")) }
                            input.input #link-to name="to" required autocomplete="off"
                                list="link-found" hx-get=(format!("{}/link/offer", whole.address))
                                hx-trigger="input changed delay:150ms" hx-target="#link-found"
                                hx-swap="innerHTML" hx-select="option" hx-include="#link-name";
                            datalist #link-found {}
                        }
                        div.btns { button.btn type="submit" { (self.t("Link", "关联")) } }
                    }
                }
            }
        }
    }

    /// The forms of new records that will be linked to this one: a way for each of its own links
    /// and each record type that the link may lead to and this person may make.
    fn new_and_link(&self, whole: &Whole) -> Markup {
        let types = &self.catalogue.model.record_types;
        let made = |to: &Name| {
            let fits = types.values().filter(|t| t.is_a(to) && !t.is_abstract);
            fits.filter(|t| self.session().may_create_type(&t.name)).collect::<Vec<_>>()
        };
        let is_open = |link: &&Linked| !link.inverse && (link.many || link.cards.is_empty());
        let own = whole.sheet.links.iter().filter(is_open);
        let ways: Vec<_> = own
            .flat_map(|link| made(&link.to).into_iter().map(move |definition| (link, definition)))
            .collect();
        let address = |link: &Linked, definition: &RecordType| {
            let given = origin::given(&whole.sheet.definition.name, &link.name, whole.name);
            self.to(&format!("/{}/new?for={}", definition.name, percent::encode(&given)))
        };
        html! {
            @if !ways.is_empty() {
                details.add-link {
                    summary.btn { (icon("plus")) (self.t("New and link", "新建并关联")) }
                    ul.rows {
                        @for (link, definition) in ways {
                            li.line {
                                span.muted { (link.label) }
                                a href=(address(link, definition)) {
                                    (self.t("New: ", "新建："))
                                    (definition.label.text(self.language()))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn files(&self, whole: &Whole) -> Result<Markup> {
        let name = &whole.sheet.definition.name;
        let files = self.session().attachments_at(name, whole.name, whole.as_of)?;
        let api = self.to(&format!("/api/v1/{name}/{}", crate::percent::encode(whole.name)));
        Ok(html! {
            section aria-labelledby="files" {
                div.sec {
                    h2 #files { (self.t("Files", "附件")) } span.count { (files.len()) }
                }
                ul.rows {
                    @for file in &files {
                        @let json = Json::Object(file.clone());
                        li.line {
                            @if json["removed"].is_null() {
                                (self.out().file(Some(&api), &json))
                            } @else {
                                span.second { (json["name"].as_str().unwrap_or("")) }
                                span.tag { (self.t("taken off since", "此后已移除")) }
                            }
                            @if json["internal"] == true {
                                span.tag.is-internal {
                                    (small("lock")) (self.t("Internal", "内部"))
                                }
                            }
                        }
                    }
                }
                @if whole.as_of.is_none() {
                    label.btn.upload data-upload=(format!("{api}/attachments")) {
                        (icon("paperclip")) (self.t("Add a file", "添加附件"))
                        input.vh type="file" multiple;
                    }
                }
            }
        })
    }
}
