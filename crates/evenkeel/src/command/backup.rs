//! Backups.

use crate::console::Console;
use crate::failure::Result;
use crate::settings::Settings;
use store::Database;

/// The backup before tables are changed.
///
/// # Errors
/// Whatever kept it from being made.
pub fn automatic(
    _settings: &Settings,
    _database: &Database,
    _console: &mut dyn Console,
) -> Result<()> {
    Ok(())
}
