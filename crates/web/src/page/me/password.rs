//! Changing one's own password: the old one is asked, all other sessions end.

use super::{Page, this};
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Line, Origin, demand_alike, new_password, secret};
use crate::problem::Result;
use axum::http::StatusCode;
use engine::Error;
use maud::html;

pub fn show(call: &Call) -> Result<Answer> {
    Ok(answer(&Page::new(call), &FormErrors::default(), StatusCode::OK))
}

pub fn change(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let new = match demand_alike(&page, &form) {
        Ok(new) => new,
        Err(wrong) => return Ok(answer(&page, &wrong, StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let old = form.text("old").unwrap_or("");
    match call.session.change_password(old, &new, this(call)?, origin.whence()) {
        Ok(()) => {
            let said = page.t(
                "Password changed; all other sessions have ended",
                "密码已修改，其他会话已全部结束",
            );
            Ok(page.go(&page.to("/me"), Some(said)))
        }
        Err(Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            Ok(answer(&page, &FormErrors::of(&problem, &page), problem.status))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn answer(page: &Page, wrong: &FormErrors, status: StatusCode) -> Answer {
    let title = page.t("Change password", "修改密码");
    let login = &page.session().actor().login;
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p { (page.t("All other sessions of yours end.", "您的其他会话将全部结束。")) }
        } }
        form.form.narrow-form method="post" action=(page.to("/me/password")) hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            (wrong.notice(&["old", "password", "again"]))
            input.vh name="username" value=(login) autocomplete="username" tabindex="-1"
                aria-hidden="true" readonly;
            (old_password(page, wrong))
            (new_password(page, wrong, false))
            div.btns {
                button.btn.btn-solid type="submit" { (title) }
                a.btn.btn-plain href=(page.to("/me")) { (page.t("Cancel", "取消")) }
            }
        }
    };
    page.own(title.to_string(), Some(title), body).status(status)
}

/// The password asked again before something that opens a way in. Whoever has none comes by a
/// provider, and is told that a login of just now stands for it.
pub fn old_password(page: &Page, wrong: &FormErrors) -> maud::Markup {
    if !page.session().confirms_by_password().unwrap_or(true) {
        return html! {
            p.help {
                (page.t(
                    "You have no password here: this works within ten minutes of signing in.",
                    "您在此没有密码：请在登录后十分钟内完成此操作。",
                ))
            }
            @if let Some(said) = wrong.at("old") { (FormErrors::whole(said).notice(&[])) }
        };
    }
    secret(
        page,
        &Line {
            name: "old",
            label: page.t("Your present password", "当前密码"),
            value: "",
            fills: "current-password",
            help: None,
            first: false,
        },
        wrong,
    )
}
