//! Files and folders: the one place that touches them. What is private is made so that only the
//! owner may read it; what replaces a file does so in one step.
#![allow(clippy::disallowed_methods, reason = "files are opened by the binary, here only")]

use crate::failure::{Failure, Result, text};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Makes a folder that only its owner enters; one that is there stays as it is.
///
/// # Errors
/// Refused, naming the folder.
pub fn make(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| unusable(path, &error))
}

/// The text of a file.
///
/// # Errors
/// Refused, naming the file.
pub fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|error| unusable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        let shown = path.display();
        Failure::refused(
            "not-text",
            format!("{shown} is not text in UTF-8; save it as UTF-8."),
            format!("{shown} 不是 UTF-8 文本，请另存为 UTF-8。"),
        )
    })
}

/// The text of a file that need not be there.
///
/// # Errors
/// As [`read`].
pub fn read_if_there(path: &Path) -> Result<Option<String>> {
    if path.exists() { read(path).map(Some) } else { Ok(None) }
}

/// # Errors
/// What the system says.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Opens a file for reading.
///
/// # Errors
/// Refused, naming the file.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| unusable(path, &error))
}

/// Opens a file to be read more than once.
///
/// # Errors
/// What the system says.
pub fn reader(path: &Path) -> io::Result<Box<dyn io::Read + Send>> {
    Ok(Box::new(File::open(path)?))
}

/// Opens a folder, to name it by its number.
///
/// # Errors
/// What the system says.
pub fn open_folder(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens a file that may be there, without emptying it, for its lock.
///
/// # Errors
/// Refused, naming the file.
pub fn open_to_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(|error| unusable(path, &error))
}

/// Makes a file that must not be there, for its owner only.
///
/// # Errors
/// Refused, naming the file.
pub fn create_private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|error| unusable(path, &error))
}

/// Writes a file for its owner only, in one step: readers see the old or the new one.
///
/// # Errors
/// Refused, naming the file.
pub fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    let part = beside(path, "part");
    let _ = fs::remove_file(&part);
    let mut file = create_private(&part)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|error| unusable(path, &error))?;
    rename(&part, path)
}

/// # Errors
/// Refused, naming the file.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| unusable(to, &error))
}

/// Removes a file; nothing where there is none.
///
/// # Errors
/// Refused, naming the file.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(path, &error)),
        _ => Ok(()),
    }
}

/// Whether it is a folder that holds nothing.
pub fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut listed| listed.next().is_none())
}

/// Takes a folder away with all that is in it, if it is there.
///
/// # Errors
/// Refused where it cannot be.
pub fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(path, &error)),
        _ => Ok(()),
    }
}

/// Keeps others from a file or socket.
///
/// # Errors
/// Refused, naming it.
pub fn keep_private(path: &Path) -> Result<()> {
    let permissions = fs::Permissions::from_mode(0o600);
    fs::set_permissions(path, permissions).map_err(|error| unusable(path, &error))
}

/// The mode of a file, its last nine bits.
pub fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|found| found.permissions().mode() & 0o777)
}

/// Bytes of a file; 0 where there is none.
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// Files of a folder whose names have this ending, by name.
///
/// # Errors
/// Refused, naming the folder.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).map_err(|error| unusable(folder, &error))?;
    let paths = listed.filter_map(|entry| Some(entry.ok()?.path()));
    let fits = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    let mut paths: Vec<PathBuf> = paths.filter(|path| fits(path) && path.is_file()).collect();
    paths.sort();
    Ok(paths)
}

/// Overlays that a person names: files, or folders with `*.toml`. By file name, which is what an
/// overlay is known by.
///
/// # Errors
/// Refused where one cannot be read, or two have one name.
pub fn overlays(paths: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for path in paths {
        let listed = if path.is_dir() { files(path, "toml")? } else { vec![path.clone()] };
        for file in listed {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if found.insert(name.clone(), read(&file)?).is_some() {
                return Err(Failure::refused(
                    "two-of-one-name",
                    format!("Two overlays are called {name}; give one of them another name."),
                    format!("有两个叠加文件同名：{name}，请为其中一个改名。"),
                ));
            }
        }
    }
    Ok(found)
}

/// The path with another ending after its own.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    let said = text(format!("{shown}: {error}"), format!("{shown}：{error}"));
    let more = serde_json::json!({ "path": shown.to_string() });
    match error.kind() {
        io::ErrorKind::StorageFull => Failure::with("full", said, more),
        _ => Failure::with("file", said, more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_so_and_is_replaced_in_one_step() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        make(&path).unwrap();
        assert_eq!(mode(&path), Some(0o700));
        let file = path.join("key");
        write_private(&file, b"one").unwrap();
        write_private(&file, b"two").unwrap();
        assert_eq!((read(&file).unwrap().as_str(), mode(&file)), ("two", Some(0o600)));
        assert_eq!(files(&path, "part").unwrap(), [] as [PathBuf; 0]);
        assert!(create_private(&file).is_err());
    }

    #[test]
    fn overlays_are_known_by_their_file_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for name in ["b.toml", "a.toml", "c.txt"] {
            write_private(&path.join(name), name.as_bytes()).unwrap();
        }
        let found = overlays(&[path.to_path_buf()]).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a.toml", "b.toml"]);
        let twice = overlays(&[path.to_path_buf(), path.join("a.toml")]);
        assert_eq!(twice.unwrap_err().code(), "two-of-one-name");
    }
}
