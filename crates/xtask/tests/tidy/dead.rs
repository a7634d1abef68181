//! Files that nothing reaches: Rust files that no `mod` names, and pages that no page names.

use super::settings::Settings;
use super::tree::{File, Tree};
use std::path::Path;

pub fn files(tree: &Tree, _: &Settings) -> Vec<String> {
    let mut found: Vec<String> = tree
        .rust()
        .filter(|file| !is_root(&file.path) && !is_declared(tree, file))
        .map(|file| file.finding(1, "no `mod` names this file: name it, or delete it"))
        .collect();
    found.extend(pages(tree));
    found
}

/// Whether cargo finds the file by itself.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., "src", "main.rs" | "lib.rs"] | [.., "build.rs"] => true,
        [.., "tests" | "benches" | "examples", _] if !parts.contains(&"src") => true,
        [.., "tests" | "benches" | "examples", _, "main.rs"] => !parts.contains(&"src"),
        // Rules of a process lie beside its definition; processes/src names them by their path.
        ["processes", folder, ..] => *folder != "src",
        _ => false,
    }
}

/// Whether the module above says `mod NAME`.
fn is_declared(tree: &Tree, file: &File) -> bool {
    let path = Path::new(&file.path);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new(""));
    let (name, folder) = if stem == "mod" {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        (name, folder.parent().unwrap_or(Path::new("")))
    } else {
        (stem, folder)
    };
    let beside = ["mod.rs", "lib.rs", "main.rs"].map(|name| folder.join(name));
    let above = folder.with_extension("rs");
    let declares = |parent: &Path| {
        let parent = parent.to_string_lossy();
        tree.rust().any(|file| file.path == parent && declared(file, &name))
    };
    // A module that several test programs of a crate share.
    let shared = || {
        let roots = tree.rust().filter(|file| Path::new(&file.path).parent() == Some(folder));
        folder.ends_with("tests") && roots.into_iter().any(|root| declared(root, &name))
    };
    beside.iter().any(|parent| declares(parent)) || declares(&above) || shared()
}

fn declared(file: &File, name: &str) -> bool {
    file.source().code.lines().any(|line| {
        let line = line.trim().trim_end_matches([';', '{', ' ']);
        line == format!("mod {name}") || line.ends_with(&format!(" mod {name}"))
    })
}

/// Pages under docs/ that no other page, and no code, names.
fn pages(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for page in tree.pages().filter(|page| page.path.starts_with("docs/")) {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let is_decision = page.path.starts_with("docs/decisions/");
        let named = || tree.files.iter().any(|f| f.path != page.path && f.text.contains(name));
        if !is_decision && !named() {
            found.push(page.finding(1, "no page and no code names this page"));
        }
    }
    found
}
