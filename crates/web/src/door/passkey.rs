//! Logging in by a passkey: the browser is asked for one that is bound to this house. Scripts carry
//! the question and the answer; without them there is the password.

use super::login::again_with;
use super::part::{Origin, entered};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::problem::{Problem, Result};
use axum::http::header;
use engine::Error;
use engine::access::{Entered, RelyingParty};
use maud::{Markup, html};

/// What passkeys are bound to: the declared address, or this machine where none is declared; a
/// name that a browser merely says is not believed.
pub fn relying_party(call: &Call) -> Option<RelyingParty> {
    let declared = call.app.settings.base();
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let address = match declared.is_empty() {
        true => format!("http://{host}"),
        false => declared.to_string(),
    };
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or("");
    let id = authority.split(':').next().unwrap_or("").to_string();
    let is_safe = id == "localhost" || (scheme == "https" && !declared.is_empty());
    is_safe.then(|| RelyingParty { id, origin: format!("{scheme}://{authority}") })
}

/// The button of a page of the door; a script shows it where the browser has passkeys.
pub fn button(page: &Page, to: &str) -> Markup {
    html! {
        @if relying_party(page.call).is_some() {
            form.form method="post" action=(page.to("/login/passkey")) hx-boost="false" hidden
                data-passkey="get" data-begin=(page.to("/login/passkey/begin")) {
                p.or { (page.t("or", "或")) }
                input type="hidden" name="to" value=(to);
                input type="hidden" name="answer" value="";
                (crate::page::told(page))
                div.btns {
                    button.btn.btn-lg type="submit" {
                        (page.t("Sign in with a passkey", "使用通行密钥登录"))
                    }
                }
            }
        }
    }
}

/// What the browser is to be asked, as JSON.
pub fn begin(call: &Call) -> Result<Answer> {
    let of = relying_party(call).ok_or_else(Problem::missing)?;
    Answer::json(&call.session.engine().begin_passkey_login(&of)?)
}

/// The browser has answered.
pub fn enter(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let of = relying_party(call).ok_or_else(Problem::missing)?;
    let (answer, to) = (form.text("answer").unwrap_or(""), form.text("to").unwrap_or("/"));
    match call.session.engine().enter_with_passkey(&of, answer, origin.whence()) {
        Ok(text) => Ok(entered(&page, &Entered::In(text), to)),
        Err(Error::Refused(_)) => {
            let said = page.t(
                "This passkey is not known here, or it took too long. Try again.",
                "此通行密钥未在本系统登记，或已超时，请重试。",
            );
            Ok(again_with(&page, to, said))
        }
        Err(fault) => Err(fault.into()),
    }
}
