//! `/me/tokens`: what programs of one's own come in with. The text of a token is shown once, on
//! the page that answers its making.

use super::Page;
use super::password::old_password;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Line, choice, line};
use crate::form::Form;
use crate::page::table::table;
use crate::problem::Result;
use axum::http::StatusCode;
use engine::{Error, OwnToken};
use maud::{Markup, html};

/// How long a token counts, as it is offered; the last is for ever.
const DAYS: [i64; 4] = [30, 90, 365, 0];

pub fn show(call: &Call) -> Result<Answer> {
    answer(&Page::new(call), None, "", &FormErrors::default(), StatusCode::OK)
}

/// Makes one.
pub fn make(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let name = form.text("name").unwrap_or("").trim().to_string();
    if name.is_empty() {
        let wrong = FormErrors::field("name", page.t("Fill this in.", "请填写此项。"));
        return answer(&page, None, "", &wrong, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let again = ("old", form.text("old").unwrap_or(""));
    match call.session.make_token(&name, &scopes(&form), expiry(call, &form), again) {
        Ok((text, _)) => answer(&page, Some(&text), "", &FormErrors::default(), StatusCode::OK),
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            answer(&page, None, &name, &FormErrors::of(&problem, &page), problem.status)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Reading alone unless more was chosen; to administer is said in so many words.
fn scopes(form: &Form) -> Vec<String> {
    let asked = form.all("scope").map(str::to_string);
    let all: Vec<String> = std::iter::once("read".to_string()).chain(asked).collect();
    all
}

fn expiry(call: &Call, form: &Form) -> Option<i64> {
    let days = form.text("days").and_then(|days| days.parse().ok()).unwrap_or(DAYS[1]);
    (days > 0 && days <= 3650).then(|| call.session.now() + days * 86_400_000_000)
}

pub fn end(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    call.session.end_token(form.text("id").unwrap_or(""))?;
    Ok(page.go(&page.to("/me/tokens"), Some(page.t("Ended", "已停用"))))
}

fn answer(
    page: &Page,
    made: Option<&str>,
    name: &str,
    wrong: &FormErrors,
    status: StatusCode,
) -> Result<Answer> {
    let title = page.t("Tokens of programs", "程序令牌");
    let tokens = page.session().tokens()?;
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (page.t(
                    "A program that carries a token does what you may do, within the scopes.",
                    "持有令牌的程序可在权限范围内代表您操作。",
                ))
                " "
                a href=(page.to("/api")) { (page.t("What it can ask", "程序可用的接口")) }
            }
        } }
        div.account {
            @if let Some(text) = made {
                section {
                    (page.said_once(page.t(
                        "Copy it now: it is not shown again.",
                        "请立即复制，之后不再显示。",
                    )))
                    p.secret-text { (text) }
                }
            }
            (in_use(page, &tokens))
            (form(page, name, wrong))
        }
    };
    Ok(page.own(title.to_string(), Some(title), body).status(status))
}

fn in_use(page: &Page, tokens: &[OwnToken]) -> Markup {
    html! {
        section aria-labelledby="tokens" {
            div.sec {
                h2 #tokens { (page.t("In use", "使用中")) }
                span.count { (tokens.len()) }
            }
            (table(page.t("Table of tokens", "令牌表"), "table", &html! {
                th scope="col" { (page.t("Name", "名称")) }
                th scope="col" { (page.t("Scopes", "权限范围")) }
                th scope="col" { (page.t("Made", "创建时间")) }
                th scope="col" { (page.t("Until", "有效期至")) }
                th scope="col" { (page.t("Last used", "最近使用")) }
                th scope="col" { span.vh { (page.t("End", "停用")) } }
            }, &html! {
                tbody { @for one in tokens {
                    tr {
                        td { (one.name) }
                        td { @if one.scopes.is_empty() { (page.t("all", "全部")) }
                            @else { (one.scopes.join(" ")) } }
                        td { (page.at(one.created_at)) }
                        td { @match one.expires_at {
                            Some(at) => (page.at(at)),
                            None => (page.t("for ever", "长期")),
                        } }
                        td { @match one.last_used_at {
                            Some(at) => (page.at(at)),
                            None => (page.t("never", "从未")),
                        } }
                        td.num {
                            form method="post" action=(page.to("/me/tokens/end")) {
                                input type="hidden" name="csrf" value=(page.csrf());
                                input type="hidden" name="id" value=(one.id);
                                button.btn type="submit" { (page.t("End", "停用")) }
                            }
                        }
                    }
                } }
            }))
        }
    }
}

fn form(page: &Page, name: &str, wrong: &FormErrors) -> Markup {
    let days = DAYS.map(|days| {
        let label = match days {
            0 => page.t("for ever", "长期").to_string(),
            days => format!("{days}{}", page.t(" days", " 天")),
        };
        (days.to_string(), label)
    });
    let mut scopes = vec![("write", page.t("write", "写入"))];
    if page.session().administers() {
        scopes.push((engine::access::ADMIN, page.t("administer", "管理")));
    }
    html! {
        section aria-labelledby="make" {
            div.sec { h2 #make { (page.t("Make one", "新建令牌")) } }
            form.form method="post" action=(page.to("/me/tokens")) hx-boost="false" {
                input type="hidden" name="csrf" value=(page.csrf());
                (wrong.notice(&["name", "old"]))
                (line(&Line {
                    name: "name",
                    label: page.t("What it is for", "用途"),
                    value: name,
                    fills: "off",
                    help: None,
                    first: false,
                }, wrong))
                (choice("days", page.t("Counts for", "有效期"), "90", &days, wrong))
                fieldset.field {
                    legend { (page.t("Beside reading", "除读取外")) }
                    @for (scope, label) in scopes {
                        label.yes {
                            input.check type="checkbox" name="scope" value=(scope);
                            span { (label) }
                        }
                    }
                }
                (old_password(page, wrong))
                div.btns {
                    button.btn.btn-solid type="submit" { (page.t("Make a token", "生成令牌")) }
                }
            }
        }
    }
}
