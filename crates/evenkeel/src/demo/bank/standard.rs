//! Change models, authorized by the board before the half year begins, and the standard changes
//! that follow them.

use super::changes::{Ask, Over, close, phrase, update_later};
use super::fields::fields;
use super::handling::member;
use super::hours::{House, date_of};
use super::items::asker;
use super::stage::{Record, Stage};
use super::texts::{Pattern, Request, filled};
use super::time::{DAY, MINUTE};
use engine::{Error, Refusal, Result};
use std::sync::Arc;

/// Standard changes of the full half year.
const WANTED: i64 = 112;
const AUTHOR: &str = "approver";

/// The models are written at once; changes come over the days.
pub fn schedule(stage: &mut Stage) -> Result<()> {
    for pattern in stage.texts.patterns.clone() {
        model(stage, &pattern)?;
    }
    let days = (stage.now - stage.begin) / DAY;
    let weights: Vec<i64> = stage.texts.patterns.iter().map(|pattern| pattern.weight).collect();
    for _ in 0..WANTED * days / 183 * stage.share.max(40) / 100 {
        let place = stage.dice.weighted(&weights);
        let Some(pattern) = stage.texts.patterns.get(place).cloned() else { continue };
        let house = if stage.dice.happens(60) { House::China } else { House::Europe };
        let day = stage.begin + stage.dice.between(0, days * 1440) * MINUTE;
        let at = stage.hours.open(house, day) + stage.dice.between(5, 300) * MINUTE;
        stage.later(at, move |stage| order(stage, pattern, house));
    }
    Ok(())
}

fn model(stage: &mut Stage, pattern: &Pattern) -> Result<()> {
    let service = match pattern.service.as_str() {
        "" => None,
        service => Some(stage.known("service", service)?),
    };
    let given = fields()
        .both("name", &pattern.en, &pattern.zh)
        .text("description", &pattern.description)
        .text("criteria", &pattern.criteria)
        .text("steps", &pattern.steps)
        .text("verification", &pattern.verification)
        .text("backout", &pattern.backout)
        .time("usual_duration", pattern.minutes * MINUTE)
        .text("risk", "low")
        .date("review_due", date_of(stage.founded) + 365)
        .maybe("service", service);
    let record = stage.create(AUTHOR, "change_model", given)?;
    stage.names.insert(("change_model", pattern.key.clone()), record.key);
    for voter in ["shen.jiayi", "zhou.chengan"] {
        stage.approve(voter, record, None)?;
    }
    stage.step(AUTHOR, record, "authorize", fields())
}

fn order(stage: &mut Stage, pattern: Pattern, house: House) -> Result<()> {
    let items = stage.items.like(&pattern.item, &pattern.service);
    let Some(item) = stage.dice.pick(&items).cloned() else { return Ok(()) };
    let Some(who) = member(stage, &pattern.team, house) else { return Ok(()) };
    let language = if house == House::China { "zh" } else { "en" };
    let summary = filled(pattern.summary.of(language), &[("item", &item.name)]);
    let given = fields()
        .text("summary", &summary)
        .text("reason", pattern.reason.of(language))
        .text("kind", "standard")
        .text("priority", "low")
        .key("model", stage.known("change_model", &pattern.key)?)
        .key("service", stage.known("service", &item.service)?)
        .key("implementer_team", stage.known("team", &pattern.team)?)
        .key("implementer", stage.known("person", &who)?)
        .link("affects", vec![item.record.key]);
    let asker = asker(stage, item.record, &who, house);
    let record = stage.create(&asker, "change", given)?;
    let window = enter(stage, record, &asker, house, item.record)?;
    let Some(window) = window else { return Ok(()) };
    let at = window.0 + stage.dice.between(1, 12) * MINUTE;
    let job = Job { record, item: item.record, house, language, pattern, who, window };
    stage.later(at, move |stage| make(stage, job));
    Ok(())
}

struct Job {
    record: Record,
    item: Record,
    house: House,
    language: &'static str,
    pattern: Pattern,
    who: String,
    window: (i64, i64),
}

/// Schedules it; where the engine refuses the window, another is taken.
fn enter(
    stage: &mut Stage,
    record: Record,
    who: &str,
    house: House,
    item: Record,
) -> Result<Option<(i64, i64)>> {
    for more in 0..5 {
        let days = stage.dice.between(1, 6) + more;
        let window = stage.window(house, &[item.key], days, 1);
        let given = fields().at("planned_start", window.0).at("planned_end", window.1);
        match stage.step(who, record, "schedule_standard", given) {
            Ok(()) => return Ok(Some(window)),
            Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::RuleBroken { .. }) => {
                stage.figures.mended += 1;
            }
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

fn make(stage: &mut Stage, job: Job) -> Result<()> {
    let at = stage.at();
    let who = match stage.person(&job.who)?.is_there(at) {
        true => job.who.clone(),
        false => member(stage, &job.pattern.team, job.house).unwrap_or(job.who.clone()),
    };
    let tested = phrase(stage, job.language, |phrases| &phrases.tested);
    stage.step(&who, job.record, "start", fields().text("test_result", &tested))?;
    let minutes = stage.dice.about(job.pattern.minutes).clamp(4, 50);
    let at = (stage.at() + minutes * MINUTE).min(job.window.1);
    stage.later(at, move |stage| {
        let good = !stage.dice.happens(2);
        let result = if good { "successful" } else { "backed_out" };
        stage.step(&who, job.record, "finish", fields().text("result", result))?;
        update_later(stage, job.item);
        if !good {
            super::failures::after(stage, &as_ask(&job))?;
        }
        let days = stage.dice.between(2, 5);
        let at = stage.hours.days_later(job.house, stage.at(), days, 16 * 60);
        let (record, house, language) = (job.record, job.house, job.language);
        let over = Over { record, house, language, good };
        stage.later(at, move |stage| close(stage, over, |_, _| Ok(())));
        Ok(())
    });
    Ok(())
}

fn as_ask(job: &Job) -> Ask {
    let pattern = &job.pattern;
    let request = Request {
        service: match pattern.service.as_str() {
            "" => "server_platform".into(),
            service => service.into(),
        },
        team: pattern.team.clone(),
        item: pattern.item.clone(),
        impact: "low".into(),
        likelihood: "low".into(),
        outage: false,
        hours: 1,
        language: job.language.into(),
        summary: pattern.summary.of(job.language).into(),
        reason: pattern.reason.of(job.language).into(),
        plan: pattern.steps.clone(),
        backout: pattern.backout.clone(),
    };
    let summary = pattern.summary.of(job.language).to_string();
    let ask = Ask::of(Arc::new(request), job.item, &job.who, job.house);
    Ask { record: job.record, summary, ..ask }
}
