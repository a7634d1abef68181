//! Who asks: an account with its person, its roles and what `me.part` reads; or the system itself.

use crate::access::ADMIN;
use crate::rights::Rights;
use model::{Key, Label, Language, Name, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The one who acts or asks, as known when the session began.
pub struct Actor {
    /// The account record; none for the system.
    pub account: Option<Key>,
    /// The person record of the account.
    pub person: Option<Key>,
    /// The person's public id, for the ledger.
    pub person_id: Option<uuid::Uuid>,
    /// In words, as history shows it.
    pub name: String,
    pub login: String,
    /// Roles given, without those everybody holds.
    pub roles: BTreeSet<Name>,
    pub rights: Arc<Rights>,
    /// Fields and links of the person that definitions read as `me.part`.
    pub parts: HashMap<Name, Value>,
    /// People who are away and have named this person their substitute, with their roles.
    pub stands_in_for: Vec<StandIn>,
    /// What a token limits the account to; none = everything the account may do.
    pub scopes: Option<BTreeSet<String>>,
    /// When the browser's session began, in microseconds; none for programs.
    pub session_since: Option<i64>,
    /// The role one views as, so that nothing is written; none = one's own view.
    pub viewing: Option<Viewed>,
    pub language: Language,
    pub zone: jiff::tz::TimeZone,
    /// The system: jobs, timers, imports. Sees and may do everything; named as such in history.
    pub is_system: bool,
}

/// A role that somebody who administers views as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewed {
    pub role: Name,
    pub label: Label,
}

/// Somebody away whose approvals this person may give meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct StandIn {
    pub person: Key,
    pub name: String,
    pub roles: BTreeSet<Name>,
    /// What definitions would read as `me.part` if this person asked.
    pub parts: HashMap<Name, Value>,
}

impl StandIn {
    /// As [`Actor::part`].
    pub fn part(&self, part: &str) -> Value {
        part_of(part, &self.roles, &self.parts)
    }
}

impl Actor {
    pub fn part(&self, part: &str) -> Value {
        part_of(part, &self.roles, &self.parts)
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether the token was made for administering, by an account that still does: it is said in
    /// so many words, so that a token without any scope is not meant for it.
    pub fn administers(&self) -> bool {
        let named = self.scopes.as_ref().is_some_and(|scopes| scopes.contains(ADMIN));
        named && self.rights.administers()
    }

    /// Whether the token, if one limits the account, carries the scope.
    pub fn in_scope(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope))
    }
}

fn part_of(part: &str, roles: &BTreeSet<Name>, parts: &HashMap<Name, Value>) -> Value {
    if part == "roles" {
        let roles: Vec<Arc<str>> = roles.iter().map(|role| Arc::from(role.as_str())).collect();
        return if roles.is_empty() { Value::Unset } else { Value::Texts(roles.into()) };
    }
    parts.get(part).cloned().unwrap_or_default()
}
