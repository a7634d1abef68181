//! The life of one incident: taken by the desk, handed to the team that can help, worked on,
//! waiting for others, resolved, perhaps opened again, closed.

use super::fields::fields;
use super::hours::House;
use super::incidents::{Told, classified};
use super::people::Person;
use super::stage::{Record, Stage};
use super::texts::{Both, Story, filled};
use super::time::{DAY, HOUR, MINUTE};
use super::{majors, problems};
use engine::Result;
use std::sync::Arc;

/// One incident on its way.
#[derive(Debug, Clone)]
pub struct Case {
    pub record: Record,
    pub story: Arc<Story>,
    pub told: Told,
    pub caller: String,
    pub item: Record,
    pub linked: bool,
    pub language: String,
    pub house: House,
    pub team: String,
    /// 0 low, 1 medium, 2 high.
    pub impact: usize,
    pub urgency: usize,
}

impl Case {
    /// 4 and more is a matter of minutes, 0 of days.
    pub fn severity(&self) -> usize {
        self.impact + self.urgency
    }
}

/// A sentence for the case, in its language.
pub fn say(
    stage: &mut Stage,
    case: &Case,
    choose: fn(&super::texts::Phrases) -> &[Both],
) -> String {
    let texts = stage.texts.clone();
    let both = stage.dice.pick(choose(&texts.phrases));
    let text = both.map(|both| both.of(&case.language)).unwrap_or_default();
    let (day, number) = (stage.dice.between(1, 28), stage.dice.between(2, 60));
    filled(text, &[("n", &number.to_string()), ("day", &day.to_string())])
}

/// An agent of the house who is at work now; at other hours whoever is on duty.
pub fn agent(stage: &mut Stage, house: House, at: i64) -> Option<String> {
    if stage.hours.open(house, at) > at {
        return None;
    }
    let there =
        |one: &&Person| one.holds("service_desk_agent") && one.house == house && one.is_there(at);
    let some: Vec<String> =
        stage.people.iter().filter(there).map(|one| one.login.clone()).collect();
    stage.dice.pick(&some).cloned()
}

/// Somebody of a team who is there, of the house where one is.
pub fn member(stage: &mut Stage, team: &str, house: House) -> Option<String> {
    let at = stage.at();
    // Who leads or keeps records seldom takes work of the queue.
    let busy = |one: &Person| {
        let roles = ["administrator", "configuration_manager", "service_level_manager"];
        roles.iter().any(|role| one.holds(role)) || one.holds("incident_manager")
    };
    let there = |one: &&Person| one.team == team && one.is_there(at) && !busy(one);
    let all: Vec<&Person> = stage.people.iter().filter(there).collect();
    let near: Vec<&Person> = all.iter().filter(|one| one.house == house).copied().collect();
    let some = if near.is_empty() { all } else { near };
    let some: Vec<String> = some.iter().map(|one| one.login.clone()).collect();
    stage.dice.pick(&some).cloned()
}

/// How long a step of work takes from now, in the hours of the house; grave matters go on at night.
pub fn work(stage: &mut Stage, case: &Case, minutes: i64) -> i64 {
    let time = stage.dice.about(minutes * MINUTE);
    let at = stage.at();
    if case.severity() >= 3 { at + time } else { stage.hours.after(case.house, at, time) }
}

pub fn begin(stage: &mut Stage, case: &Case) {
    if case.caller != "monitoring" && stage.dice.happens(2) {
        return cancel_soon(stage, case.clone());
    }
    // One in a hundred is overlooked for half a day.
    let wait = match (stage.dice.happens(2), case.severity()) {
        (true, _) => 400,
        (_, 4) => 4,
        (_, 3) => 11,
        (_, 2) => 35,
        _ => 70,
    };
    let at = work(stage, case, wait);
    let case = case.clone();
    stage.later(at, move |stage| take(stage, case));
}

