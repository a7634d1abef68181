//! The way to other days: earlier, today, later; a week, two weeks, a month. Each is an address.

use super::Drawn;
use crate::block::days;
use crate::show::mark;
use maud::{Markup, html};
use model::definition::Period;
use model::expression::start_of;

impl Drawn<'_> {
    pub(super) fn ways(&self) -> Markup {
        let (desk, (from, to)) = (self.desk, self.days);
        let today = days::of(desk.session.now(), desk.zone());
        let long = to - from;
        let (back, on) = match is_month(from, to) {
            true => (start_of(Period::Month, from - 1), to),
            false => (from - long, to),
        };
        let ends = |first: i32| match is_month(from, to) {
            true => start_of(Period::Month, first + 32),
            false => first + long,
        };
        let week = start_of(Period::Week, today);
        let now = if is_month(from, to) { start_of(Period::Month, today) } else { week };
        let month = start_of(Period::Month, from.max(start_of(Period::Month, from)));
        html! {
            div.btns {
                span.seg {
                    a.btn href=(self.address(back, ends(back)))
                        aria-label=(desk.t("Earlier", "更早")) {
                        (mark::glyph("i flip", "chevron-right"))
                    }
                    a.btn href=(self.address(now, ends(now)))
                        aria-current=[self.is_default().then_some("true")] {
                        (desk.t("Today", "今天"))
                    }
                    a.btn href=(self.address(on, ends(on))) aria-label=(desk.t("Later", "更晚")) {
                        (mark::icon("chevron-right"))
                    }
                }
                span.seg {
                    (self.size(desk.t("Week", "周"), from, from + 7))
                    (self.size(desk.t("2 weeks", "两周"), from, from + 14))
                    (self.size(desk.t("Month", "月"), month, start_of(Period::Month, month + 32)))
                }
            }
        }
    }

    fn size(&self, label: &str, from: i32, to: i32) -> Markup {
        let is_shown = (from, to) == self.days;
        html! {
            a.btn href=(self.address(from, to)) aria-current=[is_shown.then_some("true")] {
                (label)
            }
        }
    }
}

/// Whether the span is one month of the calendar.
fn is_month(from: i32, to: i32) -> bool {
    start_of(Period::Month, from) == from && start_of(Period::Month, from + 32) == to
}
