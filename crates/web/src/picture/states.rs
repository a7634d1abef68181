//! The states of a record type and the ways between them, in one row from the first to the last:
//! ways on above, ways back below, each on a line of its own, so that no words meet.

use super::layout::layers;
use super::{at, width};
use crate::asset;
use maud::{Markup, html};

/// States, in the order of their declaration, the first one first; ways name them by their places.
#[derive(Debug, Clone, Default)]
pub struct States {
    /// A sentence.
    pub name: String,
    pub stands: Vec<Stand>,
    pub ways: Vec<Way>,
}

#[derive(Debug, Clone, Default)]
pub struct Stand {
    pub label: String,
    /// The word of its category, after which its glyph is called.
    pub category: &'static str,
    /// Nothing follows any more.
    pub is_end: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Way {
    pub label: String,
    pub from: Vec<usize>,
    pub to: usize,
    /// Offered under a condition only.
    pub is_partial: bool,
}

/// Where a way runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Between two neighbours.
    Straight,
    Above,
    Below,
}

/// A way between places of the row.
struct Run<'w> {
    way: &'w Way,
    side: Side,
    from: Vec<usize>,
    to: usize,
    /// From 0, nearest to the row first.
    lane: usize,
}

/// One box of the row.
struct Place {
    node: usize,
    left: f64,
    wide: f64,
}

const HIGH: f64 = 34.0;
const LANE: f64 = 24.0;
const PORT: f64 = 14.0;
const MARGIN: f64 = 4.0;
const ROUND: f64 = 6.0;

/// The picture. It keeps its size, so that its words stay readable, and scrolls in a box of its
/// own.
pub fn states(found: &States) -> Markup {
    let row = row(found);
    let mut runs = runs(found, &row);
    let places = places(found, &row, &runs);
    lanes(&mut runs, &places);
    let count = |side| runs.iter().filter(|r| r.side == side).map(|r| r.lane + 1).max();
    let (above, below) = (count(Side::Above).unwrap_or(0), count(Side::Below).unwrap_or(0));
    let top = MARGIN + 10.0 + LANE * above as f64;
    let high = top + HIGH + LANE * below as f64 + 10.0 + MARGIN;
    let (first, last) = extent(&runs, &places);
    let wide = last - first;
    html! {
        div.scroll-x tabindex="0" role="region" aria-label=(found.name) {
            svg.diagram.natural viewBox=(format!("{} 0 {} {}", at(first), at(wide), at(high)))
                width=(at(wide)) height=(at(high)) role="img" aria-label=(found.name) {
                defs { marker #tip viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"
                    markerHeight="8" orient="auto-start-reverse" {
                    path.tip d="M0 .8 7 4 0 7.2z" {}
                } }
                @for run in &runs { (line(run, &runs, &places, top)) }
                @for place in &places { (boxed(&found.stands[place.node], place, top)) }
                @for run in &runs { (words(run, &places, top)) }
            }
        }
    }
}

/// The nodes from left to right: by the longest way from the first; then where nothing follows,
/// the furthest first, so that a short way out does not part what goes on; what was called off
/// last.
fn row(found: &States) -> Vec<usize> {
    let edges: Vec<(usize, usize)> =
        found.ways.iter().flat_map(|way| way.from.iter().map(|from| (*from, way.to))).collect();
    let layer = layers(found.stands.len(), &edges);
    let mut row: Vec<usize> = (0..found.stands.len()).collect();
    row.sort_by_key(|node| {
        let stand = &found.stands[*node];
        let far = layer[*node] as i64;
        let far = if stand.is_end { -far } else { far };
        (stand.category == "cancelled", stand.is_end, far, *node)
    });
    row
}

fn runs<'w>(found: &'w States, row: &[usize]) -> Vec<Run<'w>> {
    let spot = |node: &usize| row.iter().position(|one| one == node).unwrap_or(0);
    let mut straight = vec![false; row.len()];
    let mut runs = Vec::new();
    for way in &found.ways {
        let to = spot(&way.to);
        let (on, back): (Vec<usize>, Vec<usize>) =
            way.from.iter().map(spot).partition(|from| *from <= to);
        let is_next = on.len() == 1 && on[0] + 1 == to && !straight[to];
        if is_next {
            straight[to] = true;
        }
        for (from, side) in
            [(on, if is_next { Side::Straight } else { Side::Above }), (back, Side::Below)]
        {
            if !from.is_empty() {
                runs.push(Run { way, side, from, to, lane: 0 });
            }
        }
    }
    runs
}

