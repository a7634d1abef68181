//! Rule `no_freeze_period`: nothing but an emergency is scheduled into a change freeze.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};
use model::{Key, Value};

/// Refuses a window that touches a freeze of all services, of the change's own service, or of a
/// service that an affected item carries.
///
/// Clause 8.5.1.3: changes are scheduled; a freeze is a decision on the schedule.
///
/// | kind | window | freeze of 30 March to 3 April | answer |
/// | --- | --- | --- | --- |
/// | normal | 29 March | all services | holds |
/// | normal | 31 March | all services | broken, naming the freeze |
/// | standard | 31 March | own service | broken, naming the freeze |
/// | standard | 31 March | another service | holds |
/// | standard | 31 March | service of the item | broken, naming the freeze |
/// | standard | 3 April | all services | holds: it is over |
/// | emergency | 31 March | all services | holds |
pub const RULE: CodeRule =
    CodeRule { record_type: "change", name: "no_freeze_period", guards, test };

/// None: a freeze that is written while a change is decided comes too late for that one, as it
/// would a second later.
fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    if case.record.field("kind") == Value::text("emergency") {
        return Ok(Answer::Holds);
    }
    let services = services(case)?;
    let of_all = frozen(case).filter("all_services").first()?;
    let found = match of_all {
        Some(freeze) => Some(freeze),
        None => frozen(case).linked_to("services", &services).first()?,
    };
    Ok(found.map_or(Answer::Holds, |freeze| Answer::broken_by(&freeze)))
}

/// Freezes that overlap the planned window.
fn frozen<'a>(case: &'a RuleCase<'a>) -> engine::rule::Selection<'a> {
    let window = |end: &str| case.record.field(end);
    let freezes = case.select("change_freeze");
    freezes.span("starts_at", "ends_at", window("planned_start"), window("planned_end"))
}

/// The change's own service and those that the affected items carry.
fn services(case: &RuleCase) -> Result<Vec<Key>> {
    let items = case.linked("affects")?;
    let mut services = case.far_ends("configuration_item", "services", &items)?;
    services.extend(case.record.field("service").as_key());
    Ok(services)
}
