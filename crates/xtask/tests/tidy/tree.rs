//! The files of the project as text, with their paths from the root. Build output, version control
//! and binary files are left out.

use super::rust::{self, Source};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One text file.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
    source: OnceLock<Source>,
}

impl File {
    /// The name of the crate that the file belongs to, if any.
    pub fn crate_name(&self) -> Option<&str> {
        match self.path.split_once('/')? {
            ("crates", rest) => rest.split('/').next(),
            ("processes", rest) if rest.starts_with("src/") => Some("processes"),
            _ => None,
        }
    }

    /// Whether the file is code of tests: a folder `tests`, `examples` or `benches`, or a module
    /// `tests`.
    pub fn is_test(&self) -> bool {
        let names = ["tests", "tests.rs", "examples", "benches"];
        self.path.split('/').any(|part| names.contains(&part))
    }

    /// The file taken apart as Rust, once for all checks.
    pub fn source(&self) -> &Source {
        self.source.get_or_init(|| rust::source(&self.text))
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The finding of a line of this file, with 1 for the first.
    pub fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// All text files, in the order of their paths.
pub struct Tree {
    pub root: PathBuf,
    pub files: Vec<File>,
}

impl Tree {
    pub fn read() -> Tree {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let mut files = Vec::new();
        walk(&root, &root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { root, files }
    }

    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// The pages that people read.
    pub fn pages(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".md"))
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    pub fn exists(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }
}

/// Folders that hold nothing written by people, or what a machine leaves behind.
const SKIPPED: [&str; 4] = ["target", ".git", "node_modules", "data"];

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(root, &path, files);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.push(File { path, text, source: OnceLock::new() });
        }
    }
}
