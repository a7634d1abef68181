//! Answers and problems as HTTP responses.

use crate::answer::{Answer, Content};
use crate::client::Client;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use model::Language;
use std::sync::Arc;

/// What the front tells every request.
#[derive(Clone)]
pub struct Asked {
    /// The number of the request.
    pub id: Arc<str>,
    pub client: Client,
    /// The language the request asks for.
    pub language: Option<Language>,
}

/// What a response tells the front, for the log and the figures.
#[derive(Clone, Default)]
pub struct Told {
    pub route: Option<&'static str>,
    pub login: Option<Arc<str>>,
    pub code: Option<&'static str>,
}

/// A problem as a response. A fault is logged here, once.
pub fn problem(problem: &Problem, language: Language, id: &str) -> Response {
    if let Some(fault) = &problem.fault {
        tracing::error!(request = id, fault = %fault, "fault");
    }
    let body = serde_json::to_vec(&problem.json(language, id)).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = problem.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, tag(language));
    problem.add_headers(headers);
    response.extensions_mut().insert(Told { code: Some(problem.code), ..Told::default() });
    response
}

pub fn tag(language: Language) -> HeaderValue {
    HeaderValue::from_static(if language == Language::ZH { "zh" } else { "en" })
}

/// An answer as a response; its content apart where that is yet to be made.
pub fn answer(answer: Answer, language: Language) -> (Response, Option<Content>) {
    let (media_type, body, rest) = match answer.content {
        Content::Empty => (None, Body::empty(), None),
        Content::Bytes { media_type, bytes } => (Some(media_type), Body::from(bytes), None),
        Content::Produced { media_type, produce } => {
            (Some(media_type), Body::empty(), Some(Content::Produced { media_type, produce }))
        }
        Content::Stream { media_type, body } => (Some(media_type), body, None),
        Content::Wait(bytes) => {
            (Some(crate::answer::JSON), Body::from(bytes), Some(Content::Wait(Vec::new())))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if let Some(media_type) = media_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CONTENT_LANGUAGE, tag(language));
    }
    for (name, value) in answer.headers {
        // Cookies are several headers of one name; of all others the last one counts.
        match name == header::SET_COOKIE {
            true => drop(headers.append(name, value)),
            false => drop(headers.insert(name, value)),
        }
    }
    (response, rest)
}
