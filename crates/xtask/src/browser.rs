//! `cargo xtask browser`: journeys through the pages in headless Chromium, over a fresh demo; the
//! accessibility of every page in both languages, light and dark, wide and narrow; and the pictures
//! that the documentation shows. What is done stands in `crates/xtask/browser/*.mjs`.

use crate::Done;
use crate::arguments::Arguments;
use crate::people::{ADMINISTRATOR, AGENT, PASSWORD};
use crate::support::folder;
use crate::support::process::run as run_program;
use crate::support::server::Server;
use crate::support::site::Site;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What drives Chromium, and what judges the pages.
pub const PACKAGES: [&str; 2] = ["playwright-core@1.65.1", "axe-core@4.14.1"];
const SCRIPTS: &str = "crates/xtask/browser";

pub fn run(arguments: &Arguments) -> Done {
    let modules = installed("browser", &PACKAGES)?;
    let chromium = chromium()?;
    let mut site = Site::empty("browser", false)?;
    let server = Server::start(&site.program, &site.place, &["--demo"])?;
    site.add_people()?;
    let scripts: &[&str] = match (arguments.flag("--pictures"), arguments.flag("--pages")) {
        (true, _) => &["pictures.mjs"],
        (_, true) => &["pages.mjs"],
        _ => &["journeys.mjs", "pages.mjs"],
    };
    for script in scripts {
        let mut command = node(script, &modules, &chromium, &server);
        command.env("PAGES", if arguments.flag("--small") { "sample" } else { "all" });
        command.env("PICTURES", folder::root().join("docs/pictures"));
        let status = command.status().map_err(|error| format!("node: {error}"))?;
        if !status.success() {
            return Err(format!("{script} ended with {status}"));
        }
    }
    server.stop()
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
