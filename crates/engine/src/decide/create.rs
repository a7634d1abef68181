//! A new record: defaults, computed fields, the right to create it as it would stand.

use super::{Case, RuleAnswers, fields};
use crate::change::{Change, LinkChange};
use crate::facts::Known;
use crate::field::Names;
use crate::record::Record;
use crate::refusal::{Act, FieldSlip, Refusal, Result};
use crate::rights::Deed;
use model::{Key, Name, Value};

/// The draft of a new record: a person's values, then defaults for what they left out.
///
/// # Errors
/// `Invalid` for fields that cannot be set.
pub fn draft(case: &Case, blank: Record, values: &[(Name, Value)]) -> Result<Record> {
    let mut record = blank;
    fields::put(case.definition, &mut record, values)?;
    let given: Vec<&Name> = values.iter().map(|(name, _)| name).collect();
    for field in case.definition.fields.values() {
        if let Some(default) = &field.default
            && !given.contains(&&field.name)
        {
            let value = default.evaluate(&case.view(&record, case.known));
            record.set(&field.name, value);
        }
    }
    Ok(record)
}

/// Decides a creation. `known` holds the facts around the draft; `given` are the values and links
/// that the person gave.
///
/// # Errors
/// `Invalid`, `NotAllowed`, `RuleBroken`.
pub fn create(
    case: &Case,
    draft: Record,
    known: &Known,
    (given, links): (&[(Name, Value)], &[(Name, Vec<Key>)]),
    answers: &RuleAnswers,
    names: &dyn Names,
) -> Result<Change> {
    let mut record = draft;
    if case.definition.is_abstract {
        let en = "Choose a more particular type; none is only this.";
        return Err(Refusal::field("type", en, "请选择更具体的类型。").into());
    }
    fields::compute(case, &mut record, known);
    demand_create(case, &record, known, given)?;
    fields::demand_required(case.definition, &record)?;
    fields::demand_standing_rules(case, &record, known, answers)?;
    let mut change = Change::of(&record, "create", case.now);
    change.before = None;
    for (name, keys) in links {
        begin(case, &mut change, (name, keys), names)?;
    }
    Ok(change)
}

fn demand_create(
    case: &Case,
    record: &Record,
    known: &Known,
    given: &[(Name, Value)],
) -> Result<()> {
    let Some(rights) = case.rights else { return Ok(()) };
    let view = case.view(record, known);
    if !rights.may(Deed::Create, &view) {
        return Err(Refusal::NotAllowed { act: Act::Create }.into());
    }
    let out_of_reach = |(name, value): &&(Name, Value)| {
        value.is_set() && !rights.reaches(Deed::Create, name, &view)
    };
    let slips: Vec<FieldSlip> =
        given.iter().filter(out_of_reach).map(|(name, _)| hidden(name)).collect();
    if slips.is_empty() { Ok(()) } else { Err(Refusal::Invalid(slips).into()) }
}

fn hidden(name: &Name) -> FieldSlip {
    FieldSlip::new(name, "You may not fill this; leave it out.", "您无权填写此项，请留空。")
}

fn begin(
    case: &Case,
    change: &mut Change,
    (name, keys): (&Name, &[Key]),
    names: &dyn Names,
) -> Result<()> {
    let Some(link) = case.definition.links.get(name) else {
        return Err(Refusal::field(name, "There is no such link.", "没有此关联。").into());
    };
    if !link.many && keys.len() > 1 {
        return Err(Refusal::field(name, "Only one may be linked.", "只能关联一个。").into());
    }
    for key in keys {
        super::link::demand_far_end(case, link, *key, names)?;
        let from = change.after.key;
        let name = format!("{}.{}", link.declared_by, link.name);
        change.links.push(LinkChange { name, from, to: *key, begins: true });
    }
    if !keys.is_empty() {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        change.told.push((name.to_string(), Value::Unset, Value::References(keys.into())));
    }
    Ok(())
}