fn cancel_soon(stage: &mut Stage, case: Case) {
    let at = stage.at() + stage.dice.between(8, 90) * MINUTE;
    stage.later(at, move |stage| {
        let why = say(stage, &case, |phrases| &phrases.cancel);
        stage.step_with(&case.caller, case.record, "cancel", fields(), Some(why))
    });
}

/// The desk takes it and solves what it can; at night the team on duty takes it.
fn take(stage: &mut Stage, mut case: Case) -> Result<()> {
    let at = stage.at();
    let other = if case.house == House::China { House::Europe } else { House::China };
    let desk = agent(stage, case.house, at).or_else(|| agent(stage, other, at));
    let Some(agent) = desk else { return take_at_night(stage, case) };
    let given = fields().key("assigned_team", stage.known("team", "service_desk")?);
    let given = classified(stage, &case, given)?;
    stage.step(&agent, case.record, "take", given)?;
    if !case.linked {
        stage.link(&agent, case.record, "configuration_items", case.item.key)?;
        case.linked = true;
    }
    majors::consider(stage, &case)?;
    if case.team == "service_desk" {
        return proceed(stage, case, agent);
    }
    let wrong = ["network", "servers", "applications"];
    let astray = stage.dice.happens(9) && case.severity() < 3;
    let first = match stage.dice.pick(&wrong).filter(|_| astray) {
        Some(wrong) => wrong.to_string(),
        None => case.team.clone(),
    };
    let at = work(stage, &case, if case.severity() >= 3 { 5 } else { 22 });
    stage.later(at, move |stage| hand_over(stage, case, agent, first));
    Ok(())
}

fn take_at_night(stage: &mut Stage, mut case: Case) -> Result<()> {
    let urgent = case.severity() >= 3;
    let Some(member) = member(stage, &case.team.clone(), case.house).filter(|_| urgent) else {
        // Nobody sits at the desk; it is the first thing in the morning.
        let at = stage.hours.open(case.house, stage.at()) + stage.dice.between(3, 40) * MINUTE;
        let at = at.max(stage.at() + MINUTE);
        stage.later(at, move |stage| take(stage, case));
        return Ok(());
    };
    // The team is called out; the one on duty belongs to it, so the matter is theirs first.
    let on_duty = on_duty(stage);
    let given = fields()
        .key("assigned_team", stage.known("team", &case.team)?)
        .key("assignee", stage.known("person", &member)?);
    let given = classified(stage, &case, given)?;
    stage.step(&on_duty, case.record, "start", given)?;
    if !case.linked {
        stage.link(&on_duty, case.record, "configuration_items", case.item.key)?;
        case.linked = true;
    }
    majors::consider(stage, &case)?;
    proceed(stage, case, member)
}

/// The agent whose telephone rings at night.
fn on_duty(stage: &Stage) -> String {
    let at = stage.at();
    let agents = stage.people.iter().filter(|one| one.holds("service_desk_agent"));
    let there: Vec<&Person> = agents.filter(|one| one.is_there(at)).collect();
    let week = usize::try_from(at / (7 * DAY)).unwrap_or(0);
    there.get(week % there.len().max(1)).map(|one| one.login.clone()).unwrap_or_default()
}

fn hand_over(stage: &mut Stage, case: Case, who: String, team: String) -> Result<()> {
    let given = fields().key("assigned_team", stage.known("team", &team)?);
    let why = say(stage, &case, |phrases| &phrases.hand_over);
    stage.step_with(&who, case.record, "hand_over", given, Some(why))?;
    let at = work(stage, &case, if case.severity() >= 3 { 6 } else { 45 });
    stage.later(at, move |stage| {
        let Some(member) = member(stage, &team, case.house) else { return Ok(()) };
        let given = fields().key("assignee", stage.known("person", &member)?);
        stage.edit(&member, case.record, given)?;
        if team == case.team {
            return proceed(stage, case, member);
        }
        let at = work(stage, &case, 50);
        let right = case.team.clone();
        stage.later(at, move |stage| hand_over(stage, case, member, right));
        Ok(())
    });
    Ok(())
}

