//! What stands before any work: organizations, places, calendars with their holidays, teams,
//! categories, the customers of services.

use super::fields::{Fields, fields};
use super::hours::House;
use super::people::{ADMINISTRATOR, found_first};
use super::stage::{Record, Stage};
use super::texts::parse;
use engine::Result;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
struct Entries {
    organization: Vec<Organization>,
    location: Vec<Location>,
    team: Vec<Team>,
    calendar: Vec<Calendar>,
    category: Vec<Category>,
}

#[derive(Deserialize)]
struct Organization {
    key: String,
    name: String,
    relationships: Vec<String>,
    parent: Option<String>,
    head: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    key: String,
    name: String,
    kind: String,
    parent: Option<String>,
    organization: Option<String>,
    zone: Option<String>,
    address: Option<String>,
    access: Option<String>,
}

#[derive(Deserialize)]
struct Team {
    key: String,
    name: String,
    purpose: String,
    calendar: String,
    email: String,
}

#[derive(Deserialize)]
struct Calendar {
    key: String,
    en: String,
    zh: String,
    zone: String,
    hours: Option<String>,
    list: Option<String>,
}

#[derive(Deserialize)]
struct Category {
    key: String,
    en: String,
    zh: String,
    team: String,
    /// Code and names of its parts.
    parts: Vec<[String; 3]>,
}

fn entries() -> Result<Entries> {
    parse(include_str!("../data/organization.toml"))
}

/// The first two people, then where everybody belongs and is.
pub fn found(stage: &mut Stage) -> Result<()> {
    found_first(stage)?;
    let entries = entries()?;
    for one in &entries.organization {
        let given = fields()
            .text("name", &one.name)
            .text("code", &one.key.to_uppercase())
            .choices("relationships", &one.relationships)
            .text("phone", one.phone.as_deref().unwrap_or_default())
            .text("email", one.email.as_deref().unwrap_or_default())
            .maybe("parent", known(stage, "organization", one.parent.as_deref())?);
        named(stage, "organization", &one.key, given)?;
    }
    for one in &entries.location {
        let given = fields()
            .text("name", &one.name)
            .text("code", &one.key.to_uppercase())
            .text("kind", &one.kind)
            .text("time_zone", one.zone.as_deref().unwrap_or_default())
            .text("address", one.address.as_deref().unwrap_or_default())
            .text("access", one.access.as_deref().unwrap_or_default())
            .maybe("parent", known(stage, "location", one.parent.as_deref())?)
            .maybe("organization", known(stage, "organization", one.organization.as_deref())?);
        named(stage, "location", &one.key, given)?;
    }
    for one in &entries.calendar {
        calendar(stage, one)?;
    }
    Ok(())
}

fn known(stage: &Stage, kind: &'static str, of: Option<&str>) -> Result<Option<model::Key>> {
    of.map(|of| stage.known(kind, of)).transpose()
}

fn named(stage: &mut Stage, kind: &'static str, key: &str, given: Fields) -> Result<Record> {
    let made = stage.create(ADMINISTRATOR, kind, given)?;
    stage.names.insert((kind, key.to_string()), made.key);
    Ok(made)
}

fn calendar(stage: &mut Stage, one: &Calendar) -> Result<()> {
    let mut given =
        fields().both("name", &one.en, &one.zh).text("code", &one.key).text("zone", &one.zone);
    match &one.hours {
        None => given = given.yes("always_open"),
        Some(hours) => {
            for day in ["monday", "tuesday", "wednesday", "thursday", "friday"] {
                given = given.text(day, hours);
            }
        }
    }
    if let Some(list) = &one.list {
        given = given.link("holiday_lists", vec![holiday_list(stage, list)?.key]);
    }
    named(stage, "calendar", &one.key, given)?;
    Ok(())
}

