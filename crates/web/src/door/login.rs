//! Logging in with a name and a password, and out again. What is wrong is never said more exactly
//! than "name or password": who has an account is nobody's business.

use super::part::{FormErrors, Line, Origin, door, entered, line, secret};
use super::{cookie, passkey, provider};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::csrf;
use crate::page::{Page, own_path};
use crate::percent;
use crate::problem::{Problem, Result};
use axum::http::{StatusCode, header};
use engine::Error;
use engine::refusal::Refusal;
use maud::{Markup, html};

/// The page of the door; who is in already goes on, and where nobody has an account the first one
/// is made.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let to = call.query.text("to").unwrap_or("/");
    if call.session.actor().account.is_some() {
        return Ok(page.go(&page.to(own_path(to)), None));
    }
    if call.session.engine().has_no_account()? {
        return Ok(page.go(&page.to("/welcome"), None));
    }
    Ok(answer(&page, StatusCode::OK, to, "", &FormErrors::default()))
}

/// A name and a password were given.
pub fn enter(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let (login, password) = (form.text("login").unwrap_or(""), form.text("password").unwrap_or(""));
    let to = form.text("to").unwrap_or("/");
    match call.session.engine().enter(login.trim(), password, origin.whence()) {
        Ok(done) => Ok(entered(&page, &done, to)),
        Err(Error::Refused(refusal)) => {
            let (status, said) = turned_away(&page, &refusal);
            Ok(answer(&page, status, to, login, &FormErrors::whole(&said)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Why somebody was turned away, in the same words for everybody.
pub fn turned_away(page: &Page, refusal: &Refusal) -> (StatusCode, String) {
    match refusal {
        Refusal::TooMany { retry_after_seconds } => {
            let minutes = retry_after_seconds.div_ceil(60);
            let en = format!("Too many wrong tries. Try again in {minutes} min.");
            let zh = format!("错误次数过多，请在 {minutes} 分钟后重试。");
            (StatusCode::TOO_MANY_REQUESTS, page.t(&en, &zh).to_string())
        }
        Refusal::NotLoggedIn => {
            let said = page.t("Name or password is wrong.", "账号或密码有误。");
            (StatusCode::UNPROCESSABLE_ENTITY, said.to_string())
        }
        other => {
            let problem = crate::refused::problem(other);
            (problem.status, problem.said.text(page.language()).to_string())
        }
    }
}

/// Ends the session of this browser.
pub fn leave(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    if let Some(session) = &call.kept.session {
        let token = call.form()?.text(csrf::FIELD).map(str::to_string);
        csrf::demand_token(session, token.as_deref())?;
        call.session.end_view(session, Origin::of(call).whence()).map_err(Box::<Problem>::from)?;
        call.session.engine().close_session(session).map_err(Box::<Problem>::from)?;
    }
    let forgotten = cookie::no_session(call.secure);
    Ok(page.go(&page.to("/login"), None).header(header::SET_COOKIE, &forgotten))
}

/// The page of the door once more, with what was wrong.
pub fn again_with(page: &Page, to: &str, said: &str) -> Answer {
    answer(page, StatusCode::UNPROCESSABLE_ENTITY, to, "", &FormErrors::whole(said))
}

fn answer(page: &Page, status: StatusCode, to: &str, login: &str, wrong: &FormErrors) -> Answer {
    let here = format!("/login?to={}", percent::encode(to));
    door(page, status, page.t("Sign in", "登录"), &here, &form(page, to, login, wrong))
}

fn form(page: &Page, to: &str, login: &str, wrong: &FormErrors) -> Markup {
    html! {
        h1.vh { (page.t("Sign in to Evenkeel", "登录 Evenkeel")) }
        form.form method="post" action=(page.to("/login")) hx-boost="false" {
            (wrong.notice(&["login", "password"]))
            input type="hidden" name="to" value=(to);
            (line(&Line {
                name: "login",
                label: page.t("Account", "账号"),
                value: login,
                fills: "username webauthn",
                help: None,
                first: login.is_empty(),
            }, wrong))
            (secret(page, &Line {
                name: "password",
                label: page.t("Password", "密码"),
                value: "",
                fills: "current-password",
                help: None,
                first: !login.is_empty(),
            }, wrong))
            div.btns {
                button.btn.btn-solid.btn-lg type="submit" { (page.t("Sign in", "登录")) }
            }
        }
        (passkey::button(page, to))
        (provider::buttons(page, to))
        details.second {
            summary { (page.t("I cannot sign in", "无法登录")) }
            p.help {
                (page.t(
                    "Ask an administrator for a link to choose a new password. \
                     Whoever has lost the telephone uses a recovery code.",
                    "请联系管理员获取设置新密码的链接；手机遗失时可使用恢复码。",
                ))
            }
        }
    }
}
