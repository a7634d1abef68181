//! Problems: opened when a failure comes again and again or was grave, analysed by the team,
//! known errors for the desk, solved by a change, and looked at again.

use super::changes::{self, Ask};
use super::fields::fields;
use super::handling::{Case, member};
use super::hours::{House, date_of};
use super::stage::{Record, Stage};
use super::texts::{Analysis, Request, Story};
use super::time::{DAY, MINUTE};
use engine::Result;
use model::Key;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Who leads problem management.
pub const MANAGER: &str = "lukas.steiner";
/// Who puts incidents to the problem they come from.
const INCIDENTS: &str = "manager";

/// What is known of failures that come again.
#[derive(Debug, Default)]
pub struct Troubles {
    by_story: HashMap<String, Trouble>,
    pub majors: HashSet<Key>,
}

#[derive(Debug, Default, Clone)]
struct Trouble {
    incidents: Vec<Record>,
    open: Option<Record>,
    solved: bool,
}

impl Troubles {
    /// Whether the cause has been removed, so that the failure has become rare.
    pub fn is_solved(&self, story: &str) -> bool {
        self.by_story.get(story).is_some_and(|trouble| trouble.solved)
    }

    fn of(&mut self, story: &str) -> &mut Trouble {
        self.by_story.entry(story.to_string()).or_default()
    }
}

/// A problem on its way.
#[derive(Debug, Clone)]
struct Quest {
    record: Record,
    story: Arc<Story>,
    analysis: Arc<Analysis>,
    item: Record,
    house: House,
    who: String,
}

/// One more incident of a kind: it belongs to the open problem, or is the one too many. Answers
/// whether it was put to a problem that was there.
pub fn noticed(stage: &mut Stage, case: &Case) -> Result<bool> {
    let trouble = stage.troubles.of(&case.story.key);
    trouble.incidents.push(case.record);
    let (open, count, solved) = (trouble.open, trouble.incidents.len(), trouble.solved);
    if let Some(problem) = open {
        let belongs = stage.dice.happens(60);
        if belongs {
            stage.link(INCIDENTS, case.record, "problem", problem.key)?;
        }
        return Ok(belongs);
    }
    let Some(analysis) = case.story.problem.clone() else { return Ok(false) };
    if solved || count < 5 || !stage.dice.happens(60) {
        return Ok(false);
    }
    let incidents = std::mem::take(&mut stage.troubles.of(&case.story.key).incidents);
    let recent: Vec<Record> = incidents.into_iter().rev().take(6).collect();
    open_problem(stage, case, Arc::new(analysis), ("incident", &recent))?;
    Ok(false)
}

/// A major incident always leads to a problem.
pub fn after_major(stage: &mut Stage, case: &Case) -> Result<()> {
    after(stage, case, "major_incident")
}

/// Most harm done by changes is looked into as a problem.
pub fn after_change(stage: &mut Stage, case: &Case) -> Result<()> {
    after(stage, case, "change")
}

fn after(stage: &mut Stage, case: &Case, source: &str) -> Result<()> {
    if let Some(problem) = stage.troubles.of(&case.story.key).open {
        return stage.link(INCIDENTS, case.record, "problem", problem.key);
    }
    let analysis = case.story.problem.clone().unwrap_or_else(|| Analysis {
        language: case.language.clone(),
        summary: case.told.summary.clone(),
        method: "timeline".into(),
        cause: case.told.note.clone(),
        symptoms: case.told.description.clone(),
        workaround: case.told.resolution.clone(),
        actions: case.told.resolution.clone(),
        change: String::new(),
        resolution: case.told.resolution.clone(),
    });
    open_problem(stage, case, Arc::new(analysis), (source, &[case.record]))
}

fn open_problem(
    stage: &mut Stage,
    case: &Case,
    analysis: Arc<Analysis>,
    (source, incidents): (&str, &[Record]),
) -> Result<()> {
    let level = |level: usize| ["low", "medium", "high"][level];
    let urgency = level(case.urgency.min(1) + usize::from(source == "major_incident"));
    let given = fields()
        .text("summary", &analysis.summary)
        .text("description", &analysis.symptoms)
        .text("source", source)
        .key("service", stage.known("service", &case.story.service)?)
        .key("category", stage.known("category", &case.story.category)?)
        .text("impact", level(case.impact))
        .text("urgency", urgency)
        .link("configuration_items", vec![case.item.key]);
    let record = stage.create(MANAGER, "problem", given)?;
    for incident in incidents {
        stage.link(INCIDENTS, *incident, "problem", record.key)?;
    }
    stage.troubles.of(&case.story.key).open = Some(record);
    let (story, item) = (case.story.clone(), case.item);
    let quest = Quest { record, story, analysis, item, house: case.house, who: String::new() };
    let wait = stage.dice.between(90, 1_200) * MINUTE;
    let at = stage.hours.after(case.house, stage.at(), wait);
    stage.later(at, move |stage| analyse(stage, quest));
    Ok(())
}

