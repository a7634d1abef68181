//! Major incidents: declared against the criteria, told to management, reported, reviewed.

use super::fields::fields;
use super::handling::{Case, say};
use super::problems;
use super::stage::Stage;
use super::time::MINUTE;
use engine::{Command, Result};

/// Who leads them.
const MANAGER: &str = "manager";

pub fn is_major(stage: &Stage, case: &Case) -> bool {
    stage.troubles.majors.contains(&case.record.key)
}

/// The incident manager judges what has top priority.
pub fn consider(stage: &mut Stage, case: &Case) -> Result<()> {
    if case.severity() < 4 || !stage.dice.happens(45) {
        return Ok(());
    }
    let leader = stage.person(MANAGER)?.record.key;
    let given = fields().key("major_incident_manager", leader).yes("priority_confirmed");
    stage.step(MANAGER, case.record, "declare_major", given)?;
    stage.troubles.majors.insert(case.record.key);
    let lead = stage.people.iter().find(|one| one.lead && one.team == case.team);
    if let Some(person) = lead.map(|one| one.record.key) {
        stage.act(MANAGER, case.record, Command::Watch { person })?;
    }
    let (record, at) = (case.record, stage.at() + stage.dice.between(9, 40) * MINUTE);
    stage.later(at, move |stage| {
        let at = stage.at();
        stage.edit(MANAGER, record, fields().at("management_informed_at", at))
    });
    Ok(())
}

/// Report and problem on the next days, then the review closes it.
pub fn close_later(stage: &mut Stage, case: Case) {
    let house = stage.house(MANAGER);
    let minutes = stage.dice.between(500, 1_300) * MINUTE;
    let at = stage.hours.after(house, stage.at(), minutes);
    stage.later(at, move |stage| {
        problems::after_major(stage, &case)?;
        let report = say(stage, &case, |phrases| &phrases.report);
        stage.edit(MANAGER, case.record, fields().text("major_incident_report", &report))?;
        let days = stage.dice.between(1, 4);
        let at = stage.hours.days_later(house, stage.at(), days, 15 * 60);
        stage.later(at, move |stage| review(stage, &case));
        Ok(())
    });
}

fn review(stage: &mut Stage, case: &Case) -> Result<()> {
    let review = say(stage, case, |phrases| &phrases.major_review);
    stage.edit(MANAGER, case.record, fields().text("major_incident_review", &review))?;
    stage.step(MANAGER, case.record, "close", fields())
}
