//! `/admin/ledger`: how far the ledger goes, what signs it, and the check of all of it.

use super::scene;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, Trail};
use crate::problem::Result;
use crate::show::mark::icon;
use engine::overseen::{Checked, LedgerFacts, Signed};
use maud::{Markup, html};

const HERE: &str = "/admin/ledger";

/// Checkpoints shown.
const CHECKPOINTS: usize = 50;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    drawn(&page, &html! {})
}

/// Checks the whole ledger, as far as somebody waits for it.
pub fn verify(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let found = match call.session.check_ledger()? {
        Some(checked) => outcome(&page, &checked),
        None => html! {
            div.notice.is-warn role="status" { (icon("triangle-alert")) div {
                (page.t(
                    "The ledger is too long to be checked while somebody waits. Run this on the \
                     server: ",
                    "账本较长，无法在页面等待期间完成校验。请在服务器上执行：",
                ))
                code { "evenkeel ledger verify" }
            } }
        },
    };
    drawn(&page, &found)
}

fn outcome(page: &Page, checked: &Checked) -> Markup {
    if checked.problem_count == 0 {
        return html! {
            div.notice.is-good role="status" { (icon("circle-check")) div {
                (page.t("No problem. Entries read: ", "没有问题。已读取历史："))
                (checked.size)
                (page.t("; signed up to ", "；签名至 ")) (checked.signed)
                (page.t(".", "。"))
            } }
        };
    }
    html! {
        div.notice.is-bad role="alert" { (icon("octagon-alert")) div {
            p {
                (page.t("The ledger is not as it was sealed. Problems: ", "账本与封存时不一致。问题数："))
                (checked.problem_count)
            }
            ul { @for [en, zh] in &checked.problems { li { (page.t(en, zh)) } } }
        } }
    }
}

fn drawn(page: &Page, found: &Markup) -> Result<Answer> {
    let facts = page.session().ledger(CHECKPOINTS)?;
    let title = page.t("Ledger", "账本");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (page.t(
                    "Every entry of history gets a place in the ledger, and checkpoints sign it: \
                     what is changed afterwards shows.",
                    "每条历史在账本中都有固定位置，并由检查点签名；事后改动均可发现。",
                ))
            }
        } }
        (found)
        (standing(page, &facts))
        (checkpoints(page, &facts.checkpoints))
    };
    Ok(scene(page, title, vec![Trail::here(title)], HERE, body))
}

fn standing(page: &Page, facts: &LedgerFacts) -> Markup {
    html! {
        section aria-labelledby="standing" {
            div.sec { h2 #standing { (page.t("As it stands", "现状")) } }
            dl.facts {
                div { dt { (page.t("Entries", "历史条数")) } dd.num { (facts.size) } }
                div { dt { (page.t("Waiting", "待封存")) } dd.num { (facts.waiting) } }
                div {
                    dt { (page.t("Key", "公钥")) }
                    dd { @match &facts.key {
                        Some(key) => code.secret-text { (key) },
                        None => (page.t("not known here", "此处未知")),
                    } }
                }
            }
            @if facts.key.is_some() {
                form.below-s method="post" action=(page.to(HERE)) hx-boost="false" {
                    input type="hidden" name="csrf" value=(page.csrf());
                    button.btn type="submit" { (page.t("Verify now", "立即校验")) }
                }
            }
        }
    }
}

fn checkpoints(page: &Page, all: &[Signed]) -> Markup {
    html! {
        section.below aria-labelledby="checkpoints" {
            div.sec { h2 #checkpoints { (page.t("Newest checkpoints", "最新检查点")) } }
            @if all.is_empty() { p.second { (page.t("None yet.", "暂无。")) } }
            @for one in all {
                details.fold-sec {
                    summary {
                        (icon("chevron-right"))
                        span.num { (one.size) } (page.t(" entries, ", " 条，")) (page.at(one.at))
                    }
                    pre.answer-text tabindex="0" role="region"
                        aria-label=(format!("{} {}", page.t("Note", "签名文本"), one.size)) {
                        (one.note)
                    }
                }
            }
        }
    }
}
