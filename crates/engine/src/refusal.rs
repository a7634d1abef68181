//! Refusals: what a person can act on. A closed set, each with a stable code and a text in both
//! languages that says the way out. Faults (bugs, a broken world) are not here: see
//! [`crate::Error`].

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
            Refusal::Stale(_) => "stale",
            Refusal::Gone { .. } => "gone",
            Refusal::Duplicate { .. } => "duplicate",
            Refusal::TooLarge { .. } => "too-large",
            Refusal::TooMany { .. } => "too-many",
            Refusal::Busy => "busy",
            Refusal::NotNow => "not-now",
            Refusal::Full => "full",
            Refusal::TooSlow => "too-slow",
            Refusal::Unknown => "unknown-outcome",
            Refusal::KeyReused => "key-reused",
            Refusal::Malformed { .. } => "malformed",
            Refusal::NotLoggedIn => "not-logged-in",
            Refusal::OutOfScope { .. } => "out-of-scope",
        }
    }

    /// What the person reads, in their language.
    pub fn text(&self, language: Language) -> String {
        if language == Language::ZH { self.zh() } else { self.en() }
    }

    fn en(&self) -> String {
        let en = Language::EN;
        match self {
            Refusal::NotFound { what } => format!("There is no {what} that you may see."),
            Refusal::NotAllowed { act } => act.en().to_string(),
            Refusal::Invalid(slips) => join(slips.iter().map(|s| format!("{}: {}", s.field, s.en)), " "),
            Refusal::BadQuestion(slips) => question(slips),
            Refusal::NoSuchMove { transition, state, open } => {
                let open = join(open.iter().map(|l| l.text(en).to_string()), ", ");
                let way = if open.is_empty() { "nothing is open from here".into() } else { format!("open are: {open}") };
                format!("\"{transition}\" does not lead out of the state \"{}\"; {way}.", state.text(en))
            }
            Refusal::NotOffered { transition, because } => {
                format!("\"{}\" is offered only where: {because}.", transition.text(en))
            }
            Refusal::Needs { fields } => {
                format!("Fill first: {}.", join(fields.iter().map(|(_, l)| l.text(en).to_string()), ", "))
            }
            Refusal::NeedsNote => "Say why in a note.".into(),
            Refusal::RuleBroken { message, by, .. } => match by {
                Some(by) => format!("{} ({by})", message.text(en)),
                None => message.text(en).into(),
            },
            Refusal::ApprovalMissing(standings) => {
                let each = standings.iter().map(|s| s.text(en, "of"));
                format!("Approval is missing: {}.", join(each, "; "))
            }
            Refusal::AlreadyVoted => "You have decided on this already.".into(),
            Refusal::OwnRecord => "Nobody approves what they asked for themselves; ask another approver.".into(),
            Refusal::NothingToApprove => "No approval that you may give is open on this record.".into(),
            Refusal::Stale(fields) => format!(
                "Changed meanwhile: {}. Choose which value stays and save again.",
                join(fields.iter().map(|f| format!("{} (by {})", f.label.text(en), f.changed_by)), ", ")
            ),
            Refusal::Gone { what } => format!("{what} has been withdrawn."),
            Refusal::Duplicate { label, .. } => {
                format!("Another record has this value in \"{}\" already; choose another.", label.text(en))
            }
            Refusal::TooLarge { what, limit } => format!("{what} is too large; the limit is {limit}."),
            Refusal::TooMany { retry_after_seconds } => {
                format!("Too many requests; try again in {retry_after_seconds} s.")
            }
            Refusal::Busy => "Others are changing the same records; nothing was written, try again.".into(),
            Refusal::NotNow => "The database cannot be reached just now; nothing was written, try again.".into(),
            Refusal::Full => "The disk is full; nothing was written. Free space and try again.".into(),
            Refusal::TooSlow => "This question takes too long; narrow the filter or sort by an indexed field.".into(),
            Refusal::Unknown => "The connection was lost while writing; repeat with the same Idempotency-Key to learn what happened.".into(),
            Refusal::KeyReused => "This Idempotency-Key belongs to another request; use a new one.".into(),
            Refusal::Malformed { en, .. } => en.clone(),
            Refusal::NotLoggedIn => "Log in first: send a valid token.".into(),
            Refusal::OutOfScope { scope } => format!("The token lacks the scope \"{scope}\"."),
        }
    }

    fn zh(&self) -> String {
        let zh = Language::ZH;
        match self {
            Refusal::NotFound { what } => format!("没有您可以查看的{what}。"),
            Refusal::NotAllowed { act } => act.zh().to_string(),
            Refusal::Invalid(slips) => {
                join(slips.iter().map(|s| format!("{}：{}", s.field, s.zh)), "")
            }
            Refusal::BadQuestion(slips) => question(slips),
            Refusal::NoSuchMove { transition, state, open } => {
                let open = join(open.iter().map(|l| l.text(zh).to_string()), "、");
                let way = if open.is_empty() {
                    "此状态没有可执行的操作".into()
                } else {
                    format!("可执行的操作：{open}")
                };
                format!("“{transition}”不能从“{}”状态执行；{way}。", state.text(zh))
            }
            Refusal::NotOffered { transition, because } => {
                format!("“{}”仅在以下条件成立时可用：{because}。", transition.text(zh))
            }
            Refusal::Needs { fields } => {
                format!(
                    "请先填写：{}。",
                    join(fields.iter().map(|(_, l)| l.text(zh).to_string()), "、")
                )
            }
            Refusal::NeedsNote => "请填写说明。".into(),
            Refusal::RuleBroken { message, by, .. } => match by {
                Some(by) => format!("{}（{by}）", message.text(zh)),
                None => message.text(zh).into(),
            },
            Refusal::ApprovalMissing(standings) => {
                format!("尚缺审批：{}。", join(standings.iter().map(|s| s.text(zh, "/")), "；"))
            }
            Refusal::AlreadyVoted => "您已对此作出决定。".into(),
            Refusal::OwnRecord => "不能审批自己提出的记录，请由其他审批人处理。".into(),
            Refusal::NothingToApprove => "此记录没有待您审批的事项。".into(),
            Refusal::Stale(fields) => format!(
                "以下字段已被他人修改：{}。请选择保留的值后重新保存。",
                join(
                    fields.iter().map(|f| format!("{}（{}）", f.label.text(zh), f.changed_by)),
                    "、"
                )
            ),
            Refusal::Gone { what } => format!("{what}已撤回。"),
            Refusal::Duplicate { label, .. } => {
                format!("“{}”的值已被其他记录使用，请更换。", label.text(zh))
            }
            Refusal::TooLarge { what, limit } => format!("{what}过大，上限为 {limit}。"),
            Refusal::TooMany { retry_after_seconds } => {
                format!("请求过于频繁，请在 {retry_after_seconds} 秒后重试。")
            }
            Refusal::Busy => "其他人正在修改相同的记录；未写入任何内容，请重试。".into(),
            Refusal::NotNow => "暂时无法连接数据库；未写入任何内容，请稍后重试。".into(),
            Refusal::Full => "磁盘已满；未写入任何内容。请释放空间后重试。".into(),
            Refusal::TooSlow => "查询耗时过长；请缩小筛选范围，或按有索引的字段排序。".into(),
            Refusal::Unknown => {
                "写入时连接中断；请使用相同的 Idempotency-Key 重试以获知结果。".into()
            }
            Refusal::KeyReused => "该 Idempotency-Key 已用于其他请求，请使用新的键。".into(),
            Refusal::Malformed { zh, .. } => zh.clone(),
            Refusal::NotLoggedIn => "请先登录：需要有效的令牌。".into(),
            Refusal::OutOfScope { scope } => format!("令牌缺少权限范围“{scope}”。"),
        }
    }
}

