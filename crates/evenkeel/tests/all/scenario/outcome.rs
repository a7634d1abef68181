//! Refusals in the words of the scenarios.

use engine::refusal::{Act, FieldSlip};
use engine::{Error, Refusal};

pub fn told(error: &Error) -> String {
    match error {
        Error::Refused(refusal) => refused(refusal),
        Error::Fault(text) => format!("fault: {text}"),
    }
}

fn refused(refusal: &Refusal) -> String {
    let words = match refusal {
        Refusal::NotFound { .. } => return "not found".into(),
        Refusal::Gone { .. } => return "withdrawn".into(),
        Refusal::NotAllowed { act: Act::EditInState } => "is closed".into(),
        Refusal::NotAllowed { .. } => "not allowed".into(),
        Refusal::Invalid(slips) => return invalid(slips),
        Refusal::NoSuchMove { state, .. } => {
            format!("not from {}", state.text(model::Language::EN))
        }
        Refusal::NotOffered { .. } => "not offered".into(),
        Refusal::Needs { fields } => {
            format!("needs {}", join(fields.iter().map(|(name, _)| name.to_string())))
        }
        Refusal::NeedsNote => "needs note".into(),
        Refusal::RuleBroken { rule, .. } => rule.to_string(),
        Refusal::ApprovalMissing(standings) => join(standings.iter().map(|standing| {
            format!("{} {} of {}", standing.approval, standing.granted, standing.quorum)
        })),
        Refusal::AlreadyVoted => "already approved".into(),
        Refusal::OwnRecord => "own record".into(),
        Refusal::NothingToApprove => "nothing to approve".into(),
        Refusal::Duplicate { field, beside, .. } => {
            let all = std::iter::once(field).chain(beside);
            format!("{} is taken", join(all.map(ToString::to_string)))
        }
        other => other.text(model::Language::EN),
    };
    format!("refused, {words}")
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Slips by what they say; fields with the same one together.
fn invalid(slips: &[FieldSlip]) -> String {
    let of = |words: &str| -> Vec<&FieldSlip> {
        slips.iter().filter(|slip| slip.en.starts_with(words)).collect()
    };
    let names = |slips: &[&FieldSlip]| join(slips.iter().map(|slip| slip.field.clone()));
    let kinds = [
        ("This must be filled", "needs", ""),
        ("There is no such field", "no field", ""),
        ("You may not fill this", "no field", ""),
        ("This is computed", "", "is computed"),
        ("This is set by a step", "", "is computed"),
    ];
    let mut words = Vec::new();
    for (begins, before, after) in kinds {
        let found = of(begins);
        if !found.is_empty() {
            words.push([before, &names(&found), after].join(" ").trim().to_string());
        }
    }
    if words.is_empty() {
        words.extend(slips.iter().map(|slip| format!("{}: {}", slip.field, slip.en)));
    }
    format!("refused, {}", words.join(", "))
}
