//! The rules of release and deployment management that an expression cannot say.

mod changes_are_authorized;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] = &[changes_are_authorized::RULE];
