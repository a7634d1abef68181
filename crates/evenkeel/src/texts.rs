//! The texts of the command line in both languages, as data: a table of what each command and
//! argument is, applied to the declaration, and the words that clap itself would say in English.

mod table;
mod usage;

pub use usage::{help, usage};

use clap::{Arg, Command};
use model::Language;
use table::TABLE;

/// The command with its texts, and those of all below.
pub fn apply(command: Command, language: Language) -> Command {
    let command = below(command, "", language);
    if language == Language::ZH { chinese(command) } else { command }
}

fn below(mut command: Command, path: &str, language: Language) -> Command {
    if let Some(about) = find(path, language) {
        command = command.about(about);
    }
    command = command.mut_args(|arg| argument(arg, path, language));
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    for name in names {
        let inner = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(&name, |sub| below(sub, &inner, language));
    }
    command
}

fn argument(arg: Arg, path: &str, language: Language) -> Arg {
    let id = arg.get_id().as_str().to_string();
    let own = find(&format!("{path}/{id}"), language);
    let text = own.or_else(|| find(&format!("/{id}"), language)).unwrap_or_default();
    // What is possible and what is the default stands in the text, in its language.
    let takes_value = arg.get_action().takes_values();
    let arg = arg.help(text);
    if takes_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

/// The text of a command (`user add`) or an argument (`user add/login`, `/data` for all).
fn find(path: &str, language: Language) -> Option<&'static str> {
    let (_, en, zh) = TABLE.iter().find(|(name, _, _)| *name == path)?;
    Some(if language == Language::ZH { zh } else { en })
}

/// Headings in Chinese.
fn chinese(command: Command) -> Command {
    let template = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
    let command = command
        .help_template(template)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| match arg.is_positional() {
            true => arg.help_heading("参数"),
            false => arg.help_heading("选项"),
        });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    names.iter().fold(command, |command, name| command.mut_subcommand(name, chinese))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Arguments;
    use clap::CommandFactory;

    /// Every path of the table that a command line has.
    fn paths(command: &Command, path: &str, found: &mut Vec<String>) {
        found.push(path.to_string());
        let arguments = command.get_arguments();
        found.extend(arguments.map(|arg| format!("{path}/{}", arg.get_id())));
        for sub in command.get_subcommands() {
            let inner = if path.is_empty() {
                sub.get_name().into()
            } else {
                format!("{path} {}", sub.get_name())
            };
            paths(sub, &inner, found);
        }
    }

    #[test]
    fn nothing_lacks_a_text_in_either_language() {
        let mut all = Vec::new();
        paths(&Arguments::command(), "", &mut all);
        for path in &all {
            let general = path.split_once('/').map(|(_, id)| format!("/{id}"));
            let stands = find(path, Language::EN).is_some()
                || general.is_some_and(|general| find(&general, Language::EN).is_some());
            assert!(stands, "crates/evenkeel/src/texts/table.rs lacks \"{path}\"");
        }
    }

    #[test]
    fn every_text_has_both_languages_and_is_said() {
        let mut all = Vec::new();
        paths(&Arguments::command(), "", &mut all);
        for (at, (path, en, zh)) in TABLE.iter().enumerate() {
            assert!(!en.is_empty() && !zh.is_ascii(), "{path}");
            assert!(TABLE[..at].iter().all(|(other, _, _)| other != path), "{path} twice");
            let is_general = path.starts_with('/');
            let said = all.iter().any(|said| said == path || is_general && said.ends_with(path));
            assert!(said, "\"{path}\" is no command or argument");
        }
    }
}
