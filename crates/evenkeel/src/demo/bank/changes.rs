//! Normal changes: asked for by a team, assessed and scheduled by a change manager, authorized by
//! the manager or the board, made in their window, reviewed and closed.

use super::failures;
use super::fields::fields;
use super::handling::member;
use super::hours::House;
use super::items::{KEEPER, asker};
use super::problems;
use super::stage::{Record, Stage};
use super::texts::{Both, Phrases, Request, filled};
use super::time::{DAY, HOUR, MINUTE};
use engine::{Command, Error, Refusal, Result};
use std::sync::Arc;

/// Requests of the full half year, beside those that problems and releases bring.
const WANTED: i64 = 76;

/// Requests of the last days beside: before a freeze everybody wants to be in time.
const LATELY: i64 = 12;

/// A change on its way.
#[derive(Debug, Clone)]
pub struct Ask {
    pub record: Record,
    pub request: Arc<Request>,
    pub summary: String,
    pub items: Vec<Record>,
    pub requester: String,
    pub house: House,
    pub resolves: Option<Record>,
    pub release: Option<Record>,
    /// The change manager who leads it.
    pub lead: String,
    pub implementer: String,
    pub window: (i64, i64),
}

impl Ask {
    pub fn of(request: Arc<Request>, item: Record, requester: &str, house: House) -> Ask {
        Ask {
            record: item,
            summary: request.summary.clone(),
            request,
            items: vec![item],
            requester: requester.to_string(),
            house,
            resolves: None,
            release: None,
            lead: String::new(),
            implementer: String::new(),
            window: (0, 0),
        }
    }
}

/// What follows when it is over: whether it was made well.
type After = Box<dyn FnOnce(&mut Stage, bool) -> Result<()>>;

pub fn schedule(stage: &mut Stage) {
    let days = (stage.now - stage.begin) / DAY;
    let count = WANTED * days / 183 * stage.share.max(40) / 100;
    for place in 0..count + LATELY {
        let house = if stage.dice.happens(60) { House::China } else { House::Europe };
        let first = if place < count { 0 } else { days - 9 };
        let day = stage.begin + stage.dice.between(first, days - 1) * DAY;
        let at = stage.hours.open(house, day) + stage.dice.between(5, 400) * MINUTE;
        stage.later(at, move |stage| {
            let texts = stage.texts.clone();
            let language = if house == House::China { "zh" } else { "en" };
            let some = texts.requests.iter().filter(|one| one.language == language);
            let some: Vec<&Request> = some.collect();
            let Some(request) = stage.dice.pick(&some).map(|one| (*one).clone()) else {
                return Ok(());
            };
            let items = stage.items.like(&request.item, &request.service);
            let Some(item) = stage.dice.pick(&items).cloned() else { return Ok(()) };
            let Some(who) = member(stage, &request.team, house) else { return Ok(()) };
            let mut wanted = Ask::of(Arc::new(request), item.record, &who, house);
            wanted.summary = filled(&wanted.request.summary, &[("item", &item.name)]);
            ask(stage, wanted, |_, _| Ok(()))
        });
    }
}

/// A change manager who is there; of the house, where they are.
pub fn manager(stage: &mut Stage, house: House) -> String {
    let at = stage.at();
    let (first, second) = match house {
        House::China => ("approver.zh", "approver"),
        House::Europe => ("approver", "approver.zh"),
    };
    let is_there = stage.person(first).is_ok_and(|one| one.is_there(at));
    if is_there { first } else { second }.to_string()
}

pub fn phrase(stage: &mut Stage, language: &str, choose: fn(&Phrases) -> &[Both]) -> String {
    let texts = stage.texts.clone();
    let number = stage.dice.between(3, 40).to_string();
    let both = stage.dice.pick(choose(&texts.phrases));
    filled(both.map(|both| both.of(language)).unwrap_or_default(), &[("n", &number)])
}

/// Somebody asks for a change and submits it.
pub fn ask(
    stage: &mut Stage,
    mut ask: Ask,
    after: impl FnOnce(&mut Stage, bool) -> Result<()> + 'static,
) -> Result<()> {
    let after: After = Box::new(after);
    let links: Vec<_> = ask.items.iter().map(|item| item.key).collect();
    let priority = ["low", "moderate", "moderate", "high"][stage.dice.index(4)];
    let given = fields()
        .text("summary", &ask.summary)
        .text("reason", &ask.request.reason)
        .text("kind", "normal")
        .text("priority", priority)
        .key("service", stage.known("service", &ask.request.service)?)
        .link("affects", links)
        .link("resolves", ask.resolves.iter().map(|problem| problem.key).collect())
        .link("deployed_in", ask.release.iter().map(|release| release.key).collect());
    if let Some(item) = ask.items.first() {
        let asker = asker(stage, *item, &ask.requester, ask.house);
        // The team of the item need not see the problem; whoever leads problems sees both.
        let other = asker != ask.requester && ask.resolves.is_some();
        ask.requester = if other { problems::MANAGER.into() } else { asker };
    }
    ask.record = stage.create(&ask.requester, "change", given)?;
    stage.step(&ask.requester, ask.record, "submit", fields())?;
    let wait = stage.dice.between(90, 1_500) * MINUTE;
    let at = stage.hours.after(ask.house, stage.at(), wait);
    stage.later(at, move |stage| assess(stage, ask, after));
    Ok(())
}

