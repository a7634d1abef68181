//! Confidential incidents: seen by the security officers and the one they give the matter to.

use super::fields::fields;
use super::hours::House;
use super::stage::{Record, Stage};
use super::texts::{Secret, filled};
use super::time::{DAY, MINUTE};
use engine::Result;

/// Of the full half year.
const WANTED: i64 = 20;

pub fn schedule(stage: &mut Stage) {
    let days = (stage.now - stage.begin) / DAY;
    let count = (WANTED * days * stage.share.max(30) / 183 / 100).max(2);
    for place in 0..count {
        let day = stage.begin + (place * days / count) * DAY + stage.dice.between(0, 1439) * MINUTE;
        let index = stage.dice.index(stage.texts.secrets.len());
        let texts = stage.texts.clone();
        let Some(secret) = texts.secrets.get(index).cloned() else { continue };
        let house = if secret.language == "zh" { House::China } else { House::Europe };
        let at = stage.hours.open(house, day) + stage.dice.between(2, 90) * MINUTE;
        stage.later(at, move |stage| report(stage, secret, house));
    }
}

fn report(stage: &mut Stage, secret: Secret, house: House) -> Result<()> {
    let (officer, analyst) = match house {
        House::China => ("security.zh", "luo.wenbo"),
        House::Europe => ("security", "elin.sandberg"),
    };
    let number = stage.dice.between(3, 40).to_string();
    let given = fields()
        .text("summary", &filled(&secret.summary, &[("n", &number)]))
        .text("description", &filled(&secret.description, &[("n", &number)]))
        .text("channel", "direct_opening")
        .text("impact", &secret.impact)
        .text("urgency", &secret.urgency)
        .key("service", stage.known("service", &secret.service)?)
        .key("category", stage.known("category", "security")?)
        .key("subcategory", stage.known("category", &format!("security.{}", secret.part))?)
        .yes("confidential");
    let record = stage.create(officer, "incident", given)?;
    let given = fields().key("assigned_team", stage.known("team", "security")?);
    stage.step(officer, record, "take", given)?;
    let analyst = stage.person(analyst)?;
    let (key, analyst) = (analyst.record.key, analyst.login.clone());
    stage.edit(officer, record, fields().key("assignee", key))?;
    let wait = stage.dice.between(20, 300) * MINUTE;
    let at = stage.hours.after(house, stage.at(), wait);
    stage.later(at, move |stage| {
        stage.note(&analyst, record, secret.note.clone())?;
        let wait = stage.dice.between(120, 2_400) * MINUTE;
        let at = stage.hours.after(house, stage.at(), wait);
        stage.later(at, move |stage| resolve(stage, record, &secret, &analyst, (officer, house)));
        Ok(())
    });
    Ok(())
}

fn resolve(
    stage: &mut Stage,
    record: Record,
    secret: &Secret,
    analyst: &str,
    (officer, house): (&'static str, House),
) -> Result<()> {
    let given = fields()
        .text("close_code", "fixed")
        .text("resolution", &secret.resolution)
        .yes("priority_confirmed");
    stage.step(analyst, record, "resolve", given)?;
    // Before it closes by itself, also where holidays are near.
    let resolved = stage.at();
    let at = stage.hours.days_later(house, resolved, 2, 11 * 60).min(resolved + 4 * DAY);
    stage.later(at, move |stage| stage.step(officer, record, "close", fields()));
    Ok(())
}
