//! Refusals in the words of the scenarios, as the engine tells them and as the interface does.

use engine::refusal::Act;
use engine::{Error, Refusal};
use serde_json::Value as Json;

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
        Refusal::Invalid(slips) => {
            let slips: Vec<(&str, &str)> = slips.iter().map(|s| (&*s.field, &*s.en)).collect();
            return invalid(&slips);
        }
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

/// A refusal as the interface tells it (RFC 9457), in the same words.
pub fn problem(body: &Json) -> String {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_string();
    let all = |name: &str| body[name].as_array().map_or(&[][..], |all| &all[..]);
    let fields = || join(all("errors").iter().filter_map(|e| e["field"].as_str()).map(Into::into));
    let words = match &*text("code") {
        "not-found" => return "not found".into(),
        "gone" => return "withdrawn".into(),
        "fault" => return format!("fault: {}", text("fault")),
        "not-allowed" if body["act"] == "edit_in_state" => "is closed".into(),
        "not-allowed" => "not allowed".into(),
        "invalid" => {
            let slip = |slip: &'_ Json| -> Option<(String, String)> {
                let words = slip["details"]["en"].as_str()?;
                Some((slip["field"].as_str()?.to_string(), words.to_string()))
            };
            let slips: Vec<_> = all("errors").iter().filter_map(slip).collect();
            let slips: Vec<_> = slips.iter().map(|(field, en)| (&**field, &**en)).collect();
            return invalid(&slips);
        }
        // The state is told in the sentence, by its label.
        "no-such-move" => "not from here".into(),
        "not-offered" => "not offered".into(),
        "needs-fields" | "needs-note" => format!("needs {}", fields()),
        "rule-broken" => text("rule"),
        "approval-missing" => join(all("approvals").iter().map(|standing| {
            let name = standing["approval"].as_str().unwrap_or_default();
            format!("{name} {} of {}", standing["granted"], standing["quorum"])
        })),
        "already-approved" => "already approved".into(),
        "own-record" => "own record".into(),
        "nothing-to-approve" => "nothing to approve".into(),
        "duplicate" => format!("{} is taken", fields()),
        _ => body["details"]["en"].as_str().unwrap_or_default().to_string(),
    };
    format!("refused, {words}")
}

/// Slips, each a field and what it says; fields with the same one together.
fn invalid(slips: &[(&str, &str)]) -> String {
    let of =
        |words: &str| join(slips.iter().filter(|s| s.1.starts_with(words)).map(|s| s.0.into()));
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
            words.push([before, &found, after].join(" ").trim().to_string());
        }
    }
    if words.is_empty() {
        words.extend(slips.iter().map(|(field, en)| format!("{field}: {en}")));
    }
    format!("refused, {}", words.join(", "))
}
