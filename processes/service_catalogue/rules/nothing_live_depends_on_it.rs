//! Rule `nothing_live_depends_on_it`: a service on which others rest does not end.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses the end of a service while a service in use depends on it.
///
/// Clause 8.2.2: dependencies between services are known and looked at before one changes.
///
/// | another service that depends on it | answer |
/// | --- | --- |
/// | none | holds |
/// | live | broken, naming the other service |
/// | retiring | broken, naming the other service |
/// | retired | holds |
/// | proposed | holds: its dependency is settled when it goes live |
pub const RULE: CodeRule =
    CodeRule { record_type: "service", name: "nothing_live_depends_on_it", guards, test };

/// None: a dependency that is linked while the service ends is found by the review of entries.
fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    let other = case
        .select("service")
        .filter("state in ['live', 'retiring']")
        .linked_here("depends_on")
        .first()?;
    Ok(other.map_or(Answer::Holds, |service| Answer::broken_by(&service)))
}
