//! What an archive unpacks to, measured before anything else opens it: a workbook is a ZIP file,
//! and its own statements of sizes are not believed. Nothing is written to disk.

use super::{FileSlip, Limits, limit};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most parts of a workbook.
const PARTS: usize = 1_000;

/// Unpacks every part to nowhere and counts.
///
/// # Errors
/// The limit that is passed, or what is broken.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<(), FileSlip> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > PARTS {
        return Err(FileSlip::new(
            format!("The workbook has more than {PARTS} parts; save it again as .xlsx, or as CSV."),
            format!("工作簿的组成部分超过 {PARTS} 个，请重新另存为 .xlsx 或 CSV。"),
        ));
    }
    let packed = bytes.len() as u64;
    let mut total: u64 = 0;
    let mut buffer = vec![0; 64 * 1024];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| broken())?;
        loop {
            let read = part.read(&mut buffer).map_err(|_| broken())?;
            total += read as u64;
            limit::check(total, Some(packed), limits)?;
            if read == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// The slip of a workbook that cannot be read.
pub fn broken() -> FileSlip {
    FileSlip::new(
        "The workbook is damaged, protected by a password or not one; save it again as .xlsx.",
        "工作簿已损坏、受密码保护或格式不符，请重新另存为 .xlsx。",
    )
}
