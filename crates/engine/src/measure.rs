//! Measures: how many, what share, how long, by period and group, as one reader may see the
//! records. The periods begin at midnight in the reader's zone, weeks on Monday.

use crate::field::{self, Style};
use crate::list::filter;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use crate::view;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use model::definition::{FieldKind, Figure, Measure, Period, RecordType};
use model::expression::Expression;
use model::{Name, Value};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::select::{self, Distribution, Group, Grouping, Periods, Select};

/// A measure, asked for as defined or in another light.
#[derive(Debug, Clone)]
pub struct Asked {
    pub record_type: String,
    pub measure: String,
    pub per: Per,
    pub by: By,
    /// The field that puts a record into a period, in the place of the measure's own.
    pub at: Option<String>,
    /// Only records for which this holds too.
    pub filter: Option<String>,
    /// From the first instant until just before the second, in microseconds.
    pub range: Option<(i64, i64)>,
    pub zone: TimeZone,
}

/// How time is divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Per {
    /// As the measure is defined.
    #[default]
    Own,
    /// Not at all.
    Whole,
    Each(Period),
}

/// How records are divided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Own,
    Nothing,
    Field(String),
}

/// A measure read.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub label: String,
    /// The field that divides the records.
    pub by: Option<Name>,
    /// By period, then by rank of the group.
    pub points: Vec<Point>,
    /// How many groups were left out, those with the least, because there are more than are told.
    pub left_out: usize,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The period in microseconds, its end not included; none where time is not divided.
    pub period: Option<(i64, i64)>,
    /// The value of the group as JSON, and as people read it.
    pub group: Json,
    pub label: String,
    pub figure: Reading,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    Count(i64),
    Share {
        records: i64,
        holding: i64,
    },
    /// In the unit of the value: microseconds of a duration, units of a decimal.
    Distribution(Distribution),
}

/// The most groups of one answer.
const GROUPS: usize = 200;
/// The most periods of one answer.
const PERIODS: usize = 4_000;
/// Periods shown where nothing says from when.
const SHOWN: i64 = 12;

impl Asked {
    /// A measure as it is defined, in UTC.
    pub fn new(record_type: &str, measure: &str) -> Asked {
        Asked {
            record_type: record_type.into(),
            measure: measure.into(),
            per: Per::Own,
            by: By::Own,
            at: None,
            filter: None,
            range: None,
            zone: TimeZone::UTC,
        }
    }
}

/// A question whose names have been found.
struct Found<'a> {
    definition: &'a RecordType,
    measure: &'a Measure,
    at: Name,
    by: Option<Name>,
    /// The boundaries of periods in microseconds, and in the unit of `at`.
    instants: Vec<i64>,
    boundaries: Vec<i64>,
}

