//! The shared folder of reference values and real data, which is not part of the project: a test
//! that needs it says so and passes where it is absent.

use std::path::PathBuf;

/// The bytes of a file of the shared folder, or none after a printed line.
pub fn read(path: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("EVENKEEL_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("skipped: no shared folder at {}", folder.display());
        return None;
    }
    Some(std::fs::read(folder.join(path)).expect("a file of the shared folder"))
}
