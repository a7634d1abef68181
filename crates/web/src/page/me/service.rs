//! `/me/services`: the sign-in services of the house, and by which of them one is let in. One's own
//! account is connected here: the password is asked again, then one shows at the service who one
//! is there.

use super::Page;
use super::password::old_password;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Origin};
use crate::door::{cookie, provider};
use crate::problem::Result;
use axum::http::{StatusCode, header};
use engine::Error;
use engine::access::{Begun, Bound, Provider};
use maud::{Markup, html};

const HERE: &str = "/me/services";

pub fn show(call: &Call) -> Result<Answer> {
    answer(&Page::new(call), &FormErrors::default(), StatusCode::OK)
}

/// Makes sure who asks, and shows the way to the service. It is a link, because the policy of our
/// pages lets no form of theirs lead to another house.
pub fn begin(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let name = form.text("provider").unwrap_or("");
    let (back, old) = (provider::here(call, name), form.text("old").unwrap_or(""));
    match call.session.begin_connection(name, &back, HERE, old, origin.whence()) {
        Ok(Ok(begun)) => {
            let kept = cookie::sign_on(&begun.text, call.secure);
            Ok(onward(&page, &label(&page, name), &begun).header(header::SET_COOKIE, &kept))
        }
        Ok(Err(turned)) => Ok(provider::turned_away(&page, &turned, HERE)),
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            answer(&page, &FormErrors::of(&problem, &page), problem.status)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What a service is called; its short name where it is not set up any more.
fn label(page: &Page, name: &str) -> String {
    let mut all = page.session().engine().providers().iter();
    let found = all.find(|one| one.policy.name == name);
    found.map_or(name, |one| page.t(&one.label[0], &one.label[1])).to_string()
}

/// The services by which one is let in, in words; none where the house has no such service.
pub fn summary(page: &Page) -> Result<Option<String>> {
    if page.session().engine().providers().is_empty() {
        return Ok(None);
    }
    let bound = page.session().bound()?;
    let labels: Vec<String> = bound.iter().map(|one| label(page, &one.provider)).collect();
    Ok(Some(match labels.is_empty() {
        true => page.t("none connected yet", "尚未绑定").to_string(),
        false => labels.join(page.t(", ", "、")),
    }))
}

pub fn title<'p>(page: &Page<'p>) -> &'p str {
    page.t("Sign-in services", "登录服务")
}

fn answer(page: &Page, wrong: &FormErrors, status: StatusCode) -> Result<Answer> {
    let bound = page.session().bound()?;
    let providers = page.session().engine().providers().iter();
    let open: Vec<&Provider> =
        providers.filter(|one| bound.iter().all(|bound| bound.issuer != one.issuer)).collect();
    let body = html! {
        div.page-head { div {
            h1 { (title(page)) }
            p {
                (page.t(
                    "Whoever is known to a service that is connected signs in with it.",
                    "绑定后即可使用相应服务登录。",
                ))
            }
        } }
        div.account {
            (connected(page, &bound))
            @if !open.is_empty() { (form(page, &open, wrong)) }
        }
    };
    Ok(page.own(title(page).to_string(), Some(title(page)), body).status(status))
}

fn connected(page: &Page, bound: &[Bound]) -> Markup {
    html! {
        section aria-labelledby="connected" {
            div.sec {
                h2 #connected { (page.t("Connected", "已绑定")) }
                span.count { (bound.len()) }
            }
            @if bound.is_empty() { p.help { (page.t("None yet.", "尚无。")) } }
            @else {
                dl.facts { @for one in bound {
                    div {
                        dt { (label(page, &one.provider)) }
                        dd { (page.t("since ", "绑定于 ")) (page.at(one.since)) }
                    }
                } }
                p.help {
                    (page.t(
                        "An administrator can remove them.",
                        "如需解除绑定，请联系管理员。",
                    ))
                }
            }
        }
    }
}

fn form(page: &Page, open: &[&Provider], wrong: &FormErrors) -> Markup {
    html! {
        section aria-labelledby="connect" {
            div.sec { h2 #connect { (page.t("Connect another", "绑定其他服务")) } }
            form.form.narrow-form method="post" action=(page.to(HERE)) hx-boost="false" {
                input type="hidden" name="csrf" value=(page.csrf());
                (wrong.notice(&["old"]))
                (old_password(page, wrong))
                div.btns { @for one in open {
                    button.btn type="submit" name="provider" value=(one.policy.name) {
                        (page.t(
                            &format!("Connect with {}", one.label[0]),
                            &format!("绑定{}", one.label[1]),
                        ))
                    }
                } }
            }
        }
    }
}

fn onward(page: &Page, name: &str, begun: &Begun) -> Answer {
    let body = html! {
        div.page-head { div {
            h1 { (title(page)) }
            p {
                (page.t(
                    "Show there who you are, within ten minutes. You come back to this page.",
                    "请在十分钟内前往该服务确认身份，完成后将返回此页面。",
                ))
            }
        } }
        p.btns {
            a.btn.btn-solid hx-boost="false" href=(begun.address) {
                (page.t(&format!("Go on to {name}"), &format!("前往{name}")))
            }
            a.btn.btn-plain href=(page.to(HERE)) { (page.t("Cancel", "取消")) }
        }
    };
    page.own(title(page).to_string(), Some(title(page)), body)
}
