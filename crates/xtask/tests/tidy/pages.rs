//! Pages that people read: what they name exists. Paths and links are looked up in the tree, the
//! project's own commands in their `--help`; each dependency has its reason; decisions have a
//! shape.

use super::settings::Settings;
use super::tree::{File, Tree};
use std::path::Path;
use std::process::Command;
use toml::{Table, Value};

/// Paths in backticks and targets of links.
pub fn paths(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for page in tree.pages() {
        for (index, line) in page.text.lines().enumerate() {
            for path in paths_of(line) {
                if !stands(tree, page, &path) && !settings.excepts("path", &page.path, &path) {
                    found.push(page.finding(index + 1, &format!("`{path}` does not exist")));
                }
            }
        }
    }
    found
}

fn paths_of(line: &str) -> Vec<String> {
    let quoted = line.split('`').skip(1).step_by(2).filter(|text| is_path(text));
    let linked = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let linked = linked.filter(|link| !link.is_empty() && !link.contains(':'));
    quoted.chain(linked).map(str::to_string).collect()
}

/// A path of the project: it begins with a folder of ours, and holds no placeholder.
fn is_path(text: &str) -> bool {
    let folders = ["crates/", "processes/", "docs/", "standard/", "tests/", ".ci/", ".cargo/"];
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    let placeholder = text.split('/').any(|part| {
        let stem = part.split('.').next().unwrap_or_default();
        stem.len() > 1
            && stem.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !["README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "LICENSE"].contains(&stem)
    });
    folders.iter().any(|folder| text.starts_with(folder)) && text.chars().all(plain) && !placeholder
}

/// From the root, or beside the page. What is built (`tests/output` before the first run) is not
/// asked.
fn stands(tree: &Tree, page: &File, path: &str) -> bool {
    let beside = Path::new(&page.path).parent().unwrap_or(Path::new("")).join(path);
    tree.exists(path) || tree.exists(&beside.to_string_lossy())
}

/// `cargo xtask X` and `evenkeel X` of pages, against what the programs say they can do.
pub fn commands(tree: &Tree, _: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    let xtask = commands_of(Path::new(env!("CARGO_BIN_EXE_xtask")), "help");
    let mut xtask = xtask.expect("cargo xtask help");
    xtask.push("help".into());
    found.extend(unknown(tree, "cargo xtask ", &xtask));
    let built =
        ["debug", "release"].map(|kind| tree.root.join("target").join(kind).join("evenkeel"));
    let known = built.iter().find_map(|binary| commands_of(binary, "--help"));
    match known.filter(|known| known.iter().any(|name| name == "serve")) {
        Some(known) => found.extend(unknown(tree, "evenkeel ", &known)),
        None => println!("skipped: commands of evenkeel in pages (the binary is not built)"),
    }
    found
}

/// The first words of the lines of a help text that are set in by blanks.
fn commands_of(binary: &Path, ask: &str) -> Option<Vec<String>> {
    let output = Command::new(binary).arg(ask).output().ok().filter(|o| o.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let lines = text.lines().filter(|line| line.starts_with("  "));
    Some(lines.filter_map(|line| line.split_whitespace().next()).map(str::to_string).collect())
}

fn unknown(tree: &Tree, program: &str, known: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for page in tree.pages() {
        let mut fenced = false;
        for (index, line) in page.text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            for command in said(line, program, fenced) {
                if !known.contains(&command) {
                    found
                        .push(page.finding(index + 1, &format!("no command `{program}{command}`")));
                }
            }
        }
    }
    found
}

/// The word after the program, in backticks or at the beginning of a line of a code block.
fn said(line: &str, program: &str, fenced: bool) -> Vec<String> {
    let quoted = line.split('`').skip(1).step_by(2);
    let whole = fenced.then(|| line.trim_start().trim_start_matches("$ "));
    let after = quoted.chain(whole).filter_map(|text| text.strip_prefix(program));
    let words = after.filter_map(|rest| rest.split_whitespace().next()).map(str::to_string);
    words.filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-')).collect()
}

/// Addresses of the interface in pages, against the reviewed list of its endpoints.
pub fn addresses(tree: &Tree, _: &Settings) -> Vec<String> {
    let listed = tree.text("tests/output/endpoints.txt").unwrap_or_default();
    let known: Vec<Vec<&str>> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .map(|path| path.split('/').collect())
        .collect();
    let mut found = Vec::new();
    for page in tree.pages() {
        for (index, line) in page.text.lines().enumerate() {
            for address in addresses_of(line).filter(|address| !leads(&known, address)) {
                found.push(page.finding(index + 1, &format!("no such address `{address}`")));
            }
        }
    }
    found
}

fn addresses_of(line: &str) -> impl Iterator<Item = String> {
    let stands = |c: char| c.is_ascii_alphanumeric() || "/_-.{}".contains(c);
    line.match_indices("/api/v1/").map(move |(at, _)| {
        let address = line[at..].split(|c| !stands(c)).next().unwrap_or_default();
        address.trim_end_matches(['.', '/']).to_string()
    })
}

/// Whether an address is one of those listed, where a part in braces stands for any.
fn leads(known: &[Vec<&str>], address: &str) -> bool {
    let parts: Vec<&str> = address.split('/').collect();
    let fits = |(listed, part): (&&str, &&str)| listed.starts_with('{') || listed == part;
    let same = |listed: &&Vec<&str>| listed.len() == parts.len();
    parts.len() <= 3 || known.iter().filter(same).any(|listed| listed.iter().zip(&parts).all(fits))
}

/// Each dependency of the workspace stands in the page with its reason.
pub fn dependencies(tree: &Tree, _: &Settings) -> Vec<String> {
    let manifest: Table = tree.text("Cargo.toml").unwrap().parse().unwrap();
    let listed = manifest["workspace"].get("dependencies").and_then(Value::as_table).unwrap();
    let page = tree.text("docs/decisions/0002-dependencies.md").unwrap_or_default();
    let outside = || listed.iter().filter(|(_, value)| value.get("path").is_none());
    let mut found = Vec::new();
    for (name, _) in outside().filter(|(name, _)| !page.contains(&format!("`{name}`"))) {
        found.push(format!("`{name}` has no reason there"));
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    for name in rows.flat_map(|row| row.split('|').next()).flat_map(names) {
        if !listed.contains_key(&name) {
            found.push(format!("`{name}` is explained but not used"));
        }
    }
    found
}

/// The names in backticks of a cell whose first backtick is already gone.
fn names(cell: &str) -> Vec<String> {
    cell.split('`')
        .step_by(2)
        .map(|name| name.trim_matches([',', ' ']))
        .filter(|n| !n.is_empty())
        .map(str::to_string)
        .collect()
}

/// `NNNN-title.md`, numbered without gaps or repeats, with question, choice and what would change
/// it.
pub fn decisions(tree: &Tree, _: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = 1;
    for page in tree.pages().filter(|page| page.path.starts_with("docs/decisions/")) {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let number: u32 = name.get(..4).and_then(|n| n.parse().ok()).unwrap_or(0);
        if number != next {
            found.push(page.finding(1, &format!("is not number {next:04}")));
        }
        next = number + 1;
        if !page.text.starts_with(&format!("# {number:04}. ")) {
            found.push(page.finding(1, &format!("begin with `# {number:04}. Title`")));
        }
        for part in ["Question: ", "## Choice", "## Reasons", "## What would change it"] {
            if !page.text.contains(part) {
                found.push(page.finding(1, &format!("`{part}` is missing")));
            }
        }
    }
    found
}

#[test]
fn paths_and_commands_are_found_in_prose() {
    assert_eq!(
        paths_of("see `crates/web/src` and [it](how-to/api.md#top), `a.b`"),
        ["crates/web/src", "how-to/api.md"]
    );
    assert!(paths_of("`processes/PROCESS/NAME.toml`").is_empty());
    assert_eq!(said("run `cargo xtask bench --small` now", "cargo xtask ", false), ["bench"]);
    let line = "GET http://127.0.0.1:8020/api/v1/incident/INC-1/take?x=1, `/api/v1/me`.";
    let addresses: Vec<String> = addresses_of(line).collect();
    assert_eq!(addresses, ["/api/v1/incident/INC-1/take", "/api/v1/me"]);
    let known = vec!["/api/v1/{record_type}/{record}/transitions".split('/').collect()];
    assert!(!leads(&known, &addresses[0]));
    assert!(leads(&known, "/api/v1/incident/INC-1/transitions"));
    assert_eq!(said("$ evenkeel serve --demo", "evenkeel ", true), ["serve"]);
}
