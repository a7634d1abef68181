//! What random people do: whatever a session offers. What is refused is refused; a fault ends the
//! run.

use super::chance::Chance;
use crate::world::{Known, MODEL, World};
use engine::attachments::Upload;
use engine::bulk::{Chosen, Deed};
use engine::{Command, Error, Order, Result, Session, Written};
use model::Name;
use model::definition::{Field, RecordType};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const PEOPLE: [(&str, &[&str]); 10] = [
    ("ada", &["administrator"]),
    ("sam", &["service_desk_agent"]),
    ("ivo", &["incident_manager", "service_desk_agent"]),
    ("pia", &["problem_manager", "change_advisory_board"]),
    ("cai", &["change_manager", "release_manager", "change_advisory_board"]),
    ("kim", &["configuration_manager", "service_level_manager"]),
    ("eva", &["emergency_change_authority", "change_advisory_board"]),
    ("sofia", &["security_officer"]),
    ("hanna", &["human_resources"]),
    ("rita", &[]),
];
const MINUTE: i64 = 60_000_000;

pub struct Play<'w> {
    world: &'w World,
    chance: Chance,
    pub records: Vec<Known>,
    /// People who act; nobody edits or withdraws them.
    actors: Vec<Known>,
    /// How often each act was done.
    done: BTreeMap<&'static str, usize>,
    /// Each act and what became of it.
    pub told: Vec<String>,
}

