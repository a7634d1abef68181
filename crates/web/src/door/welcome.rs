//! `/welcome`: the first administrator of a new house. There is such a page only as long as there
//! is no account at all, and only for whoever holds the code that the server printed at its start:
//! behind a proxy everybody seems to sit at the machine.

use super::part::{
    FormErrors, Line, Origin, choice, demand_alike, door, entered, languages, line, new_password,
    zones,
};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::page::Page;
use crate::percent;
use crate::problem::Result;
use crate::route::Parameter;
use axum::http::StatusCode;
use engine::Error;
use engine::access::First;
use engine::refusal::Refusal;
use maud::html;

pub const QUERY: &[Parameter] =
    &[Parameter::text("code", 200, "The code that the server printed.")];

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    if !call.session.engine().has_no_account()? {
        return Ok(page.go(&page.to("/login"), None));
    }
    // The address that the server printed carries the code.
    let given = format!("code={}", percent::encode(call.query.text("code").unwrap_or("")));
    let form = Form::parse(given.as_bytes())?;
    Ok(answer(&page, StatusCode::OK, &form, &FormErrors::default()))
}

/// Somebody is to be the first administrator.
pub fn make(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let text = |name: &str| form.text(name).unwrap_or("");
    let password = match demand_alike(&page, &form) {
        Ok(password) => password,
        Err(wrong) => return Ok(answer(&page, StatusCode::UNPROCESSABLE_ENTITY, &form, &wrong)),
    };
    let zone = zones("").into_iter().map(|(name, _)| name).find(|name| name == text("zone"));
    let first = First {
        name: text("name"),
        login: text("login"),
        password: &password,
        code: text("code"),
        language: if text("language") == "zh" { "zh" } else { "en" },
        zone: zone.as_deref().unwrap_or("UTC"),
    };
    match call.session.engine().make_first(&first, origin.whence()) {
        Ok(done) => Ok(entered(&page, &done, "/")),
        // Somebody was faster: there is an account now.
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::Gone { .. }) => {
            Ok(page.go(&page.to("/login"), None))
        }
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            let wrong = FormErrors::of(&problem, &page);
            Ok(answer(&page, problem.status, &form, &wrong))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn answer(page: &Page, status: StatusCode, form: &Form, wrong: &FormErrors) -> Answer {
    let title = page.t("Welcome to Evenkeel", "欢迎使用 Evenkeel");
    let text = |name: &str| form.text(name).unwrap_or("");
    let language = page.language();
    let spoken = form.text("language").unwrap_or(language.as_str());
    let zone = form.text("zone").unwrap_or("UTC");
    let fields = ["name", "login", "password", "again", "code", "language", "zone"];
    let one = |name, label, fills, help, first| {
        line(&Line { name, label, value: text(name), fills, help, first }, wrong)
    };
    let body = html! {
        div {
            h1 { (title) }
            p.help {
                (page.t(
                    "Nobody has an account yet. The first one administers: it gives accounts \
                     and roles to the others.",
                    "目前还没有任何账号。第一个账号为管理员，负责为其他人开通账号与角色。",
                ))
            }
        }
        form.form method="post" action=(page.to("/welcome")) hx-boost="false" {
            (wrong.notice(&fields))
            (one("code", page.t("Set-up code", "设置码"), "off", Some(page.t(
                "The server printed it at its start.",
                "服务器启动时已显示此设置码。",
            )), text("code").is_empty()))
            (one("name", page.t("Your name", "姓名"), "name", None, !text("code").is_empty()))
            (one("login", page.t("Account", "账号"), "username", Some(page.t(
                "What you sign in with, for example anna.bergman.",
                "登录时使用，例如 anna.bergman。",
            )), false))
            (new_password(page, wrong, false))
            (choice("language", page.t("Language", "语言"), spoken, &languages(), wrong))
            (choice("zone", page.t("Time zone", "时区"), zone, &zones(zone), wrong))
            div.btns {
                button.btn.btn-solid.btn-lg type="submit" {
                    (page.t("Make the account", "创建账号"))
                }
            }
        }
    };
    door(page, status, title, "/welcome", &body)
}
