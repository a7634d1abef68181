//! Small things that a server asks for beside records: a session that may do nothing, whether the
//! database answers, one's own tokens, which record types and fields somebody can ever see.

use crate::access::NewToken;
use crate::actor::Actor;
use crate::engine::Engine;
use crate::list::Question;
use crate::refusal::{FieldSlip, Refusal, Result};
use crate::rights::Deed;
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Language, Name};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::Unit;
use store::core::token;
use store::sql::{Right, Sight};

/// How far a list was counted, and where a page of it begins.
pub use store::select::{Count, Place};

/// A token as its owner sees it: never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnToken {
    /// The first half of its hash: enough to name it.
    pub id: String,
    pub name: String,
    pub scopes: Vec<String>,
    /// Microseconds, as all instants here.
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

/// How many tokens one account may have at a time.
const TOKENS: usize = 100;

impl Engine {
    /// Whether the database answers.
    ///
    /// # Errors
    /// `NotNow` and its like.
    pub fn ready(&self) -> Result<()> {
        store::core::definition::active(self.database())?;
        Ok(())
    }
}

impl Session {
    /// A session of nobody: no roles, no person, nothing it could read or do.
    pub fn nobody(engine: &Engine) -> Session {
        let roles = BTreeSet::new();
        let nothing = crate::rights::Rights::of(&model::Model::default(), &roles);
        let actor = Actor {
            account: None,
            person: None,
            person_id: None,
            name: String::new(),
            login: String::new(),
            rights: Arc::new(nothing),
            roles,
            parts: HashMap::new(),
            stands_in_for: Vec::new(),
            scopes: Some(BTreeSet::new()),
            session_since: None,
            viewing: None,
            language: Language::EN,
            zone: jiff::tz::TimeZone::UTC,
            is_system: false,
        };
        Session::new(engine, Arc::new(actor))
    }

    /// Whether the role is this person's, or everybody's.
    pub fn plays(&self, role: &Name) -> bool {
        let catalogue = self.engine.catalogue();
        self.actor.has_role(role)
            || catalogue.model.roles.get(role).is_some_and(|role| role.everybody)
    }

    /// Whether there can be records of the type that this person reads.
    pub fn may_see_type(&self, record_type: &str) -> bool {
        self.actor.is_system || self.actor.rights.read(record_type) != Right::Never
    }

    /// Whether there can be records of the type that this person makes.
    pub fn may_create_type(&self, record_type: &str) -> bool {
        let rights = self.actor.rights.on(record_type);
        self.actor.is_system || rights.is_some_and(|rights| rights.could(Deed::Create))
    }

    /// Whether there can be records of the type that this person edits.
    pub fn may_edit_type(&self, record_type: &str) -> bool {
        let rights = self.actor.rights.on(record_type);
        self.actor.is_system || rights.is_some_and(|rights| rights.could(Deed::Write))
    }

    /// Whether the field can be shown to this person on some record.
    pub fn may_see_field(&self, definition: &RecordType, field: &str) -> bool {
        self.actor.is_system || self.actor.rights.field(&definition.name, field) != Right::Never
    }

    /// The columns a question asks for, all where it names none; checks the whole question.
    ///
    /// # Errors
    /// `BadQuestion`, `NotFound`.
    pub fn columns_of(&self, question: &Question) -> Result<Vec<Name>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &question.record_type)?;
        Ok(crate::list::check_question(&catalogue, &definition, question)?.columns)
    }

    /// The tokens of programs that this account has made and that still count.
    ///
    /// # Errors
    /// `NotLoggedIn` without an account.
    pub fn tokens(&self) -> Result<Vec<OwnToken>> {
        let counting = self.kept_tokens()?;
        Ok(counting.iter().map(own).collect())
    }

    fn kept_tokens(&self) -> Result<Vec<token::Token>> {
        let account = self.account()?;
        let now = self.now;
        let counts = |token: &token::Token| {
            let over = token.expires_at.is_some_and(|at| at <= now);
            &*token.kind == "api" && token.revoked_at.is_none() && !over
        };
        let all = token::of_account(self.engine.database(), account)?;
        Ok(all.into_iter().filter(counts).collect())
    }

    pub(crate) fn account(&self) -> Result<Key> {
        Ok(self.actor.account.ok_or(Refusal::NotLoggedIn)?)
    }

    /// Makes a token for oneself; its text and how it is listed. A token never makes one that may
    /// do more than itself; in a browser the password is asked again, of which `again` is the
    /// field and the text.
    ///
    /// # Errors
    /// `Invalid` for a scope that is unknown or not one's own, an expiry in the past, or too many
    /// tokens.
    pub fn make_token(
        &self,
        name: &str,
        scopes: &[String],
        expires_at: Option<i64>,
        again: (&str, &str),
    ) -> Result<(String, OwnToken)> {
        if self.actor.session_since.is_some() {
            self.confirm(again.0, again.1)?;
        }
        if self.kept_tokens()?.len() >= TOKENS {
            let en = format!("There are {TOKENS} tokens already; end one first.");
            let zh = format!("已有 {TOKENS} 个令牌，请先停用一个。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let scopes = self.scopes_within(scopes)?;
        let new = NewToken { account: self.account()?, name, scopes: &scopes, expires_at };
        let text = self.engine.create_token(&new)?;
        let made = token::find(self.engine.database(), &hash(&text))?;
        let made = made.ok_or_else(|| crate::Error::Fault("a token is gone".into()))?;
        Ok((text, own(&made)))
    }

    /// The scopes asked for, or those of the token that asks where none are named.
    fn scopes_within(&self, asked: &[String]) -> Result<Vec<String>> {
        if let Some(beyond) = asked.iter().find(|scope| !self.actor.in_scope(scope)) {
            let slip = FieldSlip::new(
                "scopes",
                format!("This token lacks the scope \"{beyond}\" itself."),
                format!("当前令牌自身没有权限范围“{beyond}”。"),
            );
            return Err(Refusal::Invalid(vec![slip]).into());
        }
        match (&self.actor.scopes, asked.is_empty()) {
            (Some(own), true) => Ok(own.iter().cloned().collect()),
            _ => Ok(asked.to_vec()),
        }
    }

    /// Ends one of one's own tokens.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn end_token(&self, id: &str) -> Result<()> {
        let kept = self.kept_tokens()?;
        let found = kept.iter().find(|token| own(token).id == id);
        let found = found.ok_or_else(|| Refusal::NotFound { what: id.to_string() })?;
        let mut unit = Unit::new();
        token::revoke(&mut unit, &found.hash, self.now);
        self.engine.database().write(unit)?;
        self.engine.actors().clear();
        Ok(())
    }
}

/// As the store keeps it.
fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn own(token: &token::Token) -> OwnToken {
    OwnToken {
        id: hex::encode(&token.hash[..16]),
        name: token.name.to_string(),
        scopes: token.scopes.split_whitespace().map(str::to_string).collect(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}
