//! What a change would do, before it is done: the lines of the file, problems with their places,
//! what happens to the tables, what the records there are say to it.

use super::diff::{Line, lines, shown};
use super::overlay::Proposal;
use crate::page::Page;
use crate::problem::Result;
use crate::show::mark::icon;
use engine::definitions::{Breaches, Draft, Files, Said, Standing, Trial};
use maud::{Markup, html};
use model::expression::{Slip, chinese};
use model::problem::in_chinese;
use model::source::Span;
use model::{Language, Problem, Sources};

/// A change that was looked at.
pub(super) struct Review {
    /// Names of overlays with their texts in force and as they would be.
    pub texts: Vec<(String, String, String)>,
    pub draft: Draft,
}

impl Review {
    /// Of one overlay that would have another text; an empty one is taken away.
    pub fn of(page: &Page, standing: &Standing, proposal: &Proposal) -> Result<Review> {
        Review::between(page, standing, &proposal.laid(standing))
    }

    /// Of all overlays as they would be.
    pub fn between(page: &Page, standing: &Standing, then: &Files) -> Result<Review> {
        let now = standing.overlays();
        let mut names: Vec<&String> = now.keys().chain(then.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let text = |files: &Files, name: &String| files.get(name).cloned().unwrap_or_default();
        let texts = names.into_iter().map(|n| (n.clone(), text(&now, n), text(then, n)));
        let texts = texts.filter(|(_, before, after)| before != after).collect();
        Ok(Review { texts, draft: page.session().draft_definitions(then)? })
    }

    pub fn shown(&self, page: &Page) -> Markup {
        html! {
            @if let Some(problems) = &self.draft.problems {
                section.below aria-labelledby="problems" {
                    div.sec {
                        h2 #problems { (page.t("Problems", "问题")) }
                        span.count { (problems.list.len()) }
                    }
                    ul.rows { @for problem in &problems.list { (told(page, problem)) } }
                }
            }
            @for (name, before, after) in &self.texts { (difference(page, name, before, after)) }
            @if self.texts.is_empty() {
                p.below-s { (page.t("No line changes.", "没有任何行变化。")) }
            }
            @if self.draft.problems.is_none() { (self.plan(page)) (self.tried(page)) }
        }
    }

    fn plan(&self, page: &Page) -> Markup {
        let draft = &self.draft;
        let code = draft.rules_without_code.iter().map(|rule| {
            (format!("the program has no function for {rule}"), format!("程序中没有 {rule} 的函数"))
        });
        let refused: Vec<Said> = draft.refused.iter().cloned().chain(code).collect();
        html! {
            section.below aria-labelledby="plan" {
                div.sec {
                    h2 #plan { (page.t("What happens to the tables", "对数据表的影响")) }
                    span.count { (draft.steps.len()) }
                }
                @if !refused.is_empty() {
                    div.notice.is-bad role="alert" {
                        (icon("circle-x"))
                        div {
                            p { (page.t("It cannot come into force:", "不能生效：")) }
                            ul { @for one in &refused { li { (page.sentence(one)) } } }
                        }
                    }
                }
                @if draft.steps.is_empty() && refused.is_empty() {
                    p { (page.t("The tables need no change.", "数据表无需更改。")) }
                }
                ol.steps { @for step in &draft.steps { li { (page.sentence(step)) } } }
                @if !draft.kept.is_empty() {
                    p.help {
                        (page.t("What stays with all it holds, though nothing names it: ",
                            "以下内容已无定义引用，但数据全部保留："))
                        @for (index, one) in draft.kept.iter().enumerate() {
                            @if index > 0 { (page.t(", ", "、")) }
                            (page.sentence(one))
                        }
                    }
                }
            }
        }
    }

    fn tried(&self, page: &Page) -> Markup {
        html! {
            section.below aria-labelledby="tried" {
                div.sec { h2 #tried { (page.t("Tried on the real records", "在真实记录上试行")) } }
                @if self.draft.trials.is_empty() {
                    @let en = "No record that you may read would be refused.";
                    p { (page.t(en, "您可查看的记录都不会被拒绝。")) }
                } @else {
                    ul.rows { @for trial in &self.draft.trials { li { (tried(page, trial)) } } }
                }
            }
        }
    }
}

fn tried(page: &Page, trial: &Trial) -> Markup {
    let definition = page.catalogue.record_type(&trial.record_type);
    let label = definition.map_or("", |found| found.plural.text(page.language()));
    let told = match &trial.breaches {
        Some(found) => refused(page, found),
        None => {
            let en = "not tried, since it reads a field that you are not shown";
            page.t(en, "未试行，因为它读取了您无权查看的字段").to_string()
        }
    };
    let first = trial.breaches.as_ref().map_or(&[][..], |found| &found.first);
    html! {
        div.line {
            (icon("triangle-alert"))
            div {
                b { (label) (page.t(": ", "：")) (told) }
                p { (page.sentence(&trial.demand)) }
                @if let Some(definition) = definition.filter(|_| !first.is_empty()) {
                    p.second {
                        (page.t("The first: ", "例如："))
                        @for (index, number) in first.iter().enumerate() {
                            @if index > 0 { (page.t(", ", "、")) }
                            a href=(page.record_address(definition, number)) { (number) }
                        }
                    }
                }
            }
        }
    }
}

/// How many records would be refused.
fn refused(page: &Page, found: &Breaches) -> String {
    let at_least = if found.at_least { page.t("at least ", "至少 ") } else { "" };
    let would = match found.records {
        1 => page.t(" record would be refused at its next edit", " 条记录会在下次编辑时被拒绝"),
        _ => page.t(" records would be refused at their next edit", " 条记录会在下次编辑时被拒绝"),
    };
    format!("{at_least}{}{would}", found.records)
}

impl Page<'_> {
    /// A sentence in the reader's language.
    pub(super) fn sentence<'s>(&self, (en, zh): &'s Said) -> &'s str {
        if self.language() == Language::ZH { zh } else { en }
    }
}

