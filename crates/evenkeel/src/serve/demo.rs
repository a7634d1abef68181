//! `serve --demo`: a folder of its own that is filled once, and logins that are made anew at each
//! start, because their tokens and passwords are kept nowhere.

use super::http::Bound;
use crate::command::{NewUser, account, accounts, add_user, create_token};
use crate::console::{Console, Progress, Teller};
use crate::demo::{LOGINS, fill};
use crate::failure::{Failure, Result, text};
use crate::folder;
use crate::host::Host;
use crate::settings::Settings;
use engine::Question;
use engine::sealer::Sealer;
use model::Key;
use serde_json::{Map, json};
use std::path::PathBuf;
use store::{Unit, setting};

/// The seed of the organization that everybody sees.
const SEED: u64 = 20_000;
/// Set in the database when it was filled to the end.
const FILLED: &str = "demo.filled";

/// Letters of a password: none that look alike.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A login that was made.
struct Login {
    login: &'static str,
    role: &'static str,
    password: String,
    token: String,
}

/// Before the database is opened: a folder whose filling was interrupted begins anew.
///
/// # Errors
/// Refused for a folder that holds something else.
pub fn prepare(settings: &Settings) -> Result<()> {
    if !matches!(settings.location(), store::Location::File(_)) {
        return Err(Failure::refused(
            "demo-database",
            "The demo keeps its records in a folder of its own; leave --database out.",
            "演示数据保存在自己的目录中，请去掉 --database。",
        ));
    }
    folder::make(&settings.data)?;
    let marks = mark(settings);
    if marks.exists() {
        for ending in ["", "-wal", "-shm"] {
            folder::remove(&settings.data.join(format!("evenkeel.db{ending}")))?;
        }
    } else if !settings.data.join("evenkeel.db").exists() {
        folder::write_private(&marks, b"")?;
    }
    Ok(())
}

/// There while the database is being filled.
fn mark(settings: &Settings) -> PathBuf {
    settings.data.join("demo.filling")
}

/// Fills the database, once, and makes the logins.
///
/// # Errors
/// Refused for a folder that holds records of somebody; as the engine refuses.
pub fn open(host: &Host, server: &Bound, teller: &mut Teller) -> Result<()> {
    let database = host.engine.database();
    if setting::get(database, FILLED)?.is_none() {
        if !accounts(host)?.is_empty() {
            return Err(Failure::refused(
                "not-a-demo",
                "This folder holds records of yours; --demo fills only a folder of its own.",
                "此目录中已有您的数据；--demo 只填充自己的目录。",
            ));
        }
        let what = text("Filling the demo", "正在填充演示数据");
        let mut told = |done| {
            teller.progress(&Progress { what: what.clone(), done, total: Some(1000) });
        };
        fill(&host.engine, SEED, &mut told)?;
        Sealer::new(&host.engine, &crate::host::holder(&host.engine)).drain()?;
        let mut unit = Unit::new();
        setting::put(&mut unit, FILLED, "1");
        database.write(unit)?;
    }
    folder::remove(&mark(&host.settings))?;
    let logins: Result<Vec<Login>> =
        LOGINS.iter().map(|(login, role, name)| renew(host, login, role, name)).collect();
    tell(&logins?, &server.url(), teller)
}

/// A login with a new password and a new token; those it had before end.
fn renew(
    host: &Host,
    login: &'static str,
    role: &'static str,
    name: &'static str,
) -> Result<Login> {
    let password = password(host);
    let key = match host.engine.account_of(login)? {
        Some(key) => key,
        None => {
            let (person, fields) = who(host, name)?;
            let roles = Some(role).filter(|role| !role.is_empty());
            let roles = roles.map(str::to_string).into_iter().collect();
            let login = login.to_string();
            add_user(host, &NewUser { login, roles, person, fields, password: None })?.account.key
        }
    };
    end_tokens(host, key)?;
    host.engine.set_password(key, login, &password)?;
    let token = create_token(host, key, "demo", &[], None)?;
    Ok(Login { login, role, password, token })
}

fn end_tokens(host: &Host, account: Key) -> Result<()> {
    let mut unit = Unit::new();
    store::token::revoke_all(&mut unit, account, None, host.engine.now());
    Ok(host.engine.database().write(unit)?)
}

/// The person of this name who was filled in, or the fields of a new one.
fn who(host: &Host, name: &str) -> Result<(Option<String>, Map<String, serde_json::Value>)> {
    let catalogue = host.engine.catalogue();
    let record_type = account::bound(&catalogue, "person")?;
    let field = account::part(&catalogue, "person", "name")?;
    let question = Question {
        record_type,
        filter: Some(format!("{field} == '{name}'")),
        columns: Some(field.to_string()),
        limit: Some(1),
        ..Question::default()
    };
    let listed = host.system().list(&question)?;
    let id = listed.records.first().and_then(|record| record.get("id")?.as_str());
    let mut fields = Map::new();
    fields.insert(field.to_string(), json!(name));
    Ok((id.map(str::to_string), fields))
}

/// Twenty letters in groups of five: about a hundred bits.
fn password(host: &Host) -> String {
    let mut chance = [0; 20];
    host.engine.world().random(&mut chance);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups = chance.chunks(5).map(|group| group.iter().map(letter).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

fn tell(logins: &[Login], address: &str, teller: &mut Teller) -> Result<()> {
    let console: &mut dyn Console = teller;
    let each = logins.iter().map(|one| {
        json!({
            "login": one.login, "role": one.role, "password": one.password, "token": one.token,
        })
    });
    let json = json!({ "demo": each.collect::<Vec<_>>() });
    let rows = logins.iter().map(|one| {
        let role = if one.role.is_empty() { "-" } else { one.role };
        format!("  {:14} {role:20} {}  {}", one.login, one.password, one.token)
    });
    let rows = rows.collect::<Vec<_>>().join("\n");
    let token = logins.iter().find(|one| one.login == "agent").map_or("", |one| &one.token);
    let curl = format!(
        "  curl -s -H 'Authorization: Bearer {token}' '{address}/api/v1/incident?limit=5'\n  \
         curl -s -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\\n    \
         -d '{{\"summary\": \"Printer on floor 3 is offline\"}}' '{address}/api/v1/incident'"
    );
    console.answer(
        &json,
        &text(
            format!(
                "Logins of this demo, made anew at each start (login, role, password, token):\n\
                 {rows}\nTry:\n{curl}"
            ),
            format!(
                "演示账号，每次启动重新生成（登录名、角色、密码、令牌）：\n{rows}\n试一试：\n{curl}"
            ),
        ),
    )
}
