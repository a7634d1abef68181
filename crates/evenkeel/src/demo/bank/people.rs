//! The people of the bank: persons and accounts, teams' members, absences, one who leaves.

use super::fields::fields;
use super::hours::{House, date_of};
use super::stage::{Record, Stage};
use super::texts::parse;
use super::time::{DAY, HOUR};
use engine::{Result, Session};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
struct Entry {
    login: String,
    name: String,
    title: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    lead: bool,
    #[serde(default)]
    roles: Vec<String>,
    language: String,
    place: String,
    organization: String,
    #[serde(default)]
    vip: bool,
}

#[derive(Deserialize)]
struct Entries {
    person: Vec<Entry>,
}

/// Somebody, as the story needs to know them.
#[derive(Debug, Clone)]
pub struct Person {
    pub login: String,
    pub record: Record,
    pub team: String,
    pub lead: bool,
    pub roles: Vec<String>,
    pub language: String,
    pub house: House,
    pub place: String,
    pub organization: String,
    /// Absences: from, until, who stands in.
    pub away: Vec<(i64, i64, String)>,
    pub left_at: Option<i64>,
}

impl Person {
    pub fn is_there(&self, at: i64) -> bool {
        let away = self.away.iter().any(|(from, until, _)| *from <= at && at < *until);
        !away && self.left_at.is_none_or(|left| at < left)
    }

