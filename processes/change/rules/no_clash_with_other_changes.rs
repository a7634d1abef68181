//! Rule `no_clash_with_other_changes`: two changes must not touch the same item at the same time.

use engine::Result;
use engine::rule::{Answer, CodeRule, RuleCase};

/// Refuses a window in which another planned change affects one of the same items.
///
/// Clause 8.5.1.3: a decision takes other requests for change into account.
///
/// | this change | other change of the same item | answer |
/// | --- | --- | --- |
/// | 10:00-11:00 | scheduled 11:00-12:00 | holds: the ends only touch |
/// | 10:00-11:00 | scheduled 10:30-12:00 | broken, naming the other change |
/// | 10:00-11:00 | cancelled 10:30-12:00 | holds |
pub const RULE: CodeRule =
    CodeRule { record_type: "change", name: "no_clash_with_other_changes", guards, test };

/// A guard for each affected item: of two changes decided at once, the second sees the first.
fn guards(case: &RuleCase) -> Result<Vec<String>> {
    let items = case.linked("affects")?;
    Ok(items.iter().map(|item| format!("change.window:{}", item.0)).collect())
}

fn test(case: &RuleCase) -> Result<Answer> {
    let other = case
        .select("change")
        .filter("state in ['scheduled', 'implementation']")
        .overlaps("planned_start", "planned_end")
        .shares("affects")?
        .excluding_itself()
        .first()?;
    Ok(match other {
        None => Answer::Holds,
        Some(other) => Answer::broken_by(&other),
    })
}
