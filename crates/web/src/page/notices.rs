//! `/notifications`: what the reader was told of, newest first; all of it or what is unread.

use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::handle::notice::entry_ids;
use crate::problem::Result;
use crate::route::{Kind, Parameter};
use crate::show::mark::icon;
use engine::notices::{COUNTED, Notices};
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

/// What the address may hold.
pub const QUERY: &[Parameter] = &[
    Parameter {
        name: "show",
        kind: Kind::OneOf(&["unread"]),
        says: "Only what is unread.",
        required: false,
    },
    crate::parameters::CURSOR,
];

/// Notices of one page.
const NOTICES: usize = 50;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let unread = call.query.text("show").is_some();
    let before = crate::handle::notice::before(call)?;
    let found = call.session.notices(unread, before, NOTICES)?;
    let title = page.t("Notifications", "通知").to_string();
    Ok(page.frame(Scene {
        trail: vec![Trail::here(title.clone())],
        body: page.notices(&title, &found, unread),
        title,
        tools: html! {},
        here: "notifications".into(),
        bleeds: false,
    }))
}

/// One was read, or all that the page showed and those before.
pub fn read(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let entry = form.filled("entry").map(|entry| entry_ids(&[entry.to_string()])).transpose()?;
    let newest = form.filled("newest").and_then(|text| i64::from_str_radix(text, 16).ok());
    match (newest, entry) {
        // What came after the page was drawn has been seen by nobody.
        (Some(newest), None) => call.session.read_notices_to(newest)?,
        (_, entry) => call.session.read_notices(Some(&entry.unwrap_or_default()))?,
    }
    let show = if form.text("show") == Some("unread") { "?show=unread" } else { "" };
    let said = page.t("Marked as read", "已标为已读");
    Ok(page.go(&page.to(&format!("/notifications{show}")), Some(said)))
}

impl Page<'_> {
    fn notices(&self, title: &str, found: &Notices, unread: bool) -> Markup {
        let tab = |path: &str, label: &str, here: bool| {
            html! { a.btn href=(self.to(path)) aria-current=[here.then_some("page")] { (label) } }
        };
        let next = found.next.map(|next| {
            let show = if unread { "show=unread&" } else { "" };
            self.to(&format!("/notifications?{show}cursor={next:x}"))
        });
        html! {
            div.page-head {
                div { h1 { (title) } }
                span.seg {
                    (tab("/notifications", self.t("All", "全部"), !unread))
                    (tab("/notifications?show=unread", self.t("Unread", "未读"), unread))
                }
                @if let Some(newest) = found.newest && found.notices.iter().any(is_unread) {
                    @let all = ("newest", format!("{newest:x}"));
                    (self.read_button(&all, unread, self.t("Mark all as read", "全部标为已读")))
                }
            }
            @if found.notices.is_empty() {
                div.empty {
                    (icon("bell"))
                    h2 { (self.t("Nothing new", "没有新通知")) }
                    p { (self.t(
                        "Told here: what you are put down for, who mentions you, records that you \
                         watch, approvals that wait for you, and clocks that run out.",
                        "此处告知：分派给您的记录、提到您的备注、您关注的记录、等待您审批的事项，\
                         以及即将到期的时限。")) }
                }
            }
            ol.notices { @for one in &found.notices { (self.one_notice(one, unread)) } }
            @if let Some(next) = next {
                div.pager { span.push {}
                    a.btn.btn-plain href=(next) rel="next" {
                        (self.t("Older", "更早的")) (icon("chevron-right"))
                    }
                }
            }
        }
    }

    fn one_notice(&self, one: &Map<String, Json>, unread: bool) -> Markup {
        let text = |name: &str| one.get(name).and_then(Json::as_str).unwrap_or("");
        let number = one["record"]["number"].as_str().unwrap_or("");
        html! {
            li data-entry=(text("entry")) .is-new[is_unread(one)] {
                (icon(picture(text("kind"))))
                div {
                    p {
                        (text("text"))
                        @if is_unread(one) { " " span.tag { (self.t("new", "未读")) } }
                    }
                    p.second {
                        @if !number.is_empty() { (number) " " } (self.out().card(&one["record"]))
                        " · " (self.watch.instant(text("at")))
                    }
                }
                @if is_unread(one) {
                    @let entry = ("entry", text("entry").to_string());
                    (self.read_button(&entry, unread, self.t("Mark as read", "标为已读")))
                }
            }
        }
    }

    fn read_button(&self, which: &(&str, String), unread: bool, label: &str) -> Markup {
        html! {
            form method="post" action=(self.to("/notifications/read")) {
                input type="hidden" name="csrf" value=(self.csrf());
                @if unread { input type="hidden" name="show" value="unread"; }
                input type="hidden" name=(which.0) value=(which.1);
                button.btn type="submit" { (label) }
            }
        }
    }

    /// The way to them in the bar, with how many are unread.
    pub(super) fn bell(&self) -> Markup {
        if self.session().actor().person.is_none() {
            return html! {};
        }
        // The bell is not worth a page that cannot be drawn.
        let unread = self.session().unread().unwrap_or(0);
        html! {
            a.btn.btn-icon.bell href=(self.to("/notifications")) {
                (icon("bell"))
                span.vh { (self.t("Notifications", "通知")) }
                b #bell-count hidden[unread == 0] data-most=(COUNTED) {
                    (counted(unread)) span.vh { " " (self.t("unread", "条未读")) }
                }
            }
        }
    }
}

/// A number as far as it is counted.
fn counted(unread: usize) -> String {
    if unread >= COUNTED { format!("{COUNTED}+") } else { unread.to_string() }
}

fn is_unread(one: &Map<String, Json>) -> bool {
    one.get("read_at").is_none_or(Json::is_null)
}

fn picture(kind: &str) -> &'static str {
    match kind {
        "mentioned" => "messages-square",
        "named" => "user",
        "approval_wanted" => "circle-check",
        "clock_warning" | "clock_breach" => "clock",
        _ => "eye",
    }
}
