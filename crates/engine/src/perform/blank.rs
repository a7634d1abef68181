//! What a new record begins as, and who stands in when work is given to somebody away.

use super::Job;
use crate::identity::is_away;
use crate::record::Record;
use crate::refusal::Result;
use crate::world;
use model::Value;
use model::definition::FieldKind;
use std::collections::BTreeMap;

impl Job<'_> {
    /// A record with a key and an id of its own and nothing else. Version 0 marks that it is not
    /// in the database; its number is taken when the decision stands.
    pub(crate) fn blank(&self) -> Result<Record> {
        let engine = &self.session.engine;
        let me = self.session.actor.person;
        let now = self.session.now;
        Ok(Record {
            key: engine.next_record()?,
            id: world::uuid(engine.world()),
            record_type: self.definition.name.clone(),
            number: None,
            state: self.definition.initial.clone(),
            version: 0,
            created_at: now,
            created_by: me,
            changed_at: now,
            changed_by: me,
            valid_from: now,
            withdrawn_at: None,
            values: BTreeMap::new(),
        })
    }

    /// Work newly given to somebody who is away goes to their substitute: an assignment is a
    /// tracked field that names a person.
    pub(crate) fn substitute(&self, before: Option<&Record>, draft: &mut Record) -> Result<()> {
        let Some(person_type) = self.catalogue.bound("person") else { return Ok(()) };
        let Some(part) = self.catalogue.part("person", "substitute") else { return Ok(()) };
        let tracked = self.definition.fields.values().filter(|field| field.tracked);
        let people = tracked.filter(|field| match &field.kind {
            FieldKind::Reference { to } => *to == person_type.name,
            _ => false,
        });
        for field in people {
            let given = draft.field(&field.name);
            if before.is_some_and(|before| before.field(&field.name) == given) {
                continue;
            }
            let Some(key) = given.as_key() else { continue };
            let person = self.reader.record(person_type, key)?;
            let away = person.filter(|person| is_away(self.reader, person, self.session.now));
            if let Some(substitute) = away.and_then(|person| person.field(part).as_key()) {
                draft.set(&field.name, Value::Reference(substitute));
            }
        }
        Ok(())
    }
}
