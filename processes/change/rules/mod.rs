//! The rules of change management that an expression cannot say.

mod configuration_is_updated;
mod no_clash_with_other_changes;
mod no_freeze_period;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] =
    &[configuration_is_updated::RULE, no_clash_with_other_changes::RULE, no_freeze_period::RULE];
