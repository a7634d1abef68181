//! One act on many records under a client's key. Which records were chosen is kept before the first
//! of them is touched, and each has a key of its own from there: a repetition goes on where the
//! first request broke off, does nothing twice, and answers for the same records, although a filter
//! would find others by now. As with one record, what was refused is not kept and is tried again.

use super::Target;
use crate::perform::Idempotency;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::{Key, Name};
use serde_json::{Value as Json, json};
use store::core::idempotency::{self, Answer};
use store::{Failure, Unit};

/// The key of one of the records. A client's own key holds no blank.
pub(super) fn of_one(asked: &Idempotency, record: Key) -> Idempotency {
    Idempotency { key: format!("{} {}", asked.key, record.0), digest: asked.digest }
}

impl Session {
    /// The records that the first request of this key chose; those of this one where it is the
    /// first.
    ///
    /// # Errors
    /// `KeyReused` where the key belongs to another request.
    pub(super) fn chosen_once(
        &self,
        asked: &Idempotency,
        choose: impl FnOnce() -> Result<Vec<(String, Result<Target>)>>,
    ) -> Result<Vec<(String, Result<Target>)>> {
        if let Some(kept) = self.kept(asked)? {
            return Ok(kept);
        }
        let chosen = choose()?;
        match self.keep(asked, &chosen) {
            Ok(()) => Ok(chosen),
            // The same request, sent twice at once: the first to be kept is the one that counts.
            Err(Failure::Duplicate { .. }) => self.kept(asked)?.ok_or_else(|| Refusal::Busy.into()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn kept(&self, asked: &Idempotency) -> Result<Option<Vec<(String, Result<Target>)>>> {
        let Some(account) = self.actor.account else { return Ok(None) };
        let kept = idempotency::find(self.engine.database(), &asked.key, account)?;
        let Some(kept) = kept else { return Ok(None) };
        if kept.digest != asked.digest {
            return Err(Refusal::KeyReused.into());
        }
        let broken = || Error::Fault("a kept choice of records cannot be read".into());
        let json: Json = serde_json::from_str(&kept.response).map_err(|_| broken())?;
        let each = json.as_array().ok_or_else(broken)?.iter();
        each.map(|one| read(one).ok_or_else(broken)).collect::<Result<_>>().map(Some)
    }

    fn keep(
        &self,
        asked: &Idempotency,
        chosen: &[(String, Result<Target>)],
    ) -> std::result::Result<(), Failure> {
        let Some(account) = self.actor.account else { return Ok(()) };
        let response: Json = chosen.iter().map(|(record, target)| shown(record, target)).collect();
        let answer = Answer {
            digest: asked.digest,
            status: 200,
            response: response.to_string().into(),
            at: self.now,
        };
        let mut unit = Unit::new();
        idempotency::insert(&mut unit, &asked.key, account, &answer);
        self.engine.database().write(unit)
    }
}

/// A record that could not be named stays so: what has come to be since was not chosen.
fn shown(record: &str, target: &Result<Target>) -> Json {
    match target {
        Ok((name, key)) => json!([record, name.as_str(), key.0]),
        Err(_) => json!([record]),
    }
}

fn read(json: &Json) -> Option<(String, Result<Target>)> {
    let (record, target) = json.as_array()?.split_first()?;
    let record = record.as_str()?.to_string();
    let target = match target {
        [name, key] => Ok((Name::new(name.as_str()?)?, Key(key.as_i64()?))),
        _ => Err(Refusal::NotFound { what: record.clone() }.into()),
    };
    Some((record, target))
}
