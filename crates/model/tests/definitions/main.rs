//! Tests of the definition loader: cases in `tests/*.md`, the examples, generated documents, and
//! input that is no definition at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod cases;
mod examples;
mod generated;
mod robust;

use std::path::{Path, PathBuf};

/// A file or folder of the crate.
fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a reviewed file with what it must be, or rewrites it under `UPDATE=1`.
fn compare(path: &Path, wanted: &str) -> Result<(), String> {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|e| e.to_string())?;
        return std::fs::write(path, wanted).map_err(|error| error.to_string());
    }
    let line = found.lines().zip(wanted.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or(found.lines().count().min(wanted.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_string();
    Err(format!(
        "{}:{}: is not what it must be (UPDATE=1 rewrites it)\n   is: {}\n must: {}",
        path.display(),
        line + 1,
        at(&found),
        at(wanted)
    ))
}

/// A part of the catalogue of requirements, enough for the examples.
fn requirements() -> std::collections::BTreeSet<String> {
    let counts = [("8.5.1.1", 3), ("8.5.1.2", 4), ("8.5.1.3", 10)];
    let ids =
        |(clause, count): (&'static str, u32)| (1..=count).map(move |n| format!("{clause}-{n}"));
    counts.into_iter().flat_map(ids).collect()
}
