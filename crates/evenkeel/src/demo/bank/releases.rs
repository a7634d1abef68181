//! Releases: two or three changes built, verified, approved by another release manager, deployed
//! in the evening, observed, closed.

use super::changes::{self, Ask};
use super::fields::fields;
use super::handling::member;
use super::hours::House;
use super::items::Item;
use super::stage::{Record, Stage};
use super::texts::{Bundle, Request};
use super::time::{DAY, HOUR, MINUTE};
use engine::{Error, Refusal, Result};
use std::sync::Arc;

const OWNER: &str = "peng.xue";
const OTHER: &str = "approver.zh";
const TEAM: &str = "applications";

/// A release on its way.
#[derive(Debug, Clone)]
struct Run {
    record: Record,
    bundle: Arc<Bundle>,
    items: Vec<Item>,
    window: (i64, i64),
}

pub fn schedule(stage: &mut Stage) {
    let bundles = stage.texts.releases.clone();
    let count = i64::try_from(bundles.len()).unwrap_or(1).max(1);
    let every = (stage.now - stage.begin) / count;
    for (bundle, place) in bundles.into_iter().zip(0..) {
        let day = stage.begin + place * every + stage.dice.between(0, 3) * DAY;
        let at = stage.hours.open(House::China, day) + stage.dice.between(30, 200) * MINUTE;
        stage.later(at, move |stage| begin(stage, bundle, None).map(drop));
    }
}

/// Plans a release; its changes are asked for on the next days.
pub fn begin(stage: &mut Stage, bundle: Bundle, part_of: Option<Record>) -> Result<Record> {
    let mut items = stage.items.like("app", &bundle.service);
    items.truncate(2);
    let zh = bundle.language == "zh";
    let about = bundle.contains.iter().map(|one| format!("- {one}\n")).collect::<String>();
    let given = fields()
        .text("summary", &bundle.name)
        .text("kind", if part_of.is_some() { "major" } else { "minor" })
        .text("description", &about)
        .key("service", stage.known("service", &bundle.service)?)
        .key("deployment_team", stage.known("team", TEAM)?)
        .link("affects", items.iter().map(|item| item.record.key).collect())
        .link("service_transition", part_of.iter().map(|record| record.key).collect());
    let record = stage.create(OWNER, "release", given)?;
    let house = if zh { House::China } else { House::Europe };
    for one in bundle.contains.clone() {
        let wait = stage.dice.between(30, 900) * MINUTE;
        let at = stage.hours.after(house, stage.at(), wait);
        let (bundle, items) = (bundle.clone(), items.clone());
        stage.later(at, move |stage| request(stage, &bundle, &items, one, record));
    }
    let at = stage.hours.days_later(House::China, stage.at(), 4, 10 * 60);
    let run = Run { record, bundle: Arc::new(bundle), items, window: (0, 0) };
    stage.later(at, move |stage| build(stage, run));
    Ok(record)
}

fn request(
    stage: &mut Stage,
    bundle: &Bundle,
    items: &[Item],
    summary: String,
    release: Record,
) -> Result<()> {
    let zh = bundle.language == "zh";
    let house = if zh { House::China } else { House::Europe };
    let Some(who) = member(stage, TEAM, house) else { return Ok(()) };
    let Some(item) = stage.dice.pick(items).cloned() else { return Ok(()) };
    let (reason, plan, backout) = match zh {
        true => ("业务部门需求，随版本上线。", "随版本灰度部署，逐台验证。", "回退至上一版本。"),
        false => (
            "Wanted by the business; comes with the release.",
            "Deployed with the release, one machine after the other.",
            "Go back to the version before.",
        ),
    };
    let request = Request {
        service: bundle.service.clone(),
        team: TEAM.into(),
        item: "app".into(),
        impact: "medium".into(),
        likelihood: if stage.dice.happens(50) { "low" } else { "medium" }.into(),
        outage: false,
        hours: 2,
        language: bundle.language.clone(),
        summary: summary.clone(),
        reason: reason.into(),
        plan: plan.into(),
        backout: backout.into(),
    };
    let ask = Ask::of(Arc::new(request), item.record, &who, house);
    let ask = Ask { summary, release: Some(release), ..ask };
    changes::ask(stage, ask, |_, _| Ok(()))
}

