//! Readers that stop: at so many bytes of a file, and at so many bytes of one row. A size that a
//! file states of itself is never believed; only what has been read counts.

use super::{FileSlip, Limits};
use std::io::{Error, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Unpacked bytes from which the ratio counts: little files may be very regular.
const RATIO_FROM: u64 = 1024 * 1024;

/// Counts the bytes that pass, for a reader behind it.
pub struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub fn new(inner: R) -> (Counted<R>, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        (Counted { inner, count: count.clone() }, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Fails once more has been unpacked than the limits allow.
pub struct Unpacked<R> {
    inner: R,
    /// Bytes read before unpacking; none where the file is not packed.
    packed: Option<Arc<AtomicU64>>,
    total: u64,
    limits: Limits,
}

impl<R> Unpacked<R> {
    pub fn new(inner: R, packed: Option<Arc<AtomicU64>>, limits: &Limits) -> Unpacked<R> {
        Unpacked { inner, packed, total: 0, limits: *limits }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = self.inner.read(buffer)?;
        self.total = self.total.saturating_add(read as u64);
        let packed = self.packed.as_ref().map(|count| count.load(Ordering::Relaxed));
        check(self.total, packed, &self.limits).map_err(Error::other)?;
        Ok(read)
    }
}

/// Whether so many bytes may come of so many packed ones.
///
/// # Errors
/// The limit that is passed.
pub fn check(
    total: u64,
    packed: Option<u64>,
    limits: &Limits,
) -> std::result::Result<(), FileSlip> {
    if total > limits.unpacked_bytes {
        let most = limits.unpacked_bytes / (1024 * 1024);
        return Err(FileSlip::new(
            format!("The file is larger than {most} MiB unpacked; split it."),
            format!("文件解压后超过 {most} MiB，请拆分后再导入。"),
        ));
    }
    let most = packed.map(|packed| packed.max(1).saturating_mul(limits.ratio));
    match most {
        Some(most) if total > RATIO_FROM && total > most => Err(FileSlip::new(
            "The file unpacks to far more than its size; unpack it before sending it.",
            "文件的压缩比过高，请解压后再导入。",
        )),
        _ => Ok(()),
    }
}

/// Fails once a row takes more bytes than it may: without it, one quote that is never closed
/// would draw a whole file into memory.
pub struct Rationed<R> {
    inner: R,
    meter: Arc<Meter>,
}

/// What a rationed reader shares with whoever reads rows from it.
#[derive(Default)]
pub struct Meter {
    /// Bytes that may still be read: to be filled again before each row.
    pub left: AtomicU64,
    /// Quotes read so far: an odd number at the end means that one was never closed.
    pub quotes: AtomicU64,
    /// Whether the end has been reached.
    pub ended: AtomicBool,
}

impl<R> Rationed<R> {
    pub fn new(inner: R) -> (Rationed<R>, Arc<Meter>) {
        let meter = Arc::new(Meter::default());
        (Rationed { inner, meter: meter.clone() }, meter)
    }
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let left = self.meter.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(Error::other(too_long()));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.meter.left.store(left - read as u64, Ordering::Relaxed);
        self.meter.ended.fetch_or(read == 0 && most > 0, Ordering::Relaxed);
        let quotes = buffer[..read].iter().filter(|b| **b == b'"').count();
        self.meter.quotes.fetch_add(quotes as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The slip of a row without end.
pub fn too_long() -> FileSlip {
    FileSlip::new(
        "The row is too long; perhaps a quote before it is never closed.",
        "该行过长，可能是之前有引号未闭合。",
    )
}
