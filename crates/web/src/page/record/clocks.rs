//! The clocks of a record: how each stands, and every counted and uncounted interval with its
//! reason, drawn and as a table.

use super::Whole;
use crate::page::Page;
use crate::page::table::table;
use crate::problem::Result;
use crate::show::clock::{Stands, left, ring};
use crate::show::mark::icon;
use engine::clock::Explained;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

impl Page<'_> {
    pub(super) fn clocks(&self, whole: &Whole) -> Result<Markup> {
        if whole.sheet.definition.clocks.is_empty() || whole.as_of.is_some() {
            return Ok(html! {});
        }
        let clocks = self.session().clocks(&whole.sheet.definition.name, whole.name)?;
        if clocks.is_empty() {
            return Ok(html! {});
        }
        Ok(html! {
            details.fold-sec #s-clocks open {
                summary {
                    (icon("chevron-right")) h2 { (self.t("Clocks", "计时")) }
                    span.count { (clocks.len()) }
                }
                (table(self.t("Table of clocks", "计时表"), "table clocks", &html! {
                    th scope="col" { (self.t("Clock", "计时项")) }
                    th scope="col" { (self.t("Stands", "情况")) }
                    th.num scope="col" { (self.t("Used", "已用")) }
                    th.num scope="col" { (self.t("Target", "目标")) }
                    th.later scope="col" { (self.t("Due", "到期")) }
                    th.later scope="col" { (self.t("Calendar", "日历")) }
                }, &html! { tbody { @for clock in &clocks { (self.clock_row(clock)) } } }))
                @for clock in &clocks { (self.explained(clock)) }
            }
        })
    }

    fn clock_row(&self, clock: &Map<String, Json>) -> Markup {
        let of = &clock["explained"];
        let number = |name: &str| of[name].as_i64();
        let length = |name: &str| number(name).map(|length| self.watch.length(length));
        html! {
            tr {
                th scope="row" { (clock["label"].as_str().unwrap_or("")) }
                td { (self.clock_mark(of)) }
                td.num { (length("counted").unwrap_or_default()) }
                td.num { (length("budget").unwrap_or_default()) }
                td.muted.later { @if let Some(at) = number("due_at") { (self.at(at)) } }
                td.later.second { (clock["calendar"].as_str().unwrap_or("")) }
            }
        }
    }

    /// The ring and the word of a clock as it is explained.
    pub(in crate::page) fn clock_mark(&self, of: &Json) -> Markup {
        let used = of["used_percent"].as_i64().unwrap_or(0) as f64 / 100.0;
        let remaining = of["remaining"].as_i64();
        let stopped = !of["stopped_at"].is_null();
        let in_words = || remaining.map(|rest| left(&self.watch, rest)).unwrap_or_default();
        let (stands, text) = match (of["standing"].as_str().unwrap_or(""), stopped) {
            ("met", _) => (Stands::Met, self.t("met", "达标").to_string()),
            ("breached", true) => (Stands::Missed, self.t("missed", "未达标").to_string()),
            ("breached", false) => (Stands::Over, in_words()),
            ("warning", _) => (Stands::Warns, in_words()),
            ("paused", _) => (Stands::Paused, self.t("paused", "已暂停").to_string()),
            ("untimed", _) => (Stands::Paused, self.t("no target", "无目标").to_string()),
            _ => (Stands::Runs, in_words()),
        };
        ring(stands, used, &text)
    }

    /// The time a clock has left, for a row of a list.
    pub(in crate::page) fn time_left(&self, next: &Explained) -> Markup {
        self.clock_mark(&serde_json::to_value(next).unwrap_or_default())
    }

    fn explained(&self, clock: &Map<String, Json>) -> Markup {
        let parts = clock["explained"]["parts"].as_array().map_or(&[][..], Vec::as_slice);
        let label = clock["label"].as_str().unwrap_or("");
        html! {
            details.explained {
                summary { (label) (self.t(" explained", "：计算说明")) }
                p.second { (clock["text"].as_str().unwrap_or("")) }
                @if !parts.is_empty() {
                    (table(self.t("Intervals", "时间区间"), "table fold", &html! {
                        th scope="col" { (self.t("From", "开始")) }
                        th scope="col" { (self.t("To", "结束")) }
                        th.num scope="col" { (self.t("Counted", "计入")) }
                        th.num scope="col" { (self.t("Not counted", "不计入")) }
                        th scope="col" { (self.t("Why", "原因")) }
                    }, &html! {
                        tbody { @for part in parts { (self.interval(part)) } }
                    }))
                }
            }
        }
    }

    fn interval(&self, part: &Json) -> Markup {
        let at = |name: &str| part[name].as_i64().unwrap_or(0);
        let length = self.watch.length(at("to") - at("from"));
        let counted = part["why"] == "counted";
        html! {
            tr {
                td { (self.at(at("from"))) }
                td { (self.at(at("to"))) }
                td.num { @if counted { (length) } }
                td.num.muted { @if !counted { (length) } }
                td.wrap.second { (self.why_counted(part["why"].as_str().unwrap_or(""))) }
            }
        }
    }

    fn why_counted(&self, why: &str) -> &str {
        match why {
            "counted" => self.t("Service hours", "服务时间内"),
            "paused" => self.t("Paused by the state", "按状态暂停"),
            "stopped" => self.t("Stopped until it was reopened", "停止，直到重新打开"),
            "outside_hours" => self.t("Outside service hours", "服务时间外"),
            "holiday" => self.t("Holiday", "节假日"),
            _ => self.t("Beyond the calendar", "超出日历范围"),
        }
    }

    /// An instant in microseconds.
    pub(in crate::page) fn at(&self, at: i64) -> Markup {
        let at = Timestamp::from_microsecond(at).unwrap_or_default();
        html! { time datetime=(at.to_string()) { (self.watch.near(at)) } }
    }
}
