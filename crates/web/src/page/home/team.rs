//! The load of one's teams on the first page: who has how much, whose next breach is when. It goes
//! through all that is open there, so it comes once the page stands.

use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, html_answer};
use crate::problem::Result;
use crate::show::clock::{Stands, left, ring};
use axum::http::StatusCode;
use engine::team_load::Load;
use maud::{Markup, html};

/// The part of the page.
pub fn show(call: &Call) -> Result<Answer> {
    Ok(html_answer(StatusCode::OK, Page::new(call).team_load()?))
}

impl Page<'_> {
    /// The place of the load; nothing where the reader is in no team.
    pub(super) fn asks_for_load(&self) -> Markup {
        html! {
            @if self.session().is_in_a_team() {
                div hx-get=(self.to("/me/team")) hx-trigger="load" hx-swap="outerHTML" {}
            }
        }
    }

    fn team_load(&self) -> Result<Markup> {
        let load = self.session().team_load()?;
        let open: usize = load.members.iter().map(|one| one.open).sum();
        Ok(html! {
            @if !load.members.is_empty() {
                section aria-labelledby="team" {
                    div.sec {
                        h2 #team { (self.t("My team's load", "本组工作量")) }
                        span.count { (open) @if load.is_cut { "+" } }
                    }
                    @if open == 0 {
                        p.help { (self.t(
                            "Nothing stands open with your teams.",
                            "您的处理组没有未完成的工作。",
                        )) }
                    } @else {
                        (self.load_table(&load.members))
                    }
                }
            }
        })
    }

    fn load_table(&self, members: &[Load]) -> Markup {
        let most = members.iter().map(|one| one.open).max().unwrap_or(0).max(1);
        html! {
            table.table.fold.load {
                thead { tr {
                    th scope="col" { (self.t("Member", "成员")) }
                    th.num scope="col" { (self.t("Open", "未完成")) }
                    th.num scope="col" { (self.t("Overdue", "已超时")) }
                    th scope="col" { (self.t("Next breach", "下一次超时")) }
                } }
                tbody { @for one in members { (self.load_row(one, most)) } }
            }
        }
    }

    fn load_row(&self, load: &Load, most: usize) -> Markup {
        let share = format!("{}", load.open * 100 / most);
        html! {
            tr {
                th.title scope="row" {
                    @match &load.person {
                        Some(card) => (self.out().card(card)),
                        None => span.muted { (self.t("Nobody yet", "尚未分派")) },
                    }
                }
                td.num {
                    svg.load-bar viewBox="0 0 100 8" preserveAspectRatio="none"
                        aria-hidden="true" {
                        rect width=(share) height="8" {}
                    }
                    span.load-open { (load.open) } span.narrow { (self.t(" open", " 项未完成")) }
                }
                td.num {
                    @if load.overdue > 0 {
                        (ring(Stands::Over, 1.0, &load.overdue.to_string()))
                        span.narrow { (self.t(" overdue", " 项已超时")) }
                    }
                }
                td {
                    @if let Some(at) = load.next {
                        (left(&self.watch, at - self.session().now()))
                    }
                }
            }
        }
    }
}