impl Session {
    /// Reads a measure.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type or measure, `BadQuestion`, `TooSlow`.
    pub fn measure(&self, asked: &Asked) -> Result<Measured> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &asked.record_type)?;
        let missing = || Refusal::NotFound { what: asked.measure.clone() };
        let measure = definition.measures.get(asked.measure.as_str()).ok_or_else(missing)?;
        let found = self.asked_of(&definition, measure, asked)?;
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let filters = self.filters_of(&reader, &definition, measure, asked)?;
        let mut figures = self.figures(&reader, &found, &filters)?;
        let left_out = leave_out(&mut figures, GROUPS);
        let points = self.points(&reader, &found, figures)?;
        let label = measure.label.text(self.language()).to_string();
        Ok(Measured { label, by: found.by, points, left_out })
    }

    /// How many records have a value in each of `bins` ranges, `wide` units each, from zero; what
    /// lies beyond is in the last, what is below zero in the first. Of a measure without a value
    /// nothing.
    ///
    /// # Errors
    /// As [`Session::measure`].
    pub fn histogram(&self, asked: &Asked, wide: i64, bins: usize) -> Result<Vec<i64>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &asked.record_type)?;
        let missing = || Refusal::NotFound { what: asked.measure.clone() };
        let measure = definition.measures.get(asked.measure.as_str()).ok_or_else(missing)?;
        let Figure::Value(value) = &measure.figure else { return Ok(Vec::new()) };
        let found = self.asked_of(&definition, measure, asked)?;
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let filters = self.filters_of(&reader, &definition, measure, asked)?;
        let (select, grouping) = grouped(&found, &filters);
        let context = reader.context(self.sight());
        let mut counts = vec![0; bins.max(1)];
        let last = counts.len() - 1;
        select::values(
            &snapshot,
            &context,
            &select,
            &grouping,
            &value.node,
            &mut |_, _, number| {
                let bin = usize::try_from(number.max(0) / wide.max(1)).unwrap_or(last);
                counts[bin.min(last)] += 1;
                std::ops::ControlFlow::Continue(())
            },
        )?;
        Ok(counts)
    }

    fn filters_of(
        &self,
        reader: &Reader,
        definition: &RecordType,
        measure: &Measure,
        asked: &Asked,
    ) -> Result<Vec<Expression>> {
        let mut filters = vec![measure.over.clone()];
        if let Some(text) = &asked.filter {
            let more = filter(reader.catalogue, definition, text);
            filters.push(more.map_err(Refusal::BadQuestion)?);
        }
        self.name_records(reader, definition, &mut filters)?;
        Ok(filters)
    }

    fn asked_of<'a>(
        &self,
        definition: &'a RecordType,
        measure: &'a Measure,
        asked: &Asked,
    ) -> Result<Found<'a>> {
        let at = asked.at.as_deref().or(measure.at.as_deref()).unwrap_or("created_at");
        let kind = self.shown_kind(definition, at)?;
        let is_date = matches!(kind, FieldKind::Date);
        let by = match &asked.by {
            By::Own => measure.by.clone(),
            By::Nothing => None,
            By::Field(field) => {
                self.shown_kind(definition, field)?;
                Name::new(field)
            }
        };
        let per = match asked.per {
            Per::Own => measure.per,
            Per::Whole => None,
            Per::Each(period) => Some(period),
        };
        let instants = instants(per, asked, self.now)?;
        let day = |at: &i64| i64::from(crate::reader::today(*at, &asked.zone));
        let boundaries = match is_date {
            true => instants.iter().map(day).collect(),
            false => instants.clone(),
        };
        let at = Name::new(at).ok_or(Refusal::NotFound { what: at.into() })?;
        Ok(Found { definition, measure, at, by, instants, boundaries })
    }

    fn shown_kind(&self, definition: &RecordType, field: &str) -> Result<FieldKind> {
        let person = self.engine.catalogue().binding("person").map(|b| b.record.clone());
        let kind = view::kind_of(definition, person.as_ref(), field);
        kind.ok_or_else(|| Refusal::NotFound { what: field.to_string() }.into())
    }

    fn figures(
        &self,
        reader: &Reader,
        found: &Found,
        filters: &[Expression],
    ) -> Result<Vec<(Group, Reading)>> {
        let (select, grouping) = grouped(found, filters);
        let (snapshot, context) = (reader.snapshot, reader.context(self.sight()));
        let share = match &found.measure.figure {
            Figure::Value(value) => {
                let all =
                    select::distribution(snapshot, &context, &select, &grouping, &value.node)?;
                let each = all.into_iter();
                return Ok(each.map(|(group, d)| (group, Reading::Distribution(d))).collect());
            }
            Figure::Share(share) => Some(&share.node),
            Figure::Count => None,
        };
        let tallies = select::aggregate(snapshot, &context, &select, &grouping, share)?;
        let reading = |records, holding| match share {
            Some(_) => Reading::Share { records, holding },
            None => Reading::Count(records),
        };
        Ok(tallies.into_iter().map(|t| (t.group, reading(t.records, t.holding))).collect())
    }

    /// The figures with their periods and labels, in order; periods without records are there too.
    fn points(
        &self,
        reader: &Reader,
        found: &Found,
        mut figures: Vec<(Group, Reading)>,
    ) -> Result<Vec<Point>> {
        fill(found, &mut figures);
        let rank = ranks(found.definition, found.by.as_ref());
        let cards = Cards::new(self, reader);
        cards.fetch_of(figures.iter().map(|(group, _)| &group.by))?;
        let person = reader.catalogue.binding("person").map(|b| b.record.clone());
        let (language, zone) = (self.language(), &self.actor.zone);
        let style = Style { language, zone, names: &cards };
        let mut points: Vec<(usize, Point)> = Vec::with_capacity(figures.len());
        for (group, figure) in figures {
            let by = found.by.as_deref().unwrap_or_default();
            let kind = view::kind_of(found.definition, person.as_ref(), by);
            let label = kind.map(|kind| field::text(&kind, &group.by, &style)).unwrap_or_default();
            let json = view::show(found.definition, person.as_ref(), by, &group.by, &cards);
            let bounds =
                |place: usize| Some((*found.instants.get(place)?, *found.instants.get(place + 1)?));
            let period = group.period.and_then(bounds);
            let place = group.by.as_text().and_then(|text| rank.get(text)).copied();
            let point = Point { period, group: json, label, figure };
            points.push((place.unwrap_or(usize::MAX), point));
        }
        points.sort_by(|(a, one), (b, other)| {
            (one.period, a, &one.label).cmp(&(other.period, b, &other.label))
        });
        Ok(points.into_iter().map(|(_, point)| point).collect())
    }
}

