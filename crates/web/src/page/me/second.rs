//! `/me/second`: the second factors of one's own account: the codes of an app, passkeys, recovery
//! codes.
//! Whatever opens or closes a way in asks the password again.

use super::password::old_password;
use super::{Page, this};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Line, Origin, line};
use crate::door::passkey::relying_party;
use crate::door::qr;
use crate::problem::{Problem, Result};
use axum::http::StatusCode;
use engine::Error;
use engine::access::{Enrolment, Factors, OwnPasskey};
use engine::refusal::Refusal;
use maud::{Markup, html};
use serde_json::Value as Json;

/// What the page shows beside what is always there.
enum Shown<'s> {
    Nothing,
    /// A secret on its way into an app.
    Enrolment(&'s Enrolment),
    /// What the browser is asked for a new passkey.
    Ceremony(&'s Json),
    /// Recovery codes, once.
    Codes(&'s [String]),
}

pub fn show(call: &Call) -> Result<Answer> {
    answer(&Page::new(call), &Shown::Nothing, &FormErrors::default(), StatusCode::OK)
}

/// Makes a secret and shows it.
pub fn begin(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    match call.session.begin_totp(form.text("old").unwrap_or("")) {
        Ok(enrolment) => {
            answer(&page, &Shown::Enrolment(&enrolment), &FormErrors::default(), StatusCode::OK)
        }
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

/// A code of the new secret was typed.
pub fn confirm(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let (text, code) = (form.text("text").unwrap_or(""), form.text("code").unwrap_or(""));
    match call.session.confirm_totp(text, code, this(call)?, origin.whence()) {
        Ok(codes) if codes.is_empty() => {
            Ok(page.go(&page.to("/me/second"), Some(page.t("In use", "已启用"))))
        }
        Ok(codes) => answer(&page, &Shown::Codes(&codes), &FormErrors::default(), StatusCode::OK),
        Err(error) => match call.session.waiting_totp(text) {
            Ok(enrolment) => refused(&page, error, &Shown::Enrolment(&enrolment)),
            Err(Error::Refused(_)) => {
                let said = page.t("That took too long; begin again.", "已超时，请重新开始。");
                Ok(page.go(&page.to("/me/second"), Some(said)))
            }
            Err(fault) => Err(fault.into()),
        },
    }
}

/// Begins to make a passkey: the page that answers asks the browser.
pub fn begin_passkey(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let of = relying_party(call).ok_or_else(Problem::missing)?;
    match call.session.begin_passkey(form.text("old").unwrap_or(""), &of) {
        Ok(options) => {
            answer(&page, &Shown::Ceremony(&options), &FormErrors::default(), StatusCode::OK)
        }
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

/// The browser has made a passkey.
pub fn confirm_passkey(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let of = relying_party(call).ok_or_else(Problem::missing)?;
    let (name, answered) = (form.text("name").unwrap_or(""), form.text("answer").unwrap_or(""));
    let done = call.session.confirm_passkey(&of, name, answered, this(call)?, origin.whence());
    match done {
        Ok(codes) if codes.is_empty() => {
            Ok(page.go(&page.to("/me/second"), Some(page.t("In use", "已启用"))))
        }
        Ok(codes) => answer(&page, &Shown::Codes(&codes), &FormErrors::default(), StatusCode::OK),
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

/// Takes a passkey away.
pub fn remove_passkey(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let (id, old) = (form.text("id").unwrap_or(""), form.text("old").unwrap_or(""));
    match call.session.remove_passkey(id, old, this(call)?, origin.whence()) {
        Ok(()) => Ok(page.go(&page.to("/me/second"), Some(page.t("Removed", "已移除")))),
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

pub fn remove(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let old = form.text("old").unwrap_or("");
    match call.session.remove_totp(old, this(call)?, origin.whence()) {
        Ok(()) => Ok(page.go(&page.to("/me/second"), Some(page.t("Removed", "已移除")))),
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

/// New recovery codes.
pub fn codes(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    match call.session.renew_recovery_codes(form.text("old").unwrap_or(""), origin.whence()) {
        Ok(codes) => answer(&page, &Shown::Codes(&codes), &FormErrors::default(), StatusCode::OK),
        Err(error) => refused(&page, error, &Shown::Nothing),
    }
}

fn refused(page: &Page, error: Error, shown: &Shown) -> Result<Answer> {
    match error {
        Error::Refused(refusal) if !matches!(*refusal, Refusal::NotFound { .. }) => {
            let problem = crate::refused::problem(&refusal);
            answer(page, shown, &FormErrors::of(&problem, page), problem.status)
        }
        other => Err(other.into()),
    }
}

fn answer(page: &Page, shown: &Shown, wrong: &FormErrors, status: StatusCode) -> Result<Answer> {
    let factors = page.session().factors()?;
    let title = page.t("Second factors", "两步验证");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (match factors.is_empty() {
                    true => page.t(
                        "Your password alone opens your account.",
                        "目前仅凭密码即可登录您的账号。",
                    ),
                    false => page.t(
                        "After your password a second factor is asked.",
                        "输入密码后还需第二步验证。",
                    ),
                })
            }
        } }
        div.account {
            @match shown {
                Shown::Nothing => (html! {}),
                Shown::Enrolment(enrolment) => (enrol(page, enrolment, wrong)),
                Shown::Ceremony(options) => (ceremony(page, options)),
                Shown::Codes(codes) => (recovery(page, codes)),
            }
            @if !matches!(shown, Shown::Enrolment(_) | Shown::Ceremony(_)) {
                (app(page, &factors, wrong))
                (passkeys(page, &factors))
            }
            @if !factors.is_empty() { (codes_left(page, &factors)) }
        }
    };
    Ok(page.own(title.to_string(), Some(title), body).status(status))
}

/// The picture for the app, and the place for its first code.
fn enrol(page: &Page, enrolment: &Enrolment, wrong: &FormErrors) -> Markup {
    html! {
        section aria-labelledby="enrol" {
            div.sec { h2 #enrol { (page.t("Set up the app", "设置验证器应用")) } }
            div.enrol.below-s {
                (qr::svg(&enrolment.address, page.t("QR code of the secret", "密钥二维码")))
                div {
                    p {
                        (page.t(
                            "Scan this with an authenticator app, or type the secret:",
                            "用验证器应用扫描，或手动输入密钥：",
                        ))
                    }
                    p.secret-text { (grouped(&enrolment.secret)) }
                    form.form method="post" action=(page.to("/me/second/confirm"))
                        hx-boost="false" {
                        input type="hidden" name="csrf" value=(page.csrf());
                        input type="hidden" name="text" value=(enrolment.text);
                        (wrong.notice(&["code"]))
                        (line(&Line {
                            name: "code",
                            label: page.t("Code that the app shows", "应用显示的验证码"),
                            value: "",
                            fills: "one-time-code",
                            help: None,
                            first: true,
                        }, wrong))
                        div.btns {
                            button.btn.btn-solid type="submit" { (page.t("Use it", "启用")) }
                            a.btn.btn-plain href=(page.to("/me/second")) {
                                (page.t("Cancel", "取消"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// In fours, as people type.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups = letters.chunks(4).map(|four| four.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// Recovery codes, shown once.
fn recovery(page: &Page, codes: &[String]) -> Markup {
    html! {
        section {
            (page.said_once(page.t(
                "Print these or write them down: they are not shown again. Each lets you in once, \
                 in the place of a code of the app.",
                "请打印或抄写，之后不再显示。每个恢复码可代替验证码使用一次。",
            )))
            ul.codes.below-s { @for code in codes { li { (code) } } }
        }
    }
}

fn app(page: &Page, factors: &Factors, wrong: &FormErrors) -> Markup {
    let (path, act) = match factors.totp_since {
        Some(_) => ("/me/second/remove", page.t("Remove the app", "移除验证器应用")),
        None => ("/me/second/app", page.t("Set up an app", "设置验证器应用")),
    };
    html! {
        section aria-labelledby="app" {
            div.sec { h2 #app { (page.t("Codes of an app", "验证器应用")) } }
            @match factors.totp_since {
                Some(at) => p { (page.t("In use since ", "启用时间：")) (page.at(at)) },
                None => p.help {
                    (page.t(
                        "An app on your telephone shows six digits that change every half minute.",
                        "手机应用每半分钟显示一组新的六位数字。",
                    ))
                },
            }
            (asks(page, path, act, wrong))
        }
    }
}

/// The button at which the browser is asked, and the form that its answer goes into.
fn ceremony(page: &Page, options: &Json) -> Markup {
    html! {
        section aria-labelledby="ceremony" {
            div.sec { h2 #ceremony { (page.t("Make a passkey", "创建通行密钥")) } }
            form.form method="post" action=(page.to("/me/second/passkey/confirm"))
                hx-boost="false" data-passkey="create" data-options=(options) {
                input type="hidden" name="csrf" value=(page.csrf());
                input type="hidden" name="answer" value="";
                (line(&Line {
                    name: "name",
                    label: page.t("Name of the device", "设备名称"),
                    value: "",
                    fills: "off",
                    help: Some(page.t("So that you know it again.", "便于日后辨认。")),
                    first: true,
                }, &FormErrors::default()))
                (told(page))
                div.btns {
                    button.btn.btn-solid type="submit" { (page.t("Make it now", "立即创建")) }
                    a.btn.btn-plain href=(page.to("/me/second")) { (page.t("Cancel", "取消")) }
                }
            }
        }
    }
}

/// What the script shows where the browser makes no passkey.
pub fn told(page: &Page) -> Markup {
    html! {
        p.error role="alert" data-failed hidden {
            (page.t(
                "The browser gave no passkey. Try again, or choose another way.",
                "浏览器未提供通行密钥，请重试或改用其他方式。",
            ))
        }
    }
}

fn passkeys(page: &Page, factors: &Factors) -> Markup {
    html! {
        section aria-labelledby="passkeys" {
            div.sec {
                h2 #passkeys { (page.t("Passkeys", "通行密钥")) }
                span.count { (factors.passkeys.len()) }
            }
            ul.rows { @for one in &factors.passkeys { li { (passkey(page, one)) } } }
            @if relying_party(page.call).is_some() {
                p.help {
                    (page.t(
                        "Your device or a security key signs you in, by finger, face or PIN.",
                        "使用设备或安全密钥，以指纹、面容或 PIN 登录。",
                    ))
                }
                form.form method="post" action=(page.to("/me/second/passkey")) hx-boost="false" {
                    input type="hidden" name="csrf" value=(page.csrf());
                    (again(page, "old-passkey"))
                    div.btns {
                        button.btn type="submit" { (page.t("Make a passkey", "创建通行密钥")) }
                    }
                }
            } @else {
                p.help {
                    (page.t(
                        "Passkeys need the setting base_url, with https.",
                        "使用通行密钥需要设置 base_url（https 地址）。",
                    ))
                }
            }
        }
    }
}

/// A passkey, and the form that removes it.
fn passkey(page: &Page, one: &OwnPasskey) -> Markup {
    html! {
        details {
            summary {
                (one.name) " · " (page.t("made ", "创建于 ")) (page.at(one.created_at))
                @if let Some(at) = one.last_used_at {
                    " · " (page.t("used ", "使用于 ")) (page.at(at))
                }
            }
            form.form.below-s method="post" action=(page.to("/me/second/passkey/remove"))
                hx-boost="false" {
                input type="hidden" name="csrf" value=(page.csrf());
                input type="hidden" name="id" value=(one.id);
                (again(page, &format!("old-{}", one.id)))
                div.btns { button.btn type="submit" { (page.t("Remove", "移除")) } }
            }
        }
    }
}

/// The password asked again, where several forms of a page do.
fn again(page: &Page, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (page.t("Your present password", "当前密码")) }
            input.input id=(id) name="old" type="password" required
                autocomplete="current-password" maxlength="256";
        }
    }
}

fn codes_left(page: &Page, factors: &Factors) -> Markup {
    html! {
        section aria-labelledby="left" {
            div.sec {
                h2 #left { (page.t("Recovery codes left", "剩余恢复码")) }
                span.count { (factors.recovery_codes) }
            }
            details.below-s {
                summary.btn { (page.t("Make new ones", "重新生成")) }
                form.form.below-s method="post" action=(page.to("/me/second/codes"))
                    hx-boost="false" {
                    input type="hidden" name="csrf" value=(page.csrf());
                    (again(page, "old-codes"))
                    div.btns {
                        button.btn type="submit" {
                            (page.t("Make new codes; those before end", "生成新恢复码，旧码作废"))
                        }
                    }
                }
            }
        }
    }
}

/// A form that asks the password again.
fn asks(page: &Page, path: &str, act: &str, wrong: &FormErrors) -> Markup {
    html! {
        form.form method="post" action=(page.to(path)) hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            (wrong.notice(&["old"]))
            (old_password(page, wrong))
            div.btns { button.btn type="submit" { (act) } }
        }
    }
}
