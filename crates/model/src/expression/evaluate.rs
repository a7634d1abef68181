//! Evaluation in memory: the meaning of each node. `store` compiles the same nodes to SQL and must
//! give the same answer. It never fails: what cannot be computed is unset, and an unset condition
//! does not hold.

use super::arithmetic::{add, equal, order, subtract, widened};
use super::{Comparison, Expression, Facts, Node, start_of};
use crate::value::{Key, Value};
use std::sync::Arc;

impl Expression {
    /// The value for one record. A condition always gives `YesNo`, except where it is only a
    /// yes-no field or parameter, which may be unset.
    pub fn evaluate(&self, facts: &dyn Facts) -> Value {
        value(&self.node, facts)
    }

    /// Whether the condition holds: only true holds, unset does not.
    pub fn holds(&self, facts: &dyn Facts) -> bool {
        holds(&self.node, facts)
    }
}

impl Node {
    /// As [`Expression::holds`], for a part of one.
    pub fn holds(&self, facts: &dyn Facts) -> bool {
        holds(self, facts)
    }
}

fn value(node: &Node, facts: &dyn Facts) -> Value {
    match node {
        Node::Value(value) => value.clone(),
        // A list is only ever looked through by `in`.
        Node::List(_) => Value::Unset,
        Node::Now => Value::Instant(facts.now()),
        Node::Today => Value::Date(facts.today()),
        Node::StartOf(period) => Value::Date(start_of(*period, facts.today())),
        Node::Me => facts.me().map_or(Value::Unset, Value::Reference),
        Node::MyPart(part) => facts.my_part(part),
        Node::Field(field) => facts.field(field),
        Node::Step { reference, to, field } => facts.step(reference, to, field),
        Node::Linked(_) | Node::StepLink { .. } | Node::LinkedLink { .. } => {
            references(ends(node, facts))
        }
        Node::LinkedField { end, field } => several(facts.linked_field(end, field)),
        Node::Parameter(parameter) => facts.parameter(parameter),
        Node::Count(end) => Value::Integer(facts.count(end)),
        Node::Widen { node, to, .. } => widened(&value(node, facts), *to),
        Node::Add(a, b) => add(&value(a, facts), &value(b, facts)),
        Node::Subtract(a, b) => subtract(&value(a, facts), &value(b, facts)),
        Node::Matrix { matrix, row, column } => {
            match (value(row, facts).as_text(), value(column, facts).as_text()) {
                (Some(row), Some(column)) => facts.matrix(matrix, row, column),
                _ => Value::Unset,
            }
        }
        Node::IsSet(_)
        | Node::Compare(..)
        | Node::In(..)
        | Node::Search(_)
        | Node::Not(_)
        | Node::And(_)
        | Node::Or(_) => Value::YesNo(holds(node, facts)),
    }
}

fn holds(node: &Node, facts: &dyn Facts) -> bool {
    match node {
        Node::Not(part) => !holds(part, facts),
        Node::And(parts) => parts.iter().all(|part| holds(part, facts)),
        Node::Or(parts) => parts.iter().any(|part| holds(part, facts)),
        Node::IsSet(part) => is_set(part, facts),
        Node::Compare(comparison, a, b) => {
            compares(*comparison, &value(a, facts), &value(b, facts))
        }
        Node::In(a, b) => {
            let a = value(a, facts);
            a.is_set() && among(&a, b, facts)
        }
        // Only the full-text index can tell.
        Node::Search(_) => false,
        _ => value(node, facts).as_bool(),
    }
}

fn compares(comparison: Comparison, a: &Value, b: &Value) -> bool {
    match comparison {
        Comparison::Equal => equal(a, b),
        Comparison::NotEqual => !equal(a, b),
        ordered => order(a, b).is_some_and(|order| ordered.accepts(order)),
    }
}

fn is_set(node: &Node, facts: &dyn Facts) -> bool {
    match node {
        Node::Linked(end) => facts.count(end) > 0,
        Node::LinkedField { end, field } => {
            facts.linked_field(end, field).iter().any(Value::is_set)
        }
        _ => value(node, facts).is_set(),
    }
}

/// Whether a set value is among those on the right.
fn among(a: &Value, right: &Node, facts: &dyn Facts) -> bool {
    match right {
        Node::List(parts) => parts.iter().any(|part| equal(a, &value(part, facts))),
        Node::Linked(_) | Node::StepLink { .. } | Node::LinkedLink { .. } => {
            a.as_key().is_some_and(|key| ends(right, facts).contains(&key))
        }
        Node::LinkedField { end, field } => {
            facts.linked_field(end, field).iter().any(|b| equal(a, b))
        }
        _ => match value(right, facts) {
            Value::Texts(texts) => a.as_text().is_some_and(|a| texts.iter().any(|b| **b == *a)),
            Value::References(keys) => a.as_key().is_some_and(|key| keys.contains(&key)),
            one => equal(a, &one),
        },
    }
}

fn ends(node: &Node, facts: &dyn Facts) -> Vec<Key> {
    match node {
        Node::Linked(end) => facts.linked(end),
        Node::StepLink { reference, end } => facts.step_link(reference, end),
        Node::LinkedLink { end, next } => facts.linked_link(end, next),
        _ => Vec::new(),
    }
}

fn references(mut keys: Vec<Key>) -> Value {
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() { Value::Unset } else { Value::References(keys.into()) }
}

/// What a field of linked records holds as one value: only references and texts have one.
fn several(values: Vec<Value>) -> Value {
    let keys: Vec<Key> = values.iter().filter_map(Value::as_key).collect();
    if !keys.is_empty() {
        return references(keys);
    }
    let mut texts: Vec<&str> = values.iter().filter_map(Value::as_text).collect();
    texts.sort_unstable();
    texts.dedup();
    if texts.is_empty() {
        return Value::Unset;
    }
    Value::Texts(texts.into_iter().map(Arc::from).collect())
}
