//! Rule `changes_are_authorized`: a release is deployed only with changes that were authorized.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses a release that contains a change which is not authorized.
///
/// Clause 8.5.3: what is deployed went through change management. A change that was cancelled or
/// rejected is taken out of the release first.
///
/// | the changes in the release | answer |
/// | --- | --- |
/// | none | holds: that some are named is a rule of its own |
/// | scheduled | holds |
/// | scheduled, assessment | broken, naming the second |
/// | authorization | broken, naming it |
/// | implementation, closed | holds |
/// | cancelled | broken, naming it |
pub const RULE: CodeRule =
    CodeRule { record_type: "release", name: "changes_are_authorized", guards, test };

/// None: a change that is cancelled while the release is approved is dealt with as one that is
/// cancelled a second later.
fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    let open = case
        .select("change")
        .filter("state not in ['scheduled', 'implementation', 'review', 'closed']")
        .linked_here("deployed_in")
        .first()?;
    Ok(open.map_or(Answer::Holds, |change| Answer::broken_by(&change)))
}
