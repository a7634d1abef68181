//! `/me`: who one is here, how pages look and speak, and the way to password, second factors,
//! sessions and tokens. Language and time zone are fields of the person's record and are written
//! as such, by the person's own right; theme and keys are kept by the browser.

pub mod password;
pub mod second;
pub mod service;
pub mod sessions;
pub mod token;
pub mod view;

use super::table::table;
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::cookie::{self, Theme};
use crate::door::part::{FormErrors, choice, languages, zones};
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use axum::http::{StatusCode, header};
use engine::access::event::{self, Event};
use engine::{Command, Error, Order};
use maud::{Markup, html};
use serde_json::{Map, json};

/// Logins shown on the page of one's own.
const EVENTS: usize = 8;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    profile(&page, &FormErrors::default(), StatusCode::OK)
}

fn profile(page: &Page, wrong: &FormErrors, status: StatusCode) -> Result<Answer> {
    let actor = page.session().actor();
    let factors = page.session().factors()?;
    let events = page.session().own_events(EVENTS)?;
    let (sessions, tokens) = (page.session().browsers(None)?.len(), page.session().tokens()?.len());
    let second = match (factors.totp_since.is_some(), factors.passkeys.len()) {
        (false, 0) => page.t("none yet", "尚未设置").to_string(),
        (true, 0) => page.t("app", "验证器应用").to_string(),
        (false, n) => format!("{} {n}", page.t("passkeys:", "通行密钥：")),
        (true, n) => format!("{} {n}", page.t("app; passkeys:", "验证器应用；通行密钥：")),
    };
    let roles = page.roles(&actor.roles);
    let services = service::summary(page)?.map(|said| ("/me/services", service::title(page), said));
    let rows = [
        ("/me/password", page.t("Password", "密码"), page.t("change it", "可修改").to_string()),
        ("/me/second", page.t("Second factors", "两步验证"), second),
        ("/me/sessions", page.t("Sessions", "登录会话"), sessions.to_string()),
        ("/me/tokens", page.t("Tokens of programs", "程序令牌"), tokens.to_string()),
    ];
    let rows: Vec<(&str, &str, String)> = rows.into_iter().chain(services).collect();
    let body = html! {
        div.page-head { div {
            h1 { (actor.name) }
            p { (actor.login) @if !roles.is_empty() { " · " (roles) } }
        }
        div.btns {
            form method="post" action=(page.to("/logout")) hx-boost="false" {
                input type="hidden" name="csrf" value=(page.csrf());
                button.btn type="submit" { (page.t("Sign out", "退出登录")) }
            }
        } }
        div.account {
            section aria-labelledby="ways" {
                div.sec { h2 #ways { (page.t("Ways in", "登录方式")) } }
                dl.facts {
                    @for (path, label, value) in rows {
                        div { dt { a href=(page.to(path)) { (label) } } dd { (value) } }
                    }
                }
            }
            (page.preferences(wrong))
            (page.view_form())
            section aria-labelledby="last" {
                div.sec { h2 #last { (page.t("Last logins and changes", "最近的登录与变更")) } }
                (page.events(&events, false))
            }
        }
    };
    let title = page.t("My account", "我的账号").to_string();
    Ok(page.own(title, None, body).status(status))
}

/// Keeps what was chosen.
pub fn prefer(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let text = |name: &str| form.text(name).unwrap_or("");
    let language = if text("language") == "zh" { "zh" } else { "en" };
    let theme = Theme::named(text("theme")).as_str();
    let keys = if form.text("keys").is_some() { "on" } else { "off" };
    match keep(&page, language, text("zone")) {
        Ok(()) => {
            let mut answer = page.go(&page.to("/me"), Some(page.t("Saved", "已保存")));
            for (name, value) in [("language", language), ("theme", theme), ("keys", keys)] {
                let kept = cookie::choice(name, value, call.secure);
                answer = answer.header(header::SET_COOKIE, &kept);
            }
            Ok(answer)
        }
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            profile(&page, &FormErrors::of(&problem, &page), problem.status)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Writes the language that somebody has chosen into their record.
pub fn speak(page: &Page, language: &str) -> Result<()> {
    Ok(keep(page, language, zone_name(page))?)
}

/// Writes language and zone into the person's record, as far as they differ.
fn keep(page: &Page, language: &str, zone: &str) -> engine::Result<()> {
    let (session, catalogue) = (page.session(), &page.catalogue);
    let actor = session.actor();
    let (Some(person), Some(definition)) = (actor.person, catalogue.bound("person")) else {
        return Ok(());
    };
    let mut object = Map::new();
    let mut differs = |part: &str, old: &str, new: &str| {
        if let Some(field) = catalogue.part("person", part).filter(|_| old != new) {
            object.insert(field.to_string(), json!(new));
        }
    };
    // The session may speak the language of the browser: what counts is the record.
    let own = session.engine().actor(actor.account.unwrap_or(person))?;
    differs("language", own.language.as_str(), language);
    let is_zone = zones("").iter().any(|(name, _)| name == zone);
    differs("time_zone", zone_name(page), if is_zone { zone } else { zone_name(page) });
    if object.is_empty() {
        return Ok(());
    }
    let input = session.input(&definition.name, &object)?;
    let order = Order {
        record_type: definition.name.clone(),
        key: Some(person),
        command: Command::Edit { values: input.values },
        base: None,
        idempotency: None,
    };
    session.perform(&order).map(|_| ())
}

fn zone_name<'p>(page: &'p Page) -> &'p str {
    page.session().actor().zone.iana_name().unwrap_or("UTC")
}

impl Page<'_> {
    fn preferences(&self, wrong: &FormErrors) -> Markup {
        let theme = self.call.kept.theme.as_str();
        let themes = [
            ("auto", self.t("as the system", "跟随系统")),
            ("light", self.t("light", "浅色")),
            ("dark", self.t("dark", "深色")),
        ];
        let themes: Vec<(String, String)> =
            themes.iter().map(|(name, label)| (name.to_string(), label.to_string())).collect();
        let zone = zone_name(self);
        html! {
            section aria-labelledby="looks" {
                div.sec { h2 #looks { (self.t("Preferences", "偏好设置")) } }
                form.form method="post" action=(self.to("/me/preferences")) hx-boost="false" {
                    input type="hidden" name="csrf" value=(self.csrf());
                    (wrong.notice(&[]))
                    div.form-row {
                        (choice("language", self.t("Language", "语言"),
                            self.language().as_str(), &languages(), &FormErrors::default()))
                        (choice("zone", self.t("Time zone", "时区"), zone, &zones(zone),
                            &FormErrors::default()))
                        (choice("theme", self.t("Theme", "主题"), theme, &themes,
                            &FormErrors::default()))
                    }
                    div.field {
                        label.yes {
                            input.check type="checkbox" name="keys" value="on"
                                checked[!self.call.kept.no_keys];
                            span { (self.t("Single keys act", "启用单键快捷键")) }
                        }
                        p.help {
                            (self.t(
                                "Switch them off if you speak to your computer or press keys by \
                                 accident. Theme and keys are kept in this browser.",
                                "使用语音输入或容易误触按键时可关闭。主题与快捷键保存在此浏览器中。",
                            ))
                        }
                    }
                    div.btns { button.btn.btn-solid type="submit" { (self.t("Save", "保存")) } }
                }
            }
        }
    }

    /// A page of one's own account; below `/me` where `title` is not that of `/me` itself.
    fn own(&self, title: String, below: Option<&str>, body: Markup) -> Answer {
        let own = self.t("My account", "我的账号");
        let trail = match below {
            Some(below) => vec![Trail::to(own, self.to("/me")), Trail::here(below)],
            None => vec![Trail::here(own)],
        };
        let (tools, here) = (html! {}, "me".into());
        self.frame(Scene { title, trail, tools, here, body, bleeds: false })
    }

    /// The labels of roles, one after the other.
    pub(super) fn roles<'r>(&self, roles: impl IntoIterator<Item = &'r model::Name>) -> String {
        let known = &self.catalogue.model.roles;
        let labels = roles.into_iter().map(|name| match known.get(name) {
            Some(role) => role.label.text(self.language()).to_string(),
            None => name.to_string(),
        });
        let between = self.t(", ", "、");
        labels.collect::<Vec<_>>().join(between)
    }

    /// What happened at the door, newest first.
    pub(super) fn events(&self, events: &[Event], whose: bool) -> Markup {
        html! {
            (table(self.t("Table of logins", "登录记录表"), "table", &html! {
                th scope="col" { (self.t("When", "时间")) }
                @if whose { th scope="col" { (self.t("Account", "账号")) } }
                th scope="col" { (self.t("What", "事项")) }
                th scope="col" { (self.t("From", "来源")) }
                th scope="col" { (self.t("Browser", "浏览器")) }
            }, &html! {
                tbody { @for one in events {
                    tr {
                        td { (self.at(one.at)) }
                        @if whose {
                            td { @if one.login.is_empty() { (self.t("nobody's", "未知")) }
                                @else { (one.login) } }
                        }
                        td {
                            (self.at_the_door(&one.kind))
                            @if let Some(role) = &one.role {
                                (self.t(": ", "：")) (self.roles([role]))
                            }
                            @if let Some(by) = &one.by { " (" (self.t("by ", "操作人：")) (by) ")" }
                        }
                        td { (one.address) }
                        td { (browser(&one.browser)) }
                    }
                } }
            }))
            @if events.is_empty() { p.help { (self.t("Nothing yet.", "暂无记录。")) } }
        }
    }

    /// An event in words.
    fn at_the_door(&self, kind: &str) -> &'static str {
        let words = match kind {
            event::LOGIN => ("Signed in", "登录"),
            event::PASSKEY => ("Signed in with a passkey", "使用通行密钥登录"),
            event::FAILED => ("Wrong name or password", "账号或密码有误"),
            event::FAILED_CODE => ("Wrong code", "验证码有误"),
            event::PASSWORD => ("Password changed", "修改密码"),
            event::LINK_MADE => ("Link made", "生成登录链接"),
            event::LINK_USED => ("Password set by a link", "通过链接设置密码"),
            event::FACTOR_ADDED => ("Second factor added", "添加验证方式"),
            event::FACTOR_REMOVED => ("Second factor removed", "移除验证方式"),
            event::RECOVERY_USED => ("Signed in with a recovery code", "使用恢复码登录"),
            event::CODES_MADE => ("New recovery codes", "重新生成恢复码"),
            event::SESSIONS_ENDED => ("Sessions ended", "结束会话"),
            event::FIRST => ("First administrator made", "创建首个管理员"),
            event::SIGN_ON => ("Signed in by another service", "通过其他服务登录"),
            event::SIGN_ON_REFUSED => ("Turned away from another service", "其他服务登录被拒"),
            event::BOUND => ("Bound to another service", "绑定其他服务"),
            event::UNBOUND => ("Binding removed", "解除绑定"),
            event::BIND_ALLOWED => ("May be connected at a sign-in", "准许登录时绑定"),
            event::CLOSED => ("Turned away: too many wrong tries", "错误次数过多，已拒绝"),
            event::VIEW_BEGUN => ("Began to view as a role", "开始以其他角色查看"),
            event::VIEW_ENDED => ("Went back to the own view", "返回自己的视角"),
            event::JOB_RETRIED => ("Started a failed job again", "重试失败的任务"),
            _ => ("Something else", "其他"),
        };
        if self.language() == model::Language::ZH { words.1 } else { words.0 }
    }

    /// A notice that something was done, at the head of a page that shows a secret once.
    pub(super) fn said_once(&self, said: &str) -> Markup {
        html! { div.notice.is-good role="status" { (icon("circle-check")) div { (said) } } }
    }
}

/// What a browser calls itself, as people call it.
///
/// | text | words |
/// | --- | --- |
/// | `Mozilla/5.0 (X11; Linux x86_64) .. Chrome/140.0.0.0 Safari/537.36` | Chrome, Linux |
/// | `Mozilla/5.0 (iPhone; ..) .. Version/18.0 .. Safari/604.1` | Safari, iPhone |
/// | `curl/8.0` | itself |
pub fn browser(text: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
    };
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(program), None) => program.to_string(),
        _ => text.chars().take(40).collect(),
    }
}

/// The text of the session that asks; a page of one's own account is for browsers only.
fn this(call: &Call) -> Result<&str> {
    call.kept.session.as_deref().ok_or_else(Problem::missing)
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604";
        for (text, words) in
            [(chrome, "Chrome, Linux"), (phone, "Safari, iPhone"), ("curl/8.0", "curl/8.0")]
        {
            assert_eq!(browser(text), words);
        }
    }
}
