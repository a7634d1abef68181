//! An edit: values into fields that right and state leave open.

use super::{Case, RuleAnswers, fields};
use crate::change::Change;
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Act, Result};
use crate::rights::Deed;
use model::{Name, Value};

/// The record with the person's values in it, before computed fields.
///
/// # Errors
/// `NotAllowed` without the right to write or where the state does not open a field; `Invalid`.
pub fn draft(case: &Case, before: &Record, values: &[(Name, Value)]) -> Result<Record> {
    case.demand(Deed::Write, Act::Edit, before)?;
    let mut record = before.clone();
    fields::put(case.definition, &mut record, values)?;
    let changed = values.iter().filter(|(name, value)| before.field(name) != *value);
    if case.rights.is_some() {
        fields::demand_editable(case, before, changed.map(|(name, _)| name))?;
    }
    Ok(record)
}

/// Decides an edit of `before` into `draft`; `known` holds the facts around the draft.
///
/// # Errors
/// `Invalid`, `RuleBroken`.
pub fn edit(
    case: &Case,
    before: &Record,
    draft: Record,
    known: &Known,
    answers: &RuleAnswers,
) -> Result<Change> {
    let mut record = draft;
    fields::compute(case, &mut record, known);
    fields::demand_required(case.definition, &record)?;
    fields::demand_standing_rules(case, &record, known, answers)?;
    let mut change = Change::of(before, "edit", case.now);
    change.after = record;
    Ok(change)
}