fn places(found: &States, row: &[usize], runs: &[Run]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut left = MARGIN;
    for (spot, node) in row.iter().enumerate() {
        let ends = |side| {
            let one = |run: &Run| {
                run.from.iter().filter(|from| **from == spot).count() + usize::from(run.to == spot)
            };
            runs.iter().filter(|run| run.side == side).map(one).sum::<usize>()
        };
        let ports = ends(Side::Above).max(ends(Side::Below)) + 1;
        let words = letters(&found.stands[*node].label, 7.0) + 44.0;
        let next = runs.iter().find(|run| run.side == Side::Straight && run.to == spot);
        if let Some(before) = places.last() {
            let label = next.map_or(0.0, |run| letters(&run.way.label, 6.2) + 30.0);
            left = before.left + before.wide + label.max(36.0);
        }
        places.push(Place { node: *node, left, wide: words.max(PORT * ports as f64) });
    }
    places
}

/// How wide a text is, a letter being so wide.
fn letters(text: &str, one: f64) -> f64 {
    width(text) as f64 * one
}

/// From where to where a way and its words reach.
fn reach(run: &Run, places: &[Place]) -> (f64, f64) {
    let ends = || run.from.iter().chain([&run.to]);
    let left = ends().map(|spot| places[*spot].left).fold(f64::MAX, f64::min);
    let right = ends().map(|spot| places[*spot].left + places[*spot].wide).fold(0.0, f64::max);
    let (middle, half) = ((left + right) / 2.0, letters(&run.way.label, 6.2) / 2.0 + 8.0);
    (left.min(middle - half), right.max(middle + half))
}

fn extent(runs: &[Run], places: &[Place]) -> (f64, f64) {
    let row = places.last().map_or(0.0, |last| last.left + last.wide);
    runs.iter().map(|run| reach(run, places)).fold((0.0, row + MARGIN), |(first, last), (a, b)| {
        (f64::min(first, a - MARGIN), f64::max(last, b + MARGIN))
    })
}

/// Gives each way the nearest line on which nothing of another stands; short ways first.
fn lanes(runs: &mut [Run], places: &[Place]) {
    for side in [Side::Above, Side::Below] {
        let mut order: Vec<usize> = (0..runs.len()).filter(|n| runs[*n].side == side).collect();
        order.sort_by(|a, b| {
            let long = |n: &usize| reach(&runs[*n], places).1 - reach(&runs[*n], places).0;
            long(a).total_cmp(&long(b)).then(a.cmp(b))
        });
        let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
        for number in order {
            let (from, to) = reach(&runs[number], places);
            let is_free = |lane: &Vec<(f64, f64)>| lane.iter().all(|(a, b)| *b < from || to < *a);
            let lane = taken.iter().position(is_free).unwrap_or(taken.len());
            if lane == taken.len() {
                taken.push(Vec::new());
            }
            taken[lane].push((from, to));
            runs[number].lane = lane;
        }
    }
}

/// Where a way leaves or enters a box. Above, what comes in stands left of what goes out; below,
/// right of it; those of nearer lines nearer to where they come from, so that few lines cross.
fn port(runs: &[Run], places: &[Place], side: Side, spot: usize, end: (usize, bool)) -> f64 {
    let mut ends: Vec<(usize, bool, usize)> = Vec::new();
    for (number, run) in runs.iter().enumerate().filter(|(_, run)| run.side == side) {
        if run.from.contains(&spot) {
            ends.push((number, false, run.lane));
        }
        if run.to == spot {
            ends.push((number, true, run.lane));
        }
    }
    ends.sort_by_key(|(number, enters, lane)| {
        let lane = *lane as i64;
        match (side, *enters) {
            (Side::Above, true) => (0, lane, *number),
            (Side::Above, false) => (1, -lane, *number),
            (_, false) => (0, lane, *number),
            (_, true) => (1, -lane, *number),
        }
    });
    let index = ends.iter().position(|(n, enters, _)| (*n, *enters) == end).unwrap_or(0);
    let place = &places[spot];
    place.left + place.wide * (index as f64 + 1.0) / (ends.len() as f64 + 1.0)
}

/// The height of the line of a way.
fn height(run: &Run, top: f64) -> f64 {
    match run.side {
        Side::Straight => top + HIGH / 2.0,
        Side::Above => top - LANE * (run.lane as f64 + 1.0) + 4.0,
        Side::Below => top + HIGH + LANE * (run.lane as f64 + 1.0) - 4.0,
    }
}

