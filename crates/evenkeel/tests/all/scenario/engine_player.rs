//! Plays steps on the engine itself, a session for each.

use super::outcome;
use super::player::{Created, Player, Sight, Told, Voted};
use crate::world::{Known, World};
use engine::{Command, Order, Question, Session, Wanted, Written};
use model::Name;
use serde_json::{Map, Value as Json, json};

pub struct EnginePlayer<'w>(pub &'w World);

impl EnginePlayer<'_> {
    fn session(&self, who: Option<&str>) -> Session {
        who.map_or_else(|| self.0.system(), |who| self.0.session(who))
    }

    fn perform(&self, who: &str, record: &Known, command: Command) -> engine::Result<Written> {
        let (record_type, key) = (record.record_type.clone(), Some(record.key));
        let order = Order { record_type, key, command, base: None, idempotency: None };
        self.session(Some(who)).perform(&order)
    }

    fn told<T>(&self, result: engine::Result<T>) -> Told<T> {
        result.map_err(|error| outcome::told(&error))
    }

    /// The approval that a vote was given on, as it stands now.
    fn standing(&self, record: &Known) -> Voted {
        let (of, id) = (record.record_type.as_str(), record.id.to_string());
        let past = self.0.system().history(of, &id, None, 1).unwrap();
        let changes = past.entries[0]["changes"].as_array().unwrap();
        let told = changes.iter().find(|change| change["field"] == "approval").unwrap();
        let name = told["new"].as_str().unwrap().to_string();
        let moves = self.0.system().moves(of, &id).unwrap();
        let mut standings = moves.iter().flat_map(|one| &one.approvals);
        let found = standings.find(|standing| *standing.approval == *name);
        let (granted, quorum) = found.map_or((0, 0), |found| (found.granted, found.quorum));
        Voted { approval: name, granted, quorum }
    }
}

impl Player for EnginePlayer<'_> {
    fn create(&self, who: &str, of: &str, fields: Map<String, Json>) -> Told<Created> {
        let session = self.session(Some(who));
        let made = self.told(crate::world::create(&session, of, Json::Object(fields)))?;
        let known = Known { record_type: made.record_type, key: made.key, id: made.id };
        // Whoever creates a record need not see it.
        let seen = self.read(None, &known, None)?;
        let text = |name: &str| seen.json[name].as_str().map(str::to_string);
        Ok(Created { known, number: text("number").unwrap_or_default(), state: text("state") })
    }

    fn edit(&self, who: &str, record: &Known, fields: Map<String, Json>) -> Told<()> {
        let input = self.session(Some(who)).input(&record.record_type, &fields);
        let values = self.told(input)?.values;
        self.told(self.perform(who, record, Command::Edit { values })).map(drop)
    }

    fn transition(
        &self,
        who: &str,
        record: &Known,
        name: &str,
        fields: Map<String, Json>,
        note: Option<String>,
    ) -> Told<()> {
        let input = self.session(Some(who)).input(&record.record_type, &fields);
        let values = self.told(input)?.values;
        let name = Name::new(name).unwrap_or_else(|| panic!("{name} is no step"));
        let command = Command::Transition { name, values, note };
        self.told(self.perform(who, record, command)).map(drop)
    }

    fn link(&self, who: &str, record: &Known, link: &str, to: &Known, begin: bool) -> Told<()> {
        let session = self.session(Some(who));
        let far = session.far_end(&record.record_type, link, &json!(to.id));
        let (link, to) = self.told(far)?;
        let command = if begin { Command::Link { link, to } } else { Command::Unlink { link, to } };
        self.told(self.perform(who, record, command)).map(drop)
    }

    fn comment(&self, who: &str, record: &Known, text: &str, internal: bool) -> Told<()> {
        let text = text.to_string();
        self.told(self.perform(who, record, Command::Comment { text, internal })).map(drop)
    }

    fn approve(&self, who: &str, record: &Known) -> Told<Voted> {
        let command = Command::Vote { approval: None, approve: true, note: None };
        self.told(self.perform(who, record, command))?;
        Ok(self.standing(record))
    }

    fn withdraw(&self, who: &str, record: &Known) -> Told<()> {
        self.told(self.perform(who, record, Command::Withdraw { note: None })).map(drop)
    }

    fn count(&self, who: &str, of: &str, filter: Option<&str>) -> Told<usize> {
        let (record_type, filter) = (of.into(), filter.map(str::to_string));
        let question = Question { record_type, filter, ..Question::default() };
        match self.told(self.session(Some(who)).count(&question))? {
            store::select::Count::Exactly(count) | store::select::Count::AtLeast(count) => {
                Ok(count)
            }
        }
    }

    fn search(&self, who: &str, words: &str) -> Told<Vec<String>> {
        let wanted = Wanted { words: words.into(), limit: 100, ..Wanted::default() };
        let found = self.told(self.session(Some(who)).search(&wanted))?;
        let name = |hit: &Map<String, Json>| super::shown::card(&Json::Object(hit.clone()));
        Ok(found.hits.iter().rev().map(name).collect())
    }

    fn read(&self, who: Option<&str>, record: &Known, as_of: Option<i64>) -> Told<Sight> {
        let session = self.session(who);
        let seen = session.read(&record.record_type, &record.id.to_string(), as_of);
        let seen = self.told(seen)?;
        let hidden = seen.hidden.iter().map(Name::to_string).collect();
        Ok(Sight { json: seen.json, hidden })
    }

    fn leading_here(&self, who: &str, record: &Known, from: &str, link: &str) -> Told<Vec<Json>> {
        let (session, id) = (self.session(Some(who)), record.id.to_string());
        self.told(session.leading_here(&record.record_type, &id, (from, link)))
    }

    fn history(&self, who: Option<&str>, record: &Known) -> Told<usize> {
        let (session, id) = (self.session(who), record.id.to_string());
        let past = self.told(session.history(&record.record_type, &id, None, 500))?;
        Ok(past.entries.len())
    }

    fn clock(&self, record: &Known, name: &str) -> Option<Json> {
        let clocks = self.0.system().clocks(&record.record_type, &record.id.to_string()).unwrap();
        let found = clocks.into_iter().find(|clock| clock["clock"] == name)?;
        found.get("explained").cloned()
    }
}