/// Work begins: what is found is noted, what is missing asked for.
fn proceed(stage: &mut Stage, case: Case, who: String) -> Result<()> {
    let at = work(stage, &case, case.story.work / 3 + 4);
    stage.later(at, move |stage| {
        if stage.dice.happens(55) {
            stage.note(&who, case.record, case.told.note.clone())?;
        }
        let belongs = problems::noticed(stage, &case)?;
        if belongs && case.severity() < 3 && stage.dice.happens(30) {
            return await_problem(stage, case, who);
        }
        let asks = case.caller != "monitoring" && case.severity() < 4 && stage.dice.happens(17);
        if asks {
            return ask(stage, case, who);
        }
        if let Some(supplier) = case.story.supplier.clone()
            && stage.dice.happens(55)
        {
            return call_supplier(stage, case, who, supplier);
        }
        if case.severity() >= 2 && case.caller != "monitoring" && stage.dice.happens(30) {
            let text = say(stage, &case, |phrases| &phrases.working);
            stage.comment(&who, case.record, text)?;
        }
        finish_later(stage, case, who);
        Ok(())
    });
    Ok(())
}

fn ask(stage: &mut Stage, case: Case, who: String) -> Result<()> {
    let question = say(stage, &case, |phrases| &phrases.ask);
    stage.step_with(&who, case.record, "ask_user", fields(), Some(question))?;
    // One in eight callers answers late.
    let minutes = if stage.dice.happens(20) { 2_600 } else { 200 };
    let at = work(stage, &case, minutes);
    stage.later(at, move |stage| {
        let answer = say(stage, &case, |phrases| &phrases.answer);
        stage.step_with(&case.caller, case.record, "answer", fields(), Some(answer))?;
        finish_later(stage, case, who);
        Ok(())
    });
    Ok(())
}

/// Nothing to be done before the cause is gone, or for so long that it is tried all the same.
fn await_problem(stage: &mut Stage, case: Case, who: String) -> Result<()> {
    stage.step(&who, case.record, "await_problem", fields())?;
    let days = stage.dice.between(3, 14);
    let at = stage.hours.days_later(case.house, stage.at(), days, 14 * 60 + 10);
    stage.later(at, move |stage| {
        let Some(who) = still_there(stage, &case, who)? else { return Ok(()) };
        stage.step(&who, case.record, "resume", fields())?;
        finish_later(stage, case, who);
        Ok(())
    });
    Ok(())
}

fn call_supplier(stage: &mut Stage, case: Case, who: String, supplier: String) -> Result<()> {
    let note = say(stage, &case, |phrases| &phrases.at_supplier);
    let reference = format!("SR-{}", stage.dice.between(204_000, 498_000));
    let given = fields()
        .key("supplier", stage.known("organization", &supplier)?)
        .text("supplier_reference", &reference);
    stage.step_with(&who, case.record, "await_supplier", given, Some(note))?;
    let minutes = if case.severity() >= 3 { 110 } else { 1_700 };
    let at = work(stage, &case, minutes);
    stage.later(at, move |stage| {
        let back = say(stage, &case, |phrases| &phrases.back);
        stage.step(&who, case.record, "resume", fields())?;
        stage.note(&who, case.record, back)?;
        finish_later(stage, case, who);
        Ok(())
    });
    Ok(())
}

fn finish_later(stage: &mut Stage, case: Case, who: String) {
    // Some take many times as long as most.
    let slow = match case.severity() {
        3.. if stage.dice.happens(92) => 1,
        3.. => 8,
        _ => [1, 6, 45][stage.dice.weighted(&[5, 3, 2])],
    };
    let quick = if case.severity() >= 3 { 2 } else { 1 };
    let at = work(stage, &case, case.story.work * slow / quick);
    if slow > 5 && case.severity() < 4 {
        let (case, who) = (case.clone(), who.clone());
        stage.later(at - (at - stage.at()) / 3, move |stage| chase(stage, &case, &who));
    }
    stage.later(at, move |stage| resolve(stage, case, who));
}

