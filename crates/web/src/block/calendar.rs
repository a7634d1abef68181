//! Records as bars over days, with what lies behind them, what clashes, and the way to other weeks.
//! The days are those of the reader's time zone.

mod clash;
mod tell;
mod walk;

use super::list::asked;
use super::{Asked, Desk, Found, Record, days};
use crate::picture::{self, Bar, Day, Ground, Plan, Row};
use crate::problem::Result;
use clash::{Clash, clashes};
use engine::Question;
use jiff::Timestamp;
use maud::{Markup, html};
use model::definition::RecordType;
use model::definition::page::{Bars, Calendar};
use model::expression::literal;
use model::{Name, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most bars and grounds of one picture.
const BARS: usize = 500;
const GROUNDS: usize = 50;
/// The most days of one picture: a quarter.
const DAYS: i32 = 92;

/// What is drawn, in the span that is shown.
struct Drawn<'d> {
    desk: &'d Desk<'d>,
    calendar: &'d Calendar,
    definition: Arc<RecordType>,
    /// Days; the second is the day after the last.
    days: (i32, i32),
    /// The parameters of the page, with no more days than are drawn.
    within: &'d Asked,
    /// Microseconds.
    span: (i64, i64),
    planned: Vec<Planned>,
    grounds: Vec<Ground>,
    clashes: Vec<Clash>,
}

/// One record with its time.
struct Planned {
    record: Record,
    from: i64,
    to: i64,
    row: String,
    is_marked: bool,
    is_tentative: bool,
    is_clashing: bool,
}

pub fn draw(desk: &Desk, calendar: &Calendar) -> Result<Markup> {
    let definition = desk.definition(&calendar.bars.record)?;
    let Some((from, to)) = desk.asked.day(&calendar.from).zip(desk.asked.day(&calendar.to)) else {
        return Ok(html! { p.help { (desk.t("Choose the days.", "请选择日期。")) } });
    };
    let to = to.clamp(from + 1, from.saturating_add(DAYS));
    let span = (days::start(from, desk.zone()), days::start(to, desk.zone()));
    // What lies beyond the days that are drawn is not asked for either.
    let within = desk.asked.with(&calendar.to, Value::Date(to));
    let found =
        desk.find(&question(desk, &definition, (&calendar.bars, &within), calendar, BARS))?;
    let mut drawn = Drawn {
        desk,
        calendar,
        definition,
        days: (from, to),
        within: &within,
        span,
        planned: Vec::new(),
        grounds: Vec::new(),
        clashes: Vec::new(),
    };
    drawn.planned =
        found.records.iter().filter_map(|record| drawn.planned(record.clone())).collect();
    drawn.grounds = match &calendar.ground {
        Some(ground) => drawn.grounds(ground)?,
        None => Vec::new(),
    };
    drawn.find_clashes()?;
    Ok(drawn.shown(&found))
}

fn question(
    desk: &Desk,
    definition: &RecordType,
    (bars, asked_for): (&Bars, &Asked),
    calendar: &Calendar,
    limit: usize,
) -> Question {
    let own = std::ptr::eq(bars, &calendar.bars);
    let row = calendar.row.as_ref().filter(|_| own);
    let state = Name::new("state").filter(|_| !definition.states.is_empty());
    let parts = [Some(&bars.start), Some(&bars.end), bars.title.as_ref(), bars.mark.as_ref(), row];
    let columns: Vec<Name> = parts.into_iter().flatten().cloned().chain(state).collect();
    Question {
        record_type: bars.record.to_string(),
        filter: Some(desk.filled_from(&bars.filter, asked_for)),
        columns: Some(asked(definition, &columns)),
        sort: Some(bars.start.to_string()),
        limit: Some(limit),
        ..Question::default()
    }
}

