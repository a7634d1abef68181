//! Incidents as they come in: how many a day and at which hour, which failure it is this time, who
//! notices it and how it reaches the service desk.

use super::fields::{Fields, fields};
use super::handling::{self, Case};
use super::hours::House;
use super::people::Person;
use super::stage::Stage;
use super::texts::{Story, Telling, filled};
use super::time::{DAY, MINUTE};
use engine::Result;
use jiff::civil::Weekday;
use std::sync::Arc;

/// Incidents of an ordinary day, in hundredths.
const ORDINARY: i64 = 1_150;
const MONITOR: &str = "monitoring";
const LEVELS: [&str; 3] = ["low", "medium", "high"];

pub fn schedule(stage: &mut Stage) {
    let days = (stage.now - stage.begin) / DAY;
    let weights: Vec<i64> = stage.texts.stories.iter().map(|story| story.weight).collect();
    for day in 0..=days {
        let from = stage.begin + day * DAY;
        let wanted = ORDINARY * burden(stage, from) / 100 * stage.share / 100;
        // A hundredth more or less than a whole one happens so often.
        let spread = wanted + stage.dice.between(-wanted / 4, wanted / 4);
        let count = spread / 100 + i64::from(stage.dice.between(0, 99) < spread % 100);
        for _ in 0..count {
            let story = stage.dice.weighted(&weights);
            plan(stage, from, story);
        }
    }
}

/// How heavy a day is, of a hundred: Mondays and the ends of months more, days off little.
fn burden(stage: &Stage, at: i64) -> i64 {
    let day = stage.hours.day(House::China, at);
    if !stage.hours.is_worked(House::China, day) {
        return 24;
    }
    let weekday = match day.weekday() {
        Weekday::Monday => 132,
        Weekday::Tuesday => 112,
        Weekday::Friday => 90,
        _ => 100,
    };
    let last = day.days_in_month() - day.day();
    if last < 2 || day.day() == 1 { weekday + 30 } else { weekday }
}

/// One failure on a day: noticed by monitoring at any hour, by people when they work.
fn plan(stage: &mut Stage, day: i64, place: usize) {
    let texts = stage.texts.clone();
    let Some(story) = texts.stories.get(place) else { return };
    let monitored = stage.dice.happens(story.monitored);
    let house = if stage.dice.happens(64) { House::China } else { House::Europe };
    let at = if monitored {
        day + stage.dice.between(0, DAY - 1)
    } else {
        let peak = stage.dice.weighted(&[1, 6, 8, 5, 2, 4, 7, 6, 3]);
        let hour = 8 * 60 + 30 + 60 * i64::try_from(peak).unwrap_or(0);
        let minute = hour + stage.dice.between(0, 59);
        stage.hours.at(house, stage.hours.day(house, day), minute)
    };
    let story = Arc::new(story.clone());
    stage.later(at, move |stage| {
        // Where the cause is gone, most of it does not happen any more.
        if stage.troubles.is_solved(&story.key) && stage.dice.happens(70) {
            return Ok(());
        }
        open(stage, story, house, monitored, &[]).map(drop)
    });
}

/// The caller, item and words of one incident, and how it comes in.
pub fn open(
    stage: &mut Stage,
    story: Arc<Story>,
    house: House,
    monitored: bool,
    slots: &[(&str, &str)],
) -> Result<Option<Case>> {
    let items = stage.items.like(&story.item, &story.service);
    let Some(item) = stage.dice.pick(&items).cloned() else { return Ok(None) };
    let Some(caller) = caller(stage, &story, house) else { return Ok(None) };
    let (number, code) = (stage.dice.between(12, 480), stage.dice.between(1001, 9899));
    let (number, code) = (number.to_string(), format!("E{code}"));
    let branch = branch(&caller);
    let own = [("item", &*item.name), ("n", &*number), ("branch", branch), ("code", &*code)];
    let slots: Vec<(&str, &str)> = slots.iter().copied().chain(own).collect();
    let language = if monitored { language_of(stage) } else { caller.language.clone() };
    let telling = if language == "zh" { &story.zh } else { &story.en };
    let told = tell(stage, telling, &slots);
    let impact = stage.dice.weighted(&story.impact);
    let urgency = stage.dice.weighted(&story.urgency);
    let mut case = Case {
        record: super::stage::Record { kind: "incident", key: item.record.key },
        caller: if monitored { MONITOR.to_string() } else { caller.login.clone() },
        item: item.record,
        language,
        house,
        told,
        impact,
        urgency,
        linked: false,
        team: story.team.clone(),
        story,
    };
    report(stage, &mut case, &caller, monitored)?;
    handling::begin(stage, &case);
    Ok(Some(case))
}

