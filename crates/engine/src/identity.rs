//! Who an account is: its person, roles, language, zone and what `me.part` reads, loaded from the
//! records that the definitions bind to these purposes.

use crate::actor::{Actor, StandIn};
use crate::engine::Engine;
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Error, Refusal, Result};
use crate::rights::in_place::{Delegated, Place};
use model::definition::RecordType;
use model::expression::LinkEnd;
use model::{Key, Language, Name, Value};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use store::sql::Asker;

impl Engine {
    /// The actor of an account.
    ///
    /// # Errors
    /// `NotLoggedIn` where there is no such account, it is disabled or no longer valid, or its
    /// person has left.
    pub fn actor(&self, account: Key) -> Result<Actor> {
        let catalogue = self.catalogue();
        let snapshot = self.database().snapshot()?;
        let now = self.now();
        let reader = Reader::new(self, &snapshot, &catalogue, Asker::system(now));
        let definition = catalogue.bound("account").ok_or_else(|| unbound("account"))?;
        let record = reader.record(definition, account)?.filter(|r| r.withdrawn_at.is_none());
        let record = record.ok_or(Refusal::NotLoggedIn)?;
        let until = part(&reader, "account", "valid_until", &record);
        if part(&reader, "account", "disabled", &record).as_bool() || is_over(&until, now) {
            return Err(Refusal::NotLoggedIn.into());
        }
        let mut actor = self.blank_actor(&reader, &record)?;
        if let Some(person) = actor.person {
            self.add_person(&reader, &mut actor, person, now)?;
        }
        let rights = self.rights(&catalogue, &actor.roles);
        let places = places(&reader, &actor)?;
        actor.rights = match places.is_empty() {
            true => rights,
            false => Arc::new(rights.and_in_place(&catalogue.model, &places)),
        };
        Ok(actor)
    }

    /// The key of the account with this login.
    ///
    /// # Errors
    /// A failed read.
    pub fn account_of(&self, login: &str) -> Result<Option<Key>> {
        let catalogue = self.catalogue();
        let snapshot = self.database().snapshot()?;
        let reader = Reader::new(self, &snapshot, &catalogue, Asker::system(self.now()));
        let definition = catalogue.bound("account").ok_or_else(|| unbound("account"))?;
        let field = catalogue.part("account", "login").ok_or_else(|| unbound("account.login"))?;
        Ok(reader.find(definition, field, &Value::text(login), 1)?.into_iter().next())
    }

    fn blank_actor(&self, reader: &Reader, account: &Record) -> Result<Actor> {
        let login = part(reader, "account", "login", account);
        let login = login.as_text().unwrap_or_default().to_string();
        let roles = roles_of(reader, account);
        Ok(Actor {
            account: Some(account.key),
            person: part(reader, "account", "person", account).as_key(),
            person_id: None,
            name: login.clone(),
            login,
            rights: self.rights(reader.catalogue, &roles),
            roles,
            parts: HashMap::new(),
            stands_in_for: Vec::new(),
            scopes: None,
            session_since: None,
            viewing: None,
            language: Language::EN,
            zone: jiff::tz::TimeZone::UTC,
            is_system: false,
        })
    }

    fn add_person(&self, reader: &Reader, actor: &mut Actor, key: Key, now: i64) -> Result<()> {
        let definition = reader.catalogue.bound("person").ok_or_else(|| unbound("person"))?;
        let person = reader.record(definition, key)?.ok_or(Refusal::NotLoggedIn)?;
        if is_over(&part(reader, "person", "left_on", &person), now) {
            return Err(Refusal::NotLoggedIn.into());
        }
        actor.person_id = Some(person.id);
        if let Some(name) = part(reader, "person", "name", &person).as_text() {
            actor.name = name.to_string();
        }
        let language = part(reader, "person", "language", &person);
        actor.language = language.as_text().and_then(Language::new).unwrap_or(Language::EN);
        let zone = part(reader, "person", "time_zone", &person);
        actor.zone = zone.as_text().map_or(jiff::tz::TimeZone::UTC, zone_named);
        actor.parts = parts(reader, definition, &person)?;
        actor.stands_in_for = stand_ins(reader, definition, key, now)?;
        Ok(())
    }
}

/// Whether a last day is over, by the calendar of UTC.
fn is_over(last: &Value, now: i64) -> bool {
    let today = crate::reader::today(now, &jiff::tz::TimeZone::UTC);
    matches!(last, Value::Date(day) if *day < today)
}

/// A time zone by its IANA name, from the data bundled with the program; UTC where unknown.
pub fn zone_named(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}

fn unbound(what: &str) -> Error {
    Error::Fault(format!("engine.toml binds no {what}"))
}

fn part(reader: &Reader, purpose: &str, part: &str, record: &Record) -> Value {
    reader.catalogue.part(purpose, part).map_or(Value::Unset, |field| record.field(field))
}

fn roles_of(reader: &Reader, account: &Record) -> BTreeSet<Name> {
    match part(reader, "account", "roles", account) {
        Value::Texts(names) => names.iter().filter_map(|name| Name::new(name)).collect(),
        _ => BTreeSet::new(),
    }
}

