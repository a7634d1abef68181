//! A distribution: how many had which value, with the values that a share of them does not exceed.

use super::scale::scale;
use super::{Frame, Point, at, axis, both, floor, linked};
use maud::{Markup, html};

/// Values counted by size.
#[derive(Debug, Clone, Default)]
pub struct Distribution {
    /// A sentence.
    pub name: String,
    /// What stands over the axis of counts.
    pub unit: String,
    /// The headings of the table: the range, how many, the share.
    pub heads: [String; 3],
    pub bins: Vec<Bin>,
    pub percentiles: Vec<Percentile>,
}

/// How many values lay in a range.
#[derive(Debug, Clone, Default)]
pub struct Bin {
    /// Where it begins, as people read it.
    pub from: String,
    /// The whole range as people read it.
    pub range: String,
    pub count: i64,
    pub href: Option<String>,
}

/// A value that a share of all does not exceed.
#[derive(Debug, Clone, Default)]
pub struct Percentile {
    /// `median 3 h`.
    pub label: String,
    /// Where it lies, in bins: 1.5 is the middle of the second.
    pub place: f64,
}

/// The distribution as bars, and as a table.
pub fn distribution(found: &Distribution) -> Markup {
    html! { (both(false, |frame| draw(found, frame))) (table(found)) }
}

fn draw(found: &Distribution, frame: Frame) -> Markup {
    let largest = found.bins.iter().map(|bin| bin.count).max().unwrap_or(0);
    let scale = scale(largest as f64, true);
    let step = frame.step(found.bins.len());
    let every = found.bins.len().div_ceil(if frame.is_narrow() { 4 } else { 12 }).max(1);
    html! {
        svg class=(frame.class) viewBox=(format!("0 0 {} {}", at(frame.width), at(frame.height)))
            role="img" aria-label=(found.name) {
            (axis(frame, &scale, &found.unit))
            g.sr.sr-1 {
                @let filled = found.bins.iter().enumerate().filter(|(_, bin)| bin.count > 0);
                @for (place, bin) in filled {
                    @let y = frame.y(bin.count as f64, scale.top);
                    @let point = Point { href: bin.href.clone(), ..Point::default() };
                    @let says = format!("{}: {}", bin.range, bin.count);
                    (linked(&point, &says, &html! {
                        rect.br x=(at(frame.left + step * place as f64 + 0.5)) y=(at(y))
                            width=(at((step - 1.0).max(1.0))) height=(at(frame.floor() - y)) {}
                    }))
                }
            }
            (floor(frame))
            @for (line, percentile) in found.percentiles.iter().enumerate() {
                @let x = frame.left + step * percentile.place;
                @let anchor = if x > frame.width * 0.6 { "end" } else { "start" };
                @let shift = if anchor == "end" { -4.0 } else { 4.0 };
                path.phase d=(format!("M{} {}V{}", at(x), at(frame.top), at(frame.floor()))) {}
                text.hd x=(at(x + shift)) y=(at(frame.top + 10.0 + 14.0 * line as f64))
                    text-anchor=(anchor) { (percentile.label) }
            }
            @for (place, bin) in found.bins.iter().enumerate().filter(|(at, _)| at % every == 0) {
                text x=(at(frame.left + step * place as f64)) y=(at(frame.height - 10.0))
                    text-anchor="middle" { (bin.from) }
            }
        }
    }
}

fn table(found: &Distribution) -> Markup {
    let all: i64 = found.bins.iter().map(|bin| bin.count).sum();
    let share = |count: i64| if all > 0 { count as f64 * 100.0 / all as f64 } else { 0.0 };
    html! {
        details.fold-sec.below-s {
            summary { (found.heads[0]) span.count { (found.bins.len()) } }
            table.table {
                thead { tr {
                    th scope="col" { (found.heads[0]) }
                    th.num scope="col" { (found.heads[1]) }
                    th.num scope="col" { (found.heads[2]) }
                } }
                tbody {
                    @for bin in &found.bins {
                        tr {
                            th scope="row" {
                                @match &bin.href {
                                    Some(href) => a href=(href) { (bin.range) },
                                    None => (bin.range),
                                }
                            }
                            td.num { (bin.count) }
                            td.num { (format!("{:.1}", share(bin.count))) }
                        }
                    }
                }
            }
        }
    }
}
