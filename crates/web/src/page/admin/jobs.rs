//! `/admin/jobs`: what the server does by itself, later: what waits, what is late, what failed.

use super::scene;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, Trail};
use crate::problem::Result;
use engine::overseen::{Job, JobFacts};
use maud::{Markup, html};

/// Jobs shown of each list.
const ROWS: usize = 100;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let facts = call.session.jobs(ROWS)?;
    let title = page.t("Jobs", "后台任务");
    let body = html! {
        div.page-head { div {
            h1 { (title) }
            p {
                (page.t(
                    "What the server does by itself: timers of clocks, transitions after a time. \
                     One that fails is tried again, later and later, and given up in the end.",
                    "由服务器自动执行的工作：时钟计时、到时转换等。失败的任务会以递增的间隔重试，最终放弃。",
                ))
            }
        } }
        (standing(&page, &facts))
        (section(&page, "overdue", page.t("Overdue", "已逾期"), &facts.overdue))
        (section(&page, "waiting", page.t("Waiting", "等待中"), &facts.waiting))
        (section(&page, "failed", page.t("Failed for good", "已失败"), &facts.failed))
        @if !facts.failed.is_empty() {
            p.second.below-s {
                (page.t("To try one again, run this on the server: ", "如需重试，请在服务器上执行："))
                code { "evenkeel jobs --retry KEY" }
            }
        }
    };
    Ok(scene(&page, title, vec![Trail::here(title)], "/admin/jobs", body))
}

fn standing(page: &Page, facts: &JobFacts) -> Markup {
    let rows = [
        (page.t("Open", "未完成"), facts.count.open),
        (page.t("Overdue", "已逾期"), facts.count.overdue),
        (page.t("Failed", "已失败"), facts.count.failed),
    ];
    html! {
        dl.facts { @for (label, count) in rows {
            div { dt { (label) } dd.num { (count) } }
        } }
    }
}

fn section(page: &Page, id: &str, label: &str, jobs: &[Job]) -> Markup {
    html! {
        section.below aria-labelledby=(id) {
            div.sec { h2 id=(id) { (label) } span.count { (jobs.len()) } }
            @if jobs.is_empty() {
                p.second { (page.t("None.", "无。")) }
            } @else {
                div.scroll-x tabindex="0" role="region"
                    aria-label=(format!("{}{label}", page.t("Table: ", "表格："))) {
                    (table(page, jobs))
                }
            }
        }
    }
}

fn table(page: &Page, jobs: &[Job]) -> Markup {
    html! {
        table.table {
            thead { tr {
                th scope="col" { (page.t("Key", "编号")) }
                th scope="col" { (page.t("Kind", "类型")) }
                th scope="col" { (page.t("Due", "应执行时间")) }
                th.num scope="col" { (page.t("Attempts", "尝试次数")) }
                th scope="col" { (page.t("Last error", "最近错误")) }
            } }
            tbody { @for job in jobs {
                tr {
                    th.num scope="row" { (job.key) }
                    td { code { (job.kind) } }
                    td {
                        (page.at(job.due_at))
                        @if job.is_held { " " span.tag { (page.t("being done", "执行中")) } }
                    }
                    td.num { (job.attempts) }
                    td.wrap lang="en" { (job.error) }
                }
            } }
        }
    }
}
