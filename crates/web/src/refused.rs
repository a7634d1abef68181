//! What the engine refuses, as a problem: the one place that knows which refusal is which HTTP
//! status.
//!
//! | refused because | status |
//! | --- | --- |
//! | the request or question cannot be understood, or costs too much | 400 |
//! | not known who asks | 401 |
//! | visible, but not allowed; the token lacks a scope; viewing as a role | 403 |
//! | not visible, or not there | 404 |
//! | a rule, a missing approval, the wrong state, a value that is taken, a key used again | 409 |
//! | withdrawn | 410 |
//! | changed meanwhile | 412 |
//! | too large | 413 |
//! | a field cannot be taken or is missing | 422 |
//! | too many requests | 429 |
//! | a fault | 500 |
//! | not now, others in the way, outcome unknown | 503 |
//! | the disk is full | 507 |

use crate::problem::{Problem, Said, Slip};
use axum::http::StatusCode;
use engine::refusal::{FieldSlip, QuestionSlip, Refusal, StaleField, Standing};
use model::{Label, Language};
use serde_json::{Value as Json, json};

/// The status of a refusal.
pub fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        // Asked again, a question beyond its budget would be no faster.
        Refusal::BadQuestion(_) | Refusal::Malformed { .. } | Refusal::TooSlow => {
            StatusCode::BAD_REQUEST
        }
        Refusal::NotLoggedIn => StatusCode::UNAUTHORIZED,
        Refusal::NotAllowed { .. }
        | Refusal::SignOn(_)
        | Refusal::Viewing { .. }
        | Refusal::OutOfScope { .. } => StatusCode::FORBIDDEN,
        Refusal::NotFound { .. } => StatusCode::NOT_FOUND,
        Refusal::NoSuchMove { .. }
        | Refusal::NotOffered { .. }
        | Refusal::RuleBroken { .. }
        | Refusal::ApprovalMissing(_)
        | Refusal::AlreadyVoted
        | Refusal::OwnRecord
        | Refusal::NothingToApprove
        | Refusal::OtherStage
        | Refusal::Duplicate { .. }
        | Refusal::KeyReused => StatusCode::CONFLICT,
        Refusal::Gone { .. } => StatusCode::GONE,
        Refusal::Stale(_) => StatusCode::PRECONDITION_FAILED,
        Refusal::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Invalid(_) | Refusal::Needs { .. } | Refusal::NeedsNote => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Busy | Refusal::NotNow | Refusal::Unknown | Refusal::SearchIncomplete => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Refusal::Full => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl From<engine::Error> for Box<Problem> {
    fn from(error: engine::Error) -> Box<Problem> {
        match error {
            engine::Error::Refused(refusal) => problem(&refusal),
            engine::Error::Fault(text) => Problem::fault(text),
        }
    }
}

impl From<Refusal> for Box<Problem> {
    fn from(refusal: Refusal) -> Box<Problem> {
        problem(&refusal)
    }
}

/// The refusal as a problem.
pub fn problem(refusal: &Refusal) -> Box<Problem> {
    if let Refusal::NotFound { .. } = refusal {
        return Problem::missing();
    }
    let said = Said::new(refusal.text(Language::EN), refusal.text(Language::ZH));
    let mut problem = Problem::new(status(refusal), refusal.code(), said);
    problem.slips = slips(refusal);
    match refusal {
        Refusal::NotAllowed { act } => problem.more.push(("act", json!(act.name()))),
        Refusal::ApprovalMissing(standings) => {
            problem.more.push(("approvals", standings.iter().map(standing).collect()));
        }
        Refusal::NoSuchMove { open, .. } => {
            problem.more.push(("open", open.iter().map(label).collect()));
        }
        Refusal::RuleBroken { rule, by, .. } => {
            problem.more.push(("rule", json!(rule.as_str())));
            problem.more.push(("by", json!(by)));
        }
        Refusal::TooMany { retry_after_seconds } => {
            problem = problem.retry_after(*retry_after_seconds);
        }
        Refusal::Busy | Refusal::NotNow | Refusal::Unknown => problem = problem.retry_after(1),
        Refusal::SearchIncomplete => problem = problem.retry_after(30),
        _ => {}
    }
    Box::new(problem)
}

fn slips(refusal: &Refusal) -> Vec<Slip> {
    match refusal {
        Refusal::Invalid(slips) => slips.iter().map(field).collect(),
        Refusal::BadQuestion(slips) => slips.iter().map(question).collect(),
        Refusal::Needs { fields } => fields.iter().map(|(name, _)| must_be_filled(name)).collect(),
        Refusal::NeedsNote => vec![must_be_filled("note")],
        Refusal::Stale(fields) => fields.iter().map(stale).collect(),
        Refusal::Duplicate { field, beside, .. } => {
            let said = match beside.is_empty() {
                true => Said::new("Another record has this value.", "此值已被其他记录使用。"),
                false => Said::new(
                    "Another record has these values together.",
                    "这些值的组合已被其他记录使用。",
                ),
            };
            let all = std::iter::once(field).chain(beside);
            all.map(|name| Slip::field(name, said.clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn field(slip: &FieldSlip) -> Slip {
    Slip::field(&slip.field, Said::new(&slip.en, &slip.zh))
}

fn must_be_filled(name: &str) -> Slip {
    Slip::field(name, Said::new("This must be filled.", "此项必填。"))
}

fn question(slip: &QuestionSlip) -> Slip {
    let (en, zh) = (slip.text(Language::EN), slip.text(Language::ZH));
    let mut out = Slip::parameter(slip.parameter, Said::new(en, zh));
    out.more = vec![("start", json!(slip.start)), ("end", json!(slip.end))];
    out
}

fn stale(field: &StaleField) -> Slip {
    let said = Said::new(
        format!("{} changed this meanwhile.", field.changed_by),
        format!("{} 已修改此项。", field.changed_by),
    );
    let mut out = Slip::field(&field.field, said);
    out.more = vec![
        ("mine", field.mine.clone()),
        ("theirs", field.theirs.clone()),
        ("changed_by", json!(field.changed_by)),
    ];
    out
}

/// How far an approval has come.
pub fn standing(standing: &Standing) -> Json {
    json!({
        "approval": standing.approval.as_str(),
        "label": label(&standing.label),
        "granted": standing.granted,
        "quorum": standing.quorum,
        "rejected": standing.rejected,
    })
}

/// A label in each of its languages.
pub fn label(label: &Label) -> Json {
    label.texts().map(|(language, text)| (language.to_string(), json!(text))).collect()
}
