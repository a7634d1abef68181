//! Emergency changes: something cannot wait, the authority says yes, it is done at once and
//! reviewed within two days.

use super::changes::{Over, close, manager, phrase, update_later};
use super::fields::fields;
use super::handling::member;
use super::hours::House;
use super::items::asker;
use super::stage::{Record, Stage};
use super::texts::{Request, filled};
use super::time::{DAY, MINUTE};
use engine::Result;

const WANTED: i64 = 17;

pub fn schedule(stage: &mut Stage) {
    let days = (stage.now - stage.begin) / DAY;
    let count = (WANTED * days * stage.share.max(40) / 183 / 100).max(2);
    for _ in 0..count {
        // They come at night and on days off as well.
        let at = stage.begin + stage.dice.between(0, days * 1440) * MINUTE;
        let place = stage.dice.index(stage.texts.emergencies.len());
        stage.later(at, move |stage| {
            let texts = stage.texts.clone();
            match texts.emergencies.get(place) {
                Some(request) => ask(stage, request.clone()),
                None => Ok(()),
            }
        });
    }
}

fn ask(stage: &mut Stage, request: Request) -> Result<()> {
    let house = if request.language == "zh" { House::China } else { House::Europe };
    let items = stage.items.like(&request.item, &request.service);
    let Some(item) = stage.dice.pick(&items).cloned() else { return Ok(()) };
    let Some(who) = member(stage, &request.team, house) else { return Ok(()) };
    let given = fields()
        .text("summary", &filled(&request.summary, &[("item", &item.name)]))
        .text("reason", &request.reason)
        .text("kind", "emergency")
        .text("priority", "critical")
        .text("backout_plan", &request.backout)
        .text("implementation_plan", &request.plan)
        .key("service", stage.known("service", &request.service)?)
        .key("implementer_team", stage.known("team", &request.team)?)
        .key("implementer", stage.known("person", &who)?)
        .link("affects", vec![item.record.key]);
    let asker = asker(stage, item.record, &who, house);
    let record = stage.create(&asker, "change", given)?;
    stage.step(&asker, record, "submit", fields())?;
    let at = stage.at() + stage.dice.between(6, 45) * MINUTE;
    let item = item.record;
    stage.later(at, move |stage| authorize(stage, record, request, item, who, house));
    Ok(())
}

fn authorize(
    stage: &mut Stage,
    record: Record,
    request: Request,
    item: Record,
    who: String,
    house: House,
) -> Result<()> {
    let lead = manager(stage, house);
    let authority = if house == House::China { "qin.zhenhua" } else { "henrik.vance" };
    let given = fields().text("impact", &request.impact).text("likelihood", &request.likelihood);
    stage.edit(&lead, record, given)?;
    let said = phrase(stage, &request.language, |phrases| &phrases.approve);
    stage.approve(authority, record, Some(said))?;
    stage.step(&lead, record, "fast_track", fields())?;
    let at = stage.at() + stage.dice.between(15, 110) * MINUTE;
    stage.later(at, move |stage| {
        let good = !stage.dice.happens(6);
        let result = if good { "successful" } else { "partial" };
        stage.step(&who, record, "finish", fields().text("result", result))?;
        update_later(stage, item);
        if !good {
            let asked = super::changes::Ask {
                record,
                ..super::changes::Ask::of(std::sync::Arc::new(request.clone()), item, &who, house)
            };
            super::failures::after(stage, &asked)?;
        }
        let at = stage.hours.days_later(house, stage.at(), 2, 15 * 60);
        let language = if request.language == "zh" { "zh" } else { "en" };
        let over = Over { record, house, language, good };
        stage.later(at, move |stage| close(stage, over, |_, _| Ok(())));
        Ok(())
    });
    Ok(())
}