fn analyse(stage: &mut Stage, mut quest: Quest) -> Result<()> {
    let Some(who) = member(stage, &quest.story.team.clone(), quest.house) else { return Ok(()) };
    let until = date_of(stage.at() + stage.dice.between(25, 60) * DAY);
    let given = fields()
        .key("assigned_team", stage.known("team", &quest.story.team)?)
        .key("assignee", stage.known("person", &who)?)
        .date("planned_until", until);
    stage.step(MANAGER, quest.record, "analyse", given)?;
    quest.who = who;
    let days = stage.dice.between(4, 20);
    let at = stage.hours.days_later(quest.house, stage.at(), days, 14 * 60);
    stage.later(at, move |stage| cause_found(stage, quest));
    Ok(())
}

/// The one who works on it; a colleague where they are not there any more.
fn owner(stage: &mut Stage, quest: &mut Quest) -> Result<String> {
    if stage.person(&quest.who)?.left_at.is_some_and(|left| left <= stage.at()) {
        let other = member(stage, &quest.story.team.clone(), quest.house);
        quest.who = other.unwrap_or_else(|| MANAGER.to_string());
        let given = fields().key("assignee", stage.known("person", &quest.who)?);
        stage.edit(MANAGER, quest.record, given)?;
    }
    Ok(quest.who.clone())
}

fn cause_found(stage: &mut Stage, mut quest: Quest) -> Result<()> {
    let who = owner(stage, &mut quest)?;
    let analysis = quest.analysis.clone();
    let given = fields()
        .text("method", &analysis.method)
        .text("cause", &analysis.cause)
        .text("symptoms", &analysis.symptoms)
        .text("candidate_actions", &analysis.actions)
        .text("workaround", &analysis.workaround)
        .yes_if("no_workaround", analysis.workaround.is_empty());
    stage.step(&who, quest.record, "record_known_error", given)?;
    // Some known errors are lived with for long.
    let days = if stage.dice.happens(30) { stage.dice.between(30, 70) } else { 3 };
    let at = stage.hours.days_later(quest.house, stage.at(), days, 10 * 60 + 20);
    if days > 30 {
        review_later(stage, quest.record, at);
    }
    stage.later(at, move |stage| seek_solution(stage, quest));
    Ok(())
}

/// A known error that stays is confirmed within ninety days.
fn review_later(stage: &mut Stage, record: Record, before: i64) {
    let at = (stage.at() + 60 * DAY).min(before - DAY);
    stage.later(at, move |stage| stage.step(MANAGER, record, "review_known_error", fields()));
}

fn seek_solution(stage: &mut Stage, mut quest: Quest) -> Result<()> {
    let who = owner(stage, &mut quest)?;
    if quest.analysis.change.is_empty() {
        let excuse = match quest.analysis.language.as_str() {
            "zh" => "仅调整操作指引，未改动受控配置项。",
            _ => "Guidance only; nothing under control was altered.",
        };
        return solved(stage, quest, fields().text("no_change_needed", excuse));
    }
    let request = Arc::new(request(&quest));
    let ask =
        Ask { resolves: Some(quest.record), ..Ask::of(request, quest.item, &who, quest.house) };
    let problem = quest.record;
    changes::ask(stage, ask, move |stage, good| {
        if good {
            return solved(stage, quest, fields());
        }
        let note = Some("The change did not remove the cause. 变更未能消除原因。".to_string());
        stage.step_with(MANAGER, problem, "return_to_known_error", fields(), note)
    })?;
    stage.step(&who, problem, "await_change", fields())
}

fn request(quest: &Quest) -> Request {
    let analysis = &quest.analysis;
    let (plan, backout) = match analysis.language.as_str() {
        "zh" => ("按问题分析结论实施，先备份配置。", "恢复变更前的配置备份。"),
        _ => ("As the analysis says; save the configuration first.", "Put the saved one back."),
    };
    Request {
        service: quest.story.service.clone(),
        team: quest.story.team.clone(),
        item: quest.story.item.clone(),
        impact: "medium".into(),
        likelihood: "low".into(),
        outage: false,
        hours: 2,
        language: analysis.language.clone(),
        summary: analysis.change.clone(),
        reason: analysis.cause.clone(),
        plan: plan.into(),
        backout: backout.into(),
    }
}

fn solved(stage: &mut Stage, quest: Quest, given: super::fields::Fields) -> Result<()> {
    let given = given.text("close_code", "solved").text("resolution", &quest.analysis.resolution);
    stage.step(MANAGER, quest.record, "resolve", given)?;
    let trouble = stage.troubles.of(&quest.story.key);
    (trouble.solved, trouble.open) = (true, None);
    let days = stage.dice.between(15, 40);
    let at = stage.hours.days_later(House::Europe, stage.at(), days, 11 * 60);
    stage.later(at, move |stage| {
        let texts = stage.texts.clone();
        let said = stage.dice.pick(&texts.phrases.effective);
        let said = said.map(|both| both.of(&quest.analysis.language)).unwrap_or_default();
        stage.step(MANAGER, quest.record, "close", fields().text("effectiveness", said))
    });
    Ok(())
}
