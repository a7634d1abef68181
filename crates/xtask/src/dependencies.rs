//! `cargo xtask dependencies`: what is linked in, against `deny.toml` (licences, banned packages,
//! sources), and dependencies that a crate names and does not use. The same questions that
//! cargo-deny and cargo-machete answer; asked here because building those two takes longer than all
//! our tests.

mod licence;
mod unused;

use crate::Done;
use crate::arguments::Arguments;
use crate::support::folder;
use crate::support::process::run as run_program;
use serde_json::Value;
use std::process::Command;

pub fn run(_: &Arguments) -> Done {
    let metadata = metadata()?;
    let (rules, manifest) = (table("deny.toml")?, table("Cargo.toml")?);
    let packages = metadata["packages"].as_array().ok_or("cargo metadata without packages")?;
    let mut found: Vec<String> = packages.iter().flat_map(|p| problems(p, &rules)).collect();
    found.extend(unused::find(packages)?);
    found.extend(unused::of_workspace(&manifest, packages));
    if !found.is_empty() {
        return Err(format!("{} findings\n  {}", found.len(), found.join("\n  ")));
    }
    println!("{} packages: licences, bans, sources and use are fine", packages.len());
    Ok(())
}

/// A file of the root as a table.
fn table(name: &str) -> Result<toml::Table, String> {
    let text = std::fs::read_to_string(folder::root().join(name));
    let text = text.map_err(|error| format!("{name}: {error}"))?;
    text.parse().map_err(|error: toml::de::Error| format!("{name}: {error}"))
}

fn metadata() -> Result<Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(folder::root()).args(["metadata", "--format-version", "1", "--locked"]);
    serde_json::from_str(&run_program(&mut command)?).map_err(|error| error.to_string())
}

/// What is wrong with one package.
fn problems(package: &Value, rules: &toml::Table) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let mut found = Vec::new();
    let licence = package["license"].as_str().unwrap_or_default();
    if !licence::is_allowed(licence, &texts(rules, "licenses", "allow")) {
        found.push(format!("{name}: licence `{licence}` is not among those of deny.toml"));
    }
    if banned(rules).contains(&name.to_string()) {
        found.push(format!("{name}: banned by deny.toml; `cargo tree -i {name}` says who uses it"));
    }
    // A package of ours has no source; all others come from the registry, none from a repository.
    if package["source"].as_str().is_some_and(|source| !source.starts_with("registry+")) {
        found.push(format!("{name}: comes from {}", package["source"]));
    }
    found
}

fn texts(rules: &toml::Table, table: &str, key: &str) -> Vec<String> {
    let list = rules.get(table).and_then(|table| table.get(key)?.as_array());
    let texts = list.into_iter().flatten().filter_map(toml::Value::as_str);
    texts.map(str::to_string).collect()
}

fn banned(rules: &toml::Table) -> Vec<String> {
    let list = rules.get("bans").and_then(|bans| bans.get("deny")?.as_array());
    let names = list.into_iter().flatten().filter_map(|ban| ban.get("crate")?.as_str());
    names.map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use serde_json::json;

    const RULES: &str = "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"bad\" }]\n";

    #[test]
    fn each_rule_finds_what_breaks_it() {
        let rules = RULES.parse().unwrap();
        let count = |package| problems(&package, &rules).len();
        let registry = "registry+https://example.org/index";
        assert_eq!(count(json!({ "name": "good", "license": "MIT", "source": registry })), 0);
        assert_eq!(count(json!({ "name": "ours", "license": "MIT", "source": null })), 0);
        assert_eq!(count(json!({ "name": "bad", "license": "MIT", "source": registry })), 1);
        assert_eq!(count(json!({ "name": "x", "license": "GPL-3.0", "source": registry })), 1);
        assert_eq!(count(json!({ "name": "x", "license": null, "source": registry })), 1);
        assert_eq!(count(json!({ "name": "x", "license": "MIT", "source": "git+https://x" })), 1);
    }
}
