//! What those who administer see of the ledger, and the check of all of it.

use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use crate::sealer;
use crate::session::Session;
use ledger::{Body, Hash, Problem, Report, Trust, Verifier, VerifyingKey};
use store::core::seal;

/// Entries read at a time.
const PAGE: usize = 2000;

/// How long a check may take that somebody waits for, in microseconds.
const PATIENCE: i64 = 10_000_000;

/// The ledger as it stands.
#[derive(Debug, Clone)]
pub struct LedgerFacts {
    /// Entries that have their position.
    pub size: u64,
    /// Entries that wait for theirs.
    pub waiting: u64,
    /// The newest checkpoints, newest first.
    pub checkpoints: Vec<Signed>,
    /// The key that others verify with, as they write it; none where this process knows none.
    pub key: Option<String>,
}

/// A signed checkpoint.
#[derive(Debug, Clone)]
pub struct Signed {
    pub size: i64,
    /// Microseconds.
    pub at: i64,
    /// The note, with its signature.
    pub note: String,
}

/// What a check of the ledger found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Entries read.
    pub size: u64,
    /// How far signed checkpoints agree.
    pub signed: u64,
    /// All that is wrong; none where the ledger is as it was sealed.
    pub problem_count: u64,
    /// The first of them, in English.
    pub problems: Vec<String>,
}

impl Session {
    /// The ledger, with so many checkpoints at most.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; a failed read.
    pub fn ledger(&self, most: usize) -> Result<LedgerFacts> {
        self.demand_administrator()?;
        let engine = self.engine();
        let newest = seal::checkpoints(engine.database(), most)?;
        let signed = newest.into_iter().map(|one| {
            let note = one.note.to_string();
            Signed { size: one.size, at: one.at, note }
        });
        Ok(LedgerFacts {
            size: sealer::frontier(engine)?.size(),
            waiting: seal::waiting_count(engine.database())?,
            checkpoints: signed.collect(),
            key: engine.ledger_key().map(ToString::to_string),
        })
    }

    /// Reads the whole ledger and checks it against this house's own key; none where that takes
    /// longer than somebody waits for a page.
    ///
    /// # Errors
    /// `NotAllowed`; `NotFound` where this process knows no key; a failed read.
    pub fn check_ledger(&self) -> Result<Option<Checked>> {
        self.demand_administrator()?;
        let engine = self.engine();
        let missing = || Refusal::NotFound { what: "ledger key".into() };
        let key: &VerifyingKey = engine.ledger_key().ok_or_else(missing)?;
        let trust = Trust { keys: vec![key.clone()], notes: Vec::new() };
        let verifier = Verifier::new(&trust).map_err(|error| Error::Fault(error.to_string()))?;
        let end = engine.now().saturating_add(PATIENCE);
        let report = verify_live(engine, verifier, &mut |_, _| engine.now() < end)?;
        Ok(report.map(|report| Checked {
            size: report.size,
            signed: report.signed,
            problem_count: report.problem_count,
            problems: report.problems.iter().map(ToString::to_string).collect(),
        }))
    }
}

/// Reads every entry and checkpoint of the database, as far as it goes now: what is sealed
/// meanwhile is for the next time. `goes_on` hears after each page how many entries of how many
/// were read, and says whether to go on; none where it did not.
///
/// # Errors
/// A failed read.
pub fn verify_live(
    engine: &Engine,
    mut verifier: Verifier<'_>,
    goes_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Report>> {
    let size = sealer::frontier(engine)?.size();
    let database = engine.database();
    let mut checkpoints = seal::checkpoints(database, usize::MAX >> 1)?;
    checkpoints.retain(|one| u64::try_from(one.size).is_ok_and(|at| at <= size));
    let mut position = 0;
    loop {
        let page = seal::from(database, position, PAGE)?;
        for one in page.iter().filter(|one| u64::try_from(one.position).is_ok_and(|at| at < size)) {
            read(&mut verifier, one);
            while checkpoints.last().is_some_and(|next| next.size <= one.position + 1) {
                if let Some(next) = checkpoints.pop() {
                    verifier.checkpoint(&next.note);
                }
            }
        }
        position += i64::try_from(PAGE).unwrap_or(i64::MAX);
        let done = size.min(u64::try_from(position).unwrap_or(size));
        let goes_on = goes_on(done, size);
        if done >= size {
            break;
        }
        if !goes_on {
            return Ok(None);
        }
    }
    checkpoints.iter().rev().for_each(|left| verifier.checkpoint(&left.note));
    let mut report = verifier.finish();
    if report.size < size {
        let (first, last) = (report.size, size - 1);
        report.problems.push(Problem::Dropped { first, last });
        report.problem_count += 1;
    }
    Ok(Some(report))
}

fn read(verifier: &mut Verifier<'_>, one: &seal::Sealed) {
    let at = u64::try_from(one.position).unwrap_or(u64::MAX);
    match Body::from_bytes(&one.headed.entry.body) {
        Ok(body) => verifier.entry(at, &sealer::header(&one.headed), &body, Hash(one.hash)),
        Err(error) => {
            let reason = error.to_string();
            verifier.problem(Problem::Malformed { line: at, position: Some(at), reason });
            verifier.leaf(at, None, Hash(one.hash));
        }
    }
}