fn assess(stage: &mut Stage, mut ask: Ask, after: After) -> Result<()> {
    ask.lead = manager(stage, ask.house);
    let language = ask.request.language.clone();
    let keys: Vec<_> = ask.items.iter().map(|item| item.key).collect();
    let days = stage.dice.between(6, 17);
    ask.window = stage.window(ask.house, &keys, days, ask.request.hours);
    let team = ask.request.team.clone();
    ask.implementer = member(stage, &team, ask.house).unwrap_or(ask.requester.clone());
    let (assessment, benefit) = (
        phrase(stage, &language, |phrases| &phrases.assessment),
        phrase(stage, &language, |phrases| &phrases.benefit),
    );
    let (feasibility, parties) = (
        phrase(stage, &language, |phrases| &phrases.feasibility),
        phrase(stage, &language, |phrases| &phrases.parties),
    );
    let currency = if language == "zh" { "CNY" } else { "EUR" };
    let cost = 500 * stage.dice.between(1, 60);
    let given = fields()
        .text("impact", &ask.request.impact)
        .text("likelihood", &ask.request.likelihood)
        .text("assessment", &assessment)
        .text("benefit", &benefit)
        .text("feasibility", &feasibility)
        .text("effect_on_parties", &parties)
        .money("cost", cost, currency)
        .text("implementation_plan", &ask.request.plan)
        .text("backout_plan", &ask.request.backout)
        .at("planned_start", ask.window.0)
        .at("planned_end", ask.window.1)
        .yes_if("outage", ask.request.outage)
        .key("implementer_team", stage.known("team", &team)?)
        .key("implementer", stage.known("person", &ask.implementer)?);
    stage.step(&ask.lead, ask.record, "request_authorization", given)?;
    let wait = stage.dice.between(120, 1_500) * MINUTE;
    let at = stage.hours.after(ask.house, stage.at(), wait);
    stage.later(at, move |stage| decide(stage, ask, after));
    Ok(())
}

/// Low risk is for the other change manager, more for two of the board.
fn decide(stage: &mut Stage, ask: Ask, after: After) -> Result<()> {
    let is_low = ask.request.impact == "low" && ask.request.likelihood != "high"
        || ask.request.impact == "medium" && ask.request.likelihood == "low";
    let mut voters = if is_low { vec![ask.lead.clone()] } else { board(stage, &ask) };
    let start = stage.dice.index(voters.len());
    voters.rotate_left(start);
    if stage.dice.happens(4) {
        return reject(stage, &ask, voters.first());
    }
    let mut wanted = if is_low { 1 } else { 2 };
    for voter in &voters {
        if wanted > 0 && votes(stage, &ask, voter)? {
            wanted -= 1;
        }
    }
    let wait = stage.dice.between(10, 200) * MINUTE;
    let at = stage.hours.after(ask.house, stage.at(), wait);
    stage.later(at, move |stage| authorize(stage, ask, after));
    Ok(())
}

/// Whether they gave their vote: a substitute may find that the change is not theirs to see, and
/// another member is asked.
fn votes(stage: &mut Stage, ask: &Ask, voter: &str) -> Result<bool> {
    let said = phrase(stage, &ask.request.language, |phrases| &phrases.approve);
    match stage.approve(voter, ask.record, Some(said)) {
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::NotFound { .. }) => {
            stage.figures.mended += 1;
            Ok(false)
        }
        said => said.map(|()| true),
    }
}

/// Members of the board, or those who stand in for them; never the one who asks.
pub fn board(stage: &Stage, ask: &Ask) -> Vec<String> {
    let at = stage.at();
    let mut some: Vec<String> = Vec::new();
    for one in stage.people.iter().filter(|one| one.holds("change_advisory_board")) {
        let away = one.away.iter().find(|(from, until, _)| *from <= at && at < *until);
        let voter = away.map_or(&one.login, |(_, _, substitute)| substitute);
        let is_asker = [&one.login, voter].contains(&&ask.requester);
        if !is_asker && !some.contains(voter) {
            some.push(voter.clone());
        }
    }
    some
}

fn reject(stage: &mut Stage, ask: &Ask, voter: Option<&String>) -> Result<()> {
    let why = phrase(stage, &ask.request.language, |phrases| &phrases.reject);
    // A substitute leaves it to the manager.
    let own = voter.filter(|voter| {
        stage.person(voter).is_ok_and(|one| one.roles.iter().any(|role| role.starts_with("change")))
    });
    if let Some(voter) = own {
        let note = Some(why.clone());
        stage.act(voter, ask.record, Command::Vote { approval: None, approve: false, note })?;
    }
    stage.step_with(&ask.lead, ask.record, "reject", fields(), Some(why))
}

