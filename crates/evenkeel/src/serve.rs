//! `evenkeel serve`: the wiring of the server. Opens the database, brings the definitions into
//! force, starts the threads that work beside requests, serves HTTP, and stops in good order.

mod definitions;
mod demo;
mod directory;
mod following;
mod http;
mod imports;
mod jobs;
mod keeper;
mod logs;
mod memory;
mod outside;
mod reindexing;
mod sign_on;
mod signals;
pub(crate) mod threads;
mod tidying;
mod welcome;

use crate::console::Teller;
use crate::failure::{Failure, Result};
use crate::folder;
use crate::host::Host;
use crate::lock::{self, Duty, Taken};
use crate::settings::{Given, Settings};
use crate::signing;
use crate::socket;
use clap::Args;
use std::sync::Arc;
use store::core::definition::Files;

#[derive(Debug, Args)]
pub struct Serve {
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    #[arg(long)]
    pub demo: bool,
}

impl Serve {
    /// Adds what is given to the settings.
    pub fn given(&self, given: &mut Given) {
        given.flags.extend(self.listen.clone().map(|address| ("listen", address)));
        given.below = self.demo.then_some("demo");
    }
}

/// Serves until told to stop.
///
/// # Errors
/// Refused where another server has the data folder, the definitions do not fit or the address is
/// taken.
pub fn run(asked: &Serve, settings: Settings, mut teller: Teller) -> Result<()> {
    let logs = logs::start(&settings)?;
    let lock = match lock::take(&settings, Duty::Serve)? {
        Taken::Ours(lock) => lock,
        Taken::ByServer(holder) => return Err(lock::served(&holder)),
    };
    if asked.demo {
        demo::prepare(&settings)?;
    }
    let overlays = overlays(&settings)?;
    let host = Arc::new(Host::open(settings, overlays, true, &mut teller)?);
    let runtime = http::runtime(&host.settings)?;
    let ends = http::ends(&runtime)?;
    let server = http::bind(&host, &runtime)?;
    host.engine.seal_secrets_with(signing::secret_key(&host)?);
    host.engine.verify_ledger_with(signing::open(&host)?.signer.verifying_key().clone());
    sign_on::prepare(&host)?;
    definitions::keep(&host);
    let socket = socket::listen(&lock::place(&host.settings), &host)?;
    if asked.demo {
        demo::open(&host, &server, &mut teller)?;
    }
    // Not before the demo is filled: its half year has a clock of its own, and a timer that runs
    // by the real one would act before the people of the demo do.
    let threads = threads::start(&host)?;
    ends.ready();
    welcome::say(&host, &server, &mut teller)?;
    http::serve(server, ends, runtime);
    tracing::info!("stopping");
    drop(socket);
    threads.stop();
    let given_back = host.engine.stop();
    drop(lock);
    logs.stop();
    given_back.map_err(Failure::from)
}

/// The overlays of the data folder, where it has a folder for them: then that is the truth.
///
/// # Errors
/// Refused where one cannot be read.
pub fn overlays(settings: &Settings) -> Result<Option<Files>> {
    let path = settings.data.join("overlays");
    if path.is_dir() { folder::overlays(&[path]).map(Some) } else { Ok(None) }
}
