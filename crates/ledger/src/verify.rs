//! The verifier's core: fed with entries and checkpoints in order of position, from an export
//! or from a live database, it answers a [`Report`]. It reads no lines (that is `export`) and
//! keeps of the entries only the frontier, so that its memory does not grow with the ledger.
//!
//! | what was done | what is found |
//! | --- | --- |
//! | content changed | `Altered`: the sealed leaf hash names the entry |
//! | content and hash changed alike | `RootDiffers` with the range between two checkpoints |
//! | the same, given an outside copy of leaf hashes | `DiffersFromCopy` names the entry |
//! | entry removed, position left open | `Dropped` |
//! | entries removed, inserted or swapped, positions given anew | as in the two lines above |
//! | entries in another order | `Reordered` |
//! | entry repeated | `Repeated` |
//! | end removed, database set back | `Truncated` against a trusted checkpoint, `CopyGoesOn` |
//! | checkpoint replaced | `BadCheckpoint`, `Misplaced`, `RootDiffers` or `OtherOrigin` |
//!
//! What lies behind the last trusted checkpoint is as safe as the signing key; what lies behind
//! the last checkpoint of all can be cut off or rewritten without being found.

use crate::MAX_SIZE;
use crate::body::{Body, Field};
use crate::checkpoint::Checkpoint;
use crate::entry::{Header, entry_leaf};
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::id::Id;
use crate::key::VerifyingKey;
use crate::report::{MAX_LISTED, Problem, Report, Source};
use crate::trust::{Trust, TrustError};

/// An independent list of leaf hashes, and the tree over it as far as it was read in order.
struct LeafCopy<'a> {
    leaf: Box<dyn FnMut(u64) -> Option<Hash> + 'a>,
    tree: Frontier,
}

/// The verification under way. Feed [`Verifier::entry`] by rising position and
/// [`Verifier::checkpoint`] where the checkpoint's size is reached; then [`Verifier::finish`].
pub struct Verifier<'a> {
    keys: Vec<VerifyingKey>,
    origin: Option<String>,
    /// Trusted checkpoints not yet reached, the next one last.
    waiting: Vec<Checkpoint>,
    tree: Frontier,
    /// The position that comes next; the size of the tree while all leaves are known.
    next: u64,
    /// The first position whose leaf is not known: from there on there is no root.
    unknown: Option<u64>,
    /// Runs of positions passed over that did not turn up yet, first and last.
    gaps: Vec<(u64, u64)>,
    copy: Option<LeafCopy<'a>>,
    report: Report,
}

