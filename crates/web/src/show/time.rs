//! Instants, days and lengths of time as people read them, in both languages: NOTES of the look,
//! "Dates, times, durations".

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use maud::{Markup, html};
use model::Language;

/// What time is told by: whose zone, which language, when it is now.
#[derive(Debug, Clone)]
pub struct Watch {
    pub language: Language,
    pub zone: TimeZone,
    pub now: Timestamp,
}

impl Watch {
    fn zh(&self) -> bool {
        self.language == Language::ZH
    }

    /// An RFC 3339 text as `<time>`; the text itself where it is none.
    pub fn instant(&self, text: &str) -> Markup {
        match text.parse::<Timestamp>() {
            Ok(at) => html! { time datetime=(text) title=(self.whole(at)) { (self.near(at)) } },
            Err(_) => html! { (text) },
        }
    }

    /// An instant without the zone; the day only where it is not today, the year only where it is
    /// not within half a year.
    pub fn near(&self, at: Timestamp) -> String {
        let (then, now) = (at.to_zoned(self.zone.clone()), self.now.to_zoned(self.zone.clone()));
        let clock = then.strftime("%H:%M");
        if then.date() == now.date() {
            return match self.zh() {
                true => format!("今天 {clock}"),
                false => format!("today {clock}"),
            };
        }
        format!("{}{}{clock}", self.day_near(&then, now.date()), if self.zh() { " " } else { ", " })
    }

    fn day_near(&self, then: &Zoned, today: Date) -> String {
        let far = (then.date() - today).get_days().abs() > 180;
        match (self.zh(), far) {
            (true, true) => then.strftime("%Y-%m-%d").to_string(),
            (true, false) => {
                let weekday = ["一", "二", "三", "四", "五", "六", "日"]
                    [usize::from(then.weekday().to_monday_zero_offset().unsigned_abs())];
                format!("{} 月 {} 日 周{weekday}", then.month(), then.day())
            }
            (false, true) => then.strftime("%-d %b %Y").to_string(),
            (false, false) => then.strftime("%a %-d %b").to_string(),
        }
    }

    /// Date, time and zone in full.
    pub fn whole(&self, at: Timestamp) -> String {
        let then = at.to_zoned(self.zone.clone());
        let zone = self.zone.iana_name().unwrap_or("UTC");
        match self.zh() {
            true => format!("{} {zone}", then.strftime("%Y-%m-%d %H:%M:%S")),
            false => format!("{} {zone}", then.strftime("%-d %b %Y, %H:%M:%S")),
        }
    }

    /// `2026-03-01` as a day.
    pub fn day(&self, text: &str) -> Markup {
        match text.parse::<Date>() {
            Ok(_) if self.zh() => html! { time datetime=(text) { (text) } },
            Ok(day) => html! { time datetime=(text) { (day.strftime("%-d %b %Y")) } },
            Err(_) => html! { (text) },
        }
    }

    /// A length of time as one reads it aloud, in its two largest units.
    ///
    /// | microseconds | English | Chinese |
    /// | --- | --- | --- |
    /// | 20 s | `20 s` | `20 秒` |
    /// | 65 min | `1 h 05 min` | `1 小时 05 分` |
    /// | 2 d | `2 d` | `2 天` |
    pub fn length(&self, microseconds: i64) -> String {
        let seconds = microseconds.abs() / 1_000_000;
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
        let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
        let [d, h, m, s] =
            if self.zh() { ["天", "小时", "分", "秒"] } else { ["d", "h", "min", "s"] };
        match (days, hours, minutes) {
            (0, 0, 0) => format!("{rest} {s}"),
            (0, 0, _) => format!("{minutes} {m}"),
            (0, _, 0) => format!("{hours} {h}"),
            (0, _, _) => format!("{hours} {h} {minutes:02} {m}"),
            (_, 0, _) => format!("{days} {d}"),
            _ => format!("{days} {d} {hours} {h}"),
        }
    }

    /// An ISO 8601 duration of hours, minutes and seconds.
    pub fn duration(&self, text: &str) -> String {
        let span = text.parse::<jiff::SignedDuration>();
        span.map_or_else(|_| text.to_string(), |s| self.length(s.as_micros() as i64))
    }

    /// What a field for date and time holds: local, to the minute.
    pub fn local(&self, text: &str) -> String {
        text.parse::<Timestamp>().map_or_else(
            |_| text.to_string(),
            |at| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(language: Language) -> Watch {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("Asia/Shanghai").unwrap();
        Watch { language, zone, now: "2026-11-23T02:42:00Z".parse().unwrap() }
    }

    #[test]
    fn instants_are_told_as_near_as_they_are() {
        for (at, en, zh) in [
            ("2026-11-23T01:00:00Z", "today 09:00", "今天 09:00"),
            ("2026-11-22T12:12:00Z", "Sun 22 Nov, 20:12", "11 月 22 日 周日 20:12"),
            ("2025-01-02T00:00:00Z", "2 Jan 2025, 08:00", "2025-01-02 08:00"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(watch(Language::EN).near(at), en);
            assert_eq!(watch(Language::ZH).near(at), zh);
        }
    }

    #[test]
    fn lengths_are_told_in_two_units() {
        let minute = 60_000_000;
        for (length, en, zh) in [
            (20_000_000, "20 s", "20 秒"),
            (65 * minute, "1 h 05 min", "1 小时 05 分"),
            (120 * minute, "2 h", "2 小时"),
            (2 * 1440 * minute, "2 d", "2 天"),
            (27 * 60 * minute, "1 d 3 h", "1 天 3 小时"),
            (-12 * minute, "12 min", "12 分"),
        ] {
            assert_eq!(watch(Language::EN).length(length), en);
            assert_eq!(watch(Language::ZH).length(length), zh);
        }
    }
}
