//! The load of one's teams: for each member the open work that names them, how much of it is over
//! its target, and when the next breach is. Which record types assign work, and by which fields,
//! the definitions say: a tracked field that names a team and one that names a person.

use crate::list::Question;
use crate::refusal::Result;
use crate::session::Session;
use model::definition::{Category, FieldKind, RecordType};
use model::expression::{Expression, Kind, LinkEnd, Node};
use model::{Key, Name, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::collections::HashMap;
use store::core::clock::{self, Clock};

/// Records of a type that are looked at; what is beyond is said to be there.
const MOST: usize = 500;
/// Members that are told.
const MEMBERS: usize = 100;

/// How much stands open with one member; with nobody yet where there is no person.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The card of the person.
    pub person: Option<Json>,
    pub open: usize,
    /// Records of which a clock is over its target.
    pub overdue: usize,
    /// When the next clock that runs is over its target, in microseconds.
    pub next: Option<i64>,
}

/// The open work of one's teams.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TeamLoad {
    /// Whoever is over a target first, then whoever is next, then who has most; nobody last.
    pub members: Vec<Load>,
    /// Whether there is more than was looked at.
    pub is_cut: bool,
}

/// How a record type assigns work: the field of the team, and of the person.
struct Assigns {
    team: Name,
    person: Name,
}

/// What is found of one record: who has it.
struct Work {
    key: Key,
    person: Option<Json>,
}

impl Session {
    /// The load of the reader's teams, counting what they may read; nothing where they are in none.
    ///
    /// # Errors
    /// A failed read.
    pub fn team_load(&self) -> Result<TeamLoad> {
        let teams = self.team_keys();
        if teams.is_empty() {
            return Ok(TeamLoad::default());
        }
        let (mut work, mut is_cut) = (Vec::new(), false);
        for (definition, assigns) in self.assigning() {
            let listed = self.list(&self.open_of_teams(&definition, &assigns))?;
            is_cut |= listed.next.is_some();
            let person = |record: &serde_json::Map<String, Json>| {
                record.get(&*assigns.person).filter(|card| card.is_object()).cloned()
            };
            let found = listed.keys.iter().zip(&listed.records);
            work.extend(found.map(|(key, record)| Work { key: *key, person: person(record) }));
        }
        let keys: Vec<Key> = work.iter().map(|one| one.key).collect();
        let clocks = clock::of(self.engine.database(), &keys)?;
        let idle = self.members(&teams)?;
        Ok(TeamLoad { members: loads(work, idle, &clocks, self.now), is_cut })
    }

    /// The record types that assign work, each once: a family by the type that declares it.
    fn assigning(&self) -> Vec<(std::sync::Arc<RecordType>, Assigns)> {
        let catalogue = self.engine.catalogue();
        let (Some(team), Some(person)) = (catalogue.bound("team"), catalogue.bound("person"))
        else {
            return Vec::new();
        };
        let seen = catalogue.model.record_types.values().filter(|t| self.may_see_type(&t.name));
        let assigns = |t: &RecordType| {
            let names = |to: &Name| tracked(t, to);
            Some(Assigns { team: names(&team.name)?, person: names(&person.name)? })
        };
        let found = seen.filter(|t| !t.states.is_empty());
        found.filter_map(|t| Some((t.clone(), assigns(t)?))).collect()
    }

    fn open_of_teams(&self, definition: &RecordType, assigns: &Assigns) -> Question {
        let catalogue = self.engine.catalogue();
        let mine = catalogue.part("person", "teams").map(Name::as_str).unwrap_or_default();
        let over = [Category::Done, Category::Closed, Category::Cancelled];
        let open = definition.states.values().filter(|state| !over.contains(&state.category));
        let open: Vec<String> = open.map(|state| format!("'{}'", state.name)).collect();
        let filter = format!("state in [{}] and {} in me.{mine}", open.join(", "), assigns.team);
        Question {
            record_type: definition.name.to_string(),
            filter: Some(filter),
            sort: queue_order(definition, &assigns.team),
            columns: Some(assigns.person.to_string()),
            limit: Some(MOST),
            ..Question::default()
        }
    }

    /// Who is in these teams and has not left, as cards.
    fn members(&self, teams: &[Key]) -> Result<Vec<Json>> {
        let catalogue = self.engine.catalogue();
        let person = catalogue.bound("person");
        let link = catalogue.part("person", "teams");
        let link = person.zip(link).and_then(|(person, link)| person.links.get(link));
        let (Some(person), Some(link)) = (person, link) else { return Ok(Vec::new()) };
        let end = || {
            let (from, other) = (link.declared_by.clone(), link.to.clone());
            Box::new(Node::Linked(LinkEnd { from, link: link.name.clone(), inverse: false, other }))
        };
        let team = |key: &Key| Box::new(Node::Value(Value::Reference(*key)));
        let within = teams.iter().map(|key| Node::In(team(key), end())).collect();
        let within = Expression { source: "".into(), node: Node::Or(within), kind: Kind::YesNo };
        let here = catalogue.part("person", "left_on").map(|left| format!("{left} is not set"));
        let number = person.number.as_ref().map(|_| "number,").unwrap_or_default();
        let question = Question {
            record_type: person.name.to_string(),
            filter: here,
            columns: Some(format!("{number}{}", person.title)),
            limit: Some(MEMBERS),
            ..Question::default()
        };
        let listed = self.list_where(&question, vec![within])?;
        let card = |record: &serde_json::Map<String, Json>| {
            json!({
                "id": record.get("id"), "type": record.get("type"),
                "number": record.get("number"), "title": record.get(&*person.title),
            })
        };
        Ok(listed.records.iter().map(card).collect())
    }
}

