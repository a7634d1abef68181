//! Rule `not_part_of_itself` of configuration items: parts make a tree.

use crate::circle;
use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses to make an item part of itself, directly or through others.
///
/// | before | then | answer |
/// | --- | --- | --- |
/// | nothing | b part of a | holds |
/// | nothing | a part of a | broken |
/// | b part of a | a part of b | broken, naming b |
/// | b part of a, c part of b | a part of c | broken, naming c |
/// | b part of a, c part of b | c part of a | holds |
pub const RULE: CodeRule =
    CodeRule { record_type: "configuration_item", name: "not_part_of_itself", guards, test };

fn guards(case: &RuleCase) -> Result<Vec<String>> {
    Ok(circle::guard_of_link(case, "part_of"))
}

fn test(case: &RuleCase) -> Result<Answer> {
    circle::through_link(case, "part_of")
}
