//! Dependencies that a crate names in its manifest and nowhere in its code, and those of the
//! workspace that no crate names. A name that is used under another, or only for its features,
//! stands in `[package.metadata.cargo-machete] ignored`.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// One line for each such dependency of a crate of ours.
pub fn find(packages: &[Value]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| package["source"].is_null()) {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let mut code = String::new();
        read(manifest.parent().unwrap_or(Path::new(".")), &mut code).map_err(|e| e.to_string())?;
        let ignored = package["metadata"]["cargo-machete"]["ignored"].as_array();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let renamed = dependency["rename"].as_str();
            let name = renamed.or_else(|| dependency["name"].as_str()).unwrap_or_default();
            let is_ignored = ignored.is_some_and(|list| list.iter().any(|entry| entry == name));
            if !is_ignored && !uses(&code, &name.replace('-', "_")) {
                found.push(format!("{}: `{name}` is not used", package["name"]));
            }
        }
    }
    Ok(found)
}

/// One line for each dependency of the workspace, by its manifest, that no crate of ours names.
pub fn of_workspace(manifest: &toml::Table, packages: &[Value]) -> Vec<String> {
    let declared = manifest.get("workspace").and_then(|table| table.get("dependencies"));
    let declared = declared.and_then(toml::Value::as_table);
    let ours = packages.iter().filter(|package| package["source"].is_null());
    let named: BTreeSet<&str> = ours
        .flat_map(|package| package["dependencies"].as_array().into_iter().flatten())
        .filter_map(|dependency| dependency["rename"].as_str().or(dependency["name"].as_str()))
        .collect();
    let unnamed = declared.into_iter().flat_map(toml::Table::keys);
    let unnamed = unnamed.filter(|name| !named.contains(name.as_str()));
    unnamed.map(|name| format!("Cargo.toml: no crate names `{name}`")).collect()
}

/// All Rust code under a folder.
fn read(folder: &Path, code: &mut String) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            read(&path, code)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&std::fs::read_to_string(path)?);
        }
    }
    Ok(())
}

/// Whether the name stands in the code as a word.
fn uses(code: &str, name: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let after = &code[at + name.len()..];
        !code[..at].ends_with(is_letter) && !after.starts_with(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::{of_workspace, uses};
    use serde_json::json;

    #[test]
    fn names_are_found_as_words() {
        assert!(uses("use serde_json::Value;", "serde_json"));
        assert!(!uses("use serde_json::Value;", "serde"));
        assert!(!uses("let hexagon = 1;", "hex"));
    }

    #[test]
    fn what_no_crate_names_is_found() {
        let manifest = "[workspace.dependencies]\nhex = '1'\nours = { path = 'a' }\nzip = '2'";
        let dependencies = json!([{ "name": "ours" }, { "name": "hex" }]);
        let packages = [
            json!({ "source": null, "dependencies": dependencies }),
            json!({ "source": "registry+x", "dependencies": [{ "name": "zip" }] }),
        ];
        let found = of_workspace(&manifest.parse().unwrap(), &packages);
        assert_eq!(found, ["Cargo.toml: no crate names `zip`"]);
    }
}
