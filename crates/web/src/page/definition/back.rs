//! `/administration/versions/NUMBER`: going back to the overlays of an earlier version: what it
//! would do, and doing it.

use super::overlay::{in_force, why};
use super::review::Review;
use super::{HERE, scene, trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::problem::{Problem, Result};
use engine::definitions::Standing;
use maud::{Markup, html};
use model::Language;

/// What going back would do.
pub fn version(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let number = number(call)?;
    shown(&page, number, &html! {})
}

/// Goes back.
pub fn back(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let number = number(call)?;
    let base = call.form()?.text("base").and_then(|text| text.parse().ok()).unwrap_or(0);
    match page.session().go_back_to(number, base) {
        Ok(now) => Ok(page.go(&page.to(HERE), Some(&in_force(&page, now)))),
        Err(unfit) => {
            let standing = page.session().definitions()?;
            let (status, notice) = why(&page, &standing, unfit)?;
            Ok(shown(&page, number, &notice)?.status(status))
        }
    }
}

fn number(call: &Call) -> Result<i64> {
    call.part("version").parse().map_err(|_| Problem::missing())
}

fn shown(page: &Page, number: i64, notice: &Markup) -> Result<Answer> {
    let standing = page.session().definitions()?;
    let then = page.session().overlays_of_version(number)?;
    let review = Review::between(page, &standing, &then)?;
    let title = match page.language() == Language::ZH {
        true => format!("回退到版本 {number}"),
        false => format!("Roll back to version {number}"),
    };
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p { (page.t(
                "The overlays of that version come into force again, as a new version, with the \
                 definitions that this program brings along. Columns that nothing names then stay \
                 with all they hold.",
                "该版本的叠加文件会作为新版本重新生效，产品自带的定义不变；不再被引用的列及其数据全部保留。",
            )) }
        } }
        (notice)
        @if standing.keeps_files { (super::in_files(page)) }
        (review.shown(page))
        @if review.draft.fits() && !standing.keeps_files { (confirm(page, &standing, number)) }
    };
    Ok(scene(page, &title, trail(page, &title), body))
}

fn confirm(page: &Page, standing: &Standing, number: i64) -> Markup {
    html! {
        form.form.below method="post"
            action=(page.to(&format!("/administration/versions/{number}/back"))) hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            input type="hidden" name="base" value=(standing.version.number);
            div.btns {
                button.btn.btn-solid type="submit" { (page.t("Roll back", "回退")) }
                a.btn.btn-plain href=(page.to(HERE)) { (page.t("Cancel", "取消")) }
            }
        }
    }
}
