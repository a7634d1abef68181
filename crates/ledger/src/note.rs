//! Signed notes (C2SP signed-note): a text and the signatures over it, their written form, and
//! the decision whether a known key signed. What the text says is not judged here; for a
//! checkpoint that is `checkpoint`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{Signer, VerifyingKey, is_key_name};

/// The longest note that is read, in bytes. Far above what 16 signatures need.
pub const MAX_NOTE_BYTES: usize = 1 << 20;

/// A signature line: the key's name, its id, and the signature proper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    pub name: String,
    pub id: [u8; 4],
    pub bytes: Vec<u8>,
}

/// A text, ending in a newline, and the signatures under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// Why a note is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It is not a note; the reason in words.
    Malformed(&'static str),
    /// No signature is by a known key.
    NoKnownKey,
    /// A known key's signature does not fit the text; the key's name.
    BadSignature(String),
}

impl fmt::Display for NoteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoteError::Malformed(reason) => write!(out, "malformed note: {reason}"),
            NoteError::NoKnownKey => out.write_str("no signature by a known key"),
            NoteError::BadSignature(name) => write!(out, "the signature by {name} is wrong"),
        }
    }
}

impl std::error::Error for NoteError {}

impl Note {
    /// A note without signatures yet. The text ends in a newline and holds no other control
    /// character.
    pub fn new(text: &str) -> Result<Note, NoteError> {
        if !text.ends_with('\n') || text == "\n" {
            return Err(NoteError::Malformed("the text does not end in a newline"));
        }
        if text.contains(|letter: char| letter < ' ' && letter != '\n') {
            return Err(NoteError::Malformed("a control character"));
        }
        Ok(Note { text: text.to_string(), signatures: Vec::new() })
    }

    /// Reads a signed note, with at least one signature.
    pub fn parse(note: &str) -> Result<Note, NoteError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::Malformed("too long"));
        }
        // The last empty line divides, as the text itself may hold empty lines.
        let divide = note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line"))?;
        let (text, lines) = (&note[..=divide], &note[divide + 2..]);
        let lines =
            lines.strip_suffix('\n').ok_or(NoteError::Malformed("the last line is not ended"))?;
        let mut found = Note::new(text)?;
        for line in lines.split('\n') {
            let signature = read_signature(line);
            let malformed = NoteError::Malformed("a line that is not a signature");
            found.signatures.push(signature.ok_or(malformed)?);
        }
        Ok(found)
    }

    /// The text, with the newline that ends it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in their order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature over the text.
    pub fn sign(&mut self, signer: &Signer) {
        let (key, bytes) = (signer.verifying_key(), signer.sign(self.text.as_bytes()));
        let (name, id) = (key.name().to_string(), key.id());
        self.signatures.push(NoteSignature { name, id, bytes: bytes.to_vec() });
    }

    /// Accepts if a known key signed and no signature of a known key is wrong. Signatures of
    /// unknown keys count for nothing either way (C2SP signed-note, "Signatures").
    pub fn verify(&self, known: &[VerifyingKey]) -> Result<(), NoteError> {
        let mut signed = false;
        for signature in &self.signatures {
            let matches =
                |key: &&VerifyingKey| key.name() == signature.name && key.id() == signature.id;
            let Some(key) = known.iter().find(matches) else { continue };
            if !key.accepts(self.text.as_bytes(), &signature.bytes) {
                return Err(NoteError::BadSignature(signature.name.clone()));
            }
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::NoKnownKey) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.text)?;
        for signature in &self.signatures {
            let bytes = [&signature.id[..], &signature.bytes].concat();
            writeln!(out, "— {} {}", signature.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

fn read_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, rest) = bytes.split_first_chunk::<4>()?;
    let usable = is_key_name(name) && !rest.is_empty();
    usable.then(|| NoteSignature { name: name.to_string(), id: *id, bytes: rest.to_vec() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    // The example of golang.org/x/mod/sumdb/note, the reference implementation.
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n";
    const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFY\
                        C2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    fn published() -> String {
        format!("{TEXT}\n{LINE}")
    }

    fn keys() -> Vec<VerifyingKey> {
        vec![VerifyingKey::parse(KEY).unwrap()]
    }

    #[test]
    fn the_published_note_is_made_and_accepted() {
        let note = Note::parse(&published()).unwrap();
        assert_eq!(note.text(), TEXT);
        assert_eq!(note.verify(&keys()), Ok(()));
        assert_eq!(note.to_string(), published());
        let secret = STANDARD.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
        let signer = Signer::new("PeterNeumann", &secret[1..].try_into().unwrap()).unwrap();
        let mut made = Note::new(TEXT).unwrap();
        made.sign(&signer);
        assert_eq!(made.to_string(), published());
    }

    #[test]
    fn flipped_bits_are_found_in_every_byte() {
        let bytes = published().into_bytes();
        for at in 0..bytes.len() {
            // Bit 5 turns the case of a letter; a third bit varies with the place.
            for bit in [0, 5, at % 8] {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                let Ok(wrong) = String::from_utf8(wrong) else { continue };
                let verdict = Note::parse(&wrong).and_then(|note| note.verify(&keys()));
                assert!(verdict.is_err(), "byte {at} bit {bit}: {wrong}");
            }
        }
    }

    #[test]
    fn unknown_keys_count_for_nothing() {
        let stranger = Signer::new("PeterNeumann", &[9; 32]).unwrap();
        let mut note = Note::parse(&published()).unwrap();
        note.sign(&stranger);
        assert_eq!(note.verify(&keys()), Ok(()));
        assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));
        let mut alone = Note::new(TEXT).unwrap();
        alone.sign(&stranger);
        assert_eq!(alone.verify(&keys()), Err(NoteError::NoKnownKey));
        assert_eq!(alone.verify(&[stranger.verifying_key().clone()]), Ok(()));
    }

    #[test]
    fn one_wrong_signature_of_a_known_key_is_enough() {
        let mut note = Note::parse(&published()).unwrap();
        let mut wrong = note.signatures[0].clone();
        wrong.bytes[5] ^= 1;
        note.signatures.push(wrong);
        assert_eq!(note.verify(&keys()), Err(NoteError::BadSignature("PeterNeumann".into())));
    }

    #[test]
    fn malformed_notes_are_refused() {
        let note = published();
        for wrong in [
            String::new(),
            "\n\n".into(),
            TEXT.into(),
            format!("{TEXT}\n"),
            note.trim_end().into(),
            note.replace("— ", "- "),
            note.replace("— ", "—  "),
            note.replace("know", "\tnow"),
            format!("{note}\n"),
            format!("{note}more\n"),
            format!("{TEXT}\n— PeterNeumann x08gow==\n"),
            "a".repeat(MAX_NOTE_BYTES + 1),
        ] {
            let verdict = Note::parse(&wrong);
            assert!(matches!(verdict, Err(NoteError::Malformed(_))), "{wrong:.60}: {verdict:?}");
        }
    }
}
