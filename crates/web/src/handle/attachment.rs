//! Files of a record: listed, added, offered for saving, taken off. What somebody uploads is never
//! shown by a browser as part of this site: it is sent as a file to be saved, of no type that runs.

use super::{created_brief, order, target};
use crate::answer::Answer;
use crate::call::{Call, Payload};
use crate::media;
use crate::problem::{Problem, Result};
use axum::http::header;
use engine::Command;
use engine::attachments::Upload;
use serde_json::json;
use std::io::{Error, Read};
use std::ops::ControlFlow;

pub fn list(call: &Call) -> Result<Answer> {
    let files = call.session.attachments(call.record_type(), call.record())?;
    Answer::json(&json!({ "attachments": files }))
}

pub fn add(call: &Call) -> Result<Answer> {
    let Payload::File(upload) = &call.payload else { return Err(Problem::missing()) };
    let upload = &mut *upload.borrow_mut();
    let (name, media_type) = (upload.name.clone(), upload.media_type.clone());
    let mut content = Held { upload, failed: None };
    let order = Upload {
        name: &name,
        media_type: &media_type,
        internal: call.query.yes("internal"),
        content: &mut content,
        most: call.app.settings.limits.attachment_bytes,
        idempotency: call.idempotency()?,
    };
    let written = call.session.attach(call.record_type(), call.record(), order);
    if let (Err(_), Some(failed)) = (&written, &content.failed) {
        tracing::info!(reason = %failed, "an upload broke off");
    }
    created_brief(call, &written?)
}

/// An upload that remembers why it broke off.
struct Held<'a> {
    upload: &'a mut crate::upload::Upload,
    failed: Option<String>,
}

impl Read for Held<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.upload.read(into).inspect_err(|error| self.failed = Some(error.to_string()))
    }
}

pub fn content(call: &Call) -> Result<Answer> {
    let (record_type, record) = (call.record_type(), call.record());
    let download = call.session.download(record_type, record, call.part("sha256"))?;
    let tag = format!("\"{}\"", download.file.sha256);
    let disposition = media::attachment(&download.file.name);
    let length = download.file.bytes.to_string();
    let session = call.session.clone();
    let produce = move |out: &mut (dyn std::io::Write + Send)| {
        let mut failed: Option<Error> = None;
        session.read_file(&download, &mut |part| match out.write_all(part) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        match failed {
            None => Ok(()),
            Some(error) => Err(super::left(&error)),
        }
    };
    let answer = Answer::produced("application/octet-stream", Box::new(produce))
        .header(header::CONTENT_DISPOSITION, &disposition)
        .header(header::CONTENT_LENGTH, &length)
        .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
        .header(header::ETAG, &tag);
    Ok(answer)
}

pub fn remove(call: &Call) -> Result<Answer> {
    let (record_type, record) = (call.record_type(), call.record());
    let sha256 = call.part("sha256").to_string();
    call.session.download(record_type, record, &sha256)?;
    let (definition, key) = target(call)?;
    order(call, &definition, key, Command::Detach { sha256 })?;
    Ok(Answer::nothing())
}
