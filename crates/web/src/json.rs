//! JSON as it comes in: bounded in depth, without repeated members, and nothing after its end.

use crate::problem::{Problem, Result};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;

/// Reads one object.
///
/// # Errors
/// `malformed`, saying where.
pub fn object(bytes: &[u8], depth: usize) -> Result<Map<String, Json>> {
    if is_deeper(bytes, depth) {
        return Err(Problem::malformed(
            format!("The body is nested deeper than {depth} levels."),
            format!("请求体嵌套超过 {depth} 层。"),
        ));
    }
    serde_json::from_slice::<Object>(bytes).map(|object| object.0).map_err(|error| {
        Problem::malformed(
            format!("The body is not the JSON of an object: {error}."),
            format!("请求体不是 JSON 对象：{error}。"),
        )
    })
}

/// Whether brackets are nested deeper than so. Looks at bytes only, so that it costs next to
/// nothing and comes before anything that recurses.
fn is_deeper(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return true;
        }
    }
    false
}

/// An object in which no member stands twice: two readers of such a body could take different
/// ones for the one that counts.
struct Object(Map<String, Json>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Object, D::Error> {
        from.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Object, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = members.next_entry::<String, Json>()? {
            if object.insert(name.clone(), value).is_some() {
                return Err(de::Error::custom(format_args!("the member {name:?} stands twice")));
            }
        }
        Ok(Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_or_refused() {
        for (text, part) in [
            (r#"{"a": [1, {"b": null}]}"#, None),
            (r#"{"a": "[[[[[[[[{{{{\"[[[["}"#, None),
            (r#"{"a": 1, "a": 2}"#, Some("stands twice")),
            ("[1]", Some("expected an object")),
            (r#"{"a": 1} x"#, Some("trailing")),
            ("", Some("EOF")),
            (r#"{"a": "\ud800"}"#, Some("hex escape")),
            (r#"{"a": 1e999}"#, Some("out of range")),
            (r#"{"a": [[[[[1]]]]]}"#, Some("deeper than 5")),
        ] {
            let read = object(text.as_bytes(), 5);
            match part {
                None => assert!(read.is_ok(), "{text}: {read:?}"),
                Some(part) => {
                    let problem = read.unwrap_err();
                    assert!(problem.said.en.contains(part), "{text}: {}", problem.said.en);
                }
            }
        }
    }
}
