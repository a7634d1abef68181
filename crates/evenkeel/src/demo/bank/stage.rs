//! The stage: the engine under the moving clock, who is who, what is called what, and the commands
//! that people give. Every act is a session of the one who acts, at the instant it happens.

use super::agenda::{Act, Agenda};
use super::dice::Dice;
use super::fields::{Fields, name};
use super::hours::{Hours, House};
use super::people::Person;
use super::texts::Texts;
use super::time::{SECOND, Time};
use engine::actor::Actor;
use engine::{Command, Engine, Error, Order, Result, Session};
use model::{Key, Name};
use std::collections::HashMap;
use std::sync::Arc;

/// What was made, and what was refused and not mended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Records by type.
    pub records: HashMap<&'static str, u64>,
    /// Commands performed.
    pub commands: u64,
    /// What the engine did by itself: warnings, breaches, closings.
    pub jobs: u64,
    /// Refusals after which the person did something else.
    pub mended: u64,
    /// Refusals that nobody dealt with, in words; there should be none.
    pub refused: Vec<String>,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    pub kind: &'static str,
    pub key: Key,
}

pub struct Stage {
    pub engine: Engine,
    pub time: Arc<Time>,
    pub dice: Dice,
    pub hours: Hours,
    pub agenda: Agenda,
    pub texts: Arc<Texts>,
    pub figures: Figures,
    /// Work begins; the half year begins; now.
    pub founded: i64,
    pub begin: i64,
    pub now: i64,
    /// How much of the full organization's traffic is made, of a hundred.
    pub share: i64,
    pub people: Vec<Person>,
    /// Records by kind and key of the data, such as `team` and `network`.
    pub names: HashMap<(&'static str, String), Key>,
    pub items: super::items::Items,
    pub troubles: super::problems::Troubles,
    pub windows: super::windows::Windows,
    /// What was ordered last, in words: a refusal is of it.
    pub tried: String,
    actors: HashMap<String, Arc<Actor>>,
}

impl Stage {
    pub fn new(engine: Engine, time: Arc<Time>, plan: &super::Plan, texts: Texts) -> Stage {
        let begin = plan.now - plan.days * super::time::DAY;
        Stage {
            dice: Dice::new(plan.seed ^ 0x5eed),
            hours: Hours::new(),
            agenda: Agenda::default(),
            texts: Arc::new(texts),
            figures: Figures::default(),
            founded: begin - super::FOUNDING * super::time::DAY,
            begin,
            now: plan.now,
            share: plan.share,
            people: Vec::new(),
            names: HashMap::new(),
            items: Default::default(),
            troubles: Default::default(),
            windows: Default::default(),
            tried: String::new(),
            actors: HashMap::new(),
            engine,
            time,
        }
    }

    /// The instant of the clock.
    pub fn at(&self) -> i64 {
        self.engine.now()
    }

    pub fn later(&mut self, at: i64, act: impl FnOnce(&mut Stage) -> Result<()> + 'static) {
        let act: Act = Box::new(act);
        self.agenda.put(at, act);
    }

    pub fn known(&self, kind: &'static str, of: &str) -> Result<Key> {
        let found = self.names.get(&(kind, of.to_string())).copied();
        found.ok_or_else(|| Error::Fault(format!("the demo knows no {kind} {of}")))
    }

    pub fn person(&self, login: &str) -> Result<&Person> {
        let found = self.people.iter().find(|person| person.login == login);
        found.ok_or_else(|| Error::Fault(format!("the demo knows no person {login}")))
    }

    pub fn house(&self, login: &str) -> House {
        self.person(login).map_or(House::China, |person| person.house)
    }

    /// What is known of people changed: their roles, teams, absences.
    pub fn forget_actors(&mut self) {
        self.actors.clear();
    }

    pub fn session(&mut self, login: &str) -> Result<Session> {
        if let Some(actor) = self.actors.get(login) {
            return Ok(Session::new(&self.engine, actor.clone()));
        }
        let account = self.known("account", login)?;
        let actor = Arc::new(self.engine.actor(account)?);
        self.actors.insert(login.to_string(), actor.clone());
        Ok(Session::new(&self.engine, actor))
    }

    pub fn create(&mut self, who: &str, kind: &'static str, given: Fields) -> Result<Record> {
        let session = self.session(who)?;
        self.create_as(&session, kind, given)
    }

    pub fn create_as(
        &mut self,
        session: &Session,
        kind: &'static str,
        given: Fields,
    ) -> Result<Record> {
        let (values, links) = given.named()?;
        let command = Command::Create { values, links };
        let key = self.order(session, kind, None, command)?;
        *self.figures.records.entry(kind).or_default() += 1;
        Ok(Record { kind, key })
    }

    pub fn edit(&mut self, who: &str, record: Record, given: Fields) -> Result<()> {
        let (values, _) = given.named()?;
        self.act(who, record, Command::Edit { values })
    }

    pub fn step(&mut self, who: &str, record: Record, to: &str, given: Fields) -> Result<()> {
        self.step_with(who, record, to, given, None)
    }

    /// A transition, with a note where the person gives a reason.
    pub fn step_with(
        &mut self,
        who: &str,
        record: Record,
        to: &str,
        given: Fields,
        note: Option<String>,
    ) -> Result<()> {
        let (values, _) = given.named()?;
        self.act(who, record, Command::Transition { name: name(to)?, values, note })
    }

    pub fn link(&mut self, who: &str, record: Record, link: &str, to: Key) -> Result<()> {
        self.act(who, record, Command::Link { link: name(link)?, to })
    }

    pub fn note(&mut self, who: &str, record: Record, text: String) -> Result<()> {
        self.act(who, record, Command::Comment { text, internal: true })
    }

    pub fn comment(&mut self, who: &str, record: Record, text: String) -> Result<()> {
        self.act(who, record, Command::Comment { text, internal: false })
    }

    pub fn approve(&mut self, who: &str, record: Record, note: Option<String>) -> Result<()> {
        self.act(who, record, Command::Vote { approval: None, approve: true, note })
    }

    pub fn act(&mut self, who: &str, record: Record, command: Command) -> Result<()> {
        let session = self.session(who)?;
        self.order(&session, record.kind, Some(record.key), command)?;
        Ok(())
    }

    fn order(
        &mut self,
        session: &Session,
        kind: &str,
        key: Option<Key>,
        command: Command,
    ) -> Result<Key> {
        let record_type: Name = name(kind)?;
        let order = Order { record_type, key, command, base: None, idempotency: None };
        let said = session.perform(&order);
        // The next act of a person comes some seconds after the last.
        let pause = self.dice.between(2, 15);
        self.time.pass(pause * SECOND);
        self.tried = tried(session, &order);
        let written = said.map_err(|error| explained(error, &order))?;
        self.figures.commands += 1;
        Ok(written.key)
    }
}

/// Who ordered what.
fn tried(session: &Session, order: &Order) -> String {
    let who = &session.actor().login;
    let step = match &order.command {
        Command::Transition { name, .. } => name.as_str(),
        command => command.kind(),
    };
    let record = order.key.map_or(0, |key| key.0);
    format!("{who}: {step} {} {record}", order.record_type)
}

/// A fault says what was being done; a refusal stays what it is.
fn explained(error: Error, order: &Order) -> Error {
    match error {
        Error::Fault(fault) => {
            let (kind, act) = (&order.record_type, order.command.kind());
            Error::Fault(format!("{act} {kind}: {fault}"))
        }
        refused => refused,
    }
}
