//! Whether a record that is part of another would be part of itself, directly or through others.
//! One walk for all trees: organizations, categories, locations, items.
//!
//! Two records that are put under each other at the same time are caught by a guard that all moves
//! within one kind of tree share; new records close no circle and need none.

use engine::Result;
use engine::rule::{Answer, RuleCase};
use model::{Key, Value};

/// How many levels a tree may have. A deeper one is refused, so that the walk ends.
pub const LEVELS: usize = 100;

/// Whether the tree by this reference field stays a tree.
///
/// # Errors
/// A failed read.
pub fn through_field(case: &RuleCase, field: &str) -> Result<Answer> {
    if !moves_by_field(case, field) {
        return Ok(Answer::Holds);
    }
    let root = case.definition.root();
    let up = |key: Key| Ok(case.value_of(root, key, field)?.as_key());
    walk(case, case.record.field(field).as_key(), up)
}

/// Whether the tree by this link stays a tree.
///
/// # Errors
/// A failed read.
pub fn through_link(case: &RuleCase, link: &str) -> Result<Answer> {
    if !moves_by_link(case, link) {
        return Ok(Answer::Holds);
    }
    let root = case.definition.root();
    let up = |key: Key| Ok(case.far_ends(root, link, &[key])?.first().copied());
    walk(case, case.linked(link)?.first().copied(), up)
}

/// The guard of moves by the field.
pub fn guard_of_field(case: &RuleCase, field: &str) -> Vec<String> {
    let moves = moves_by_field(case, field);
    moves.then(|| format!("{}.{field}", case.definition.root())).into_iter().collect()
}

/// The guard of moves by the link.
pub fn guard_of_link(case: &RuleCase, link: &str) -> Vec<String> {
    let moves = moves_by_link(case, link);
    moves.then(|| format!("{}.{link}", case.definition.root())).into_iter().collect()
}

fn moves_by_field(case: &RuleCase, field: &str) -> bool {
    let set = case.record.field(field) != Value::Unset;
    case.before.is_some() && set && case.changes(field)
}

fn moves_by_link(case: &RuleCase, link: &str) -> bool {
    case.before.is_some() && case.sets_link(link)
}

fn walk(
    case: &RuleCase,
    first: Option<Key>,
    up: impl Fn(Key) -> Result<Option<Key>>,
) -> Result<Answer> {
    let mut at = first;
    for _ in 0..LEVELS {
        match at {
            None => return Ok(Answer::Holds),
            Some(key) if key == case.record.key => break,
            Some(key) => at = up(key)?,
        }
    }
    Ok(Answer::Broken { by: first })
}
