//! Logging in with a name and a password, and out again. What is wrong is never said more exactly
//! than "name or password": who has an account is nobody's business.

use super::cookie;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::csrf;
use crate::page::{Head, Page, document, html_answer, own_path, wordmark};
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use axum::http::{StatusCode, header};
use engine::Error;
use engine::access::SESSION;
use engine::refusal::Refusal;
use maud::{Markup, html};

/// The page of the door; who is in already goes on.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let to = call.query.text("to").unwrap_or("/");
    if call.session.actor().account.is_some() {
        return Ok(page.go(&page.to(own_path(to)), None));
    }
    Ok(html_answer(StatusCode::OK, door(&page, to, "", None)))
}

/// A name and a password were given.
pub fn enter(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let (login, password) = (form.text("login").unwrap_or(""), form.text("password").unwrap_or(""));
    let to = form.text("to").unwrap_or("/");
    let engine = call.session.engine();
    let account = match engine.login(login.trim(), password) {
        Ok(account) => account,
        Err(Error::Refused(refusal)) => return Ok(turned_away(&page, to, login, &refusal)),
        Err(fault) => return Err(fault.into()),
    };
    let browser = call.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let text = engine.open_session(account, browser.unwrap_or(""))?;
    let kept = cookie::session(&text, SESSION / 1_000_000, call.secure);
    Ok(page.go(&page.to(own_path(to)), None).header(header::SET_COOKIE, &kept))
}

fn turned_away(page: &Page, to: &str, login: &str, refusal: &Refusal) -> Answer {
    let (status, said) = match refusal {
        Refusal::TooMany { retry_after_seconds } => {
            let minutes = retry_after_seconds.div_ceil(60);
            let en = format!("Too many wrong tries. Try again in {minutes} min.");
            let zh = format!("错误次数过多，请在 {minutes} 分钟后重试。");
            (StatusCode::TOO_MANY_REQUESTS, page.t(&en, &zh).to_string())
        }
        _ => {
            let said = page.t("Name or password is wrong.", "账号或密码有误。");
            (StatusCode::UNPROCESSABLE_ENTITY, said.to_string())
        }
    };
    html_answer(status, door(page, to, login, Some(&said)))
}

/// Ends the session of this browser.
pub fn leave(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    if let Some(session) = &call.kept.session {
        let token = call.form()?.text(csrf::FIELD).map(str::to_string);
        csrf::demand_token(session, token.as_deref())?;
        call.session.engine().close_session(session).map_err(Box::<Problem>::from)?;
    }
    let forgotten = cookie::no_session(call.secure);
    Ok(page.go(&page.to("/login"), None).header(header::SET_COOKIE, &forgotten))
}

fn door(page: &Page, to: &str, login: &str, error: Option<&str>) -> Markup {
    let title = page.t("Sign in", "登录");
    let head = Head {
        title,
        language: page.language(),
        theme: page.call.kept.theme,
        csrf: "",
        prefix: page.prefix,
    };
    let invalid = error.map(|_| "true");
    let body = html! {
        main {
            a.brand href=(page.to("/login")) { (wordmark()) }
            h1.vh { (page.t("Sign in to Evenkeel", "登录 Evenkeel")) }
            form.form method="post" action=(page.to("/login")) hx-boost="false" {
                @if let Some(error) = error {
                    div.notice.is-bad role="alert" { (icon("circle-alert")) div { (error) } }
                }
                input type="hidden" name="to" value=(to);
                div.field {
                    label for="login" { (page.t("Account", "账号")) }
                    input.input #login name="login" value=(login) autocomplete="username"
                        autocapitalize="none" spellcheck="false" required
                        autofocus[login.is_empty()] aria-invalid=[invalid];
                }
                div.field {
                    label for="password" { (page.t("Password", "密码")) }
                    input.input #password name="password" type="password" required
                        autocomplete="current-password" autofocus[!login.is_empty()]
                        aria-invalid=[invalid];
                }
                div.btns {
                    button.btn.btn-solid.btn-lg type="submit" { (title) }
                }
            }
        }
        footer {
            (page.choices(to))
        }
    };
    document(&head, "door", &body)
}
