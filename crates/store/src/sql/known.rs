//! What is known before the database is asked: values, and the cells they are compared as.

use super::{Ground, Holds};
use crate::cell::Cell;
use crate::codec::several_cell;
use model::Value;
use model::expression::{Expression, Kind, NoRecord, Node};

/// The value of an expression that reads no record; `None` where it does.
pub(crate) fn known(ground: &Ground, node: &Node) -> Option<Value> {
    match node {
        Node::Value(value) => return Some(value.clone()),
        node if !reads_nothing(node) => return None,
        _ => {}
    }
    let facts = NoRecord { asked: ground.context.asker, of: Some(ground.record_type) };
    let whole = Expression { source: "".into(), node: node.clone(), kind: Kind::Any };
    Some(whole.evaluate(&facts))
}

fn reads_nothing(node: &Node) -> bool {
    match node {
        Node::Value(_) | Node::Now | Node::Today | Node::StartOf(_) | Node::Me => true,
        Node::MyPart(_) | Node::Parameter(_) => true,
        Node::Field(_) | Node::Step { .. } | Node::StepLink { .. } | Node::Linked(_) => false,
        Node::LinkedField { .. } | Node::LinkedLink { .. } => false,
        Node::Count(_) | Node::Search(_) => false,
        Node::IsSet(part) | Node::Not(part) | Node::Widen { node: part, .. } => reads_nothing(part),
        Node::Compare(_, left, right) | Node::In(left, right) => {
            reads_nothing(left) && reads_nothing(right)
        }
        Node::Add(left, right) | Node::Subtract(left, right) => {
            reads_nothing(left) && reads_nothing(right)
        }
        Node::List(parts) | Node::And(parts) | Node::Or(parts) => parts.iter().all(reads_nothing),
        Node::Matrix { row, column, .. } => reads_nothing(row) && reads_nothing(column),
    }
}

/// The cell of a known value where one that holds `like` is compared with it; `None` where none
/// can be equal. Numbers compare by size, whatever their places.
pub(super) fn cell_like(value: &Value, like: Holds) -> Option<Cell> {
    let (found, holds) = cell(value)?;
    if holds == like {
        return Some(found);
    }
    let (from, to) = (places(holds)?, places(like)?);
    let units = found.integer()?;
    let factor = 10_i64.checked_pow(u32::from(from.abs_diff(to)))?;
    let fitted = if to >= from {
        units.checked_mul(factor)?
    } else {
        (units % factor == 0).then_some(units / factor)?
    };
    Some(Cell::Integer(fitted))
}

fn places(holds: Holds) -> Option<u8> {
    match holds {
        Holds::Integer => Some(0),
        Holds::Decimal(places) => Some(places),
        _ => None,
    }
}

/// The cell of a value and what it holds; `None` for values of several cells and unset ones.
pub(super) fn cell(value: &Value) -> Option<(Cell, Holds)> {
    Some(match value {
        Value::YesNo(yes) => (Cell::Bool(*yes), Holds::YesNo),
        Value::Integer(number) => (Cell::Integer(*number), Holds::Integer),
        Value::Decimal(d) => (Cell::Integer(d.units), Holds::Decimal(d.places)),
        Value::Text(text) => (Cell::Text(text.clone()), Holds::Text),
        Value::Texts(names) => (several_cell(names), Holds::Text),
        Value::Date(days) => (Cell::Integer(i64::from(*days)), Holds::Date),
        Value::Instant(at) => (Cell::Integer(*at), Holds::Instant),
        Value::Duration(micros) => (Cell::Integer(*micros), Holds::Duration),
        Value::Reference(key) => (Cell::Integer(key.0), Holds::Reference),
        _ => return None,
    })
}
