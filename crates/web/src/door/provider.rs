//! Signing in by a provider of OpenID Connect: the buttons, the way there, and the way back. Why
//! somebody is turned away is said on a page of the door; what proves who they are is checked by
//! the engine.

use super::cookie;
use super::part::{Origin, door, entered};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::page::{Page, own_path};
use crate::percent;
use crate::problem::Result;
use crate::show::mark::icon;
use axum::http::{StatusCode, header};
use engine::access::{Arrived, Provider, Return, Turned};
use maud::{Markup, html};

/// Where a provider sends people back to. It adds what it likes to the address.
pub const BACK: &str = "/login/with/{provider}/back";

/// A button for each provider. They are links: what leads elsewhere is no form of ours.
pub fn buttons(page: &Page, to: &str) -> Markup {
    let providers = page.session().engine().providers();
    html! {
        @if !providers.is_empty() {
            div.form {
                p.or { (page.t("or", "或")) }
                @for provider in providers {
                    div.btns {
                        a.btn.btn-lg hx-boost="false" href=(page.to(&begin_at(provider, to))) {
                            (label(page, provider))
                        }
                    }
                }
            }
        }
    }
}

fn label(page: &Page, provider: &Provider) -> String {
    let [en, zh] = &provider.label;
    page.t(&format!("Sign in with {en}"), &format!("使用{zh}登录")).to_string()
}

fn begin_at(provider: &Provider, to: &str) -> String {
    format!("/login/with/{}?to={}", provider.policy.name, percent::encode(to))
}

/// The address that people are sent back to, as the provider has to know it.
pub fn here(call: &Call, provider: &str) -> String {
    let base = call.app.settings.base();
    format!("{base}{}", BACK.replace("{provider}", provider))
}

/// Sends somebody to the provider.
pub fn begin(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let to = own_path(call.query.text("to").unwrap_or("/"));
    if call.session.actor().account.is_some() {
        return Ok(page.go(&page.to(to), None));
    }
    let engine = call.session.engine();
    let name = call.part("provider");
    match engine.begin_sign_on(name, &here(call, name), to, origin.whence())? {
        Ok(begun) => {
            let kept = cookie::sign_on(&begun.text, call.secure);
            Ok(page.go(&begun.address, None).header(header::SET_COOKIE, &kept))
        }
        Err(turned) => Ok(turned_away(&page, &turned, to)),
    }
}

/// Somebody comes back.
pub fn back(call: &Call) -> Result<Answer> {
    let (page, origin) = (Page::new(call), Origin::of(call));
    let query = call.target.split_once('?').map_or("", |(_, query)| query);
    let told = Form::parse(query.as_bytes())?;
    let text = |name: &str| told.text(name).unwrap_or("");
    let back = Return {
        text: call.kept.sign_on.as_deref().unwrap_or(""),
        state: text("state"),
        code: text("code"),
        error: text("error"),
        issuer: told.text("iss"),
        here: &here(call, call.part("provider")),
        account: call.session.actor().account,
    };
    let engine = call.session.engine();
    let finished = engine.finish_sign_on(call.part("provider"), &back, origin.whence())?;
    let answer = match &finished.arrived {
        Arrived::In(done) => entered(&page, done, &finished.to),
        Arrived::Connected => {
            page.go(&page.to(own_path(&finished.to)), Some(page.t("Connected", "已绑定")))
        }
        Arrived::Turned(turned) => turned_away(&page, turned, &finished.to),
    };
    Ok(answer.header(header::SET_COOKIE, &cookie::sign_on("", call.secure)))
}

pub fn turned_away(page: &Page, turned: &Turned, to: &str) -> Answer {
    // Whoever is in wanted to connect their account.
    let (title, again, back) = match page.session().actor().account {
        Some(_) => {
            let title = page.t("Your account was not connected", "账号未能绑定");
            (title, own_path(to).to_string(), page.t("Back", "返回"))
        }
        None => {
            let again = format!("/login?to={}", percent::encode(own_path(to)));
            (page.t("You are not signed in", "未能登录"), again, page.t("To sign in", "返回登录"))
        }
    };
    let body = html! {
        h1 { (title) }
        div.notice.is-bad role="alert" {
            (icon("circle-alert"))
            p { (turned.text(page.language())) }
        }
        p.btns { a.btn href=(page.to(&again)) { (back) } }
    };
    let status = match turned {
        Turned::Unreachable => StatusCode::BAD_GATEWAY,
        _ => StatusCode::FORBIDDEN,
    };
    door(page, status, title, &again, &body)
}
