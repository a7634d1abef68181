//! `evenkeel settings`: the settings in force and where each came from. Secrets are not shown.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::settings::{KEYS, Key, Settings, Source, find_named, variable_named};
use serde_json::json;

/// Does it: a line a setting.
///
/// # Errors
/// As the console.
pub fn run(settings: &Settings, console: &mut dyn Console) -> Result<()> {
    KEYS.iter().try_for_each(|key| tell(key, settings, console))?;
    settings.named().try_for_each(|(name, value, source)| {
        let Some((_, key)) = find_named(name) else { return Ok(()) };
        let shown = if key.secret { "…" } else { value };
        say(name, shown, source, &variable_named(name), key, console)
    })
}

fn tell(key: &Key, settings: &Settings, console: &mut dyn Console) -> Result<()> {
    let shown = match (key.secret, settings.some(key.name)) {
        (_, None) => String::new(),
        (true, Some(_)) if key.name == "database" => settings.location_shown(),
        (true, Some(_)) => "…".into(),
        (false, Some(value)) => value.to_string(),
    };
    say(key.name, &shown, settings.source(key.name), &key.variable(), key, console)
}

fn say(
    name: &str,
    shown: &str,
    source: Source,
    variable: &str,
    key: &Key,
    console: &mut dyn Console,
) -> Result<()> {
    let source = source.word();
    let json = json!({
        "name": name, "value": shown, "source": source, "variable": variable,
        "about": { "en": key.en, "zh": key.zh },
    });
    let line = |about: &str| format!("{name} = {shown:?} ({source}): {about}");
    console.answer(&json, &text(line(key.en), line(key.zh)))
}
