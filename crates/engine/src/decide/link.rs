//! Linking records and ending links. A link is part of the record that declares it: who may write
//! that record may link it.

use super::Case;
use crate::change::{Change, LinkChange};
use crate::field::{Card, Names};
use crate::record::Record;
use crate::refusal::{Act, Refusal, Result};
use crate::rights::Deed;
use model::definition::Link;
use model::{Key, Language, Name, Value};

/// Links `before` to another record. `linked` are the present far ends of the link; linking the
/// same again changes nothing. `names` knows the records that the person may read.
///
/// # Errors
/// `NotAllowed`, `Invalid` for an unknown link or a far end that cannot be one.
pub fn link(
    case: &Case,
    before: &Record,
    (name, to): (&Name, Key),
    linked: &[Key],
    names: &dyn Names,
) -> Result<Change> {
    let link = writable(case, before, name)?;
    demand_far_end(case, link, to, names)?;
    let mut change = Change::of(before, "link", case.now);
    if linked.contains(&to) {
        return Ok(change);
    }
    if !link.many {
        linked.iter().for_each(|old| end(&mut change, link, *old));
    }
    let old = if link.many { Value::Unset } else { references(linked) };
    change.links.push(LinkChange { name: full(link), from: before.key, to, begins: true });
    change.told.push((name.to_string(), old, references(&[to])));
    Ok(change)
}

/// Ends a link.
///
/// # Errors
/// `NotAllowed`, `Invalid` for an unknown link, `NotFound` where the person sees no such link.
pub fn unlink(
    case: &Case,
    before: &Record,
    (name, to): (&Name, Key),
    linked: &[Key],
    names: &dyn Names,
) -> Result<Change> {
    let link = writable(case, before, name)?;
    if !linked.contains(&to) || names.card(to).is_none() {
        return Err(Refusal::NotFound { what: name.to_string() }.into());
    }
    let mut change = Change::of(before, "unlink", case.now);
    end(&mut change, link, to);
    change.told.push((name.to_string(), references(&[to]), Value::Unset));
    Ok(change)
}

/// A far end is of the link's type or extends it, not withdrawn, and readable: whoever links what
/// they may not read could learn of it by what the link lets or does not let happen.
///
/// # Errors
/// `Invalid`, naming the link.
pub(super) fn demand_far_end(case: &Case, link: &Link, to: Key, names: &dyn Names) -> Result<()> {
    let fits = |card: &Card| {
        let found = case.model.record_type(&card.record_type);
        !card.withdrawn && found.is_some_and(|found| found.is_a(&link.to))
    };
    if names.card(to).as_ref().is_some_and(fits) {
        return Ok(());
    }
    let wanted = case.model.record_type(&link.to).map(|to| &to.label);
    let wanted = |language| wanted.map_or(link.to.as_str(), |label| label.text(language));
    let en = format!("There is no {} that you may see and link here.", wanted(Language::EN));
    let zh = format!("没有您可以查看并关联到此处的{}。", wanted(Language::ZH));
    Err(Refusal::field(&link.name, en, zh).into())
}

/// The link of this name, where the person may write the record that has it.
fn writable<'c>(case: &'c Case, record: &Record, name: &Name) -> Result<&'c Link> {
    let unknown = || Refusal::field(name, "There is no such link.", "没有此关联。");
    let link = case.definition.links.get(name).ok_or_else(unknown)?;
    case.demand(Deed::Write, Act::Link, record)?;
    Ok(link)
}

fn end(change: &mut Change, link: &Link, to: Key) {
    let from = change.after.key;
    change.links.push(LinkChange { name: full(link), from, to, begins: false });
}

fn full(link: &Link) -> String {
    format!("{}.{}", link.declared_by, link.name)
}

fn references(keys: &[Key]) -> Value {
    if keys.is_empty() { Value::Unset } else { Value::References(keys.to_vec().into()) }
}

/// A record that is withdrawn is no end of a link any more: it is not counted, and past days still
/// read as they were. `around` are the links at either end of it.
pub(super) fn end_all(case: &Case, change: &mut Change, around: &[LinkChange]) {
    change.links.extend(around.iter().cloned());
    for link in case.definition.links.values() {
        let name = full(link);
        let mine = around.iter().filter(|l| l.name == name && l.from == change.after.key);
        let keys: Vec<Key> = mine.map(|link| link.to).collect();
        if !keys.is_empty() {
            change.told.push((link.name.to_string(), references(&keys), Value::Unset));
        }
    }
}
