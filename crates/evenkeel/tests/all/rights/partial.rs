//! A condition as far as it is decided once the state is known.

use model::Value;
use model::expression::{Comparison, Node};

pub fn given_state(node: &Node, state: &str) -> Node {
    let part = |node: &Node| given_state(node, state);
    match node {
        Node::Field(name) if name == "state" => Node::Value(Value::text(state)),
        Node::Not(inner) => match decided(&part(inner)) {
            Some(yes) => truth(!yes),
            None => Node::Not(Box::new(part(inner))),
        },
        Node::And(parts) => fold(parts.iter().map(part), true, Node::And),
        Node::Or(parts) => fold(parts.iter().map(part), false, Node::Or),
        Node::Compare(comparison, left, right) => compare(*comparison, part(left), part(right)),
        Node::In(left, right) => among(part(left), part(right)),
        other => other.clone(),
    }
}

fn truth(yes: bool) -> Node {
    Node::Value(Value::YesNo(yes))
}

fn decided(node: &Node) -> Option<bool> {
    match node {
        Node::Value(Value::YesNo(yes)) => Some(*yes),
        _ => None,
    }
}

/// `neutral` parts say nothing, the opposite decides all.
fn fold(parts: impl Iterator<Item = Node>, neutral: bool, whole: fn(Vec<Node>) -> Node) -> Node {
    let mut open = Vec::new();
    for part in parts {
        match decided(&part) {
            Some(yes) if yes == neutral => {}
            Some(yes) => return truth(yes),
            None => open.push(part),
        }
    }
    match open.len() {
        0 => truth(neutral),
        1 => open.remove(0),
        _ => whole(open),
    }
}

fn compare(comparison: Comparison, left: Node, right: Node) -> Node {
    match (comparison, &left, &right) {
        (Comparison::Equal, Node::Value(a), Node::Value(b)) => truth(a == b),
        (Comparison::NotEqual, Node::Value(a), Node::Value(b)) => truth(a != b),
        _ => Node::Compare(comparison, Box::new(left), Box::new(right)),
    }
}

fn among(left: Node, right: Node) -> Node {
    if let (Node::Value(value), Node::List(all)) = (&left, &right)
        && all.iter().all(|one| matches!(one, Node::Value(_)))
    {
        return truth(all.iter().any(|one| *one == Node::Value(value.clone())));
    }
    Node::In(Box::new(left), Box::new(right))
}
