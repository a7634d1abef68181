//! `/me/sessions`: the browsers in which one is logged in; end one, end all others.

use super::{Page, browser, this};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::Origin;
use crate::page::table::table;
use crate::problem::Result;
use engine::access::{Browser, IDLE, SESSION};
use maud::{Markup, html};

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let sessions = call.session.browsers(call.kept.session.as_deref())?;
    let title = page.t("Sessions", "登录会话");
    let (most, idle) = (page.watch.length(SESSION), page.watch.length(IDLE));
    let body = html! {
        div.page-head {
            div {
                h1 { (title) }
                p {
                    (page.t("A session ends after ", "会话最长 ")) (most)
                    (page.t(", or when nobody uses it for ", "，闲置超过 ")) (idle)
                    (page.t(".", "后结束。"))
                }
            }
            @if sessions.len() > 1 { (page.end_button("/me/sessions", None)) }
        }
        (page.sessions(&sessions, "/me/sessions"))
    };
    Ok(page.own(title.to_string(), Some(title), body))
}

/// Ends one session by its id, or all others.
pub fn end(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    match form.filled("id") {
        Some(id) => call.session.end_browser(id, origin.whence())?,
        None => call.session.end_other_browsers(this(call)?, origin.whence())?,
    }
    Ok(page.go(&page.to("/me/sessions"), Some(page.t("Ended", "已结束"))))
}

impl Page<'_> {
    /// Sessions as a table, each with a button that ends it.
    pub(in crate::page) fn sessions(&self, sessions: &[Browser], path: &str) -> Markup {
        html! {
            (table(self.t("Table of sessions", "登录会话表"), "table", &html! {
                th scope="col" { (self.t("Browser", "浏览器")) }
                th scope="col" { (self.t("Since", "开始时间")) }
                th scope="col" { (self.t("Last used", "最近使用")) }
                th scope="col" { span.vh { (self.t("End", "结束")) } }
            }, &html! {
                tbody { @for one in sessions {
                    tr {
                        td title=(one.name) {
                            (browser(&one.name))
                            @if one.is_this { " " span.tag { (self.t("this one", "当前")) } }
                        }
                        td { (self.at(one.since)) }
                        td { (self.at(one.last_used_at)) }
                        td.num { @if !one.is_this { (self.end_button(path, Some(&one.id))) } }
                    }
                } }
            }))
            @if sessions.is_empty() { p.help { (self.t("There is none.", "没有会话。")) } }
        }
    }

    /// Ends one session, or all others.
    pub(in crate::page) fn end_button(&self, path: &str, id: Option<&str>) -> Markup {
        html! {
            form method="post" action=(self.to(path)) {
                input type="hidden" name="csrf" value=(self.csrf());
                @if let Some(id) = id { input type="hidden" name="id" value=(id); }
                button.btn type="submit" {
                    @match id {
                        Some(_) => (self.t("End", "结束")),
                        None => (self.t("End all others", "结束其他全部会话")),
                    }
                }
            }
        }
    }
}
