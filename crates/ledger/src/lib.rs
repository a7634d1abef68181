//! The tamper-evident ledger: entries of history as leaves of an RFC 9162 Merkle tree, signed
//! checkpoints over it, and the verifier that an auditor runs without the database.
//!
//! It is pure: no input or output, SQL, clock or randomness; salts, seeds, instants and stored
//! hashes come in as arguments. It imports nothing else of the project, so that a verifier can
//! be built from it alone, apart from the program that it judges.
//!
//! | module | holds |
//! | --- | --- |
//! | [`hash`] | leaf and node hashes |
//! | [`frontier`] | append and root in memory of a few hashes |
//! | [`tile`] | which nodes are stored, and how any node is read back from them |
//! | [`proof`], [`check`] | proofs made from stored nodes; proofs judged |
//! | [`id`], [`entry`], [`body`] | what is committed: header, fields, erasure |
//! | [`key`], [`note`], [`checkpoint`] | C2SP signed notes and checkpoints |
//! | [`verify`], [`trust`], [`report`] | the verifier's core, for an export or a live database |
//! | [`line`], [`export`] | the lines of an export, and the verifier fed with them |
//!
//! Positions count from 0: the position of an entry is the index of its leaf.

pub mod body;
pub mod check;
pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod frontier;
pub mod hash;
pub mod id;
pub mod key;
pub mod line;
pub mod note;
pub mod proof;
pub mod report;
pub mod tile;
pub mod trust;
pub mod verify;

mod encoding;

pub use body::{Body, BodyError, Field, Salt};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::Header;
pub use export::ExportVerifier;
pub use frontier::{Frontier, FrontierError};
pub use hash::Hash;
pub use id::Id;
pub use key::{KeyError, Signer, VerifyingKey};
pub use note::{Note, NoteError};
pub use report::{Problem, Report, Source};
pub use tile::{Node, Tile, TileReader};
pub use trust::{Trust, TrustError};
pub use verify::Verifier;

/// The largest tree that is handled: 2^62 leaves. A fixed ceiling keeps position arithmetic
/// free of overflow on hostile input.
pub const MAX_SIZE: u64 = 1 << 62;
