//! One request as a handler sees it: who asks, for what, with what. Everything about HTTP that
//! handlers share is here.

use crate::app::App;
use crate::client::Client;
use crate::conditional;
use crate::door::cookie::Kept;
use crate::form::Form;
use crate::json;
use crate::problem::{Problem, Result, Said, Slip};
use crate::query::Query;
use crate::route::Route;
use crate::upload::Upload;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use engine::refusal::Refusal;
use engine::{Idempotency, Session};
use model::{Language, Name};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::sync::Arc;

/// One request.
pub struct Call {
    pub app: Arc<App>,
    pub route: &'static Route,
    pub session: Session,
    /// What stands for the names in braces, decoded.
    pub path: Vec<(String, String)>,
    pub query: Query,
    pub headers: HeaderMap,
    pub payload: Payload,
    /// Path and query as they were sent.
    pub target: String,
    /// What the browser keeps of us.
    pub kept: Kept,
    /// Whether the browser came by HTTPS.
    pub secure: bool,
    /// Who asked, as far as can be believed.
    pub client: Client,
}

/// The body of a request.
pub enum Payload {
    None,
    Bytes(Bytes),
    /// Still on its way.
    File(RefCell<Upload>),
}

impl Call {
    /// What the browser calls itself.
    pub fn browser(&self) -> &str {
        self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The part of the path that stands for a name in braces.
    pub fn part(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn record_type(&self) -> &str {
        self.part("record_type")
    }

    pub fn record(&self) -> &str {
        self.part("record")
    }

    pub fn language(&self) -> Language {
        self.session.language()
    }

    /// A part of the path that has to be a name.
    ///
    /// # Errors
    /// `not-found`: nothing can be called so.
    pub fn name(&self, part: &str) -> Result<Name> {
        Name::new(self.part(part)).ok_or_else(Problem::missing)
    }

    /// The object in the body; empty where nothing was sent.
    ///
    /// # Errors
    /// `malformed`.
    pub fn object(&self) -> Result<Map<String, Json>> {
        match &self.payload {
            Payload::Bytes(bytes) if !bytes.iter().all(u8::is_ascii_whitespace) => {
                json::object(bytes, self.app.settings.limits.json_depth)
            }
            _ => Ok(Map::new()),
        }
    }

    /// The fields of a form; none where nothing was sent.
    ///
    /// # Errors
    /// `malformed`.
    pub fn form(&self) -> Result<Form> {
        match &self.payload {
            Payload::Bytes(bytes) => Form::parse(bytes),
            _ => Ok(Form::default()),
        }
    }

    /// The version an edit is based on, where the client says so.
    ///
    /// # Errors
    /// `malformed` for what is no tag of ours.
    pub fn base(&self) -> Result<Option<i64>> {
        conditional::base(&self.headers)
    }

    /// Whether the client wants no more than what names the result (RFC 7240).
    pub fn wants_little(&self) -> bool {
        let values = self.headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
        values.flat_map(|value| value.split([',', ';'])).any(|one| one.trim() == "return=minimal")
    }

    /// The client's key for this request, with a digest of method, address and body.
    ///
    /// # Errors
    /// `malformed` where the key is empty, too long or not plain text.
    pub fn idempotency(&self) -> Result<Option<Idempotency>> {
        let Some(value) = self.headers.get("idempotency-key") else { return Ok(None) };
        let bytes = value.as_bytes();
        if !(1..=200).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_graphic) {
            return Err(Problem::malformed(
                "An Idempotency-Key has 1 to 200 visible ASCII characters.",
                "Idempotency-Key 应为 1 到 200 个可见 ASCII 字符。",
            ));
        }
        let mut digest = Sha256::new();
        digest.update(self.route.verb.as_str());
        digest.update(b"\n");
        digest.update(&self.target);
        digest.update(b"\n");
        if let Payload::Bytes(bytes) = &self.payload {
            digest.update(bytes);
        }
        let key = String::from_utf8_lossy(bytes).into_owned();
        Ok(Some(Idempotency { key, digest: digest.finalize().into() }))
    }
}

/// The members of a body that are not values of a record, taken out one by one, so that what is
/// left over can be refused by name.
pub struct Members {
    left: Map<String, Json>,
    slips: Vec<Slip>,
}

impl Members {
    pub fn of(object: Map<String, Json>) -> Members {
        Members { left: object, slips: Vec::new() }
    }

    pub fn slip(&mut self, name: &str, en: &str, zh: &str) {
        self.slips.push(Slip::field(name, Said::new(en, zh)));
    }

    /// A member of any kind; none where it is absent or `null`.
    pub fn any(&mut self, name: &str) -> Option<Json> {
        self.left.shift_remove(name).filter(|value| !value.is_null())
    }

    pub fn text(&mut self, name: &str, most: usize) -> Option<String> {
        match self.any(name)? {
            Json::String(text) if text.chars().count() > most => {
                let (en, zh) =
                    (format!("At most {most} characters."), format!("最多 {most} 个字符。"));
                self.slip(name, &en, &zh);
                None
            }
            Json::String(text) if text.contains('\0') => {
                self.slip(name, "Delete the NUL character.", "请删除空字符。");
                None
            }
            Json::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
            _ => {
                self.slip(name, "Write a text in quotes.", "请填写带引号的文本。");
                None
            }
        }
    }

    pub fn yes(&mut self, name: &str) -> Option<bool> {
        match self.any(name)? {
            Json::Bool(yes) => Some(yes),
            _ => {
                self.slip(name, "Write true or false.", "请填写 true 或 false。");
                None
            }
        }
    }

    pub fn object(&mut self, name: &str) -> Option<Map<String, Json>> {
        match self.any(name)? {
            Json::Object(object) => Some(object),
            _ => {
                self.slip(name, "Write an object.", "请填写对象。");
                None
            }
        }
    }

    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let Json::Array(all) = self.any(name)? else {
            self.slip(name, "Write a list of texts.", "请填写文本列表。");
            return None;
        };
        let texts = all.iter().map(|one| one.as_str().map(str::to_string));
        let texts: Option<Vec<String>> = texts.collect();
        if texts.is_none() {
            self.slip(name, "Write a list of texts.", "请填写文本列表。");
        }
        texts
    }

    /// A member that must be there.
    pub fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        let told = self.slips.iter().any(|slip| slip.is_about(name));
        if value.is_none() && !told {
            self.slip(name, "This must be filled.", "此项必填。");
        }
        value
    }

    /// What was not taken: values of a record.
    pub fn rest(&mut self) -> Map<String, Json> {
        std::mem::take(&mut self.left)
    }

    /// # Errors
    /// `invalid` with every slip, and with each member that nobody took.
    pub fn end(mut self) -> Result<()> {
        let left: Vec<String> = self.left.keys().cloned().collect();
        for name in left {
            self.slip(&name, "There is no such member.", "没有此成员。");
        }
        if self.slips.is_empty() { Ok(()) } else { Err(Problem::fields(self.slips)) }
    }
}

/// Whether the session's token carries the scope.
///
/// # Errors
/// `out-of-scope`.
pub fn demand_scope(session: &Session, scope: &str) -> Result<()> {
    match session.actor().in_scope(scope) {
        true => Ok(()),
        false => Err(Refusal::OutOfScope { scope: scope.into() }.into()),
    }
}
