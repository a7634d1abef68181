//! Requests that come again: the answer kept under the client's key is given once more.

use super::{Order, Written};
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::{Key, Name};
use serde_json::{Value as Json, json};
use store::core::idempotency;
use uuid::Uuid;

impl Written {
    /// As kept with the client's key.
    pub fn to_json(&self) -> Json {
        json!({
            "key": self.key.0,
            "id": self.id,
            "type": self.record_type.as_str(),
            "number": self.number,
            "version": self.version,
            "entry": self.entry,
        })
    }

    fn from_json(json: &Json) -> Option<Written> {
        Some(Written {
            key: Key(json.get("key")?.as_i64()?),
            id: Uuid::try_parse(json.get("id")?.as_str()?).ok()?,
            record_type: Name::new(json.get("type")?.as_str()?)?,
            number: json.get("number")?.as_i64(),
            version: json.get("version")?.as_i64()?,
            entry: json.get("entry")?.as_i64(),
        })
    }
}

impl Session {
    /// What the same request did before, if it was made before.
    pub(super) fn done_before(&self, order: &Order) -> Result<Option<Written>> {
        let (Some(asked), Some(account)) = (&order.idempotency, self.actor.account) else {
            return Ok(None);
        };
        let kept = idempotency::find(self.engine.database(), &asked.key, account)?;
        let Some(kept) = kept else { return Ok(None) };
        if kept.digest != asked.digest {
            return Err(Refusal::KeyReused.into());
        }
        let broken = || Error::Fault("a kept answer cannot be read".into());
        let json = serde_json::from_str(&kept.response).map_err(|_| broken())?;
        Written::from_json(&json).map(Some).ok_or_else(broken)
    }
}
