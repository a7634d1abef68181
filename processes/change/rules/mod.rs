//! The rules of change management that an expression cannot say.

mod no_clash_with_other_changes;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] = &[no_clash_with_other_changes::RULE];
