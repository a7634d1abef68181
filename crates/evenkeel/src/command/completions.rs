//! `evenkeel completions`: what a shell needs to complete words of the command line.

use crate::arguments::Arguments;
use crate::console::Console;
use crate::failure::Result;
use clap::{Args, CommandFactory};

#[derive(Debug, Args)]
pub struct Completions {
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish"])]
    pub shell: String,
}

/// Does it: a script for the shell.
///
/// # Errors
/// As the console.
pub fn run(asked: &Completions, console: &mut dyn Console) -> Result<()> {
    let mut words = Vec::new();
    gather(&Arguments::command(), "", &mut words);
    let script = match asked.shell.as_str() {
        "fish" => fish(&words),
        "zsh" => format!("autoload -U +X bashcompinit && bashcompinit\n{}", bash(&words)),
        _ => bash(&words),
    };
    console.say(script.trim_end())
}

/// The words of a command, and what may follow them.
type Words = (String, Vec<String>);

fn gather(command: &clap::Command, path: &str, found: &mut Vec<Words>) {
    let names = command.get_subcommands().map(|sub| sub.get_name().to_string());
    let flags = command.get_arguments().filter_map(|arg| arg.get_long());
    let general = ["data", "database", "config", "json", "language", "help"];
    let flags = flags.chain(general.into_iter().filter(|_| !path.is_empty()));
    let following = names.chain(flags.map(|flag| format!("--{flag}"))).collect();
    found.push((path.to_string(), following));
    for sub in command.get_subcommands() {
        let inner = if path.is_empty() {
            sub.get_name().into()
        } else {
            format!("{path} {}", sub.get_name())
        };
        gather(sub, &inner, found);
    }
}

fn bash(words: &[Words]) -> String {
    let each = words
        .iter()
        .rev()
        .map(|(path, following)| format!("    \"{path}\"*) all=\"{}\" ;;\n", following.join(" ")));
    let cases: String = each.collect();
    format!(
        "_evenkeel() {{\n  local said=\"${{COMP_WORDS[*]:1:COMP_CWORD-1}}\" all\n  \
         case \"$said\" in\n{cases}  esac\n  \
         COMPREPLY=($(compgen -W \"$all\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n}}\n\
         complete -o default -F _evenkeel evenkeel\n"
    )
}

fn fish(words: &[Words]) -> String {
    let each = words.iter().flat_map(|(path, following)| {
        let condition = match path.is_empty() {
            true => "__fish_use_subcommand".to_string(),
            false => format!("string match -q -- 'evenkeel {path}*' (commandline -cp)"),
        };
        following.iter().map(move |word| {
            let word = match word.strip_prefix("--") {
                Some(flag) => format!("-l {flag}"),
                None => format!("-f -a {word}"),
            };
            format!("complete -c evenkeel -n \"{condition}\" {word}\n")
        })
    });
    each.collect()
}
