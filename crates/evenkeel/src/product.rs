//! What the program brings along: the definitions of the processes, the requirement catalogue, the
//! rules written in Rust.

use engine::definitions::Product;
use engine::rule::CodeRule;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static REQUIREMENTS: LazyLock<BTreeSet<String>> = LazyLock::new(processes::requirements);
static RULES: LazyLock<Vec<CodeRule>> = LazyLock::new(processes::rules);

pub fn product() -> Product<'static> {
    Product { files: processes::FILES, requirements: &REQUIREMENTS, rules: &RULES }
}

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
