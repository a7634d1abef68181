//! What a backup says of itself, at the end of its file: a zstd frame that readers of the rest
//! skip.
//!
//! | bytes | |
//! | --- | --- |
//! | 4 | the mark of a frame to be skipped, 0x184D2A5E, lowest byte first |
//! | 4 | length of the rest |
//! | n | JSON |
//! | 12 | length of the JSON, then `ekmanif1` |

use crate::failure::{Failure, Result};
use crate::folder;
use crate::product::VERSION;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use store::backup::Summary;
use store::{Database, definition, seal, setting};

/// What a backup is compared with when it is restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub program: String,
    pub at: String,
    pub origin: Option<String>,
    /// Entries of the ledger that are in it at least, and the root of the tree over them.
    pub ledger_size: u64,
    pub ledger_root: String,
    /// The version of the definitions in force.
    pub definitions: Option<i64>,
    pub tables: u64,
    pub rows: u64,
    /// Of everything that was saved, before compression.
    pub sha256: String,
}

const SKIPPED: u32 = 0x184D_2A5E;
const MARK: &[u8; 8] = b"ekmanif1";

impl Manifest {
    /// Of the database as it stands, before it is saved.
    ///
    /// # Errors
    /// A failed read.
    pub fn of(database: &Database, now: i64) -> Result<Manifest> {
        let tree = match seal::frontier(database)? {
            Some(bytes) => ledger::Frontier::from_bytes(&bytes),
            None => Ok(ledger::Frontier::new()),
        };
        let tree = tree.map_err(|error| Failure::Fault(error.to_string()))?;
        let at = jiff::Timestamp::from_microsecond(now).map(|at| at.to_string());
        Ok(Manifest {
            program: VERSION.into(),
            at: at.unwrap_or_default(),
            origin: setting::get(database, "ledger.origin")?.map(|origin| origin.to_string()),
            ledger_size: tree.size(),
            ledger_root: tree.root().to_string(),
            definitions: definition::active(database)?.map(|version| version.number),
            tables: 0,
            rows: 0,
            sha256: String::new(),
        })
    }

    /// With what was saved.
    #[must_use]
    pub fn with(self, summary: &Summary) -> Manifest {
        let (tables, rows) = (summary.tables, summary.rows);
        Manifest { tables, rows, sha256: hex::encode(summary.sha256), ..self }
    }

    /// The end of the file.
    ///
    /// # Errors
    /// None that could occur.
    pub fn frame(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(|error| Failure::Fault(error.to_string()))?;
        let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
        let mut frame = SKIPPED.to_le_bytes().to_vec();
        frame.extend((length + 12).to_le_bytes());
        frame.extend(json);
        frame.extend(length.to_le_bytes());
        frame.extend(MARK);
        Ok(frame)
    }

    /// Of a backup; none where it has none.
    ///
    /// # Errors
    /// Refused where the file cannot be read.
    pub fn read(path: &Path) -> Result<Option<Manifest>> {
        let mut file = folder::open(path)?;
        let unread = |error| Failure::outside(&path.display().to_string(), error);
        let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
        let from = size.saturating_sub(64 * 1024);
        file.seek(SeekFrom::Start(from)).map_err(unread)?;
        let mut end = Vec::new();
        file.read_to_end(&mut end).map_err(unread)?;
        Ok(parse(&end))
    }
}

fn parse(end: &[u8]) -> Option<Manifest> {
    let rest = end.strip_suffix(MARK)?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let json = rest.get(rest.len().checked_sub(length)?..)?;
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_from_the_end_of_the_file() {
        let manifest = Manifest {
            program: "0".into(),
            at: "2026-03-01T00:00:00Z".into(),
            origin: Some("a".into()),
            ledger_size: 3,
            ledger_root: "00".into(),
            definitions: Some(1),
            tables: 2,
            rows: 7,
            sha256: "ab".into(),
        };
        let mut file = b"what was saved".to_vec();
        file.extend(manifest.frame().unwrap());
        assert_eq!(parse(&file), Some(manifest));
        assert_eq!(parse(b"what was saved"), None);
        assert_eq!(parse(MARK), None);
    }
}
