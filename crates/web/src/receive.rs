//! What a request brings along: its body, within limits, and whether it fits what the route takes.

use crate::app::App;
use crate::call::Payload;
use crate::media;
use crate::problem::{Problem, Result, Said};
use crate::route::{Gives, Route, Takes};
use crate::shell::late;
use crate::upload;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use engine::refusal::Refusal;
use futures_util::StreamExt;
use std::cell::RefCell;
use std::time::Duration;

/// Refuses a client that would not take any answer of the route.
///
/// # Errors
/// `not-acceptable`.
pub fn demand_accepted(route: &Route, headers: &HeaderMap) -> Result<()> {
    let fits = match route.gives {
        // These come in the form they have, whatever the client says.
        Gives::Nothing | Gives::Content | Gives::Table | Gives::Health | Gives::Metrics => true,
        Gives::Page | Gives::Asset | Gives::Stream => true,
        _ => ["application/json", "application/problem+json"]
            .iter()
            .any(|media_type| media::is_accepted(headers, media_type)),
    };
    let said = Said::new(
        "This is answered as application/json; name it in Accept.",
        "此处以 application/json 返回，请在 Accept 中注明。",
    );
    match fits {
        true => Ok(()),
        false => Err(Box::new(Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", said))),
    }
}

/// Reads the body as far as the route takes one.
///
/// # Errors
/// `unsupported-media-type`, `too-large`, `timeout`, `malformed`.
pub async fn payload(app: &App, route: &Route, headers: &HeaderMap, body: Body) -> Result<Payload> {
    let limits = &app.settings.limits;
    match route.takes {
        Takes::Nothing => Ok(Payload::None),
        Takes::Json(_) => {
            demand_json(headers)?;
            let bytes = collect(headers, body, limits.json_bytes, limits.request_time).await?;
            Ok(Payload::Bytes(bytes))
        }
        Takes::MaybeJson(_) => {
            let bytes = collect(headers, body, limits.json_bytes, limits.request_time).await?;
            if !bytes.is_empty() {
                demand_json(headers)?;
            }
            Ok(Payload::Bytes(bytes))
        }
        Takes::Fields | Takes::Work => {
            demand_fields(headers)?;
            let bytes = collect(headers, body, limits.json_bytes, limits.request_time).await?;
            Ok(Payload::Bytes(bytes))
        }
        Takes::File => {
            let most = limits.attachment_bytes;
            // A form is a little longer than the file in it.
            demand_length(headers, most.saturating_add(64 * 1024), most)?;
            Ok(Payload::File(RefCell::new(upload::receive(headers, body).await?)))
        }
    }
}

fn demand_json(headers: &HeaderMap) -> Result<()> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if value.is_some_and(media::is_json) {
        return Ok(());
    }
    let said = Said::new(
        "Send application/json in UTF-8, and say so in Content-Type.",
        "请以 UTF-8 编码的 application/json 发送，并在 Content-Type 中注明。",
    );
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(Box::new(Problem::new(status, "unsupported-media-type", said)))
}

fn demand_fields(headers: &HeaderMap) -> Result<()> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).map(str::trim);
    if essence.is_some_and(|text| text.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Ok(());
    }
    let said = Said::new(
        "Send the fields of the form as application/x-www-form-urlencoded.",
        "请以 application/x-www-form-urlencoded 发送表单字段。",
    );
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(Box::new(Problem::new(status, "unsupported-media-type", said)))
}

fn demand_length(headers: &HeaderMap, most: u64, limit: u64) -> Result<()> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let declared: Option<u64> = declared.and_then(|text| text.parse().ok());
    if declared.is_some_and(|declared| declared > most) { Err(too_large(limit)) } else { Ok(()) }
}

/// A body beyond its limit.
pub fn too_large(limit: u64) -> Box<Problem> {
    let limit = match limit % (1 << 20) {
        0 => format!("{} MiB", limit >> 20),
        _ => format!("{limit} B"),
    };
    Refusal::TooLarge { what: "The body (请求体)".into(), limit }.into()
}

async fn collect(headers: &HeaderMap, body: Body, most: usize, time: Duration) -> Result<Bytes> {
    demand_length(headers, most as u64, most as u64)?;
    tokio::time::timeout(time, gather(body, most)).await.map_err(|_| late())?
}

async fn gather(body: Body, most: usize) -> Result<Bytes> {
    let mut pieces = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece =
            piece.map_err(|_| Problem::malformed("The body broke off.", "请求体传输中断。"))?;
        if whole.len() + piece.len() > most {
            return Err(too_large(most as u64));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
