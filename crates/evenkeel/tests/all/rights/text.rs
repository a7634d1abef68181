//! Conditions of rights as text, in the words of the expression language.

use model::Value;
use model::expression::{Comparison, LinkEnd, Node};

pub fn of(node: &Node) -> String {
    match node {
        Node::Value(value) => value_text(value),
        Node::List(all) => match all.as_slice() {
            [Node::Me] => "[me]".into(),
            all => format!("[{}]", join(all, ", ")),
        },
        Node::Now => "now()".into(),
        Node::Today => "today()".into(),
        Node::StartOf(period) => format!("start_of({period:?})"),
        Node::Me => "me".into(),
        Node::MyPart(part) => format!("me.{part}"),
        Node::Field(name) => name.to_string(),
        Node::Step { reference, field, .. } => format!("{reference}.{field}"),
        Node::StepLink { reference, end } => format!("{reference}.{}", link(end)),
        Node::Linked(end) => link(end),
        Node::LinkedField { end, field } => format!("{}.{field}", link(end)),
        Node::LinkedLink { end, next } => format!("{}.{}", link(end), link(next)),
        Node::Count(end) => format!("count({})", link(end)),
        Node::IsSet(inner) => format!("{} is set", of(inner)),
        Node::Compare(comparison, left, right) => {
            format!("{} {} {}", of(left), sign(*comparison), of(right))
        }
        Node::In(left, right) => match &**right {
            // As it was written before it was checked.
            Node::List(all) if all.len() == 1 => format!("{} == {}", of(left), of(&all[0])),
            right => format!("{} in {}", of(left), of(right)),
        },
        Node::Not(inner) => match &**inner {
            Node::And(_) | Node::Or(_) => format!("not ({})", of(inner)),
            inner => format!("not {}", of(inner)),
        },
        Node::And(parts) => join(parts, " and "),
        Node::Or(parts) => format!("({})", join(parts, " or ")),
        other => panic!("a right says {other:?}"),
    }
}

fn join(parts: &[Node], between: &str) -> String {
    parts.iter().map(of).collect::<Vec<_>>().join(between)
}

fn link(end: &LinkEnd) -> String {
    if end.inverse { format!("{}.{}", end.from, end.link) } else { end.link.to_string() }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::YesNo(yes) => yes.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Integer(number) => number.to_string(),
        Value::Unset => "unset".into(),
        other => format!("{other:?}"),
    }
}