/// The order of the index that serves a team's queue: in any other all that is open would have to
/// be sorted.
fn queue_order(definition: &RecordType, team: &Name) -> Option<String> {
    let order = definition.indexes.values().find_map(|index| match &index.fields[..] {
        [first, state, rest @ ..] if first == team && &**state == "state" => Some(rest),
        _ => None,
    })?;
    let order: Vec<&str> = order.iter().map(Name::as_str).collect();
    Some(order.join(",")).filter(|order| !order.is_empty())
}

/// The first tracked field of a type that names records of another.
fn tracked(definition: &RecordType, to: &Name) -> Option<Name> {
    let is_one = |kind: &FieldKind| match kind {
        FieldKind::Reference { to: other } => other == to,
        _ => false,
    };
    let own = definition.fields.values().filter(|field| field.declared_by == definition.name);
    let found = own.into_iter().find(|field| field.tracked && is_one(&field.kind));
    found.map(|field| field.name.clone())
}

/// What stands open by person, also with those who have nothing.
fn loads(work: Vec<Work>, idle: Vec<Json>, clocks: &[Clock], now: i64) -> Vec<Load> {
    let mut due: HashMap<Key, i64> = HashMap::new();
    for (key, at) in clocks.iter().filter_map(|clock| Some((clock.record_key, end_of(clock)?))) {
        due.entry(key).and_modify(|known| *known = at.min(*known)).or_insert(at);
    }
    let id = |card: &Option<Json>| {
        card.as_ref().and_then(|card| card["id"].as_str()).unwrap_or("").to_string()
    };
    let mut all: BTreeMap<String, Load> = BTreeMap::new();
    let nothing = |person| Load { person, open: 0, overdue: 0, next: None };
    for card in idle {
        all.insert(id(&Some(card.clone())), nothing(Some(card)));
    }
    for one in work {
        let load = all.entry(id(&one.person)).or_insert_with(|| nothing(one.person.clone()));
        load.open += 1;
        match due.get(&one.key) {
            Some(at) if *at <= now => load.overdue += 1,
            Some(at) => load.next = Some(load.next.map_or(*at, |known| known.min(*at))),
            None => {}
        }
    }
    let mut members: Vec<Load> = all.into_values().collect();
    members.sort_by_key(|load| {
        let next = load.next.unwrap_or(i64::MAX);
        (load.person.is_none(), usize::MAX - load.overdue, next, usize::MAX - load.open)
    });
    members
}

/// When a clock that is not stopped reaches its target or did; none while it waits.
fn end_of(clock: &Clock) -> Option<i64> {
    let end = clock.breached_at.or(clock.due_at);
    end.filter(|_| clock.stopped_at.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(record: i64, due_at: Option<i64>, stopped_at: Option<i64>) -> Clock {
        Clock {
            record_key: Key(record),
            name: "c".into(),
            state: "running".into(),
            started_at: 0,
            stopped_at,
            counted: 0,
            target: Some(10),
            target_days: None,
            due_at,
            warn_at: None,
            warned_at: None,
            breached_at: None,
            calendar: "".into(),
            time_zones: "".into(),
            computed_at: 0,
            detail: None,
        }
    }

    /// Of two members and work of nobody: over first, the idle after those who work, nobody last.
    #[test]
    fn loads_stand_in_the_order_of_their_haste() {
        let card = |id: &str| json!({ "id": id });
        let work = [(1, Some("a")), (2, Some("b")), (3, Some("b")), (4, None), (5, Some("a"))];
        let work = work.map(|(key, id)| Work { key: Key(key), person: id.map(card) });
        let clocks = [
            clock(1, Some(150), None),
            clock(2, Some(90), None),
            clock(3, Some(300), None),
            clock(3, Some(200), None),
            // Stopped, and waiting: neither is over nor comes to it.
            clock(4, Some(50), Some(60)),
            clock(5, None, None),
        ];
        let told = loads(work.into(), vec![card("a"), card("c")], &clocks, 100);
        let load = |id: Option<&str>, open, overdue, next| Load {
            person: id.map(card),
            open,
            overdue,
            next,
        };
        assert_eq!(
            told,
            [
                load(Some("b"), 2, 1, Some(200)),
                load(Some("a"), 2, 0, Some(150)),
                load(Some("c"), 0, 0, None),
                load(None, 1, 0, None),
            ]
        );
    }
}
