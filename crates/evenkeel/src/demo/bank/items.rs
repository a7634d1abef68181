//! The configuration: every item written down, linked and put into use, then verified from time to
//! time. Which items there are stands in `items_list`.

use super::fields::fields;
use super::handling::member;
use super::hours::House;
use super::items_list::{Thing, things};
use super::stage::{Record, Stage};
use super::time::{DAY, HOUR};
use engine::{Error, Refusal, Result};
use model::Key;
use std::collections::HashMap;

/// Who keeps the configuration.
pub const KEEPER: &str = "zhao.qihang";

/// One item, as the story needs to know it.
#[derive(Debug, Clone)]
pub struct Item {
    pub record: Record,
    pub name: String,
    /// `app`, `vm`, `db`, `atm`, `switch` ...
    pub kind: String,
    pub service: String,
    /// Who manages it.
    pub team: String,
}

#[derive(Debug, Clone, Default)]
pub struct Items {
    pub all: Vec<Item>,
    by_name: HashMap<String, usize>,
}

impl Items {
    fn put(&mut self, item: Item) {
        self.by_name.insert(item.name.clone(), self.all.len());
        self.all.push(item);
    }

    pub fn named(&self, name: &str) -> Option<&Item> {
        self.by_name.get(name).and_then(|place| self.all.get(*place))
    }

    fn keys(&self, names: &[String]) -> Vec<Key> {
        names.iter().filter_map(|name| self.named(name)).map(|item| item.record.key).collect()
    }

    /// Items of a kind that carry the service, else all of the kind, else all of the service.
    pub fn like(&self, kind: &str, service: &str) -> Vec<Item> {
        let some = |test: &dyn Fn(&Item) -> bool| -> Vec<Item> {
            self.all.iter().filter(|item| test(item)).cloned().collect()
        };
        let both = some(&|item| item.kind == kind && item.service == service);
        if !both.is_empty() {
            return both;
        }
        let of_kind = some(&|item| item.kind == kind);
        if of_kind.is_empty() { some(&|item| item.service == service) } else { of_kind }
    }
}

/// Who asks for work on an item: this person, or one of the team that manages the item where that
/// is another: they may see it.
pub fn asker(stage: &mut Stage, item: Record, who: &str, house: House) -> String {
    let team = stage.items.all.iter().find(|one| one.record.key == item.key);
    let Some(team) = team.map(|one| one.team.clone()) else { return who.to_string() };
    match stage.person(who).is_ok_and(|person| person.team == team) {
        true => who.to_string(),
        false => member(stage, &team, house).unwrap_or_else(|| who.to_string()),
    }
}

pub fn found(stage: &mut Stage) -> Result<()> {
    for thing in things(stage)? {
        let record = write_down(stage, &thing)?;
        if !thing.planned {
            stage.step(KEEPER, record, "put_into_use", fields())?;
        }
        let (name, kind) = (thing.name, thing.kind.to_string());
        stage.items.put(Item { record, name, kind, service: thing.service, team: thing.team });
    }
    Ok(())
}

fn write_down(stage: &mut Stage, thing: &Thing) -> Result<Record> {
    let services = match thing.service.as_str() {
        "" => Vec::new(),
        service => vec![stage.known("service", service)?],
    };
    let owners = match thing.owner.as_str() {
        "" => Vec::new(),
        owner => vec![stage.known("person", owner)?],
    };
    let given = thing
        .given
        .clone()
        .text("name", &thing.name)
        .text("description", &thing.about)
        .text("environment", thing.environment)
        .text("criticality", &thing.criticality)
        .key("managed_by", stage.known("team", &thing.team)?)
        .key("location", stage.known("location", &thing.place)?)
        .link("services", services)
        .link("owners", owners)
        .link("depends_on", stage.items.keys(&thing.depends_on))
        .link("connected_to", stage.items.keys(&thing.connected_to))
        .link("part_of", stage.items.keys(thing.part_of.as_slice()));
    stage.create(KEEPER, thing.record_type, given)
}

/// Each item in use is verified once in the half year; one in twenty deviates and is put right.
pub fn schedule_verification(stage: &mut Stage) {
    let span = (stage.now - stage.begin) / DAY;
    for item in stage.items.all.clone() {
        if stage.dice.happens(6) {
            continue;
        }
        let at = stage.begin + stage.dice.between(0, span.max(1) - 1) * DAY;
        let house = stage.house(KEEPER);
        let at = stage.hours.open(house, at) + stage.dice.between(0, 8 * 60) * HOUR / 60;
        stage.later(at, move |stage| verify(stage, &item));
    }
}

fn verify(stage: &mut Stage, item: &Item) -> Result<()> {
    let deviates = stage.dice.happens(5);
    let result = if deviates { "deviating" } else { "correct" };
    let mut given = fields().text("verification_result", result);
    if deviates {
        let texts = stage.texts.clone();
        let text = stage.dice.pick(&texts.phrases.deviation).map(|both| both.of("zh"));
        given = given.text("deviation", text.unwrap_or_default());
    }
    if stage.verified(item.record, given)? && deviates {
        let (house, record) = (stage.house(KEEPER), item.record);
        let days = stage.dice.between(2, 20);
        let at = stage.hours.days_later(house, stage.at(), days, 10 * 60);
        stage.later(at, move |stage| {
            let note = Some("已按实际情况更正记录，并提醒相关团队。".to_string());
            match stage.step_with(KEEPER, record, "correct_deviation", fields(), note) {
                // A change has had it verified meanwhile.
                Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::NotOffered { .. }) => {
                    stage.figures.mended += 1;
                    Ok(())
                }
                said => said,
            }
        });
    }
    Ok(())
}

impl Stage {
    /// The keeper of the configuration verifies an item; one that is not in use is left alone,
    /// which is the answer.
    pub fn verified(&mut self, record: Record, given: super::fields::Fields) -> Result<bool> {
        match self.step(KEEPER, record, "verify", given) {
            Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::NoSuchMove { .. }) => {
                self.figures.mended += 1;
                Ok(false)
            }
            said => said.map(|()| true),
        }
    }
}
