//! A measure over time, by group, or as a distribution; every mark leads to its records.

use super::reading::{Unit, measure, raw, said, short, text};
use super::{Desk, ask, both, days, period};
use crate::picture::{self, Point, Series, Target};
use crate::problem::Result;
use engine::measure::{Asked, By, Measured, Per};
use maud::{Markup, html};
use model::definition::page::{Chart, ChartForm};
use model::definition::{FieldKind, Measure, Period};
use serde_json::Value as Json;

/// How many ranges a distribution has.
const BINS: usize = 16;

/// The chart under way.
struct Drawn<'d> {
    desk: &'d Desk<'d>,
    chart: &'d Chart,
    measure: Measure,
    filter: Option<String>,
    per: Period,
    /// Days.
    bounds: Vec<i32>,
}

pub fn draw(desk: &Desk, chart: &Chart) -> Result<Markup> {
    let measure = measure(desk, &chart.record, &chart.measure)?;
    let per = chart.per.or(measure.per).unwrap_or(Period::Month);
    let today = days::of(desk.session.now(), desk.zone());
    let bounds = period::last(per, today, chart.last);
    let filter = desk.filled(chart.filter.as_ref());
    let drawn = Drawn { desk, chart, measure, filter, per, bounds };
    if chart.form == ChartForm::Distribution {
        return drawn.distribution();
    }
    let measured = desk.session.measure(&drawn.asked(Per::Each(per), drawn.by()))?;
    let data = drawn.data(&measured);
    if data.series.is_empty() {
        let nothing = "Nothing was measured in this time.";
        return Ok(html! { p.help { (desk.t(nothing, "此期间没有数据。")) } });
    }
    let picture = match chart.form {
        ChartForm::Bar => picture::bar(&data),
        ChartForm::Stacked => picture::stacked(&drawn.stack(&data)),
        ChartForm::Multiples => picture::multiples(&data),
        ChartForm::Heat => picture::heat(&data),
        ChartForm::Line | ChartForm::Distribution => picture::line(&data),
    };
    let cut = [ChartForm::Line, ChartForm::Bar].contains(&chart.form);
    let hidden = data.series.len().saturating_sub(picture::SERIES);
    let below = data.series.iter().flat_map(|series| &series.points);
    let below = below.filter(|point| point.value.is_some_and(|value| value < 0.0)).count();
    Ok(html! {
        (picture)
        @if cut && hidden > 0 { p.help { (more(desk, hidden)) } }
        @if below > 0 { p.help { (below_zero(desk, below)) } }
        @if measured.left_out > 0 { p.help { (left_out(desk, measured.left_out)) } }
        (picture::table(&data, desk.t("The same as a table", "表格形式")))
    })
}

fn more(desk: &Desk, hidden: usize) -> String {
    match desk.zh() {
        true => format!("另有 {hidden} 个系列见表格。"),
        false => format!("{hidden} more series are in the table."),
    }
}

/// An axis begins at zero: a mark at zero would say what was not measured.
fn below_zero(desk: &Desk, below: usize) -> String {
    match desk.zh() {
        true => format!("{below} 个负值未绘出，见表格。"),
        false => format!("{below} values below zero are not drawn; they are in the table."),
    }
}

fn left_out(desk: &Desk, groups: usize) -> String {
    match desk.zh() {
        true => format!("记录较少的 {groups} 个分组未计入。"),
        false => format!("{groups} smaller groups are left out."),
    }
}

