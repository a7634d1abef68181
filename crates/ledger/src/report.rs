//! What a verification found: the figures, and each problem with its place. How it is found is
//! `verify`; apart because the command line, the web pages and tests read only this.

mod chinese;

use std::fmt;

use crate::hash::Hash;
use crate::id::Id;

/// As many problems are listed; the rest are counted, so that memory stays bounded.
pub const MAX_LISTED: usize = 1000;

/// Where a checkpoint came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Brought by the auditor, from outside of the house.
    Trusted,
    /// Found among what is verified.
    Inside,
}

/// One thing that is wrong. Positions count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A line (counted from 1) cannot be read; the position where that much can be read.
    Malformed { line: u64, position: Option<u64>, reason: String },
    /// The content of the entry does not give the leaf hash that was sealed for it.
    Altered { position: u64, entry: Id, sealed: Hash, computed: Hash },
    /// The sealed leaf hash is another than in the outside copy. The entry is unknown where its
    /// line could not be read.
    DiffersFromCopy { position: u64, entry: Option<Id>, sealed: Hash, copy: Hash },
    /// Entries from `first` to `last` are not there.
    Dropped { first: u64, last: u64 },
    /// The entry stands behind entries of higher positions.
    Reordered { position: u64, entry: Option<Id> },
    /// The position was already taken by an entry before.
    Repeated { position: u64, entry: Option<Id> },
    /// The position is beyond what a tree can hold.
    BeyondLimit { position: u64, entry: Option<Id> },
    /// The tree does not have the root that the checkpoint states for `size`. What is wrong is
    /// among the positions from `since`, up to which a checkpoint agreed, to below `size`.
    RootDiffers { source: Source, size: u64, since: u64, stated: Hash, computed: Hash },
    /// The trusted checkpoint states more entries than there are: the end is missing, or the
    /// database went back to an earlier state.
    Truncated { size: u64, found: u64 },
    /// The root at the trusted checkpoint's `size` cannot be computed, because the leaf at
    /// `missing` is not known.
    NotComparable { size: u64, missing: u64 },
    /// A checkpoint met before `position` is not acceptable; why, in words.
    BadCheckpoint { position: u64, reason: String },
    /// A checkpoint for `size` does not stand at its place but before `position`.
    Misplaced { size: u64, position: u64 },
    /// A checkpoint or the export itself names another ledger than the one expected.
    OtherOrigin { found: String, expected: String },
    /// The outside copy of leaf hashes does not have the trusted checkpoint's root at `size`:
    /// the copy itself is wrong.
    CopyDiffers { size: u64 },
    /// The outside copy has leaf hashes behind the last entry: the end is missing.
    CopyGoesOn { found: u64 },
    /// The export ends without its last line.
    Unended,
    /// The last line states another number of entries or checkpoints than there are.
    WrongCount { what: &'static str, stated: u64, found: u64 },
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Source::Trusted => "trusted checkpoint",
            Source::Inside => "checkpoint inside",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Problem::*;
        match self {
            Altered { .. }
            | DiffersFromCopy { .. }
            | Dropped { .. }
            | Reordered { .. }
            | Repeated { .. }
            | BeyondLimit { .. } => self.write_entry(out),
            RootDiffers { .. }
            | Truncated { .. }
            | NotComparable { .. }
            | BadCheckpoint { .. }
            | Misplaced { .. }
            | CopyDiffers { .. }
            | CopyGoesOn { .. } => self.write_checkpoint(out),
            Malformed { line, position: None, reason } => write!(out, "line {line}: {reason}"),
            Malformed { line, position: Some(position), reason } => {
                write!(out, "line {line} (position {position}): {reason}")
            }
            OtherOrigin { found, expected } => {
                write!(out, "of the ledger {found:?}, not {expected:?}")
            }
            Unended => out.write_str("the export ends without its last line"),
            WrongCount { what, stated, found } => {
                write!(out, "the last line states {stated} {what}, found {found}")
            }
        }
    }
}

impl Problem {
    fn write_entry(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Problem::*;
        match self {
            Altered { position, entry, .. } => {
                write!(out, "position {position}: entry {entry} was altered after sealing")
            }
            DiffersFromCopy { position, entry, .. } => {
                write!(out, "position {position}{}: not as in the outside copy", Of(entry))
            }
            Dropped { first, last } if first == last => {
                write!(out, "position {first}: the entry is missing")
            }
            Dropped { first, last } => {
                write!(out, "positions {first} to {last}: the entries are missing")
            }
            Reordered { position, entry } => {
                write!(out, "position {position}{}: out of order", Of(entry))
            }
            Repeated { position, entry } => {
                write!(out, "position {position}{}: the position occurs again", Of(entry))
            }
            BeyondLimit { position, entry } => {
                write!(out, "position {position}{}: no tree is that large", Of(entry))
            }
            _ => Ok(()),
        }
    }

