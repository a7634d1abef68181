//! Small multiples: a small line for each series, all in one frame and time.

use super::line::{path, said};
use super::scale::{all_whole, scale};
use super::{Chart, Frame, Series, at};
use maud::{Markup, html};

const SMALL: Frame = Frame {
    class: "chart",
    width: 280.0,
    height: 72.0,
    left: 0.0,
    right: 0.0,
    top: 6.0,
    bottom: 6.0,
};
/// The most multiples: more are a list.
const MOST: usize = 24;

/// The measure as one small picture for each series, all to one scale.
pub fn multiples(chart: &Chart) -> Markup {
    let all = &chart.series[..chart.series.len().min(MOST)];
    let values = || all.iter().flat_map(|series| series.points.iter().filter_map(|p| p.value));
    let target = chart.target.as_ref().map(|target| target.value);
    let scale = scale(values().chain(target).fold(0.0, f64::max), all_whole(values()));
    html! {
        div.multiples.below-s role="group" aria-label=(chart.name) {
            @for series in all { (one(chart, series, scale.top)) }
        }
    }
}

fn one(chart: &Chart, series: &Series, top: f64) -> Markup {
    let last = series.points.iter().enumerate().rev().find(|(_, point)| point.value.is_some());
    let says = last.map_or_else(
        || series.name.clone(),
        |(place, point)| said(series, &chart.periods[place].label, &point.text),
    );
    let count = series.points.len();
    html! {
        figure {
            figcaption {
                @match last.and_then(|(_, point)| point.href.as_ref()) {
                    Some(href) => a href=(href) { (series.name) },
                    None => span { (series.name) },
                }
                b { @if let Some((_, point)) = last { (point.text) } }
            }
            svg.chart viewBox=(format!("0 0 {} {}", at(SMALL.width), at(SMALL.height)))
                role="img" aria-label=(says) {
                path.ax-0 d=(format!("M0 {}H{}", at(SMALL.floor()), at(SMALL.width))) {}
                @if let Some(target) = &chart.target {
                    path.tgt d=(format!("M0 {}H{}", at(SMALL.y(target.value, top)),
                        at(SMALL.width))) {}
                }
                path.ln d=(path(series, 0, SMALL, top)) {}
                @if let Some((place, point)) = last {
                    circle.pt cx=(at(SMALL.x(place, count)))
                        cy=(at(SMALL.y(point.value.unwrap_or(0.0), top))) r="2.5" {}
                }
            }
        }
    }
}
