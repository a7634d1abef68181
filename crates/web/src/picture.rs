//! Pictures: functions from plain data to SVG, and to the table that says the same.
//!
//! They read nothing and know no record type. Each picture has a sentence as its name and no
//! style of its own: classes of the style sheet carry the colours, attributes the places, so that
//! the policy of the page may forbid styles in a line. What is drawn is also in a table.

mod bar;
mod distribution;
mod graph;
mod heat;
mod layout;
mod line;
mod multiples;
mod plan;
mod scale;
mod stacked;
mod states;
mod table;

#[cfg(test)]
mod snapshot;

pub use bar::bar;
pub use distribution::{Bin, Distribution, Percentile, distribution};
pub use graph::{Edge, Graph, Node, graph};
pub use heat::heat;
pub use line::line;
pub use multiples::multiples;
pub use plan::{Bar, Day, Ground, Plan, Row, plan};
pub use stacked::stacked;
pub use states::{Stand, States, Way, states};
pub use table::table;

use maud::{Markup, html};

/// A measure as it is drawn.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// A sentence that says what the picture shows.
    pub name: String,
    /// What stands over the axis of values: `hours`, `%`.
    pub unit: String,
    /// The heading of the first column of the table.
    pub period: String,
    pub periods: Vec<Period>,
    pub series: Vec<Series>,
    pub target: Option<Target>,
    /// The word for a sum in the table of what is stacked.
    pub total: String,
}

/// One period.
#[derive(Debug, Clone, Default)]
pub struct Period {
    /// As short as an axis needs: `16 Mar`.
    pub label: String,
}

/// One series: at most five are drawn, the table has all.
#[derive(Debug, Clone, Default)]
pub struct Series {
    pub name: String,
    /// One for each period.
    pub points: Vec<Point>,
}

/// One value.
#[derive(Debug, Clone, Default)]
pub struct Point {
    /// None where nothing was measured.
    pub value: Option<f64>,
    /// As people read it, with its unit.
    pub text: String,
    /// Where the records behind it are listed.
    pub href: Option<String>,
}

/// A line to compare with.
#[derive(Debug, Clone)]
pub struct Target {
    pub value: f64,
    pub label: String,
}

/// The most series of one picture: more cannot be told apart.
pub const SERIES: usize = 5;
/// How many periods a narrow picture shows: the latest.
const NARROW: usize = 14;

/// Where a picture is drawn.
#[derive(Debug, Clone, Copy)]
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

const WIDE: Frame = Frame {
    class: "chart wide",
    width: 1120.0,
    height: 260.0,
    left: 46.0,
    right: 130.0,
    top: 20.0,
    bottom: 28.0,
};
const SLIM: Frame = Frame {
    class: "chart narrow",
    width: 340.0,
    height: 200.0,
    left: 36.0,
    right: 8.0,
    top: 20.0,
    bottom: 28.0,
};

impl Frame {
    fn is_narrow(self) -> bool {
        self.width < WIDE.width
    }

    /// The lower edge of what is drawn.
    fn floor(self) -> f64 {
        self.height - self.bottom
    }

    /// The right edge of what is drawn.
    fn end(self) -> f64 {
        self.width - self.right
    }

    fn y(self, value: f64, top: f64) -> f64 {
        let share = if top > 0.0 { (value / top).clamp(0.0, 1.0) } else { 0.0 };
        self.floor() - share * (self.floor() - self.top)
    }

    /// The middle of a period, and how wide it is.
    fn x(self, place: usize, count: usize) -> f64 {
        self.left + self.step(count) * (place as f64 + 0.5)
    }

    fn step(self, count: usize) -> f64 {
        (self.end() - self.left) / count.max(1) as f64
    }
}

impl Chart {
    /// The series that are drawn.
    fn drawn(&self) -> &[Series] {
        &self.series[..self.series.len().min(SERIES)]
    }

    /// The first period that a frame has room for.
    fn first(&self, frame: Frame) -> usize {
        if frame.is_narrow() { self.periods.len().saturating_sub(NARROW) } else { 0 }
    }

    /// The largest value drawn from a period on, the target among them.
    fn largest(&self, from: usize) -> f64 {
        let points = self.drawn().iter().flat_map(|series| series.points.iter().skip(from));
        let values = points.filter_map(|point| point.value);
        let target = self.target.iter().map(|target| target.value);
        values.chain(target).fold(0.0, f64::max)
    }
}