/// The lines of a file that go and come, told apart by sign and word, not by colour alone.
fn difference(page: &Page, name: &str, before: &str, after: &str) -> Markup {
    let all = lines(before, after);
    let gone = all.iter().filter(|line| matches!(line, Line::Gone(..))).count();
    let new = all.iter().filter(|line| matches!(line, Line::New(..))).count();
    let id = format!("diff-{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    html! {
        section.below aria-labelledby=(id) {
            div.sec {
                h2 id=(id) { code { (name) } }
                span.count { "+" (new) " −" (gone) }
            }
            div.diff tabindex="0" role="region"
                aria-label=(format!("{}{name}", page.t("Changes of ", "变更："))) {
                table { tbody { @for line in shown(&all) { (row(page, line)) } } }
            }
        }
    }
}

fn row(page: &Page, line: Option<Line>) -> Markup {
    match line {
        None => {
            html! { tr.gap { td colspan="4" { "⋯" span.vh { (page.t("left out", "省略")) } } } }
        }
        Some(Line::Same(old, new, text)) => html! {
            tr { td.n { (old) } td.n { (new) } td.sign {} td { code { (text) } } }
        },
        Some(Line::Gone(old, text)) => html! {
            tr.gone {
                td.n { (old) } td.n {}
                td.sign { span aria-hidden="true" { "−" } span.vh { (page.t("gone", "删除")) } }
                td { del { code { (text) } } }
            }
        },
        Some(Line::New(new, text)) => html! {
            tr.come {
                td.n {} td.n { (new) }
                td.sign { span aria-hidden="true" { "+" } span.vh { (page.t("new", "新增")) } }
                td { ins { code { (text) } } }
            }
        },
    }
}

/// A problem with its place, its line and the carets below what is meant.
fn told(page: &Page, problem: &Problem) -> Markup {
    let (line, column) = (problem.from.line, problem.from.column);
    html! {
        li {
            div.line {
                (icon("circle-x"))
                div {
                    p {
                        b {
                            code { (problem.path) ":" (line) ":" (column) } " "
                            (page.t("", "（"))
                            (at(page, line, column))
                            (page.t("", "）"))
                        }
                    }
                    p { (meaning(page, problem.id, &problem.message)) }
                    pre.excerpt { (problem.excerpt.line) "\n" (problem.excerpt.marks) }
                    @if let Some(hint) = &problem.hint { p.help lang="en" { (hint) } }
                }
            }
        }
    }
}

/// What is wrong: in Chinese as of an expression, else by its kind with what is written beside it.
fn meaning(page: &Page, id: &str, message: &str) -> Markup {
    let translated = said(page, message);
    let is_zh = page.language() == Language::ZH;
    html! {
        @if is_zh && translated == message {
            (in_chinese(id)) " " span lang="en" { (message) }
        } @else {
            (translated)
        }
    }
}

fn at(page: &Page, line: usize, column: usize) -> String {
    match page.language() == Language::ZH {
        true => format!("第 {line} 行第 {column} 列"),
        false => format!("line {line}, column {column}"),
    }
}

/// What is wrong with an expression, with its place in it.
pub(super) fn slips(page: &Page, text: &str, found: &[Slip]) -> Markup {
    let mut sources = Sources::new();
    sources.add("expression", text);
    html! {
        ul.slips {
            @for slip in found {
                @let span = Span { file: 0, start: slip.start, end: slip.end };
                @let from = sources.positions(span).0;
                @let excerpt = sources.excerpt(span);
                li {
                    div.error {
                        (icon("circle-alert"))
                        div {
                            (at(page, from.line, from.column)) (page.t(": ", "："))
                            (said(page, &slip.message))
                        }
                    }
                    pre.excerpt { (excerpt.line) "\n" (excerpt.marks) }
                    @if let Some(hint) = &slip.hint { p.help { (said(page, hint)) } }
                }
            }
        }
    }
}

fn said(page: &Page, text: &str) -> String {
    if page.language() == Language::ZH { chinese(text) } else { text.to_string() }
}