fn authorize(stage: &mut Stage, ask: Ask, after: After) -> Result<()> {
    match stage.step(&ask.lead, ask.record, "authorize", fields()) {
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::RuleBroken { .. }) => {
            // Somebody else has the window: the request has to come again with another.
            stage.figures.mended += 1;
            let why = phrase(stage, &ask.request.language, |phrases| &phrases.clash);
            stage.step_with(&ask.lead, ask.record, "reject", fields(), Some(why))?;
            return Ok(());
        }
        said => said?,
    }
    if ask.request.outage {
        let at = stage.at();
        stage.edit(&ask.lead, ask.record, fields().at("announced_at", at))?;
    }
    let at = ask.window.0 + stage.dice.between(1, 9) * MINUTE;
    if stage.dice.happens(2) {
        let before = at - stage.dice.between(3, 20) * HOUR;
        stage.later(before.max(stage.at()), move |stage| {
            let why = phrase(stage, &ask.request.language, |phrases| &phrases.cancel);
            stage.step_with(&ask.requester, ask.record, "cancel", fields(), Some(why))
        });
        return Ok(());
    }
    stage.later(at, move |stage| make(stage, ask, after));
    Ok(())
}

/// The implementer, or a colleague where they are not there.
fn hands(stage: &mut Stage, ask: &Ask) -> Result<String> {
    let at = stage.at();
    if stage.person(&ask.implementer)?.is_there(at) {
        return Ok(ask.implementer.clone());
    }
    let other = member(stage, &ask.request.team, ask.house);
    Ok(other.unwrap_or_else(|| ask.lead.clone()))
}

fn make(stage: &mut Stage, ask: Ask, after: After) -> Result<()> {
    let who = hands(stage, &ask)?;
    let tested = phrase(stage, &ask.request.language, |phrases| &phrases.tested);
    stage.step(&who, ask.record, "start", fields().text("test_result", &tested))?;
    let room = (ask.window.1 - stage.at()) / MINUTE;
    let at = stage.at() + stage.dice.between(room / 3, room * 9 / 10).max(5) * MINUTE;
    stage.later(at, move |stage| {
        let result = match stage.dice.between(1, 100) {
            1..=3 => "failed",
            4..=7 => "backed_out",
            8..=11 => "partial",
            _ => "successful",
        };
        stage.step(&who, ask.record, "finish", fields().text("result", result))?;
        close_later(stage, ask, result, after)
    });
    Ok(())
}

/// What was altered is verified, harm is linked, then the review closes it.
fn close_later(stage: &mut Stage, ask: Ask, result: &'static str, after: After) -> Result<()> {
    let good = result == "successful";
    if !good {
        failures::after(stage, &ask)?;
    }
    let minute = stage.dice.between(9 * 60, 12 * 60);
    let at = stage.hours.days_later(House::China, stage.at(), 1, minute);
    let items = ask.items.clone();
    stage.later(at, move |stage| {
        for item in items {
            stage.verified(item, fields().text("verification_result", "correct"))?;
        }
        Ok(())
    });
    let days = stage.dice.between(2, 6);
    let at = stage.hours.days_later(ask.house, stage.at(), days, 13 * 60 + 40);
    let over = Over { record: ask.record, house: ask.house, language: language(&ask), good };
    stage.later(at, move |stage| close(stage, over, after));
    Ok(())
}

fn language(ask: &Ask) -> &'static str {
    if ask.request.language == "zh" { "zh" } else { "en" }
}

/// A change that was made and waits for its review.
#[derive(Clone, Copy)]
pub struct Over {
    pub record: Record,
    pub house: House,
    pub language: &'static str,
    pub good: bool,
}

/// The review closes it; while an item is not verified or harm not linked, it waits.
pub fn close(
    stage: &mut Stage,
    over: Over,
    after: impl FnOnce(&mut Stage, bool) -> Result<()> + 'static,
) -> Result<()> {
    let review = match over.good {
        true => phrase(stage, over.language, |phrases| &phrases.review_good),
        false => phrase(stage, over.language, |phrases| &phrases.review_bad),
    };
    let lead = manager(stage, over.house);
    match stage.step(&lead, over.record, "close", fields().text("review", &review)) {
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::RuleBroken { .. }) => {
            stage.figures.mended += 1;
            let at = stage.hours.days_later(over.house, stage.at(), 3, 14 * 60);
            let after: After = Box::new(after);
            stage.later(at, move |stage| close(stage, over, after));
            Ok(())
        }
        said => {
            said?;
            after(stage, over.good)
        }
    }
}

/// The items a change touches are verified by the keeper of the configuration.
pub fn update_later(stage: &mut Stage, item: Record) {
    let minute = stage.dice.between(9 * 60, 12 * 60);
    let at = stage.hours.days_later(stage.house(KEEPER), stage.at(), 1, minute);
    stage.later(at, move |stage| {
        stage.verified(item, fields().text("verification_result", "correct")).map(drop)
    });
}
