//! A flush of the disk fails, once: the kernel may have dropped what it could not write, and says
//! yes when it is asked again. Nothing that rests on that flush may be acknowledged: the server
//! says why and ends, and its next start has all that was acknowledged and nothing by halves.

use super::Tried;
use crate::arguments::Arguments;
use crate::crash::{judge_all, writer};
use crate::http::api::Api;
use crate::support::process::run as run_program;
use crate::support::server::Server;
use crate::support::site::Site;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Loaded before the C library of the server.
const FLUSH: &str = include_str!("flush.c");
const CLIENTS: usize = 8;
const ROUNDS: usize = 3;
/// How long the server is written to before and after, and how long it may take to end.
const LOAD: Duration = Duration::from_millis(700);
const END: Duration = Duration::from_secs(20);

pub fn run(_: &Arguments) -> Result<Tried, String> {
    let mut site = Site::on("flush", false)?;
    let Some(library) = compiled(site.folder.path())? else {
        return Ok(Tried::Skipped("there is no C compiler"));
    };
    let sign = site.folder.path().join("fail");
    let told = |path: &Path| path.display().to_string();
    site.program.environment.push(("LD_PRELOAD", told(&library)));
    site.program.environment.push(("RIG_FLUSH_FAILS", told(&sign)));
    for round in 0..ROUNDS {
        one_round(&site, round, &sign).map_err(|problem| format!("round {round}: {problem}"))?;
    }
    Ok(Tried::Yes)
}

fn compiled(folder: &Path) -> Result<Option<PathBuf>, String> {
    let (source, library) = (folder.join("flush.c"), folder.join("flush.so"));
    std::fs::write(&source, FLUSH).map_err(|error| error.to_string())?;
    if run_program(Command::new("cc").arg("--version")).is_err() {
        return Ok(None);
    }
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source);
    run_program(&mut compile).map(|_| Some(library))
}

fn one_round(site: &Site, round: usize, sign: &Path) -> Result<(), String> {
    let mut server = site.serve()?;
    let (address, token) = (server.address, &site.agent);
    let (mut book, ended) = writer::load_during(address, token, round, CLIENTS, || {
        std::thread::sleep(LOAD);
        std::fs::write(sign, b"").map_err(|error| error.to_string())?;
        ends(&mut server)
    });
    ended?;
    if book.acknowledged() == 0 || book.unknown() == 0 {
        return Err("nobody wrote when the flush failed".into());
    }
    says_why(&server)?;
    drop(server);
    let server = site.serve()?;
    judge_all(site, &server, &book)?;
    writer::repeat_unknown(&mut site.api(&server)?, &mut book)?;
    judge_all(site, &server, &book)?;
    works(&mut site.api(&server)?)?;
    site.program.verify(&site.place)?;
    println!("  {} acknowledged, 0 lost", book.acknowledged());
    server.stop()
}

/// The server goes by itself, soon.
fn ends(server: &mut Server) -> Result<(), String> {
    let begin = Instant::now();
    while server.is_running() {
        if begin.elapsed() > END {
            return Err("it went on after a flush had failed".into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn says_why(server: &Server) -> Result<(), String> {
    let log = server.log();
    match log.contains("the disk did not take what was written") {
        true => Ok(()),
        false => Err(format!("it ended and did not say why:\n{log}")),
    }
}

fn works(api: &mut Api) -> Result<(), String> {
    let body = json!({ "summary": "the disk is well again" });
    let reply = api.send("POST", "/api/v1/incident", &[], Some(&body))?;
    if reply.status == 201 { Ok(()) } else { Err(format!("a write is answered {}", reply.status)) }
}