    fn write_checkpoint(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Problem::*;
        match self {
            RootDiffers { source, size, since, .. } if since < size => {
                let last = size - 1;
                write!(
                    out,
                    "{source} at size {size}: another root; something from position \
                             {since} to {last} was altered, inserted or swapped"
                )
            }
            RootDiffers { source, size, .. } => {
                write!(out, "{source} at size {size}: another root than a checkpoint that agrees")
            }
            Truncated { size, found } => {
                write!(out, "trusted checkpoint at size {size}: only {found} entries are there")
            }
            NotComparable { size, missing } => {
                write!(
                    out,
                    "trusted checkpoint at size {size}: cannot be compared, as the leaf \
                             at position {missing} is not known"
                )
            }
            BadCheckpoint { position, reason } => {
                write!(out, "checkpoint before position {position}: {reason}")
            }
            Misplaced { size, position } => {
                write!(out, "checkpoint for size {size} stands before position {position}")
            }
            CopyDiffers { size } => {
                write!(out, "the outside copy disagrees with the trusted checkpoint at size {size}")
            }
            CopyGoesOn { found } => {
                write!(out, "the outside copy goes on behind the last of {found} entries")
            }
            _ => Ok(()),
        }
    }
}

/// Shows the entry's id where it is known.
struct Of<'a>(&'a Option<Id>);

impl fmt::Display for Of<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(entry) => write!(out, ", entry {entry}"),
            None => Ok(()),
        }
    }
}

/// The outcome of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Report {
    /// Entries read, in place or not.
    pub entries: u64,
    /// The size of the tree: one more than the highest position in place.
    pub size: u64,
    /// The root at `size`; none if a leaf on the way is not known.
    pub root: Option<Hash>,
    /// Fields of which only the commitment is left.
    pub erased_fields: u64,
    /// Checkpoints found inside that are signed, in place and agree.
    pub checkpoints: u64,
    /// The largest size at which a trusted checkpoint agrees: entries below it are proven
    /// against evidence from outside.
    pub proven: u64,
    /// The largest size at which a checkpoint found inside agrees: as good as the secrecy of
    /// the signing key.
    pub signed: u64,
    /// The first [`MAX_LISTED`] problems, in the order in which they were found.
    pub problems: Vec<Problem>,
    /// All problems, listed or not.
    pub problem_count: u64,
}

impl Report {
    /// True if nothing is wrong. How much that says, `proven` and `signed` tell: entries from
    /// there on are consistent with themselves only.
    pub fn is_sound(&self) -> bool {
        self.problem_count == 0
    }

    /// Adds a problem: counted always, listed while there is room.
    pub(crate) fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < MAX_LISTED {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_name_their_place() {
        let entry = Id([0xab; 16]);
        let hash = Hash([0; 32]);
        let table = [
            (
                Problem::Altered { position: 7, entry, sealed: hash, computed: hash },
                "position 7: entry abababab-abab-abab-abab-abababababab was altered after sealing",
            ),
            (Problem::Dropped { first: 3, last: 3 }, "position 3: the entry is missing"),
            (Problem::Dropped { first: 3, last: 5 }, "positions 3 to 5: the entries are missing"),
            (Problem::Reordered { position: 3, entry: None }, "position 3: out of order"),
            (
                Problem::RootDiffers {
                    source: Source::Trusted,
                    size: 8,
                    since: 4,
                    stated: hash,
                    computed: hash,
                },
                "trusted checkpoint at size 8: another root; something from position 4 to 7 was \
                 altered, inserted or swapped",
            ),
            (
                Problem::Malformed { line: 9, position: Some(2), reason: "no".into() },
                "line 9 (position 2): no",
            ),
        ];
        for (problem, wanted) in table {
            assert_eq!(problem.to_string(), wanted);
        }
    }

    #[test]
    fn the_list_is_bounded_and_the_count_is_not() {
        let mut report = Report::default();
        assert!(report.is_sound());
        for _ in 0..MAX_LISTED + 5 {
            report.add(Problem::Unended);
        }
        assert!(!report.is_sound());
        assert_eq!(report.problems.len(), MAX_LISTED);
        assert_eq!(report.problem_count, MAX_LISTED as u64 + 5);
    }
}
