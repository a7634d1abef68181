//! `evenkeel user add`: makes a person and the account they log in with.

use super::account::{bound, part};
use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use crate::settings::nearest;
use clap::Args;
use engine::catalogue::Catalogue;
use engine::{Command, Order, Written};
use model::Name;
use model::definition::FieldKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

#[derive(Debug, Default, Args, Serialize, Deserialize)]
pub struct Add {
    #[arg(value_name = "LOGIN")]
    pub login: String,
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["name", "email", "set"])]
    pub person: Option<String>,
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    #[arg(long)]
    pub password_stdin: bool,
    #[arg(skip)]
    pub password: Option<String>,
}

/// Somebody to be let in.
#[derive(Debug, Default)]
pub struct NewUser {
    pub login: String,
    pub roles: Vec<String>,
    /// An existing person by number or id; else one is made from `fields`.
    pub person: Option<String>,
    /// Fields of the new person.
    pub fields: Map<String, Json>,
    pub password: Option<String>,
}

/// What was made.
#[derive(Debug)]
pub struct Added {
    pub account: Written,
    /// As it can be read: id, number, name.
    pub person: Json,
    pub roles: Vec<String>,
}

/// Does it.
///
/// # Errors
/// Refused for an unknown role, a login that is taken, a weak password, and as the engine refuses.
pub fn run(host: &Host, asked: Add, console: &mut dyn Console) -> Result<()> {
    let catalogue = host.engine.catalogue();
    let fields = fields(&catalogue, &asked)?;
    let Add { login, roles, person, password, .. } = asked;
    let given = roles.iter().filter(|role| is_everybodys(&catalogue, role)).cloned();
    for role in given.collect::<Vec<_>>() {
        console.note(&text(
            format!("Everybody holds the role {role}; it need not be given."),
            format!("角色 {role} 人人具有，无需授予。"),
        ));
    }
    let added = add_user(host, &NewUser { login: login.clone(), roles, person, fields, password })?;
    let (name, number) = (named(&added.person, "title"), named(&added.person, "number"));
    let held = if added.roles.is_empty() { "-".into() } else { added.roles.join(", ") };
    let answer = json!({
        "login": login, "id": added.account.id, "person": added.person, "roles": added.roles,
    });
    console.answer(
        &answer,
        &text(
            format!("Added {login} ({name}, {number}) with roles: {held}."),
            format!("已添加 {login}（{name}，{number}），角色：{held}。"),
        ),
    )
}

fn named(person: &Json, member: &str) -> String {
    person.get(member).and_then(Json::as_str).unwrap_or_default().to_string()
}

/// The fields of the new person: name, address, and what `--set` gives.
fn fields(catalogue: &Catalogue, asked: &Add) -> Result<Map<String, Json>> {
    let mut fields = Map::new();
    let name = asked.name.clone().unwrap_or_else(|| asked.login.clone());
    fields.insert(part(catalogue, "person", "name")?.to_string(), json!(name));
    if let Some(email) = &asked.email {
        fields.insert(part(catalogue, "person", "email")?.to_string(), json!(email));
    }
    for pair in &asked.set {
        let (field, value) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(
                format!("--set takes FIELD=VALUE, not \"{pair}\"."),
                format!("--set 应为 字段=值，而不是“{pair}”。"),
            )
        })?;
        let yes_no = match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        fields.insert(field.into(), yes_no.map_or_else(|| json!(value), |yes| json!(yes)));
    }
    Ok(fields)
}

/// Makes a person, unless one is named, and an account for them.
///
/// # Errors
/// As [`run`]. A person that was made for an account that is then refused is withdrawn.
pub fn add_user(host: &Host, new: &NewUser) -> Result<Added> {
    let catalogue = host.engine.catalogue();
    let roles = check_roles(&catalogue, &new.roles)?;
    if host.engine.account_of(&new.login)?.is_some() {
        return Err(taken(&new.login));
    }
    if let Some(password) = &new.password {
        engine::access::check_strength(&new.login, password)?;
    }
    let session = host.system();
    let person_type = bound(&catalogue, "person")?;
    let (person, made) = match &new.person {
        Some(number) => (session.read(&person_type, number, None)?, None),
        None => {
            let made = create(host, &person_type, &new.fields)?;
            (session.read(&person_type, &made.id.to_string(), None)?, Some(made))
        }
    };
    let person = Json::Object(person.json);
    let mut account = Map::new();
    account.insert(part(&catalogue, "account", "login")?.to_string(), json!(new.login));
    account.insert(part(&catalogue, "account", "person")?.to_string(), person["id"].clone());
    account.insert(part(&catalogue, "account", "roles")?.to_string(), json!(roles));
    let account = create(host, &bound(&catalogue, "account")?, &account);
    let account = account.inspect_err(|_| {
        if let Some(made) = &made {
            withdraw(host, made);
        }
    })?;
    if let Some(password) = &new.password {
        host.engine.set_password(account.key, &new.login, password)?;
    }
    let person = json!({
        "id": person["id"], "number": person["number"], "title": person["title"],
    });
    Ok(Added { account, person, roles })
}

fn create(host: &Host, record_type: &str, fields: &Map<String, Json>) -> Result<Written> {
    let session = host.system();
    let input = session.input(record_type, fields)?;
    let name = Name::new(record_type);
    let record_type = name.ok_or_else(|| Failure::Fault(format!("{record_type} is no name")))?;
    let command = Command::Create { values: input.values, links: input.links };
    let order = Order { record_type, key: None, command, base: None, idempotency: None };
    Ok(session.perform(&order)?)
}

fn withdraw(host: &Host, made: &Written) {
    let note = Some("The account was refused.".to_string());
    let order = Order {
        record_type: made.record_type.clone(),
        key: Some(made.key),
        command: Command::Withdraw { note },
        base: None,
        idempotency: None,
    };
    if let Err(error) = host.system().perform(&order) {
        tracing::warn!(?error, "a person without an account was left");
    }
}

/// The roles that are given to accounts; those that everybody holds are left out.
fn check_roles(catalogue: &Catalogue, asked: &[String]) -> Result<Vec<String>> {
    let account = catalogue.bound("account");
    let field = account.and_then(|a| a.fields.get(catalogue.part("account", "roles")?));
    let known: Vec<&str> = match field.map(|field| &field.kind) {
        Some(FieldKind::MultiChoice(choices)) => choices.0.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    };
    let mut roles = Vec::new();
    for role in asked {
        if is_everybodys(catalogue, role) {
            continue;
        }
        if !known.contains(&role.as_str()) {
            return Err(no_role(role, &known));
        }
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    Ok(roles)
}

fn is_everybodys(catalogue: &Catalogue, role: &str) -> bool {
    catalogue.model.roles.get(role).is_some_and(|role| role.everybody)
}

fn no_role(role: &str, known: &[&str]) -> Failure {
    let near = nearest(role, known.iter().copied());
    let (en, zh) = match near {
        Some(near) => (format!("did you mean \"{near}\"?"), format!("您是指“{near}”吗？")),
        None => {
            (format!("there are {}.", known.join(", ")), format!("可用：{}。", known.join("、")))
        }
    };
    Failure::refused(
        "no-such-role",
        format!("There is no role \"{role}\"; {en}"),
        format!("没有角色“{role}”；{zh}"),
    )
}

fn taken(login: &str) -> Failure {
    Failure::refused(
        "login-taken",
        format!("There is an account \"{login}\" already; nothing was changed."),
        format!("账号“{login}”已存在，未作任何更改。"),
    )
}