impl Drawn<'_> {
    fn planned(&self, record: Record) -> Option<Planned> {
        let bars = &self.calendar.bars;
        let (from, to) = self.times(bars, &record)?;
        let row = self.calendar.row.as_ref();
        let row = row.map(|row| self.desk.words(&self.definition, row, &record));
        let is = |name: &Name| record.get(name.as_str()) == Some(&Json::Bool(true));
        let state = record.get("state").and_then(Json::as_str);
        let in_state = |name: &Name| state == Some(name.as_str());
        Some(Planned {
            from,
            to,
            row: row.unwrap_or_default(),
            is_marked: bars.mark.as_ref().is_some_and(is),
            is_tentative: bars.tentative.iter().any(in_state),
            is_clashing: false,
            record,
        })
    }

    /// From when until when; a day lasts until its end.
    fn times(&self, bars: &Bars, record: &Record) -> Option<(i64, i64)> {
        let text = |name: &Name| record.get(name.as_str()).and_then(Json::as_str);
        let at = |text: &str, later: i32| match text.parse::<Timestamp>() {
            Ok(at) => Some(at.as_microsecond()),
            Err(_) => Some(days::start(literal::date(text).ok()? + later, self.desk.zone())),
        };
        let from = at(text(&bars.start)?, 0)?;
        Some((from, at(text(&bars.end)?, 1)?.max(from)))
    }

    fn grounds(&self, ground: &Bars) -> Result<Vec<Ground>> {
        let desk = self.desk;
        let definition = desk.definition(&ground.record)?;
        let question = question(desk, &definition, (ground, self.within), self.calendar, GROUNDS);
        let found = desk.session.list(&question)?.records;
        let one = |record: &Record| {
            let (from, to) = self.times(ground, record)?;
            let title = desk.title(&definition, record);
            let label = self.named_span(&title, from, to);
            Some(Ground { from: self.share(from), to: self.share(to), label })
        };
        Ok(found.iter().filter_map(one).collect())
    }

    /// Where an instant lies in the span: 0 at its beginning, 1 at its end.
    fn share(&self, at: i64) -> f64 {
        let (from, to) = self.span;
        (at - from) as f64 / (to - from).max(1) as f64
    }

    fn find_clashes(&mut self) -> Result<()> {
        let Some(link) = &self.calendar.clash else { return Ok(()) };
        let id = |planned: &Planned| {
            planned.record.get("id").and_then(Json::as_str).unwrap_or_default().to_string()
        };
        let ids: Vec<String> = self.planned.iter().map(id).collect();
        let ends = self.desk.session.far_ends_of(&self.calendar.bars.record, link, &ids)?;
        let times: Vec<(String, i64, i64)> =
            self.planned.iter().map(|one| (id(one), one.from, one.to)).collect();
        self.clashes = clashes(&times, &ends);
        for clash in &self.clashes {
            self.planned[clash.one].is_clashing = true;
            self.planned[clash.other].is_clashing = true;
        }
        Ok(())
    }

    fn shown(&self, found: &Found) -> Markup {
        let desk = self.desk;
        let filter = desk.filled_from(&self.calendar.bars.filter, self.within);
        let all = desk.list_address(&self.calendar.bars.record, Some(&filter));
        html! {
            div.page-head {
                div { p { (self.sentence()) } }
                (self.ways())
            }
            (self.notices())
            (picture::plan(&self.plan()))
            (self.key())
            (desk.cut(found, &all))
            (self.table())
        }
    }

    fn plan(&self) -> Plan {
        let (from, to) = self.days;
        let now = self.desk.session.now();
        let today = days::of(now, self.desk.zone());
        let day = |day: i32| Day {
            label: days::short(day, self.desk.zh()),
            from: self.share(days::start(day, self.desk.zone())),
            to: self.share(days::start(day + 1, self.desk.zone())),
            is_today: day == today,
            is_weekend: days::is_weekend(day),
        };
        Plan {
            name: self.sentence_text(),
            days: (from..to).map(day).collect(),
            rows: self.rows(),
            grounds: self.grounds.clone(),
            now: Some(self.share(now)).filter(|share| (0.0..=1.0).contains(share)),
        }
    }

    /// A row for each value, by its name; what has none comes last.
    fn rows(&self) -> Vec<Row> {
        let mut rows: BTreeMap<(bool, &str), Vec<Bar>> = BTreeMap::new();
        for planned in &self.planned {
            let name = planned.row.as_str();
            rows.entry((name.is_empty(), name)).or_default().push(self.bar(planned));
        }
        let none = self.desk.t("not set", "未填");
        let rows = rows.into_iter().map(|((is_none, name), bars)| Row {
            label: if is_none && self.calendar.row.is_some() { none } else { name }.to_string(),
            bars,
        });
        rows.collect()
    }

    fn bar(&self, planned: &Planned) -> Bar {
        Bar {
            from: self.share(planned.from),
            to: self.share(planned.to),
            label: format!("{} {}", self.short_number(planned), self.title(planned)).trim().into(),
            detail: self.detail(planned),
            href: Some(self.desk.record_address(&planned.record)),
            is_strong: planned.is_marked,
            is_tentative: planned.is_tentative,
            is_clashing: planned.is_clashing,
        }
    }

    fn title(&self, planned: &Planned) -> String {
        match &self.calendar.bars.title {
            Some(field) => self.desk.words(&self.definition, field, &planned.record),
            None => self.desk.title(&self.definition, &planned.record),
        }
    }

    fn number<'p>(&self, planned: &'p Planned) -> &'p str {
        planned.record.get("number").and_then(Json::as_str).unwrap_or("")
    }

    /// The number without what all share: in a picture there is little room.
    fn short_number<'p>(&self, planned: &'p Planned) -> &'p str {
        let prefix = self.definition.number.as_ref().map_or("", |number| number.prefix.as_str());
        let number = self.number(planned);
        number.strip_prefix(prefix).unwrap_or(number).trim_start_matches('0')
    }

    /// The parameters of the page with another span, as an address.
    fn address(&self, from: i32, to: i32) -> String {
        let desk = self.desk;
        let written = desk.page.parameters.keys().filter_map(|name| {
            let value = match () {
                () if *name == self.calendar.from => days::iso(from),
                () if *name == self.calendar.to => days::iso(to),
                () => desk.asked.written(name),
            };
            let value = Some(value).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", crate::percent::encode(&value)))
        });
        let query = written.collect::<Vec<_>>().join("&");
        format!("{}{}?{query}", desk.prefix, desk.page.path)
    }

    /// Whether a value of the page's own definition is what is shown now.
    fn is_default(&self) -> bool {
        let first = desk_default(self.desk, &self.calendar.from);
        first == Some(self.days.0)
    }
}

fn desk_default(desk: &Desk, name: &Name) -> Option<i32> {
    let default = desk.page.parameters.get(name)?.default.as_ref()?;
    match desk.session.value_now(default) {
        Value::Date(day) => Some(day),
        _ => None,
    }
}
