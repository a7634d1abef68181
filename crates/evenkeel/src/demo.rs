//! Fills an empty database with a believable organization, for `serve --demo`. People, services,
//! configuration items and half a year of records are made from a seed through the engine itself.
//!
//! The content stands in `bank`, which knows nothing of the rest of the program. What is around it
//! (the folder, logins and tokens, what is printed at the start) is `serve::demo`.

mod bank;

use crate::failure::Result;
use bank::Plan;
use engine::Engine;

/// Fills the database; called once, on one that holds no records. The same seed gives the same
/// organization. Everybody in it has an account already; [`LOGINS`] names those to show. `progress`
/// hears how much is done, of a thousand.
///
/// # Errors
/// A refusal or fault of the engine; the folder is then made anew at the next start.
pub fn fill(engine: &Engine, seed: u64, progress: &mut dyn FnMut(u64)) -> Result<()> {
    let plan = Plan::full(seed, engine.now());
    let figures = bank::fill(engine, &plan, progress)?;
    for refused in &figures.refused {
        tracing::warn!(refused, "somebody in the demo was refused");
    }
    tracing::info!(commands = figures.commands, mended = figures.mended, "the demo is filled");
    Ok(())
}

/// Who may log in: login, role (none: what everybody may do), name of the person it belongs to.
/// Those with `.zh` work in Chinese.
pub const LOGINS: [(&str, &str, &str); 11] = [
    ("administrator", "administrator", "许志远"),
    ("agent", "service_desk_agent", "Marta Lindqvist"),
    ("agent.zh", "service_desk_agent", "张子涵"),
    ("manager", "incident_manager", "苏文锦"),
    ("approver", "change_manager", "Ines Halvorsen"),
    ("approver.zh", "change_manager", "郭立群"),
    ("security", "security_officer", "Tomasz Wrona"),
    ("requester", "", "Clara Vogt"),
    ("requester.zh", "", "王思琪"),
    ("auditor", "auditor", "Verena Graf"),
    ("auditor.zh", "auditor", "许慧敏"),
];
