//! Rights as words of the full-text index, so that a search finds only what the reader may see
//! before anything is cut off.
//!
//! A right that is an equality (`caller == me`, `assigned_team in me.teams`) is a token of the
//! document. Where a right says more, its equality alone finds a superset and the exact condition
//! is checked after; where it has none, the record type stands for it.

use model::Name;
use model::expression::Node;

/// One equality of a right: the field of the record and whose key it must hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Equality {
    pub field: Name,
    pub whose: Whose,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    /// The person's own key.
    Me,
    /// The keys a part of the person holds.
    Part(Name),
}

/// The equalities of which at least one holds wherever the condition does; `None` where the
/// condition may hold without any.
pub fn equalities(node: &Node) -> Option<Vec<Equality>> {
    match node {
        Node::Or(parts) => {
            let each: Option<Vec<Vec<Equality>>> = parts.iter().map(equalities).collect();
            each.map(|each| each.into_iter().flatten().collect())
        }
        Node::And(parts) => {
            let each = parts.iter().filter_map(equalities);
            each.min_by_key(Vec::len)
        }
        // The checker writes `caller == me` as `caller in [me]`: an unset field is nobody's.
        Node::In(left, right) => match (&**left, &**right) {
            (Node::Field(field), Node::List(whose)) => {
                whose.iter().map(|node| equality(field, node)).collect()
            }
            (Node::Field(field), node) => equality(field, node).map(|equality| vec![equality]),
            _ => None,
        },
        _ => None,
    }
}

fn equality(field: &Name, node: &Node) -> Option<Equality> {
    let whose = match node {
        Node::Me => Whose::Me,
        Node::MyPart(part) => Whose::Part(part.clone()),
        _ => return None,
    };
    Some(Equality { field: field.clone(), whose })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn mine(field: &str) -> Node {
        let field = Box::new(Node::Field(name(field)));
        Node::In(field, Box::new(Node::List(vec![Node::Me])))
    }

    fn set(field: &str) -> Node {
        Node::IsSet(Box::new(Node::Field(name(field))))
    }

    #[test]
    fn an_or_needs_an_equality_on_every_side() {
        let both = Node::Or(vec![mine("caller"), mine("assignee")]);
        assert_eq!(equalities(&both).unwrap().len(), 2);
        assert_eq!(equalities(&Node::Or(vec![mine("caller"), set("state")])), None);
    }

    #[test]
    fn an_and_needs_one() {
        let and = Node::And(vec![set("state"), mine("caller")]);
        let whose = Whose::Me;
        assert_eq!(equalities(&and), Some(vec![Equality { field: name("caller"), whose }]));
        assert_eq!(equalities(&Node::And(vec![set("state")])), None);
    }
}
