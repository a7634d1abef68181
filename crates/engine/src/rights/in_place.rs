//! Reading in somebody's place. Whoever is asked for a vote may read what the vote is about: a
//! substitute while the approver is away, and a person to whom an approval was delegated.
//!
//! What they may read follows the approval: records on which it is open, as far as the person in
//! whose place they decide may read them, in the same sections; internal notes stay with those who
//! have the right to them. It is a condition like any other right, so it holds for one record, for
//! lists, counts, links and search alike, and it ends when the approval is decided.

use super::Grant;
use crate::actor::StandIn;
use model::definition::{Approval, Model, Permission, RecordType};
use model::expression::{Expression, Kind, Node};
use model::{Key, Name, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// In whose place, and on which approval.
#[derive(Debug, Clone)]
pub struct Place {
    pub of: StandIn,
    /// The approval of one record that was delegated; all that the person's roles give otherwise.
    pub only: Option<Delegated>,
}

/// An approval of one record.
#[derive(Debug, Clone)]
pub struct Delegated {
    pub record_type: Name,
    pub record: Key,
    pub approval: Name,
}

/// What the place lets be read of records of a type.
pub(super) fn grants(model: &Model, definition: &Arc<RecordType>, place: &Place) -> Vec<Grant> {
    let open: Vec<Node> = definition
        .approvals
        .values()
        .filter_map(|approval| asked(definition, approval, place))
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    let gate = Node::Or(open);
    let everybody = model.roles.values().filter(|role| role.everybody).map(|role| &role.name);
    let held: BTreeSet<&Name> = place.of.roles.iter().chain(everybody).collect();
    held.into_iter().filter_map(|role| grant(definition, role, place, &gate)).collect()
}

/// Where the approval is open and asks the person whose place it is.
fn asked(definition: &RecordType, approval: &Approval, place: &Place) -> Option<Node> {
    let whom = match &place.only {
        Some(only) if definition.name != only.record_type || approval.name != only.approval => {
            return None;
        }
        // The record's key, as the row and the record in memory hold it.
        Some(only) => Node::In(
            Box::new(Node::Field(Name::new("key")?)),
            Box::new(Node::List(vec![Node::Value(Value::Reference(only.record))])),
        ),
        None => {
            let roles = approval.by.iter().filter(|role| place.of.roles.contains(*role));
            let counts: Vec<Node> = roles.map(|role| scope(definition, role, place)).collect();
            if counts.is_empty() {
                return None;
            }
            Node::Or(counts)
        }
    };
    let when = approval.when.as_ref().map(|when| as_them(&when.node, place));
    Some(Node::And(
        [Some(whom), Some(in_state(definition, approval)?), when].into_iter().flatten().collect(),
    ))
}

/// In a state out of which a step asks for the approval.
fn in_state(definition: &RecordType, approval: &Approval) -> Option<Node> {
    let asking = definition.transitions.values().filter(|t| t.approve.contains(&approval.name));
    let from: BTreeSet<&Name> = asking.flat_map(|transition| &transition.from).collect();
    let states = from.into_iter().map(|state| Node::Value(Value::text(state))).collect();
    let state = Node::Field(Name::new("state")?);
    Some(Node::In(Box::new(state), Box::new(Node::List(states))))
}

fn scope(definition: &RecordType, role: &Name, place: &Place) -> Node {
    let always = Node::Value(Value::YesNo(true));
    definition.role_scopes.get(role).map_or(always, |scope| as_them(&scope.node, place))
}

fn grant(definition: &Arc<RecordType>, role: &Name, place: &Place, gate: &Node) -> Option<Grant> {
    let theirs = definition.permissions.get(role)?;
    let read = condition(as_them(&theirs.read.as_ref()?.node, place));
    let permission =
        Permission { read: Some(read), see: theirs.see.clone(), ..Permission::default() };
    let scope = condition(Node::And(vec![scope(definition, role, place), gate.clone()]));
    Some(Grant {
        role: role.clone(),
        scope: Some(scope),
        permission: Some(permission),
        definition: definition.clone(),
        in_place: true,
    })
}

pub(super) fn condition(node: Node) -> Expression {
    Expression { source: Arc::from(""), node, kind: Kind::YesNo }
}

/// The condition as it would be asked by the person whose place it is.
fn as_them(node: &Node, place: &Place) -> Node {
    let part = |node: &Node| as_them(node, place);
    let boxed = |node: &Node| Box::new(as_them(node, place));
    let each = |nodes: &[Node]| nodes.iter().map(part).collect();
    match node {
        Node::Me => Node::Value(Value::Reference(place.of.person)),
        Node::MyPart(name) => Node::Value(place.of.part(name)),
        Node::List(nodes) => Node::List(each(nodes)),
        Node::And(nodes) => Node::And(each(nodes)),
        Node::Or(nodes) => Node::Or(each(nodes)),
        Node::Not(inner) => Node::Not(boxed(inner)),
        Node::IsSet(inner) => Node::IsSet(boxed(inner)),
        Node::Search(inner) => Node::Search(boxed(inner)),
        Node::Compare(comparison, a, b) => Node::Compare(*comparison, boxed(a), boxed(b)),
        Node::In(a, b) => Node::In(boxed(a), boxed(b)),
        Node::Add(a, b) => Node::Add(boxed(a), boxed(b)),
        Node::Subtract(a, b) => Node::Subtract(boxed(a), boxed(b)),
        Node::Widen { node, from, to } => Node::Widen { node: boxed(node), from: *from, to: *to },
        Node::Matrix { matrix, row, column } => {
            Node::Matrix { matrix: matrix.clone(), row: boxed(row), column: boxed(column) }
        }
        other => other.clone(),
    }
}
