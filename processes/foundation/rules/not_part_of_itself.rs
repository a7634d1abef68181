//! Rule `not_part_of_itself` of organizations and categories: both make trees.

use crate::circle;
use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses to put an organization under itself, directly or through others. Categories likewise.
///
/// | before | then | answer |
/// | --- | --- | --- |
/// | nothing | b part of a | holds |
/// | nothing | a part of a | broken |
/// | b part of a | a part of b | broken, naming b |
/// | b part of a, c part of b | a part of c | broken, naming c |
/// | b part of a, c part of b | c part of a | holds |
pub const ORGANIZATION: CodeRule =
    CodeRule { record_type: "organization", name: "not_part_of_itself", guards, test };

/// The same for categories.
pub const CATEGORY: CodeRule =
    CodeRule { record_type: "category", name: "not_part_of_itself", guards, test };

fn guards(case: &RuleCase) -> Result<Vec<String>> {
    Ok(circle::guard_of_field(case, "parent"))
}

fn test(case: &RuleCase) -> Result<Answer> {
    circle::through_field(case, "parent")
}
