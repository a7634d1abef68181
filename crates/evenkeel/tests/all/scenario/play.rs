//! Plays the lines of one scenario in one world, one after the other, and says what came of each.

use super::parse::Line;
use super::player::{Player, Told};
use super::shown;
use super::step::{Raw, Word, words};
use super::value;
use crate::world::{Known, World};
use jiff::tz::TimeZone;
use model::definition::RecordType;
use std::collections::HashMap;

pub struct Play<'w> {
    pub world: &'w World,
    player: &'w dyn Player,
    pub zone: TimeZone,
    last: Option<Known>,
    /// Entries of what the world began with, by record.
    before: HashMap<model::Key, usize>,
    entries_at_begin: Option<usize>,
}

type Fields = Vec<(String, Raw)>;

impl<'w> Play<'w> {
    pub fn new(world: &'w World, player: &'w dyn Player) -> Play<'w> {
        let zone = engine::identity::zone_named("Asia/Shanghai");
        Play { world, player, zone, last: None, before: HashMap::new(), entries_at_begin: None }
    }

    pub(super) fn player(&self) -> &'w dyn Player {
        self.player
    }

    /// Plays a line; its outcome, where it has one.
    pub fn line(&mut self, line: &Line) -> Option<String> {
        let text = line.text.as_str();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        match first {
            "people" => self.people(rest),
            "given" => self.given(rest.trim()),
            "clock" => self.set_clock(rest.trim()),
            _ => {
                self.begin();
                return Some(self.step(text, &line.outcome));
            }
        }
        None
    }

    fn step(&mut self, text: &str, wanted: &str) -> String {
        if let Some(clock) = text.strip_prefix("show clock ") {
            return self.clock(clock);
        }
        if let Some(past) = text.strip_prefix("as of ") {
            return self.as_of(past, wanted);
        }
        if let Some(record) = text.strip_prefix("history ") {
            return self.whole_history(record);
        }
        if let Some(claim) = text.strip_prefix("evidence ") {
            return self.evidence(claim);
        }
        if text == "audit" {
            return self.audit();
        }
        let (who, what) = text.split_once(':').unwrap_or_else(|| panic!("who does `{text}`?"));
        let done = match who.strip_prefix("as ") {
            Some(who) => self.look(who.trim(), what.trim()),
            None => self.act(who.trim(), &words(what)),
        };
        done.unwrap_or_else(|refusal| refusal)
    }

    fn act(&mut self, who: &str, words: &[Word]) -> Told<String> {
        let (verb, rest) = (words[0].name(), &words[1..]);
        match verb {
            "create" => self.create(who, rest),
            "set" => self.set(who, rest),
            "link" | "unlink" => self.link(who, rest, verb == "link"),
            "approve" => {
                self.name_last(rest);
                let voted = self.player().approve(who, &self.last())?;
                Ok(format!("{} {} of {}", voted.approval, voted.granted, voted.quorum))
            }
            "bring" => Ok(self.bring(who, rest)),
            "comment" | "note" => {
                let (text, record) = rest.split_last().unwrap();
                self.name_last(record);
                let internal = verb == "note";
                self.player().comment(who, &self.last(), text.name(), internal)?;
                Ok("ok".into())
            }
            "count" => {
                let filter = rest.get(2).map(Word::name);
                Ok(self.player().count(who, rest[0].name(), filter)?.to_string())
            }
            "search" => {
                let found = self.player().search(who, rest[0].name())?;
                Ok(if found.is_empty() { "nothing".into() } else { found.join(", ") })
            }
            "withdraw" => {
                self.name_last(rest);
                self.player().withdraw(who, &self.last())?;
                Ok("ok".into())
            }
            transition => self.transition(who, transition, rest),
        }
    }

    fn create(&mut self, who: &str, words: &[Word]) -> Told<String> {
        let record_type = words[0].name();
        let definition = self.world.definition(record_type);
        let fields = value::object(self, &definition, &fields(words));
        let made = self.player().create(who, record_type, fields)?;
        self.last = Some(made.known);
        Ok(match (made.number.is_empty(), made.state) {
            (false, Some(state)) => format!("{} {state}", made.number),
            (false, None) => made.number,
            (true, Some(state)) => state,
            (true, None) => "ok".into(),
        })
    }

    fn set(&mut self, who: &str, words: &[Word]) -> Told<String> {
        self.name_last(words);
        let known = self.last();
        let definition = self.world.definition(&known.record_type);
        let given = value::object(self, &definition, &fields(words));
        let names: Vec<String> = given.keys().cloned().collect();
        let before = self.player().read(None, &known, None)?;
        if let Err(refusal) = self.player().edit(who, &known, given) {
            return Err(named(&definition, &before.json, &names, refusal));
        }
        let after = self.player().read(None, &known, None)?;
        let computed = definition.fields.values().filter(|field| field.computed.is_some());
        let mut changed = computed.filter(|f| before.json[&*f.name] != after.json[&*f.name]);
        Ok(changed.next().map_or("ok".into(), |field| {
            let shown = shown::field(self, &definition, &field.name, &after.json[&*field.name]);
            format!("{} = {shown}", field.name)
        }))
    }

    fn transition(&mut self, who: &str, name: &str, words: &[Word]) -> Told<String> {
        self.name_last(words);
        let known = self.last();
        let definition = self.world.definition(&known.record_type);
        let mut given = value::object(self, &definition, &fields(words));
        let note = given.shift_remove("note").and_then(|n| n.as_str().map(str::to_string));
        let done = self.player().transition(who, &known, name, given, note);
        let state = self.state(&known)?;
        match done {
            // The engine tells the state by its label.
            Err(refusal) if refusal.starts_with("refused, not from") => {
                Err(format!("refused, not from {state}"))
            }
            other => other.map(|()| state),
        }
    }

    fn state(&self, known: &Known) -> Told<String> {
        let seen = self.player().read(None, known, None)?;
        Ok(seen.json["state"].as_str().unwrap_or("no state").to_string())
    }

    fn link(&mut self, who: &str, words: &[Word], begin: bool) -> Told<String> {
        let (link, to) = match words {
            [record, link, to] => {
                self.last = Some(self.record(record.name()));
                (link, to)
            }
            [link, to] => (link, to),
            other => panic!("link what? {other:?}"),
        };
        let to = self.record(to.name());
        self.player().link(who, &self.last(), link.name(), &to, begin)?;
        Ok("ok".into())
    }

    fn bring(&mut self, who: &str, words: &[Word]) -> String {
        self.name_last(&words[..1]);
        let known = self.last();
        let session = self.world.session(who);
        let brought = session.bring(&known.record_type, known.key, words[2].name());
        brought.unwrap_or_else(|error| panic!("{words:?}: {error:?}"));
        self.state(&known).unwrap()
    }

    fn look(&mut self, who: &str, what: &str) -> Told<String> {
        let (verb, what) = what.split_once(' ').unwrap();
        let mut parts = what.trim().split('.');
        self.last = Some(self.record(parts.next().unwrap()));
        let known = self.last();
        let player = self.player();
        match (verb, parts.collect::<Vec<_>>().as_slice()) {
            ("history", _) => Ok(format!("{} entries", player.history(Some(who), &known)?)),
            (_, []) => player.read(Some(who), &known, None).map(|_| "ok".into()),
            (_, [part]) => {
                let seen = player.read(Some(who), &known, None)?;
                if seen.hidden.iter().any(|hidden| hidden == part) {
                    return Err("not found".into());
                }
                let definition = self.world.definition(&known.record_type);
                if definition.links.contains_key(*part) {
                    let ends = seen.json["links"][*part].as_array().unwrap();
                    return Ok(shown::records(self, ends));
                }
                Ok(shown::field(self, &definition, part, &seen.json[*part]))
            }
            (_, [from, link]) => {
                let near = player.leading_here(who, &known, from, link)?;
                Ok(shown::records(self, &near))
            }
            other => panic!("see what? {other:?}"),
        }
    }

    /// Takes the record that words begin with, if they name one, as the one last named.
    fn name_last(&mut self, words: &[Word]) {
        if let Some(Word::Bare(name) | Word::Quoted(name)) = words.first() {
            self.last = Some(self.record(name));
        }
    }

    pub(super) fn has_last(&self) -> bool {
        self.last.is_some()
    }

    pub(super) fn last(&self) -> Known {
        self.last.clone().unwrap_or_else(|| panic!("no record was named yet"))
    }

    /// The record of this name or number.
    pub(super) fn record(&self, name: &str) -> Known {
        let found = self.world.known(name).or_else(|| self.world.numbered(name));
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// `2026-03-06 16:00 [ZONE]`: the time is set, or goes on with all that is due on the way.
    fn set_clock(&mut self, text: &str) {
        let (at, zone) = match text.splitn(3, ' ').collect::<Vec<_>>()[..] {
            [day, time, zone] => (format!("{day} {time}"), Some(zone.trim())),
            _ => (text.to_string(), None),
        };
        if let Some(zone) = zone {
            self.zone = engine::identity::zone_named(zone);
        }
        let at = value::local(&at, &self.zone).unwrap_or_else(|| panic!("{text} is no time"));
        self.world.go_on(at);
    }

    /// A record that the world begins with is complete.
    pub(super) fn begun(&mut self, name: &str) {
        let known = self.record(name);
        let entries = self.player().history(None, &known).unwrap();
        self.before.insert(known.key, entries);
    }

    pub(super) fn entries_before(&self, known: &Known) -> usize {
        self.before.get(&known.key).copied().unwrap_or(0)
    }

    /// Notes how many entries there are before the first step.
    fn begin(&mut self) {
        if self.entries_at_begin.is_none() {
            engine::sealer::Sealer::new(&self.world.engine, "audit").drain().unwrap();
            self.entries_at_begin = Some(crate::world::verify(&self.world.engine).0);
        }
    }

    pub(super) fn entries_at_begin(&self) -> usize {
        self.entries_at_begin.unwrap_or(0)
    }
}

fn fields(words: &[Word]) -> Fields {
    let object = words.iter().find_map(|word| match word {
        Word::Object(fields) => Some(fields.clone()),
        _ => None,
    });
    object.unwrap_or_default()
}

/// A refusal because of the state, with the fields it is about.
fn named(
    definition: &RecordType,
    record: &serde_json::Map<String, serde_json::Value>,
    fields: &[String],
    refusal: String,
) -> String {
    if refusal != "refused, is closed" {
        return refusal;
    }
    let state = record["state"].as_str().and_then(|state| definition.states.get(state));
    let is_closed = |field: &&String| {
        let section = definition.section_of(field).map(|section| &section.name);
        !state.is_none_or(|s| section.is_some_and(|section| s.editable.contains(section)))
    };
    let closed: Vec<&str> = fields.iter().filter(is_closed).map(String::as_str).collect();
    format!("refused, {} is closed", closed.join(", "))
}
