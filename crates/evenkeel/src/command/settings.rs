//! `evenkeel settings`: the settings in force and where each came from. Secrets are not shown.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::settings::{KEYS, Key, Settings};
use serde_json::json;

/// Does it: a line a setting.
///
/// # Errors
/// As the console.
pub fn run(settings: &Settings, console: &mut dyn Console) -> Result<()> {
    KEYS.iter().try_for_each(|key| tell(key, settings, console))
}

fn tell(key: &Key, settings: &Settings, console: &mut dyn Console) -> Result<()> {
    let shown = match (key.secret, settings.some(key.name)) {
        (_, None) => String::new(),
        (true, Some(_)) if key.name == "database" => settings.location_shown(),
        (true, Some(_)) => "…".into(),
        (false, Some(value)) => value.to_string(),
    };
    let source = settings.source(key.name).word();
    let json = json!({
        "name": key.name, "value": shown, "source": source, "variable": key.variable(),
        "about": { "en": key.en, "zh": key.zh },
    });
    let line = |about: &str| format!("{} = {shown:?} ({source}): {about}", key.name);
    console.answer(&json, &text(line(key.en), line(key.zh)))
}