impl Standing {
    fn text(&self, language: Language, of: &str) -> String {
        format!("{} {} {of} {}", self.label.text(language), self.granted, self.quorum)
    }
}

impl Act {
    fn en(self) -> &'static str {
        match self {
            Act::Create => "You may not create this kind of record.",
            Act::Edit => "You may read this record but not change it.",
            Act::EditInState => "This part cannot be edited in the present state.",
            Act::Transition => "Your role does not perform this step.",
            Act::Withdraw => "You may not withdraw this record.",
            Act::Internal => "You may not read or write internal notes here.",
            Act::Approve => "Your role does not give this approval.",
            Act::Administer => "This needs the role of an administrator.",
            Act::Link => "You may not link these records.",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Act::Create => "您无权创建此类记录。",
            Act::Edit => "您可以查看此记录，但无权修改。",
            Act::EditInState => "当前状态下不能编辑此部分。",
            Act::Transition => "您的角色不能执行此操作。",
            Act::Withdraw => "您无权撤回此记录。",
            Act::Internal => "您无权读写此处的内部备注。",
            Act::Approve => "您的角色无权作出此审批。",
            Act::Administer => "此操作需要管理员角色。",
            Act::Link => "您无权关联这些记录。",
        }
    }
}

fn question(slips: &[QuestionSlip]) -> String {
    let each = slips.iter().map(|slip| match &slip.hint {
        Some(hint) => format!("{}: {} ({hint})", slip.parameter, slip.message),
        None => format!("{}: {}", slip.parameter, slip.message),
    });
    join(each, "; ")
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
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