/// A list with its days of the years around the fill.
fn holiday_list(stage: &mut Stage, code: &str) -> Result<Record> {
    let lists = include_str!("../../../../../processes/foundation/data/holiday_lists.csv");
    let days = include_str!("../../../../../processes/foundation/data/holidays.csv");
    let name = match code {
        "CN" => ("China", "中国"),
        _ => ("Germany", "德国"),
    };
    let house = if code == "CN" { House::China } else { House::Europe };
    let row = lists.lines().find(|row| row.starts_with(&format!("{code},"))).unwrap_or_default();
    let source = row.rsplit(',').next().unwrap_or_default();
    let given = fields().both("name", name.0, name.1).text("code", code).text("source", source);
    let until = row.rsplit(',').nth(1).and_then(|until| until.parse::<Date>().ok());
    let given = until.map_or(given.clone(), |until| given.date("complete_until", in_days(until)));
    let list = named(stage, "holiday_list", code, given)?;
    let years = years(stage);
    for row in days.lines().filter(|row| row.starts_with(&format!("{code},"))) {
        let mut cells = row.splitn(4, ',').skip(1);
        let day = cells.next().and_then(|day| day.parse::<Date>().ok());
        let (Some(day), Some(kind), Some(name)) = (day, cells.next(), cells.next()) else {
            continue;
        };
        if years.contains(&day.year()) {
            stage.hours.note(house, day, kind == "working_day");
            let given = fields().key("list", list.key).date("date", in_days(day));
            stage.create(ADMINISTRATOR, "holiday", given.text("kind", kind).text("name", name))?;
        }
    }
    Ok(list)
}

fn years(stage: &Stage) -> std::ops::RangeInclusive<i16> {
    let year = |at| stage.hours.day(House::China, at).year();
    year(stage.founded)..=year(stage.now) + 1
}

fn in_days(day: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(day).map_or(0, |span| span.get_days())
}

/// Teams with their leads, and who belongs to them.
pub fn teams(stage: &mut Stage) -> Result<()> {
    for one in entries()?.team {
        let lead = stage.people.iter().find(|person| person.lead && person.team == one.key);
        let given = fields()
            .text("name", &one.name)
            .text("purpose", &one.purpose)
            .text("email", &one.email)
            .maybe("lead", lead.map(|person| person.record.key))
            .key("organization", stage.known("organization", "hq_it")?)
            .key("calendar", stage.known("calendar", &one.calendar)?);
        named(stage, "team", &one.key, given)?;
    }
    let members = stage.people.iter().filter(|person| !person.team.is_empty());
    let members: Vec<_> = members.map(|p| (p.record, p.team.clone())).collect();
    for (person, team) in members {
        let team = stage.known("team", &team)?;
        stage.link(ADMINISTRATOR, person, "teams", team)?;
    }
    stage.forget_actors();
    Ok(())
}

/// Heads, the organization of the first two, managers, categories.
pub fn rest(stage: &mut Stage) -> Result<()> {
    let entries = entries()?;
    for one in &entries.organization {
        if let Some(head) = &one.head {
            let key = stage.known("organization", &one.key)?;
            let given = fields().key("head", stage.known("person", head)?);
            stage.edit(ADMINISTRATOR, Record { kind: "organization", key }, given)?;
        }
    }
    for (login, organization) in [(ADMINISTRATOR, "hq_it"), ("fang.qing", "hq")] {
        let given = fields()
            .key("organization", stage.known("organization", organization)?)
            .key("location", stage.known("location", "sha")?);
        let record = stage.person(login)?.record;
        stage.edit(ADMINISTRATOR, record, given)?;
    }
    managers(stage)?;
    for one in &entries.category {
        category(stage, one)?;
    }
    Ok(())
}

fn managers(stage: &mut Stage) -> Result<()> {
    let leads: Vec<_> = stage.people.iter().filter(|person| person.lead).cloned().collect();
    for person in stage.people.clone() {
        if let Some(lead) = leads.iter().find(|lead| lead.team == person.team && !person.lead) {
            let given = fields().key("manager", lead.record.key);
            stage.edit("fang.qing", person.record, given)?;
        }
    }
    Ok(())
}

fn category(stage: &mut Stage, one: &Category) -> Result<()> {
    let team = stage.known("team", &one.team)?;
    let used_for: Vec<String> = ["incident", "problem"].map(String::from).to_vec();
    let of = |en: &str, zh: &str, code: &str| {
        let given = fields().both("name", en, zh).text("code", code);
        given.choices("used_for", &used_for).key("default_team", team)
    };
    let whole = named(stage, "category", &one.key, of(&one.en, &one.zh, &one.key))?;
    for [code, en, zh] in &one.parts {
        let code = format!("{}.{code}", one.key);
        let given = of(en, zh, &code).key("parent", whole.key);
        named(stage, "category", &code, given)?;
    }
    Ok(())
}