/// What takes long is asked after, and some of it escalated.
fn chase(stage: &mut Stage, case: &Case, who: &str) -> Result<()> {
    if has_left(stage, &case.caller) || has_left(stage, who) {
        return Ok(());
    }
    if case.caller != "monitoring" {
        let text = say(stage, case, |phrases| &phrases.chase);
        stage.comment(&case.caller, case.record, text)?;
    }
    if stage.dice.happens(45) {
        let lead = stage.people.iter().find(|one| one.lead && one.team == case.team);
        let Some(lead) = lead.map(|one| one.record.key) else { return Ok(()) };
        let why = say(stage, case, |phrases| &phrases.escalate);
        let given = fields().key("escalated_to", lead);
        stage.step_with(who, case.record, "escalate", given, Some(why))?;
    }
    Ok(())
}

/// Somebody who left or is away has given the work to a colleague.
fn still_there(stage: &mut Stage, case: &Case, who: String) -> Result<Option<String>> {
    let at = stage.at();
    if stage.person(&who)?.is_there(at) {
        return Ok(Some(who));
    }
    let team = stage.person(&who)?.team.clone();
    let Some(other) = member(stage, &team, case.house) else { return Ok(None) };
    let given = fields().key("assignee", stage.known("person", &other)?);
    stage.edit(&other, case.record, given)?;
    Ok(Some(other))
}

fn resolve(stage: &mut Stage, case: Case, who: String) -> Result<()> {
    let Some(who) = still_there(stage, &case, who)? else { return Ok(()) };
    let mut given =
        fields().text("close_code", &case.story.close).text("resolution", &case.told.resolution);
    if case.severity() == 4 {
        given = given.yes("priority_confirmed");
    }
    stage.step(&who, case.record, "resolve", given.yes_if("knowledge_used", case.impact == 0))?;
    let person = case.caller != "monitoring";
    if person && stage.dice.happens(5) {
        let wait = stage.dice.between(20, 700) * MINUTE;
        // Before it closes by itself, also where holidays are near.
        let resolved = stage.at();
        let at = stage.hours.after(case.house, resolved, wait).min(resolved + 4 * DAY);
        stage.later(at, move |stage| reopen(stage, case, who));
        return Ok(());
    }
    close_later(stage, case, person);
    Ok(())
}

fn has_left(stage: &Stage, who: &str) -> bool {
    let left = stage.person(who).ok().and_then(|one| one.left_at);
    left.is_some_and(|left| left <= stage.at())
}

fn reopen(stage: &mut Stage, case: Case, who: String) -> Result<()> {
    if has_left(stage, &case.caller) {
        return Ok(());
    }
    let why = say(stage, &case, |phrases| &phrases.reopen);
    stage.step_with(&case.caller.clone(), case.record, "reopen", fields(), Some(why))?;
    let at = work(stage, &case, case.story.work);
    stage.later(at, move |stage| {
        let Some(who) = still_there(stage, &case, who)? else { return Ok(()) };
        let text = say(stage, &case, |phrases| &phrases.still);
        stage.note(&who, case.record, text)?;
        stage.step(&who, case.record, "resolve", fields())?;
        close_later(stage, case, true);
        Ok(())
    });
    Ok(())
}

/// The caller confirms; else the system closes five days after, by a timer of the engine.
fn close_later(stage: &mut Stage, case: Case, person: bool) {
    if majors::is_major(stage, &case) {
        return majors::close_later(stage, case);
    }
    let resolved = stage.at();
    if person && stage.dice.happens(58) {
        let wait = stage.dice.between(5, 1_300) * MINUTE;
        let at = stage.hours.after(case.house, resolved, wait);
        if at < resolved + 5 * DAY - HOUR {
            stage.later(at, move |stage| match has_left(stage, &case.caller) {
                true => Ok(()),
                false => stage.step(&case.caller, case.record, "close", fields()),
            });
        }
    }
}
