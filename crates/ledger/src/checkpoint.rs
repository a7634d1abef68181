//! Checkpoints (C2SP tlog-checkpoint): the size and root of the tree at an instant, signed. Held
//! outside of the house, a checkpoint is what tampering is found against. Signing and its
//! written form are `note`; whether a tree agrees with a checkpoint is `verify`.
//!
//! The text: the origin; the size, decimal; the root, base64; then any extension lines, which
//! are not empty. We use extension lines for the branch and the instant, as
//! `branch 2` or `time 2026-11-23T07:00:00Z`; they are signed but prove nothing about the tree.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::MAX_SIZE;
use crate::hash::Hash;
use crate::key::{Signer, VerifyingKey};
use crate::note::{Note, NoteError};

/// What a checkpoint states: that the tree of `origin` with `size` leaves has this `root`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger: not empty, one line; by custom an address without scheme, and the same as
    /// the name of the key.
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    /// Further lines, each not empty.
    pub extensions: Vec<String>,
}

/// Why a checkpoint is not accepted, or cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The note around it is at fault.
    Note(NoteError),
    /// The text is not that of a checkpoint; which part, in words.
    Text(&'static str),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckpointError::Note(error) => error.fmt(out),
            CheckpointError::Text(part) => write!(out, "malformed checkpoint: {part}"),
        }
    }
}

impl std::error::Error for CheckpointError {}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> CheckpointError {
        CheckpointError::Note(error)
    }
}

impl Checkpoint {
    /// Signs: the written form of the note. Refused if a line is empty or holds a line break.
    pub fn sign(&self, signer: &Signer) -> Result<String, CheckpointError> {
        let text = self.text();
        // Reading it back shows whether a line break in a part would change what is said.
        if Checkpoint::from_text(&text)? != *self {
            return Err(CheckpointError::Text("a line break within a line"));
        }
        let mut note = Note::new(&text)?;
        note.sign(signer);
        Ok(note.to_string())
    }

    /// Reads a signed checkpoint and accepts it if a known key signed it, see [`Note::verify`].
    pub fn open(note: &str, known: &[VerifyingKey]) -> Result<Checkpoint, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(known)?;
        Checkpoint::from_text(note.text())
    }

    /// The text that is signed, with the newline that ends it.
    pub fn text(&self) -> String {
        let mut text =
            format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text alone. Of a signed note this is only to be believed after
    /// [`Note::verify`].
    pub fn from_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Text("end of the text"))?;
        let lines: Vec<&str> = lines.split('\n').collect();
        if lines.iter().any(|line| line.is_empty()) {
            return Err(CheckpointError::Text("an empty line"));
        }
        let [origin, size, root, extensions @ ..] = &lines[..] else {
            return Err(CheckpointError::Text("fewer than three lines"));
        };
        Ok(Checkpoint {
            origin: origin.to_string(),
            size: read_size(size).ok_or(CheckpointError::Text("size"))?,
            root: read_root(root).ok_or(CheckpointError::Text("root"))?,
            extensions: extensions.iter().map(|line| line.to_string()).collect(),
        })
    }
}

/// A size has one written form: decimal digits, no sign, no leading zero.
fn read_size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text && size <= MAX_SIZE).then_some(size)
}

fn read_root(text: &str) -> Option<Hash> {
    Hash::from_slice(&STANDARD.decode(text).ok()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn sample() -> Checkpoint {
        Checkpoint {
            origin: "example.com/ledger".into(),
            size: 20_852_163,
            root: leaf_hash(b"root"),
            extensions: vec!["branch 2".into(), "time 2026-11-23T07:00:00Z".into()],
        }
    }

    fn signer() -> Signer {
        Signer::new("example.com/ledger", &[5; 32]).unwrap()
    }

    #[test]
    fn signed_and_opened() {
        let signer = signer();
        let keys = [signer.verifying_key().clone()];
        for extensions in [Vec::new(), sample().extensions] {
            let checkpoint = Checkpoint { extensions, ..sample() };
            let note = checkpoint.sign(&signer).unwrap();
            assert_eq!(Checkpoint::open(&note, &keys), Ok(checkpoint));
            let stranger = [Signer::new("x", &[6; 32]).unwrap().verifying_key().clone()];
            let unknown = Err(CheckpointError::Note(NoteError::NoKnownKey));
            assert_eq!(Checkpoint::open(&note, &stranger), unknown);
        }
    }

    #[test]
    fn the_example_of_the_specification_is_read() {
        let text = "example.com/behind-the-sofa\n20852163\n\
                    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::from_text(text).unwrap();
        assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
        assert_eq!(checkpoint.size, 20_852_163);
        assert_eq!(checkpoint.root.0[..3], [0x0a, 0xc5, 0x18]);
        assert_eq!(checkpoint.text(), text);
    }

    #[test]
    fn what_would_read_differently_is_not_signed() {
        for wrong in [
            Checkpoint { origin: String::new(), ..sample() },
            Checkpoint { origin: "a\nb".into(), ..sample() },
            Checkpoint { origin: "a\tb".into(), ..sample() },
            Checkpoint { extensions: vec![String::new()], ..sample() },
            Checkpoint { extensions: vec!["a\nb".into()], ..sample() },
            Checkpoint { size: u64::MAX, ..sample() },
        ] {
            assert!(wrong.sign(&signer()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn malformed_texts_are_refused() {
        let good = sample().text();
        assert!(Checkpoint::from_text(&good).is_ok());
        for (from, to) in [
            ("20852163", "020852163"),
            ("20852163", "+20852163"),
            ("20852163", "-1"),
            ("20852163", "99999999999999999999"),
            ("20852163\n", ""),
            ("branch", "\nbranch"),
            ("=\n", "\n"),
            ("Z\n", "Z"),
            ("example.com/ledger", ""),
        ] {
            let wrong = good.replacen(from, to, 1);
            assert_ne!(wrong, good);
            assert!(Checkpoint::from_text(&wrong).is_err(), "{wrong:?}");
        }
    }
}
