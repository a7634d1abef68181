//! A list as several lists that an index serves each, merged afterwards: `state in ['new',
//! 'active']` a state at a time, rights joined by `or` one by one. Only where that gives every one
//! of them a better index; there are never more than [`MOST`].

use super::fit::{self, Fit};
use super::part::{self, Form, Part};
use super::statement::Frame;
use crate::cell::Cell;
use crate::sql::{Fragment, Ground, Truth};
use model::Name;
use std::cmp::Reverse;
use std::rc::Rc;

/// The most branches of one list.
const MOST: usize = 32;

/// Conditions that must all hold, and the index that serves them.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub parts: Vec<Rc<Part>>,
    pub fit: Fit,
}

/// The branches that together are the list; one where splitting gains nothing.
pub(super) fn branches(frame: &Frame) -> Vec<Branch> {
    split(frame, frame.parts.clone(), 0, MOST)
}

/// The best that splitting at `from` or behind it gives. Of equally good ones that with the fewest
/// branches: each of them is walked until it has a page, and one that few records satisfy to its
/// end.
fn split(frame: &Frame, parts: Vec<Rc<Part>>, from: usize, room: usize) -> Vec<Branch> {
    let Frame { ground, terms, key_descends, .. } = frame;
    let mut best = Vec::new();
    for place in from..parts.len() {
        let alternatives = alternatives(ground, &parts, place);
        if alternatives.len() < 2 || alternatives.len() > room {
            continue;
        }
        let each = room / alternatives.len();
        let apart = |parts| split(frame, parts, place, each);
        let tried: Vec<Branch> = alternatives.into_iter().flat_map(apart).collect();
        if best.is_empty() || rank(&tried) > rank(&best) {
            best = tried;
        }
    }
    let fit = fit::best(ground, terms, *key_descends, &fit::fixed(&parts));
    let whole = vec![Branch { parts, fit }];
    if worst(&best) > worst(&whole) { best } else { whole }
}

fn rank(branches: &[Branch]) -> ((bool, usize), Reverse<usize>) {
    (worst(branches), Reverse(branches.len()))
}

/// A list is as good as its worst branch.
fn worst(branches: &[Branch]) -> (bool, usize) {
    branches.iter().map(|b| (b.fit.sorted, b.fit.fixed)).min().unwrap_or_default()
}

/// The parts with the one at `place` replaced by each of its alternatives.
fn alternatives(ground: &Ground, all: &[Rc<Part>], place: usize) -> Vec<Vec<Rc<Part>>> {
    let with = |instead: Vec<Rc<Part>>| {
        let mut parts: Vec<Rc<Part>> = all.to_vec();
        parts.splice(place..=place, instead);
        parts
    };
    match &all[place].form {
        Form::Any(alternatives) => alternatives.iter().map(|parts| with(parts.clone())).collect(),
        Form::OneOf(field, cells) if fit::has(ground, field) => {
            let guarded = part::is_guarded(ground, field);
            let one = |cell: &Cell| {
                let mut parts = vec![fixed(ground, field, cell)];
                // the part itself carries the reader's right to the field
                parts.extend(guarded.then(|| plain(&all[place])));
                with(parts)
            };
            cells.iter().map(one).collect()
        }
        _ => Vec::new(),
    }
}

fn fixed(ground: &Ground, field: &Name, cell: &Cell) -> Rc<Part> {
    let equal = Fragment::of("{} = {}", &[&ground.column(field), &ground.bind(cell.clone())]);
    let truth = part::equals(ground, field, std::slice::from_ref(cell), Truth::open(equal));
    Rc::new(Part { truth, form: Form::One(field.clone(), cell.clone()) })
}

fn plain(part: &Rc<Part>) -> Rc<Part> {
    Rc::new(Part { truth: part.truth.clone(), form: Form::Plain })
}
