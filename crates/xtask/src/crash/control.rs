//! The positive control: after a round the server is started on the records as they were before it.
//! Everything acknowledged in the round is then lost, and the rig must say so.

use super::{CLIENTS, look, writer};
use crate::Done;
use crate::http::api::Api;
use crate::support::folder;
use crate::support::program::Place;
use crate::support::server::Server;
use crate::support::site::Site;
use std::time::Duration;

/// A round that no other has.
const ROUND: usize = 1_000_000;

pub fn a_planted_loss_is_found(site: &Site) -> Done {
    let before = copy(site)?;
    let server = site.serve()?;
    let time = Duration::from_millis(300);
    let book = writer::load_and_kill(server, &site.agent, ROUND, CLIENTS, time);
    if book.acknowledged() == 0 {
        return Err("control: nothing was acknowledged, so nothing could be lost".into());
    }
    let server = Server::start(&site.program, &before, &[])?;
    let mut api = Api::open(server.address, &site.agent)?;
    // A record that is gone has no history either; that too is a loss found.
    let found = look::at_records(&mut api, &book).and_then(|seen| book.judge(&seen));
    server.kill();
    match found {
        Err(problem) => {
            let first = problem.lines().next().unwrap_or_default();
            println!("control: a planted loss is found ({first})");
            Ok(())
        }
        Ok(()) => Err("control: the rig did not find a planted loss; it proves nothing".into()),
    }
}

/// A copy of the records, while no server runs.
fn copy(site: &Site) -> Result<Place, String> {
    let to = site.folder.path().join("before");
    folder::copy(&site.place.folder, &to).map_err(|error| error.to_string())?;
    let Some(cluster) = &site.cluster else { return Ok(Place::folder(&to)) };
    cluster.create("before", Some("evenkeel"))?;
    Ok(Place { folder: to, database: Some(cluster.url("before")) })
}
