//! Parameters of a query: each named by its route, given at most once, of its kind. The same list
//! documents them in the OpenAPI description.

use crate::percent::{self, Bad};
use crate::problem::{Problem, Result, Said, Slip};
use crate::route::{Kind, Parameter};
use std::collections::HashSet;

/// The parameters that were given, checked.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Reads `a=1&b=2`.
    ///
    /// # Errors
    /// `bad-question` with every parameter that is unknown, repeated or not of its kind;
    /// `malformed` where the text cannot be decoded.
    pub fn parse(text: &str, known: &'static [Parameter]) -> Result<Query> {
        let (mut query, mut slips, mut seen) = (Query::default(), Vec::new(), HashSet::new());
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent::decode(name, true).map_err(undecodable)?;
            let value = percent::decode(value, true).map_err(undecodable)?;
            let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
                slips.push(Slip::parameter(&short(&name), unknown(known)));
                continue;
            };
            if !seen.insert(parameter.name) {
                let said = Said::new("Give this once.", "此参数只能出现一次。");
                slips.push(Slip::parameter(parameter.name, said));
            } else if let Some(said) = mistake(&parameter.kind, &value) {
                slips.push(Slip::parameter(parameter.name, said));
            } else {
                query.0.push((parameter.name, value));
            }
        }
        for parameter in known.iter().filter(|parameter| parameter.required) {
            let given = query.text(parameter.name).is_some_and(|text| !text.trim().is_empty());
            if !given && !slips.iter().any(|slip| slip.is_about(parameter.name)) {
                let said = Said::new("This must be given.", "此参数必填。");
                slips.push(Slip::parameter(parameter.name, said));
            }
        }
        if slips.is_empty() { Ok(query) } else { Err(Problem::parameters(slips)) }
    }

    /// The text of a parameter; none where it was not given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_string)
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// A number that counts things.
    pub fn size(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    pub fn yes(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// Microseconds.
    pub fn instant(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(instant)
    }

    /// Parts between commas, without empty ones.
    pub fn list(&self, name: &str) -> Vec<String> {
        let parts = self.text(name).unwrap_or("").split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
    }
}

fn undecodable(bad: Bad) -> Box<Problem> {
    match bad {
        Bad::Encoding => Problem::malformed(
            "The address has a \"%\" that is not followed by two hexadecimal digits.",
            "地址中“%”后面应为两位十六进制数字。",
        ),
        Bad::Utf8 => Problem::malformed("The address is not UTF-8.", "地址不是 UTF-8 编码。"),
        Bad::Control => {
            Problem::malformed("The address holds a control character.", "地址中含有控制字符。")
        }
    }
}

fn short(name: &str) -> String {
    name.chars().take(64).collect()
}

fn unknown(known: &[Parameter]) -> Said {
    let names: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
    match names.is_empty() {
        true => Said::new("This takes no parameters.", "此处不接受参数。"),
        false => Said::new(
            format!("There is no such parameter; known are: {}.", names.join(", ")),
            format!("没有此参数；可用参数：{}。", names.join("、")),
        ),
    }
}

/// What is wrong with a value, if anything.
fn mistake(kind: &Kind, value: &str) -> Option<Said> {
    match kind {
        Kind::Text { max } => (value.chars().count() > *max).then(|| {
            Said::new(format!("At most {max} characters."), format!("最多 {max} 个字符。"))
        }),
        Kind::Number { min, max } => {
            let plain = value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            let fits = value.parse::<i64>().is_ok_and(|number| (*min..=*max).contains(&number));
            (!plain || !fits).then(|| {
                Said::new(
                    format!("Write a whole number from {min} to {max}."),
                    format!("请填写 {min} 到 {max} 的整数。"),
                )
            })
        }
        Kind::YesNo => (!["true", "false"].contains(&value))
            .then(|| Said::new("Write true or false.", "请填写 true 或 false。")),
        Kind::Instant => instant(value).is_none().then(|| {
            Said::new(
                "Write an instant with its offset, as in 2026-03-01T09:00:00Z (%2B for \"+\").",
                "请填写带时区偏移的时间，例如 2026-03-01T09:00:00Z（“+”写作 %2B）。",
            )
        }),
        Kind::OneOf(names) => (!names.contains(&value)).then(|| {
            Said::new(
                format!("Write one of {}.", names.join(", ")),
                format!("请填写以下之一：{}。", names.join("、")),
            )
        }),
    }
}

/// RFC 3339 with its offset, in microseconds; nothing else, so that what is documented is taken.
pub fn instant(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let between = bytes.get(10).is_some_and(|b| b"Tt ".contains(b));
    let zone = bytes.len().checked_sub(6).and_then(|place| bytes.get(place));
    let offset =
        bytes.last().is_some_and(|b| b"Zz".contains(b)) || zone.is_some_and(|b| b"+-".contains(b));
    if bytes.len() < 20 || !between || !offset {
        return None;
    }
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Parameter] = &[
        Parameter::text("where", 20, ""),
        Parameter {
            name: "limit",
            kind: Kind::Number { min: 1, max: 1000 },
            says: "",
            required: false,
        },
        Parameter { name: "count", kind: Kind::YesNo, says: "", required: false },
        Parameter { name: "as_of", kind: Kind::Instant, says: "", required: false },
        Parameter {
            name: "format",
            kind: Kind::OneOf(&["csv", "xlsx"]),
            says: "",
            required: false,
        },
    ];

    #[test]
    fn parameters_are_taken_or_refused() {
        for (text, part) in [
            ("", None),
            ("where=a+%3D%3D+1&limit=50&count=true&", None),
            ("as_of=2026-03-01T09:00:00%2B08:00", None),
            ("where=1&where=2", Some("where: Give this once.")),
            ("limit=0", Some("limit: Write a whole number from 1 to 1000.")),
            ("limit=+5", Some("limit: Write a whole number")),
            ("limit=", Some("limit: Write a whole number")),
            ("count=yes", Some("count: Write true or false.")),
            ("as_of=2026-03-01", Some("as_of: Write an instant")),
            ("as_of=2026-03-01T09:00:00", Some("as_of: Write an instant")),
            ("format=pdf", Some("format: Write one of csv, xlsx.")),
            ("sortt=a", Some("sortt: There is no such parameter; known are: where")),
            ("where=%zz", Some("hexadecimal")),
            ("where=%00", Some("control character")),
            ("where=abcdefghijklmnopqrstuvwxyz", Some("where: At most 20")),
        ] {
            let read = Query::parse(text, KNOWN);
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