impl<'a> Verifier<'a> {
    /// A verifier from position 0 on.
    pub fn new(trust: &Trust) -> Result<Verifier<'a>, TrustError> {
        Verifier::resume(trust, Frontier::new())
    }

    /// A verifier from the position `tree.size()` on. The frontier may come from the database
    /// that is verified: it is proven right when a trusted checkpoint agrees, be it at the
    /// frontier's own size. Trusted checkpoints of smaller sizes are left out.
    pub fn resume(trust: &Trust, tree: Frontier) -> Result<Verifier<'a>, TrustError> {
        let mut waiting = trust.open_all()?;
        let origin = waiting.first().map(|checkpoint| checkpoint.origin.clone());
        waiting.retain(|checkpoint| checkpoint.size >= tree.size());
        waiting.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        let mut verifier = Verifier {
            keys: trust.keys.clone(),
            origin,
            waiting,
            next: tree.size(),
            tree,
            unknown: None,
            gaps: Vec::new(),
            copy: None,
            report: Report::default(),
        };
        verifier.compare_reached();
        Ok(verifier)
    }

    /// Adds an independent list of leaf hashes: position -> leaf hash, `None` where the copy has
    /// none. With it, an altered position is named even if its sealed hash was altered alike.
    pub fn with_copy(mut self, leaf: impl FnMut(u64) -> Option<Hash> + 'a) -> Verifier<'a> {
        self.copy = Some(LeafCopy { leaf: Box::new(leaf), tree: self.tree.clone() });
        self
    }

    /// The position that is expected next.
    pub fn next_position(&self) -> u64 {
        self.next
    }

    /// States of which ledger this is. A problem if trusted checkpoints are of another.
    pub fn origin(&mut self, found: &str) {
        match &self.origin {
            Some(expected) if expected != found => {
                let (found, expected) = (found.to_string(), expected.clone());
                self.report.add(Problem::OtherOrigin { found, expected });
            }
            Some(_) => (),
            None => self.origin = Some(found.to_string()),
        }
    }

    /// Takes an entry: its position, its content, and the leaf hash kept since it was sealed.
    pub fn entry(&mut self, position: u64, header: &Header, body: &Body, sealed: Hash) {
        let computed = entry_leaf(header, body);
        let entry = header.entry;
        if computed != sealed {
            self.report.add(Problem::Altered { position, entry, sealed, computed });
        }
        let erased = body.fields().iter().filter(|field: &&Field| field.is_erased()).count();
        self.report.erased_fields += erased as u64;
        self.leaf(position, Some(entry), sealed);
    }

    /// Takes the sealed leaf hash alone, of an entry whose content cannot be read. The caller
    /// reports that as a problem; the tree goes on.
    pub fn leaf(&mut self, position: u64, entry: Option<Id>, sealed: Hash) {
        self.report.entries += 1;
        if position >= MAX_SIZE {
            return self.report.add(Problem::BeyondLimit { position, entry });
        }
        if position < self.next {
            return self.late(position, entry);
        }
        if position > self.next {
            self.pass_over(position);
        }
        if let Some(copy) = self.copy_at(position).filter(|copy| *copy != sealed) {
            self.report.add(Problem::DiffersFromCopy { position, entry, sealed, copy });
        }
        self.place(Some(sealed));
    }

    /// Takes a checkpoint found among what is verified. It stands where its size is reached:
    /// behind the entry at `size - 1`, before that at `size`.
    pub fn checkpoint(&mut self, note: &str) {
        let checkpoint = match Checkpoint::open(note, &self.keys) {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                let (position, reason) = (self.next, error.to_string());
                return self.report.add(Problem::BadCheckpoint { position, reason });
            }
        };
        self.origin(&checkpoint.origin);
        if checkpoint.size != self.next {
            let (size, position) = (checkpoint.size, self.next);
            return self.report.add(Problem::Misplaced { size, position });
        }
        self.compare(&checkpoint, Source::Inside);
    }

    /// Adds a problem that the caller found, such as a line that cannot be read.
    pub fn problem(&mut self, problem: Problem) {
        self.report.add(problem);
    }

    /// Ends the verification: what is still missing becomes a problem.
    pub fn finish(mut self) -> Report {
        self.gaps.sort_unstable();
        for (first, last) in std::mem::take(&mut self.gaps) {
            self.report.add(Problem::Dropped { first, last });
        }
        let found = self.next;
        if self.copy_at(found).is_some() {
            self.report.add(Problem::CopyGoesOn { found });
        }
        while let Some(Checkpoint { size, .. }) = self.waiting.pop() {
            self.report.add(Problem::Truncated { size, found });
        }
        self.report.size = self.next;
        self.report.root = self.unknown.is_none().then(|| self.tree.root());
        self.report
    }

    /// An entry behind the place where it belongs: one that was missed, or one too many.
    fn late(&mut self, position: u64, entry: Option<Id>) {
        let inside = |gap: &&(u64, u64)| gap.0 <= position && position <= gap.1;
        let Some(at) = self.gaps.iter().position(|gap| inside(&gap)) else {
            return self.report.add(Problem::Repeated { position, entry });
        };
        let (first, last) = self.gaps.swap_remove(at);
        if first < position {
            self.keep_gap(first, position - 1);
        }
        if position < last {
            self.keep_gap(position + 1, last);
        }
        self.report.add(Problem::Reordered { position, entry });
    }

    /// Goes on to `position` without the entries between, with the copy's leaves if it has them.
    fn pass_over(&mut self, position: u64) {
        self.keep_gap(self.next, position - 1);
        while self.next < position {
            let leaf = self.copy_at(self.next);
            if leaf.is_none() {
                // No root from here on, so the rest of the gap is passed in one step.
                self.unknown = self.unknown.or(Some(self.next));
                self.next = position - 1;
            }
            self.place(leaf);
        }
    }

    /// Remembers a gap, in case its entries turn up; too many are reported at once, so that
    /// memory stays bounded.
    fn keep_gap(&mut self, first: u64, last: u64) {
        if self.gaps.len() < MAX_LISTED {
            self.gaps.push((first, last));
        } else {
            self.report.add(Problem::Dropped { first, last });
        }
    }

    /// Puts the leaf at the next position, if it is known, and compares what is reached.
    fn place(&mut self, leaf: Option<Hash>) {
        match leaf {
            Some(leaf) if self.unknown.is_none() => self.tree.append(leaf, &mut Vec::new()),
            Some(_) => (),
            None => self.unknown = self.unknown.or(Some(self.next)),
        }
        self.next += 1;
        self.compare_reached();
    }

    /// The copy's leaf at `position`, and one leaf more in the copy's tree.
    fn copy_at(&mut self, position: u64) -> Option<Hash> {
        let copy = self.copy.as_mut()?;
        let leaf = (copy.leaf)(position)?;
        if copy.tree.size() == position {
            copy.tree.append(leaf, &mut Vec::new());
        }
        Some(leaf)
    }

    /// Compares the trusted checkpoints whose size is reached or was passed over.
    fn compare_reached(&mut self) {
        while let Some(checkpoint) = self.waiting.pop_if(|waiting| waiting.size <= self.next) {
            let size = checkpoint.size;
            if let Some(missing) = self.unknown.filter(|missing| *missing < size) {
                self.report.add(Problem::NotComparable { size, missing });
            } else {
                self.compare(&checkpoint, Source::Trusted);
            }
            let copy_root = self.copy.as_ref().filter(|copy| copy.tree.size() == size);
            if copy_root.is_some_and(|copy| copy.tree.root() != checkpoint.root) {
                self.report.add(Problem::CopyDiffers { size });
            }
        }
    }

    /// Compares a checkpoint at the size of the tree. Without a root an inside one is passed
    /// over: the gap before it is a problem already.
    fn compare(&mut self, checkpoint: &Checkpoint, source: Source) {
        if self.unknown.is_some() {
            return;
        }
        let (size, stated, computed) = (checkpoint.size, checkpoint.root, self.tree.root());
        if stated != computed {
            // A trusted checkpoint is set against trusted ones only: who has the signing key
            // can make those inside agree with anything.
            let since = match source {
                Source::Trusted => self.report.proven,
                Source::Inside => self.report.proven.max(self.report.signed),
            };
            let problem = Problem::RootDiffers { source, size, since, stated, computed };
            return self.report.add(problem);
        }
        match source {
            Source::Trusted => self.report.proven = size,
            Source::Inside => {
                self.report.signed = size;
                self.report.checkpoints += 1;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, root_of};
    use crate::key::Signer;

    // What needs whole entries and exports is in tests/tamper.rs; here are bare leaves.

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    fn trust(leaves: &[Hash], sizes: &[usize]) -> Trust {
        let signer = Signer::new("k", &[1; 32]).unwrap();
        let note = |size: &usize| {
            let root = root_of(&leaves[..*size]);
            let origin = "k".to_string();
            let checkpoint = Checkpoint { origin, size: *size as u64, root, extensions: vec![] };
            checkpoint.sign(&signer).unwrap()
        };
        let notes = sizes.iter().map(note).collect();
        Trust { keys: vec![signer.verifying_key().clone()], notes }
    }

    fn feed(mut verifier: Verifier, leaves: &[Hash], order: &[u64]) -> Report {
        for position in order {
            verifier.leaf(*position, None, leaves[*position as usize]);
        }
        verifier.finish()
    }

    fn shown(report: &Report) -> Vec<String> {
        report.problems.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn trusted_checkpoints_may_come_in_any_order_and_reach_from_the_start() {
        let leaves = leaves(9);
        let verifier = Verifier::new(&trust(&leaves, &[8, 0, 5])).unwrap();
        let report = feed(verifier, &leaves, &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(shown(&report), [""; 0]);
        assert_eq!((report.entries, report.size, report.proven), (9, 9, 8));
        assert_eq!(report.root, Some(root_of(&leaves)));
    }

    #[test]
    fn verification_goes_on_from_a_frontier() {
        let leaves = leaves(9);
        let mut frontier = Frontier::new();
        frontier.append_all(&leaves[..5]);
        let verifier = Verifier::resume(&trust(&leaves, &[3, 5, 9]), frontier).unwrap();
        let report = feed(verifier, &leaves, &[5, 6, 7, 8]);
        assert_eq!(shown(&report), [""; 0]);
        assert_eq!((report.entries, report.size, report.proven), (4, 9, 9));
        let mut false_start = Frontier::new();
        false_start.append_all(&[leaves[0]; 5]);
        let verifier = Verifier::resume(&trust(&leaves, &[5]), false_start).unwrap();
        let report = feed(verifier, &leaves, &[5]);
        assert!(matches!(report.problems[..], [Problem::RootDiffers { size: 5, .. }]));
    }

    #[test]
    fn late_entries_leave_the_gap_that_is_left() {
        let leaves = leaves(9);
        let verifier = Verifier::new(&trust(&leaves, &[1, 9])).unwrap();
        let report = feed(verifier, &leaves, &[0, 7, 3, 3, 8]);
        let wanted = [
            "position 3: out of order",
            "position 3: the position occurs again",
            "trusted checkpoint at size 9: cannot be compared, as the leaf at position 1 is not \
             known",
            "positions 1 to 2: the entries are missing",
            "positions 4 to 6: the entries are missing",
        ];
        assert_eq!(shown(&report), wanted);
        assert_eq!((report.proven, report.root), (1, None));
    }

    #[test]
    fn a_copy_bridges_a_gap_and_is_judged_itself() {
        let leaves = leaves(6);
        let verifier = Verifier::new(&trust(&leaves, &[6])).unwrap();
        let copy = leaves.clone();
        let verifier = verifier.with_copy(move |at| copy.get(at as usize).copied());
        let report = feed(verifier, &leaves, &[0, 1, 4, 5]);
        assert_eq!(shown(&report), ["positions 2 to 3: the entries are missing"]);
        assert_eq!((report.proven, report.root), (6, Some(root_of(&leaves))));

        let mut wrong = leaves.clone();
        wrong[2] = leaf_hash(b"");
        let verifier = Verifier::new(&trust(&leaves, &[6])).unwrap();
        let verifier = verifier.with_copy(move |at| wrong.get(at as usize).copied());
        let report = feed(verifier, &leaves, &[0, 1, 2, 3, 4, 5]);
        let wanted = [
            "position 2: not as in the outside copy",
            "the outside copy disagrees with the trusted checkpoint at size 6",
        ];
        assert_eq!(shown(&report), wanted);
    }

    #[test]
    fn hostile_positions_cost_neither_time_nor_memory() {
        let mut verifier = Verifier::new(&Trust::default()).unwrap();
        let leaf = leaf_hash(b"");
        verifier.leaf(u64::MAX, None, leaf);
        for step in 1..=2 * MAX_LISTED as u64 {
            verifier.leaf(step * (1 << 40), None, leaf);
        }
        assert_eq!(verifier.gaps.len(), MAX_LISTED);
        for step in 0..MAX_LISTED as u64 {
            verifier.leaf(2 * step + 1, None, leaf);
        }
        assert_eq!(verifier.gaps.len(), MAX_LISTED);
        let report = verifier.finish();
        assert_eq!(report.problems.len(), MAX_LISTED);
        assert_eq!(report.root, None);
    }
}
