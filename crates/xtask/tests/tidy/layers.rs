//! The direction of the crates: each may import those that `[layers]` of `tidy.toml` names. A crate
//! cannot be used without its line in `Cargo.toml`, so the manifests tell the truth.

use super::settings::Settings;
use super::tree::Tree;
use toml::{Table, Value};

pub fn direction(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for (path, name, table) in manifests(tree) {
        let Some(allowed) = settings.layers.get(&name) else {
            found.push(format!("tidy.toml: [layers] does not say what `{name}` may import"));
            continue;
        };
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let used = table.get(kind).and_then(Value::as_table);
            for other in used.into_iter().flat_map(Table::keys) {
                // Tests may reach below: they need a database, or their own crate's test support.
                let is_test = kind == "dev-dependencies";
                let below = is_test && (*other == name || is_below(settings, &name, other));
                if settings.layers.contains_key(other) && !allowed.contains(other) && !below {
                    let list = if allowed.is_empty() { "none".into() } else { allowed.join(", ") };
                    found
                        .push(format!("{path}: `{name}` imports `{other}`; it may import: {list}"));
                }
            }
        }
    }
    found
}

/// Whether a crate stands somewhere under another.
fn is_below(settings: &Settings, name: &str, other: &str) -> bool {
    let allowed = settings.layers.get(name).into_iter().flatten();
    allowed.into_iter().any(|next| next == other || is_below(settings, next, other))
}

/// Path, name and content of the manifest of each crate of ours.
pub fn manifests(tree: &Tree) -> Vec<(String, String, Table)> {
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let table: Table = file.text.parse().unwrap();
        let package = table.get("package").and_then(Value::as_table);
        if let Some(name) = package.and_then(|p| p.get("name")).and_then(Value::as_str) {
            found.push((file.path.clone(), name.to_string(), table.clone()));
        }
    }
    found
}

/// Code of one process (`processes/NAME/rules`) never names the module of another.
pub fn processes(tree: &Tree, _: &Settings) -> Vec<String> {
    let folders: Vec<&str> = tree.files.iter().filter_map(|file| folder(&file.path)).collect();
    let mut found = Vec::new();
    for file in tree.rust() {
        let Some(own) = folder(&file.path).filter(|own| *own != "src") else { continue };
        for (index, line) in file.text.lines().enumerate() {
            let other = folders
                .iter()
                .find(|other| **other != own && line.contains(&format!("crate::{other}::")));
            if let Some(other) = other {
                let what = format!("process `{own}` imports process `{other}`: meet in a link");
                found.push(file.finding(index + 1, &what));
            }
        }
    }
    found
}

fn folder(path: &str) -> Option<&str> {
    path.strip_prefix("processes/")?.split_once('/').map(|(folder, _)| folder)
}
