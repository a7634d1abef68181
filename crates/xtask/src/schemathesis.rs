//! `cargo xtask schemathesis`: requests made from the program's own OpenAPI document, against a
//! fresh demo on each database. No server error, no answer that the document does not describe.

use crate::Done;
use crate::arguments::Arguments;
use crate::bench::fill::fill;
use crate::http::api::Api;
use crate::people::add_teams;
use crate::support::folder;
use crate::support::postgres::programs;
use crate::support::process::run as run_program;
use crate::support::server::Server;
use crate::support::site::Site;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that the checks below were chosen for.
const VERSION: &str = "4.32.5";

/// What is asked of each answer. Which refusals are meant stands in [`SETTINGS`].
const CHECKS: [&str; 7] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
    "negative_data_rejection",
];
/// The operation that may end the token of the run itself; so it is asked last and alone.
const ENDS_TOKEN: &str = "end_token";
/// What the small form asks. All record types are served by the same code, and each takes as long.
const SMALL: [&str; 2] = [
    "--include-path-regex",
    "^/(health|metrics|api/v1/(changes|me|openapi.json|record_types|search|tokens|incident))(/|$)",
];
const SETTINGS: &str = "crates/web/tests/schemathesis.toml";

pub fn run(arguments: &Arguments) -> Done {
    let tool = &installed()?;
    let has_postgres = programs().is_some();
    let (sqlite, postgres) = (!arguments.flag("--postgres"), !arguments.flag("--sqlite"));
    if postgres && !has_postgres {
        println!("skipped: PostgreSQL's initdb was not found");
    }
    let wanted = [(false, sqlite), (true, postgres && has_postgres)];
    // The tool itself takes most of the time, a process a database: they run side by side.
    std::thread::scope(|scope| {
        let runs: Vec<_> = wanted
            .into_iter()
            .filter(|(_, is_wanted)| *is_wanted)
            .map(|(postgres, _)| scope.spawn(move || on(tool, arguments, postgres)))
            .collect();
        let ends =
            runs.into_iter().map(|run| run.join().map_err(|_| "a run broke off".to_string()));
        ends.collect::<Vec<_>>().into_iter().try_for_each(|end| end?)
    })
}

/// The tool in a Python environment of its own, under the build folder.
fn installed() -> Result<PathBuf, String> {
    let folder = folder::target().join("rigs/python");
    let tool = folder.join("bin/schemathesis");
    if tool.exists() {
        return Ok(tool);
    }
    run_program(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let package = format!("schemathesis=={VERSION}");
    let words = ["install", "--quiet", "--disable-pip-version-check", &package];
    run_program(Command::new(folder.join("bin/pip")).args(words))?;
    Ok(tool)
}

fn on(tool: &Path, arguments: &Arguments, postgres: bool) -> Done {
    let mut site = Site::empty("schemathesis", postgres)?;
    let server = if postgres { filled(&mut site)? } else { demo(&mut site)? };
    for token in [&site.agent, &site.administrator] {
        let most: &[&str] = &["--exclude-operation-id", ENDS_TOKEN];
        let small: &[&str] = if arguments.flag("--small") { &SMALL } else { &[] };
        let parts = [[most, small].concat(), vec!["--include-operation-id", ENDS_TOKEN]];
        for operations in parts {
            is_asked(token, &server)?;
            let mut command = command(tool, &server, token, arguments.sized(10, 100));
            let output = command.args(operations).current_dir(site.folder.path()).output();
            let output = output.map_err(|error| format!("{}: {error}", tool.display()))?;
            // At once, so that what two runs say does not mix.
            let said = String::from_utf8_lossy(&output.stdout);
            println!("{}:\n{said}{}", site.kind(), String::from_utf8_lossy(&output.stderr));
            if !output.status.success() {
                return Err(format!("{}: schemathesis ended with {}", site.kind(), output.status));
            }
        }
    }
    server.stop()
}

/// The demo fills an empty database only, so the rig's own people come after it.
fn demo(site: &mut Site) -> Result<Server, String> {
    let server = Server::start(&site.program, &site.place, &["--demo"])?;
    site.add_people()?;
    Ok(server)
}

/// The demo is on SQLite only; on PostgreSQL there are the teams and incidents of the rigs.
fn filled(site: &mut Site) -> Result<Server, String> {
    site.add_people()?;
    let server = site.serve()?;
    add_teams(&mut site.admin_api(&server)?)?;
    server.stop()?;
    fill(site, 200)?;
    site.serve()
}

/// The token is good still: a run whose requests are all refused proves nothing.
fn is_asked(token: &str, server: &Server) -> Done {
    let me = Api::open(server.address, token)?.get("/api/v1/me");
    me.map(|_| ()).map_err(|problem| format!("the token was lost on the way: {problem}"))
}

fn command(tool: &Path, server: &Server, token: &str, examples: usize) -> Command {
    let mut command = Command::new(tool);
    command.arg("--config-file").arg(folder::root().join(SETTINGS));
    command.arg("run").arg(format!("http://{}/api/v1/openapi.json", server.address));
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--checks", &CHECKS.join(",")]);
    command.args(["--max-examples", &examples.to_string(), "--seed", "1", "--workers", "1"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--request-timeout", "20"]);
    command.args(["--generation-database", "none", "--no-color"]);
    command
}