/// The words of one incident.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub summary: String,
    pub description: String,
    pub resolution: String,
    pub note: String,
}

fn tell(stage: &mut Stage, telling: &Telling, slots: &[(&str, &str)]) -> Told {
    let mut one = |texts: &[String]| {
        let text = stage.dice.pick(texts).map(String::as_str).unwrap_or_default();
        filled(text, slots)
    };
    Told {
        summary: one(&telling.summary),
        description: one(&telling.description),
        resolution: one(&telling.resolution),
        note: one(&telling.note),
    }
}

/// Somebody of the house to whom this happens: of the business, or of staff for what they see.
fn caller(stage: &mut Stage, story: &Story, house: House) -> Option<Person> {
    let at = stage.at();
    let inside = matches!(story.item.as_str(), "hv" | "dbs" | "storage" | "switch" | "firewall");
    let some: Vec<Person> = stage
        .people
        .iter()
        .filter(|one| one.house == house && one.is_there(at) && one.login != MONITOR)
        .filter(|one| !one.holds("auditor") && (one.organization == "hq_it") == inside)
        .filter(|one| one.team != "service_desk")
        .cloned()
        .collect();
    stage.dice.pick(&some).cloned()
}

fn branch(caller: &Person) -> &'static str {
    match (caller.place.as_str(), caller.language == "zh") {
        ("ljz", true) => "陆家嘴支行",
        ("xh", true) => "徐汇支行",
        ("bj" | "cy", true) => "北京朝阳支行",
        (_, true) => "总行营业部",
        ("zrh" | "zrh1", false) => "Zurich Bellevue",
        ("fra1", false) => "Frankfurt Westend",
        _ => "the Frankfurt office",
    }
}

fn language_of(stage: &mut Stage) -> String {
    if stage.dice.happens(55) { "zh".into() } else { "en".into() }
}

/// Records the incident: by monitoring, by the caller, or by an agent who hears of it.
fn report(stage: &mut Stage, case: &mut Case, caller: &Person, monitored: bool) -> Result<()> {
    let mut given = fields()
        .text("summary", &case.told.summary)
        .text("description", &case.told.description)
        .key("service", stage.known("service", &case.story.service)?)
        .text("impact", LEVELS[case.impact])
        .text("urgency", LEVELS[case.urgency]);
    if monitored {
        given =
            given.text("channel", "monitoring").link("configuration_items", vec![case.item.key]);
        case.linked = true;
        case.record = stage.create(MONITOR, "incident", given)?;
        return Ok(());
    }
    given = given.key("location", stage.known("location", &caller.place)?);
    let at = stage.at();
    let agent = handling::agent(stage, case.house, at);
    if stage.dice.happens(36) || agent.is_none() {
        case.record = stage.create(&caller.login, "incident", given)?;
        return Ok(());
    }
    let channel = ["phone", "email", "walk_in"][stage.dice.weighted(&[7, 2, 1])];
    given = classified(stage, case, given)?;
    let since = at - stage.dice.between(3, 50) * MINUTE;
    given = given
        .text("channel", channel)
        .key("caller", caller.record.key)
        .at("occurred_at", since)
        .link("configuration_items", vec![case.item.key]);
    case.linked = true;
    case.record = stage.create(&agent.unwrap_or_default(), "incident", given)?;
    Ok(())
}

/// The category and its part.
pub fn classified(stage: &Stage, case: &Case, given: Fields) -> Result<Fields> {
    let (whole, part) = (&case.story.category, &case.story.part);
    let given = given.key("category", stage.known("category", whole)?);
    Ok(given.key("subcategory", stage.known("category", &format!("{whole}.{part}"))?))
}
