//! `value in ...`: a list, a field of several choices, or a set of linked records. False where
//! the value is unset; unset members are nobody's equal.

use super::compare::{alike, equal};
use super::condition::Truth;
use super::known::known;
use super::reach::{self, Reach};
use super::scalar::{Holds, term};
use super::{Dialect, Fragment, Ground, Scalar, Term, Unanswerable};
use crate::cell::Cell;
use model::Value;
use model::expression::Node;

/// From so many keys on a list is handed over as one cell.
const MANY: usize = 64;

pub(super) fn member(ground: &Ground, left: &Node, right: &Node) -> Result<Truth, Unanswerable> {
    let left = term(ground, left)?;
    if let Term::Known(Value::Unset) = left {
        return Ok(Truth::constant(false));
    }
    if let Node::List(parts) = right {
        return listed(ground, &left, parts);
    }
    if let Some(values) = known(ground, right) {
        return Ok(among(ground, &left, &members(values)));
    }
    match reach::reach(ground, right)? {
        Some(Reach::Nowhere) => Ok(Truth::constant(false)),
        Some(Reach::There(there)) => Ok(there.exists(equal(ground, &left, &there.value))),
        None => Ok(contains(ground, &left, &term(ground, right)?)),
    }
}

fn listed(ground: &Ground, left: &Term, parts: &[Node]) -> Result<Truth, Unanswerable> {
    let mut constants = Vec::new();
    let mut any = Vec::new();
    for part in parts {
        match known(ground, part) {
            Some(value) => constants.push(value),
            None => any.push(equal(ground, left, &term(ground, part)?)),
        }
    }
    any.insert(0, among(ground, left, &constants));
    Ok(Truth::any(any))
}

/// What a known value stands for after `in`: several keys or texts are each a member.
pub(crate) fn members(value: Value) -> Vec<Value> {
    match value {
        Value::Unset => Vec::new(),
        Value::References(keys) => keys.iter().map(|key| Value::Reference(*key)).collect(),
        Value::Texts(names) => names.iter().map(|name| Value::Text(name.clone())).collect(),
        one => vec![one],
    }
}

fn among(ground: &Ground, left: &Term, values: &[Value]) -> Truth {
    let Term::One(scalar) = left else {
        let each = values.iter().map(|v| equal(ground, left, &Term::Known(v.clone()))).collect();
        return Truth::any(each);
    };
    let cells = alike(values, scalar);
    let list = match cells.as_slice() {
        [] => return Truth::constant(false),
        [one] => Fragment::of("{} = {}", &[&scalar.sql, &ground.bind(one.clone())]),
        many if many.len() >= MANY && many.iter().all(|c| matches!(c, Cell::Integer(_))) => {
            Fragment::of("{} IN {}", &[&scalar.sql, &large(ground, many)])
        }
        some => {
            let bound: Vec<Fragment> = some.iter().map(|c| ground.bind(c.clone())).collect();
            Fragment::of("{} IN ({})", &[&scalar.sql, &Fragment::join(&bound, ", ")])
        }
    };
    Truth::open(list).guarded(scalar.guard.clone())
}

/// Many numbers as one cell, so that the statement stays short and is prepared once.
fn large(ground: &Ground, cells: &[Cell]) -> Fragment {
    let numbers: Vec<String> =
        cells.iter().filter_map(Cell::integer).map(|number| number.to_string()).collect();
    let json = ground.bind(&*format!("[{}]", numbers.join(",")));
    match ground.context.dialect {
        Dialect::Sqlite => Fragment::of("(SELECT value FROM json_each({}))", &[&json]),
        Dialect::Postgres => {
            Fragment::of("(SELECT value::bigint FROM json_array_elements_text({}::json))", &[&json])
        }
    }
}

/// A field of several choices holds the choice; any other field is a list of one.
fn contains(ground: &Ground, left: &Term, right: &Term) -> Truth {
    let Term::Several { sql, guard } = right else { return equal(ground, left, right) };
    let (barred, left_guard) = match left {
        Term::Known(Value::Text(name)) => (ground.bind(&*format!("|{name}|")), None),
        Term::One(Scalar { sql, guard, holds: Holds::Text }) => {
            (Fragment::of("'|' || {} || '|'", &[sql]), guard.clone())
        }
        _ => return Truth::constant(false),
    };
    let template = match ground.context.dialect {
        Dialect::Sqlite => "instr({}, {}) > 0",
        Dialect::Postgres => "strpos({}, {}) > 0",
    };
    Truth::open(Fragment::of(template, &[sql, &barred])).guarded(guard.clone()).guarded(left_guard)
}
