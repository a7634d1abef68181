//! Rule `nothing_live_needs_it`: an item that others in use depend on is not retired.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses to retire an item while an item in use depends on it. Its parts and what it is connected
/// to do not matter: they may be taken out one after the other.
///
/// Clause 8.2.6: relations between items are kept so that effects are known beforehand.
///
/// | another item | answer |
/// | --- | --- |
/// | live, depends on it | broken, naming the other item |
/// | maintenance, depends on it | broken, naming the other item |
/// | retired, depends on it | holds |
/// | planned, depends on it | holds |
/// | live, connected to it | holds |
pub const RULE: CodeRule =
    CodeRule { record_type: "configuration_item", name: "nothing_live_needs_it", guards, test };

/// None: a dependency that is linked while the item is retired is found by the next verification.
fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    let other = case
        .select("configuration_item")
        .filter("state in ['live', 'maintenance']")
        .linked_here("depends_on")
        .first()?;
    Ok(other.map_or(Answer::Holds, |item| Answer::broken_by(&item)))
}
