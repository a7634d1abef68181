//! `evenkeel user list`: the accounts with their people and roles.

use super::account::{bound, part};
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use engine::Question;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use store::select::Place;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct List {
    #[arg(long)]
    pub disabled: bool,
}

/// Does it: a line an account.
///
/// # Errors
/// A failed read.
pub fn run(host: &Host, asked: List, console: &mut dyn Console) -> Result<()> {
    let catalogue = host.engine.catalogue();
    let of = |name: &str| -> Result<String> { Ok(part(&catalogue, "account", name)?.to_string()) };
    let (login, person) = (of("login")?, of("person")?);
    let (roles, disabled) = (of("roles")?, of("disabled")?);
    let mut question = Question {
        record_type: bound(&catalogue, "account")?,
        columns: Some([&*login, &person, &roles, &disabled].join(",")),
        sort: Some(login.clone()),
        filter: asked.disabled.then(|| disabled.clone()),
        limit: Some(1000),
        ..Question::default()
    };
    loop {
        let listed = host.system().list(&question)?;
        for record in &listed.records {
            let line = [&*login, &person, &roles, &disabled];
            tell(record, line, console)?;
        }
        match listed.next {
            Some(next) => question.place = Place::After(next),
            None => return Ok(()),
        }
    }
}

fn tell(record: &Map<String, Json>, of: [&str; 4], console: &mut dyn Console) -> Result<()> {
    let [login, person, roles, disabled] = of.map(|name| record.get(name).unwrap_or(&Json::Null));
    let json = json!({
        "login": login,
        "person": person,
        "roles": roles,
        "disabled": disabled,
        "id": record.get("id"),
    });
    let name = person.get("title").and_then(Json::as_str).unwrap_or_default();
    let each = roles.as_array().into_iter().flatten();
    let held: Vec<&str> = each.filter_map(|role| role.as_str()).collect();
    let over = disabled.as_bool() == Some(true);
    let line = |disabled: &str| {
        let end = if over { format!("\t{disabled}") } else { String::new() };
        format!("{}\t{name}\t{}{end}", login.as_str().unwrap_or_default(), held.join(","))
    };
    console.answer(&json, &text(line("disabled"), line("已停用")))
}
