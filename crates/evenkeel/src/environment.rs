//! What the process was started with: its words and its environment, read once.
#![allow(clippy::disallowed_methods, reason = "arguments and environment are read once, here")]

use model::Language;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Read at the start and handed on.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    pub words: Vec<OsString>,
    /// Every `EVENKEEL_*`, by name. One that is no text stands as it can be read.
    pub settings: BTreeMap<String, String>,
    /// From `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
    pub locale: String,
    /// Where a relative path begins.
    pub folder: PathBuf,
    /// Whether progress is shown to a person who looks on.
    pub terminal: bool,
}

/// Reads them.
pub fn read() -> Environment {
    let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let ours = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("EVENKEEL_"))?;
        Some((name, value.to_string_lossy().into_owned()))
    });
    Environment {
        words: std::env::args_os().collect(),
        settings: ours.collect(),
        locale: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(text).unwrap_or_default(),
        folder: std::env::current_dir().unwrap_or_default(),
        terminal: std::io::stderr().is_terminal(),
    }
}

impl Environment {
    /// The language of the command line before its settings are known: `--language`, the
    /// environment, the locale.
    pub fn language(&self) -> Language {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        let after = words.iter().position(|word| word == "--language");
        let after = after.and_then(|at| words.get(at + 1)).map(|word| word.to_string());
        let joined = words.iter().find_map(|word| word.strip_prefix("--language="));
        let asked = after.or_else(|| joined.map(str::to_string));
        let asked = asked.or_else(|| self.settings.get("EVENKEEL_LANGUAGE").cloned());
        spoken(&asked.unwrap_or_else(|| self.locale.clone()))
    }
}

/// | text | language |
/// | --- | --- |
/// | `zh`, `zh_CN.UTF-8`, `zh-Hans` | Chinese |
/// | anything else | English |
pub fn spoken(text: &str) -> Language {
    if text.to_ascii_lowercase().starts_with("zh") { Language::ZH } else { Language::EN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(words: &[&str], setting: Option<&str>, locale: &str) -> Language {
        let words = words.iter().map(OsString::from).collect();
        let settings = setting.map(|value| ("EVENKEEL_LANGUAGE".to_string(), value.to_string()));
        let settings = settings.into_iter().collect();
        let locale = locale.to_string();
        Environment { words, settings, locale, ..Environment::default() }.language()
    }

    #[test]
    fn the_flag_goes_before_the_environment_before_the_locale() {
        assert_eq!(language(&[], None, "zh_CN.UTF-8"), Language::ZH);
        assert_eq!(language(&[], None, "C"), Language::EN);
        assert_eq!(language(&[], Some("en"), "zh_CN"), Language::EN);
        assert_eq!(language(&["e", "--language", "zh"], Some("en"), "C"), Language::ZH);
        assert_eq!(language(&["e", "--language=en"], Some("zh"), "zh"), Language::EN);
    }
}
