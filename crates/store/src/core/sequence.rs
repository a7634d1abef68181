//! `sequence(name, next)`: numbers that are never given twice, over all processes: keys of
//! records (`key`), the numbers of each record type. A process takes them in blocks and hands them
//! out from memory, so that a new record costs no write for its number.
//!
//! Numbers ascend within a process; between processes they interleave by blocks. What is left of
//! a block at shutdown is given back where nobody took the next one; after a kill it is a gap.

use crate::database::{Database, Failure, Statement, Unit};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The first number of a sequence that nobody raised.
const FIRST: i64 = 1;
/// A first block; each next one is twice as large, so that a rare sequence leaves small gaps and
/// a busy one seldom asks.
const SMALLEST: i64 = 4;
const LARGEST: i64 = 4096;

/// Hands out the numbers of all sequences of one database for one process.
pub struct Sequences {
    database: Database,
    blocks: Mutex<HashMap<Arc<str>, Arc<Mutex<Block>>>>,
}

/// Numbers that are ours.
#[derive(Default)]
struct Block {
    next: i64,
    end: i64,
    size: i64,
}

impl Sequences {
    pub fn new(database: Database) -> Sequences {
        Sequences { database, blocks: Mutex::default() }
    }

    /// The next number of the sequence.
    ///
    /// # Errors
    /// [`Failure`] where a new block cannot be taken.
    pub fn next(&self, name: &str) -> Result<i64, Failure> {
        let block = self.block(name);
        let mut block = lock(&block);
        if block.next == block.end {
            let size = (block.size * 2).clamp(SMALLEST, LARGEST);
            let taken = take(&self.database, name, size)?;
            *block = Block { next: taken.start, end: taken.end, size };
        }
        block.next += 1;
        Ok(block.next - 1)
    }

    /// Several numbers in a row, for a large import.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn run(&self, name: &str, count: usize) -> Result<Range<i64>, Failure> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let block = self.block(name);
        let mut block = lock(&block);
        if block.end - block.next < count {
            return take(&self.database, name, count);
        }
        block.next += count;
        Ok(block.next - count..block.next)
    }

    /// Gives out no number up to this one, which came from outside ([`raise_above`] tells the
    /// other processes; what they hold in memory they find taken).
    pub fn skip(&self, name: &str, number: i64) {
        let block = self.block(name);
        let mut block = lock(&block);
        block.next = block.next.max(number.saturating_add(1)).min(block.end);
    }

    /// Writes what is left of each block back where the block is the newest; for shutdown.
    ///
    /// # Errors
    /// [`Failure`]; the numbers are then a gap, nothing worse.
    pub fn give_back(&self) -> Result<(), Failure> {
        let mut unit = Unit::new();
        for (name, block) in lock(&self.blocks).iter() {
            let mut block = lock(block);
            if block.next < block.end {
                let matching = [("name", (&**name).into()), ("next", block.end.into())];
                unit.update_where("sequence", &[("next", block.next.into())], &matching, None);
            }
            *block = Block::default();
        }
        self.database.write(unit)
    }

    fn block(&self, name: &str) -> Arc<Mutex<Block>> {
        let mut blocks = lock(&self.blocks);
        if let Some(block) = blocks.get(name) {
            return block.clone();
        }
        blocks.entry(name.into()).or_default().clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a block from the database.
///
/// # Errors
/// [`Failure`]; after [`Failure::Unknown`] the block may be a gap.
pub fn take(database: &Database, name: &str, count: i64) -> Result<Range<i64>, Failure> {
    let sql = "INSERT INTO \"sequence\" (\"name\", \"next\") VALUES (?1, ?2) \
               ON CONFLICT (\"name\") DO UPDATE SET \"next\" = \"sequence\".\"next\" + ?3 \
               RETURNING \"next\"";
    let cells = [name.into(), (FIRST + count).into(), count.into()];
    let rows = database.write_rows(Statement::new(sql, cells).into())?;
    let end = rows.first().and_then(|row| row.first()?.integer());
    let end = end.ok_or_else(|| Failure::Fault(format!("no block of {name}")))?;
    Ok(end - count..end)
}

/// Raises the sequence above a number that came from outside, in the unit that writes it.
pub fn raise_above(unit: &mut Unit, name: &str, number: i64) {
    let sql = "INSERT INTO \"sequence\" (\"name\", \"next\") VALUES (?1, ?2) \
               ON CONFLICT (\"name\") DO UPDATE SET \"next\" = excluded.\"next\" \
               WHERE \"sequence\".\"next\" < excluded.\"next\"";
    unit.push(Statement::new(sql, [name.into(), (number + 1).into()]));
}
