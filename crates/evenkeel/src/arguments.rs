//! The command line: what every command takes, the commands, and how a wrong word is answered, in
//! the person's language. The texts are data: see [`crate::texts`].

use crate::command::Command;
use crate::environment::{Environment, spoken};
use crate::failure::Failure;
use crate::settings::Given;
use crate::texts;
use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser};
use model::Language;
use std::path::PathBuf;
use std::process::ExitCode;

/// What was asked for.
#[derive(Debug, Parser)]
#[command(name = "evenkeel", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["en", "zh"])]
    pub language: Option<String>,
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

impl Arguments {
    pub fn language(&self, environment: &Environment) -> Language {
        match &self.common.language {
            Some(language) => spoken(language),
            None => environment.language(),
        }
    }
}

impl Common {
    /// The settings that have a flag on every command.
    pub fn given(&self) -> Given {
        let mut flags = Vec::new();
        let data = self.data.as_ref().map(|data| data.display().to_string());
        flags.extend(data.map(|data| ("data", data)));
        flags.extend(self.database.clone().map(|url| ("database", url)));
        flags.extend(self.language.clone().map(|language| ("language", language)));
        Given { config: self.config.clone(), flags, below: None }
    }
}

/// Why nothing was begun: a help text, or words that do not fit.
pub struct Stop {
    text: String,
    /// Help was asked for: it goes to stdout, and all is well.
    wanted: bool,
}

impl Stop {
    pub fn say(&self) -> ExitCode {
        if self.wanted {
            print!("{}", self.text);
            return ExitCode::SUCCESS;
        }
        eprint!("{}", self.text);
        ExitCode::from(2)
    }
}

/// Reads the words of the command line.
///
/// # Errors
/// [`Stop`].
pub fn parse(environment: &Environment) -> Result<Box<Arguments>, Stop> {
    let language = environment.language();
    let mut command = texts::apply(Arguments::command(), language);
    let read = command
        .try_get_matches_from_mut(&environment.words)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    read.map(Box::new).map_err(|error| stop(&error, environment, language))
}

fn stop(error: &clap::Error, environment: &Environment, language: Language) -> Stop {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    let wanted = matches!(error.kind(), DisplayHelp | DisplayVersion);
    let is_help = wanted || error.kind() == DisplayHelpOnMissingArgumentOrSubcommand;
    let json = environment.words.iter().any(|word| word == "--json");
    let text = match (is_help, json) {
        (true, _) => texts::help(error, language),
        (false, false) => texts::usage(error, language),
        (false, true) => {
            let usage = texts::usage(error, language).trim().to_string();
            let failure = Failure::usage(usage.clone(), usage);
            format!("{}\n", failure.to_json(language))
        }
    };
    Stop { text, wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn parse_words(words: &[&str]) -> Result<Box<Arguments>, Stop> {
        let words = std::iter::once("evenkeel").chain(words.iter().copied());
        let words = words.map(OsString::from).collect();
        parse(&Environment { words, ..Environment::default() })
    }

    #[test]
    fn what_every_command_takes_stands_before_or_behind() {
        for words in [["--data", "/a", "versions"], ["versions", "--data", "/a"]] {
            let arguments = parse_words(&words).unwrap_or_else(|stop| panic!("{}", stop.text));
            assert_eq!(arguments.common.data, Some("/a".into()));
        }
    }

    #[test]
    fn a_wrong_word_is_answered_in_the_language_asked_for() {
        let refused = parse_words(&["--language", "zh", "vresions"]).unwrap_err();
        assert!(
            refused.text.contains("versions") && refused.text.contains("您是指"),
            "{}",
            refused.text
        );
        let refused = parse_words(&["--json", "token", "create"]).unwrap_err();
        assert!(refused.text.starts_with("{\"error\":{\"code\":\"usage\""), "{}", refused.text);
    }

    #[test]
    fn the_declaration_is_sound() {
        Arguments::command().debug_assert();
    }
}