fn build(stage: &mut Stage, mut run: Run) -> Result<()> {
    let zh = run.bundle.language == "zh";
    let days = stage.dice.between(9, 13);
    run.window = stage.window(House::China, &[], days, 3);
    let (deliverables, criteria) = match zh {
        true => (
            "安装包、配置脚本、版本说明、操作手册。",
            "回归用例全部通过；无严重缺陷；性能不低于上一版本。",
        ),
        false => (
            "Packages, configuration, release notes, manual.",
            "All regression cases pass; no severe defect; not slower than before.",
        ),
    };
    let method = ["first_a_few", "in_phases", "side_by_side"][stage.dice.index(3)];
    let given = fields()
        .text("deliverables", deliverables)
        .text("method", method)
        .text("acceptance_criteria", criteria)
        .at("planned_start", run.window.0)
        .at("planned_end", run.window.1);
    stage.step(OWNER, run.record, "build", given)?;
    let days = stage.dice.between(3, 5);
    let at = stage.hours.days_later(House::China, stage.at(), days, 15 * 60);
    stage.later(at, move |stage| {
        let mut digest = [0; 32];
        stage.engine.world().random(&mut digest);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let given = fields().text("artefact_digest", &format!("sha256:{digest}"));
        stage.step(OWNER, run.record, "verify", given)?;
        let at = stage.hours.days_later(House::China, stage.at(), 2, 16 * 60);
        stage.later(at, move |stage| approve(stage, run, 0));
        Ok(())
    });
    Ok(())
}

/// Approved by the other release manager, once all its changes are authorized.
fn approve(stage: &mut Stage, run: Run, tries: i64) -> Result<()> {
    let zh = run.bundle.language == "zh";
    let (report, backout) = match zh {
        true => {
            ("执行用例 214 条，通过 214 条；性能测试达标。", "停止新版本实例，切回旧版本实例组。")
        }
        false => {
            ("214 cases run, 214 passed; load test as wanted.", "Switch back to the old group.")
        }
    };
    let given = fields()
        .text("acceptance_result", "met")
        .text("test_report", report)
        .text("backout_plan", backout);
    if tries == 0 {
        stage.edit(OWNER, run.record, given)?;
    }
    if tries == 0 {
        stage.approve(OTHER, run.record, None)?;
    }
    match stage.step(OWNER, run.record, "approve_deployment", fields()) {
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::RuleBroken { .. }) => {
            // A change in it is not authorized yet, or was rejected: wait, then do without it.
            stage.figures.mended += 1;
            if tries == 6 {
                let why = "A change it needs was not authorized. 所含变更未获授权。".to_string();
                return stage.step_with(OWNER, run.record, "cancel", fields(), Some(why));
            }
            let at = stage.hours.days_later(House::China, stage.at(), 2, 16 * 60);
            stage.later(at, move |stage| approve(stage, run, tries + 1));
            return Ok(());
        }
        said => said?,
    }
    let late = stage.window(House::China, &[], 1, 3);
    let at = run.window.0.max(late.0) + 10 * MINUTE;
    stage.later(at, move |stage| deploy(stage, run));
    Ok(())
}

fn deploy(stage: &mut Stage, run: Run) -> Result<()> {
    let zh = run.bundle.language == "zh";
    let baseline = stage.at() - 40 * MINUTE;
    stage.step(OWNER, run.record, "deploy", fields().at("baseline_taken_at", baseline))?;
    let at = stage.at() + stage.dice.between(50, 130) * MINUTE;
    stage.later(at, move |stage| {
        let good = stage.dice.happens(90);
        let check = match zh {
            true => "摘要值与批准版本一致，冒烟用例通过。",
            false => "Digests as approved; smoke tests pass.",
        };
        let until = stage.at() + 5 * DAY;
        let given = fields()
            .text("integrity_check", check)
            .text("outcome", if good { "successful" } else { "partial" })
            .at("observe_until", until);
        stage.step(OWNER, run.record, "finish", given)?;
        let at = stage.hours.open(House::China, until + 3 * HOUR) + 30 * MINUTE;
        stage.later(at, move |stage| {
            let said = match (zh, good) {
                (true, true) => "观察期内未发现相关事件。",
                (true, false) => "观察期内个别用户反馈显示问题，已随补丁修复。",
                (false, true) => "No incident in the time of observation.",
                (false, false) => "Some users saw wrong labels; mended with a patch.",
            };
            let at = stage.at();
            let given = fields().text("conclusions", said).at("announced_at", at);
            stage.step(OWNER, run.record, "close", given)
        });
        for item in run.items {
            changes::update_later(stage, item.record);
        }
        Ok(())
    });
    Ok(())
}
