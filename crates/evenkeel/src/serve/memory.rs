//! How much memory the process holds, for `/metrics`; where the platform tells.

use crate::folder;
use std::path::Path;

/// Bytes that are resident. Linux only.
pub fn resident_bytes() -> Option<u64> {
    let text = folder::bytes(Path::new("/proc/self/status")).ok()?;
    let text = String::from_utf8(text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
