//! The program: command line, settings, local socket, and the wiring of the server. What is
//! decided is decided in `engine`; here stands only how it is asked for and what is started.
//!
//! The one place that reads the clock, chance, the environment and files for the rest.

mod arguments;
mod command;
mod console;
mod demo;
mod environment;
mod failure;
mod folder;
mod host;
mod lock;
mod manifest;
mod product;
mod serve;
mod settings;
mod signing;
mod socket;
mod texts;
mod world;

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Two providers compiled in would panic at first use; there is one, and it is named.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let environment = environment::read();
    let arguments = match arguments::parse(&environment) {
        Ok(arguments) => *arguments,
        Err(stop) => return stop.say(),
    };
    let teller = console::Teller::new(arguments.language(&environment), arguments.common.json);
    match command::run(arguments, environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            teller.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}
