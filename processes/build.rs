//! Lists the definition files of all process folders, so that a new record type needs no Rust.

#![allow(clippy::disallowed_methods)] // a build script reads its own folder

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in folders(&here)? {
        println!("cargo::rerun-if-changed={}", folder.display());
        files.extend(definitions(&folder)?);
        let pages = folder.join("pages");
        if pages.is_dir() {
            println!("cargo::rerun-if-changed={}", pages.display());
            files.extend(definitions(&pages)?);
        }
    }
    files.extend(["menus.toml", "roles.toml"].map(|name| here.join(name)));
    files.sort();
    let mut text = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&here).unwrap_or(file).display().to_string();
        let _ = writeln!(text, "    ({name:?}, include_str!({:?})),", file.display().to_string());
        println!("cargo::rerun-if-changed={}", file.display());
    }
    text.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join("files.rs"), text)
}

/// The process folders: those that hold definitions.
fn folders(here: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(here)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("src") {
            folders.push(path);
        }
    }
    Ok(folders)
}

fn definitions(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(files)
}
