//! What is answered instead of a result: a problem by RFC 9457, in the reader's language, with a
//! code that programs may rely on. Made by [`crate::refused`] from what the engine refuses, and by
//! the server itself for what never reaches the engine.

use crate::title;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use model::Language;
use serde_json::{Map, Value as Json, json};

/// One problem. Boxed wherever it is a result, so that the good case stays small.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub said: Said,
    /// One entry for each field or parameter that is wrong.
    pub slips: Vec<Slip>,
    /// Members beside those every problem has.
    pub more: Vec<(&'static str, Json)>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What went wrong inside; for the log only.
    pub fault: Option<String>,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub en: String,
    pub zh: String,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    pub place: Place,
    pub said: Said,
    pub more: Vec<(&'static str, Json)>,
}

/// Where a slip is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A member of the body.
    Field(String),
    /// A parameter of the query.
    Parameter(String),
}

pub type Result<T> = std::result::Result<T, Box<Problem>>;

impl Said {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Said {
        Said { en: en.into(), zh: zh.into() }
    }

    pub fn text(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }

    fn both(&self) -> Json {
        json!({ "en": self.en, "zh": self.zh })
    }
}

impl Slip {
    pub fn field(field: &str, said: Said) -> Slip {
        Slip { place: Place::Field(field.to_string()), said, more: Vec::new() }
    }

    pub fn parameter(parameter: &str, said: Said) -> Slip {
        Slip { place: Place::Parameter(parameter.to_string()), said, more: Vec::new() }
    }

    /// Whether it is about the field or parameter of this name.
    pub fn is_about(&self, name: &str) -> bool {
        match &self.place {
            Place::Field(place) | Place::Parameter(place) => place == name,
        }
    }

    fn json(&self, language: Language) -> Json {
        let mut out = Map::new();
        let (member, place) = match &self.place {
            Place::Field(field) => ("field", field),
            Place::Parameter(parameter) => ("parameter", parameter),
        };
        out.insert(member.into(), json!(place));
        out.insert("detail".into(), json!(self.said.text(language)));
        out.insert("details".into(), self.said.both());
        out.extend(self.more.iter().map(|(name, value)| (name.to_string(), value.clone())));
        Json::Object(out)
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, said: Said) -> Problem {
        Problem {
            status,
            code,
            said,
            slips: Vec::new(),
            more: Vec::new(),
            headers: Vec::new(),
            fault: None,
        }
    }

    /// A request that cannot be understood.
    pub fn malformed(en: impl Into<String>, zh: impl Into<String>) -> Box<Problem> {
        Box::new(Problem::new(StatusCode::BAD_REQUEST, "malformed", Said::new(en, zh)))
    }

    /// Parameters that cannot be taken.
    pub fn parameters(slips: Vec<Slip>) -> Box<Problem> {
        let said = together(&slips);
        let mut problem = Problem::new(StatusCode::BAD_REQUEST, "bad-question", said);
        problem.slips = slips;
        Box::new(problem)
    }

    /// Members of the body that cannot be taken.
    pub fn fields(slips: Vec<Slip>) -> Box<Problem> {
        let said = together(&slips);
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", said);
        problem.slips = slips;
        Box::new(problem)
    }

    /// Nothing here for this person. One text for what does not exist and for what is hidden.
    pub fn missing() -> Box<Problem> {
        let said = Said::new(
            "There is nothing here, or nothing that you may see.",
            "此处没有内容，或您无权查看。",
        );
        Box::new(Problem::new(StatusCode::NOT_FOUND, "not-found", said))
    }

    /// No route of this name.
    pub fn no_route() -> Box<Problem> {
        let said = Said::new(
            "There is no such address; /api/v1/openapi.json lists all. None ends in a slash.",
            "没有此地址；所有地址见 /api/v1/openapi.json，地址末尾不带斜杠。",
        );
        Box::new(Problem::new(StatusCode::NOT_FOUND, "no-such-address", said))
    }

    pub fn fault(text: impl Into<String>) -> Box<Problem> {
        let said = Said::new(
            "Something went wrong inside. Tell the administrator the number of the fault.",
            "系统内部出错，请将错误编号告知管理员。",
        );
        let mut problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", said);
        problem.fault = Some(text.into());
        Box::new(problem)
    }

    /// The server has more to do than it can; come again.
    pub fn busy(seconds: u32) -> Box<Problem> {
        let said = Said::new(
            "The server is busy; nothing was done. Try again shortly.",
            "服务器繁忙，未执行任何操作，请稍后重试。",
        );
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", said);
        Box::new(problem.retry_after(seconds))
    }

    #[must_use]
    pub fn with(mut self: Box<Problem>, name: &'static str, value: Json) -> Box<Problem> {
        self.more.push((name, value));
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.headers.push((header::RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    /// The body. `number` is what people tell the administrator.
    pub fn json(&self, language: Language, number: &str) -> Json {
        let mut out = Map::new();
        out.insert("type".into(), json!(format!("urn:evenkeel:problem:{}", self.code)));
        out.insert("title".into(), json!(title::of(self.code, language)));
        out.insert("status".into(), json!(self.status.as_u16()));
        out.insert("code".into(), json!(self.code));
        out.insert("detail".into(), json!(self.said.text(language)));
        out.insert("details".into(), self.said.both());
        let slips: Vec<Json> = self.slips.iter().map(|slip| slip.json(language)).collect();
        out.insert("errors".into(), Json::Array(slips));
        out.extend(self.more.iter().map(|(name, value)| (name.to_string(), value.clone())));
        if self.fault.is_some() {
            out.insert("fault".into(), json!(number));
        }
        Json::Object(out)
    }

    pub fn add_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
}

fn together(slips: &[Slip]) -> Said {
    let name = |slip: &Slip| match &slip.place {
        Place::Field(name) | Place::Parameter(name) => name.clone(),
    };
    let en = slips.iter().map(|slip| format!("{}: {}", name(slip), slip.said.en));
    let zh = slips.iter().map(|slip| format!("{}：{}", name(slip), slip.said.zh));
    Said::new(en.collect::<Vec<_>>().join(" "), zh.collect::<String>())
}