/// Keeps so many groups, those of the most records; how many were taken out.
fn leave_out(figures: &mut Vec<(Group, Reading)>, most: usize) -> usize {
    // How many records, and where it first stood: of two as large, always the same one stays.
    let mut sizes: HashMap<Value, (i64, usize)> = HashMap::new();
    for (place, (group, reading)) in figures.iter().enumerate() {
        let records = match reading {
            Reading::Count(records) | Reading::Share { records, .. } => *records,
            Reading::Distribution(found) => found.count,
        };
        sizes.entry(group.by.clone()).or_insert((0, place)).0 += records;
    }
    let beyond = sizes.len().saturating_sub(most);
    if beyond > 0 {
        let mut order: Vec<(Value, (i64, usize))> = sizes.into_iter().collect();
        order.sort_by_key(|(_, (size, place))| (std::cmp::Reverse(*size), *place));
        let kept: HashSet<Value> = order.into_iter().take(most).map(|(by, _)| by).collect();
        figures.retain(|(group, _)| kept.contains(&group.by));
    }
    beyond
}

/// The records of a measure, and how they are divided.
fn grouped<'a>(found: &Found<'a>, filters: &'a [Expression]) -> (Select<'a>, Grouping) {
    let select = Select {
        record_type: found.definition,
        filters: filters.iter().map(|filter| &filter.node).collect(),
        sort: Vec::new(),
        columns: Vec::new(),
        as_of: None,
        withdrawn: false,
    };
    let (at, boundaries) = (found.at.clone(), found.boundaries.clone());
    let periods = (boundaries.len() > 1).then_some(Periods { at, boundaries });
    (select, Grouping { by: found.by.clone(), periods })
}

/// Without groups a period in which nothing was is a figure too: zero.
fn fill(found: &Found, figures: &mut Vec<(Group, Reading)>) {
    let empty = match &found.measure.figure {
        Figure::Count => Reading::Count(0),
        Figure::Share(_) => Reading::Share { records: 0, holding: 0 },
        Figure::Value(_) => return,
    };
    if found.by.is_some() {
        return;
    }
    for place in 0..found.boundaries.len().saturating_sub(1) {
        if !figures.iter().any(|(group, _)| group.period == Some(place)) {
            figures.push((Group { period: Some(place), by: Value::Unset }, empty));
        }
    }
}

/// Choices in the order of their definition.
fn ranks(definition: &RecordType, by: Option<&Name>) -> BTreeMap<String, usize> {
    let Some(kind) = by.and_then(|by| view::kind_of(definition, None, by)) else {
        return BTreeMap::new();
    };
    match kind {
        FieldKind::Choice(choices) => {
            choices.0.keys().enumerate().map(|(rank, name)| (name.to_string(), rank)).collect()
        }
        _ => BTreeMap::new(),
    }
}

