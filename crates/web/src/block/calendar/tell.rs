//! The calendar in words: the sentence over it, what clashes, the key, the table.

use super::{Drawn, Planned};
use crate::block::days;
use crate::show::mark;
use jiff::Timestamp;
use maud::{Markup, html};

/// How many clashes are told of at the head.
const TOLD: usize = 3;

impl Drawn<'_> {
    pub(super) fn sentence_text(&self) -> String {
        let parts: Vec<String> = self.parts().into_iter().map(|(text, _)| text).collect();
        let (from, to) = (self.day(self.days.0), self.day(self.days.1 - 1));
        match self.desk.zh() {
            true => format!("{from}至 {to}：{}。", parts.join("，")),
            false => format!("{from} to {to}. {}.", parts.join(", ")),
        }
    }

    pub(super) fn sentence(&self) -> Markup {
        let (zh, parts) = (self.desk.zh(), self.parts());
        html! {
            (self.day(self.days.0)) (if zh { "至 " } else { " to " }) (self.day(self.days.1 - 1))
            (if zh { "：" } else { ". " })
            @for (place, (text, is_bad)) in parts.iter().enumerate() {
                @if place > 0 { (if zh { "，" } else { ", " }) }
                @if *is_bad { b.bad { (text) } } @else { (text) }
            }
            (if zh { "。" } else { "." })
        }
    }

    fn day(&self, day: i32) -> String {
        days::long(day, self.desk.zh())
    }

    /// The numbers of the sentence; whether each is bad news.
    fn parts(&self) -> Vec<(String, bool)> {
        let (desk, zh) = (self.desk, self.desk.zh());
        let count = |is: fn(&Planned) -> bool| self.planned.iter().filter(|one| is(one)).count();
        let plural = desk.label(&self.definition.plural);
        let mut parts = vec![match zh {
            true => (format!("{} 项{plural}", self.planned.len()), false),
            false => (format!("{} {}", self.planned.len(), plural.to_lowercase()), false),
        }];
        let marked = count(|one| one.is_marked);
        if let (Some(field), true) = (self.marked_label(), marked > 0) {
            parts.push((format!("{marked} × {field}"), false));
        }
        let tentative = count(|one| one.is_tentative);
        if tentative > 0 {
            let text = match zh {
                true => format!("{tentative} 项未确定"),
                false => format!("{tentative} not yet certain"),
            };
            parts.push((text, false));
        }
        if !self.clashes.is_empty() {
            let text = match (self.clashes.len(), zh) {
                (count, true) => format!("{count} 处冲突"),
                (1, false) => "1 conflict".to_string(),
                (count, false) => format!("{count} conflicts"),
            };
            parts.push((text, true));
        }
        if let (Some(ground), false) = (&self.calendar.ground, self.grounds.is_empty())
            && let Some(of) = desk.catalogue.record_type(&ground.record)
        {
            let label = desk.label(&of.label);
            parts.push((format!("{} × {}", self.grounds.len(), lower(label)), false));
        }
        parts
    }

    fn marked_label(&self) -> Option<String> {
        let field = self.definition.fields.get(self.calendar.bars.mark.as_ref()?)?;
        Some(lower(self.desk.label(&field.label)))
    }

    /// What clashes, each with its time.
    pub(super) fn notices(&self) -> Markup {
        let desk = self.desk;
        html! {
            @for clash in self.clashes.iter().take(TOLD) {
                @let (one, other) = (&self.planned[clash.one], &self.planned[clash.other]);
                div.notice.is-bad {
                    (mark::icon("octagon-alert"))
                    div {
                        b {
                            (self.link(one)) (desk.t(" and ", " 与 ")) (self.link(other))
                            (desk.t(" meet on ", " 在以下对象上冲突：")) (clash.shared)
                        }
                        (desk.t(", ", "，")) (self.time_span(clash.from, clash.to))
                        (desk.t(".", "。"))
                    }
                }
            }
            @if self.clashes.len() > TOLD {
                p.help { (desk.t("The others are marked below.", "其余冲突见下方标记。")) }
            }
        }
    }

    fn link(&self, planned: &Planned) -> Markup {
        let number = self.number(planned);
        let name = if number.is_empty() { self.title(planned) } else { number.to_string() };
        html! { a href=(self.desk.record_address(&planned.record)) { (name) } }
    }

    /// The second line at a bar: the time it begins, and what is special.
    pub(super) fn detail(&self, planned: &Planned) -> String {
        let mut parts = vec![self.clock(planned.from)];
        if planned.is_marked {
            parts.extend(self.marked_label().map(|label| short(&label)));
        }
        if planned.is_tentative {
            parts.push(self.desk.t("not certain", "未确定").to_string());
        }
        parts.join(self.desk.t(", ", "，"))
    }

    fn clock(&self, at: i64) -> String {
        let at = Timestamp::from_microsecond(at).unwrap_or_default();
        at.to_zoned(self.desk.zone().clone()).strftime("%H:%M").to_string()
    }

    /// `Mon 23 Nov 21:00–01:30`; `11-23 21:00–次日 01:30`.
    pub(super) fn time_span(&self, from: i64, to: i64) -> String {
        let zone = self.desk.zone();
        let (first, last) = (days::of(from, zone), days::of(to, zone));
        let day = |day: i32| match self.desk.zh() {
            true => days::date(day).strftime("%m-%d").to_string(),
            false => days::date(day).strftime("%a %-d %b").to_string(),
        };
        let (start, end) = (self.clock(from), self.clock(to));
        match (last - first, self.desk.zh()) {
            (0, _) => format!("{} {start}–{end}", day(first)),
            (1, true) => format!("{} {start}–次日 {end}", day(first)),
            (1, false) => format!("{} {start}–{end}", day(first)),
            (_, true) => format!("{} {start} 至 {} {end}", day(first), day(last)),
            (_, false) => format!("{} {start} to {} {end}", day(first), day(last)),
        }
    }

    pub(super) fn named_span(&self, title: &str, from: i64, to: i64) -> String {
        format!("{title}{}{}", self.desk.t(", ", "，"), self.time_span(from, to))
    }

    /// What the shapes mean; only those that are used in such a calendar.
    pub(super) fn key(&self) -> Markup {
        let desk = self.desk;
        let bars = &self.calendar.bars;
        html! {
            p.key {
                (shape("chg", desk.t("planned", "已计划")))
                @if !bars.tentative.is_empty() {
                    (shape("chg ask", desk.t("not yet certain", "未确定")))
                }
                @if let Some(label) = self.marked_label() { (shape("chg out", &label)) }
                @if self.calendar.clash.is_some() {
                    (shape("chg clash", desk.t("conflict", "冲突")))
                }
                @if let Some(ground) = &self.calendar.ground
                    && let Some(of) = desk.catalogue.record_type(&ground.record) {
                    span {
                        svg width="22" height="12" aria-hidden="true" {
                            rect.freeze fill="url(#hatch)" width="22" height="12" {}
                        }
                        (lower(desk.label(&of.label)))
                    }
                }
            }
        }
    }

    /// The same as a table.
    pub(super) fn table(&self) -> Markup {
        let desk = self.desk;
        let row = self.calendar.row.as_ref();
        let has_states = !self.definition.states.is_empty();
        let has_numbers = self.definition.number.is_some();
        html! {
            details.fold-sec.below-s {
                summary {
                    (desk.t("The same as a table", "表格形式")) span.count { (self.planned.len()) }
                }
                table.table.fold {
                    thead { tr {
                        th scope="col" { (desk.t("Window", "窗口")) }
                        @if has_numbers { th scope="col" { (desk.t("Number", "编号")) } }
                        th scope="col" { (desk.heading(&self.definition, &self.definition.title)) }
                        @if let Some(row) = row {
                            th scope="col" { (desk.heading(&self.definition, row)) }
                        }
                        @if has_states { th scope="col" { (desk.t("State", "状态")) } }
                        th scope="col" { (desk.t("Check", "检查")) }
                    } }
                    tbody {
                        @for planned in &self.planned {
                            tr {
                                td { (self.time_span(planned.from, planned.to)) }
                                @if has_numbers { td.id { (self.number(planned)) } }
                                td.title {
                                    a href=(desk.record_address(&planned.record)) {
                                        (self.title(planned))
                                    }
                                }
                                @if row.is_some() { td.second.later { (planned.row) } }
                                @if has_states {
                                    td { (desk.cell(&self.definition, "state", &planned.record)) }
                                }
                                td { (self.check(planned)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn check(&self, planned: &Planned) -> Markup {
        let desk = self.desk;
        html! {
            @if planned.is_clashing {
                span.verdict data-is="no" {
                    (mark::glyph("v v-no", "v-no")) (desk.t("conflict", "冲突"))
                }
            } @else if planned.is_marked {
                @if let Some(label) = self.marked_label() { (label) }
            }
        }
    }
}

fn shape(class: &str, label: &str) -> Markup {
    html! {
        span {
            svg.plan-key width="22" height="12" aria-hidden="true" {
                g.plan { rect class=(class) x="1" y="1" width="20" height="10" {} }
            }
            (label)
        }
    }
}

/// A label within a sentence: an English one without its capital.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let second_is_small = label.chars().nth(1).is_some_and(char::is_lowercase);
    match letters.next() {
        Some(first) if second_is_small => first.to_lowercase().chain(letters).collect(),
        _ => label.to_string(),
    }
}

/// A label beside a bar, where there is little room.
fn short(label: &str) -> String {
    label.chars().take(24).collect()
}
