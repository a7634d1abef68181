//! An explained clock in words, English and Chinese: for mails, reports and whoever reads rather
//! than looks. Pages show the same values as tables and pictures and do not use these lines.

use super::explain::{Ahead, Explained, Part, Standing, Why};
use super::state::{Allowance, Lapse};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::Language;

/// For whom a clock is put in words: the language (English where it is neither), the zone of the
/// times, and the labels of states and choices in that language.
pub struct Words<'a> {
    pub language: Language,
    pub zone: &'a TimeZone,
    pub state: &'a dyn Fn(&str) -> String,
    pub choice: &'a dyn Fn(&str) -> String,
}

impl Explained {
    /// The clock in lines: how it stands, the target, each interval with its reason, the sums,
    /// what comes, and with what it was computed.
    pub fn text(&self, words: &Words) -> String {
        let mut lines = vec![words.standing(self), words.target(self)];
        lines.push(words.dates(self));
        lines.extend(self.parts.iter().map(|part| words.part(part)));
        if !self.parts.is_empty() {
            lines.push(words.sums(self));
        }
        lines.extend(words.ahead(&self.ahead));
        lines.extend(self.lapses.iter().map(|lapse| words.lapse(lapse)));
        lines.extend(words.versions(self));
        lines.join("\n")
    }
}

