//! `/admin`: the ways in of others, for those who administer: their sessions, one-time links,
//! second factors, and what happened at the door. Nobody sets the password of somebody else here.

pub mod health;
pub mod import;
pub mod jobs;
pub mod ledger;
pub mod roles;

use super::table::table;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Origin};
use crate::percent;
use crate::problem::{Problem, Result};
use crate::route::{Kind, Parameter};
use axum::http::{StatusCode, header};
use engine::access::{AccountFacts, NewLink};
use engine::{Error, Place, Question};
use maud::{Markup, html};
use model::Name;
use serde_json::{Map, Value as Json};

pub const QUERY: &[Parameter] = &[
    Parameter::text("q", 200, "Words that the accounts hold."),
    Parameter::text("after", 4096, "Where the page before ended."),
];

pub const LOGINS: &[Parameter] = &[Parameter {
    name: "before",
    kind: Kind::Number { min: 0, max: i64::MAX },
    says: "Microseconds: where the page before ended.",
    required: false,
}];

/// Lines of a page.
const ROWS: usize = 100;

/// The accounts, each the way to its page.
pub fn list(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    call.session.demand_administrator()?;
    let account = page.catalogue.bound("account").ok_or_else(Problem::missing)?;
    let part = |name: &str| {
        page.catalogue.part("account", name).map(ToString::to_string).unwrap_or_default()
    };
    let (login, person) = (part("login"), part("person"));
    let (roles, disabled) = (part("roles"), part("disabled"));
    let place = call.query.owned("after").map_or(Place::Start, Place::After);
    let question = Question {
        record_type: account.name.to_string(),
        search: call.query.owned("q").filter(|words| !words.trim().is_empty()),
        columns: Some([&*login, &person, &roles, &disabled].join(",")),
        sort: Some(login.clone()),
        limit: Some(ROWS),
        place,
        ..Question::default()
    };
    let listed = call.session.list(&question)?;
    let title = page.t("Ways in", "登录方式");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (page.t(
                    "Who has an account, and how they come in. Roles are given on the account \
                     itself.",
                    "账号及其登录方式；角色在账号记录中设置。",
                ))
            }
        }
        div.btns {
            a.btn href=(page.to(&format!("/{}/new", account.name))) {
                (page.t("New account", "新建账号"))
            }
        } }
        (accounts_table(&page, &listed.records, [&*login, &person, &roles, &disabled]))
        @if let Some(next) = &listed.next {
            p.btns.below-s {
                a.btn href=(page.to(&format!("/admin/accounts?after={}", percent::encode(next)))) {
                    (page.t("Next", "下一页"))
                }
            }
        }
    };
    Ok(scene(&page, title, vec![Trail::here(title)], "/admin/accounts", body))
}

/// Accounts as lines: login, person, roles, whether disabled; by the names of these fields.
fn accounts_table(page: &Page, records: &[Map<String, Json>], of: [&str; 4]) -> Markup {
    let [login, person, roles, disabled] = of;
    let text = |record: &Map<String, Json>, name: &str| said(record.get(name));
    html! {
        (table(page.t("Table of accounts", "账号表"), "table", &html! {
            th scope="col" { (page.t("Account", "账号")) }
            th scope="col" { (page.t("Person", "人员")) }
            th scope="col" { (page.t("Roles", "角色")) }
            th scope="col" { (page.t("State", "状态")) }
        }, &html! {
            tbody { @for record in records {
                tr {
                    td.title {
                        a href=(page.to(&format!("/admin/accounts/{}", text(record, "id")))) {
                            (text(record, login))
                        }
                    }
                    td { (text(record, person)) }
                    td { (page.role_links(&held(record.get(roles)))) }
                    td {
                        @if record.get(disabled) == Some(&Json::Bool(true)) {
                            (page.t("disabled", "已停用"))
                        }
                    }
                }
            } }
        }))
    }
}

/// Names of roles.
fn held(value: Option<&Json>) -> Vec<Name> {
    let all = value.and_then(Json::as_array).into_iter().flatten();
    all.filter_map(|one| Name::new(one.as_str()?)).collect()
}

/// A value as words: a text, the title of a record.
fn said(value: Option<&Json>) -> String {
    match value {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Object(object)) => {
            let named = ["title", "label", "name"].iter().find_map(|name| object.get(*name));
            said(named)
        }
        _ => String::new(),
    }
}

/// One account.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let facts = call.session.account_facts(call.part("account"))?;
    account(&page, &facts, None, &FormErrors::default(), StatusCode::OK)
}

