//! Attachments as JSON in one text cell. Apart, because it is the only field that needs a format.

use crate::cell::Cell;
use model::Value;
use model::value::Attachment;
use serde_json::{Value as Json, json};

pub(super) fn encode(files: &[Attachment]) -> Cell {
    if files.is_empty() {
        return Cell::Null;
    }
    let list: Vec<Json> = files.iter().map(one).collect();
    Cell::from(&*Json::Array(list).to_string())
}

/// `None` where the text is not what [`encode`] writes.
pub(super) fn decode(text: &str) -> Option<Value> {
    let list: Vec<Json> = serde_json::from_str(text).ok()?;
    let files: Vec<Attachment> = list.iter().map(read).collect::<Option<_>>()?;
    Some(if files.is_empty() { Value::Unset } else { Value::Attachments(files.into()) })
}

fn one(file: &Attachment) -> Json {
    json!({
        "sha256": &*file.sha256,
        "name": &*file.name,
        "media_type": &*file.media_type,
        "bytes": file.bytes,
    })
}

fn read(json: &Json) -> Option<Attachment> {
    let text = |key: &str| json.get(key)?.as_str().map(Into::into);
    Some(Attachment {
        sha256: text("sha256")?,
        name: text("name")?,
        media_type: text("media_type")?,
        bytes: json.get("bytes")?.as_i64()?,
    })
}
