//! The rules of the service catalogue that an expression cannot say.

mod nothing_live_depends_on_it;

use engine::rule::CodeRule;

pub const RULES: &[CodeRule] = &[nothing_live_depends_on_it::RULE];