fn line(run: &Run, runs: &[Run], places: &[Place], top: f64) -> Markup {
    let class = if run.way.is_partial { "go side" } else { "go" };
    let tip = "url(#tip)";
    let y = height(run, top);
    if run.side == Side::Straight {
        let (from, to) = (&places[run.from[0]], &places[run.to]);
        let path = format!("M{} {}H{}", at(from.left + from.wide), at(y), at(to.left - 1.0));
        return html! { path class=(class) d=(path) marker-end=(tip) {} };
    }
    let number = runs.iter().position(|one| std::ptr::eq(one, run)).unwrap_or(0);
    let edge = if run.side == Side::Above { top } else { top + HIGH };
    let end = port(runs, places, run.side, run.to, (number, true));
    // Towards the row.
    let down = if run.side == Side::Above { ROUND } else { -ROUND };
    html! {
        @for (index, from) in run.from.iter().enumerate() {
            @let start = port(runs, places, run.side, *from, (number, false));
            @let right = if end > start { ROUND } else { -ROUND };
            @let path = format!(
                "M{} {}V{}Q{} {} {} {}H{}Q{} {} {} {}V{}",
                at(start), at(edge), at(y + down), at(start), at(y), at(start + right), at(y),
                at(end - right), at(end), at(y), at(end), at(y + down),
                at(edge - down.signum()),
            );
            path class=(class) d=(path) marker-end=[(index == 0).then_some(tip)] {}
        }
    }
}

fn words(run: &Run, places: &[Place], top: f64) -> Markup {
    let (left, right) = match run.side {
        Side::Straight => {
            let from = &places[run.from[0]];
            (from.left + from.wide, places[run.to].left - 4.0)
        }
        _ => reach(run, places),
    };
    let y = height(run, top) - 5.0;
    html! {
        text.lb.halo x=(at((left + right) / 2.0)) y=(at(y)) text-anchor="middle" {
            (run.way.label)
        }
    }
}

fn boxed(stand: &Stand, place: &Place, top: f64) -> Markup {
    let x = place.left + (place.wide - letters(&stand.label, 7.0) - 24.0) / 2.0;
    let glyph = format!("{}#s-{}", asset::url("icons.svg"), stand.category);
    html! {
        rect class=(if stand.is_end { "st end" } else { "st" }) x=(at(place.left)) y=(at(top))
            width=(at(place.wide)) height=(at(HIGH)) rx="17" {}
        svg class=(format!("state-g g-{}", stand.category)) x=(at(x)) y=(at(top + 10.0))
            width="14" height="14" viewBox="0 0 14 14" { use href=(glyph) {} }
        text.nm x=(at(x + 20.0)) y=(at(top + 21.5)) { (stand.label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(label: &str, from: &[usize], to: usize) -> Way {
        Way { label: label.into(), from: from.to_vec(), to, is_partial: false }
    }

    fn life() -> States {
        let stand = |label: &str, category| Stand { label: label.into(), category, is_end: false };
        States {
            name: "States".into(),
            stands: vec![
                stand("Draft", "new"),
                stand("Called off", "cancelled"),
                stand("In assessment", "active"),
                stand("Done", "done"),
            ],
            ways: vec![
                way("submit", &[0], 2),
                way("finish", &[2], 3),
                way("return to draft", &[2], 0),
                way("call off", &[0, 2], 1),
                way("at once", &[0], 3),
                way("look again", &[2], 2),
            ],
        }
    }

    #[test]
    fn the_row_goes_from_the_first_to_the_last() {
        assert_eq!(row(&life()), [0, 2, 3, 1]);
        let mut life = life();
        life.stands.push(Stand { label: "Refused".into(), category: "closed", is_end: true });
        life.ways.push(way("refuse", &[0], 4));
        assert_eq!(row(&life), [0, 2, 3, 4, 1], "beside the way on");
    }

    #[test]
    fn ways_run_straight_above_or_below() {
        let life = life();
        let row = row(&life);
        let sides: Vec<Side> = runs(&life, &row).iter().map(|run| run.side).collect();
        use Side::{Above, Below, Straight};
        assert_eq!(sides, [Straight, Straight, Below, Above, Above, Above]);
    }

    #[test]
    fn words_of_one_line_never_meet() {
        let life = life();
        let row = row(&life);
        let mut runs = runs(&life, &row);
        let places = places(&life, &row, &runs);
        lanes(&mut runs, &places);
        for (index, one) in runs.iter().enumerate() {
            for other in &runs[index + 1..] {
                if (one.side, one.lane) != (other.side, other.lane) || one.side == Side::Straight {
                    continue;
                }
                let ((a, b), (c, d)) = (reach(one, &places), reach(other, &places));
                assert!(b < c || d < a, "{} and {}", one.way.label, other.way.label);
            }
        }
    }

    #[test]
    fn a_type_without_ways_is_drawn() {
        let mut life = life();
        life.ways.clear();
        let drawn = states(&life).into_string();
        assert!(drawn.contains("In assessment") && !drawn.contains("NaN"), "{drawn}");
    }
}
