//! `/admin/roles`: who may do what, as the definitions grant it: a row for each role, a column for
//! each record type; one role on a page of its own, with its conditions in words, where each right
//! is written, and who holds it.

mod granted;
mod holders;
mod matrix;
mod one;

pub use one::show;

use super::scene;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, Trail};
use crate::problem::Result;
use crate::route::Parameter;
use crate::show::mark::icon;
use granted::Granted;
use maud::{Markup, html};
use model::definition::{RecordType, Role};
use model::{Language, Name};

/// The address below which all of it stands.
const HERE: &str = "/admin/roles";

pub const QUERY: &[Parameter] = &[
    Parameter::text("q", 200, "Words of the roles that are shown."),
    Parameter::text("type", 64, "The record type whose rights are told in words."),
];

/// All roles, or those that are asked for.
pub fn list(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    call.session.demand_administrator()?;
    let model = &page.catalogue.model;
    let words = call.query.text("q").unwrap_or("").trim().to_lowercase();
    let roles: Vec<&Role> = model.roles.values().filter(|role| is_meant(role, &words)).collect();
    let chosen = call.query.text("type").unwrap_or("");
    let chosen = model.record_types.get(chosen).map(|found| &**found);
    let title = page.t("Roles", "角色");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p { (page.t(
                "Who may do what, as the definitions grant it. A right that no definition grants \
                 nobody has.",
                "各角色的权限，以定义中的授予为准；未授予的权限任何人都没有。",
            )) }
        } }
        (page.roles_asked(chosen))
        @if roles.is_empty() {
            div.empty {
                h2 { (page.t("No role is called so", "没有符合条件的角色")) }
                p { a href=(page.to(HERE)) { (page.t("Show all roles", "显示全部角色")) } }
            }
        } @else {
            @match chosen {
                Some(definition) => (page.rights_of_type(definition, &roles)),
                None => (page.rights_matrix(&roles)),
            }
        }
    };
    Ok(scene(&page, title, vec![Trail::here(title)], HERE, body))
}

/// Whether a role is called by all these words, in any language.
fn is_meant(role: &Role, words: &str) -> bool {
    let called = [Language::EN, Language::ZH].map(|of| role.label.text(of).to_lowercase());
    words
        .split_whitespace()
        .all(|word| role.name.contains(word) || called.iter().any(|label| label.contains(word)))
}

impl Page<'_> {
    /// The address of a role's page.
    pub(in crate::page) fn role_address(&self, role: &Name) -> String {
        self.to(&format!("{HERE}/{role}"))
    }

    /// Roles by their labels, each the way to its page.
    pub(in crate::page) fn role_links<'r>(
        &self,
        roles: impl IntoIterator<Item = &'r Name>,
    ) -> Markup {
        html! {
            @for (place, role) in roles.into_iter().enumerate() {
                @if place > 0 { (self.t(", ", "、")) }
                a href=(self.role_address(role)) { (self.roles([role])) }
            }
        }
    }

    /// What narrows the table: words of roles, one record type.
    fn roles_asked(&self, chosen: Option<&RecordType>) -> Markup {
        let types = self.catalogue.model.record_types.values();
        html! {
            form.api-type action=(self.to(HERE)) method="get" {
                div.field {
                    label for="role-words" { (self.t("Roles that are called", "角色名称包含")) }
                    input #role-words .input name="q" type="search" maxlength="200"
                        value=(self.call.query.text("q").unwrap_or(""));
                }
                div.field {
                    label for="role-type" { (self.t("Record type", "记录类型")) }
                    span.suffix {
                        select #role-type .select name="type" {
                            option value="" { (self.t("All", "全部")) }
                            @for one in types {
                                option value=(one.name)
                                    selected[chosen.is_some_and(|c| c.name == one.name)] {
                                    (one.label.text(self.language()))
                                }
                            }
                        }
                        span { (icon("chevron-down")) }
                    }
                }
                button.btn type="submit" { (self.t("Show", "显示")) }
            }
        }
    }

    /// The rights on one record type in words, a line for each role that has any.
    fn rights_of_type(&self, definition: &RecordType, roles: &[&Role]) -> Markup {
        let having = roles
            .iter()
            .filter_map(|role| Granted::of(definition, &role.name).map(|granted| (*role, granted)));
        html! {
            section.below aria-labelledby="rights" {
                div.sec {
                    h2 #rights { (definition.plural.text(self.language())) }
                    a.more href=(self.definition_address(definition, "rights")) {
                        (self.t("Definition", "定义"))
                    }
                }
                table.table.fold.told-rights {
                    thead { tr {
                        th scope="col" { (self.t("Role", "角色")) }
                        th scope="col" { (self.t("May", "权限")) }
                    } }
                    tbody { @for (role, granted) in having {
                        tr {
                            th.title scope="row" {
                                a href=(self.role_address(&role.name)) {
                                    (role.label.text(self.language()))
                                }
                            }
                            td.wrap { (self.granted(&granted)) }
                        }
                    } }
                }
            }
        }
    }

    /// The address of a part of a record type's definition.
    fn definition_address(&self, definition: &RecordType, part: &str) -> String {
        self.to(&format!("/administration/definitions/{}#{part}", definition.name))
    }
}
