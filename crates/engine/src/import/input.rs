//! The file to be imported: opened more than once, counted and known by its content.

use crate::file::{self, FileSlip, Rows};
use crate::import::mapping::Mapping;
use crate::refusal::{Error, Result};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives the bytes of the file from its beginning.
pub type Open<'a> = dyn Fn() -> io::Result<Box<dyn Read + Send>> + 'a;

/// A file, packed or not. It must not change while it is imported.
pub struct Input<'a> {
    /// Its name tells the format, with its content.
    pub name: &'a str,
    /// Its size as it lies there.
    pub bytes: u64,
    pub open: &'a Open<'a>,
    pub limits: file::Limits,
}

/// Counts the bytes that were read.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Input<'_> {
    /// SHA-256 of the bytes as they lie there.
    pub fn sha256(&self) -> Result<[u8; 32]> {
        let mut bytes = (self.open)().map_err(unreadable)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = bytes.read(&mut buffer).map_err(unreadable)?;
            if read == 0 {
                return Ok(hasher.finalize().into());
            }
            hasher.update(&buffer[..read]);
        }
    }

    /// The rows, and how many packed bytes were read so far.
    pub fn rows(&self, mapping: &Mapping) -> Result<(Rows<'static>, Arc<AtomicU64>)> {
        let count = Arc::new(AtomicU64::new(0));
        let inner = (self.open)().map_err(unreadable)?;
        let source = Counting { inner, count: count.clone() };
        let mut reading = mapping.reading.clone();
        reading.limits = self.limits;
        let rows = file::open(source, self.name, &reading).map_err(refused)?;
        Ok((rows, count))
    }
}

fn refused(slip: FileSlip) -> Error {
    crate::Refusal::from(slip).into()
}

fn unreadable(error: io::Error) -> Error {
    let slip = FileSlip::new(
        format!("The file cannot be read: {error}."),
        format!("无法读取文件：{error}。"),
    );
    refused(slip)
}
