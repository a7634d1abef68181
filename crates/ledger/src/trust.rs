//! What the auditor brings from outside of the house: keys, and checkpoints kept there. Apart from
//! `verify` because a checkpoint that cannot be used is an error of the call, not a finding.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::VerifyingKey;

/// What the auditor brings: the keys of the ledger, and signed checkpoints that were kept
/// outside of the house.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    pub keys: Vec<VerifyingKey>,
    /// Notes as they were received.
    pub notes: Vec<String>,
}

/// Why what the auditor brought cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// The note at `index` is not an acceptable checkpoint.
    Checkpoint { index: usize, error: CheckpointError },
    /// The notes are of more than one ledger.
    Origins(String, String),
}

impl fmt::Display for TrustError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrustError::Checkpoint { index, error } => {
                write!(out, "trusted checkpoint {}: {error}", index + 1)
            }
            TrustError::Origins(one, other) => {
                write!(out, "trusted checkpoints of two ledgers, {one:?} and {other:?}")
            }
        }
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// The checkpoints, each signed by one of the keys and all of one ledger.
    pub fn open_all(&self) -> Result<Vec<Checkpoint>, TrustError> {
        let mut opened: Vec<Checkpoint> = Vec::new();
        for (index, note) in self.notes.iter().enumerate() {
            let checkpoint = Checkpoint::open(note, &self.keys)
                .map_err(|error| TrustError::Checkpoint { index, error })?;
            if let Some(other) = opened.first().filter(|other| other.origin != checkpoint.origin) {
                return Err(TrustError::Origins(other.origin.clone(), checkpoint.origin));
            }
            opened.push(checkpoint);
        }
        Ok(opened)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::empty_root;
    use crate::key::Signer;
    use crate::note::NoteError;

    fn note(origin: &str, seed: u8) -> String {
        let signer = Signer::new("k", &[seed; 32]).unwrap();
        let (size, root) = (0, empty_root());
        let checkpoint = Checkpoint { origin: origin.into(), size, root, extensions: vec![] };
        checkpoint.sign(&signer).unwrap()
    }

    fn trust(notes: Vec<String>) -> Trust {
        let keys = vec![Signer::new("k", &[1; 32]).unwrap().verifying_key().clone()];
        Trust { keys, notes }
    }

    #[test]
    fn usable_checkpoints_are_opened() {
        let opened = trust(vec![note("a", 1), note("a", 1)]).open_all().unwrap();
        assert_eq!(opened.len(), 2);
        assert_eq!(opened[0].origin, "a");
        assert_eq!(trust(vec![]).open_all(), Ok(vec![]));
    }

    #[test]
    fn others_are_refused_with_their_place() {
        let error = CheckpointError::Note(NoteError::NoKnownKey);
        let unknown = TrustError::Checkpoint { index: 1, error };
        assert_eq!(trust(vec![note("a", 1), note("a", 2)]).open_all(), Err(unknown));
        let two = TrustError::Origins("a".into(), "b".into());
        assert_eq!(trust(vec![note("a", 1), note("b", 1)]).open_all(), Err(two));
        let malformed = trust(vec!["x".into()]).open_all();
        assert!(matches!(malformed, Err(TrustError::Checkpoint { index: 0, .. })));
    }
}
