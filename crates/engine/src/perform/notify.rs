//! Whom an entry of history is told to: rows in the unit of the entry. Who watches the record, who
//! is named by what is said, who comes to stand in one of its fields, whose clock it is. Nobody is
//! told of what they do themselves.

use super::Job;
use crate::change::Change;
use crate::jobs::{BREACH, WARNING};
use crate::mention::mentioned;
use crate::notices::Why;
use crate::refusal::Result;
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
        let clock = [(WARNING, Why::Warned), (BREACH, Why::Breached)];
        if let Some((_, why)) = clock.into_iter().find(|(kind, _)| *kind == change.kind) {
            let told = change.told.iter().find(|(name, ..)| name == "#clock");
            let name = told.and_then(|(_, _, new)| new.as_text());
            for (_, person) in self.people_in(change, false) {
                tell(person, why, name);
            }
        }
        if let (Some(before), false) = (&change.before, matches!(change.kind, "watch" | "unwatch"))
        {
            for person in self.watchers(before)?.into_iter().take(WATCHERS) {
                tell(person, Why::Watched, None);
            }
        }
        Ok(people)
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
            let held = |record: &crate::record::Record| record.field(&field.name).as_key();
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
        let body = json!({ "record": after.key.0, "entry": entry, "at": change.at });
        let unique = format!("approvers:{entry}");
        self.enqueue(unit, "tell_approvers", &unique, &body.to_string(), self.session.now)
    }
}
