//! The first administrator of a new house: as long as there is no account at all, whoever sits at
//! the machine, or holds the code that the server printed, makes one. Of two who do so at once one
//! wins; from then on this way is closed for good.

use super::password::was_used;
use super::{Whence, check_strength, entry::Entered, event};
use crate::Command;
use crate::engine::Engine;
use crate::list::Question;
use crate::perform::{Order, Written};
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::Name;
use serde_json::{Map, Value as Json, json};
use std::sync::atomic::Ordering;
use store::core::{credential, one_time, setting};
use store::{Failure, Unit};

/// The kind of the code that the server prints, and how long it counts: a week.
const CODE: &str = "setup";
const CODE_TIME: i64 = 7 * 86_400_000_000;
/// Held by whoever is making the first account, and for how long at most: a process that dies in
/// between keeps nobody out.
const CLAIM: &str = "first.administrator";
const CLAIM_TIME: i64 = 60 * 1_000_000;

/// Who is to be the first administrator.
#[derive(Debug, Clone, Copy)]
pub struct First<'a> {
    pub name: &'a str,
    pub login: &'a str,
    pub password: &'a str,
    /// The code that the server printed.
    pub code: &'a str,
    pub language: &'a str,
    /// An IANA name.
    pub zone: &'a str,
}

impl Engine {
    /// Whether nobody has an account yet.
    ///
    /// # Errors
    /// A failed read.
    pub fn has_no_account(&self) -> Result<bool> {
        if self.accounts_flag().load(Ordering::Relaxed) {
            return Ok(false);
        }
        let none = credential::count(self.database())? == 0 && self.lists_no_account()?;
        if !none {
            self.accounts_flag().store(true, Ordering::Relaxed);
        }
        Ok(none)
    }

    fn lists_no_account(&self) -> Result<bool> {
        let catalogue = self.catalogue();
        let Some(definition) = catalogue.bound("account") else { return Ok(false) };
        let record_type = definition.name.to_string();
        let question = Question { record_type, limit: Some(1), ..Question::default() };
        Ok(Session::system(self).list(&question)?.records.is_empty())
    }

    /// Makes a code with which the first administrator may be made from another machine.
    ///
    /// # Errors
    /// A failed write.
    pub fn make_setup_code(&self) -> Result<String> {
        let mut unit = Unit::new();
        let text = self.one_time(&mut unit, CODE, None, "", None, CODE_TIME);
        self.database().write(unit)?;
        Ok(text)
    }

    /// Makes the first administrator and lets them in.
    ///
    /// # Errors
    /// `Gone` where there is an account already; `Invalid` at a field, the code among them.
    pub fn make_first(&self, first: &First, from: Whence) -> Result<Entered> {
        if !self.has_no_account()? {
            return Err(closed());
        }
        let code = self.demand_code(first.code)?;
        let login = first.login.trim();
        for (field, text) in [("name", first.name), ("login", login)] {
            if text.trim().is_empty() {
                return Err(Refusal::field(field, "Fill this in.", "请填写此项。").into());
            }
        }
        check_strength(login, first.password)?;
        let claim = self.claim()?;
        // Somebody may have been faster between the first look and the claim.
        let made = match self.lists_no_account() {
            Ok(true) => self.make_both(first, login),
            Ok(false) => Err(closed()),
            Err(error) => Err(error),
        };
        let account = match made {
            Ok(account) => account.key,
            Err(error) => {
                self.release(&claim)?;
                return Err(error);
            }
        };
        let mut unit = Unit::new();
        self.put_password(&mut unit, account, login, first.password, None)?;
        one_time::take(&mut unit, &code);
        self.note(&mut unit, event::FIRST, Some(account), login, None, from);
        self.database().write(unit)?;
        self.accounts_flag().store(true, Ordering::Relaxed);
        self.admit(account, login, event::LOGIN, from)
    }

    /// The hash of the code. It is too long to be guessed, so wrong ones close nothing: else
    /// anybody could keep out whoever holds the right one.
    fn demand_code(&self, code: &str) -> Result<[u8; 32]> {
        if let Some(found) = self.find_one_time(CODE, code.trim())? {
            return Ok(found.hash);
        }
        let en = "This is not the code that the server printed at its start.";
        Err(Refusal::field("code", en, "与服务器启动时显示的设置码不符。").into())
    }

    /// One at a time; a claim that was left behind is taken over.
    fn claim(&self) -> Result<String> {
        let (now, database) = (self.now(), self.database());
        let mine = now.to_string();
        let mut unit = Unit::new();
        match setting::get(database, CLAIM)? {
            None => setting::claim(&mut unit, CLAIM, &mine),
            Some(held) => {
                let since: i64 = held.parse().unwrap_or(0);
                if now - since < CLAIM_TIME {
                    return Err(closed());
                }
                setting::advance(&mut unit, CLAIM, &held, Some(&mine));
            }
        }
        match database.write(unit) {
            Err(failure) if was_used(&failure) => Err(closed()),
            written => Ok(written.map(|()| mine)?),
        }
    }

    fn release(&self, claim: &str) -> Result<()> {
        let mut unit = Unit::new();
        setting::advance(&mut unit, CLAIM, claim, None);
        match self.database().write(unit) {
            Err(Failure::Conflict { .. }) | Ok(()) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn make_both(&self, first: &First, login: &str) -> Result<Written> {
        let catalogue = self.catalogue();
        let person = self.make_bound(
            "person",
            &[
                ("name", json!(first.name.trim())),
                ("language", json!(first.language)),
                ("time_zone", json!(first.zone)),
            ],
        )?;
        let roles = catalogue.model.roles.values().filter(|role| role.administers);
        let roles: Vec<&str> = roles.map(|role| role.name.as_str()).take(1).collect();
        let account = self.make_bound(
            "account",
            &[("login", json!(login)), ("person", json!(person.id)), ("roles", json!(roles))],
        );
        account.inspect_err(|_| self.withdraw(&person))
    }

    /// Makes a record of the type that plays this part, out of its parts that are bound.
    pub(super) fn make_bound(&self, purpose: &str, parts: &[(&str, Json)]) -> Result<Written> {
        let session = Session::system(self);
        let catalogue = self.catalogue();
        let unbound = || Error::Fault(format!("engine.toml binds no {purpose}"));
        let record_type: Name = catalogue.bound(purpose).ok_or_else(unbound)?.name.clone();
        let fields = parts.iter().filter_map(|(part, value)| {
            Some((catalogue.part(purpose, part)?.to_string(), value.clone()))
        });
        let input = session.input(&record_type, &fields.collect::<Map<String, Json>>())?;
        let command = Command::Create { values: input.values, links: input.links };
        session.perform(&Order { record_type, key: None, command, base: None, idempotency: None })
    }

    /// A person whose account was refused.
    pub(super) fn withdraw(&self, made: &Written) {
        let order = Order {
            record_type: made.record_type.clone(),
            key: Some(made.key),
            command: Command::Withdraw { note: Some("The account was refused.".into()) },
            base: None,
            idempotency: None,
        };
        if let Err(error) = Session::system(self).perform(&order) {
            tracing::warn!(?error, "a person without an account was left");
        }
    }
}

fn closed() -> Error {
    Refusal::Gone { what: "welcome".into() }.into()
}
