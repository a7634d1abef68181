//! People named in what somebody says: `@login`, where no letter or digit stands before it.

use crate::engine::Engine;
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use crate::rights::Deed;
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// People that one text may name.
const MOST: usize = 20;

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
        named.truncate(5 * MOST);
        let mut found = BTreeMap::new();
        if named.is_empty() {
            return Ok(found);
        }
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = crate::names::Cards::new(self, &reader);
        let mut people = Vec::new();
        for login in named {
            people.extend(person_of(&reader, login)?.map(|(_, person)| (login, person)));
        }
        cards.fetch(people.iter().map(|(_, person)| *person))?;
        for (login, person) in people {
            let card = crate::view::card_json(&cards, person);
            found.extend(card.map(|card| (login.to_string(), card)));
        }
        Ok(found)
    }

    /// Logins with the names of their people, for somebody who types one: those this person may
    /// see of whom a word of the name or the login begins so; at most `most`.
    ///
    /// # Errors
    /// A failed read.
    pub fn logins_like(&self, words: &str, most: usize) -> Result<Vec<(String, String)>> {
        let catalogue = self.engine.catalogue();
        let Some(people) = catalogue.bound("person") else { return Ok(Vec::new()) };
        let mut found: Vec<(String, String)> = Vec::new();
        let titles = self.people_named([format!("@{words}").as_str()])?;
        let title = |card: &serde_json::Value| card["title"].as_str().unwrap_or("").to_string();
        found.extend(titles.iter().map(|(login, card)| (login.clone(), title(card))));
        let wanted = crate::Wanted {
            words: words.to_string(),
            types: vec![people.name.to_string()],
            before: None,
            limit: most,
        };
        // What cannot be searched for (a single letter, an index in the making) offers nobody.
        let hits = self.search(&wanted).map(|hits| hits.hits).unwrap_or_default();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        for hit in hits {
            let Some(id) = hit.get("id").and_then(|id| id.as_str()) else { continue };
            let (spine, _) = self.locate(&snapshot, &catalogue, people, id)?;
            if let Some(login) = login_of(&reader, spine.key)? {
                found.push((login, title(&serde_json::Value::Object(hit))));
            }
        }
        found.dedup();
        found.truncate(most);
        Ok(found)
    }
}

/// The account and the person of a login.
fn person_of(reader: &Reader, login: &str) -> Result<Option<(Key, Key)>> {
    let catalogue = reader.catalogue;
    let (Some(accounts), Some(field), Some(person)) = (
        catalogue.bound("account"),
        catalogue.part("account", "login"),
        catalogue.part("account", "person"),
    ) else {
        return Ok(None);
    };
    let found = reader.find(accounts, field, &Value::text(login), 1)?;
    let Some(account) = found.first() else { return Ok(None) };
    let record = reader.record(accounts, *account)?.filter(|one| one.withdrawn_at.is_none());
    Ok(record.and_then(|record| Some((*account, record.field(person).as_key()?))))
}

fn login_of(reader: &Reader, person: Key) -> Result<Option<String>> {
    let catalogue = reader.catalogue;
    let (Some(accounts), Some(login), Some(field)) = (
        catalogue.bound("account"),
        catalogue.part("account", "login"),
        catalogue.part("account", "person"),
    ) else {
        return Ok(None);
    };
    let found = reader.find(accounts, field, &Value::Reference(person), 1)?;
    let Some(account) = found.first() else { return Ok(None) };
    let record = reader.record(accounts, *account)?;
    Ok(record.and_then(|record| record.field(login).as_text().map(str::to_string)))
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
    for login in logins(said) {
        let Some((account, person)) = person_of(reader, login)? else { continue };
        if found.iter().any(|one| one.person == person) {
            continue;
        }
        let reads = match engine.actor(account) {
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
        found.push(Mentioned { login: login.to_string(), person, reads });
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
