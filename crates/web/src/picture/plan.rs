//! A calendar plan: bars over days, a row for each thing that is planned for. What is behind all
//! rows (a freeze) is hatched ground; now is a line.

use super::{at, cut, width};
use maud::{Markup, html};

/// A plan. Times are shares of the span that is shown: 0 is its beginning, 1 its end.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// A sentence.
    pub name: String,
    pub days: Vec<Day>,
    pub rows: Vec<Row>,
    pub grounds: Vec<Ground>,
    pub now: Option<f64>,
}

#[derive(Debug, Clone, Default)]
pub struct Day {
    pub label: String,
    pub from: f64,
    pub to: f64,
    pub is_today: bool,
    pub is_weekend: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Row {
    pub label: String,
    pub bars: Vec<Bar>,
}

/// One record that is planned.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    pub label: String,
    /// A second line: the time, what is special.
    pub detail: String,
    pub href: Option<String>,
    /// Drawn with a strong border.
    pub is_strong: bool,
    /// Not yet certain: dashed.
    pub is_tentative: bool,
    pub is_clashing: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Ground {
    pub from: f64,
    pub to: f64,
    pub label: String,
}

const WIDTH: f64 = 1168.0;
const LEFT: f64 = 160.0;
const HEAD: f64 = 34.0;
const LANE: f64 = 36.0;
const LETTER: f64 = 6.3;
/// The thinnest bar that is still seen and pointed at.
const THIN: f64 = 14.0;
const LABEL: usize = 26;

/// A bar in its place.
struct Placed<'b> {
    bar: &'b Bar,
    lane: usize,
    x: f64,
    width: f64,
    /// Where its label begins, or ends where it stands at the left of the bar.
    text: f64,
    is_left: bool,
}

/// The plan as a picture that scrolls sideways where it does not fit.
pub fn plan(found: &Plan) -> Markup {
    let rows: Vec<(&Row, Vec<Placed>)> =
        found.rows.iter().map(|row| (row, placed(&row.bars))).collect();
    let mut y = HEAD;
    let mut tops = Vec::with_capacity(rows.len());
    for (_, bars) in &rows {
        tops.push(y);
        y += height(bars);
    }
    let grounds = if found.grounds.is_empty() { 6.0 } else { 22.0 };
    html! {
        div.scroll-x tabindex="0" role="region" aria-label=(found.name) {
            svg.plan viewBox=(format!("0 0 {} {}", at(WIDTH), at(y + grounds)))
                role="group" aria-label=(found.name) {
                defs {
                    pattern #hatch width="6" height="6" patternUnits="userSpaceOnUse"
                        patternTransform="rotate(45)" { path.hatch d="M0 0v6" {} }
                }
                (ground(found, y))
                (days(found, y))
                @for ((row, _), top) in rows.iter().zip(&tops) {
                    text.nm x="0" y=(at(top + 24.0)) { (cut(&row.label, 24)) }
                    path.ax d=(format!("M0 {}H{}", at(top + 0.5), at(WIDTH))) {}
                }
                path.ax-0 d=(format!("M0 {}H{}", at(y + 0.5), at(WIDTH))) {}
                @for ((_, bars), top) in rows.iter().zip(&tops) {
                    @for bar in bars { (drawn(bar, *top)) }
                }
                @if let Some(now) = found.now {
                    path.now d=(format!("M{} 30V{}", at(x(now)), at(y))) {}
                }
                @for one in &found.grounds {
                    @let (from, to) = (x(one.from), x(one.to));
                    @let room = width(&one.label) as f64 * LETTER;
                    @let left = from.min(WIDTH - room).max(0.0);
                    @if to > from {
                        text.nm.s x=(at(left + 4.0)) y=(at(y + 15.0)) { (one.label) }
                    }
                }
            }
        }
    }
}

fn x(share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT)
}

fn height(bars: &[Placed]) -> f64 {
    let lanes = bars.iter().map(|bar| bar.lane + 1).max().unwrap_or(1);
    LANE * lanes as f64 + 4.0
}

fn ground(found: &Plan, floor: f64) -> Markup {
    let tall = at(floor - HEAD);
    html! {
        @for day in found.days.iter().filter(|day| day.is_weekend) {
            rect.wkend x=(at(x(day.from))) y=(HEAD) width=(at(x(day.to) - x(day.from)))
                height=(tall) {}
        }
        @for one in &found.grounds {
            @let (from, to) = (x(one.from), x(one.to));
            @if to > from {
                g {
                    title { (one.label) }
                    rect.freeze fill="url(#hatch)" x=(at(from)) y=(HEAD) width=(at(to - from))
                        height=(tall) opacity=".55" {}
                    path.fr-l d=(format!("M{} {HEAD}V{}M{} {HEAD}V{}", at(from), at(floor),
                        at(to), at(floor))) {}
                }
            }
        }
    }
}