/// Makes a one-time link and shows it once.
pub fn link(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let facts = call.session.account_facts(call.part("account"))?;
    match call.session.make_link(facts.key, origin.whence()) {
        Ok(link) => {
            let facts = call.session.account_facts(call.part("account"))?;
            account(&page, &facts, Some(&link), &FormErrors::default(), StatusCode::OK)
        }
        Err(Error::Refused(_)) if !facts.is_open => closed(&page, &facts),
        Err(error) => Err(error.into()),
    }
}

/// Ends one session of the account, or all.
pub fn sessions(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let facts = call.session.account_facts(call.part("account"))?;
    call.session.end_browsers_of(&facts, form.filled("id"), origin.whence())?;
    Ok(page.go(&page.to(&address(call)), Some(page.t("Ended", "已结束"))))
}

/// Takes away the second factors of somebody who has lost them.
pub fn second(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let facts = call.session.account_facts(call.part("account"))?;
    call.session.remove_factors_of(facts.key, &facts.login, origin.whence())?;
    Ok(page.go(&page.to(&address(call)), Some(page.t("Removed", "已移除"))))
}

/// Takes away by whom the holder of an account is vouched for.
pub fn unbind(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let facts = call.session.account_facts(call.part("account"))?;
    call.session.unbind(&facts, origin.whence())?;
    Ok(page.go(&page.to(&address(call)), Some(page.t("Removed", "已移除"))))
}

/// Lets the next one be connected who is vouched for with the login of the account.
pub fn connect(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let facts = call.session.account_facts(call.part("account"))?;
    match call.session.allow_binding(facts.key, origin.whence()) {
        Ok(()) => {
            let said = page.t("It may be connected within three days", "已准许，三天内有效");
            Ok(page.go(&page.to(&address(call)), Some(said)))
        }
        Err(Error::Refused(_)) if !facts.is_open => closed(&page, &facts),
        Err(error) => Err(error.into()),
    }
}

/// Nobody is let into an account that may not be used.
fn closed(page: &Page, facts: &AccountFacts) -> Result<Answer> {
    let said = page.t(
        "Enable the account first; its person must not have left.",
        "请先启用账号，且该人员不得已离职。",
    );
    account(page, facts, None, &FormErrors::whole(said), StatusCode::CONFLICT)
}

fn address(call: &Call) -> String {
    format!("/admin/accounts/{}", percent::encode(call.part("account")))
}

/// Everything that happened at the door.
pub fn logins(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let events = call.session.door_events(None, call.query.number("before"), ROWS)?;
    let title = page.t("Logins", "登录记录");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (page.t(
                    "Who came in, who was turned away, and what was done to the ways in. Kept for \
                     400 days.",
                    "登录、登录失败以及登录方式的变更，保留 400 天。",
                ))
            }
        } }
        (page.events(&events, true))
        @if let Some(last) = events.last().filter(|_| events.len() == ROWS) {
            p.btns.below-s {
                a.btn href=(page.to(&format!("/admin/logins?before={}", last.at))) {
                    (page.t("Before", "更早"))
                }
            }
        }
    };
    Ok(scene(&page, title, vec![Trail::here(title)], "/admin/logins", body))
}

fn scene(page: &Page, title: &str, trail: Vec<Trail>, here: &str, body: Markup) -> Answer {
    let (title, here) = (title.to_string(), here.to_string());
    page.frame(Scene { title, trail, tools: html! {}, here, body, bleeds: false })
}