impl Words<'_> {
    fn pick(&self, en: String, zh: String) -> String {
        if self.language == Language::ZH { zh } else { en }
    }

    fn standing(&self, clock: &Explained) -> String {
        let (en, zh) = match clock.standing {
            Standing::InTime => ("In time", "未到期"),
            Standing::Warning => ("Soon due", "即将到期"),
            Standing::Paused => ("Paused", "已暂停"),
            Standing::Breached => ("Breached", "已超时"),
            Standing::Met => ("Met", "达成"),
            Standing::Untimed => ("No target", "无目标"),
        };
        let used = self.duration(clock.counted);
        let Some((budget, percent)) = clock.budget.zip(clock.used_percent) else {
            return self.pick(format!("{en}: {used} counted."), format!("{zh}：已计 {used}。"));
        };
        let whole = self.duration(budget);
        let left = clock.remaining.unwrap_or(0);
        let rest = self.duration(left.abs());
        let (en_rest, zh_rest) = if left < 0 {
            (format!("{rest} over"), format!("超时 {rest}"))
        } else {
            (format!("{rest} left"), format!("剩余 {rest}"))
        };
        self.pick(
            format!("{en}: {used} of {whole} used ({percent}\u{2009}%), {en_rest}."),
            format!("{zh}：已用 {used}，共 {whole}（{percent}%），{zh_rest}。"),
        )
    }

    fn target(&self, clock: &Explained) -> String {
        let Some(allowance) = clock.allowance else {
            return self.pick("No target applies.".to_owned(), "不适用任何目标。".to_owned());
        };
        let target = self.allowance(allowance);
        match &clock.choice {
            None => self.pick(format!("Target: {target}."), format!("目标：{target}。")),
            Some(choice) => {
                let choice = (self.choice)(choice);
                self.pick(
                    format!("Target: {target} ({choice})."),
                    format!("目标：{target}（{choice}）。"),
                )
            }
        }
    }

    fn dates(&self, clock: &Explained) -> String {
        let mut dates = vec![(clock.started_at, "Started", "开始")];
        dates.extend(clock.due_at.map(|at| (at, "due", "到期")));
        dates.extend(clock.breached_at.map(|at| (at, "breached", "超时")));
        dates.extend(clock.stopped_at.map(|at| (at, "stopped", "停止")));
        let en: Vec<String> =
            dates.iter().map(|d| format!("{} {}", d.1, self.instant(d.0))).collect();
        let zh: Vec<String> =
            dates.iter().map(|d| format!("{}：{}", d.2, self.instant(d.0))).collect();
        self.pick(format!("{}.", en.join("; ")), format!("{}。", zh.join("；")))
    }

    fn part(&self, part: &Part) -> String {
        let span = self.span(part.from, part.to);
        let length = self.duration(part.to - part.from);
        let named = |state: &Option<String>| state.as_deref().map(self.state);
        let (en, zh) = match &part.why {
            Why::Counted { state: None } => ("counted".to_owned(), "计入".to_owned()),
            Why::Counted { state } => {
                let state = named(state).unwrap_or_default();
                (format!("counted, {state}"), format!("计入，{state}"))
            }
            Why::Paused { state: None } => ("not counted, paused".into(), "不计入，暂停".into()),
            Why::Paused { state } => {
                let state = named(state).unwrap_or_default();
                (format!("not counted, paused in {state}"), format!("不计入，因{state}暂停"))
            }
            Why::Stopped => ("not counted, stopped".to_owned(), "不计入，已停止".to_owned()),
            Why::OutsideHours => {
                ("not counted, outside service hours".to_owned(), "不计入，服务时段之外".to_owned())
            }
            Why::Holiday => ("not counted, holiday".to_owned(), "不计入，节假日".to_owned()),
            Why::OutOfReach => {
                ("not counted, beyond all calendars".to_owned(), "不计入，超出日历范围".to_owned())
            }
        };
        self.pick(format!("{span}: {length} {en}"), format!("{span}：{length}，{zh}"))
    }

    fn sums(&self, clock: &Explained) -> String {
        let (counted, off) = (self.duration(clock.counted), self.duration(clock.not_counted()));
        self.pick(
            format!("Sum: {counted} counted, {off} not counted."),
            format!("合计：计入 {counted}，不计入 {off}。"),
        )
    }

    fn ahead(&self, ahead: &Ahead) -> Option<String> {
        match ahead {
            Ahead::BreachAfter { at } => {
                let at = self.instant(*at);
                Some(self.pick(
                    format!("If nothing happens it is breached after {at}."),
                    format!("若无变化，将于 {at} 之后超时。"),
                ))
            }
            Ahead::Waits { due_if_resumed: Some(at) } => {
                let at = self.instant(*at);
                Some(self.pick(
                    format!("It waits; resumed now it would be due {at}."),
                    format!("正在等待；若现在恢复，将于 {at} 到期。"),
                ))
            }
            Ahead::Waits { due_if_resumed: None } => {
                Some(self.pick("It waits; nothing is due.".into(), "正在等待；无到期时间。".into()))
            }
            Ahead::RunsOn => Some(
                self.pick("It runs on; nothing is due.".into(), "继续计时；无到期时间。".into()),
            ),
            Ahead::Over { .. } | Ahead::Done => None,
        }
    }

    fn lapse(&self, lapse: &Lapse) -> String {
        let (at, due) = (self.instant(lapse.at), self.instant(lapse.due_at));
        let mut target = self.allowance(lapse.allowance);
        if let Some(choice) = &lapse.choice {
            target = format!("{target}, {}", (self.choice)(choice));
        }
        self.pick(
            format!("Breached {at} under the target then in force ({target}; due {due})."),
            format!("曾于 {at} 按当时目标（{target}；到期 {due}）超时。"),
        )
    }

    fn versions(&self, clock: &Explained) -> Vec<String> {
        let Some(calendar) = &clock.versions.calendar else {
            let none = self.pick(
                "No calendar: nothing can be counted.".to_owned(),
                "没有可用的服务日历，无法计时。".to_owned(),
            );
            return vec![none];
        };
        let (version, digest) = (calendar.version, &calendar.digest);
        let (zones, definition) = (&clock.versions.zone_data, clock.versions.definition);
        let mut lines = vec![self.pick(
            format!(
                "Computed with calendar version {version} ({digest}), time-zone data {zones}, \
                 definitions {definition}."
            ),
            format!(
                "依据：日历版本 {version}（{digest}），时区数据 {zones}，定义版本 {definition}。"
            ),
        )];
        if !clock.same_calendar {
            lines.push(self.pick(
                "The calendar has changed since: the intervals follow it as it is now, the result \
                 stands."
                    .to_owned(),
                "此后日历已变更：上列时段按现行日历列出，结果维持不变。".to_owned(),
            ));
        }
        lines
    }

    fn allowance(&self, allowance: Allowance) -> String {
        match allowance {
            Allowance::Elapsed(duration) => self.duration(duration),
            Allowance::ServiceDays(1) => self.pick("1 service day".into(), "1 个服务日".into()),
            Allowance::ServiceDays(days) => {
                self.pick(format!("{days} service days"), format!("{days} 个服务日"))
            }
        }
    }

    /// In hours, however many: a day has no fixed length.
    fn duration(&self, micros: i64) -> String {
        let seconds = micros / 1_000_000;
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        match (hours, minutes) {
            (0, 0) if seconds != 0 => self.pick(format!("{seconds} s"), format!("{seconds} 秒")),
            (0, _) => self.pick(format!("{minutes} min"), format!("{minutes} 分")),
            _ => self.pick(
                format!("{hours} h {minutes:02} min"),
                format!("{hours} 小时 {minutes:02} 分"),
            ),
        }
    }

    fn span(&self, from: i64, to: i64) -> String {
        let same_day = self.show(from, "%F") == self.show(to, "%F");
        let end = if same_day { self.show(to, "%H:%M") } else { self.instant(to) };
        format!("{} – {end}", self.instant(from))
    }

    fn instant(&self, at: i64) -> String {
        if self.language != Language::ZH {
            return self.show(at, "%a %-d %b %Y, %H:%M");
        }
        let weekday = match self.show(at, "%u").as_str() {
            "1" => "周一",
            "2" => "周二",
            "3" => "周三",
            "4" => "周四",
            "5" => "周五",
            "6" => "周六",
            _ => "周日",
        };
        format!("{} {weekday} {}", self.show(at, "%F"), self.show(at, "%H:%M"))
    }

    fn show(&self, at: i64, format: &str) -> String {
        let instant = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        instant.to_zoned(self.zone.clone()).strftime(format).to_string()
    }
}
