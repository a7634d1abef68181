//! Where things are: the root of the project, the shared folder beside it, and folders of a run
//! that are gone afterwards.

use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The root of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    here.canonicalize().unwrap_or(here)
}

/// A file of the shared folder; none where the folder is absent, with a printed line.
pub fn shared(path: &str) -> Option<PathBuf> {
    let given = std::env::var_os("EVENKEEL_SHARED").map(PathBuf::from);
    let found = given.or_else(|| beside(&root())).map(|folder| folder.join(path));
    let found = found.filter(|found| found.exists());
    if found.is_none() {
        println!("skipped: {path} is not in the shared folder");
    }
    found
}

/// The shared folder beside the project, or farther up: a work tree may lie deeper than its clone.
fn beside(root: &Path) -> Option<PathBuf> {
    let mut above = root.ancestors().skip(1).map(|folder| folder.join("shared"));
    above.find(|folder| folder.is_dir())
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A new folder for a run, on the disk of the build: a RAM disk would make commits look cheap.
pub fn run(name: &str) -> Result<TempDir, String> {
    let parent = target().join("rigs");
    std::fs::create_dir_all(&parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    let made = tempfile::Builder::new().prefix(&format!("{name}-")).tempdir_in(&parent);
    made.map_err(|error| format!("{}: {error}", parent.display()))
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            // Sockets and pipes of a stopped server are left behind.
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn the_shared_folder_is_found_beside_and_above() {
        let folder = tempfile::tempdir().unwrap();
        let (clone, tree) = (folder.path().join("main"), folder.path().join("trees/one"));
        let shared = folder.path().join("shared");
        [&clone, &tree, &shared]
            .into_iter()
            .for_each(|path| std::fs::create_dir_all(path).unwrap());
        assert_eq!(beside(&clone), Some(shared.clone()));
        assert_eq!(beside(&tree), Some(shared));
    }
}
