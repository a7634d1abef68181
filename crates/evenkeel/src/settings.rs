//! Settings: what the operator decides. Each comes from the command line, else the environment,
//! else a file, else its default; what is unknown is refused with the nearest name that is known.
//!
//! Names are dotted (`ledger.checkpoints`). In the file the dots are tables; in the environment
//! they are underscores after `EVENKEEL_` (`EVENKEEL_LEDGER_CHECKPOINTS`). Some come in sets
//! under a name of the operator's: see `families.rs`.

mod families;
mod keys;
mod read;
mod values;

pub use families::{find as find_named, variable as variable_named};
pub use keys::{KEYS, Key};
pub use read::{Given, Settings, read};
pub use values::duration;

use crate::failure::{Failure, Result};
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Flag,
    Environment,
    File,
    Default,
}

impl Source {
    pub fn word(self) -> &'static str {
        match self {
            Source::Flag => "flag",
            Source::Environment => "environment",
            Source::File => "file",
            Source::Default => "default",
        }
    }
}

/// The platform's place for data of a program: `~/.local/share/evenkeel` on Linux,
/// `~/Library/Application Support/evenkeel` on macOS.
///
/// # Errors
/// Refused where the account has no home.
pub fn default_data() -> Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "evenkeel");
    let folders = folders.ok_or_else(|| {
        Failure::refused(
            "no-data-folder",
            "This account has no home folder; say where the data goes with --data DIR.",
            "此账户没有主目录，请用 --data DIR 指定数据目录。",
        )
    })?;
    Ok(folders.data_dir().to_path_buf())
}

/// The name that is meant by one that is not known.
pub fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.map(|name| (distance(written, name), name));
    let (far, name) = scored.min()?;
    (far <= 2.max(written.len() / 3)).then_some(name)
}

/// How many letters have to be put in, left out or replaced.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = index + 1;
        for at in 0..other.len() {
            let replaced = before + usize::from(other[at] != letter);
            before = row[at + 1];
            row[at + 1] = replaced.min(before + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_the_name_that_is_meant() {
        let known = ["listen", "language", "log.format"];
        assert_eq!(nearest("lisen", known.into_iter()), Some("listen"));
        assert_eq!(nearest("log.fromat", known.into_iter()), Some("log.format"));
        assert_eq!(nearest("colour", known.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
