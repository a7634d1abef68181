//! A file on its way in: bytes that arrive on the runtime are read by the thread that stores them.
//! Only a few pieces are held at a time, however large the file is.

use crate::form::Form;
use crate::media;
use crate::problem::{Problem, Result};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use std::io::{self, Read};
use std::time::Duration;
use tokio::sync::mpsc;

/// A file being received.
pub struct Upload {
    pub name: String,
    pub media_type: String,
    /// The fields of the form that stood before the file; none of a raw body.
    pub fields: Form,
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

/// What is known of a file before its content comes.
struct Head {
    name: String,
    media_type: String,
    fields: Form,
}

/// Fields that may stand before a file, and bytes of each.
const FIELDS: usize = 16;
const FIELD_BYTES: usize = 4096;
/// How many pieces wait to be stored.
const AHEAD: usize = 4;
/// How long a client may be silent in the midst of a file.
const SILENCE: Duration = Duration::from_secs(30);

impl Read for Upload {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let count = self.piece.len().min(into.len());
        let (part, _) = into.split_at_mut(count);
        self.piece.copy_to_slice(part);
        Ok(count)
    }
}

/// Begins to receive the file of a request: its raw body, named by `Content-Disposition`, or the
/// first file of a form.
///
/// # Errors
/// `malformed` where there is no file or no name.
pub async fn receive(headers: &HeaderMap, body: Body) -> Result<Upload> {
    let (sender, pieces) = mpsc::channel(AHEAD);
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or("application/octet-stream").to_string();
    if media::essence(&media_type) == "multipart/form-data" {
        return of_form(headers, body, sender, pieces).await;
    }
    let disposition = headers.get(header::CONTENT_DISPOSITION);
    let name = disposition.and_then(|value| media::file_name(value.as_bytes()));
    let name = name.ok_or_else(no_name)?;
    tokio::spawn(pump(body, sender));
    let (media_type, fields) = (media::essence(&media_type), Form::default());
    Ok(Upload { name, media_type, fields, pieces, piece: Bytes::new() })
}

async fn pump(body: Body, sender: mpsc::Sender<io::Result<Bytes>>) {
    let mut pieces = body.into_data_stream();
    loop {
        let piece = match tokio::time::timeout(SILENCE, pieces.next()).await {
            Ok(Some(Ok(piece))) => Ok(piece),
            Ok(Some(Err(error))) => Err(io::Error::other(error)),
            Ok(None) => return,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        let last = piece.is_err();
        if sender.send(piece).await.is_err() || last {
            return;
        }
    }
}

async fn of_form(
    headers: &HeaderMap,
    body: Body,
    sender: mpsc::Sender<io::Result<Bytes>>,
    pieces: mpsc::Receiver<io::Result<Bytes>>,
) -> Result<Upload> {
    let mut request = Request::new(body);
    *request.headers_mut() = headers.clone();
    // Whoever stores the file counts its bytes.
    DefaultBodyLimit::disable().apply(&mut request);
    let form = Multipart::from_request(request, &()).await.map_err(|_| no_form())?;
    let (head, told) = tokio::sync::oneshot::channel();
    tokio::spawn(pump_form(form, head, sender));
    match tokio::time::timeout(SILENCE, told).await {
        Ok(Ok(Head { name, media_type, fields })) => {
            Ok(Upload { name, media_type, fields, pieces, piece: Bytes::new() })
        }
        Ok(Err(_)) | Err(_) => Err(no_form()),
    }
}

async fn pump_form(
    mut form: Multipart,
    head: tokio::sync::oneshot::Sender<Head>,
    sender: mpsc::Sender<io::Result<Bytes>>,
) {
    let mut fields = Vec::new();
    while let Ok(Some(mut field)) = form.next_field().await {
        let Some(name) = field.file_name().and_then(media::last_part) else {
            let Some(pair) = text_of(field).await else { return };
            fields.push(pair);
            if fields.len() > FIELDS {
                return;
            }
            continue;
        };
        let media_type = media::essence(field.content_type().unwrap_or("application/octet-stream"));
        if head.send(Head { name, media_type, fields: Form::of(fields) }).is_err() {
            return;
        }
        loop {
            let piece = match tokio::time::timeout(SILENCE, field.chunk()).await {
                Ok(Ok(Some(piece))) => Ok(piece),
                Ok(Ok(None)) => return,
                Ok(Err(error)) => Err(io::Error::other(error.body_text())),
                Err(_) => Err(io::ErrorKind::TimedOut.into()),
            };
            let last = piece.is_err();
            if sender.send(piece).await.is_err() || last {
                return;
            }
        }
    }
}

/// A field that is no file; none where it is longer than a field of such a form may be.
async fn text_of(mut field: axum::extract::multipart::Field<'_>) -> Option<(String, String)> {
    let name = field.name().unwrap_or_default().to_string();
    let mut bytes = Vec::new();
    while let Some(piece) = tokio::time::timeout(SILENCE, field.chunk()).await.ok()?.ok()? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > FIELD_BYTES {
            return None;
        }
    }
    Some((name, String::from_utf8(bytes).ok()?))
}

fn no_name() -> Box<Problem> {
    Problem::malformed(
        "Name the file: Content-Disposition: attachment; filename=\"plan.pdf\"; beyond ASCII \
         write filename*=UTF-8''… .",
        "请注明文件名：Content-Disposition: attachment; filename=\"plan.pdf\"；\
         非 ASCII 文件名写作 filename*=UTF-8''…。",
    )
}

fn no_form() -> Box<Problem> {
    Problem::malformed("The form holds no file with a name.", "表单中没有带文件名的文件。")
}
