//! Rows of several branches in the order of the list. A record that is in several (rights joined
//! by `or` overlap) comes once.

use super::row::Placed;
use super::statement::Frame;
use std::cmp::Ordering;

pub(super) fn merge(frame: &Frame, branches: Vec<Vec<Placed>>, limit: usize) -> Vec<Placed> {
    let mut all: Vec<Placed> = branches.into_iter().flatten().collect();
    all.sort_by(|a, b| order(frame, a, b));
    all.dedup_by_key(|placed| placed.record.key);
    all.truncate(limit);
    all
}

fn order(frame: &Frame, a: &Placed, b: &Placed) -> Ordering {
    for (place, term) in frame.terms.iter().enumerate() {
        let order = term.order(&a.cells[place], &b.cells[place]);
        if order.is_ne() {
            return order;
        }
    }
    let keys = a.record.key.cmp(&b.record.key);
    if frame.key_descends { keys.reverse() } else { keys }
}
