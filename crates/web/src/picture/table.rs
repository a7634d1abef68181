//! The table that says what a picture shows: a row for each period, a column for each series.

use super::Chart;
use maud::{Markup, html};

/// All periods and all series, those that are not drawn too. `label` opens it.
pub fn table(chart: &Chart, label: &str) -> Markup {
    let sums = !chart.total.is_empty() && chart.series.len() > 1;
    html! {
        details.fold-sec.below-s {
            summary { (label) span.count { (chart.periods.len()) } }
            div.scroll-x tabindex="0" role="region" aria-label=(label) {
                table.table {
                    caption { (chart.name) }
                    thead { tr {
                        th scope="col" { (chart.period) }
                        @for series in &chart.series { th.num scope="col" { (series.name) } }
                        @if sums { th.num scope="col" { (chart.total) } }
                    } }
                    tbody {
                        @for (place, period) in chart.periods.iter().enumerate() {
                            tr {
                                th scope="row" { (period.label) }
                                @for series in &chart.series { (cell(series.points.get(place))) }
                                @if sums { td.num { (super::scale::number(sum(chart, place))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(point: Option<&super::Point>) -> Markup {
    html! {
        td.num {
            @if let Some(point) = point {
                @match &point.href {
                    Some(href) if point.value.is_some() => a href=(href) { (point.text) },
                    _ => (point.text),
                }
            }
        }
    }
}

fn sum(chart: &Chart, place: usize) -> f64 {
    let values = chart.series.iter().filter_map(|series| series.points.get(place)?.value);
    values.sum()
}
