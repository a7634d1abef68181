//! The second step of a login: a code of an app, a recovery code, or a passkey. What the browser
//! holds between the steps opens nothing else.

use super::login::turned_away;
use super::part::{FormErrors, Line, Origin, door, entered, line};
use super::passkey;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::percent;
use crate::problem::Result;
use axum::http::StatusCode;
use engine::Error;
use engine::access::{Entered, Half};
use engine::refusal::Refusal;
use maud::html;

/// Asks for the second factor.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let to = call.query.text("to").unwrap_or("/");
    match half(call)? {
        Some(half) => Ok(answer(&page, StatusCode::OK, &half, to, &FormErrors::default())),
        None => Ok(back(&page, to)),
    }
}

/// A code was given.
pub fn enter(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let to = form.text("to").unwrap_or("/");
    let (text, code) = (call.kept.half.as_deref().unwrap_or(""), form.text("code").unwrap_or(""));
    match call.session.engine().enter_with_code(text, code, origin.whence()) {
        Ok(text) => Ok(entered(&page, &Entered::In(text), to)),
        Err(Error::Refused(refusal)) => {
            let Some(half) = half(call)? else { return Ok(back(&page, to)) };
            let (status, wrong) = match &*refusal {
                Refusal::Invalid(_) => {
                    let problem = crate::refused::problem(&refusal);
                    (problem.status, FormErrors::of(&problem, &page))
                }
                other => {
                    let (status, said) = turned_away(&page, other);
                    (status, FormErrors::whole(&said))
                }
            };
            Ok(answer(&page, status, &half, to, &wrong))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn half(call: &Call) -> Result<Option<Half>> {
    match &call.kept.half {
        Some(text) => Ok(call.session.engine().half(text)?),
        None => Ok(None),
    }
}

/// The first step is over: it begins again.
fn back(page: &Page, to: &str) -> Answer {
    page.go(&page.to(&format!("/login?to={}", percent::encode(to))), None)
}

fn answer(page: &Page, status: StatusCode, half: &Half, to: &str, wrong: &FormErrors) -> Answer {
    let title = page.t("Second step", "第二步验证");
    let here = format!("/login/code?to={}", percent::encode(to));
    let (label, help) = match half.totp {
        true => (
            page.t("Code", "验证码"),
            page.t(
                "Six digits from your app, or a recovery code.",
                "应用中的六位数字，或一个恢复码。",
            ),
        ),
        false => (
            page.t("Recovery code", "恢复码"),
            page.t("If you do not have your passkey at hand.", "无法使用通行密钥时填写。"),
        ),
    };
    let form = html! {
        h1 { (title) }
        form.form method="post" action=(page.to("/login/code")) hx-boost="false" {
            (wrong.notice(&["code"]))
            input type="hidden" name="to" value=(to);
            (line(&Line {
                name: "code",
                label,
                value: "",
                fills: "one-time-code",
                help: Some(help),
                first: true,
            }, wrong))
            div.btns {
                button.btn.btn-solid.btn-lg type="submit" { (page.t("Sign in", "登录")) }
                a.btn.btn-plain href=(page.to("/login")) { (page.t("Start again", "重新登录")) }
            }
        }
        @if half.passkeys { (passkey::button(page, to)) }
    };
    door(page, status, title, &here, &form)
}
