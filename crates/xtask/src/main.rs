//! The rigs of the project: figures, faults and the contract, driven from outside by the command
//! line and REST of the finished program. Nothing here is linked into the product, and nothing here
//! knows more of it than its documented contract.
//!
//! A command is a file with `run`, and a line in [`COMMANDS`].

mod arguments;
mod bench;
mod browser;
mod crash;
mod dependencies;
mod faults;
mod http;
mod malformed;
mod people;
mod random;
mod schemathesis;
mod single_sign_on;
mod support;
mod timers;

use arguments::Arguments;
use std::process::ExitCode;

/// What a rig gives back: nothing, or why it failed, for people.
pub type Done = Result<(), String>;

struct Command {
    name: &'static str,
    help: &'static str,
    options: &'static [&'static str],
    run: fn(&Arguments) -> Done,
}

const COMMANDS: [Command; 8] = [
    Command {
        name: "bench",
        help: "measure every figure and write docs/performance.md",
        options: &["--small", "--postgres", "--records N", "--only ROW"],
        run: bench::run,
    },
    Command {
        name: "crash",
        help: "kill the server under write load, again and again; nothing acknowledged is lost",
        options: &["--small", "--postgres", "--rounds N", "--seed N"],
        run: crash::run,
    },
    Command {
        name: "faults",
        help: "disk full, database stopped, import killed, two processes on one database",
        options: &["--small", "--only FAULT"],
        run: faults::run,
    },
    Command {
        name: "malformed",
        help: "malformed requests: no 5xx, no crash, no growth",
        options: &["--small", "--postgres", "--count N", "--seed N"],
        run: malformed::run,
    },
    Command {
        name: "schemathesis",
        help: "hold the REST interface against its own OpenAPI document",
        options: &["--small", "--postgres", "--sqlite"],
        run: schemathesis::run,
    },
    Command {
        name: "browser",
        help: "walk through the pages in Chromium; judge every page; store what would act",
        options: &["--small", "--only PART", "--look FOLDER"],
        run: browser::run,
    },
    Command {
        name: "single_sign_on",
        help: "sign in by an OpenID Connect provider in Chromium, and by a directory",
        options: &["--postgres", "--no-directory"],
        run: single_sign_on::run,
    },
    Command {
        name: "dependencies",
        help: "licences, banned packages and sources of deny.toml; dependencies nobody uses",
        options: &[],
        run: dependencies::run,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_string());
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprint!("no command `{name}`\n\n{}", help());
        return ExitCode::from(2);
    };
    let arguments = match Arguments::read(words, command.options) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprint!("{problem}\n\n{}", help());
            return ExitCode::from(2);
        }
    };
    match (command.run)(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{name}: FAILED: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("cargo xtask COMMAND [OPTIONS]\n\n");
    for command in &COMMANDS {
        text += &format!("  {:<13} {}\n", command.name, command.help);
        if !command.options.is_empty() {
            text += &format!("{:>18}[{}]\n", "", command.options.join("] ["));
        }
    }
    text + "\n--small is the form that CI runs. Data for some rows is looked for in ../shared,\n\
            or in EVENKEEL_SHARED. EVENKEEL_PROGRAM names a binary that is built already.\n"
}
