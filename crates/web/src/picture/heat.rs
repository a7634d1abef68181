//! A heat map: groups by periods, the darker the more. The number stands in each cell, so that
//! nothing is told by a shade alone.

use super::line::said;
use super::{Chart, at, cut, linked};
use maud::{Markup, html};

const ROW: f64 = 28.0;
const LABELS: f64 = 170.0;
const HEAD: f64 = 24.0;
const WIDTH: f64 = 1120.0;
/// The most rows: more are a list.
const MOST: usize = 40;
/// How many shades there are beside none.
const SHADES: f64 = 5.0;

/// The measure as a table of shades.
pub fn heat(chart: &Chart) -> Markup {
    let rows = &chart.series[..chart.series.len().min(MOST)];
    let values = rows.iter().flat_map(|row| row.points.iter().filter_map(|point| point.value));
    let largest = values.fold(0.0, f64::max);
    let cell = (WIDTH - LABELS) / chart.periods.len().max(1) as f64;
    let height = HEAD + ROW * rows.len() as f64;
    let every = (60.0 / cell).ceil().max(1.0) as usize;
    html! {
        div.scroll-x.below-s tabindex="0" role="region" aria-label=(chart.name) {
            svg.chart.plan-wide viewBox=(format!("0 0 {} {}", at(WIDTH), at(height))) role="group"
                aria-label=(chart.name) {
                @for (place, period) in chart.periods.iter().enumerate() {
                    @if place % every == 0 {
                        text x=(at(LABELS + cell * (place as f64 + 0.5))) y="14"
                            text-anchor="middle" { (period.label) }
                    }
                }
                @for (line, row) in rows.iter().enumerate() {
                    @let y = HEAD + ROW * line as f64;
                    text.nm x="0" y=(at(y + 18.0)) { (cut(&row.name, 26)) }
                    @for (place, point) in row.points.iter().enumerate() {
                        @let x = LABELS + cell * place as f64;
                        @let says = said(row, &chart.periods[place].label, &point.text);
                        @let shade = shade(point.value, largest);
                        (linked(point, &says, &html! {
                            rect class=(format!("heat-{shade}")) x=(at(x + 1.0)) y=(at(y + 1.0))
                                width=(at(cell - 2.0)) height=(at(ROW - 2.0)) rx="2" {}
                            @if point.value.is_some() && cell > 34.0 {
                                text class=(format!("on-{shade}")) x=(at(x + cell / 2.0))
                                    y=(at(y + 18.0)) text-anchor="middle" {
                                    (cut(&point.text, (cell / 7.0) as usize))
                                }
                            }
                        }))
                    }
                }
            }
        }
    }
}

/// Which of the shades a value has; 0 where there is nothing.
fn shade(value: Option<f64>, largest: f64) -> usize {
    match value {
        Some(value) if value > 0.0 && largest > 0.0 => {
            (value / largest * SHADES).ceil().clamp(1.0, SHADES) as usize
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::shade;

    #[test]
    fn shades_are_fifths_of_the_largest() {
        for (value, want) in [
            (None, 0),
            (Some(0.0), 0),
            (Some(1.0), 1),
            (Some(20.0), 1),
            (Some(21.0), 2),
            (Some(100.0), 5),
        ] {
            assert_eq!(shade(value, 100.0), want, "{value:?}");
        }
        assert_eq!(shade(Some(1.0), 0.0), 0);
    }
}
