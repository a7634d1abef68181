//! What two sets of rights both let read. Each is the `or` over its grants, so both together are
//! the `or` over all pairs of grants: a pair reads where both do, in the sections that both show.
//! A pair writes nothing and counts as no role, so no step is open to it.

use super::{Grant, Rights, TypeRights, in_place};
use model::Name;
use model::definition::{Model, Permission};
use model::expression::{Expression, Node};
use std::sync::Arc;

impl Rights {
    /// What `one` and `other` both let read; nothing is written or administered with it.
    pub fn both(model: &Model, one: &Rights, other: &Rights) -> Rights {
        let types = model.record_types.values().filter_map(|definition| {
            let name = &definition.name;
            let (one, other) = (one.on(name)?, other.on(name)?);
            let pairs = one.grants.iter().flat_map(|a| other.grants.iter().map(move |b| (a, b)));
            let mut grants: Vec<Grant> = Vec::new();
            for grant in pairs.filter_map(|(a, b)| a.and(b)) {
                if !grants.iter().any(|known| known.reads_as(&grant)) {
                    grants.push(grant);
                }
            }
            Some((name.clone(), Arc::new(TypeRights::of(definition, grants))))
        });
        Rights { types: types.collect(), administers: false }
    }
}

impl Grant {
    /// What both let read; none where that is nothing.
    fn and(&self, other: &Grant) -> Option<Grant> {
        let (mine, theirs) = (self.permission()?, other.permission()?);
        let permission = Permission {
            read: needed(mine.read.as_ref(), theirs.read.as_ref()),
            internal: needed(mine.internal.as_ref(), theirs.internal.as_ref()),
            see: shared(mine.see.as_deref(), theirs.see.as_deref()),
            ..Permission::default()
        };
        let scopes = self.scope.iter().chain(&other.scope).collect();
        (permission.read.is_some() || permission.internal.is_some()).then(|| Grant {
            role: self.role.clone(),
            scope: every(scopes),
            permission: Some(permission),
            definition: self.definition.clone(),
            in_place: true,
        })
    }

    fn reads_as(&self, other: &Grant) -> bool {
        let node = |e: &Option<Expression>| e.as_ref().map(|e| e.node.clone());
        let reads = |grant: &Grant| {
            let permission = grant.permission.clone().unwrap_or_default();
            let conditions = [&grant.scope, &permission.read, &permission.internal].map(node);
            (conditions, permission.see)
        };
        reads(self) == reads(other)
    }
}

/// A right that both have to give.
fn needed(one: Option<&Expression>, other: Option<&Expression>) -> Option<Expression> {
    every(vec![one?, other?])
}

/// All of these conditions as one, each once; none of none.
fn every(conditions: Vec<&Expression>) -> Option<Expression> {
    let mut nodes: Vec<Node> = Vec::new();
    for condition in conditions {
        if !nodes.contains(&condition.node) {
            nodes.push(condition.node.clone());
        }
    }
    match nodes.len() {
        0 => None,
        1 => nodes.pop().map(in_place::condition),
        _ => Some(in_place::condition(Node::And(nodes))),
    }
}

/// The sections that both show; none = all.
fn shared(one: Option<&[Name]>, other: Option<&[Name]>) -> Option<Vec<Name>> {
    match (one, other) {
        (None, all) | (all, None) => all.map(<[Name]>::to_vec),
        (Some(one), Some(other)) => {
            Some(one.iter().filter(|name| other.contains(name)).cloned().collect())
        }
    }
}
