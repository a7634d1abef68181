//! `/enter/..`: the holder of a one-time link chooses a password. A link that does not count any
//! more is told from none that ever did by nobody. A second factor is asked afterwards.

use super::part::{FormErrors, Origin, demand_alike, door, entered, new_password};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::percent;
use crate::problem::Result;
use axum::http::StatusCode;
use engine::Error;
use engine::access::Link;
use engine::refusal::Refusal;
use maud::html;

/// Asks for a password where the link counts.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    match call.session.engine().link(call.part("token"))? {
        Some(link) => Ok(answer(&page, StatusCode::OK, &link, &FormErrors::default())),
        None => Ok(over(&page)),
    }
}

/// A password was chosen.
pub fn enter(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let engine = call.session.engine();
    let Some(link) = engine.link(call.part("token"))? else { return Ok(over(&page)) };
    let password = match demand_alike(&page, &form) {
        Ok(password) => password,
        Err(wrong) => return Ok(answer(&page, StatusCode::UNPROCESSABLE_ENTITY, &link, &wrong)),
    };
    match engine.use_link(call.part("token"), &password, origin.whence()) {
        Ok(done) => Ok(entered(&page, &done, "/")),
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::Gone { .. }) => Ok(over(&page)),
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            let wrong = FormErrors::of(&problem, &page);
            Ok(answer(&page, problem.status, &link, &wrong))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn address(page: &Page) -> String {
    format!("/enter/{}", percent::encode(page.call.part("token")))
}

fn answer(page: &Page, status: StatusCode, link: &Link, wrong: &FormErrors) -> Answer {
    let title = match link.is_reset {
        true => page.t("Choose a new password", "设置新密码"),
        false => page.t("Welcome to Evenkeel", "欢迎使用 Evenkeel"),
    };
    let form = html! {
        h1 { (title) }
        p { (page.t("Account", "账号")) " " b { (link.login) } }
        @if link.is_reset {
            p.help {
                (page.t(
                    "All your sessions end, and so do all tokens of programs: make those that \
                     are needed anew.",
                    "您的所有会话和程序令牌都将结束，需要的令牌请重新生成。",
                ))
            }
        }
        form.form method="post" action=(page.to(&address(page))) hx-boost="false" {
            (wrong.notice(&["password", "again"]))
            // For the browser's own keeper of passwords.
            input.vh name="username" value=(link.login) autocomplete="username" tabindex="-1"
                aria-hidden="true" readonly;
            (new_password(page, wrong, true))
            div.btns {
                button.btn.btn-solid.btn-lg type="submit" {
                    (page.t("Set password", "设置密码"))
                }
            }
        }
    };
    door(page, status, title, &address(page), &form)
}

fn over(page: &Page) -> Answer {
    let title = page.t("This link does not count any more", "此链接已失效");
    let form = html! {
        h1 { (title) }
        p {
            (page.t(
                "It was used, has expired, or another was made after it. Ask an administrator \
                 for a new one.",
                "链接已被使用、已过期，或已另行生成新链接。请向管理员索取新链接。",
            ))
        }
        p.btns { a.btn href=(page.to("/login")) { (page.t("Sign in", "登录")) } }
    };
    door(page, StatusCode::GONE, title, "/login", &form)
}
