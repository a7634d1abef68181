//! Numbers read at a glance: counts of records, and measures of the period that runs beside those
//! of the period before.

use super::reading::{Unit, measure, raw, said};
use super::{Desk, days, period};
use crate::problem::Result;
use crate::show::value::grouped;
use engine::measure::{Asked, By, Per, Point};
use engine::{Count, Question};
use maud::{Markup, html};
use model::definition::Period;
use model::definition::page::FigureOf;

/// One number as it is shown.
struct Shown {
    number: String,
    beside: String,
    href: String,
}

pub fn draw(desk: &Desk, figures: &[FigureOf]) -> Result<Markup> {
    let shown: Result<Vec<(&FigureOf, Shown)>> =
        figures.iter().map(|figure| Ok((figure, one(desk, figure)?))).collect();
    Ok(html! {
        div.figures {
            @for (figure, shown) in shown? {
                div {
                    span.second { (desk.label(&figure.label)) }
                    b { a href=(shown.href) { (shown.number) } }
                    small { (shown.beside) }
                }
            }
        }
    })
}

fn one(desk: &Desk, figure: &FigureOf) -> Result<Shown> {
    let filter = desk.filled(figure.filter.as_ref());
    let href = desk.list_address(&figure.record, filter.as_deref());
    match &figure.measure {
        Some(name) => measured(desk, figure, name, filter),
        None => {
            let record_type = figure.record.to_string();
            let question = Question { record_type, filter, ..Question::default() };
            let number = match desk.session.count(&question)? {
                Count::Exactly(all) => grouped(&all.to_string()),
                Count::AtLeast(all) => format!("> {}", grouped(&all.to_string())),
            };
            Ok(Shown { number, beside: desk.t("now", "当前").to_string(), href })
        }
    }
}

fn measured(desk: &Desk, figure: &FigureOf, name: &str, filter: Option<String>) -> Result<Shown> {
    let measure = measure(desk, &figure.record, name)?;
    let per = figure.per.or(measure.per).unwrap_or(Period::Month);
    let bounds = period::last(per, days::of(desk.session.now(), desk.zone()), 2);
    let at = |place: usize| days::start(bounds[place], desk.zone());
    let asked = Asked {
        per: Per::Each(per),
        by: By::Nothing,
        filter: filter.clone(),
        range: Some((at(0), at(2))),
        zone: desk.zone().clone(),
        ..Asked::new(&figure.record, name)
    };
    let points = desk.session.measure(&asked)?.points;
    let value = |place: usize| {
        let here = |point: &&Point| point.period.is_some_and(|(from, _)| from == at(place));
        points.iter().find(here).and_then(|point| raw(&point.figure))
    };
    let (before, now) = (value(0), value(1));
    let unit = Unit::of(&measure, before.into_iter().chain(now).fold(0.0, f64::max));
    let text =
        |value: Option<f64>| value.map_or("–".to_string(), |value| said(desk, unit, value));
    let behind = super::chart::behind(desk, &measure, filter.as_deref(), (at(1), at(2)), None);
    let (this, last) = (desk.period(per, bounds[1]), desk.period(per, bounds[0]));
    let beside = match desk.zh() {
        true => format!("{this}；{last}：{}", text(before)),
        false => format!("{this}; {} in {last}", text(before)),
    };
    let href = desk.list_address(&figure.record, Some(&behind));
    Ok(Shown { number: text(now), beside, href })
}
