//! Chance of one run, and random values for fields.

use crate::world::{Known, MODEL};
use model::definition::{Field, FieldKind};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use serde_json::{Value as Json, json};

pub struct Chance(StdRng);

const WORDS: [&str; 12] = [
    "mail",
    "payment",
    "fails",
    "since",
    "Monday",
    "邮件",
    "支付",
    "系统故障",
    "slow",
    "重启",
    "O'Neil \"quoted\"",
    "100%_",
];

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(StdRng::seed_from_u64(seed))
    }

    /// Below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        (self.0.next_u64() % most.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn of<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        if some.is_empty() { None } else { some.get(self.below(some.len())) }
    }

    pub fn text(&mut self) -> String {
        let words: Vec<&str> =
            (0..=self.below(4)).filter_map(|_| self.of(&WORDS).copied()).collect();
        format!("{} {}", words.join(" "), self.below(1_000_000))
    }

    /// A value that may stand in the field; unset now and then. None for kinds that are set in
    /// other ways.
    pub fn value(&mut self, field: &Field, records: &[Known], now: i64) -> Option<Json> {
        if !field.required && self.one_in(6) {
            return Some(Json::Null);
        }
        Some(match &field.kind {
            FieldKind::Text { .. } if field.name.ends_with("zone") => json!("Asia/Shanghai"),
            FieldKind::Text { max } | FieldKind::Markdown { max } => {
                json!(self.text().chars().take(*max).collect::<String>())
            }
            FieldKind::LocalText { max } => {
                let cut = |text: String| text.chars().take(*max).collect::<String>();
                json!({ "en": cut(self.text()), "zh": cut(self.text()) })
            }
            FieldKind::Choice(choices) => {
                let names: Vec<_> = choices.0.keys().collect();
                json!(self.of(&names)?.as_str())
            }
            FieldKind::MultiChoice(choices) => {
                let names: Vec<_> = choices.0.keys().collect();
                json!([self.of(&names)?.as_str()])
            }
            FieldKind::YesNo => json!(self.one_in(3)),
            FieldKind::Integer { min, max } => {
                let (least, most) = (min.unwrap_or(0), max.unwrap_or(1000));
                json!(least + self.below((most - least + 1).clamp(1, 1000) as usize) as i64)
            }
            FieldKind::Datetime => json!(instant(now + self.span())),
            FieldKind::Date => json!(instant(now + self.span()).get(..10)?),
            FieldKind::Reference { to } => json!(self.record(records, to)?.id),
            _ => return None,
        })
    }

    fn span(&mut self) -> i64 {
        (self.below(40) as i64 - 15) * 6 * 3_600_000_000
    }

    /// A record of this type or of one that extends it.
    pub fn record<'a>(&mut self, records: &'a [Known], record_type: &str) -> Option<&'a Known> {
        let is_a = |known: &&Known| {
            let definition = MODEL.record_type(&known.record_type);
            definition.is_some_and(|definition| definition.is_a(record_type))
        };
        let fit: Vec<&Known> = records.iter().filter(is_a).collect();
        self.of(&fit).copied()
    }
}

fn instant(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}
