//! The sealer: gives entries of history their positions in the ledger, after their commit, and
//! signs checkpoints. One process at a time holds the lease; another takes over where it dies.

use crate::engine::Engine;
use crate::refusal::{Error, Result};
use ledger::{Body, Checkpoint, Frontier, Header, Id, Signer, entry::entry_leaf};
use store::core::history::Headed;
use store::core::lease::{self, Lease};
use store::core::seal::{self, Batch, Waiting};
use store::{Read, Unit};

/// How long the lease is held without being renewed, in microseconds.
const HELD: i64 = 10_000_000;
/// Entries sealed in one unit.
const BATCH: usize = 2_000;

/// Seals what waits, for as long as the lease is this process's.
pub struct Sealer {
    engine: Engine,
    holder: String,
    lease: Option<(Lease, i64)>,
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// So many entries got a position.
    Sealed(usize),
    /// Another process seals.
    NotOurs,
}

impl Sealer {
    /// `holder` names this process uniquely.
    pub fn new(engine: &Engine, holder: &str) -> Sealer {
        Sealer { engine: engine.clone(), holder: holder.into(), lease: None }
    }

    /// Seals one batch of what waits.
    ///
    /// # Errors
    /// A failed read or write; the next round goes on from what is there.
    pub fn round(&mut self) -> Result<Round> {
        let Some(lease) = self.hold()? else { return Ok(Round::NotOurs) };
        let database = self.engine.database();
        let waiting = seal::waiting(database, BATCH)?;
        if waiting.is_empty() {
            return Ok(Round::Sealed(0));
        }
        let mut frontier = self.frontier()?;
        let batch = batch(&waiting, &mut frontier)?;
        let mut unit = Unit::new();
        seal::append(&mut unit, &lease, &batch);
        match database.write(unit) {
            Ok(()) => Ok(Round::Sealed(waiting.len())),
            Err(failure) => {
                self.lease = None;
                Err(failure.into())
            }
        }
    }

    /// Seals all that waits; not what is written meanwhile, which waits for the next time: rounds
    /// for a few entries each would cost more than the entries.
    ///
    /// # Errors
    /// As [`Sealer::round`].
    pub fn drain(&mut self) -> Result<Round> {
        let mut all = 0;
        loop {
            match self.round()? {
                Round::Sealed(some) if some < BATCH => return Ok(Round::Sealed(all + some)),
                Round::Sealed(some) => all += some,
                Round::NotOurs => return Ok(Round::NotOurs),
            }
        }
    }

    /// Gives the lease up, so that another process need not wait for its end.
    pub fn stop(&mut self) {
        if let Some((lease, _)) = self.lease.take()
            && let Err(failure) = lease.release(self.engine.database())
        {
            tracing::warn!(?failure, "the sealer's lease was not released");
        }
    }

    fn hold(&mut self) -> Result<Option<Lease>> {
        let now = self.engine.now();
        if let Some((lease, until)) = &self.lease
            && now < until - HELD / 2
        {
            return Ok(Some(lease.clone()));
        }
        let until = now + HELD;
        let database = self.engine.database();
        if let Some((lease, _)) = &self.lease
            && lease.renew(database, until).is_ok()
        {
            let lease = lease.clone();
            self.lease = Some((lease.clone(), until));
            return Ok(Some(lease));
        }
        let got = lease::acquire(database, "sealer", &self.holder, now, until)?;
        self.lease = got.clone().map(|lease| (lease, until));
        Ok(got)
    }

    fn frontier(&self) -> Result<Frontier> {
        frontier(&self.engine)
    }
}

/// The state of the tree.
///
/// # Errors
/// A fault where it cannot be read.
pub fn frontier(engine: &Engine) -> Result<Frontier> {
    frontier_in(engine.database())
}

/// The same as it stands in a snapshot.
pub(crate) fn frontier_in(read: &dyn Read) -> Result<Frontier> {
    match seal::frontier(read)? {
        Some(bytes) => Frontier::from_bytes(&bytes).map_err(|e| Error::Fault(e.to_string())),
        None => Ok(Frontier::new()),
    }
}

fn batch(waiting: &[Waiting], frontier: &mut Frontier) -> Result<Batch> {
    let mut batch = Batch::default();
    let mut nodes = Vec::new();
    for one in waiting {
        let entry = &one.headed.entry;
        let body = Body::from_bytes(&entry.body).map_err(|e| Error::Fault(e.to_string()))?;
        let leaf = entry_leaf(&header(&one.headed), &body);
        let position = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        batch.leaves.push((position, one.place, entry.key, leaf.0));
        frontier.append(leaf, &mut nodes);
    }
    for node in nodes {
        let position = i64::try_from(node.index).unwrap_or(i64::MAX);
        batch.nodes.push((node.level, position, node.hash.0));
    }
    batch.frontier = frontier.to_bytes();
    Ok(batch)
}

/// The header the ledger commits to.
pub fn header(headed: &Headed) -> Header {
    let entry = &headed.entry;
    Header {
        entry: Id(*entry.id.as_bytes()),
        record: Id(*headed.record_id.as_bytes()),
        record_type: entry.record_type.to_string(),
        record_number: headed.record_number,
        record_version: entry.version,
        kind: entry.kind.to_string(),
        transition: entry.transition.as_deref().map(str::to_string),
        at: entry.at,
        recorded_at: entry.recorded_at,
        actor: headed.actor_id.map(|id| Id(*id.as_bytes())),
        actor_label: entry.actor.to_string(),
        definition_version: entry.definition,
    }
}

/// Signs a checkpoint over what is sealed now and keeps it; none where nothing was sealed since the
/// last one. `origin` names this ledger.
///
/// # Errors
/// A failed read or write.
pub fn checkpoint(engine: &Engine, origin: &str, signer: &Signer) -> Result<Option<String>> {
    let frontier = frontier(engine)?;
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    let last = seal::checkpoints(engine.database(), 1)?;
    if size == 0 || last.first().is_some_and(|last| last.size >= size) {
        return Ok(None);
    }
    let now = engine.now();
    let extensions = vec![format!("time {}", crate::names::instant_text(now))];
    let root = frontier.root();
    let checkpoint =
        Checkpoint { origin: origin.to_string(), size: frontier.size(), root, extensions };
    let note = checkpoint.sign(signer).map_err(|error| Error::Fault(error.to_string()))?;
    let mut unit = Unit::new();
    let kept = seal::Checkpoint { size, note: note.as_str().into(), at: now };
    seal::keep_checkpoint(&mut unit, &kept);
    engine.database().write(unit)?;
    Ok(Some(note))
}
