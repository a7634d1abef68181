//! Attachment: the files of a record, each named by the hash of its content. Content is uploaded
//! first; here is only what the field says of it, and no path of the sender survives.

use super::{FieldType, Names, Slip, Style, mend};
use model::definition::FieldKind;
use model::{Value, value};
use serde_json::{Map, Value as Json, json};

const EN: &str = "write a list of files with name, media_type, bytes and sha256";
const ZH: &str = "请填写文件列表，每个文件包含 name、media_type、bytes 和 sha256";

/// The most characters of a file name.
const NAME_MAX: usize = 255;

/// `attachment`.
pub struct Attachment;

impl FieldType for Attachment {
    fn read(&self, kind: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        let files: Vec<value::Attachment> = match json {
            Json::Array(list) => list.iter().map(file).collect::<Result<_, _>>()?,
            Json::Object(_) => vec![file(json)?],
            other => return Err(mend::shape(other, EN, ZH)),
        };
        let many = matches!(kind, FieldKind::Attachment { many: true });
        if !many && files.len() > 1 {
            let count = files.len();
            let en = format!("There are {count} files; this field takes one: remove the others.");
            return Err(Slip::new(
                en,
                format!("共有 {count} 个文件，此字段只接受一个，请移除其余文件。"),
            ));
        }
        Ok(if files.is_empty() { Value::Unset } else { Value::Attachments(files.into()) })
    }

    fn read_text(&self, kind: &FieldKind, text: &str, names: &dyn Names) -> Result<Value, Slip> {
        match serde_json::from_str(text) {
            Ok(json @ (Json::Array(_) | Json::Object(_))) => self.read(kind, &json, names),
            _ => Err(mend::unfit(
                text,
                "is not a file; attach files to the record itself, a cell does not hold them",
                "不是文件，请在记录上添加附件，单元格不能存放文件",
            )),
        }
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        let Value::Attachments(files) = value else { return Json::Null };
        let file = |file: &value::Attachment| {
            json!({
                "name": file.name.as_ref(),
                "media_type": file.media_type.as_ref(),
                "bytes": file.bytes,
                "sha256": file.sha256.as_ref(),
            })
        };
        files.iter().map(file).collect()
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        let Value::Attachments(files) = value else { return String::new() };
        let names: Vec<&str> = files.iter().map(|file| file.name.as_ref()).collect();
        names.join("; ")
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        let file = json!({
            "type": "object",
            "properties": {
                "name": { "type": "string", "minLength": 1, "maxLength": NAME_MAX },
                "media_type": { "type": "string" },
                "bytes": { "type": "integer", "format": "int64", "minimum": 0 },
                "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            },
            "required": ["name", "media_type", "bytes", "sha256"],
            "additionalProperties": false,
        });
        match kind {
            FieldKind::Attachment { many: false } => {
                json!({ "type": "array", "items": file, "maxItems": 1 })
            }
            _ => json!({ "type": "array", "items": file }),
        }
    }
}

fn file(json: &Json) -> Result<value::Attachment, Slip> {
    let Json::Object(object) = json else { return Err(mend::shape(json, EN, ZH)) };
    if let Some(other) = object.keys().find(|key| !PARTS.contains(&key.as_str())) {
        let zh = format!("不是文件信息的组成部分；{ZH}");
        return Err(mend::unfit(other, &format!("is not a part of a file; {EN}"), &zh));
    }
    let name = text(object, "name", is_name, "报告.pdf")?;
    let media_type = text(object, "media_type", is_media_type, "application/pdf")?;
    let sha256 = text(object, "sha256", is_hash, "64 hexadecimal digits")?;
    let bytes = object.get("bytes").and_then(Json::as_i64).filter(|bytes| *bytes >= 0);
    let bytes = bytes.ok_or_else(|| wrong("bytes", "1024"))?;
    Ok(value::Attachment {
        sha256: sha256.into(),
        name: name.into(),
        media_type: media_type.into(),
        bytes,
    })
}

const PARTS: [&str; 4] = ["name", "media_type", "bytes", "sha256"];

fn text<'a>(
    object: &'a Map<String, Json>,
    part: &str,
    fits: fn(&str) -> bool,
    example: &str,
) -> Result<&'a str, Slip> {
    let text = object.get(part).and_then(Json::as_str).filter(|text| fits(text));
    text.ok_or_else(|| wrong(part, example))
}

fn wrong(part: &str, example: &str) -> Slip {
    Slip::new(
        format!("\"{part}\" of a file is missing or wrong; write it as in {example}."),
        format!("文件的 {part} 缺失或有误，格式示例：{example}。"),
    )
}

/// A name of one file, not a path, that any system can keep.
fn is_name(text: &str) -> bool {
    let strange = |c: char| c.is_control() || c == '/' || c == '\\';
    let dots = text == "." || text == "..";
    !text.trim().is_empty() && !dots && !text.contains(strange) && text.chars().count() <= NAME_MAX
}

/// `type/subtype` with the characters of RFC 6838, without parameters.
fn is_media_type(text: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
    let part = |part: &str| (1..=127).contains(&part.len()) && part.bytes().all(inside);
    text.split_once('/').is_some_and(|(kind, subtype)| part(kind) && part(subtype))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_paths() {
        for name in ["报告.pdf", "a b.txt", ".hidden"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", " ", ".", "..", "../a", "a\\b", "a\nb", &"x".repeat(256)] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_media_type("image/svg+xml"));
        assert!(!is_media_type("text/html; charset=utf-8"));
    }
}
