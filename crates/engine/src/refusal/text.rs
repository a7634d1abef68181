//! What a refusal says to people, in both languages, with the way out. Which refusals there are,
//! and their codes, is the file above.

use super::{Act, QuestionSlip, Refusal, Standing};
use model::expression::chinese;
use model::{Label, Language};

impl Refusal {
    /// What the person reads, in their language.
    pub fn text(&self, language: Language) -> String {
        if let Refusal::SignOn(turned) = self {
            return turned.text(language);
        }
        if let Some((en, zh)) = self.sentence() {
            return pick(language, en, zh).to_string();
        }
        match language {
            Language::ZH => self.zh(),
            _ => self.en(),
        }
    }

    /// Those that always say the same.
    fn sentence(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Refusal::NotAllowed { act } => act.sentence(),
            Refusal::NeedsNote => ("Say why in a note.", "请填写说明。"),
            Refusal::AlreadyVoted => ("You have decided on this already.", "您已对此作出决定。"),
            Refusal::OwnRecord => (
                "Nobody approves what they asked for themselves; ask another approver.",
                "不能审批自己提出的记录，请由其他审批人处理。",
            ),
            Refusal::NothingToApprove => (
                "No approval that you may give is open on this record.",
                "此记录没有待您审批的事项。",
            ),
            Refusal::OtherStage => (
                "The import is at another stage, where this cannot be done; look at it again.",
                "该导入处于其他阶段，无法执行此操作，请重新查看。",
            ),
            Refusal::Busy => (
                "Others are changing the same records; nothing was written, try again.",
                "其他人正在修改相同的记录；未写入任何内容，请重试。",
            ),
            Refusal::NotNow => (
                "The database cannot be reached just now; nothing was written, try again.",
                "暂时无法连接数据库；未写入任何内容，请稍后重试。",
            ),
            Refusal::Full => (
                "The disk is full; nothing was written. Free space and try again.",
                "磁盘已满；未写入任何内容。请释放空间后重试。",
            ),
            Refusal::SearchIncomplete => (
                "Search is being made ready after a restore; try again in a few minutes. Lists \
                 without words work meanwhile.",
                "恢复后正在重建全文检索，请过几分钟再试；其间不含检索词的列表可正常使用。",
            ),
            Refusal::TooSlow => (
                "This question takes too long; narrow the filter or sort by an indexed field.",
                "查询耗时过长；请缩小筛选范围，或按有索引的字段排序。",
            ),
            Refusal::Unknown => (
                "The connection was lost while writing; repeat with the same Idempotency-Key to \
                 learn what happened.",
                "写入时连接中断；请使用相同的 Idempotency-Key 重试以获知结果。",
            ),
            Refusal::KeyReused => (
                "This Idempotency-Key belongs to another request; use a new one.",
                "该 Idempotency-Key 已用于其他请求，请使用新的键。",
            ),
            Refusal::NotLoggedIn => {
                ("Log in first: send a valid token.", "请先登录：需要有效的令牌。")
            }
            _ => return None,
        })
    }

    fn en(&self) -> String {
        let text = |label: &Label| label.text(Language::EN).to_string();
        match self {
            Refusal::NotFound { what } => format!("There is no {what} that you may see."),
            Refusal::Invalid(slips) => {
                join(slips.iter().map(|s| format!("{}: {}", s.field, s.en)), " ")
            }
            Refusal::BadQuestion(slips) => question(slips, Language::EN),
            Refusal::NoSuchMove { transition, state, open } => {
                let way = match open.is_empty() {
                    true => "nothing is open from here".into(),
                    false => format!("open are: {}", join(open.iter().map(text), ", ")),
                };
                let state = text(state);
                format!("\"{transition}\" does not lead out of the state \"{state}\"; {way}.")
            }
            Refusal::NotOffered { transition, because } => {
                format!("\"{}\" is offered only where: {because}.", text(transition))
            }
            Refusal::Needs { fields } => {
                format!("Fill first: {}.", join(fields.iter().map(|(_, l)| text(l)), ", "))
            }
            Refusal::RuleBroken { message, by: Some(by), .. } => {
                format!("{} ({by})", text(message))
            }
            Refusal::RuleBroken { message, .. } => text(message),
            Refusal::ApprovalMissing(standings) => {
                let each = standings.iter().map(|s| s.text(Language::EN, "of"));
                format!("Approval is missing: {}.", join(each, "; "))
            }
            Refusal::Stale(fields) => {
                let each = fields.iter();
                let each = each.map(|f| format!("{} (by {})", text(&f.label), f.changed_by));
                let each = join(each, ", ");
                format!("Changed meanwhile: {each}. Choose which value stays and save again.")
            }
            Refusal::Gone { what } => format!("{what} has been withdrawn."),
            Refusal::Duplicate { label, .. } => {
                let field = text(label);
                format!("Another record has this value in \"{field}\" already; choose another.")
            }
            Refusal::TooLarge { what, limit } => {
                format!("{what} is too large; the limit is {limit}.")
            }
            Refusal::TooMany { retry_after_seconds } => {
                format!("Too many requests; try again in {retry_after_seconds} s.")
            }
            Refusal::Malformed { en, .. } => en.clone(),
            Refusal::Viewing { role } => format!(
                "You view as \"{}\": nothing can be changed. Go back to your own view first.",
                text(role)
            ),
            Refusal::OutOfScope { scope } => format!("The token lacks the scope \"{scope}\"."),
            _ => String::new(),
        }
    }

    fn zh(&self) -> String {
        let text = |label: &Label| label.text(Language::ZH).to_string();
        match self {
            Refusal::NotFound { what } => format!("没有您可以查看的{what}。"),
            Refusal::Invalid(slips) => {
                join(slips.iter().map(|s| format!("{}：{}", s.field, s.zh)), "")
            }
            Refusal::BadQuestion(slips) => question(slips, Language::ZH),
            Refusal::NoSuchMove { transition, state, open } => {
                let way = match open.is_empty() {
                    true => "此状态没有可执行的操作".into(),
                    false => format!("可执行的操作：{}", join(open.iter().map(text), "、")),
                };
                format!("“{transition}”不能从“{}”状态执行；{way}。", text(state))
            }
            Refusal::NotOffered { transition, because } => {
                format!("“{}”仅在以下条件成立时可用：{because}。", text(transition))
            }
            Refusal::Needs { fields } => {
                format!("请先填写：{}。", join(fields.iter().map(|(_, l)| text(l)), "、"))
            }
            Refusal::RuleBroken { message, by: Some(by), .. } => {
                format!("{}（{by}）", text(message))
            }
            Refusal::RuleBroken { message, .. } => text(message),
            Refusal::ApprovalMissing(standings) => {
                let each = standings.iter().map(|s| s.text(Language::ZH, "/"));
                format!("尚缺审批：{}。", join(each, "；"))
            }
            Refusal::Stale(fields) => {
                let each = fields.iter();
                let each = each.map(|f| format!("{}（{}）", text(&f.label), f.changed_by));
                let each = join(each, "、");
                format!("以下字段已被他人修改：{each}。请选择保留的值后重新保存。")
            }
            Refusal::Gone { what } => format!("{what}已撤回。"),
            Refusal::Duplicate { label, .. } => {
                format!("“{}”的值已被其他记录使用，请更换。", text(label))
            }
            Refusal::TooLarge { what, limit } => format!("{what}过大，上限为 {limit}。"),
            Refusal::TooMany { retry_after_seconds } => {
                format!("请求过于频繁，请在 {retry_after_seconds} 秒后重试。")
            }
            Refusal::Malformed { zh, .. } => zh.clone(),
            Refusal::Viewing { role } => {
                format!(
                    "您正在以“{}”的视角查看，不能修改任何内容；请先返回自己的视角。",
                    text(role)
                )
            }
            Refusal::OutOfScope { scope } => format!("令牌缺少权限范围“{scope}”。"),
            _ => String::new(),
        }
    }
}

