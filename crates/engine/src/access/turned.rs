//! Why somebody whom others vouch for is not let in, in words that say what to do. Nothing here
//! repeats what another house has said: that stands in the log.

use crate::refusal::Refusal;
use model::Language;

/// Why somebody who came by another house was turned away.
#[derive(Debug, Clone, PartialEq)]
pub enum Turned {
    /// This way was not begun in this browser, was used, or took too long.
    Over,
    /// The provider says no: its code, such as `access_denied`.
    Declined(String),
    /// The provider cannot be reached.
    Unreachable,
    /// What the provider says proves nothing, or lacks what is needed.
    Unproven,
    /// The provider names no login.
    Nameless { claim: String },
    /// Nobody has this login here, and no account is made.
    Stranger { login: String },
    /// The login is that of an account which is not bound to this person.
    Taken { login: String },
    /// What the provider calls the person is bound to another account, or theirs to somebody else
    /// there.
    Held,
    /// The account may not be used.
    Closed { login: String },
    /// The account or its roles cannot be written as the provider wants it.
    Refused { login: String, why: Refusal },
}

impl Turned {
    /// Whose login it was about; empty where none was named.
    pub fn login(&self) -> &str {
        match self {
            Turned::Stranger { login }
            | Turned::Taken { login }
            | Turned::Closed { login }
            | Turned::Refused { login, .. } => login,
            _ => "",
        }
    }

    /// What the person reads, with the way out.
    pub fn text(&self, language: Language) -> String {
        if language == Language::ZH { self.zh() } else { self.en() }
    }

    fn en(&self) -> String {
        match self {
            Turned::Over => "This sign-in was begun in another browser, was used already, or \
                             took longer than ten minutes. Begin again."
                .into(),
            Turned::Declined(code) => format!(
                "The sign-in service refused ({code}). Begin again, or ask those who run that \
                 service."
            ),
            Turned::Unreachable => "The sign-in service does not answer. Try again in a minute; \
                                    whoever has a password of this system signs in with it."
                .into(),
            Turned::Unproven => "The answer of the sign-in service could not be accepted. Begin \
                                 again; if it happens again, an administrator finds the reason \
                                 in the log."
                .into(),
            Turned::Nameless { claim } => format!(
                "The sign-in service does not say what your account is called (\"{claim}\"). \
                 Ask an administrator to see to it; an address has to be confirmed there."
            ),
            Turned::Stranger { login } => format!(
                "There is no account \"{login}\" here yet. Ask an administrator to make it."
            ),
            Turned::Taken { login } => format!(
                "The account \"{login}\" here is not bound to you. If it is yours, sign in as \
                 before and connect it on the page of your account; else ask an administrator, \
                 who can allow it to be connected."
            ),
            Turned::Held => "This account is connected to somebody else there, or what you are \
                             called there is connected to another account here. Ask an \
                             administrator, who can remove bindings."
                .into(),
            Turned::Closed { login } => {
                format!("The account \"{login}\" may not be used now. Ask an administrator.")
            }
            Turned::Refused { login, why } => format!(
                "The account \"{login}\" cannot be brought in step with the sign-in service: {} \
                 Ask an administrator.",
                why.text(Language::EN)
            ),
        }
    }

    fn zh(&self) -> String {
        match self {
            Turned::Over => {
                "此次登录在其他浏览器中发起、已使用过，或超过了十分钟。请重新登录。".into()
            }
            Turned::Declined(code) => {
                format!("登录服务拒绝了请求（{code}）。请重新登录，或联系该服务的管理人员。")
            }
            Turned::Unreachable => {
                "登录服务没有响应，请稍后重试；持有本系统密码的人员可用密码登录。".into()
            }
            Turned::Unproven => {
                "无法接受登录服务的应答。请重新登录；若再次出现，请管理员查看日志中的原因。".into()
            }
            Turned::Nameless { claim } => format!(
                "登录服务未提供您的账号名（“{claim}”）。请联系管理员；邮箱地址须在该服务中经过验证。"
            ),
            Turned::Stranger { login } => {
                format!("这里还没有账号“{login}”，请联系管理员创建。")
            }
            Turned::Taken { login } => {
                format!(
                    "这里的账号“{login}”未与您绑定。若账号属于您，请以原方式登录后在账号页面中绑定；\
                     否则请联系管理员准许绑定。"
                )
            }
            Turned::Held => "此账号已与登录服务中的其他人绑定，或您在登录服务中的身份已绑定到\
                             其他账号。请联系管理员解除绑定。"
                .into(),
            Turned::Closed { login } => format!("账号“{login}”目前不能使用，请联系管理员。"),
            Turned::Refused { login, why } => format!(
                "无法使账号“{login}”与登录服务保持一致：{}请联系管理员。",
                why.text(Language::ZH)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_turned_away_is_told_what_to_do() {
        let login = || "anna".to_string();
        for (turned, en, zh) in [
            (Turned::Stranger { login: login() }, "make it", "创建"),
            (Turned::Taken { login: login() }, "who can allow it", "准许绑定"),
            (Turned::Held, "remove bindings", "解除绑定"),
            (Turned::Over, "Begin again", "重新登录"),
            (Turned::Refused { login: login(), why: Refusal::Busy }, "try again", "请重试"),
        ] {
            assert!(turned.text(Language::EN).contains(en), "{turned:?}");
            assert!(turned.text(Language::ZH).contains(zh), "{turned:?}");
        }
    }
}
