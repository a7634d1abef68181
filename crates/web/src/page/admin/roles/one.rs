//! `/admin/roles/ROLE`: one role: what it is, who holds it, what it may do and where that is
//! written.

use super::granted::Granted;
use super::{HERE, scene};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, Trail};
use crate::problem::{Problem, Result};
use engine::definitions::Standing;
use maud::{Markup, html};
use model::definition::Role;
use model::places::Place;

/// One role.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    call.session.demand_administrator()?;
    let role = page.catalogue.model.roles.get(call.part("role")).ok_or_else(Problem::missing)?;
    let standing = page.session().definitions()?;
    let types = page.catalogue.model.record_types.values();
    let granted: Vec<Granted> = types.filter_map(|one| Granted::of(one, &role.name)).collect();
    let label = role.label.text(page.language()).to_string();
    let trail = vec![Trail::to(page.t("Roles", "角色"), page.to(HERE)), Trail::here(label.clone())];
    let body = html! {
        div.page-head { div {
            p.second { code { (role.name) } }
            h1 { (label) }
            p { (page.role_stands(role)) }
        } }
        (page.holders(role)?)
        section.below aria-labelledby="may" {
            div.sec {
                h2 #may { (page.t("What it may do", "权限")) }
                span.count { (granted.len()) }
            }
            @if granted.is_empty() {
                p.help { (page.t("No definition grants it anything.", "没有任何定义授予其权限。")) }
            } @else {
                (page.granted_by_type(&granted, &standing))
            }
        }
    };
    Ok(scene(&page, &label, trail, HERE, body))
}

impl Page<'_> {
    /// How a role comes to somebody.
    fn role_stands(&self, role: &Role) -> &str {
        match (role.everybody, role.administers) {
            (true, _) => self.t(
                "Given by the record itself: everybody holds it on the records that say so.",
                "由记录本身授予：记录中涉及的人员在该记录上即拥有此角色。",
            ),
            (false, true) => self.t(
                "Given to accounts. Whoever holds it administers the program itself.",
                "授予账号；持有者可管理程序本身。",
            ),
            (false, false) => self.t("Given to accounts.", "授予账号。"),
        }
    }

    fn granted_by_type(&self, granted: &[Granted], standing: &Standing) -> Markup {
        html! {
            table.table.fold.told-rights {
                thead { tr {
                    th scope="col" { (self.t("Record type", "记录类型")) }
                    th scope="col" { (self.t("May", "权限")) }
                    th scope="col" { (self.t("Written in", "出处")) }
                } }
                tbody { @for one in granted {
                    tr id=(format!("type-{}", one.definition.name)) {
                        th.title scope="row" {
                            a href=(self.definition_address(one.definition, "rights")) {
                                (one.definition.label.text(self.language()))
                            }
                        }
                        td.wrap { (self.granted(one)) }
                        td.wrap.second { (self.written(one, standing)) }
                    }
                } }
            }
        }
    }

    /// File and line of each part that grants, each the way to that line.
    fn written(&self, granted: &Granted, standing: &Standing) -> Markup {
        let role: &str = granted.role;
        let steps = granted.steps.iter().map(|step| ("transition", &*step.name));
        let approvals = granted.approvals.iter().map(|one| ("approval", &*one.name));
        let parts = [("role", role), ("permission", role)].into_iter();
        let mut seen: Vec<(&str, &Place)> = Vec::new();
        for (kind, name) in parts.chain(steps).chain(approvals) {
            for of in &granted.definition.lineage {
                let places = standing.places.at(of, kind, name).iter();
                seen.extend(places.map(|place| (&**of, place)));
            }
        }
        html! {
            ul.granted { @for (of, place) in seen {
                li {
                    a href=(self.to(&line_address(of, place))) hx-boost="false" {
                        code { (place.path) ":" (place.line) }
                    }
                }
            } }
        }
    }
}

/// The line of a file on the page of the record type that it is of.
fn line_address(of: &str, place: &Place) -> String {
    let id = crate::page::line_id(&place.path, place.line);
    format!("/administration/definitions/{of}#{id}")
}
