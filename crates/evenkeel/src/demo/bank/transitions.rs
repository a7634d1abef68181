//! Service transitions: a new or much changed service, designed, approved by the service's owner,
//! tested, brought into use by a release, its outcome reported.

use super::fields::fields;
use super::hours::{House, date_of};
use super::releases;
use super::services::entries;
use super::stage::{Record, Stage};
use super::texts::Bundle;
use super::time::{DAY, MINUTE};
use engine::{Error, Refusal, Result};

const OWNER: &str = "approver.zh";

#[derive(Clone)]
struct Course {
    record: Record,
    bundle: Bundle,
    /// The owner of the service, who approves.
    approver: String,
}

pub fn schedule(stage: &mut Stage) {
    let bundles = stage.texts.transitions.clone();
    for (bundle, place) in bundles.into_iter().zip(0..) {
        let day = stage.begin + (place * 45 + 4) * DAY;
        let at = stage.hours.open(House::China, day) + stage.dice.between(20, 90) * MINUTE;
        stage.later(at, move |stage| plan(stage, bundle));
    }
}

fn plan(stage: &mut Stage, bundle: Bundle) -> Result<()> {
    let services = entries()?;
    let service = services.iter().find(|entry| entry.key == bundle.service);
    let Some(approver) = service.map(|entry| entry.owner.clone()) else { return Ok(()) };
    let mut items = stage.items.like("app", &bundle.service);
    items.truncate(2);
    let about = bundle.contains.join("; ");
    let parties =
        vec![stage.known("organization", "retail")?, stage.known("organization", "europe")?];
    let given = fields()
        .text("summary", &bundle.name)
        .text("kind", "changed")
        .text("description", &about)
        .key("service", stage.known("service", &bundle.service)?)
        .key("transition_team", stage.known("team", "applications")?)
        .link("affects", items.iter().map(|item| item.record.key).collect())
        .link("interested_parties", parties);
    let record = stage.create(OWNER, "service_transition", given)?;
    let course = Course { record, bundle, approver };
    design(stage, course)
}

fn days_on(stage: &mut Stage, days: i64) -> i64 {
    let minute = stage.dice.between(10 * 60, 16 * 60);
    stage.hours.days_later(House::China, stage.at(), days, minute)
}

fn design(stage: &mut Stage, course: Course) -> Result<()> {
    let live = date_of(stage.at() + 55 * DAY);
    let given = fields()
        .text(
            "requirements",
            "Available 99.95 %; answer within 2 s. 可用率 99.95%，响应 2 秒以内。",
        )
        .text(
            "responsibilities",
            "Owner: service owner; build: applications. 服务负责人与应用组分工。",
        )
        .text("activities", "Design, build, test, pilot, roll-out. 设计、构建、测试、试点、推广。")
        .text("resources", "Six people for eight weeks. 六人八周。")
        .text("dependencies", "Core banking, customer login. 核心银行、客户身份认证。")
        .text("test_plan", "Function, load, recovery, security. 功能、性能、恢复、安全测试。")
        .text(
            "acceptance_criteria",
            "No open severe defect; load test passed. 无严重缺陷，压测通过。",
        )
        .text("intended_outcome", "Fewer calls, faster service. 减少来电，加快办理。")
        .text(
            "outcome_measure",
            "Calls a week: 1,900 now, 1,200 wanted 每周来电：现 1900，目标 1200",
        )
        .text("effects", "Branches need half a day of training. 网点需半天培训。")
        .date("live_on", live);
    let at = days_on(stage, 3);
    stage.later(at, move |stage| {
        stage.step(OWNER, course.record, "begin_design", given)?;
        let at = days_on(stage, 9);
        stage.later(at, move |stage| build(stage, course));
        Ok(())
    });
    Ok(())
}

fn build(stage: &mut Stage, course: Course) -> Result<()> {
    let given = fields()
        .text("design", "Two sites, active both. 双中心双活部署。")
        .text("design_of_roles", "Owner and team as before. 职责不变，增加值守一人。")
        .text("design_of_agreements", "Agreement renewed with 99.95 %. 更新服务级别协议。")
        .text("design_of_management", "Two new measures, one guide. 新增两项测量与一份指南。")
        .text("design_of_catalogue", "Entry changed, others stay. 更新目录条目，不影响其他服务。");
    stage.edit(OWNER, course.record, given)?;
    stage.approve(&course.approver, course.record, None)?;
    stage.step(OWNER, course.record, "begin_build", fields())?;
    let release = Bundle { name: format!("{} 1.0", course.bundle.name), ..course.bundle.clone() };
    releases::begin(stage, release, Some(course.record))?;
    let at = days_on(stage, 11);
    stage.later(at, move |stage| {
        stage.step(OWNER, course.record, "begin_test", fields())?;
        let at = days_on(stage, 6);
        stage.later(at, move |stage| accept(stage, course));
        Ok(())
    });
    Ok(())
}

fn accept(stage: &mut Stage, course: Course) -> Result<()> {
    let given = fields()
        .text("test_result", "All 168 cases pass. 168 条用例全部通过。")
        .text("acceptance_result", "met");
    stage.edit(OWNER, course.record, given)?;
    stage.approve(&course.approver, course.record, None)?;
    stage.step(OWNER, course.record, "accept", fields())?;
    let at = days_on(stage, 7);
    stage.later(at, move |stage| go_live(stage, course));
    Ok(())
}

fn go_live(stage: &mut Stage, course: Course) -> Result<()> {
    match stage.step(OWNER, course.record, "go_live", fields()) {
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::RuleBroken { .. }) => {
            stage.figures.mended += 1;
            let at = days_on(stage, 2);
            stage.later(at, move |stage| go_live(stage, course));
            return Ok(());
        }
        said => said?,
    }
    let at = days_on(stage, 30);
    stage.later(at, move |stage| {
        let at = stage.at();
        let given = fields()
            .text("outcome_reached", "partly")
            .text("outcome_report", "1,340 calls a week after a month. 一个月后每周来电 1340 次。")
            .at("reported_at", at);
        stage.step(OWNER, course.record, "close", given)
    });
    Ok(())
}
