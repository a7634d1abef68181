//! The parameters of a page: what the address says, else what the definition says, as values and as
//! literals of expressions.

use super::days;
use crate::percent;
use crate::problem::{Problem, Result, Said, Slip};
use engine::Session;
use jiff::tz::TimeZone;
use model::Name;
use model::Value;
use model::definition::page::{Page, Parameter, ParameterKind};
use model::expression::{Kind, literal};
use std::collections::BTreeMap;

/// The values of the parameters of a page.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    values: BTreeMap<Name, Value>,
}

/// The longest text of a parameter.
const LONGEST: usize = 500;

impl Asked {
    /// Reads the query of an address; parameters that the page does not declare are not its own.
    ///
    /// # Errors
    /// `bad-question` with each value that is not of its kind.
    pub fn read(page: &Page, query: &str, session: &Session) -> Result<Asked> {
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Ok(name), Ok(value)) =
                (percent::decode(name, true), percent::decode(value, true))
            {
                given.insert(name.to_string(), value.trim().to_string());
            }
        }
        let (mut asked, mut slips) = (Asked::default(), Vec::new());
        for parameter in page.parameters.values() {
            let text = given.get(parameter.name.as_str()).filter(|text| !text.is_empty());
            let value = match text.map(|text| read(parameter, text)) {
                Some(Some(value)) => value,
                Some(None) => {
                    slips.push(Slip::parameter(&parameter.name, wrong(parameter.kind)));
                    continue;
                }
                None => parameter
                    .default
                    .as_ref()
                    .map_or(Value::Unset, |default| session.value_now(default)),
            };
            asked.values.insert(parameter.name.clone(), value);
        }
        if slips.is_empty() { Ok(asked) } else { Err(Problem::parameters(slips)) }
    }

    /// The same with another value of one parameter.
    pub fn with(&self, name: &Name, value: Value) -> Asked {
        let mut other = self.clone();
        other.values.insert(name.clone(), value);
        other
    }

    pub fn value(&self, name: &str) -> &Value {
        self.values.get(name).unwrap_or(&Value::Unset)
    }

    /// A parameter as text, where it is one and set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).as_text()
    }

    /// Days since 1970-01-01 of a parameter that is a date.
    pub fn day(&self, name: &str) -> Option<i32> {
        match self.value(name) {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// A parameter as it is written in the address; empty where it is not set.
    pub fn written(&self, name: &str) -> String {
        match self.value(name) {
            Value::Date(day) => days::iso(*day),
            Value::Integer(number) => number.to_string(),
            Value::YesNo(yes) => yes.to_string(),
            other => other.as_text().unwrap_or("").to_string(),
        }
    }

    /// A parameter as it is written in an expression beside a value of this kind.
    ///
    /// | value | beside | literal |
    /// | --- | --- | --- |
    /// | 2026-11-23 | an instant | `datetime('2026-11-22T16:00:00Z')`, in Shanghai |
    /// | 2026-11-23 | anything | `date('2026-11-23')` |
    /// | O'Neil | a text | `'O''Neil'` |
    /// | not set | anything | `unset` |
    pub fn literal(&self, name: &str, beside: &Kind, zone: &TimeZone) -> String {
        match (self.value(name), beside) {
            (Value::Date(day), Kind::Instant) => instant(days::start(*day, zone)),
            (Value::Date(day), _) => format!("date('{}')", days::iso(*day)),
            (Value::Integer(number), _) => number.to_string(),
            (Value::YesNo(yes), _) => yes.to_string(),
            (value, _) => value.as_text().map_or_else(|| "unset".to_string(), quoted),
        }
    }
}

/// A text as a literal.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An instant as a literal.
pub fn instant(at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    format!("datetime('{at}')")
}

fn read(parameter: &Parameter, text: &str) -> Option<Value> {
    Some(match parameter.kind {
        ParameterKind::Date => Value::Date(literal::date(text).ok()?),
        ParameterKind::Integer => Value::Integer(text.parse().ok()?),
        ParameterKind::YesNo => Value::YesNo(text.parse().ok()?),
        ParameterKind::Text if text.chars().count() <= LONGEST => Value::text(text),
        ParameterKind::Text => return None,
    })
}

fn wrong(kind: ParameterKind) -> Said {
    match kind {
        ParameterKind::Date => {
            Said::new("Write a day as in 2026-03-01.", "请按 2026-03-01 的格式填写日期。")
        }
        ParameterKind::Integer => Said::new("Write a whole number.", "请填写整数。"),
        ParameterKind::YesNo => Said::new("Write true or false.", "请填写 true 或 false。"),
        ParameterKind::Text => Said::new("At most 500 characters.", "最多 500 个字符。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_written_as_what_stands_beside_them() {
        let mut asked = Asked::default();
        let mut set = |name: &str, value| asked.values.insert(Name::new(name).unwrap(), value);
        set("from", Value::Date(literal::date("2026-11-23").unwrap()));
        set("who", Value::text("O'Neil"));
        set("most", Value::Integer(3));
        let shanghai = TimeZone::fixed(jiff::tz::offset(8));
        for (name, kind, want) in [
            ("from", Kind::Instant, "datetime('2026-11-22T16:00:00Z')"),
            ("from", Kind::Date, "date('2026-11-23')"),
            ("who", Kind::Text, "'O''Neil'"),
            ("most", Kind::Integer, "3"),
            ("nothing", Kind::Any, "unset"),
        ] {
            assert_eq!(asked.literal(name, &kind, &shanghai), want);
        }
    }
}
