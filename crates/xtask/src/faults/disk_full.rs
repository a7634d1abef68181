//! The disk is full: writes are refused and say so, reads go on, nothing acknowledged is lost, and
//! work goes on by itself when there is room again.

use super::Tried;
use crate::arguments::Arguments;
use crate::crash::book::{Book, Outcome};
use crate::crash::{judge_all, writer};
use crate::http::api::{Api, List};
use crate::support::process::{is_root, run as run_program};
use crate::support::server::Server;
use crate::support::site::Site;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A disk of this size, of which the ballast takes a part until it is taken away.
const DISK_MEGABYTES: usize = 96;
const BALLAST_MEGABYTES: usize = 32;

/// A small disk in memory; gone when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Disk> {
        std::fs::create_dir_all(at).ok()?;
        let size = format!("size={DISK_MEGABYTES}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "evenkeel-rig"]).arg(at);
        run_program(&mut mount).ok()?;
        Some(Disk(at.to_path_buf()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = run_program(Command::new("umount").arg("--lazy").arg(&self.0));
    }
}

pub fn run(_: &Arguments) -> Result<Tried, String> {
    if !is_root() {
        return Ok(Tried::Skipped("only root may mount a small disk"));
    }
    let site = Site::on("disk", false)?;
    let place = &site.place.folder;
    let aside = site.folder.path().join("aside");
    std::fs::rename(place, &aside).map_err(|error| error.to_string())?;
    let Some(disk) = Disk::mount(place) else {
        return Ok(Tried::Skipped("this machine does not let a disk be mounted"));
    };
    crate::support::folder::copy(&aside, place).map_err(|error| error.to_string())?;
    let ballast = place.join("ballast");
    let bytes = vec![0; BALLAST_MEGABYTES * 1024 * 1024];
    std::fs::write(&ballast, bytes).map_err(|error| error.to_string())?;
    let server = site.serve()?;
    let (mut book, refused) = fill(&site, &server);
    refused?;
    // Reads do not need room.
    site.api(&server)?.get(&List::of("incident").sort("-number").path())?;
    std::fs::remove_file(&ballast).map_err(|error| error.to_string())?;
    recovers(&mut site.api(&server)?)?;
    judge_all(&site, &server, &book)?;
    writer::repeat_unknown(&mut site.api(&server)?, &mut book)?;
    judge_all(&site, &server, &book)?;
    site.program.verify(&site.place)?;
    println!("  {} acknowledged, {} refused", book.acknowledged(), book.refused());
    server.stop()?;
    drop(disk);
    Ok(Tried::Yes)
}

/// Small writes until the disk is full, and beside them large ones so that it is soon.
fn fill(site: &Site, server: &Server) -> (Book, Result<(), String>) {
    writer::load_during(server.address, &site.agent, 0, 2, || {
        let begin = Instant::now();
        let mut api = site.api(server)?;
        let body = json!({ "summary": "large", "description": "words ".repeat(3_000) });
        while begin.elapsed() < Duration::from_secs(120) {
            let reply = api.send("POST", "/api/v1/incident", &[], Some(&body))?;
            let outcome = writer::outcome(Some(reply.status));
            if reply.status == 507 {
                // The small ones meet the full disk too.
                std::thread::sleep(Duration::from_millis(500));
                return Ok(());
            }
            if outcome != Outcome::Acknowledged {
                return Err(format!("a full disk is answered {}, not 507", reply.status));
            }
        }
        Err("the disk did not become full".to_string())
    })
}

/// A write is taken again, without a restart.
fn recovers(api: &mut Api) -> Result<(), String> {
    let begin = Instant::now();
    let body = json!({ "summary": "there is room again" });
    while begin.elapsed() < Duration::from_secs(30) {
        if api.send("POST", "/api/v1/incident", &[], Some(&body)).is_ok_and(|r| r.status == 201) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("no write was taken for 30 s after there was room again".into())
}
