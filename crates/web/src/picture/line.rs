//! A line for each series: how something went.

use super::scale::{all_whole, scale};
use super::{Chart, Frame, Series, at, axis, both, key, linked, period_names, target};
use maud::{Markup, html};

/// How far labels at the ends of lines stand apart.
const APART: f64 = 14.0;

/// The measure as lines, labelled at their ends.
pub fn line(chart: &Chart) -> Markup {
    html! {
        (both(chart.target.is_some() || chart.drawn().len() > 1, |frame| draw(chart, frame)))
        div.narrow { (key(chart.drawn())) }
    }
}

fn draw(chart: &Chart, frame: Frame) -> Markup {
    let first = chart.first(frame);
    let periods = &chart.periods[first..];
    let values = chart.drawn().iter().flat_map(|s| s.points.iter().filter_map(|p| p.value));
    let scale = scale(chart.largest(first), all_whole(values));
    let labels = labels(chart, frame, scale.top);
    html! {
        svg class=(frame.class) viewBox=(format!("0 0 {} {}", at(frame.width), at(frame.height)))
            role="group" aria-label=(chart.name) {
            (axis(frame, &scale, &chart.unit))
            (target(frame, chart.target.as_ref(), scale.top))
            @for (place, series) in chart.drawn().iter().enumerate() {
                g class=(format!("sr sr-{}", place + 1)) {
                    path.ln d=(path(series, first, frame, scale.top)) {}
                    @for (place, point) in series.points.iter().enumerate().skip(first) {
                        @if let Some(value) = point.value.filter(|value| *value >= 0.0) {
                            @let x = at(frame.x(place - first, periods.len()));
                            @let y = at(frame.y(value, scale.top));
                            @let says = said(series, &chart.periods[place].label, &point.text);
                            (linked(point, &says, &html! { circle.pt cx=(x) cy=(y) r="3" {} }))
                        }
                    }
                }
            }
            @if chart.drawn().len() > 1 && !frame.is_narrow() {
                @for (y, series) in labels {
                    text x=(at(frame.end() + 6.0)) y=(at(y + 4.0)) {
                        (super::cut(&series.name, 20))
                    }
                }
            }
            (period_names(frame, periods))
        }
    }
}

pub(super) fn said(series: &Series, period: &str, text: &str) -> String {
    let parts = [series.name.as_str(), period, text];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A line through what was measured; it is broken where nothing was.
pub(super) fn path(series: &Series, first: usize, frame: Frame, top: f64) -> String {
    let count = series.points.len().saturating_sub(first);
    let mut path = String::new();
    let mut pen_is_down = false;
    for (place, point) in series.points.iter().skip(first).enumerate() {
        let Some(value) = point.value.filter(|value| *value >= 0.0) else {
            pen_is_down = false;
            continue;
        };
        path.push(if pen_is_down { 'L' } else { 'M' });
        path.push_str(&format!("{} {}", at(frame.x(place, count)), at(frame.y(value, top))));
        pen_is_down = true;
    }
    path
}

/// Where the labels of the lines stand: at the last value, pushed apart.
fn labels(chart: &Chart, frame: Frame, top: f64) -> Vec<(f64, &Series)> {
    let last = |series: &Series| series.points.iter().rev().find_map(|point| point.value);
    let ends = chart.drawn().iter().filter_map(|s| Some((frame.y(last(s)?, top), s)));
    let mut ends: Vec<(f64, &Series)> = ends.collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    for place in 1..ends.len() {
        let least = ends[place - 1].0 + APART;
        ends[place].0 = ends[place].0.max(least);
    }
    // What was pushed below the axis goes up again, and takes the others along.
    let mut most = frame.floor();
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(most);
        most = end.0 - APART;
    }
    ends
}
