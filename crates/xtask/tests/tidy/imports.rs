//! What a layer must not say: the crates and modules of `[forbidden]`, and the places at which a
//! call banned by `clippy.toml` is allowed.

use super::rust::tests_from;
use super::settings::Settings;
use super::tree::{File, Tree};

/// Paths of `[forbidden]` in the code of a crate, its own tests left out.
pub fn forbidden(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust().filter(|file| !file.is_test()) {
        let Some(banned) = file.crate_name().and_then(|name| settings.forbidden.get(name)) else {
            continue;
        };
        let code = &file.source().code;
        let tests = tests_from(code);
        for (index, line) in code.lines().enumerate().take_while(|(index, _)| index + 1 < tests) {
            for path in banned.iter().filter(|path| says(line, path)) {
                if !settings.excepts("forbidden", &file.path, path) {
                    let layer = file.crate_name().unwrap_or_default();
                    let what = format!("`{path}` is not the business of `{layer}`");
                    found.push(file.finding(index + 1, &what));
                }
            }
        }
    }
    found
}

/// Whether a line of code uses a path as a whole: `tokio::` in `use tokio::sync`, not in
/// `mytokio::`.
fn says(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// Each `allow(clippy::disallowed_methods)` of the product stands in tidy.toml with its reason.
pub fn allowed_calls(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for file in
        tree.rust().filter(|file| !file.is_test() && !file.path.starts_with("crates/xtask/"))
    {
        if let Some(line) = allows(file)
            && !settings.excepts("call", &file.path, "")
        {
            let what = "allows banned calls: say why in tidy.toml (rule = \"call\"), or pass it in";
            found.push(file.finding(line, what));
        }
    }
    for exception in settings.exceptions.iter().filter(|exception| exception.rule == "call") {
        let file = tree.files.iter().find(|file| file.path == exception.path);
        if file.and_then(allows).is_none() {
            found.push(format!("tidy.toml: {} allows no banned call any more", exception.path));
        }
    }
    found
}

fn allows(file: &File) -> Option<usize> {
    let code = &file.source().code;
    let tests = tests_from(code);
    let lines = code.lines().enumerate().take_while(|(index, _)| index + 1 < tests);
    let mut lines = lines.filter(|(_, line)| !line.contains("cfg_attr(test"));
    lines.find(|(_, line)| line.contains("disallowed_methods")).map(|(index, _)| index + 1)
}
