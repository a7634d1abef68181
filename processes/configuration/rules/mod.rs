//! The rules of configuration management that an expression cannot say.

mod not_part_of_itself;
mod nothing_live_needs_it;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] = &[nothing_live_needs_it::RULE, not_part_of_itself::RULE];
