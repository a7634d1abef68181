//! From what a client sends to values: JSON objects by field, every mistake at once.

use crate::field;
use crate::names::Cards;
use crate::refusal::{FieldSlip, Refusal, Result};
use crate::session::Session;
use model::definition::RecordType;
use model::problem::nearest;
use model::{Key, Name, Value};
use serde_json::{Map, Value as Json};

/// Fields and links read from one JSON object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub values: Vec<(Name, Value)>,
    pub links: Vec<(Name, Vec<Key>)>,
}

/// Members of a record's JSON that are shown and never taken; a client may send back what it got.
const SHOWN_ONLY: [&str; 11] = [
    "id",
    "type",
    "number",
    "title",
    "state",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "hidden",
];

impl Session {
    /// Reads the members of an object as fields and links of the record type.
    ///
    /// # Errors
    /// `Invalid` with an entry for each member that cannot be taken.
    pub fn input(&self, record_type: &str, object: &Map<String, Json>) -> Result<Input> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let definition = self.definition(&catalogue, record_type)?;
        let cards = Cards::new(self, &reader);
        let mut input = Input::default();
        let mut slips = Vec::new();
        for (member, json) in object {
            if let Err(slip) = take(&definition, &cards, member, json, &mut input) {
                slips.push(slip);
            }
        }
        if slips.is_empty() { Ok(input) } else { Err(Refusal::Invalid(slips).into()) }
    }

    /// One record named by a client as the far end of a link.
    ///
    /// # Errors
    /// `Invalid` naming the member.
    pub fn far_end(&self, record_type: &str, link: &str, json: &Json) -> Result<(Name, Key)> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let definition = self.definition(&catalogue, record_type)?;
        let Some(found) = definition.links.get(link) else {
            return Err(Refusal::Invalid(vec![unknown(&definition, link)]).into());
        };
        let cards = Cards::new(self, &reader);
        let key = far_end(&cards, &found.to, json).map_err(|slip| named("to", slip))?;
        Ok((found.name.clone(), key))
    }

    /// A person named by a client.
    ///
    /// # Errors
    /// `Invalid` naming the member.
    pub fn person(&self, member: &str, json: &Json) -> Result<Key> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        let binding = catalogue.binding("person");
        let to = binding.map_or("person", |binding| binding.record.as_str());
        far_end(&cards, to, json).map_err(|slip| named(member, slip))
    }
}

fn named(member: &str, slip: field::Slip) -> crate::Error {
    Refusal::field(member, slip.en, slip.zh).into()
}

fn take(
    definition: &RecordType,
    cards: &Cards,
    member: &str,
    json: &Json,
    input: &mut Input,
) -> std::result::Result<(), FieldSlip> {
    let slip = |slip: field::Slip| FieldSlip::new(member, slip.en, slip.zh);
    if let Some(field) = definition.fields.get(member) {
        let value = field::read(&field.kind, json, cards).map_err(slip)?;
        input.values.push((field.name.clone(), value));
        return Ok(());
    }
    if let Some(link) = definition.links.get(member) {
        let keys = far_ends(cards, &link.to, json).map_err(slip)?;
        input.links.push((link.name.clone(), keys));
        return Ok(());
    }
    if SHOWN_ONLY.contains(&member) {
        return Ok(());
    }
    Err(unknown(definition, member))
}

fn far_ends(cards: &Cards, to: &str, json: &Json) -> std::result::Result<Vec<Key>, field::Slip> {
    match json {
        Json::Null => Ok(Vec::new()),
        Json::Array(all) => all.iter().map(|one| far_end(cards, to, one)).collect(),
        one => far_end(cards, to, one).map(|key| vec![key]),
    }
}

fn far_end(cards: &Cards, to: &str, json: &Json) -> std::result::Result<Key, field::Slip> {
    let Some(name) = Name::new(to) else { return Err(nobody()) };
    let kind = model::definition::FieldKind::Reference { to: name };
    field::read(&kind, json, cards)?.as_key().ok_or_else(nobody)
}

fn nobody() -> field::Slip {
    field::Slip {
        en: "Name a record by number or id.".into(),
        zh: "请用编号或标识指定记录。".into(),
    }
}

fn unknown(definition: &RecordType, member: &str) -> FieldSlip {
    let known = definition.fields.keys().chain(definition.links.keys()).map(Name::as_str);
    let known: Vec<&str> = known.collect();
    let close = nearest(member, &known).or_else(|| around(member, &known));
    match close {
        Some(close) => FieldSlip::new(
            member,
            format!("There is no such field; did you mean \"{close}\"?"),
            format!("没有此字段；您是指“{close}”吗？"),
        ),
        None => FieldSlip::new(member, "There is no such field.", "没有此字段。"),
    }
}

/// The known name that the written one is a part of, or the other way round.
fn around<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let is_word = (4..=Name::MAX).contains(&written.len());
    known.iter().filter(|_| is_word).find(|k| k.contains(written) || written.contains(**k)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let known = ["summary", "impact", "assigned_team"];
        for (written, meant) in [
            ("summry", Some("summary")),
            ("sumary", Some("summary")),
            ("impct", Some("impact")),
            ("team", Some("assigned_team")),
            ("incident_summary", Some("summary")),
            ("colour", None),
            ("x", None),
        ] {
            let found = nearest(written, &known).or_else(|| around(written, &known));
            assert_eq!(found, meant, "{written}");
        }
    }
}
