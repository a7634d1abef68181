//! Bars beside each other: how much there was in each period.

use super::line::said;
use super::scale::{all_whole, scale};
use super::{Chart, Frame, at, axis, both, floor, key, linked, period_names, target};
use maud::{Markup, html};

/// The measure as bars, a group of them for each period.
pub fn bar(chart: &Chart) -> Markup {
    html! { (both(chart.target.is_some(), |frame| draw(chart, frame))) (key(chart.drawn())) }
}

fn draw(chart: &Chart, frame: Frame) -> Markup {
    let first = chart.first(frame);
    let periods = &chart.periods[first..];
    let drawn = chart.drawn();
    let values = drawn.iter().flat_map(|series| series.points.iter().filter_map(|p| p.value));
    let scale = scale(chart.largest(first), all_whole(values));
    // A group fills three quarters of its period.
    let thickness = frame.step(periods.len()) * 0.75 / drawn.len().max(1) as f64;
    let thickness = thickness.min(40.0);
    html! {
        svg class=(frame.class) viewBox=(format!("0 0 {} {}", at(frame.width), at(frame.height)))
            role="group" aria-label=(chart.name) {
            (axis(frame, &scale, &chart.unit))
            @for (rank, series) in drawn.iter().enumerate() {
                g class=(format!("sr sr-{}", rank + 1)) {
                    @for (place, point) in series.points.iter().enumerate().skip(first) {
                        @if let Some(value) = point.value.filter(|value| *value > 0.0) {
                            @let middle = frame.x(place - first, periods.len());
                            @let offset = rank as f64 - drawn.len() as f64 / 2.0;
                            @let y = frame.y(value, scale.top);
                            @let says = said(series, &chart.periods[place].label, &point.text);
                            (linked(point, &says, &html! {
                                rect.br x=(at(middle + offset * thickness)) y=(at(y))
                                    width=(at((thickness - 1.0).max(1.0)))
                                    height=(at(frame.floor() - y)) {}
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
