//! The program under test: built once in release form, asked by its command line.

use super::folder;
use super::process::{run, run_with};
use crate::Done;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a program keeps its records: a folder, and a database beside it where one is given.
#[derive(Clone, Debug)]
pub struct Place {
    pub folder: PathBuf,
    pub database: Option<String>,
}

impl Place {
    pub fn folder(folder: &Path) -> Place {
        Place { folder: folder.to_path_buf(), database: None }
    }

    /// `--data` and `--database`, which every command takes.
    pub fn arguments(&self) -> Vec<String> {
        let mut words = vec!["--data".to_string(), self.folder.display().to_string()];
        if let Some(url) = &self.database {
            words.extend(["--database".to_string(), url.clone()]);
        }
        words
    }
}

/// The release binary.
#[derive(Clone)]
pub struct Program {
    pub path: PathBuf,
    /// What a rig sets in the environment of the program beside.
    pub environment: Vec<(&'static str, String)>,
}

impl Program {
    /// `EVENKEEL_PROGRAM`, or the release binary, built now if it is older than its sources.
    pub fn built() -> Result<Program, String> {
        if let Some(path) = std::env::var_os("EVENKEEL_PROGRAM") {
            return Ok(Program { path: PathBuf::from(path), environment: Vec::new() });
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(folder::root());
        build.args(["build", "--quiet", "--release", "--locked", "--package", "evenkeel"]);
        run(&mut build)?;
        let path = folder::target().join("release/evenkeel");
        Ok(Program { path, environment: Vec::new() })
    }

    /// A command of the program, not yet started.
    pub fn command(&self, words: &[&str], place: &Place) -> Command {
        let mut command = Command::new(&self.path);
        command.args(words).args(place.arguments());
        // The settings of whoever runs the rig are not the rig's.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("EVENKEEL_") {
                command.env_remove(name);
            }
        }
        // One client here asks as much as thousands of people do; the limits have tests of their
        // own.
        command.env("EVENKEEL_LIMITS_RATE", "0").env("EVENKEEL_LIMITS_ADDRESS_RATE", "0");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn ask(&self, words: &[&str], place: &Place) -> Result<String, String> {
        run(&mut self.command(words, place))
    }

    /// Makes an account with one role.
    pub fn add_user(&self, place: &Place, login: &str, role: &str, password: &str) -> Done {
        let words = ["user", "add", login, "--role", role, "--password-stdin"];
        run_with(&mut self.command(&words, place), password).map(|_| ())
    }

    /// Gives an account that is there a password.
    pub fn set_password(&self, place: &Place, login: &str, password: &str) -> Done {
        let words = ["user", "password", login, "--password-stdin"];
        run_with(&mut self.command(&words, place), password).map(|_| ())
    }

    /// Makes a token: the answer is the token alone.
    pub fn token(&self, place: &Place, login: &str) -> Result<String, String> {
        let text = self.ask(&["token", "create", login, "--name", "rig"], place)?;
        let token = text.trim().to_string();
        if token.is_empty() || token.contains(char::is_whitespace) {
            return Err(format!("`token create` printed {token:?}, not a token alone"));
        }
        Ok(token)
    }

    /// Verifies the ledger of a place.
    pub fn verify(&self, place: &Place) -> Done {
        self.ask(&["ledger", "verify"], place).map(|_| ())
    }

    /// Lays an overlay over the definitions.
    pub fn apply(&self, place: &Place, overlay: &Path) -> Done {
        self.ask(&["apply", &overlay.display().to_string()], place).map(|_| ())
    }
}
