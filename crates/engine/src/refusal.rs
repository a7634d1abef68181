//! Refusals: what a person can act on. A closed set, each with a stable code and a text in both
//! languages that says the way out. Faults (bugs, a broken world) are not here: see
//! [`crate::Error`].

mod text;

use model::{Label, Language, Name};
use store::Failure;

/// Why a command or question was refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// No such record, or none that this person may read: the two look alike.
    NotFound {
        what: String,
    },
    /// The record is visible, the act is not allowed.
    NotAllowed {
        act: Act,
    },
    /// Values that cannot be taken, one entry a field.
    Invalid(Vec<FieldSlip>),
    /// An expression, sort, cursor or column that does not fit.
    BadQuestion(Vec<QuestionSlip>),
    /// A transition that does not leave the present state.
    NoSuchMove {
        transition: String,
        state: Label,
        open: Vec<Label>,
    },
    /// A transition whose condition does not hold.
    NotOffered {
        transition: Label,
        because: String,
    },
    /// Fields to be filled first.
    Needs {
        fields: Vec<(Name, Label)>,
    },
    NeedsNote,
    /// A rule does not hold; `by` names the record in the way, where the person may read it.
    RuleBroken {
        rule: Name,
        message: Label,
        by: Option<String>,
    },
    /// Approvals still missing.
    ApprovalMissing(Vec<Standing>),
    AlreadyVoted,
    /// Nobody approves their own record.
    OwnRecord,
    NothingToApprove,
    /// An import is not where this could be asked for.
    OtherStage,
    /// Fields changed by somebody else since the version the edit was based on.
    Stale(Vec<StaleField>),
    /// The record has been withdrawn.
    Gone {
        what: String,
    },
    /// Another record holds this value already.
    Duplicate {
        field: Name,
        label: Label,
        /// The other fields, where it is unique only together with them.
        beside: Vec<Name>,
    },
    TooLarge {
        what: String,
        limit: String,
    },
    TooMany {
        retry_after_seconds: u32,
    },
    /// Others kept changing the same things; nothing was written.
    Busy,
    /// The database is not reachable; nothing was written.
    NotNow,
    /// The disk is full; nothing was written.
    Full,
    /// Words are not searched for yet: the index is made anew after a restore.
    SearchIncomplete,
    /// The question took longer than its budget.
    TooSlow,
    /// The connection was lost while writing: ask again with the same idempotency key.
    Unknown,
    /// An idempotency key was used again for another request.
    KeyReused,
    /// The request cannot be understood, in words.
    Malformed {
        en: String,
        zh: String,
    },
    /// Not known who asks.
    NotLoggedIn,
    /// Whoever was vouched for by others is not let in.
    SignOn(Box<crate::access::Turned>),
    /// Nothing is written while one views as another role.
    Viewing {
        role: Label,
    },
    /// The token does not carry the scope.
    OutOfScope {
        scope: String,
    },
}

/// What was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Create,
    Edit,
    EditInState,
    Transition,
    Withdraw,
    Internal,
    Approve,
    Administer,
    Link,
}

/// One field that cannot be taken, why, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSlip {
    pub field: String,
    pub en: String,
    pub zh: String,
}

/// A mistake in a filter, sort or other question; byte offsets into its text where known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSlip {
    pub parameter: &'static str,
    pub start: usize,
    pub end: usize,
    pub message: String,
    pub hint: Option<String>,
}

/// How far an approval has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub approval: Name,
    pub label: Label,
    pub granted: u32,
    pub quorum: u32,
    pub rejected: bool,
}

/// A field that somebody else changed meanwhile, with both values as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct StaleField {
    pub field: Name,
    pub label: Label,
    pub mine: serde_json::Value,
    pub theirs: serde_json::Value,
    pub changed_by: String,
}

impl Act {
    /// As programs read it.
    pub fn name(self) -> &'static str {
        match self {
            Act::Create => "create",
            Act::Edit => "edit",
            Act::EditInState => "edit_in_state",
            Act::Transition => "transition",
            Act::Withdraw => "withdraw",
            Act::Internal => "internal",
            Act::Approve => "approve",
            Act::Administer => "administer",
            Act::Link => "link",
        }
    }
}

impl FieldSlip {
    pub fn new(field: &str, en: impl Into<String>, zh: impl Into<String>) -> FieldSlip {
        FieldSlip { field: field.to_string(), en: en.into(), zh: zh.into() }
    }

    pub fn text(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }
}

impl Refusal {
    /// One field that cannot be taken.
    pub fn field(field: &str, en: impl Into<String>, zh: impl Into<String>) -> Refusal {
        Refusal::Invalid(vec![FieldSlip::new(field, en, zh)])
    }

    /// The stable code programs may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotFound { .. } => "not-found",
            Refusal::NotAllowed { .. } => "not-allowed",
            Refusal::Invalid(_) => "invalid",
            Refusal::BadQuestion(_) => "bad-question",
            Refusal::NoSuchMove { .. } => "no-such-move",
            Refusal::NotOffered { .. } => "not-offered",
            Refusal::Needs { .. } => "needs-fields",
            Refusal::NeedsNote => "needs-note",
            Refusal::RuleBroken { .. } => "rule-broken",
            Refusal::ApprovalMissing(_) => "approval-missing",
            Refusal::AlreadyVoted => "already-approved",
            Refusal::OwnRecord => "own-record",
            Refusal::NothingToApprove => "nothing-to-approve",
            Refusal::OtherStage => "other-stage",
            Refusal::Stale(_) => "stale",
            Refusal::Gone { .. } => "gone",
            Refusal::Duplicate { .. } => "duplicate",
            Refusal::TooLarge { .. } => "too-large",
            Refusal::TooMany { .. } => "too-many",
            Refusal::Busy => "busy",
            Refusal::NotNow => "not-now",
            Refusal::Full => "full",
            Refusal::SearchIncomplete => "search-incomplete",
            Refusal::TooSlow => "too-slow",
            Refusal::Unknown => "unknown-outcome",
            Refusal::KeyReused => "key-reused",
            Refusal::Malformed { .. } => "malformed",
            Refusal::NotLoggedIn => "not-logged-in",
            Refusal::SignOn(_) => "sign-on",
            Refusal::Viewing { .. } => "viewing",
            Refusal::OutOfScope { .. } => "out-of-scope",
        }
    }
}

/// What the engine answers instead of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    Refused(Box<Refusal>),
    /// A bug or a broken world: logged once at the boundary, shown as a number.
    Fault(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(Box::new(refusal))
    }
}

/// What a failed read or write means to the person. A conflict or duplicate that reaches this
/// point was not foreseen by the decision.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Conflict { .. } => Refusal::Busy.into(),
            Failure::Full => Refusal::Full.into(),
            Failure::Unavailable(_) => Refusal::NotNow.into(),
            Failure::Unknown => Refusal::Unknown.into(),
            Failure::TooLong => Refusal::TooSlow.into(),
            Failure::Duplicate { index } => {
                Error::Fault(format!("unforeseen duplicate in {index}"))
            }
            Failure::Fault(text) => Error::Fault(text),
        }
    }
}
