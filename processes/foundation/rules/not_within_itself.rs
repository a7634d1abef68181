//! Rule `not_within_itself` of locations: a room is not within itself.

use crate::circle;
use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses to put a location within itself, directly or through others.
///
/// | before | then | answer |
/// | --- | --- | --- |
/// | nothing | b part of a | holds |
/// | nothing | a part of a | broken |
/// | b part of a | a part of b | broken, naming b |
/// | b part of a, c part of b | a part of c | broken, naming c |
/// | b part of a, c part of b | c part of a | holds |
pub const RULE: CodeRule =
    CodeRule { record_type: "location", name: "not_within_itself", guards, test };

fn guards(case: &RuleCase) -> Result<Vec<String>> {
    Ok(circle::guard_of_field(case, "parent"))
}

fn test(case: &RuleCase) -> Result<Answer> {
    circle::through_field(case, "parent")
}
