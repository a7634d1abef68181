//! A long list sorted by title: read from the spine's index on titles, a record type at a time.
//!
//! Titles sort by a collation key that the spine holds and the table does not, so no declared
//! index gives this order. Apart from `branch`, because the spine must be read first.

use super::cursor::Position;
use super::part::is_concrete;
use super::segment::Cutter;
use super::sort::OrderTerm;
use super::statement::{Frame, Sql};
use crate::sql::{self, Fragment, Truth};
use model::Name;

/// No more record types than this are read one by one.
const TYPES: usize = 16;

/// The statements of each record type, if the list is sorted by nothing but its title.
pub(super) fn by_title(
    frame: &Frame,
    after: Option<&Position>,
    limit: usize,
) -> Option<Vec<Vec<Sql>>> {
    let [term] = frame.terms.as_slice() else { return None };
    let family = frame.ground.record_type.family.iter();
    let types: Vec<&Name> = family.filter(|name| is_concrete(&frame.ground, name)).collect();
    if !term.is_title || types.len() > TYPES {
        return None;
    }
    let of_type = |record_type: &Name| one_type(frame, term, record_type, after, limit);
    Some(types.into_iter().map(of_type).collect())
}

fn one_type(
    frame: &Frame,
    term: &OrderTerm,
    record_type: &Name,
    after: Option<&Position>,
    limit: usize,
) -> Vec<Sql> {
    let ground = &frame.ground;
    let sql = Fragment::raw("s.\"title_key\"");
    let terms = [OrderTerm { sql, nullable: false, ..term.clone() }];
    let key = Fragment::raw("s.\"key\"");
    let joined = Fragment::of("{} = {}", &[&ground.column("key"), &key]);
    let typed = Fragment::raw(format!("s.\"type\" = '{record_type}'"));
    let on = Truth::all(vec![Truth::certain(typed), Truth::certain(joined), frame.condition()]);
    // SQLite keeps the order of a CROSS JOIN
    let from = Fragment::of("\"record\" AS s CROSS JOIN {}", &[&sql::source(ground)]);
    let cutter =
        Cutter { ground, terms: &terms, key, key_descends: frame.key_descends, fixed: &[None] };
    let segments = cutter.segments(after).into_iter();
    let statement = |segment: super::segment::Segment| {
        let on = Truth::all([vec![on.clone()], segment.on].concat());
        frame.statement(&from, &terms, on, &segment.order, limit)
    };
    segments.map(statement).collect()
}
