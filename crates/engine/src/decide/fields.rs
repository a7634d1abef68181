//! Putting values into a draft: which fields a person may set, what the engine fills in itself.

use super::{Case, RuleAnswer, RuleAnswers};
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Act, FieldSlip, Refusal, Result};
use crate::rights::Deed;
use model::definition::{Field, RecordType, Rule, RuleTest};
use model::{Name, Value};

/// Whether the field may be edited by a person in the record's present state. Without a workflow
/// every field may; a field in no section follows the record as a whole.
pub fn editable(definition: &RecordType, record: &Record, field: &str) -> bool {
    let Some(state) = record.state_of(definition) else { return true };
    match definition.section_of(field) {
        Some(section) => state.editable.contains(&section.name),
        None => !state.editable.is_empty(),
    }
}

/// Puts a person's values into the draft.
///
/// # Errors
/// `Invalid` naming each field that is unknown, computed or set by the workflow alone.
pub fn put(definition: &RecordType, draft: &mut Record, values: &[(Name, Value)]) -> Result<()> {
    let slips: Vec<FieldSlip> =
        values.iter().filter_map(|(name, _)| not_settable(definition, name)).collect();
    if !slips.is_empty() {
        return Err(Refusal::Invalid(slips).into());
    }
    values.iter().for_each(|(name, value)| draft.set(name, value.clone()));
    Ok(())
}

fn not_settable(definition: &RecordType, name: &Name) -> Option<FieldSlip> {
    let field = definition.fields.get(name);
    match field {
        None => Some(FieldSlip::new(name, "There is no such field.", "没有此字段。")),
        Some(field) if field.computed.is_some() => Some(FieldSlip::new(
            name,
            "This is computed from other fields; leave it out.",
            "此字段由其他字段计算得出，请勿填写。",
        )),
        Some(field) if field.set_by_workflow => Some(FieldSlip::new(
            name,
            "This is set by a step of the workflow; leave it out.",
            "此字段由流程步骤设置，请勿填写。",
        )),
        Some(_) => None,
    }
}

/// Refuses fields that the present state, or the person's right, does not open. A field the person
/// is not shown looks like one that does not exist.
///
/// # Errors
/// `NotAllowed`, or `Invalid` for a field the person is not shown.
pub fn demand_editable<'n>(
    case: &Case,
    record: &Record,
    fields: impl Iterator<Item = &'n Name>,
) -> Result<()> {
    let view = case.view(record, case.known);
    for field in fields {
        let hidden = case.rights.is_some_and(|rights| !rights.sees(field, &view));
        if hidden {
            let slip = FieldSlip::new(field, "There is no such field.", "没有此字段。");
            return Err(Refusal::Invalid(vec![slip]).into());
        }
        if case.rights.is_some_and(|rights| !rights.reaches(Deed::Write, field, &view)) {
            return Err(Refusal::NotAllowed { act: Act::Edit }.into());
        }
        if !editable(case.definition, record, field) {
            return Err(Refusal::NotAllowed { act: Act::EditInState }.into());
        }
    }
    Ok(())
}

/// Fills computed fields from the others. A computed field may read another: the loader refuses
/// circles, so as many rounds as there are computed fields settle them all.
pub fn compute(case: &Case, draft: &mut Record, known: &Known) {
    let computed: Vec<&Field> =
        case.definition.fields.values().filter(|field| field.computed.is_some()).collect();
    for _ in 0..computed.len() {
        let before = draft.values.clone();
        for field in &computed {
            if let Some(expression) = &field.computed {
                let value = expression.evaluate(&case.view(draft, known));
                draft.set(&field.name, value);
            }
        }
        if draft.values == before {
            break;
        }
    }
}

/// # Errors
/// `Invalid` naming each required field that is not set.
pub fn demand_required(definition: &RecordType, draft: &Record) -> Result<()> {
    let slips: Vec<FieldSlip> = definition
        .fields
        .values()
        .filter(|field| field.required && !draft.field(&field.name).is_set())
        .map(|field| FieldSlip::new(&field.name, "This must be filled.", "此项必填。"))
        .collect();
    if slips.is_empty() { Ok(()) } else { Err(Refusal::Invalid(slips).into()) }
}

/// # Errors
/// `RuleBroken` for the first `always` rule that does not hold on the draft.
pub fn demand_standing_rules(
    case: &Case,
    draft: &Record,
    known: &Known,
    answers: &RuleAnswers,
) -> Result<()> {
    let standing = case.definition.rules.values().filter(|rule| rule.always);
    demand_rules(case, standing, draft, known, answers)
}

/// # Errors
/// `RuleBroken` for the first of the rules that does not hold on the draft.
pub fn demand_rules<'r>(
    case: &Case,
    rules: impl Iterator<Item = &'r Rule>,
    draft: &Record,
    known: &Known,
    answers: &RuleAnswers,
) -> Result<()> {
    for rule in rules {
        let answer = match &rule.test {
            RuleTest::Holds(test) if test.holds(&case.view(draft, known)) => RuleAnswer::Holds,
            RuleTest::Holds(_) => RuleAnswer::Broken { by: None },
            // A rule nobody answered is broken: a missing function must never let anything pass.
            RuleTest::Code => {
                answers.get(&rule.name).cloned().unwrap_or(RuleAnswer::Broken { by: None })
            }
        };
        if let RuleAnswer::Broken { by } = answer {
            let (rule, message) = (rule.name.clone(), rule.message.clone());
            return Err(Refusal::RuleBroken { rule, message, by }.into());
        }
    }
    Ok(())
}