impl<'w> Play<'w> {
    /// The world with its people and a first record of what others refer to.
    pub fn begin(world: &'w World, seed: u64) -> Play<'w> {
        PEOPLE.iter().for_each(|(name, roles)| world.person(name, roles));
        let known = |name: &&str| world.known(name).unwrap();
        let actors: Vec<Known> = PEOPLE.iter().map(|(name, _)| known(name)).collect();
        let mut records = actors.clone();
        for record_type in ["team", "organization", "location", "category", "service", "server"] {
            for number in 0..2 {
                let name = format!("{record_type} {number}");
                world.given(record_type, &name);
                let known = world.known(&name).unwrap();
                if record_type == "service" {
                    world.system().bring("service", known.key, "live").unwrap();
                }
                records.push(known);
            }
        }
        for name in ["change", "change_model", "release", "problem", "incident"] {
            world.given(name, name);
            records.push(world.known(name).unwrap());
        }
        let (chance, done, told) = (Chance::new(seed), BTreeMap::new(), Vec::new());
        let mut play = Play { world, chance, records, actors, done, told };
        play.join_teams();
        play
    }

    fn join_teams(&mut self) {
        let teams = Name::new("teams").unwrap();
        for actor in self.actors.clone() {
            let team = self.chance.record(&self.records, "team").unwrap().key;
            self.world.act(&actor, Command::Link { link: teams.clone(), to: team });
        }
    }

    /// Time goes on, by minutes or by a day, and what is due happens.
    pub fn pass_time(&mut self) {
        let minutes = if self.chance.one_in(12) { 1440 } else { 1 + self.chance.below(45) };
        self.world.go_on(self.world.engine.now() + minutes as i64 * MINUTE);
    }

    /// One act of somebody.
    pub fn act(&mut self) {
        let name = self.chance.of(&PEOPLE).unwrap().0;
        let session = self.world.session(name);
        let (act, result) = match self.chance.below(20) {
            0..4 => ("create", self.create(&session)),
            4..7 => ("edit", self.edit(&session)),
            7..13 => ("transition", self.transition(&session)),
            13 => ("link", self.link(&session)),
            14 => ("comment", self.comment(&session)),
            15 => ("attach", self.attach(&session)),
            16 => ("vote", self.vote(&session)),
            17 => ("watch", self.watch(&session)),
            18 => ("bulk", self.bulk(&session)),
            _ if self.chance.one_in(3) => ("withdraw", self.withdraw(&session)),
            _ => ("away", self.away(&session, name)),
        };
        let outcome = match result {
            Ok(()) => {
                *self.done.entry(act).or_default() += 1;
                "done".to_string()
            }
            Err(Error::Refused(refusal)) => refusal.code().to_string(),
            Err(Error::Fault(fault)) => panic!("{name}: {act}: {fault}\n{:#?}", self.told.last()),
        };
        self.told.push(format!("{name} {act} {outcome}"));
    }

    /// Most kinds of acts must have been done, or the run shows little.
    pub fn demand_variety(&self, steps: u64) {
        let done: usize = self.done.values().sum();
        assert!(steps < 100 || self.done.len() >= 9, "{:?}", self.done);
        assert!(steps < 100 || done as u64 * 3 > steps, "{done} of {steps}: {:?}", self.done);
    }

    fn perform(&mut self, session: &Session, known: &Known, command: Command) -> Result<()> {
        let (record_type, key) = (known.record_type.clone(), Some(known.key));
        let order = Order { record_type, key, command, base: None, idempotency: None };
        session.perform(&order).map(drop)
    }

    /// Any record but the people who act, newer ones more often.
    fn any(&mut self) -> Known {
        let others = self.records.len() - self.actors.len();
        let back = self.chance.below(others).min(self.chance.below(others));
        self.records[self.records.len() - 1 - back].clone()
    }

    fn values(&mut self, fields: &[&Field]) -> Json {
        let mut object = Map::new();
        for field in fields {
            let now = self.world.engine.now();
            if let Some(value) = self.chance.value(field, &self.records, now) {
                object.insert(field.name.to_string(), value);
            }
        }
        Json::Object(object)
    }

    fn create(&mut self, session: &Session) -> Result<()> {
        let concrete = |t: &&Arc<RecordType>| !t.is_abstract && t.name != "account";
        let types: Vec<Arc<RecordType>> =
            MODEL.record_types.values().filter(concrete).cloned().collect();
        let some =
            ["incident", "problem", "change", "release"].map(|n| MODEL.record_type(n).unwrap());
        let definition = match self.chance.one_in(2) {
            true => Arc::clone(self.chance.of(&some).unwrap()),
            false => self.chance.of(&types).unwrap().clone(),
        };
        let open: Vec<&Field> = definition.fields.values().filter(|field| is_open(field)).collect();
        let fields: Vec<&Field> =
            open.into_iter().filter(|field| field.required || self.chance.one_in(3)).collect();
        let values = self.values(&fields);
        // Where a person may not create it, the scribe of the house does.
        let scribe = self.world.system();
        let session = if self.chance.one_in(2) { session } else { &scribe };
        let made = crate::world::create(session, &definition.name, values)?;
        self.made(made);
        Ok(())
    }

    fn made(&mut self, made: Written) {
        let Written { record_type, key, id, .. } = made;
        self.records.push(Known { record_type, key, id });
    }

    fn edit(&mut self, session: &Session) -> Result<()> {
        let known = self.any();
        let values = self.some_values(&known);
        let values = session.input(&known.record_type, values.as_object().unwrap())?.values;
        self.perform(session, &known, Command::Edit { values })
    }

    fn some_values(&mut self, known: &Known) -> Json {
        let definition = MODEL.record_type(&known.record_type).unwrap();
        let open: Vec<&Field> = definition.fields.values().filter(|field| is_open(field)).collect();
        let some: Vec<&Field> = (0..3).filter_map(|_| self.chance.of(&open).copied()).collect();
        self.values(&some)
    }

    /// A step that leaves the present state, what it asks for filled in.
    fn transition(&mut self, session: &Session) -> Result<()> {
        let known = self.any();
        let definition = MODEL.record_type(&known.record_type).unwrap();
        let moves = session.moves(&known.record_type, &known.id.to_string())?;
        let (open, other): (Vec<_>, Vec<_>) =
            moves.into_iter().partition(|step| step.refusal.is_none());
        let choice = if open.is_empty() || self.chance.one_in(4) { &other } else { &open };
        let Some(step) = self.chance.of(choice).cloned() else { return Ok(()) };
        let needs: Vec<&Field> =
            step.needs.iter().filter_map(|need| definition.fields.get(need)).collect();
        let values = self.values(&needs);
        let values = session.input(&known.record_type, values.as_object().unwrap())?.values;
        let note = Some(self.chance.text());
        self.perform(session, &known, Command::Transition { name: step.name, values, note })
    }

    fn link(&mut self, session: &Session) -> Result<()> {
        let known = self.any();
        let definition = MODEL.record_type(&known.record_type).unwrap();
        let links: Vec<_> = definition.links.values().collect();
        let Some(link) = self.chance.of(&links).copied() else { return Ok(()) };
        let Some(to) = self.chance.record(&self.records, &link.to) else { return Ok(()) };
        let (link, to) = (link.name.clone(), to.key);
        let system = self.world.system();
        let session = if self.chance.one_in(2) { session } else { &system };
        self.perform(session, &known, Command::Link { link: link.clone(), to })?;
        match self.chance.one_in(3) {
            true => self.perform(session, &known, Command::Unlink { link, to }),
            false => Ok(()),
        }
    }

    fn comment(&mut self, session: &Session) -> Result<()> {
        let (known, text) = (self.any(), self.chance.text());
        let internal = self.chance.one_in(2);
        self.perform(session, &known, Command::Comment { text, internal })
    }

    fn attach(&mut self, session: &Session) -> Result<()> {
        let (known, text) = (self.any(), self.chance.text());
        let (of, id) = (known.record_type.to_string(), known.id.to_string());
        let internal = self.chance.one_in(2);
        let content = &mut text.as_bytes();
        let upload = Upload {
            name: "a.txt",
            media_type: "text/plain",
            internal,
            content,
            most: 1000,
            idempotency: None,
        };
        session.attach(&of, &id, upload)?;
        if self.chance.one_in(3) {
            let files = session.attachments(&of, &id)?;
            if let Some(sha256) = files.first().and_then(|file| file["sha256"].as_str()) {
                let sha256 = sha256.to_string();
                return self.perform(session, &known, Command::Detach { sha256 });
            }
        }
        Ok(())
    }

    fn vote(&mut self, session: &Session) -> Result<()> {
        let voted = |t: &Known| !MODEL.record_type(&t.record_type).unwrap().approvals.is_empty();
        let some: Vec<Known> = self.records.iter().filter(|known| voted(known)).cloned().collect();
        let Some(known) = self.chance.of(&some).cloned() else { return Ok(()) };
        let names = &MODEL.record_type(&known.record_type).unwrap().approvals;
        let names: Vec<Name> = names.keys().cloned().collect();
        let approval = self.chance.of(&names).cloned();
        if self.chance.one_in(4) {
            let to = self.chance.of(&self.actors).unwrap().key;
            return self.perform(session, &known, Command::Delegate { approval, to });
        }
        let (approve, note) = (!self.chance.one_in(3), Some(self.chance.text()));
        self.perform(session, &known, Command::Vote { approval, approve, note })
    }

    fn watch(&mut self, session: &Session) -> Result<()> {
        let known = self.any();
        let person = self.chance.of(&self.actors).unwrap().key;
        let person = if self.chance.one_in(3) { person } else { session.actor().person.unwrap() };
        self.perform(session, &known, Command::Watch { person })?;
        match self.chance.one_in(3) {
            true => self.perform(session, &known, Command::Unwatch { person }),
            false => Ok(()),
        }
    }

    fn bulk(&mut self, session: &Session) -> Result<()> {
        let first = self.any();
        let same = |known: &&Known| known.record_type == first.record_type;
        let ids: Vec<String> =
            self.records.iter().filter(same).map(|known| known.id.to_string()).collect();
        let ids = ids.into_iter().rev().take(5).collect();
        let command = match self.chance.one_in(2) {
            true => Command::Comment { text: self.chance.text(), internal: false },
            false => {
                let values = self.some_values(&first);
                let input = session.input(&first.record_type, values.as_object().unwrap())?;
                Command::Edit { values: input.values }
            }
        };
        if self.records.iter().filter(same).any(|known| self.actors.contains(known)) {
            return Ok(());
        }
        let rehearse = self.chance.one_in(3);
        let deed = Deed { command: &command, rehearse, idempotency: None };
        session.bulk(&first.record_type, &Chosen::Named(ids), deed).map(drop)
    }

    fn withdraw(&mut self, session: &Session) -> Result<()> {
        let known = self.any();
        let system = self.world.system();
        let session = if self.chance.one_in(2) { session } else { &system };
        self.perform(session, &known, Command::Withdraw { note: Some("Not needed".into()) })
    }

    /// Somebody is away for a day; another stands in.
    fn away(&mut self, session: &Session, name: &str) -> Result<()> {
        let known = self.world.known(name).unwrap();
        let other = self.chance.of(&self.actors).unwrap();
        let at = |at: i64| jiff::Timestamp::from_microsecond(at).unwrap().to_string();
        let now = session.now();
        let values = json!({
            "away_from": at(now), "away_until": at(now + 1440 * MINUTE), "substitute": other.id,
        });
        let values = session.input("person", values.as_object().unwrap())?.values;
        self.perform(session, &known, Command::Edit { values })
    }
}

/// Fields that people fill in, but for those that would end an account's work here.
fn is_open(field: &Field) -> bool {
    field.computed.is_none() && !field.set_by_workflow
}
