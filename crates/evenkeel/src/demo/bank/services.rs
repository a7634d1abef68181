//! The service catalogue: each service from its proposal to live use, its customers, its yearly
//! confirmation.

use super::fields::fields;
use super::hours::date_of;
use super::people::ADMINISTRATOR;
use super::stage::{Record, Stage};
use super::texts::parse;
use engine::Result;
use serde::Deserialize;

/// Who keeps the catalogue.
const KEEPER: &str = "anouk.moreau";

#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    pub key: String,
    pub en: String,
    pub zh: String,
    about_en: String,
    about_zh: String,
    pub team: String,
    pub owner: String,
    pub criticality: String,
    calendar: String,
    depends_on: Vec<String>,
    customers: Vec<String>,
    /// Applications that carry it, with the number of their machines.
    pub apps: Vec<(String, i64)>,
    pub database: bool,
}

#[derive(Deserialize)]
struct Entries {
    service: Vec<Entry>,
}

pub fn entries() -> Result<Vec<Entry>> {
    Ok(parse::<Entries>(include_str!("../data/services.toml"))?.service)
}

pub fn found(stage: &mut Stage) -> Result<()> {
    let entries = entries()?;
    for entry in &entries {
        propose(stage, entry)?;
    }
    for entry in &entries {
        go_live(stage, entry)?;
    }
    customers(stage, &entries)
}

fn propose(stage: &mut Stage, entry: &Entry) -> Result<()> {
    let reason = match entry.criticality.as_str() {
        "vital" => "Without it the bank cannot serve customers. 中断将直接影响全行对客服务。",
        "high" => "A day without it costs customers and money. 中断一天将造成客户与资金损失。",
        _ => "Work goes on for a day without it. 短时中断不影响主要业务。",
    };
    let customers = entry.customers.iter().map(|one| stage.known("organization", one));
    let customers = customers.collect::<Result<Vec<_>>>()?;
    let given = fields()
        .both("name", &entry.en, &entry.zh)
        .text("description", &format!("{}\n\n{}", entry.about_en, entry.about_zh))
        .text("outcome", "Customers do their business without delay.\n\n客户业务顺畅办理。")
        .text("audience", "Staff and customers of the bank 本行员工与客户")
        .text("how_to_request", "Ask the service desk, extension 2100. 请致电服务台 2100。")
        .text("requirements", "Available and recoverable as agreed. 可用性与恢复时间按协议执行。")
        .text("criticality", &entry.criticality)
        .text("criticality_reason", reason)
        .date("criticality_assessed_on", date_of(stage.founded) - 40)
        .key("owner", stage.known("person", &entry.owner)?)
        .key("support_team", stage.known("team", &entry.team)?)
        .key("support_hours", stage.known("calendar", &entry.calendar)?)
        .key("provider", stage.known("organization", "hq_it")?)
        .yes_if("stands_alone", entry.depends_on.is_empty())
        .link("customers", customers);
    let made = stage.create(KEEPER, "service", given)?;
    stage.names.insert(("service", entry.key.clone()), made.key);
    Ok(())
}

fn go_live(stage: &mut Stage, entry: &Entry) -> Result<()> {
    let record = Record { kind: "service", key: stage.known("service", &entry.key)? };
    for other in &entry.depends_on {
        let other = stage.known("service", other)?;
        stage.link(KEEPER, record, "depends_on", other)?;
    }
    for step in ["approve_proposal", "begin_design", "begin_transition", "go_live"] {
        stage.step(KEEPER, record, step, fields())?;
    }
    let result =
        "Entry agrees with what is provided; nothing to change.\n条目与实际一致，无需调整。";
    stage.step(KEEPER, record, "confirm_entry", fields().text("review_result", result))
}

/// People of the customers see the services they use.
fn customers(stage: &mut Stage, entries: &[Entry]) -> Result<()> {
    for person in stage.people.clone() {
        let used = entries.iter().filter(|entry| entry.customers.contains(&person.organization));
        for entry in used {
            let service = stage.known("service", &entry.key)?;
            stage.link(ADMINISTRATOR, person.record, "services", service)?;
        }
    }
    stage.forget_actors();
    Ok(())
}

/// The services of somebody who leaves get another owner.
pub fn hand_over(stage: &mut Stage, from: &str, to: &str) -> Result<()> {
    let owner = stage.known("person", to)?;
    for entry in entries()?.iter().filter(|entry| entry.owner == from) {
        let record = Record { kind: "service", key: stage.known("service", &entry.key)? };
        stage.edit(KEEPER, record, fields().key("owner", owner))?;
    }
    Ok(())
}
