//! A session: who asks, when, in which language, with which rights. The one way to records; there
//! is no way round it, not even for tests.

use crate::actor::Actor;
use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::facts::Known;
use crate::facts::View;
use crate::reader::{Reader, asker, today};
use crate::record::{Record, parse_number};
use crate::refusal::{Error, Refusal, Result};
use crate::rights::{Deed, TypeRights};
use model::definition::RecordType;
use model::{Key, Language};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use store::Snapshot;
use store::core::spine::{self, Spine};
use store::sql::{Sight, WHOLE};

/// Cheap to clone; made for one request or one job.
#[derive(Clone)]
pub struct Session {
    pub(crate) engine: Engine,
    pub(crate) actor: Arc<Actor>,
    pub(crate) now: i64,
}

impl Session {
    /// A session of this actor, now.
    pub fn new(engine: &Engine, actor: Arc<Actor>) -> Session {
        Session { engine: engine.clone(), now: engine.now(), actor }
    }

    /// The system itself: jobs, timers, imports. Whole sight; its acts carry its name.
    pub fn system(engine: &Engine) -> Session {
        let roles = std::collections::BTreeSet::new();
        let actor = Actor {
            account: None,
            person: None,
            person_id: None,
            name: "system".into(),
            login: String::new(),
            rights: engine.rights(&engine.catalogue(), &roles),
            roles,
            parts: HashMap::new(),
            stands_in_for: Vec::new(),
            scopes: None,
            session_since: None,
            viewing: None,
            language: Language::EN,
            zone: jiff::tz::TimeZone::UTC,
            is_system: true,
        };
        Session::new(engine, Arc::new(actor))
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn now(&self) -> i64 {
        self.now
    }

    pub fn language(&self) -> Language {
        self.actor.language
    }

    /// The same person in another language.
    #[must_use]
    pub fn speaking(&self, language: Language) -> Session {
        let old = &*self.actor;
        let actor = Actor {
            language,
            account: old.account,
            person: old.person,
            person_id: old.person_id,
            name: old.name.clone(),
            login: old.login.clone(),
            roles: old.roles.clone(),
            rights: old.rights.clone(),
            parts: old.parts.clone(),
            stands_in_for: old.stands_in_for.clone(),
            scopes: old.scopes.clone(),
            session_since: old.session_since,
            viewing: old.viewing.clone(),
            zone: old.zone.clone(),
            is_system: old.is_system,
        };
        Session { engine: self.engine.clone(), actor: Arc::new(actor), now: self.now }
    }

    /// The record type of this name.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn definition(&self, catalogue: &Catalogue, name: &str) -> Result<Arc<RecordType>> {
        let missing = || Refusal::NotFound { what: name.to_string() }.into();
        catalogue.record_type(name).cloned().ok_or_else(missing)
    }

    pub(crate) fn reader<'a>(
        &self,
        snapshot: &'a Snapshot,
        catalogue: &'a Catalogue,
    ) -> Reader<'a> {
        Reader::new(&self.engine, snapshot, catalogue, asker(&self.actor, self.now))
    }

    /// What this person's statements are limited to.
    pub(crate) fn sight(&self) -> &dyn Sight {
        if self.actor.is_system { WHOLE } else { &*self.actor.rights }
    }

    /// Rights on the type; none for the system, which may do everything.
    pub(crate) fn rights_on(&self, definition: &RecordType) -> Option<&TypeRights> {
        if self.actor.is_system { None } else { self.actor.rights.on(&definition.name) }
    }

    pub(crate) fn today(&self) -> i32 {
        today(self.now, &self.actor.zone)
    }

    /// What names the record that a text names within a record type, by number or UUID, with the
    /// type it really has.
    ///
    /// # Errors
    /// `NotFound`. Whether the person may read it is not decided here.
    pub(crate) fn locate(
        &self,
        snapshot: &Snapshot,
        catalogue: &Catalogue,
        definition: &RecordType,
        text: &str,
    ) -> Result<(Spine, Arc<RecordType>)> {
        let missing = || Refusal::NotFound { what: text.to_string() };
        let found = match uuid::Uuid::try_parse(text) {
            Ok(id) => spine::by_id(snapshot, id)?,
            Err(_) => {
                let numbered = parse_number(definition, text).zip(definition.number.as_ref());
                let (number, format) = numbered.ok_or_else(missing)?;
                spine::by_number(snapshot, &format.counter, number)?
            }
        };
        let found = found.ok_or_else(missing)?;
        let real = catalogue.record_type(&found.record_type).ok_or_else(missing)?;
        if !real.is_a(&definition.name) {
            return Err(missing().into());
        }
        Ok((found, real.clone()))
    }

    /// The record that a text names, where this person may read it. One that is hidden and one
    /// that does not exist are refused alike, to the last word.
    ///
    /// # Errors
    /// `NotFound`; `Gone` where it is withdrawn.
    pub(crate) fn open_named(
        &self,
        reader: &Reader,
        asked: &RecordType,
        text: &str,
    ) -> Result<(Arc<RecordType>, Rc<Record>, Known)> {
        let (named, definition) = self.locate(reader.snapshot, reader.catalogue, asked, text)?;
        let opened = self.open(reader, &definition, named.key);
        let (record, known) = opened.map_err(|error| as_named(error, text))?;
        Ok((definition, record, known))
    }

    /// The record, where this person may read it, with the facts their rights read around it.
    ///
    /// # Errors
    /// `NotFound`; `Gone` where it is withdrawn.
    pub(crate) fn open(
        &self,
        reader: &Reader,
        definition: &RecordType,
        key: Key,
    ) -> Result<(Rc<Record>, Known)> {
        let missing = || Refusal::NotFound { what: definition.label.text(self.language()).into() };
        let record = reader.record(definition, key)?.ok_or_else(missing)?;
        let known = self.known_for_rights(reader, definition, &record)?;
        if !self.may(Deed::Read, definition, &record, &known) {
            return Err(missing().into());
        }
        if record.withdrawn_at.is_some() && !self.actor.is_system {
            let what = record.formatted_number(definition);
            return Err(Refusal::Gone { what }.into());
        }
        Ok((record, known))
    }

    pub(crate) fn known_for_rights(
        &self,
        reader: &Reader,
        definition: &RecordType,
        record: &Record,
    ) -> Result<Known> {
        match self.rights_on(definition) {
            Some(rights) => reader.known(definition, record, &rights.reads, &HashMap::new()),
            None => Ok(Known::default()),
        }
    }

    pub(crate) fn may(
        &self,
        deed: Deed,
        definition: &RecordType,
        record: &Record,
        known: &Known,
    ) -> bool {
        if self.actor.is_system {
            return true;
        }
        let rights = self.rights_on(definition);
        rights.is_some_and(|rights| rights.may(deed, &self.view(definition, record, known)))
    }

    pub(crate) fn view<'v>(
        &'v self,
        definition: &'v RecordType,
        record: &'v Record,
        known: &'v Known,
    ) -> View<'v> {
        View { definition, record, known, actor: &self.actor, now: self.now, today: self.today() }
    }
}

/// A record that is not found is called what the person called it.
pub(crate) fn as_named(error: Error, text: &str) -> Error {
    match error {
        Error::Refused(refusal) if matches!(*refusal, Refusal::NotFound { .. }) => {
            Refusal::NotFound { what: text.to_string() }.into()
        }
        other => other,
    }
}