impl Drawn<'_> {
    /// The same with the smaller series as one, so that each stack is as high as what was counted.
    fn stack(&self, data: &picture::Chart) -> picture::Chart {
        let mut stack = data.clone();
        if stack.series.len() > picture::SERIES {
            let others = stack.series.split_off(picture::SERIES - 1);
            let sum = |place: usize| {
                let values = others.iter().filter_map(|series| series.points[place].value);
                let sum: f64 = values.sum();
                Point { value: Some(sum), text: short(sum), href: None }
            };
            let points = (0..data.periods.len()).map(sum).collect();
            let name = format!("{} ({})", self.desk.t("others", "其他"), others.len());
            stack.series.push(Series { name, points });
        }
        stack
    }

    fn by(&self) -> By {
        self.chart.by.as_ref().map_or(By::Own, |by| By::Field(by.to_string()))
    }

    fn start(&self, place: usize) -> i64 {
        days::start(self.bounds[place], self.desk.zone())
    }

    fn asked(&self, per: Per, by: By) -> Asked {
        Asked {
            per,
            by,
            filter: self.filter.clone(),
            range: Some((self.start(0), self.start(self.bounds.len() - 1))),
            zone: self.desk.zone().clone(),
            ..Asked::new(&self.chart.record, &self.chart.measure)
        }
    }

    /// The points as series over the periods: those with the most first where there are too many
    /// to draw.
    fn data(&self, measured: &Measured) -> picture::Chart {
        let desk = self.desk;
        let values = measured.points.iter().filter_map(|point| raw(&point.figure));
        let unit = Unit::of(&self.measure, values.fold(0.0, f64::max));
        let count = self.bounds.len() - 1;
        let mut series: Vec<(Json, Series)> = Vec::new();
        for point in &measured.points {
            let at = |bounds: &(i64, i64)| (0..count).find(|at| self.start(*at) == bounds.0);
            let Some(place) = point.period.as_ref().and_then(at) else { continue };
            let found = series.iter().position(|(group, _)| *group == point.group);
            let found = found.unwrap_or_else(|| {
                let name = match (&measured.by, point.label.is_empty()) {
                    (Some(_), true) => desk.t("not set", "未填").to_string(),
                    _ => point.label.clone(),
                };
                series.push((point.group.clone(), Series { name, points: self.empty(count) }));
                series.len() - 1
            });
            let span = (self.start(place), self.start(place + 1));
            let group = measured.by.as_ref().map(|by| (by.as_str(), &point.group));
            let behind = behind(desk, &self.measure, self.filter.as_deref(), span, group);
            series[found].1.points[place] = Point {
                value: raw(&point.figure).map(|value| unit.scaled(value)),
                text: text(desk, unit, &point.figure),
                href: Some(desk.list_address(&self.chart.record, Some(&behind))),
            };
        }
        let mut series: Vec<Series> = series.into_iter().map(|(_, series)| series).collect();
        if series.len() > picture::SERIES {
            let sum = |s: &Series| s.points.iter().filter_map(|point| point.value).sum::<f64>();
            series.sort_by(|a, b| sum(b).total_cmp(&sum(a)));
        }
        let stacks = unit == Unit::Records && series.len() > 1;
        picture::Chart {
            name: self.name(&measured.label, &series),
            unit: unit.name(desk).to_string(),
            period: desk.period_word(Some(self.per)).to_string(),
            periods: self.periods(),
            series,
            target: self.target(unit),
            total: if stacks { desk.t("Total", "合计").to_string() } else { String::new() },
        }
    }

    /// A count of nothing is nought; of anything else nothing is known.
    fn empty(&self, count: usize) -> Vec<Point> {
        let nought = Point { value: Some(0.0), text: "0".into(), href: None };
        let none = Point { text: "–".into(), ..Point::default() };
        let is_count = matches!(self.measure.figure, model::definition::Figure::Count);
        vec![if is_count { nought } else { none }; count]
    }

    fn periods(&self) -> Vec<picture::Period> {
        let named = self.bounds[..self.bounds.len() - 1].iter();
        named.map(|first| picture::Period { label: self.desk.period(self.per, *first) }).collect()
    }

    fn target(&self, unit: Unit) -> Option<Target> {
        let value = self.chart.target? as f64 / 100.0;
        let (word, end) = match (unit, self.desk.zh()) {
            (Unit::PerCent, true) => ("目标 ", "%"),
            (Unit::PerCent, false) => ("target ", "\u{2009}%"),
            (_, true) => ("目标 ", ""),
            (_, false) => ("target ", ""),
        };
        Some(Target { value, label: format!("{word}{}{end}", short(value)) })
    }

    /// The sentence: what, from when to when, and how it stands last.
    fn name(&self, label: &str, series: &[Series]) -> String {
        let desk = self.desk;
        let periods = self.periods();
        let first = periods.first().map_or("", |period| period.label.as_str());
        let last = periods.last().map_or("", |period| period.label.as_str());
        let now: Vec<String> = series.iter().take(picture::SERIES).map(latest).collect();
        match desk.zh() {
            true => format!("{label}，{first} 至 {last}；最近：{}", now.join("、")),
            false => format!("{label}, {first} to {last}; last: {}", now.join(", ")),
        }
    }

    fn distribution(&self) -> Result<Markup> {
        let desk = self.desk;
        let asked = self.asked(Per::Whole, By::Nothing);
        let points = desk.session.measure(&asked)?.points;
        let found = points.iter().find_map(|point| match point.figure {
            engine::measure::Reading::Distribution(found) if found.count > 0 => Some(found),
            _ => None,
        });
        let Some(found) = found else {
            let nothing = "Nothing was measured in this time.";
            return Ok(html! { p.help { (desk.t(nothing, "此期间没有数据。")) } });
        };
        let unit = Unit::of(&self.measure, found.p90);
        let wide = wide(unit, found.p90, found.max);
        let counts = desk.session.histogram(&asked, wide, BINS)?;
        let last = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
        let bins = counts[..=last].iter().enumerate();
        let bins = bins.map(|(place, count)| self.bin(unit, wide, place, *count)).collect();
        let mark = |word: &str, value: f64| picture::Percentile {
            label: format!("{word} {}", said(desk, unit, value)),
            place: (value / wide as f64).clamp(0.0, (last + 1) as f64),
        };
        let label = desk.label(&self.measure.label);
        let median = said(desk, unit, found.median);
        let ninety = said(desk, unit, found.p90);
        let name = match desk.zh() {
            true => format!("{label}：{} 条，中位数 {median}，90% 不超过 {ninety}", found.count),
            false => format!(
                "{label}: {} records, median {median}, 90\u{2009}% within {ninety}",
                found.count
            ),
        };
        Ok(picture::distribution(&picture::Distribution {
            name,
            unit: desk.t("records", "条").into(),
            heads: [
                desk.t("Range", "区间").into(),
                desk.t("Records", "记录数").into(),
                desk.t("Share, %", "占比（%）").into(),
            ],
            bins,
            percentiles: vec![
                mark(desk.t("median", "中位数"), found.median),
                mark(desk.t("90\u{2009}%", "90%"), found.p90),
            ],
        }))
    }

    fn bin(&self, unit: Unit, wide: i64, place: usize, count: i64) -> picture::Bin {
        let desk = self.desk;
        let say = |times: usize| said(desk, unit, (wide * times as i64) as f64);
        let (from, to) = (say(place), say(place + 1));
        let range = match (place + 1 == BINS, desk.zh()) {
            (true, true) => format!("{from} 及以上"),
            (true, false) => format!("{from} and more"),
            (false, true) => format!("{from} 至 {to}"),
            (false, false) => format!("{from} to {to}"),
        };
        picture::Bin { from, range, count, href: None }
    }
}