fn days(found: &Plan, floor: f64) -> Markup {
    // A label takes about sixty places; where days are narrow, every so many has one.
    let each = (WIDTH - LEFT) / found.days.len().max(1) as f64;
    let every = (64.0 / each).ceil().max(1.0) as usize;
    html! {
        @for (place, day) in found.days.iter().enumerate() {
            @let left = x(day.from);
            @if place % every == 0 || day.is_today {
                @let class = if day.is_today { "hd today" } else { "hd" };
                text class=(class) x=(at(left + 4.0)) y="26" {
                    (day.label)
                }
            }
            path.ax d=(format!("M{} 14V{}", at(left.floor() + 0.5), at(floor))) {}
        }
    }
}

/// Each bar in the first lane in which neither it nor its label meets another.
fn placed(bars: &[Bar]) -> Vec<Placed<'_>> {
    let mut ordered: Vec<&Bar> = bars.iter().collect();
    ordered.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut lanes: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut out = Vec::with_capacity(bars.len());
    for bar in ordered {
        let left = x(bar.from).min(WIDTH - THIN);
        let wide = (x(bar.to) - left).max(THIN);
        let label = cut(&bar.label, LABEL);
        let room = LETTER * width(&label).max(width(&bar.detail)) as f64 + 9.0;
        let is_left = left + wide + room > WIDTH && left - room > LEFT;
        let (from, to) = match is_left {
            true => (left - room, left + wide),
            false => (left, left + wide + room),
        };
        let free = |lane: &Vec<(f64, f64)>| lane.iter().all(|(a, b)| to <= *a || from >= *b);
        let lane = lanes.iter().position(free).unwrap_or(lanes.len());
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push((from, to));
        let text = if is_left { left - 5.0 } else { left + wide + 5.0 };
        out.push(Placed { bar, lane, x: left, width: wide, text, is_left });
    }
    out
}

fn drawn(placed: &Placed, top: f64) -> Markup {
    let bar = placed.bar;
    let y = top + 4.5 + LANE * placed.lane as f64;
    let class = [
        ("chg", true),
        ("out", bar.is_strong),
        ("ask", bar.is_tentative),
        ("clash", bar.is_clashing),
    ];
    let class: Vec<&str> = class.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    let anchor = placed.is_left.then_some("end");
    let says = match bar.detail.is_empty() {
        true => bar.label.clone(),
        false => format!("{}, {}", bar.label, bar.detail),
    };
    let mark = html! {
        title { (says) }
        rect class=(class.join(" ")) x=(at(placed.x)) y=(at(y)) width=(at(placed.width))
            height="28" rx="2" {}
        text class=(if bar.is_clashing { "badt" } else { "nm" }) x=(at(placed.text))
            y=(at(y + 11.0)) text-anchor=[anchor] { (cut(&bar.label, LABEL)) }
        text x=(at(placed.text)) y=(at(y + 25.0)) text-anchor=[anchor] { (bar.detail) }
    };
    html! {
        @match &bar.href {
            Some(href) => a href=(href) { (mark) },
            None => g { (mark) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(from: f64, to: f64, label: &str) -> Bar {
        Bar { from, to, label: label.into(), ..Bar::default() }
    }

    #[test]
    fn bars_and_labels_do_not_cover_each_other() {
        let bars = [
            bar(0.0, 0.1, "Firewall rules"),
            bar(0.05, 0.1, "Certificates"),
            bar(0.5, 0.52, "Archive move"),
            bar(0.98, 1.4, "Core release"),
        ];
        let found = placed(&bars);
        let lanes: Vec<usize> = found.iter().map(|bar| bar.lane).collect();
        assert_eq!(lanes, [0, 1, 0, 0]);
        assert!(found[3].is_left, "its label has no room at the right");
        assert!(found[3].x + found[3].width <= WIDTH + 0.01, "what ends later is cut");
    }

    #[test]
    fn a_bar_without_length_is_still_seen() {
        assert_eq!(placed(&[bar(0.3, 0.3, "x")])[0].width, THIN);
        assert_eq!(placed(&[bar(1.0, 1.0, "x")])[0].x, WIDTH - THIN);
    }
}
