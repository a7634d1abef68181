//! Rows of several branches in the order of the list. A record that is in several (rights joined
//! by `or` overlap) comes once.

use super::cursor::Position;
use super::row::Placed;
use super::statement::Frame;
use std::cmp::Ordering;

pub(super) fn merge(frame: &Frame, branches: Vec<Vec<Placed>>, limit: usize) -> Vec<Placed> {
    let mut all: Vec<Placed> = branches.into_iter().flatten().collect();
    all.sort_by(|a, b| order(frame, &a.place, &b.place));
    all.dedup_by_key(|placed| placed.place.key);
    all.truncate(limit);
    all
}

/// The order of two places in the list, as the database has it.
pub(super) fn order(frame: &Frame, a: &Position, b: &Position) -> Ordering {
    for (term, (a, b)) in frame.terms.iter().zip(a.cells.iter().zip(&b.cells)) {
        let order = term.order(a, b);
        if order.is_ne() {
            return order;
        }
    }
    let keys = a.key.cmp(&b.key);
    if frame.key_descends { keys.reverse() } else { keys }
}