/// The boundaries of the periods; two of a range that is not divided; none of all time.
fn instants(per: Option<Period>, asked: &Asked, now: i64) -> Result<Vec<i64>> {
    let Some(period) = per else {
        return Ok(asked.range.map(|(from, to)| vec![from, to]).unwrap_or_default());
    };
    let zone = &asked.zone;
    let (from, to) = asked.range.map_or((None, now), |(from, to)| (Some(from), to));
    let last = begin(period, day_of(to.saturating_sub(1), zone)?);
    let mut day = match from {
        Some(from) => begin(period, day_of(from, zone)?),
        None => steps(last, period, -(SHOWN - 1))?,
    };
    let mut all = vec![start_of(day, zone)?];
    while day <= last {
        day = steps(day, period, 1)?;
        all.push(start_of(day, zone)?);
        if all.len() > PERIODS {
            return Err(Refusal::TooSlow.into());
        }
    }
    Ok(all)
}

fn day_of(at: i64, zone: &TimeZone) -> Result<Date> {
    let at = Timestamp::from_microsecond(at).map_err(|_| beyond())?;
    Ok(at.to_zoned(zone.clone()).date())
}

fn start_of(day: Date, zone: &TimeZone) -> Result<i64> {
    let start = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().map_err(|_| beyond())?;
    Ok(start.timestamp().as_microsecond())
}

/// The first day of the period that the day is in.
///
/// | day | week | month | quarter | year |
/// | --- | --- | --- | --- | --- |
/// | 2016-05-18, a Wednesday | 05-16 | 05-01 | 04-01 | 01-01 |
fn begin(period: Period, day: Date) -> Date {
    let first = |month: i8| Date::new(day.year(), month, 1).unwrap_or(day);
    match period {
        Period::Day => day,
        Period::Week => {
            let past = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(Span::new().days(past)).unwrap_or(day)
        }
        Period::Month => first(day.month()),
        Period::Quarter => first((day.month() - 1) / 3 * 3 + 1),
        Period::Year => first(1),
    }
}

fn steps(day: Date, period: Period, count: i64) -> Result<Date> {
    let span = match period {
        Period::Day => Span::new().try_days(count),
        Period::Week => Span::new().try_weeks(count),
        Period::Month => Span::new().try_months(count),
        Period::Quarter => Span::new().try_months(3 * count),
        Period::Year => Span::new().try_years(count),
    };
    span.and_then(|span| day.checked_add(span)).map_err(|_| beyond().into())
}

fn beyond() -> Refusal {
    let (en, zh) = ("The time lies beyond the calendar.", "时间超出日历范围。");
    Refusal::Malformed { en: en.into(), zh: zh.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_groups_the_largest_are_kept_over_all_periods() {
        let one = |by: &str, period, records| {
            (Group { period: Some(period), by: Value::text(by) }, Reading::Count(records))
        };
        let mut figures = vec![one("a", 0, 1), one("b", 0, 5), one("c", 0, 2), one("a", 1, 3)];
        assert_eq!(leave_out(&mut figures, 3), 0);
        assert_eq!(leave_out(&mut figures, 2), 1);
        let kept: Vec<Option<&str>> = figures.iter().map(|(group, _)| group.by.as_text()).collect();
        assert_eq!(kept, [Some("a"), Some("b"), Some("a")]);
    }

    #[test]
    fn periods_begin_where_people_say() {
        let day: Date = "2016-05-18".parse().unwrap();
        let cases = [
            (Period::Day, "2016-05-18"),
            (Period::Week, "2016-05-16"),
            (Period::Month, "2016-05-01"),
            (Period::Quarter, "2016-04-01"),
            (Period::Year, "2016-01-01"),
        ];
        for (period, want) in cases {
            assert_eq!(begin(period, day).to_string(), want);
        }
    }

    #[test]
    fn a_range_is_cut_at_midnight_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let range = Some((at("2016-02-29T00:00:00Z"), at("2016-03-14T16:00:00Z")));
        let asked = Asked { range, zone, ..Asked::new("a", "b") };
        let cut = instants(Some(Period::Week), &asked, 0).unwrap();
        let want = ["2016-02-28T16:00:00Z", "2016-03-06T16:00:00Z", "2016-03-13T16:00:00Z"];
        let want: Vec<i64> = want.iter().map(|text| at(text)).collect();
        assert_eq!(cut[..3], want);
        assert_eq!(cut.len(), 4, "the last day of the range is a Monday");
    }
}
