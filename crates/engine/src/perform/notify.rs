//! Whom an entry of history is told to: rows in the unit of the entry. Who watches the record, who
//! is named by what is said, who comes to stand in one of its fields, to whom an approval is passed
//! on, whose clock it is. Nobody is told of what they do themselves.

use super::Job;
use crate::change::{Change, Decision};
use crate::identity::accounts_of;
use crate::jobs::{BREACH, WARNING};
use crate::mention::mentioned;
use crate::notices::Why;
use crate::record::Record;
use crate::refusal::{Error, Result};
use crate::rights::Deed;
use crate::session::Session;
use model::definition::FieldKind;
use model::{Key, Name, Value};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Unit;
use store::core::notification::{self, Notification};

/// Watchers of one record that are told.
const WATCHERS: usize = 200;

type People = BTreeMap<Key, (Why, Option<Arc<str>>)>;

impl Job<'_> {
    pub(super) fn write_notices(&self, unit: &mut Unit, change: &Change, entry: i64) -> Result<()> {
        let mut people = self.told(change)?;
        if let Some(me) = self.session.actor.person {
            people.remove(&me);
        }
        let rows: Vec<Notification> = people
            .into_iter()
            .map(|(person, (why, detail))| Notification {
                person,
                entry,
                record: change.after.key,
                kind: why.as_str().into(),
                detail,
                at: change.at,
                read_at: None,
            })
            .collect();
        notification::insert(unit, &rows);
        self.ask_approvers(unit, change, entry)
    }

    /// The first reason counts: what was said to somebody stands before that they watch.
    fn told(&self, change: &Change) -> Result<People> {
        let mut people = People::new();
        let mut tell = |person, why, detail: Option<&str>| {
            people.entry(person).or_insert((why, detail.map(Arc::from)));
        };
        for (name, _, new) in &change.told {
            if let ("#comment" | "#note", Value::Text(said)) = (name.as_str(), new) {
                let on = (&change.after, change.internal);
                let (engine, reader) = (&self.session.engine, self.reader);
                let named = mentioned(engine, reader, self.definition, on, said)?;
                let named = named.into_iter().filter(|one| one.reads);
                named.for_each(|one| tell(one.person, Why::Mentioned, None));
            }
        }
        // What is taken over from elsewhere was somebody's task before.
        if !(self.session.actor.is_system && change.before.is_none()) {
            for (field, person) in self.people_in(change, true) {
                tell(person, Why::Named, Some(field.as_str()));
            }
        }
        let delegated = change.votes.iter().filter(|vote| vote.decision == Decision::Delegated);
        delegated.filter_map(|vote| vote.other).for_each(|to| tell(to, Why::Asked, None));
        let clock = [(WARNING, Why::Warned), (BREACH, Why::Breached)];
        if let Some((_, why)) = clock.into_iter().find(|(kind, _)| *kind == change.kind) {
            let told = change.told.iter().find(|(name, ..)| name == "#clock");
            let name = told.and_then(|(_, _, new)| new.as_text());
            for (_, person) in self.people_in(change, false) {
                if self.works_on(person, &change.after)? {
                    tell(person, why, name);
                }
            }
            // Whoever watches without working on it is not told of its clocks.
            return Ok(people);
        }
        if let (Some(before), false) = (&change.before, matches!(change.kind, "watch" | "unwatch"))
        {
            for person in self.watchers(before)?.into_iter().take(WATCHERS) {
                tell(person, Why::Watched, None);
            }
        }
        Ok(people)
    }

    /// Whether this person has an account that may write the record.
    fn works_on(&self, person: Key, record: &Record) -> Result<bool> {
        for account in accounts_of(self.reader, person)? {
            let actor = match self.session.engine.actor(account) {
                Ok(actor) => actor,
                // A closed account.
                Err(Error::Refused(_)) => continue,
                Err(fault) => return Err(fault),
            };
            let theirs = Session::new(&self.session.engine, Arc::new(actor));
            let known = theirs.known_for_rights(self.reader, self.definition, record)?;
            if theirs.may(Deed::Write, self.definition, record, &known) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The people that stand in fields of the record; only those who were not there before.
    fn people_in(&self, change: &Change, only_new: bool) -> Vec<(Name, Key)> {
        let Some(people) = self.catalogue.bound("person") else { return Vec::new() };
        let of_people = |kind: &FieldKind| {
            let to = match kind {
                FieldKind::Reference { to } => self.catalogue.record_type(to),
                _ => None,
            };
            to.is_some_and(|to| to.is_a(&people.name))
        };
        let mut found = Vec::new();
        for field in self.definition.fields.values().filter(|field| of_people(&field.kind)) {
            let held = |record: &Record| record.field(&field.name).as_key();
            let (old, new) = (change.before.as_ref().and_then(held), held(&change.after));
            let new = new.filter(|new| !only_new || old != Some(*new));
            found.extend(new.map(|person| (field.name.clone(), person)));
        }
        found
    }

    /// Where the record comes to a state out of which approvals lead, those who may give one are
    /// found by a job: who that is, rights tell, one person at a time.
    fn ask_approvers(&self, unit: &mut Unit, change: &Change, entry: i64) -> Result<()> {
        let after = &change.after;
        let entered = change.before.as_ref().is_none_or(|before| before.state != after.state);
        let Some(state) = after.state.as_ref().filter(|_| entered) else { return Ok(()) };
        let mut leaving =
            self.definition.transitions.values().filter(|step| step.from.contains(state));
        if !leaving.any(|step| !step.approve.is_empty()) {
            return Ok(());
        }
        let by = self.session.actor.person.map(|person| person.0);
        let body = json!({ "record": after.key.0, "entry": entry, "at": change.at, "by": by });
        let unique = format!("approvers:{entry}");
        self.enqueue(unit, "tell_approvers", &unique, &body.to_string(), self.session.now)
    }
}