fn account(
    page: &Page,
    facts: &AccountFacts,
    made: Option<&NewLink>,
    wrong: &FormErrors,
    status: StatusCode,
) -> Result<Answer> {
    let events = page.session().door_events(Some(facts.key), None, 20)?;
    let sessions = page.session().browsers_of(facts.key)?;
    let path = format!("{}/sessions", address(page.call));
    let trail = vec![
        Trail::to(page.t("Ways in", "登录方式"), page.to("/admin/accounts")),
        Trail::here(facts.login.clone()),
    ];
    let roles = page.role_links(&facts.roles);
    let body = html! {
        div.page-head { div {
            h1 { (facts.login) }
            p { (facts.name) @if !facts.roles.is_empty() { " · " (roles) } }
        } }
        div.account {
            (wrong.notice(&[]))
            @if let Some(link) = made { (once(page, link)) }
            (ways(page, facts))
            section aria-labelledby="sessions" {
                div.sec {
                    h2 #sessions { (page.t("Sessions", "登录会话")) }
                    span.count { (sessions.len()) }
                }
                (page.sessions(&sessions, &path))
                @if !sessions.is_empty() {
                    (button(page, &path, page.t("End all", "全部结束"), "btn"))
                }
            }
            section aria-labelledby="happened" {
                div.sec { h2 #happened { (page.t("What happened", "记录")) } }
                (page.events(&events, false))
            }
        }
    };
    Ok(scene(page, &facts.login, trail, "/admin/accounts", body).status(status))
}

/// The new link, shown this one time.
fn once(page: &Page, link: &NewLink) -> Markup {
    let said = match link.is_reset {
        true => page.t(
            "Give this link to nobody but its holder. It counts once, for an hour, and is not \
             shown again. A second factor is still asked. Using it ends all sessions and all \
             tokens of programs.",
            "请仅将此链接交给本人。链接一小时内有效，只能使用一次，不再显示；仍需第二步验证。\
             使用后，所有会话和程序令牌均会结束。",
        ),
        false => page.t(
            "Give this link to nobody but its holder. It counts once, for three days, and is not \
             shown again.",
            "请仅将此链接交给本人。链接三天内有效，只能使用一次，不再显示。",
        ),
    };
    html! {
        section {
            (page.said_once(said))
            p.secret-text { (base(page)) "/enter/" (link.text) }
        }
    }
}

/// The address of the server: as declared, else as whoever asks has come to it.
fn base(page: &Page) -> String {
    let declared = page.call.app.settings.base();
    if !declared.is_empty() {
        return declared.to_string();
    }
    let host = page.call.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if page.call.secure { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

fn ways(page: &Page, facts: &AccountFacts) -> Markup {
    html! {
        section aria-labelledby="ways" {
            div.sec { h2 #ways { (page.t("Ways in", "登录方式")) } }
            dl.facts {
                div {
                    dt { (page.t("May sign in", "允许登录")) }
                    dd { (if facts.is_open { page.t("yes", "是") } else { page.t("no", "否") }) }
                }
                div {
                    dt { (page.t("Password", "密码")) }
                    dd { @match facts.password_since {
                        Some(at) => { (page.t("set ", "设置于 ")) (page.at(at)) },
                        None => (page.t("none yet", "尚未设置")),
                    } }
                }
                @if let Some(until) = facts.link_until {
                    div {
                        dt { (page.t("Open link", "未使用的链接")) }
                        dd { (page.t("until ", "有效期至 ")) (page.at(until)) }
                    }
                }
                div {
                    dt { (page.t("Second factors", "两步验证")) }
                    dd { (factors(page, facts)) }
                }
                @if let Some(until) = facts.binding_until {
                    div {
                        dt { (page.t("May be connected", "准许绑定")) }
                        dd { (page.t("until ", "有效期至 ")) (page.at(until)) }
                    }
                }
                @for one in &facts.bound {
                    div {
                        dt { (page.t("Bound to", "已绑定")) }
                        dd { (one.provider) (page.t(", since ", "，绑定于 ")) (page.at(one.since)) }
                    }
                }
            }
            (acts(page, facts))
        }
    }
}

/// What an administrator may do to the ways in of an account.
fn acts(page: &Page, facts: &AccountFacts) -> Markup {
    let at = address(page.call);
    let make = match facts.password_since {
        Some(_) => page.t("Make a link to reset it", "生成重置链接"),
        None => page.t("Make an invitation", "生成邀请链接"),
    };
    html! {
        @if page.session().engine().has_sign_on() {
            p.help {
                (page.t(
                    "Let it be connected: the next one who is known to a sign-in service by \
                     this login is let into this account from then on. Make sure who that is.",
                    "准许绑定：登录服务中下一位以此登录名登录的人员将绑定到此账号，请先核实其身份。",
                ))
            }
        }
        div.btns.below-s {
            (button(page, &format!("{at}/link"), make, "btn"))
            @if page.session().engine().has_sign_on() {
                (button(page, &format!("{at}/connect"),
                    page.t("Let it be connected", "准许绑定"), "btn"))
            }
            @if !facts.factors.is_empty() {
                (button(page, &format!("{at}/second"),
                    page.t("Remove second factors", "移除两步验证"), "btn btn-danger"))
            }
            @if !facts.bound.is_empty() {
                (button(page, &format!("{at}/unbind"),
                    page.t("Remove bindings", "解除绑定"), "btn btn-danger"))
            }
        }
    }
}

fn factors(page: &Page, facts: &AccountFacts) -> String {
    let app = facts.factors.totp_since.map(|_| page.t("app", "验证器应用").to_string());
    let keys = match facts.factors.passkeys.len() {
        0 => None,
        n => Some(format!("{} {n}", page.t("passkeys:", "通行密钥："))),
    };
    let all: Vec<String> = app.into_iter().chain(keys).collect();
    if all.is_empty() { page.t("none", "无").to_string() } else { all.join(page.t(", ", "、")) }
}

fn button(page: &Page, path: &str, label: &str, class: &str) -> Markup {
    html! {
        form method="post" action=(page.to(path)) hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            button class=(class) type="submit" { (label) }
        }
    }
}
