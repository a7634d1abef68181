//! Bars on each other: how much there was in each period, and of what.

use super::line::said;
use super::scale::{all_whole, scale};
use super::{Chart, Frame, Series, at, axis, both, floor, key, linked, period_names, target};
use maud::{Markup, html};

/// The measure as one bar for each period, parted by series.
pub fn stacked(chart: &Chart) -> Markup {
    html! { (both(chart.target.is_some(), |frame| draw(chart, frame))) (key(chart.drawn())) }
}

fn value(series: &Series, place: usize) -> f64 {
    series.points.get(place).and_then(|point| point.value).unwrap_or(0.0).max(0.0)
}

fn draw(chart: &Chart, frame: Frame) -> Markup {
    let first = chart.first(frame);
    let periods = &chart.periods[first..];
    let drawn = chart.drawn();
    let sum = |place: usize| drawn.iter().map(|series| value(series, place)).sum::<f64>();
    let sums: Vec<f64> = (first..chart.periods.len()).map(sum).collect();
    let largest = chart.target.iter().map(|target| target.value).chain(sums.iter().copied());
    let scale = scale(largest.fold(0.0, f64::max), all_whole(sums.iter().copied()));
    let thickness = (frame.step(periods.len()) * 0.7).min(48.0);
    html! {
        svg class=(frame.class) viewBox=(format!("0 0 {} {}", at(frame.width), at(frame.height)))
            role="group" aria-label=(chart.name) {
            (axis(frame, &scale, &chart.unit))
            @for (rank, series) in drawn.iter().enumerate() {
                g class=(format!("sr sr-{}", rank + 1)) {
                    @for (place, point) in series.points.iter().enumerate().skip(first) {
                        @let below: f64 = drawn[..rank].iter().map(|s| value(s, place)).sum();
                        @let upper = frame.y(below + value(series, place), scale.top);
                        @let lower = frame.y(below, scale.top);
                        @if lower - upper > 0.05 {
                            @let x = frame.x(place - first, periods.len()) - thickness / 2.0;
                            @let says = said(series, &chart.periods[place].label, &point.text);
                            (linked(point, &says, &html! {
                                rect.br x=(at(x)) y=(at(upper)) width=(at(thickness))
                                    height=(at(lower - upper)) {}
                            }))
                        }
                    }
                }
            }
            (floor(frame))
            (target(frame, chart.target.as_ref(), scale.top))
            (period_names(frame, periods))
        }
    }
}
