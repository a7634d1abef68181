//! Accounts by login, as the system sees them. Which record type and fields these are is asked of
//! the definitions' bindings.

use crate::failure::{Failure, Result};
use crate::host::Host;
use crate::settings::nearest;
use engine::catalogue::Catalogue;
use engine::{Command, Order, Question};
use model::{Key, Name, Value};

/// The account with this login.
///
/// # Errors
/// Refused where there is none, with the login that may be meant.
pub fn account(host: &Host, login: &str) -> Result<Key> {
    host.engine.account_of(login)?.ok_or_else(|| nobody(host, login))
}

fn nobody(host: &Host, login: &str) -> Failure {
    let known: Vec<String> = accounts(host).unwrap_or_default();
    let (en, zh) = match nearest(login, known.iter().map(String::as_str)) {
        Some(near) => (format!("did you mean \"{near}\"?"), format!("您是指“{near}”吗？")),
        None => (
            "`evenkeel user list` lists those there are.".into(),
            "可用 `evenkeel user list` 查看全部账号。".into(),
        ),
    };
    Failure::refused(
        "not-found",
        format!("There is no account \"{login}\"; {en}"),
        format!("没有账号“{login}”；{zh}"),
    )
}

/// Logins, as far as one page goes.
///
/// # Errors
/// A failed read.
pub fn accounts(host: &Host) -> Result<Vec<String>> {
    let catalogue = host.engine.catalogue();
    let login = part(&catalogue, "account", "login")?;
    let question = Question {
        record_type: bound(&catalogue, "account")?,
        columns: Some(login.to_string()),
        limit: Some(1000),
        ..Question::default()
    };
    let listed = host.system().list(&question)?;
    let logins = listed.records.iter().filter_map(|record| record.get(login.as_str())?.as_str());
    Ok(logins.map(str::to_string).collect())
}

/// The record type bound to a purpose.
///
/// # Errors
/// A fault where the definitions bind none.
pub fn bound(catalogue: &Catalogue, purpose: &str) -> Result<String> {
    let binding = catalogue.binding(purpose);
    let binding =
        binding.ok_or_else(|| Failure::Fault(format!("engine.toml binds no {purpose}")))?;
    Ok(binding.record.to_string())
}

/// The field that plays a part of a purpose.
///
/// # Errors
/// A fault where the definitions bind none.
pub fn part(catalogue: &Catalogue, purpose: &str, part: &str) -> Result<Name> {
    let missing = || Failure::Fault(format!("engine.toml binds no {purpose}.{part}"));
    catalogue.part(purpose, part).cloned().ok_or_else(missing)
}

/// Sets whether the account may be used; sessions and tokens end with it.
///
/// # Errors
/// As [`account`]; a refusal of the engine.
pub fn set_disabled(host: &Host, login: &str, disabled: bool) -> Result<()> {
    let key = account(host, login)?;
    let catalogue = host.engine.catalogue();
    let field = part(&catalogue, "account", "disabled")?;
    let record_type = part_type(&catalogue)?;
    let order = Order {
        record_type,
        key: Some(key),
        command: Command::Edit { values: vec![(field, Value::YesNo(disabled))] },
        base: None,
        idempotency: None,
    };
    host.system().perform(&order)?;
    Ok(())
}

fn part_type(catalogue: &Catalogue) -> Result<Name> {
    let name = bound(catalogue, "account")?;
    Name::new(&name).ok_or_else(|| Failure::Fault(format!("{name} is no name")))
}
