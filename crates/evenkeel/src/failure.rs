//! How a command ends when it does not do what was asked: refused (somebody can act on it), asked
//! wrongly, or a fault. Each has its exit code and a text in both languages.

use engine::{Error, Refusal};
use model::Language;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub en: String,
    pub zh: String,
}

/// Shorthand: a text from its two languages.
pub fn text(en: impl Into<String>, zh: impl Into<String>) -> Text {
    Text { en: en.into(), zh: zh.into() }
}

impl Text {
    pub fn in_language(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }
}

/// The code of a result that nobody reads any more.
pub const CLOSED: &str = "output-closed";

/// Why a command did not do what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    Refused(Box<Refused>),
    Usage(Text),
    /// A bug or a broken world.
    Fault(String),
}

/// What somebody can act on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub code: String,
    pub text: Text,
    /// What programs may want to know beside the text.
    pub more: Json,
}

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn refused(code: &str, en: impl Into<String>, zh: impl Into<String>) -> Failure {
        Failure::with(code, text(en, zh), Json::Null)
    }

    /// A refusal with what programs may want to know beside its text.
    pub fn with(code: &str, text: Text, more: Json) -> Failure {
        Failure::Refused(Box::new(Refused { code: code.into(), text, more }))
    }

    pub fn usage(en: impl Into<String>, zh: impl Into<String>) -> Failure {
        Failure::Usage(text(en, zh))
    }

    /// A fault of the outside: a file, a socket.
    pub fn outside(what: &str, error: impl std::fmt::Display) -> Failure {
        Failure::Fault(format!("{what}: {error}"))
    }

    /// 1 refused, 2 asked wrongly, 70 a fault (`EX_SOFTWARE` of sysexits.h). 0 where nobody reads
    /// the result any more, as in `evenkeel export incident | head`: they have what they wanted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Refused(refused) if refused.code == CLOSED => 0,
            Failure::Refused(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Fault(_) => 70,
        }
    }

    pub fn code(&self) -> &str {
        match self {
            Failure::Refused(refused) => &refused.code,
            Failure::Usage(_) => "usage",
            Failure::Fault(_) => "fault",
        }
    }

    pub fn text(&self, language: Language) -> String {
        match self {
            Failure::Refused(refused) => refused.text.in_language(language).to_string(),
            Failure::Usage(text) => text.in_language(language).to_string(),
            Failure::Fault(fault) if language == Language::ZH => format!("内部故障：{fault}"),
            Failure::Fault(fault) => format!("fault: {fault}"),
        }
    }

    /// `{"error": {"code", "message", ..}}`.
    pub fn to_json(&self, language: Language) -> Json {
        let mut error = json!({ "code": self.code(), "message": self.text(language) });
        if let (Failure::Refused(refused), Some(object)) = (self, error.as_object_mut()) {
            object.extend(refused.more.as_object().cloned().unwrap_or_default());
        }
        json!({ "error": error })
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        let (en, zh) = (refusal.text(Language::EN), refusal.text(Language::ZH));
        Failure::refused(refusal.code(), en, zh)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Refused(refusal) => (*refusal).into(),
            Error::Fault(fault) => Failure::Fault(fault),
        }
    }
}

impl From<store::Failure> for Failure {
    fn from(failure: store::Failure) -> Failure {
        Error::from(failure).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_has_its_exit_code() {
        assert_eq!(Failure::from(Refusal::NotLoggedIn).exit_code(), 1);
        assert_eq!(Failure::usage("a", "b").exit_code(), 2);
        assert_eq!(Failure::from(Error::Fault("x".into())).exit_code(), 70);
    }

    #[test]
    fn a_refusal_carries_what_programs_want_to_know() {
        let more = json!({ "line": 3 });
        let failure = Failure::with("x", text("a", "甲"), more);
        let wanted = json!({ "error": { "code": "x", "message": "甲", "line": 3 } });
        assert_eq!(failure.to_json(Language::ZH), wanted);
    }
}
