//! Who holds a role: accounts, and the groups of single sign-on whose members get it.

use crate::page::Page;
use crate::page::admin::said;
use crate::percent;
use crate::problem::{Problem, Result};
use engine::{Listed, Question};
use maud::{Markup, html};
use model::Name;
use model::definition::Role;
use serde_json::Value as Json;

/// Holders on the page; the list of accounts has all.
const ROWS: usize = 50;

/// Where accounts say what counts here: record type and names of fields.
struct Fields {
    account: Name,
    login: Name,
    person: Name,
    disabled: Name,
    /// The condition of those who hold the role.
    holding: String,
}

impl Page<'_> {
    pub(super) fn holders(&self, role: &Role) -> Result<Markup> {
        // Nobody is given what the record itself gives.
        if role.everybody {
            return Ok(html! {});
        }
        let fields = self.account_fields(&role.name).ok_or_else(Problem::missing)?;
        let listed = self.session().list(&question(&fields))?;
        let groups = self.session().engine().groups_giving(&role.name);
        Ok(html! {
            section aria-labelledby="holders" {
                div.sec {
                    h2 #holders { (self.t("Who holds it", "持有者")) }
                    span.count { (listed.records.len()) @if listed.next.is_some() { "+" } }
                    a.more href=(self.all_holders(&fields)) {
                        (self.t("Accounts", "账号列表"))
                    }
                }
                @if listed.records.is_empty() {
                    p.help { (self.t("Nobody yet.", "暂无。")) }
                } @else {
                    (self.holder_rows(&fields, &listed))
                }
            }
            section.below aria-labelledby="groups" {
                div.sec {
                    h2 #groups { (self.t("Groups of single sign-on", "单点登录用户组")) }
                    span.count { (groups.len()) }
                }
                @if groups.is_empty() {
                    p.help { (self.t(
                        "No group gives it. It is given and taken on the account.",
                        "没有用户组授予此角色，请在账号上授予或收回。",
                    )) }
                } @else {
                    ul.rows { @for (by, group) in &groups {
                        li.line { code { (group) } span.second { (by) } }
                    } }
                    p.help { (self.t(
                        "A role that groups give is given and taken by them alone, at each login.",
                        "由用户组授予的角色，每次登录时仅按用户组授予或收回。",
                    )) }
                }
            }
        })
    }

    fn account_fields(&self, role: &str) -> Option<Fields> {
        let part = |name: &str| self.catalogue.part("account", name).cloned();
        let (roles, disabled) = (part("roles")?, part("disabled")?);
        Some(Fields {
            account: self.catalogue.bound("account")?.name.clone(),
            login: part("login")?,
            person: part("person")?,
            holding: format!("'{role}' in {roles}"),
            disabled,
        })
    }

    fn all_holders(&self, fields: &Fields) -> String {
        self.to(&format!("/{}?where={}", fields.account, percent::encode(&fields.holding)))
    }

    fn holder_rows(&self, fields: &Fields, listed: &Listed) -> Markup {
        html! {
            ul.rows { @for record in &listed.records {
                li.line {
                    a href=(self.to(&format!("/admin/accounts/{}", said(record.get("id"))))) {
                        (said(record.get(&*fields.login)))
                    }
                    span.second { (self.holder(record.get(&*fields.person))) }
                    @if record.get(&*fields.disabled) == Some(&Json::Bool(true)) {
                        span.tag { (self.t("disabled", "已停用")) }
                    }
                }
            } }
        }
    }

    /// The person of an account, the way to their record.
    fn holder(&self, person: Option<&Json>) -> Markup {
        html! { @if let Some(person @ Json::Object(_)) = person { (self.out().card(person)) } }
    }
}

fn question(fields: &Fields) -> Question {
    let columns = [&*fields.login, &*fields.person, &*fields.disabled];
    Question {
        record_type: fields.account.to_string(),
        filter: Some(fields.holding.clone()),
        columns: Some(columns.join(",")),
        sort: Some(fields.login.to_string()),
        limit: Some(ROWS),
        ..Question::default()
    }
}