/// A picture in both sizes: the style sheet shows one of them. `is_labelled` leaves room for words
/// at the right of the wide one.
fn both(is_labelled: bool, draw: impl Fn(Frame) -> Markup) -> Markup {
    let right = if is_labelled { WIDE.right } else { SLIM.right };
    html! { figure.below-s { (draw(Frame { right, ..WIDE })) (draw(SLIM)) } }
}

/// The lines and numbers of the value axis.
fn axis(frame: Frame, scale: &scale::Scale, unit: &str) -> Markup {
    html! {
        @for tick in &scale.ticks {
            @let y = at(frame.y(*tick, scale.top));
            path.ax d=(format!("M{} {y}H{}", at(frame.left), at(frame.end()))) {}
            text x=(at(frame.left - 8.0)) y=(at(frame.y(*tick, scale.top) + 4.0))
                text-anchor="end" { (scale::number(*tick)) }
        }
        text x=(at(frame.left)) y="12" { (unit) }
    }
}

/// The line on which bars stand.
fn floor(frame: Frame) -> Markup {
    let (left, y, right) = (at(frame.left), at(frame.floor()), at(frame.end()));
    html! { path.ax-0 d=(format!("M{left} {y}H{right}")) {} }
}

/// The names of some periods, as many as there is room for.
fn period_names(frame: Frame, periods: &[Period]) -> Markup {
    let most = if frame.is_narrow() { 3 } else { 9 };
    let every = periods.len().div_ceil(most).max(1);
    html! {
        @for (place, period) in periods.iter().enumerate().filter(|(at, _)| at % every == 0) {
            text x=(at(frame.x(place, periods.len()))) y=(at(frame.height - 10.0))
                text-anchor="middle" { (period.label) }
        }
    }
}

/// The target with its label at the line, or over it where there is no room beside.
fn target(frame: Frame, target: Option<&Target>, top: f64) -> Markup {
    html! {
        @if let Some(target) = target {
            @let y = frame.y(target.value, top);
            path.tgt d=(format!("M{} {}H{}", at(frame.left), at(y), at(frame.end()))) {}
            @if frame.is_narrow() {
                text.good-t x=(at(frame.end())) y=(at(y - 4.0)) text-anchor="end" {
                    (target.label)
                }
            } @else {
                text.good-t x=(at(frame.end() + 6.0)) y=(at(y + 4.0)) { (target.label) }
            }
        }
    }
}

/// A mark that leads to its records, with its words for those who point at it or listen.
fn linked(point: &Point, says: &str, mark: &Markup) -> Markup {
    let inside = html! { title { (says) } (mark) };
    html! {
        @match &point.href {
            Some(href) => a href=(href) { (inside) },
            None => g { (inside) },
        }
    }
}

/// What the colours of the series mean, where there is no room at the marks.
fn key(series: &[Series]) -> Markup {
    html! {
        @if series.len() > 1 {
            p.key {
                @for (place, one) in series.iter().enumerate() {
                    span {
                        svg.chart-key width="22" height="12" aria-hidden="true" {
                            rect class=(format!("sr-{}", place + 1)) x="1" y="2" width="20"
                                height="8" rx="1" {}
                        }
                        (one.name)
                    }
                }
            }
        }
    }
}

/// A place to a tenth: more would only make the page longer.
fn at(place: f64) -> String {
    let text = format!("{place:.1}");
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

/// A text cut to a number of columns, of which a wide character takes two.
///
/// | text | columns | cut |
/// | --- | --- | --- |
/// | `Firewall rules` | 8 | `Firewal…` |
/// | `防火墙规则` | 8 | `防火墙…` |
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_string();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += wide(character);
        if used > columns {
            break;
        }
        out.push(character);
    }
    format!("{}…", out.trim_end())
}

/// How many columns a text takes.
fn width(text: &str) -> usize {
    text.chars().map(wide).sum()
}

fn wide(character: char) -> usize {
    if character >= '\u{2e80}' { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_their_width() {
        for (text, columns, want) in [
            ("Firewall rules", 8, "Firewal…"),
            ("Firewall", 8, "Firewall"),
            ("防火墙规则", 8, "防火墙…"),
            ("防火墙规则", 10, "防火墙规则"),
            ("", 3, ""),
        ] {
            assert_eq!(cut(text, columns), want);
        }
    }

    #[test]
    fn places_are_short() {
        assert_eq!((at(3.0), at(3.26), at(-0.04)), ("3".into(), "3.3".into(), "-0".into()));
    }
}
