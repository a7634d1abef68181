//! `/admin/jobs`: what the server does by itself, later: what waits, what is late, what failed.

use super::scene;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::part::{FormErrors, Origin};
use crate::page::table::table;
use crate::page::{Page, Trail};
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use axum::http::StatusCode;
use engine::Error;
use engine::overseen::{Job, JobFacts};
use engine::refusal::Refusal;
use maud::{Markup, html};
use model::Language;

/// The list of those that failed.
const FAILED: &str = "failed";

/// Jobs shown of each list.
const ROWS: usize = 100;

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    drawn(&page, &FormErrors::default())
}

/// Has a job tried again that failed for good.
pub fn retry(call: &Call) -> Result<Answer> {
    let (page, form, origin) = (Page::new(call), call.form()?, Origin::of(call));
    let key = form.filled("key").and_then(|key| key.parse().ok()).ok_or_else(Problem::missing)?;
    match call.session.retry_job(key, origin.whence()) {
        Ok(()) => {
            let said = page.t("The job is tried again", "任务将重试");
            Ok(page.go(&page.to("/admin/jobs"), Some(said)))
        }
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::Invalid(_)) => {
            let wrong = FormErrors::of(&crate::refused::problem(&refusal), &page);
            Ok(drawn(&page, &wrong)?.status(StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}

fn drawn(page: &Page, wrong: &FormErrors) -> Result<Answer> {
    let facts = page.session().jobs(ROWS)?;
    let count = facts.count;
    let waiting = count.open - count.overdue;
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
        (wrong.notice(&[]))
        (standing(page, &facts))
        (section(page, "overdue", page.t("Overdue", "已逾期"), &facts.overdue, count.overdue))
        (section(page, "waiting", page.t("Waiting", "等待中"), &facts.waiting, waiting))
        (section(page, FAILED, page.t("Failed for good", "已失败"), &facts.failed, count.failed))
    };
    Ok(scene(page, title, vec![Trail::here(title)], "/admin/jobs", body))
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

/// Those that are shown, of `count`.
fn section(page: &Page, id: &str, label: &str, jobs: &[Job], count: i64) -> Markup {
    let shown = match jobs.len() {
        all if i64::try_from(all) == Ok(count) => count.to_string(),
        some if page.language() == Language::ZH => format!("前 {some} 项，共 {count} 项"),
        some => format!("first {some} of {count}"),
    };
    html! {
        section.below aria-labelledby=(id) {
            div.sec { h2 id=(id) { (label) } span.count { (shown) } }
            @if jobs.is_empty() {
                p.second { (page.t("None.", "无。")) }
            } @else {
                @let label = format!("{}{label}", page.t("Table: ", "表格："));
                (jobs_table(page, &label, jobs, id == FAILED))
            }
        }
    }
}

fn jobs_table(page: &Page, label: &str, jobs: &[Job], has_failed: bool) -> Markup {
    html! {
        (table(label, "table", &html! {
            th.num scope="col" { (page.t("Key", "编号")) }
            th scope="col" { (page.t("Kind", "类型")) }
            th scope="col" { (page.t("Due", "应执行时间")) }
            th.num scope="col" { (page.t("Attempts", "尝试次数")) }
            th scope="col" { (page.t("Last error", "最近错误")) }
            @if has_failed { th scope="col" { span.vh { (page.t("Try again", "重试")) } } }
        }, &html! {
            tbody { @for job in jobs {
                tr {
                    th.num scope="row" { (job.key) }
                    td { (kind(page, job)) }
                    td {
                        (page.at(job.due_at))
                        @if job.is_held { " " span.tag { (page.t("being done", "执行中")) } }
                    }
                    td.num { (job.attempts) }
                    td.wrap lang="en" { (job.error) }
                    @if has_failed { td.num { (again(page, job)) } }
                }
            } }
        }))
    }
}

/// What a job does, in words; its name where it is one of another version.
fn kind(page: &Page, job: &Job) -> Markup {
    let words = match &*job.kind {
        "clock_timer" => page.t("Warning or breach of a clock", "时钟预警或超时"),
        "clock_flip" => page.t("Clock after a condition by time", "按时间条件变化的时钟"),
        "clock_refresh" => page.t("Clocks after new time zones", "时区数据更新后的时钟"),
        "tell_approvers" => page.t("Telling those who approve", "通知审批人"),
        "after" => page.t("Transition after a time", "到时转换"),
        _ => "",
    };
    html! {
        @if words.is_empty() { code { (job.kind) } }
        @else { (words) " " code.second { (job.kind) } }
    }
}

/// The button that has it tried again.
fn again(page: &Page, job: &Job) -> Markup {
    html! {
        form method="post" action=(page.to("/admin/jobs/retry")) hx-boost="false" {
            input type="hidden" name="csrf" value=(page.csrf());
            input type="hidden" name="key" value=(job.key);
            button.btn type="submit" {
                (icon("refresh-cw")) (page.t("Try again", "重试"))
                span.vh { " " (job.key) }
            }
        }
    }
}
