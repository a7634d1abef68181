//! Measures and claims: figures over records, as far as the asker may read them.

use super::record::{question, shown_list};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result, Said, Slip};
use engine::measure::{Asked, By, Per, Point, Reading};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use model::definition::{Figure, Period};
use model::expression::Kind;
use serde_json::{Value as Json, json};

pub const PERIODS: &[&str] = &["day", "week", "month", "quarter", "year", "whole"];

pub fn measure(call: &Call) -> Result<Answer> {
    let asked = Asked {
        record_type: call.record_type().into(),
        measure: call.part("measure").into(),
        per: per(call.query.text("per")),
        by: call.query.owned("by").map_or(By::Own, By::Field),
        at: call.query.owned("at"),
        filter: call.query.owned("where"),
        range: range(call)?,
        zone: zone(call)?,
    };
    let measured = call.session.measure(&asked)?;
    let unit = unit(call);
    let points: Vec<Json> = measured.points.iter().map(|point| shown(point, &unit)).collect();
    Answer::json(&json!({
        "label": measured.label,
        "by": measured.by.as_ref().map(|field| field.as_str()),
        "unit": unit.name,
        "zone": asked.zone.iana_name().unwrap_or("UTC"),
        "points": points,
        "left_out": measured.left_out,
    }))
}

fn per(text: Option<&str>) -> Per {
    match text {
        None => Per::Own,
        Some("day") => Per::Each(Period::Day),
        Some("week") => Per::Each(Period::Week),
        Some("month") => Per::Each(Period::Month),
        Some("quarter") => Per::Each(Period::Quarter),
        Some("year") => Per::Each(Period::Year),
        Some(_) => Per::Whole,
    }
}

/// From the first instant until just before the second; until now where no end is given.
fn range(call: &Call) -> Result<Option<(i64, i64)>> {
    let slip = |name: &str, en: &str, zh: &str| {
        Err(Problem::parameters(vec![Slip::parameter(name, Said::new(en, zh))]))
    };
    match (call.query.instant("from"), call.query.instant("to")) {
        (None, None) => Ok(None),
        (None, Some(_)) => slip("from", "Say from when, too.", "请同时填写开始时间。"),
        (Some(from), to) => {
            let to = to.unwrap_or(call.session.now());
            match from < to {
                true => Ok(Some((from, to))),
                false => slip("to", "This must be after from.", "结束时间必须晚于开始时间。"),
            }
        }
    }
}

/// The zone whose midnights divide days; the asker's own where none is named.
fn zone(call: &Call) -> Result<TimeZone> {
    let Some(name) = call.query.text("zone") else {
        return Ok(call.session.actor().zone.clone());
    };
    TimeZoneDatabase::bundled().get(name).map_err(|_| {
        let said = Said::new(
            "There is no such time zone; write one as in Asia/Shanghai.",
            "没有此时区，请填写如 Asia/Shanghai 的名称。",
        );
        Problem::parameters(vec![Slip::parameter("zone", said)])
    })
}

/// What the numbers of a measure are, and by how much the engine's are larger.
struct Unit {
    name: &'static str,
    divisor: f64,
}

fn unit(call: &Call) -> Unit {
    let catalogue = call.session.engine().catalogue();
    let definition = catalogue.record_type(call.record_type());
    let measure = definition.and_then(|found| found.measures.get(call.part("measure")));
    match measure.map(|measure| &measure.figure) {
        Some(Figure::Share(_)) => Unit { name: "share", divisor: 1.0 },
        Some(Figure::Value(value)) => match value.kind {
            Kind::Duration => Unit { name: "seconds", divisor: 1e6 },
            Kind::Decimal(places) => {
                Unit { name: "number", divisor: 10_f64.powi(i32::from(places)) }
            }
            _ => Unit { name: "number", divisor: 1.0 },
        },
        Some(Figure::Count) | None => Unit { name: "records", divisor: 1.0 },
    }
}

fn shown(point: &Point, unit: &Unit) -> Json {
    let instant = |at: i64| jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).ok();
    let number = |number: f64| number / unit.divisor;
    let figure = match point.figure {
        Reading::Count(records) => json!({ "records": records }),
        Reading::Share { records, holding } => {
            let share = (records > 0).then(|| holding as f64 / records as f64);
            json!({ "records": records, "holding": holding, "share": share })
        }
        Reading::Distribution(found) => json!({
            "records": found.count,
            "mean": number(found.mean),
            "median": number(found.median),
            "p90": number(found.p90),
            "max": number(found.max as f64),
        }),
    };
    json!({
        "from": point.period.and_then(|(from, _)| instant(from)),
        "to": point.period.and_then(|(_, to)| instant(to)),
        "group": point.group,
        "label": point.label,
        "figure": figure,
    })
}

pub fn evidence(call: &Call) -> Result<Answer> {
    let claimed = call.session.claim(call.part("claim"), &question(call)?)?;
    let mut failing = shown_list(claimed.failing.clone());
    failing.insert("total".into(), claimed.failing_count().into());
    Answer::json(&json!({
        "label": claimed.label,
        "requirement": claimed.requirement,
        "population": claimed.population,
        "holding": claimed.holding,
        "failing": failing,
    }))
}