impl Standing {
    fn text(&self, language: Language, of: &str) -> String {
        format!("{} {} {of} {}", self.label.text(language), self.granted, self.quorum)
    }
}

impl Act {
    fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Act::Create => ("You may not create this kind of record.", "您无权创建此类记录。"),
            Act::Edit => {
                ("You may read this record but not change it.", "您可以查看此记录，但无权修改。")
            }
            Act::EditInState => {
                ("This part cannot be edited in the present state.", "当前状态下不能编辑此部分。")
            }
            Act::Transition => {
                ("Your role does not perform this step.", "您的角色不能执行此操作。")
            }
            Act::Withdraw => ("You may not withdraw this record.", "您无权撤回此记录。"),
            Act::Internal => {
                ("You may not read or write internal notes here.", "您无权读写此处的内部备注。")
            }
            Act::Approve => ("Your role does not give this approval.", "您的角色无权作出此审批。"),
            Act::Administer => {
                ("This needs the role of an administrator.", "此操作需要管理员角色。")
            }
            Act::Link => ("You may not link these records.", "您无权关联这些记录。"),
        }
    }
}

fn pick<'t>(language: Language, en: &'t str, zh: &'t str) -> &'t str {
    if language == Language::ZH { zh } else { en }
}

fn question(slips: &[QuestionSlip], language: Language) -> String {
    let between = pick(language, ": ", "：");
    let each = slips.iter().map(|slip| {
        let (said, parameter) = (slip.text(language), slip.parameter);
        format!("{parameter}{between}{said}")
    });
    join(each, pick(language, "; ", "；"))
}

impl QuestionSlip {
    /// What is wrong and what would be right, in the language of the reader.
    pub fn text(&self, language: Language) -> String {
        let said = |text: &str| match language == Language::ZH {
            true => chinese(text),
            false => text.to_string(),
        };
        match (&self.hint, language == Language::ZH) {
            (None, _) => said(&self.message),
            (Some(hint), false) => format!("{} ({})", said(&self.message), said(hint)),
            (Some(hint), true) => format!("{}（{}）", said(&self.message), said(hint)),
        }
    }
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
