//! What a handler answers where all went well, before it becomes a response.

use crate::problem::{Problem, Result};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use std::io::Write;

/// Status, headers, content.
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub content: Content,
}

/// What an answer carries.
pub enum Content {
    Empty,
    Bytes {
        media_type: &'static str,
        bytes: Vec<u8>,
    },
    /// Written piece by piece while it is sent.
    Produced {
        media_type: &'static str,
        produce: Produce,
    },
    /// Sent for as long as both sides hold on.
    Stream {
        media_type: &'static str,
        body: Body,
    },
    /// Nothing yet: to be asked again until something has come or the time is over.
    Wait(Vec<u8>),
}

/// Writes the content. A problem before the first piece has left becomes the answer; after it, the
/// connection is broken off, so that half an export never looks whole.
pub type Produce = Box<dyn FnOnce(&mut (dyn Write + Send)) -> Result<()> + Send>;

pub const JSON: &str = "application/json";

impl Answer {
    /// 200 with JSON.
    ///
    /// # Errors
    /// `fault` where a value cannot be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Answer> {
        Ok(Answer::bytes(JSON, to_bytes(value)?))
    }

    pub fn bytes(media_type: &'static str, bytes: Vec<u8>) -> Answer {
        let content = Content::Bytes { media_type, bytes };
        Answer { status: StatusCode::OK, headers: Vec::new(), content }
    }

    /// 204.
    pub fn nothing() -> Answer {
        let status = StatusCode::NO_CONTENT;
        Answer { status, headers: Vec::new(), content: Content::Empty }
    }

    pub fn produced(media_type: &'static str, produce: Produce) -> Answer {
        let content = Content::Produced { media_type, produce };
        Answer { status: StatusCode::OK, headers: Vec::new(), content }
    }

    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Answer {
        self.status = status;
        self
    }

    /// Adds a header; left out where the text cannot stand in one.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Answer {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }
}

/// # Errors
/// `fault` where a value cannot be written as JSON.
pub fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Problem::fault(format!("json: {error}")))
}