    pub fn holds(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

/// The account that gives out the others.
pub const ADMINISTRATOR: &str = "administrator";
const PERSONNEL: &str = "fang.qing";
/// Who leaves during the half year, and who takes over the work.
const LEAVER: (&str, &str, &str) = ("deng.yuxuan", "lu.jingxing", "shen.jiayi");

/// Writes everybody down; places and organizations are there.
pub fn found(stage: &mut Stage) -> Result<()> {
    let entries: Entries = parse(include_str!("../data/people.toml"))?;
    let first = [ADMINISTRATOR, PERSONNEL];
    for (place, entry) in entries.person.iter().enumerate() {
        if !first.contains(&entry.login.as_str()) {
            person(stage, PERSONNEL, entry, place)?;
        }
    }
    for entry in entries.person.iter().filter(|entry| !first.contains(&entry.login.as_str())) {
        account(stage, entry)?;
    }
    stage.forget_actors();
    Ok(())
}

/// The first two: the administrator comes from the system, as `user add` makes one; the personnel
/// officer from the administrator.
pub fn found_first(stage: &mut Stage) -> Result<()> {
    let entries: Entries = parse(include_str!("../data/people.toml"))?;
    let entry = |login: &str| entries.person.iter().find(|entry| entry.login == login).cloned();
    let (Some(first), Some(second)) = (entry(ADMINISTRATOR), entry(PERSONNEL)) else {
        return Ok(());
    };
    let system = Session::system(&stage.engine);
    let made = stage.create_as(&system, "person", of(&first, 0))?;
    know(stage, &first, made);
    let given = fields().text("login", ADMINISTRATOR).key("person", made.key);
    let made = stage.create_as(&system, "account", given.choices("roles", &first.roles))?;
    stage.names.insert(("account", first.login.clone()), made.key);
    let made = stage.create(ADMINISTRATOR, "person", of(&second, 1))?;
    know(stage, &second, made);
    account(stage, &second)
}

fn of(entry: &Entry, place: usize) -> super::fields::Fields {
    let zone = match entry.place.as_str() {
        "fra" | "fra1" => "Europe/Berlin",
        "zrh" | "zrh1" => "Europe/Zurich",
        _ => "Asia/Shanghai",
    };
    let code = if zone == "Asia/Shanghai" { "+86 21 5550" } else { "+49 69 5550" };
    let given = fields()
        .text("name", &entry.name)
        .text("job_title", &entry.title)
        .text("email", &format!("{}@chaoyu.example", entry.login))
        .text("phone", &format!("{code} {}", 2100 + place))
        .text("language", &entry.language)
        .text("time_zone", zone)
        .yes_if("staff", entry.organization == "hq_it")
        .yes_if("vip", entry.vip);
    let reason = if entry.language == "zh" { "管理层成员" } else { "Member of management" };
    if entry.vip { given.text("vip_reason", reason) } else { given }
}

fn person(stage: &mut Stage, who: &str, entry: &Entry, place: usize) -> Result<()> {
    let joined = date_of(stage.founded) - i32::try_from(stage.dice.between(300, 4500)).unwrap_or(0);
    let given = of(entry, place)
        .key("organization", stage.known("organization", &entry.organization)?)
        .key("location", stage.known("location", &entry.place)?)
        .text("employee_number", &format!("CY-{:05}", 10_200 + 7 * place))
        .text("cost_centre", &format!("{}", 4100 + 10 * (place % 9)))
        .date("joined_on", joined);
    let made = stage.create(who, "person", given)?;
    know(stage, entry, made);
    Ok(())
}

fn know(stage: &mut Stage, entry: &Entry, record: Record) {
    let europe = ["fra", "fra1", "zrh", "zrh1"].contains(&entry.place.as_str());
    stage.names.insert(("person", entry.login.clone()), record.key);
    stage.people.push(Person {
        login: entry.login.clone(),
        record,
        team: entry.team.clone(),
        lead: entry.lead,
        roles: entry.roles.clone(),
        language: entry.language.clone(),
        house: if europe { House::Europe } else { House::China },
        place: entry.place.clone(),
        organization: entry.organization.clone(),
        away: Vec::new(),
        left_at: None,
    });
}

fn account(stage: &mut Stage, entry: &Entry) -> Result<()> {
    let given = fields()
        .text("login", &entry.login)
        .key("person", stage.known("person", &entry.login)?)
        .choices("roles", &entry.roles);
    let made = stage.create(ADMINISTRATOR, "account", given)?;
    stage.names.insert(("account", entry.login.clone()), made.key);
    Ok(())
}

/// Holidays of people, some of them now, and the one who leaves.
pub fn schedule_absences(stage: &mut Stage) -> Result<()> {
    let (begin, now) = (stage.begin, stage.now);
    let away = |share: i64| begin + (now - begin) * share / 100;
    let plan = [
        ("lena.hofmann", away(20), away(20) + 14 * DAY, "oskar.tamm"),
        ("oskar.tamm", away(38), away(38) + 18 * DAY, "chen.ruoxi"),
        ("tang.yutong", away(45), away(45) + 9 * DAY, "zhou.chengan"),
        ("approver", away(60), away(60) + 12 * DAY, "approver.zh"),
        ("he.jiashu", away(70), away(70) + 7 * DAY, "agent.zh"),
        ("gu.mingyuan", now - 3 * DAY, now + 6 * DAY, "zhou.chengan"),
        ("anouk.moreau", now - 5 * DAY, now + 9 * DAY, "lu.jingxing"),
        ("zhou.chengan", now - 30 * HOUR, now + 4 * DAY, "tang.yutong"),
    ];
    for (login, from, until, substitute) in plan {
        absence(stage, login, (from, until), substitute);
    }
    leaving(stage, away(66));
    Ok(())
}

fn absence(stage: &mut Stage, login: &'static str, (from, until): (i64, i64), by: &'static str) {
    if from < stage.begin {
        return;
    }
    if let Some(person) = stage.people.iter_mut().find(|person| person.login == login) {
        person.away.push((from, until, by.to_string()));
    }
    let told = from - 2 * DAY;
    stage.later(told, move |stage| {
        let record = stage.person(login)?.record;
        let given = fields().at("away_from", from).at("away_until", until);
        stage.edit(login, record, given.key("substitute", stage.known("person", by)?))?;
        stage.forget_actors();
        Ok(())
    });
    // Who stands in for whom is known from the moment on.
    for at in [from, until] {
        stage.later(at, |stage| {
            stage.forget_actors();
            Ok(())
        });
    }
}

fn leaving(stage: &mut Stage, at: i64) {
    let (leaver, heir, lead) = LEAVER;
    if let Some(person) = stage.people.iter_mut().find(|person| person.login == leaver) {
        // New work goes to others in the last days.
        person.left_at = Some(at - 4 * DAY);
    }
    stage.later(at, move |stage| {
        let (from, to) = (stage.known("person", leaver)?, stage.known("person", heir)?);
        let session = stage.session(lead)?;
        for (_, done) in session.hand_over(from, to)? {
            match done {
                Ok(_) => stage.figures.commands += 1,
                Err(_) => stage.figures.mended += 1,
            }
        }
        super::services::hand_over(stage, leaver, heir)?;
        let record = stage.person(leaver)?.record;
        let day = date_of(stage.at());
        stage.edit(PERSONNEL, record, fields().date("left_on", day))?;
        let account = Record { kind: "account", key: stage.known("account", leaver)? };
        stage.edit(ADMINISTRATOR, account, fields().yes("disabled"))?;
        stage.forget_actors();
        Ok(())
    });
}
