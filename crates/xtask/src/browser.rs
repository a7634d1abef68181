//! `cargo xtask browser`: journeys through the pages in headless Chromium, over a fresh demo and
//! from an empty folder; two processes on one PostgreSQL; the accessibility of every page in both
//! languages, light and dark, wide and narrow; texts that would act, stored and looked at
//! everywhere. `--only` names one of these, or what is asked for alone: `weight` measures the
//! pages, `pictures` makes those that the documentation shows. What is done stands in
//! `crates/xtask/browser/*.mjs`.

use crate::Done;
use crate::arguments::Arguments;
use crate::people::{ADMINISTRATOR, AGENT, APPROVER, MANAGER, PASSWORD, add_teams};
use crate::support::folder;
use crate::support::postgres::no_postgres;
use crate::support::process::run as run_program;
use crate::support::server::{LOG, Server};
use crate::support::site::Site;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What drives Chromium, and what judges the pages.
pub const PACKAGES: [&str; 2] = ["playwright-core@1.65.1", "axe-core@4.14.1"];
/// What judges how pages load.
const LIGHTHOUSE: &str = "lighthouse@13.5.0";
const SCRIPTS: &str = "crates/xtask/browser";

/// What a whole run does, in this order; `first` and `processes` have servers of their own.
const PARTS: [&str; 6] = ["first", "processes", "journeys", "together", "pages", "stored"];
/// What is done only where it is asked for.
const ASKED: [&str; 2] = ["weight", "pictures"];

pub fn run(arguments: &Arguments) -> Done {
    let parts = match arguments.text("--only") {
        None => PARTS.to_vec(),
        Some(only) => {
            let known = PARTS.iter().chain(&ASKED).find(|part| **part == only);
            let known = known.ok_or_else(|| {
                format!("`--only {only}`: one of {}, {}", PARTS.join(", "), ASKED.join(", "))
            })?;
            vec![*known]
        }
    };
    let mut packages = PACKAGES.to_vec();
    packages.extend(parts.contains(&"weight").then_some(LIGHTHOUSE));
    let rig = Rig { modules: installed("browser", &packages)?, chromium: chromium()? };
    if parts.contains(&"first") {
        ["en", "zh"].iter().try_for_each(|language| rig.first(language))?;
    }
    if parts.contains(&"processes") {
        rig.processes()?;
    }
    let others: Vec<&str> =
        parts.into_iter().filter(|part| !["first", "processes"].contains(part)).collect();
    if others.is_empty() { Ok(()) } else { rig.on_demo(&others, arguments) }
}

struct Rig {
    modules: PathBuf,
    chromium: PathBuf,
}

impl Rig {
    /// The first day of an empty folder, in one language.
    fn first(&self, language: &str) -> Done {
        let site = Site::empty("first", false)?;
        let server = site.serve()?;
        let mut command = self.node("first.mjs", &server);
        command.env("WELCOME", welcome(&server)?).env("LANGUAGE", language);
        finish("first.mjs", &mut command)?;
        server.stop()
    }

    /// Two people, each served by another process over the same PostgreSQL.
    fn processes(&self) -> Done {
        if let Some(why) = no_postgres() {
            println!("skipped: processes: {why}");
            return Ok(());
        }
        let site = Site::on("processes", true)?;
        site.program.add_user(&site.place, MANAGER, "service_desk_agent", PASSWORD)?;
        let server = site.serve()?;
        add_teams(&mut site.admin_api(&server)?)?;
        let other = Server::start(&site.program, &site.beside()?, &[])?;
        let mut command = self.node("processes.mjs", &server);
        command.env("OTHER", format!("http://{}", other.address));
        finish("processes.mjs", &mut command)?;
        other.stop()?;
        server.stop()
    }

    fn on_demo(&self, parts: &[&str], arguments: &Arguments) -> Done {
        let mut site = Site::empty("browser", false)?;
        let server = Server::start(&site.program, &site.place, &["--demo"])?;
        site.add_people()?;
        for login in [MANAGER, APPROVER] {
            site.program.add_user(&site.place, login, "change_manager", PASSWORD)?;
        }
        // The pictures show the people of the demo at their work.
        if parts.contains(&"pictures") {
            let people = ["administrator", "agent", "approver", "auditor", "manager", "requester"];
            people
                .iter()
                .try_for_each(|login| site.program.set_password(&site.place, login, PASSWORD))?;
        }
        for part in parts {
            let script = format!("{part}.mjs");
            let mut command = self.node(&script, &server);
            command.env("PAGES", arguments.sized("sample", "all"));
            command.env("PAYLOADS", arguments.sized("25", "500")).env("TOKEN", &site.agent);
            command.env("PICTURES", folder::root().join("docs/pictures"));
            command.env("LOOK", arguments.text("--look").unwrap_or_default());
            finish(&script, &mut command)?;
        }
        server.stop()
    }

    fn node(&self, script: &str, server: &Server) -> Command {
        let mut command = node(script, &self.modules, &self.chromium, server);
        command.env("MANAGER", MANAGER).env("APPROVER", APPROVER);
        command
    }
}

fn finish(script: &str, command: &mut Command) -> Done {
    let status = command.status().map_err(|error| format!("node: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{script} ended with {status}")) }
}

/// The address for the first administrator, as the server printed it.
fn welcome(server: &Server) -> Result<String, String> {
    let path = server.place.folder.join(LOG);
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let found = text.split_whitespace().find(|word| word.contains("/welcome?code="));
    found.map(str::to_string).ok_or_else(|| format!("no address of a first run in:\n{text}"))
}

/// The packages of a rig, under the build folder.
pub fn installed(rig: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = folder::target().join("rigs").join(rig);
    let modules = folder.join("node_modules");
    if packages.iter().all(|package| is_there(&modules, package)) {
        return Ok(modules);
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let words = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix"];
    run_program(Command::new("npm").args(words).arg(&folder).args(packages))?;
    Ok(modules)
}

fn is_there(modules: &Path, package: &str) -> bool {
    let name = package.split('@').next().unwrap_or(package);
    modules.join(name).join("package.json").exists()
}

/// Debian's Chromium, or the one that `EVENKEEL_CHROMIUM` names.
pub fn chromium() -> Result<PathBuf, String> {
    let named = std::env::var_os("EVENKEEL_CHROMIUM").map(PathBuf::from);
    let found = named.unwrap_or_else(|| PathBuf::from("/usr/bin/chromium"));
    match found.exists() {
        true => Ok(found),
        false => Err(format!(
            "{} was not found: install Debian's package chromium, or name one in \
             EVENKEEL_CHROMIUM",
            found.display()
        )),
    }
}

pub fn node(script: &str, modules: &Path, chromium: &Path, server: &Server) -> Command {
    let mut command = Command::new("node");
    command.arg(folder::root().join(SCRIPTS).join(script));
    command.env("MODULES", modules);
    command.env("CHROMIUM", chromium);
    command.env("BASE", format!("http://{}", server.address));
    command.env("AGENT", AGENT).env("ADMINISTRATOR", ADMINISTRATOR).env("PASSWORD", PASSWORD);
    command
}
