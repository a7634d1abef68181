//! Size and shape: a comment at the top, short files, short functions, 100 columns.

use super::rust;
use super::settings::{Exception, Settings};
use super::tree::{File, Tree};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 100;

pub fn file_comments(tree: &Tree, _: &Settings) -> Vec<String> {
    let bare = tree.rust().filter(|file| {
        let first = file.text.lines().find(|line| !line.trim().is_empty());
        // A comment of one word says nothing.
        !first.is_some_and(|line| line.starts_with("//! ") && line.split(' ').count() > 3)
    });
    let what = "begin with `//!`: what the file is, what it is not, why it is apart";
    bare.map(|file| file.finding(1, what)).collect()
}

pub fn files(tree: &Tree, settings: &Settings) -> Vec<String> {
    let long = tree.rust().filter(|file| file.text.lines().count() > FILE_LINES);
    let long = long.filter(|file| !settings.excepts("file", &file.path, ""));
    long.map(|file| {
        let lines = file.text.lines().count();
        file.finding(1, &format!("{lines} lines; at most {FILE_LINES}: split it by what it does"))
    })
    .collect()
}

/// Line, length and name of the long functions of a file.
fn long_functions(file: &File) -> Vec<(usize, usize, String)> {
    let all = rust::functions(&file.source().code);
    let long = all.into_iter().filter(|function| function.lines > FUNCTION_LINES);
    long.map(|function| (function.line, function.lines, function.name)).collect()
}

pub fn functions(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust() {
        for (line, lines, name) in long_functions(file) {
            if !settings.excepts("function", &file.path, &name) {
                let what = format!("`{name}` has {lines} lines; at most {FUNCTION_LINES}");
                found.push(file.finding(line, &what));
            }
        }
    }
    found
}

pub fn columns(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust().filter(|file| !settings.excepts("columns", &file.path, "")) {
        for (index, line) in file.text.lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS {
                let what = format!("{columns} columns; at most {COLUMNS}");
                found.push(file.finding(index + 1, &what));
            }
        }
    }
    found
}

/// An exception of length whose file or function has become short is taken out again.
pub fn exceptions(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for exception in &settings.exceptions {
        let file = tree.files.iter().find(|file| file.path == exception.path);
        let needed = match (exception.rule.as_str(), file) {
            ("file", Some(file)) => file.text.lines().count() > FILE_LINES,
            ("function", Some(file)) => {
                long_functions(file).iter().any(|(_, _, name)| *name == exception.what)
            }
            ("columns", Some(file)) => file.text.lines().any(|l| l.chars().count() > COLUMNS),
            (_, None) => tree.exists(&exception.path),
            _ => true,
        };
        if !needed {
            let Exception { rule, path, reason, .. } = exception;
            found.push(format!("tidy.toml: `{rule}` for {path} is not needed ({reason})"));
        }
    }
    found
}
