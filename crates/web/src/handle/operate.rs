//! What operators and their programs ask: whether the server works, its figures, the description of
//! its interface.

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::openapi;
use crate::problem::Result;
use bytes::Bytes;
use serde_json::json;
use std::sync::PoisonError;

pub fn health(call: &Call) -> Result<Answer> {
    call.app.engine.ready()?;
    Answer::json(&json!({ "status": "ok", "version": call.app.settings.version }))
}

pub fn metrics(call: &Call) -> Result<Answer> {
    let text = call.app.metrics.render(&call.app);
    Ok(Answer::bytes("text/plain; version=0.0.4; charset=utf-8", text.into_bytes()))
}

/// Made once for each version of the definitions.
pub fn description(call: &Call) -> Result<Answer> {
    let catalogue = call.app.engine.catalogue();
    let mut kept = call.app.description.lock().unwrap_or_else(PoisonError::into_inner);
    let bytes = match &*kept {
        Some((version, bytes)) if *version == catalogue.version => bytes.clone(),
        _ => {
            let document = openapi::document(&catalogue.model, &call.app.settings);
            let bytes = Bytes::from(answer::to_bytes(&document)?);
            *kept = Some((catalogue.version, bytes.clone()));
            bytes
        }
    };
    Ok(Answer::bytes(answer::JSON, bytes.to_vec()))
}
