//! What a verification found, for people and programs.

use crate::console::Console;
use crate::failure::{Failure, Result, text};
use ledger::Report;
use serde_json::{Value as Json, json};

/// Says it; every problem a line.
///
/// # Errors
/// Refused where anything is wrong.
pub fn tell(report: &Report, console: &mut dyn Console) -> Result<()> {
    let sound = report.is_sound();
    if !console.json() {
        for problem in &report.problems {
            console.say(&problem.to_string())?;
        }
    }
    let more = report.problem_count - report.problems.len() as u64;
    if more > 0 {
        console.note(&text(format!("... and {more} more"), format!("……另有 {more} 处")));
    }
    let (size, proven, signed) = (report.size, report.proven, report.signed);
    let root = report.root.map(|root| root.to_string());
    let shown = root.clone().unwrap_or_else(|| "-".into());
    if !sound {
        let count = report.problem_count;
        let said = text(
            format!("The ledger is not as it was sealed: {count} problems."),
            format!("账本与封存时不一致：{count} 处问题。"),
        );
        if console.json() {
            console.say(&as_json(report).to_string())?;
        }
        let more = json!({ "problems": count });
        return Err(Failure::with("ledger", said, more));
    }
    console.answer(
        &as_json(report),
        &text(
            format!(
                "{size} entries, no problem. Proven by trusted checkpoints up to {proven}, signed \
                 up \
                 to {signed}.\nRoot {shown}"
            ),
            format!(
                "{size} 条历史，没有问题。可信检查点证明至 {proven}，签名至 {signed}。\n根 {shown}"
            ),
        ),
    )
}

fn as_json(report: &Report) -> Json {
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    json!({
        "sound": report.is_sound(), "size": report.size, "entries": report.entries,
        "root": report.root.map(|root| root.to_string()), "proven": report.proven,
        "signed": report.signed, "checkpoints": report.checkpoints,
        "erased_fields": report.erased_fields, "problem_count": report.problem_count,
        "problems": problems,
    })
}
