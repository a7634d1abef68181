//! Computed fields that need each other.

use crate::load::build::Own;
use crate::load::draft::TypeDraft;
use crate::name::Name;
use crate::problem::Report;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// For each computed field the computed fields it reads.
type Needs = BTreeMap<Name, BTreeSet<Name>>;

/// Tells of each circle once, at the own field of it that comes first by name.
pub(super) fn check(of: &TypeDraft<'_>, owns: &IndexMap<Name, Own>, report: &mut Report) {
    let needs = needs(of, owns);
    for field in of.own("field") {
        let Some((name, _)) = needs.get_key_value(field.key.as_str()) else { continue };
        let Some(circle) = circle(name, &needs) else { continue };
        let own = |part: &&&str| of.own("field").iter().any(|field| field.key == **part);
        let first = circle.iter().filter(own).min() == Some(&name.as_str());
        if let (true, Some(computed)) = (first, field.node.get("computed")) {
            report.computed_cycle(computed.node.span, &circle);
        }
    }
}

fn needs(of: &TypeDraft<'_>, owns: &IndexMap<Name, Own>) -> Needs {
    let fields = of.lineage.iter().filter_map(|name| owns.get(name)).flat_map(|own| &own.fields);
    let computed: BTreeMap<&Name, _> = fields
        .filter_map(|(name, field)| Some((name, field.computed.as_ref()?.reads().fields)))
        .collect();
    let known: BTreeSet<Name> = computed.keys().map(|name| (*name).clone()).collect();
    computed.into_iter().map(|(name, reads)| (name.clone(), &reads & &known)).collect()
}

/// The way from a field back to itself, the field at both ends.
fn circle<'n>(start: &'n Name, needs: &'n Needs) -> Option<Vec<&'n str>> {
    let mut from: BTreeMap<&Name, &Name> = BTreeMap::new();
    let mut open: Vec<&Name> = vec![start];
    while let Some(current) = open.pop() {
        for next in needs.get(current).into_iter().flatten() {
            if next == start {
                return Some(way_back(start, current, &from));
            }
            if !from.contains_key(next) {
                from.insert(next, current);
                open.push(next);
            }
        }
    }
    None
}

fn way_back<'n>(
    start: &'n Name,
    last: &'n Name,
    from: &BTreeMap<&'n Name, &'n Name>,
) -> Vec<&'n str> {
    let mut way = vec![start.as_str()];
    let mut current = last;
    while current != start {
        way.push(current.as_str());
        match from.get(current) {
            Some(previous) => current = previous,
            None => break,
        }
    }
    way.push(start.as_str());
    way.reverse();
    way
}
