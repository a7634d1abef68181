//! Several files in one stream of bytes, and from it into a folder.
//!
//! | bytes of a part | |
//! | --- | --- |
//! | 1 | length of the name |
//! | n | the name: letters, digits, `_` and `.`, at most one folder before it, no other path |
//! | 4 | length of the rest, lowest byte first |
//! | m | what goes on in that file |

use crate::failure::{Failure, Result};
use crate::folder;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// One part. Names are the program's own and short.
pub fn pack(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut part = Vec::with_capacity(name.len() + bytes.len() + 5);
    part.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    part.extend(name.bytes().take(usize::from(u8::MAX)));
    part.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    part.extend(bytes);
    part
}

/// A folder whose files are written part by part. It gets its name when it is whole.
pub struct Folder {
    path: PathBuf,
    part: PathBuf,
    files: HashMap<String, File>,
    /// The file in a folder below that was last begun. There may be any number of these, so each
    /// comes in one piece and is whole when another begins.
    below: Option<(String, File)>,
    /// Received, and not yet a whole part.
    waiting: Vec<u8>,
}

impl Folder {
    /// A new folder, private to its owner.
    ///
    /// # Errors
    /// Refused where there is one of that name that holds anything.
    pub fn new(path: &Path) -> Result<Folder> {
        if path.exists() && !folder::is_empty(path) {
            let shown = path.display();
            return Err(Failure::refused(
                "not-empty",
                format!("{shown} is there and not empty; name another folder."),
                format!("{shown} 已存在且不为空，请另选目录。"),
            ));
        }
        let part = folder::beside(path, "part");
        folder::remove_folder(&part)?;
        folder::make(&part)?;
        let (files, below, waiting) = Default::default();
        Ok(Folder { path: path.to_path_buf(), part, files, below, waiting })
    }

    /// Takes some more of the stream, cut anywhere.
    ///
    /// # Errors
    /// What the system says; a stream that is none.
    pub fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        let mut at = 0;
        while let Some((name, content, next)) = first(&self.waiting, at) {
            let name = std::str::from_utf8(&self.waiting[name]).ok().filter(|name| is_plain(name));
            let name = name.ok_or(io::ErrorKind::InvalidData)?.to_string();
            let content = self.waiting[content].to_vec();
            self.file(&name)?.write_all(&content)?;
            at = next;
        }
        self.waiting.drain(..at);
        Ok(())
    }

    /// The file of this name, made where it is new.
    fn file(&mut self, name: &str) -> io::Result<&mut File> {
        let path = self.part.join(name);
        if let Some((below, _)) = name.rsplit_once('/') {
            let file = match self.below.take() {
                Some((known, file)) if known == name => file,
                before => {
                    before.map_or(Ok(()), |(_, whole)| whole.sync_all())?;
                    folder::make(&self.part.join(below)).map_err(unmade)?;
                    folder::create_private(&path).map_err(unmade)?
                }
            };
            return Ok(&mut self.below.insert((name.to_string(), file)).1);
        }
        if !self.files.contains_key(name) {
            self.files.insert(name.to_string(), folder::create_private(&path).map_err(unmade)?);
        }
        self.files.get_mut(name).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Every file is whole: the folder gets its name; or goes where it is not.
    ///
    /// # Errors
    /// Refused where it cannot be finished.
    pub fn finish(self, good: bool) -> Result<()> {
        if !good {
            return folder::remove_folder(&self.part);
        }
        let below = self.below.iter().map(|(name, file)| (name, file));
        for (name, file) in self.files.iter().chain(below) {
            file.sync_all().map_err(|error| Failure::outside(name, error))?;
        }
        folder::rename(&self.part, &self.path)
    }
}

fn unmade(failure: Failure) -> io::Error {
    io::Error::other(format!("{failure:?}"))
}

type Span = std::ops::Range<usize>;

/// The name and content of the part that begins here, and where the next one does.
fn first(bytes: &[u8], at: usize) -> Option<(Span, Span, usize)> {
    let name = at + 1..at + 1 + usize::from(*bytes.get(at)?);
    let (length, _) = bytes.get(name.end..)?.split_first_chunk::<4>()?;
    let from = name.end + 4;
    let content = from..from + usize::try_from(u32::from_le_bytes(*length)).ok()?;
    bytes.get(content.clone())?;
    let next = content.end;
    Some((name, content, next))
}

fn is_plain(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let plain = |part: &str| !part.starts_with('.') && !part.is_empty() && part.chars().all(letter);
    name.split('/').count() <= 2 && name.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cut_anywhere_become_files() {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("all");
        let mut folder = Folder::new(&home).unwrap();
        let parts = [pack("a.jsonl", b"one"), pack("b.jsonl", b""), pack("a.jsonl", b" two")];
        parts.concat().chunks(4).for_each(|bytes| folder.take(bytes).unwrap());
        let below = [pack("c/d", b"1"), pack("a.jsonl", b"!"), pack("c/d", b"2"), pack("c/e", b"")];
        folder.take(&below.concat()).unwrap();
        for wrong in ["../a", "c/../a", "/a", "c/", "c/d/e", "c/d"] {
            folder.waiting.clear();
            assert!(folder.take(&pack(wrong, b"x")).is_err(), "{wrong}");
        }
        folder.finish(true).unwrap();
        assert_eq!(folder::bytes(&home.join("a.jsonl")).unwrap(), b"one two!");
        assert_eq!(folder::bytes(&home.join("c/d")).unwrap(), b"12");
        assert_eq!(folder::bytes(&home.join("b.jsonl")).unwrap(), b"");
        assert!(Folder::new(&home).is_err(), "it holds something");
    }
}
