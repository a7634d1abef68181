//! `/administration/overlay`: the whole text of one overlay, to be changed, looked at and brought
//! into force. Forms of the record type lead here with the text that they make.

use super::review::Review;
use super::{HERE, scene, trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Page;
use crate::page::field::Wrong;
use crate::page::inputs::{Input, area, line};
use crate::problem::Result;
use crate::route::Parameter;
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::definitions::{Files, Standing, Unfit};
use engine::refusal::{Error, Refusal};
use maud::{Markup, html};
use model::Language;
use sha2::{Digest, Sha256};

pub const OVERLAY: &[Parameter] = &[Parameter::text("name", 80, "The name of an overlay.")];

/// One overlay as it would be.
pub(super) struct Proposal {
    pub name: String,
    /// Empty: the overlay is taken away.
    pub text: String,
    /// The version that it was made from.
    pub base: i64,
    /// What for.
    pub note: String,
}

impl Proposal {
    /// All overlays with this one.
    pub fn laid(&self, standing: &Standing) -> Files {
        let mut files = standing.overlays();
        match self.text.trim().is_empty() {
            true => files.remove(&self.name),
            false => files.insert(self.name.clone(), self.text.clone()),
        };
        files
    }

    /// What a confirmation names, so that only what was shown is brought into force.
    fn digest(&self) -> String {
        let text = format!("{}\n{}\n{}", self.base, self.name, self.text);
        hex::encode(&Sha256::digest(text)[..12])
    }
}

/// Whether overlays may be called so.
pub(super) fn demand_name(page: &Page, name: &str) -> std::result::Result<(), String> {
    let stem = name.strip_suffix(".toml").unwrap_or("");
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match !stem.is_empty() && !stem.starts_with('.') && name.len() <= 80 && stem.chars().all(fits) {
        true => Ok(()),
        false => Err(page
            .t(
                "Letters, digits, - and _, then .toml: branch.toml",
                "字母、数字、- 和 _，以 .toml 结尾：branch.toml",
            )
            .to_string()),
    }
}

/// The editor.
pub fn overlay(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let standing = page.session().definitions()?;
    let name = call.query.owned("name").unwrap_or_default();
    let text = standing.overlays().get(&name).cloned().unwrap_or_default();
    let base = standing.version.number;
    let proposal = Proposal { name, text, base, note: String::new() };
    Ok(stands(&page, &standing, &proposal, None, &html! {}))
}

/// Looks at a text, or brings the one that was looked at into force.
pub fn keep(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let standing = page.session().definitions()?;
    let form = call.form()?;
    let text = |name: &str| form.text(name).unwrap_or("").to_string();
    let mut proposal = Proposal {
        name: text("name").trim().to_string(),
        text: text("text"),
        base: text("base").parse().unwrap_or(standing.version.number),
        note: text("note").trim().chars().take(200).collect(),
    };
    if let Err(said) = demand_name(&page, &proposal.name) {
        let answer = stands(&page, &standing, &proposal, None, &bad(&said));
        return Ok(answer.status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let saves = form.text("act") == Some("save") && text("seen") == proposal.digest();
    let kept = saves.then(|| {
        let note = Some(proposal.note.as_str()).filter(|note| !note.is_empty());
        page.session().keep_overlays(proposal.laid(&standing), proposal.base, note)
    });
    let (status, notice) = match kept {
        Some(Ok(number)) => return Ok(page.go(&page.to(HERE), Some(&in_force(&page, number)))),
        Some(Err(unfit)) => why(&page, &standing, unfit)?,
        None if proposal.base != standing.version.number => stale(&page, &standing),
        None => (StatusCode::OK, html! {}),
    };
    // What is shown from here on is compared with what is in force now.
    proposal.base = page.session().definitions()?.version.number;
    let standing = page.session().definitions()?;
    let review = Review::of(&page, &standing, &proposal)?;
    let status = match review.draft.problems.is_some() && status == StatusCode::OK {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => status,
    };
    Ok(stands(&page, &standing, &proposal, Some(&review), &notice).status(status))
}

/// What is said when a version has come into force.
pub(super) fn in_force(page: &Page, number: i64) -> String {
    match page.language() == Language::ZH {
        true => format!("版本 {number} 已生效"),
        false => format!("Version {number} is in force"),
    }
}

fn bad(said: &str) -> Markup {
    html! { div.notice.is-bad role="alert" { (icon("circle-alert")) div { p { (said) } } } }
}

fn stale(page: &Page, standing: &Standing) -> (StatusCode, Markup) {
    let version = &standing.version;
    let said = match page.language() == Language::ZH {
        true => format!(
            "期间版本 {} 已由 {} 生效，未作任何更改。您填写的内容已保留；下方与当前生效版本比较，请确认后再次提交。",
            version.number, version.actor
        ),
        false => format!(
            "Version {} by {} came into force meanwhile. Nothing was changed, and what you typed \
             is kept: it is compared below with what is in force now. Confirm it again if it still \
             is what you want.",
            version.number, version.actor
        ),
    };
    (StatusCode::CONFLICT, bad(&said))
}

/// Why definitions did not come into force, as a status and a notice; what the reasons are in full
/// stands with the change itself.
///
/// # Errors
/// What is no matter of the definitions.
pub(super) fn why(page: &Page, standing: &Standing, unfit: Unfit) -> Result<(StatusCode, Markup)> {
    let said = match unfit {
        Unfit::Stale(_) => {
            let now = page.session().definitions()?;
            return Ok(stale(page, &now));
        }
        Unfit::Busy => page.t(
            "Another process is bringing definitions into force; try again in a moment.",
            "另一进程正在应用定义，请稍后重试。",
        ),
        // Only that refusal: a database that does not answer is no matter of files.
        Unfit::Engine(error) if !(standing.keeps_files && is_forbidden(&error)) => {
            return Err(error.into());
        }
        Unfit::Engine(_) => page.t(
            "Overlays are kept as files beside the database; change them there.",
            "叠加文件保存在数据库旁的目录中，请在该目录中修改。",
        ),
        Unfit::Problems(_) | Unfit::RulesWithoutCode(_) | Unfit::Refused(_) => page.t(
            "It cannot come into force; the reasons stand below. Nothing was changed.",
            "不能生效，原因见下方，未作任何更改。",
        ),
    };
    Ok((StatusCode::CONFLICT, bad(said)))
}

fn is_forbidden(error: &Error) -> bool {
    let Error::Refused(refusal) = error else { return false };
    matches!(**refusal, Refusal::NotAllowed { .. })
}

/// The page of one overlay: what it would do where it was looked at, and its text.
pub(super) fn stands(
    page: &Page,
    standing: &Standing,
    proposal: &Proposal,
    review: Option<&Review>,
    notice: &Markup,
) -> Answer {
    let is_new = !standing.overlays().contains_key(&proposal.name);
    let title = match (proposal.name.is_empty(), page.language() == Language::ZH) {
        (true, false) => "New overlay".to_string(),
        (true, true) => "新建叠加文件".to_string(),
        (false, false) => format!("Overlay {}", proposal.name),
        (false, true) => format!("叠加文件 {}", proposal.name),
    };
    let fits = review.is_some_and(|review| review.draft.fits() && !review.texts.is_empty());
    let body = html! {
        div.page-head { div {
            p.second {
                (page.t("Version ", "版本 ")) (standing.version.number)
                (page.t(" is in force", " 生效中"))
            }
            h1 { (title) }
            p { @match review {
                Some(_) if fits => (page.t(
                    "This is what it would do. Nothing has been changed yet.",
                    "以下为生效后的效果，尚未作任何更改。",
                )),
                Some(_) => (page.t("It cannot come into force like this.", "目前不能生效。")),
                None => (page.t(
                    "What it does is shown before anything is changed. Empty the text to take the \
                     overlay away.",
                    "生效前会先显示效果。清空文本即移除此叠加文件。",
                )),
            } }
        } }
        (notice)
        @if standing.keeps_files { (super::in_files(page)) }
        @if let Some(review) = review { (review.shown(page)) }
        @if !standing.keeps_files { (editor(page, proposal, is_new, review.is_some(), fits)) }
    };
    scene(page, &title, trail(page, &title), body)
}

fn editor(page: &Page, proposal: &Proposal, is_new: bool, looked: bool, fits: bool) -> Markup {
    let nothing = Wrong::new();
    let text = area(
        &Input {
            form: "",
            name: "text",
            label: page.t("Text of the overlay", "叠加文件文本"),
            help: "",
            value: &proposal.text,
        },
        24,
        &nothing,
    );
    html! {
        // As long as the tables need: the browser waits, and no script gives up.
        form.form.overlay-form method="post" action=(page.to("/administration/overlay"))
            hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            input type="hidden" name="base" value=(proposal.base);
            @if looked { input type="hidden" name="seen" value=(proposal.digest()); }
            @if is_new && !looked {
                (line(&Input { form: "",
                    name: "name",
                    label: page.t("Name of the file", "文件名"),
                    help: page.t("e.g. branch.toml", "例如 branch.toml"),
                    value: &proposal.name,
                }, &nothing))
            } @else {
                input type="hidden" name="name" value=(proposal.name);
            }
            @if fits {
                (line(&Input { form: "",
                    name: "note",
                    label: page.t("What for (kept with the version)", "说明（随版本保存）"),
                    help: "",
                    value: &proposal.note,
                }, &nothing))
                div.btns {
                    button.btn.btn-solid type="submit" name="act" value="save" {
                        (page.t("Bring into force", "使其生效"))
                    }
                    a.btn.btn-plain href=(page.to(HERE)) { (page.t("Cancel", "取消")) }
                }
                details.fold-sec {
                    summary {
                        (icon("chevron-right"))
                        h2 { (page.t("Edit the text", "编辑文本")) }
                    }
                    (text)
                    (check(page))
                }
            } @else {
                (text)
                (check(page))
            }
        }
    }
}

fn check(page: &Page) -> Markup {
    html! {
        div.btns {
            button.btn type="submit" name="act" value="check" {
                (page.t("See what it does", "查看效果"))
            }
        }
    }
}
