//! What the calendar brings: change freezes before the ends of half-years and long holidays.

use super::fields::fields;
use super::hours::House;
use super::stage::Stage;
use super::time::DAY;
use engine::Result;
use jiff::civil::{Date, date};

const MANAGER: &str = "approver.zh";

/// Name, reason, first and last day as month and day, whether it holds for all services.
type Freeze = (&'static str, &'static str, (i8, i8), (i8, i8), bool);

const FREEZES: [Freeze; 3] = [
    (
        "Half-year close 半年结冻结",
        "Nothing may disturb the books at the half year. 半年结账期间确保账务稳定。",
        (6, 29),
        (7, 1),
        true,
    ),
    (
        "国庆长假冻结 National Day",
        "假期客户交易量大，值守人员有限。Few are on duty, many customers pay.",
        (10, 1),
        (10, 7),
        false,
    ),
    (
        "Year-end close 年终决算冻结",
        "Year-end closing of the books. 年终决算期间禁止变更。",
        (12, 20),
        (1, 4),
        true,
    ),
];

pub fn schedule(stage: &mut Stage) {
    let year = stage.hours.day(House::China, stage.begin).year();
    for (year, freeze) in [year, year + 1].into_iter().flat_map(|y| FREEZES.map(|f| (y, f))) {
        let (_, _, first, last, _) = freeze;
        let end = if last.0 < first.0 { year + 1 } else { year };
        let from = stage.hours.at(House::China, date(year, first.0, first.1), 0);
        let last: Date = date(end, last.0, last.1);
        let until = stage.hours.at(House::China, last, 24 * 60);
        // Decided five weeks before, and only those that matter to what is being planned.
        let decided = stage.hours.open(House::China, from - 35 * DAY).max(stage.begin);
        if until > stage.begin && decided < stage.now {
            stage.later(decided, move |stage| decide(stage, freeze, from, until));
        }
    }
}

fn decide(stage: &mut Stage, freeze: Freeze, from: i64, until: i64) -> Result<()> {
    let (name, reason, _, _, all) = freeze;
    let mut given = fields()
        .text("name", name)
        .text("reason", reason)
        .at("starts_at", from)
        .at("ends_at", until)
        .yes_if("all_services", all);
    if !all {
        let services = ["core_banking", "payments", "cards", "atm"];
        let keys = services.iter().map(|one| stage.known("service", one)).collect::<Result<_>>()?;
        given = given.link("services", keys);
    }
    stage.create(MANAGER, "change_freeze", given)?;
    stage.windows.frozen.push((from, until));
    Ok(())
}
