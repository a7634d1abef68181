//! Which declared index gives a list its order: some of its first fields are fixed by the
//! conditions, the rest are the sort. Declared indexes end with the key, as each sort does.

use super::part::{Form, Part};
use super::sort::OrderTerm;
use crate::cell::Cell;
use crate::sql::Ground;
use model::Name;
use model::definition::FieldKind;
use std::rc::Rc;

/// How well an index serves. More is better: sorted first, then how many fields are fixed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// Rows come in the order of the list.
    pub sorted: bool,
    /// So many of the index's first fields are fixed.
    pub fixed: usize,
}

/// What the parts fix each field to.
pub(super) fn fixed(parts: &[Rc<Part>]) -> Vec<(&Name, &Cell)> {
    let mut fixed = Vec::new();
    for part in parts {
        if let Form::One(field, cell) = &part.form {
            fixed.push((field, cell));
        }
    }
    fixed
}

/// The best index for the order with these fields fixed.
pub(super) fn best(
    ground: &Ground,
    terms: &[OrderTerm],
    key_descends: bool,
    fixed: &[(&Name, &Cell)],
) -> Fit {
    let is_fixed = |field: &Name| fixed.iter().any(|(name, _)| *name == field);
    let sort: Vec<&OrderTerm> =
        terms.iter().filter(|term| !term.field.as_ref().is_some_and(is_fixed)).collect();
    let mut best = Fit { sorted: sort.is_empty(), ..Fit::default() };
    if ground.as_of.is_some() {
        return best;
    }
    let fixes = |index: &Vec<Name>| has_all(ground, index, fixed);
    for index in indexes(ground).iter().filter(|index| fixes(index)) {
        let fit = one(index, &sort, key_descends, &is_fixed);
        if fit.sorted && fit > best {
            best = fit;
        }
    }
    best
}

/// Whether any index has the field, so that fixing it may help.
pub(super) fn has(ground: &Ground, field: &Name) -> bool {
    indexes(ground).iter().any(|index| index.contains(field))
}

/// The fields of each index that ends with the key: the declared ones, and those every type has.
fn indexes(ground: &Ground) -> Vec<Vec<Name>> {
    let declared = ground.record_type.indexes.values().filter(|index| !index.unique);
    let always = ["number", "changed_at", "type"].into_iter().filter_map(Name::new);
    declared.map(|index| index.fields.clone()).chain(always.map(|name| vec![name])).collect()
}

/// Whether the index has every record with these fields fixed: one that begins with a yes or no
/// has the yes only. (One that begins with a reference has it where it is set; a list is never
/// sorted by what such an index has, and a field is fixed to nothing that is unset.)
fn has_all(ground: &Ground, index: &[Name], fixed: &[(&Name, &Cell)]) -> bool {
    let Some(first) = index.first() else { return false };
    let kind = ground.record_type.fields.get(first).map(|field| &field.kind);
    let is_yes = |(name, cell): &(&Name, &Cell)| *name == first && cell.boolean();
    !matches!(kind, Some(FieldKind::YesNo)) || fixed.iter().any(is_yes)
}

fn one(
    index: &[Name],
    sort: &[&OrderTerm],
    key_descends: bool,
    is_fixed: &dyn Fn(&Name) -> bool,
) -> Fit {
    let Some(start) = index.len().checked_sub(sort.len()) else { return Fit::default() };
    let (first, rest) = index.split_at(start);
    let one_way = sort.iter().all(|term| term.descending == key_descends);
    let same = rest.iter().zip(sort).all(|(field, term)| term.field.as_ref() == Some(field));
    let sorted = one_way && same && first.iter().all(is_fixed);
    Fit { sorted, fixed: first.len() }
}
