//! The rules of the shared records that an expression cannot say.

mod not_part_of_itself;
mod not_within_itself;
mod week_can_be_read;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] = &[
    not_part_of_itself::ORGANIZATION,
    not_part_of_itself::CATEGORY,
    not_within_itself::RULE,
    week_can_be_read::RULE,
];
