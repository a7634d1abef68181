//! The asker's own tokens: listed, made, ended. The text of a token is answered once, when it is
//! made, and never again.

use super::instant;
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::Result;
use axum::http::StatusCode;
use engine::OwnToken;
use serde_json::{Value as Json, json};

pub fn list(call: &Call) -> Result<Answer> {
    let tokens: Vec<Json> = call.session.tokens()?.iter().map(shown).collect();
    Answer::json(&json!({ "tokens": tokens }))
}

pub fn make(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let name = members.text("name", 100);
    let name = members.required("name", name).unwrap_or_default();
    let scopes = members.texts("scopes").unwrap_or_default();
    let expires_at = members.text("expires_at", 64);
    let instant = expires_at.as_deref().map(crate::query::instant);
    if instant == Some(None) {
        members.slip(
            "expires_at",
            "Write an instant with its offset, as in 2027-01-01T00:00:00Z.",
            "请填写带时区偏移的时间，例如 2027-01-01T00:00:00Z。",
        );
    }
    let password = members.text("password", 256).unwrap_or_default();
    members.end()?;
    let again = ("password", password.as_str());
    let (text, token) = call.session.make_token(&name, &scopes, instant.flatten(), again)?;
    let mut out = shown(&token);
    if let Json::Object(members) = &mut out {
        members.insert("token".into(), text.into());
    }
    Ok(Answer::json(&out)?.status(StatusCode::CREATED))
}

pub fn end(call: &Call) -> Result<Answer> {
    call.session.end_token(call.part("id"))?;
    Ok(Answer::nothing())
}

fn shown(token: &OwnToken) -> Json {
    json!({
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": instant(token.created_at),
        "expires_at": token.expires_at.map(instant),
        "last_used_at": token.last_used_at.map(instant),
    })
}