/// The last value of a series with its name.
fn latest(series: &Series) -> String {
    let last = series.points.iter().rev().find(|point| point.value.is_some());
    let text = last.map_or("–", |point| point.text.as_str());
    if series.name.is_empty() { text.to_string() } else { format!("{} {text}", series.name) }
}

/// How wide a range is, in units of the engine: round to those who read it, and so that nine in ten
/// fall into the first twelve ranges.
///
/// | 90 % within | range |
/// | --- | --- |
/// | 5 h | 30 min |
/// | 9 d | 1 d |
fn wide(unit: Unit, p90: f64, max: i64) -> i64 {
    const MINUTE: i64 = 60_000_000;
    let reach = p90.max(1.0).min((max as f64).max(1.0));
    let raw = reach / (BINS as f64 * 0.75);
    if let Unit::Time(_) = unit {
        let minutes = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 10_080];
        let fits = minutes.iter().map(|minutes| minutes * MINUTE).find(|w| *w as f64 >= raw);
        return fits
            .unwrap_or_else(|| (raw / (10_080.0 * MINUTE as f64)).ceil() as i64 * 10_080 * MINUTE);
    }
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * power >= raw * 0.999_999);
    ((step.unwrap_or(10.0) * power).ceil() as i64).max(1)
}

/// The condition that finds the records behind a mark.
pub(super) fn behind(
    desk: &Desk,
    measure: &Measure,
    filter: Option<&str>,
    (from, to): (i64, i64),
    group: Option<(&str, &Json)>,
) -> String {
    let at = measure.at.as_deref().unwrap_or("created_at");
    let over = &*measure.over.source;
    let over = if measure.over.is_always_true() { None } else { Some(over) };
    let literal = |instant: i64| match is_day(desk, measure) {
        true => format!("date('{}')", days::iso(days::of(instant, desk.zone()))),
        false => ask::instant(instant),
    };
    let time = format!("{at} >= {} and {at} < {}", literal(from), literal(to));
    let grouped = group.map(|(by, group)| of_group(by, group));
    let scope = both(over, filter);
    let parts = [scope.map(|scope| format!("({scope})")), Some(time), grouped];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

/// Whether the measure is put into periods by days, not by instants.
fn is_day(desk: &Desk, measure: &Measure) -> bool {
    let Some(at) = &measure.at else { return false };
    let owner = desk.catalogue.model.record_types.values().find(|found| {
        found.measures.get(&measure.name).is_some_and(|own| own.over == measure.over)
    });
    owner.and_then(|owner| owner.fields.get(at)).is_some_and(|field| field.kind == FieldKind::Date)
}

fn of_group(by: &str, group: &Json) -> String {
    match group {
        Json::Null => format!("{by} is not set"),
        Json::Bool(yes) => format!("{by} == {yes}"),
        Json::String(name) => format!("{by} == {}", ask::quoted(name)),
        Json::Object(card) => {
            let text = |name: &str| card.get(name).and_then(Json::as_str).filter(|t| !t.is_empty());
            let name = text("number").or_else(|| text("id")).unwrap_or("");
            format!("{by} == {}", ask::quoted(name))
        }
        other => format!("{by} == {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ranges_are_round() {
        const HOUR: f64 = 3.6e9;
        let time = Unit::Time(3_600_000_000);
        for (unit, p90, max, want) in [
            (time, 5.0 * HOUR, 40 * 3_600_000_000, 30 * 60_000_000),
            (time, 9.0 * 24.0 * HOUR, i64::MAX, 24 * 3_600_000_000),
            (Unit::Number(0), 3.0, 9, 1),
            (Unit::Number(0), 120.0, 400, 10),
        ] {
            assert_eq!(wide(unit, p90, max), want, "{p90}");
        }
    }

    #[test]
    fn groups_are_found_again() {
        for (group, want) in [
            (json!(null), "by is not set"),
            (json!(true), "by == true"),
            (json!("high"), "by == 'high'"),
            (json!({ "id": "x", "number": "SRV-1", "title": "Mail" }), "by == 'SRV-1'"),
        ] {
            assert_eq!(of_group("by", &group), want);
        }
    }
}
