//! Rights as conditions over a row. The record of a row may be of any type of a family, each with
//! rights of its own; types with the same right share one condition.

use super::condition::{Truth, condition};
use super::{Fragment, Ground, Right, Unanswerable, field};
use model::Name;
use model::definition::RecordType;

/// Whether something of the row may be seen.
pub(super) enum Shown {
    Always,
    Never,
    Where(Fragment),
}

/// Whether the reader may read the record. True or NULL and false as in a WHERE.
///
/// # Errors
/// Where a right does not fit the definitions.
pub fn readable(ground: &Ground) -> Result<Fragment, Unanswerable> {
    let right = family_right(ground, &|record_type| ground.context.sight.read(record_type))?;
    Ok(right.sql)
}

/// The types with the same right to read, with that right: the alternatives of the rights.
pub(crate) fn read_rights(ground: &Ground) -> Vec<(Vec<Name>, Right)> {
    groups(ground, &|record_type| ground.context.sight.read(record_type))
}

/// Whether the field, or the link the record's type declares, is shown to the reader. The
/// built-in fields are shown with the record.
pub(super) fn shown(ground: &Ground, name: &str) -> Result<Shown, Unanswerable> {
    if field::is_built_in(name) {
        return Ok(Shown::Always);
    }
    let right = family_right(ground, &|of| ground.context.sight.field(of, name))?;
    Ok(if right.always() {
        Shown::Always
    } else if right.never() {
        Shown::Never
    } else {
        Shown::Where(right.sql)
    })
}

/// Whether the whole text of the record is searched for the reader.
pub(super) fn whole_text(ground: &Ground) -> Result<Truth, Unanswerable> {
    family_right(ground, &|record_type| ground.context.sight.whole_text(record_type))
}

fn family_right(ground: &Ground, of: &dyn Fn(&str) -> Right) -> Result<Truth, Unanswerable> {
    let groups = groups(ground, of);
    let alone = groups.len() == 1;
    let mut any = Vec::new();
    for (types, right) in groups {
        let holds = holds(ground, &types, &right)?;
        any.push(if alone { holds } else { Truth::all(vec![is_of(ground, &types), holds]) });
    }
    Ok(Truth::any(any))
}

fn holds(ground: &Ground, types: &[Name], right: &Right) -> Result<Truth, Unanswerable> {
    match (right, types.first()) {
        (Right::Where(node), Some(first)) => {
            let of = ground.type_named(first)?;
            Ok(Truth::open(condition(&ground.whole().as_type(of), node)?))
        }
        (right, _) => Ok(Truth::constant(*right == Right::All)),
    }
}

fn groups(ground: &Ground, of: &dyn Fn(&str) -> Right) -> Vec<(Vec<Name>, Right)> {
    let mut groups: Vec<(Vec<Name>, Right)> = Vec::new();
    for name in members(ground, ground.record_type) {
        let right = of(&name);
        match groups.iter_mut().find(|(_, known)| *known == right) {
            Some((types, _)) => types.push(name),
            None => groups.push((vec![name], right)),
        }
    }
    groups
}

/// The types of the family that have records of their own.
fn members(ground: &Ground, record_type: &RecordType) -> Vec<Name> {
    let concrete = |name: &&Name| {
        ground.context.model.record_type(name).is_none_or(|member| !member.is_abstract)
    };
    let members: Vec<Name> = record_type.family.iter().filter(concrete).cloned().collect();
    if members.is_empty() { vec![record_type.name.clone()] } else { members }
}

/// The row is of one of the types.
pub(crate) fn is_of(ground: &Ground, types: &[Name]) -> Truth {
    let names: Vec<String> = types.iter().map(|name| format!("'{name}'")).collect();
    let list = match names.as_slice() {
        [one] => format!("= {one}"),
        several => format!("IN ({})", several.join(", ")),
    };
    Truth::certain(Fragment::of(&format!("{{}} {list}"), &[&ground.column("type")]))
}
