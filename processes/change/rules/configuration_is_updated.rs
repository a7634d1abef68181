//! Rule `configuration_is_updated`: a change is not closed while an item it affects stands as it
//! did before the change began.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses to close while the history of an affected item shows nothing since the actual start.
///
/// Clause 8.2.6: configuration information is updated following changes. What can be proved is that
/// somebody wrote to the item's record after the change began: a field, its state, a relation, a
/// file, or a verification (a transition as well). Whether they wrote the right thing is found by
/// the verification of items; a comment proves nothing and does not count.
///
/// | the item, since the change began at 10:00 | answer |
/// | --- | --- |
/// | nothing | broken, naming the item |
/// | edited at 09:59 | broken, naming the item |
/// | edited at 10:00 | holds |
/// | verified at 11:00 | holds |
/// | linked at 11:00 | holds |
/// | commented at 11:00 | broken, naming the item |
/// | edited at 11:00, a second item not | broken, naming the second |
pub const RULE: CodeRule =
    CodeRule { record_type: "change", name: "configuration_is_updated", guards, test };

/// None: history only grows, so what was found once stays true.
fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    let Some(begun) = case.record.field("actual_start").as_instant() else {
        return Ok(Answer::Holds);
    };
    for item in case.linked("affects")? {
        if !case.changed_since(item, begun)? {
            return Ok(Answer::Broken { by: Some(item) });
        }
    }
    Ok(Answer::Holds)
}