/// What `me.part` reads: fields of the person, and the far ends of its links.
fn parts(
    reader: &Reader,
    definition: &RecordType,
    person: &Record,
) -> Result<HashMap<Name, Value>> {
    let mut parts = HashMap::new();
    for name in &reader.catalogue.my_parts {
        let value = match definition.links.get(name) {
            Some(link) => {
                let (from, link_name) = (link.declared_by.clone(), link.name.clone());
                let other = link.to.clone();
                let end = LinkEnd { from, link: link_name, inverse: false, other };
                let keys: Arc<[Key]> = reader.linked(&end, &[person.key])?.into();
                if keys.is_empty() { Value::Unset } else { Value::References(keys) }
            }
            None => person.field(name),
        };
        if value.is_set() {
            parts.insert(name.clone(), value);
        }
    }
    Ok(parts)
}

/// The places of others in which this person may decide, and so may read.
fn places(reader: &Reader, actor: &Actor) -> Result<Vec<Place>> {
    let away = actor.stands_in_for.iter();
    let mut places: Vec<Place> = away.map(|of| Place { of: of.clone(), only: None }).collect();
    let Some((me, person_type)) = actor.person.zip(reader.catalogue.bound("person")) else {
        return Ok(places);
    };
    for (by, only) in delegated(reader, me)? {
        if let Some(person) = reader.record(person_type, by)? {
            places.push(Place { of: stand_in(reader, &person)?, only: Some(only) });
        }
    }
    Ok(places)
}

/// How many delegations are looked at, the last first: those before them are long decided.
const DELEGATIONS: usize = 200;

/// The approvals that were delegated to this person and still count, with who did.
fn delegated(reader: &Reader, me: Key) -> Result<Vec<(Key, Delegated)>> {
    let votes = store::core::vote::passed_to(reader.snapshot, me, DELEGATIONS)?;
    let keys: Vec<Key> = votes.iter().map(|vote| vote.record_key).collect();
    let spines = store::core::spine::by_keys(reader.snapshot, &keys)?;
    let mut counting = Vec::new();
    for vote in votes {
        let spine = spines.iter().find(|spine| spine.key == vote.record_key);
        let definition = spine.and_then(|spine| reader.catalogue.record_type(&spine.record_type));
        let approval = Name::new(&vote.approval);
        let (Some(definition), Some(approval)) = (definition, approval) else { continue };
        let Some(record) = reader.record(definition, vote.record_key)? else { continue };
        if !asks_here(definition, &record, &approval) {
            continue;
        }
        let ballot = crate::perform::ballot(reader, definition, vote.record_key, &record)?;
        if let Some(by) = ballot.delegated_to(&approval, me) {
            let (record_type, record) = (definition.name.clone(), record.key);
            counting.push((by, Delegated { record_type, record, approval }));
        }
    }
    Ok(counting)
}

/// Whether a step out of the record's state asks for the approval.
fn asks_here(definition: &RecordType, record: &Record, approval: &Name) -> bool {
    let here = record.state.as_ref();
    let leaving = definition.transitions.values();
    let mut leaving = leaving.filter(|t| here.is_some_and(|state| t.from.contains(state)));
    leaving.any(|transition| transition.approve.contains(approval))
}

/// People who are away now and have named this one their substitute, with their roles.
fn stand_ins(reader: &Reader, definition: &RecordType, me: Key, now: i64) -> Result<Vec<StandIn>> {
    let Some(substitute) = reader.catalogue.part("person", "substitute") else {
        return Ok(Vec::new());
    };
    let named = reader.find(definition, substitute, &Value::Reference(me), 100)?;
    reader.fetch(definition, &named)?;
    let mut away = Vec::new();
    for key in named {
        if let Some(person) = reader.record(definition, key)?
            && is_away(reader, &person, now)
        {
            away.push(stand_in(reader, &person)?);
        }
    }
    Ok(away)
}

/// Whether the person is away at this instant; an absence without an end goes on.
pub fn is_away(reader: &Reader, person: &Record, now: i64) -> bool {
    let from = part(reader, "person", "away_from", person);
    let until = part(reader, "person", "away_until", person);
    match (start_of(&from), start_of(&until)) {
        (Some(from), Some(until)) => from <= now && now < until,
        (Some(from), None) => from <= now,
        _ => false,
    }
}

/// An instant, or the beginning of a date in UTC.
fn start_of(value: &Value) -> Option<i64> {
    match value {
        Value::Instant(at) => Some(*at),
        Value::Date(day) => Some(i64::from(*day) * 86_400_000_000),
        _ => None,
    }
}

/// The accounts of a person, ten at most; closed ones among them.
///
/// # Errors
/// A failed read.
pub(crate) fn accounts_of(reader: &Reader, person: Key) -> Result<Vec<Key>> {
    let account = reader.catalogue.bound("account");
    let Some((definition, field)) = account.zip(reader.catalogue.part("account", "person")) else {
        return Ok(Vec::new());
    };
    reader.find(definition, field, &Value::Reference(person), 10)
}

fn stand_in(reader: &Reader, person: &Rc<Record>) -> Result<StandIn> {
    let mut roles = BTreeSet::new();
    for key in accounts_of(reader, person.key)? {
        let Some(definition) = reader.catalogue.bound("account") else { break };
        if let Some(account) = reader.record(definition, key)? {
            roles.extend(roles_of(reader, &account));
        }
    }
    let name = part(reader, "person", "name", person);
    let name = name.as_text().unwrap_or_default().to_string();
    let parts = match reader.catalogue.bound("person") {
        Some(definition) => parts(reader, definition, person)?,
        None => HashMap::new(),
    };
    Ok(StandIn { person: person.key, name, roles, parts })
}
