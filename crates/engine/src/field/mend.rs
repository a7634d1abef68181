//! Words that the slips of several field types share: what was given, quoted safely and short.
//! The sentence of each slip stays with its kind.

use super::Slip;
use serde_json::Value as Json;

/// The most characters of an input that a slip repeats.
const QUOTED: usize = 40;

/// The input as a slip repeats it: one line, its beginning where it is long.
pub fn quoted(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().take(QUOTED).map(clean).collect();
    if text.chars().nth(QUOTED).is_some() {
        short.push('…');
    }
    short
}

/// JSON of another shape than the kind takes; `en` and `zh` say how to write it.
pub fn shape(json: &Json, en: &str, zh: &str) -> Slip {
    let (given_en, given_zh) = match json {
        Json::Null => ("null", "空值"),
        Json::Bool(_) => ("true or false", "布尔值"),
        Json::Number(_) => ("a number", "数字"),
        Json::String(_) => ("a text", "文本"),
        Json::Array(_) => ("a list", "列表"),
        Json::Object(_) => ("an object", "对象"),
    };
    Slip::new(format!("This is {given_en}; {en}."), format!("此处为{given_zh}；{zh}。"))
}

/// A text that the kind cannot take; `en` and `zh` say how to write it.
pub fn unfit(text: &str, en: &str, zh: &str) -> Slip {
    let text = quoted(text);
    Slip::new(format!("\"{text}\" {en}."), format!("“{text}”{zh}。"))
}

/// A kind of field that reached the file of another: the registry never does this.
pub fn misplaced() -> Slip {
    Slip::new("This field cannot be read here.", "此处无法读取该字段。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_wild_inputs_are_quoted_short() {
        assert_eq!(quoted("a\u{7}b"), "a b");
        assert_eq!(quoted(&"变".repeat(41)), format!("{}…", "变".repeat(40)));
    }
}
