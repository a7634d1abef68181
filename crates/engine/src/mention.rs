//! People named in what somebody says: `@login`, where no letter or digit stands before it. A login
//! is what people call each other by: whoever may see a person may learn it, though not the rest
//! of the account.

use crate::engine::Engine;
use crate::field::Names;
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use crate::rights::Deed;
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::core::spine;
use uuid::Uuid;

/// People that one text may name.
const MOST: usize = 20;
/// Accounts looked up at once.
const MANY: usize = 100;

/// A person that a text names, by their login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mentioned {
    pub login: String,
    pub person: Key,
    /// Whether they may read what names them.
    pub reads: bool,
}

/// The logins that a text names, each once, with where each begins (its `@`) and ends, in bytes.
///
/// | text | logins |
/// | --- | --- |
/// | `@bo, see @anna.b.` | `bo` `anna.b` |
/// | `bo@example.org` | |
pub fn places(text: &str) -> Vec<(usize, usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| is_part(c) || c == '@') {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let login = rest[..end].trim_end_matches(['.', '-', '_']);
        if !login.is_empty() && login.len() <= 100 {
            found.push((at, at + 1 + login.len(), login));
        }
    }
    found
}

fn logins(text: &str) -> Vec<&str> {
    let mut logins: Vec<&str> = Vec::new();
    for (_, _, login) in places(text) {
        if !logins.contains(&login) && logins.len() < MOST {
            logins.push(login);
        }
    }
    logins
}

impl Session {
    /// Who of those that a text names may not read it on this record, by their logins; only such
    /// as this person may see themselves.
    ///
    /// # Errors
    /// `NotFound` where the record may not be read.
    pub fn not_told(
        &self,
        record_type: &str,
        text: &str,
        said: &str,
        internal: bool,
    ) -> Result<Vec<String>> {
        if logins(said).is_empty() {
            return Ok(Vec::new());
        }
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let asked = self.definition(&catalogue, record_type)?;
        let (definition, record, _) = self.open_named(&reader, &asked, text)?;
        let named = mentioned(&self.engine, &reader, &definition, (&record, internal), said)?;
        let closed: Vec<Mentioned> = named.into_iter().filter(|one| !one.reads).collect();
        let seen = self.readable(&reader, &closed.iter().map(|one| one.person).collect::<Vec<_>>());
        let seen = seen?;
        let closed = closed.into_iter().filter(|one| seen.contains(&one.person));
        Ok(closed.map(|one| one.login).collect())
    }

    /// Of the people that texts name, those this person may see: key and name, by login.
    ///
    /// # Errors
    /// A failed read.
    pub fn people_named<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<BTreeMap<String, serde_json::Value>> {
        let mut named: Vec<&str> = texts.into_iter().flat_map(logins).collect();
        named.sort_unstable();
        named.dedup();
        named.truncate(MANY);
        let mut found = BTreeMap::new();
        if named.is_empty() {
            return Ok(found);
        }
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = crate::names::Cards::new(self, &reader);
        let people = holders(&reader, "login", &as_values(&named))?;
        cards.fetch(people.iter().map(|holder| holder.person))?;
        for holder in people {
            let card = crate::view::card_json(&cards, holder.person);
            found.extend(card.map(|card| (holder.login, card)));
        }
        Ok(found)
    }

    /// Logins with the names of their people, for somebody who types one: those this person may
    /// see, with an account that is in use, of whom a word of the name begins so or whose login
    /// these words are; at most `most`.
    ///
    /// # Errors
    /// A failed read.
    pub fn logins_like(&self, words: &str, most: usize) -> Result<Vec<(String, String)>> {
        let catalogue = self.engine.catalogue();
        let Some(people) = catalogue.bound("person") else { return Ok(Vec::new()) };
        let wanted = crate::Wanted {
            words: words.to_string(),
            types: vec![people.name.to_string()],
            before: None,
            limit: most,
        };
        // What cannot be searched for (a single letter, an index in the making) finds nobody.
        let hits = self.search(&wanted).map(|hits| hits.hits).unwrap_or_default();
        let ids = hits.iter().filter_map(|hit| hit.get("id")?.as_str()?.parse().ok());
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let found = spine::by_ids(&snapshot, &ids.collect::<Vec<Uuid>>())?;
        let found: Vec<Value> = found.iter().map(|one| Value::Reference(one.key)).collect();
        let mut offered = holders(&reader, "login", &[Value::text(words)])?;
        offered.extend(holders(&reader, "person", &found)?);
        let cards = crate::names::Cards::new(self, &reader);
        cards.fetch(offered.iter().map(|holder| holder.person))?;
        let mut seen = BTreeSet::new();
        let offered = offered.into_iter().filter(|one| !one.disabled);
        let offered = offered.filter(|one| seen.insert(one.account));
        let told = offered.filter_map(|one| Some((one.login, cards.card(one.person)?.title)));
        Ok(told.take(most).collect())
    }
}

/// An account with its login and the person who has it.
struct Holder {
    account: Key,
    login: String,
    person: Key,
    disabled: bool,
}

/// The accounts of which a part (`login`, `person`) has one of the values; at most as many.
fn holders(reader: &Reader, part: &str, values: &[Value]) -> Result<Vec<Holder>> {
    let catalogue = reader.catalogue;
    let bound = |part| catalogue.part("account", part);
    let (Some(accounts), Some(by), Some(login), Some(person)) =
        (catalogue.bound("account"), bound(part), bound("login"), bound("person"))
    else {
        return Ok(Vec::new());
    };
    let found = reader.find_any(accounts, by, values, MANY)?;
    let holder = |record: &std::rc::Rc<Record>| {
        let disabled = bound("disabled").is_some_and(|field| record.field(field).as_bool());
        let login = record.field(login).as_text()?.to_string();
        let (account, person) = (record.key, record.field(person).as_key()?);
        Some(Holder { account, login, person, disabled })
    };
    Ok(found.iter().filter_map(holder).collect())
}

fn as_values(logins: &[&str]) -> Vec<Value> {
    logins.iter().map(|login| Value::text(login)).collect()
}

/// Who is named by what is said on a record, and whether each may read it there.
///
/// # Errors
/// A failed read.
pub(crate) fn mentioned(
    engine: &Engine,
    reader: &Reader,
    definition: &RecordType,
    (record, internal): (&Record, bool),
    said: &str,
) -> Result<Vec<Mentioned>> {
    let mut found: Vec<Mentioned> = Vec::new();
    let named = logins(said);
    if named.is_empty() {
        return Ok(found);
    }
    for holder in holders(reader, "login", &as_values(&named))? {
        if found.iter().any(|one| one.person == holder.person) {
            continue;
        }
        let reads = match engine.actor(holder.account) {
            Ok(actor) => {
                let theirs = Session::new(engine, Arc::new(actor));
                let known = theirs.known_for_rights(reader, definition, record)?;
                let may = |deed| theirs.may(deed, definition, record, &known);
                may(Deed::Read) && (!internal || may(Deed::Internal))
            }
            // An account that is closed.
            Err(crate::Error::Refused(_)) => false,
            Err(fault) => return Err(fault),
        };
        found.push(Mentioned { login: holder.login, person: holder.person, reads });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::logins;

    #[test]
    fn logins_are_found_where_people_write_them() {
        for (text, found) in [
            ("@bo, see @anna.b.", &["bo", "anna.b"][..]),
            ("bo@example.org and @@bo", &[]),
            ("(@bo) @bo", &["bo"]),
            ("请 @wang 看", &["wang"]),
            ("@ alone", &[]),
        ] {
            assert_eq!(logins(text), found, "{text}");
        }
    }
}
