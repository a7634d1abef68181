//! Signing the ledger: the key and where it is kept, the ledger's name, its branch, and where
//! checkpoints are written out of the house.
//!
//! The key is a file that only the owner of the data folder may read, made at the first start, or
//! a setting that several processes on one PostgreSQL share. Whoever has it can sign another
//! history: checkpoints that are kept elsewhere are what an auditor believes.

use crate::failure::{Failure, Result};
use crate::folder;
use crate::host::Host;
use crate::settings::Settings;
use engine::sealer;
use engine::{Engine, World};
use ledger::{Checkpoint, Signer};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use store::{Unit, seal, setting};

/// What the ledger is signed with.
pub struct Signing {
    pub signer: Signer,
    pub origin: String,
}

const ORIGIN: &str = "ledger.origin";
/// Lines that say from where this branch of the ledger goes on, since a restore.
const BRANCH: &str = "ledger.branch";

/// The key of the settings and the ledger's name; both are made where there is none yet.
///
/// # Errors
/// Refused where the key is not one, or others may read it.
pub fn open(host: &Host) -> Result<Signing> {
    let origin = origin(&host.engine, &host.settings)?;
    let seed = seed(&host.settings, host.engine.world())?;
    let signer = Signer::new(&origin, &seed).map_err(|error| {
        let (en, zh) =
            ("The setting \"ledger.origin\" cannot be used", "设置“ledger.origin”无法使用");
        Failure::refused("bad-setting", format!("{en}: {error}."), format!("{zh}：{error}。"))
    })?;
    Ok(Signing { signer, origin })
}

/// The file of the key.
pub fn key_file(settings: &Settings) -> PathBuf {
    settings.path("ledger.key_file").unwrap_or_else(|| settings.data.join("ledger.key"))
}

fn seed(settings: &Settings, world: &dyn World) -> Result<[u8; 32]> {
    if let Some(seed) = seed_if_there(settings)? {
        return Ok(seed);
    }
    let mut seed = [0; 32];
    world.random(&mut seed);
    let text = format!("{}\n", hex::encode(seed));
    folder::write_private(&key_file(settings), text.as_bytes())?;
    Ok(seed)
}

/// The key that secrets in the database are sealed with: made from the signing key, which is in no
/// backup of the database, so that no further file has to be kept. Whoever loses the signing key
/// loses these secrets: people then come in by recovery codes and set up their apps again.
///
/// # Errors
/// As [`open`].
pub fn secret_key(host: &Host) -> Result<[u8; 32]> {
    let seed = seed(&host.settings, host.engine.world())?;
    Ok(Sha256::new().chain_update(b"evenkeel secrets\n").chain_update(seed).finalize().into())
}

/// The secret of the signing key, where there is one.
///
/// # Errors
/// Refused where it is no key, or others may read it.
pub fn seed_if_there(settings: &Settings) -> Result<Option<[u8; 32]>> {
    if let Some(text) = settings.some("ledger.key") {
        return parse(text).map(Some).ok_or_else(|| bad_key("ledger.key"));
    }
    let path = key_file(settings);
    let Some(text) = folder::read_if_there(&path)? else { return Ok(None) };
    if folder::mode(&path).is_some_and(|mode| mode & 0o077 != 0) {
        let shown = path.display();
        return Err(Failure::refused(
            "open-key",
            format!("Others may read the signing key {shown}; run: chmod 600 {shown}"),
            format!("其他人可以读取签名密钥 {shown}；请执行：chmod 600 {shown}"),
        ));
    }
    let seed = parse(text.trim()).ok_or_else(|| bad_key(&path.display().to_string()))?;
    Ok(Some(seed))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}

fn bad_key(place: &str) -> Failure {
    Failure::refused(
        "bad-key",
        format!("{place} is no signing key: it takes 64 hexadecimal digits."),
        format!("{place} 不是签名密钥：应为 64 位十六进制数字。"),
    )
}

/// The ledger's name: as set, else as kept in the database, else made now.
fn origin(engine: &Engine, settings: &Settings) -> Result<String> {
    let database = engine.database();
    let kept = setting::get(database, ORIGIN)?;
    if let Some(wanted) = settings.some("ledger.origin") {
        if kept.as_deref() != Some(wanted) {
            keep(engine, ORIGIN, wanted)?;
        }
        return Ok(wanted.to_string());
    }
    if let Some(kept) = kept {
        return Ok(kept.to_string());
    }
    let mut chance = [0; 8];
    engine.world().random(&mut chance);
    keep(engine, ORIGIN, &format!("evenkeel.local/{}", hex::encode(chance)))?;
    // Another process may have been faster.
    let kept = setting::get(database, ORIGIN)?;
    kept.map(|kept| kept.to_string()).ok_or_else(|| Failure::Fault("no origin".into()))
}

fn keep(engine: &Engine, name: &str, value: &str) -> Result<()> {
    let mut unit = Unit::new();
    setting::put(&mut unit, name, value);
    Ok(engine.database().write(unit)?)
}

/// Begins another branch of the ledger: from here on each checkpoint says from where.
///
/// # Errors
/// A failed read or write.
pub fn begin_branch(engine: &Engine, backup: &str) -> Result<String> {
    let frontier = sealer::frontier(engine)?;
    let at = jiff::Timestamp::from_microsecond(engine.now()).map(|at| at.to_string());
    let (size, root) = (frontier.size(), frontier.root());
    let line = format!("branch {size} {root} {} {backup}", at.unwrap_or_default());
    let before = setting::get(engine.database(), BRANCH)?;
    let lines = before.map_or_else(|| line.clone(), |before| format!("{before}\n{line}"));
    keep(engine, BRANCH, &lines)?;
    Ok(line)
}

impl Signing {
    /// Signs what is sealed now and writes it out of the house; none where nothing was sealed
    /// since the last time.
    ///
    /// # Errors
    /// A failed read or write.
    pub fn checkpoint(&self, host: &Host) -> Result<Option<String>> {
        let engine = &host.engine;
        let frontier = sealer::frontier(engine)?;
        let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        let last = seal::checkpoints(engine.database(), 1)?;
        if size == 0 || last.first().is_some_and(|last| last.size >= size) {
            return Ok(None);
        }
        let now = engine.now();
        let at = jiff::Timestamp::from_microsecond(now).map(|at| at.to_string());
        let mut extensions = vec![format!("time {}", at.unwrap_or_default())];
        let branches = setting::get(engine.database(), BRANCH)?;
        extensions.extend(branches.iter().flat_map(|all| all.lines()).map(str::to_string));
        let (origin, root) = (self.origin.clone(), frontier.root());
        let checkpoint = Checkpoint { origin, size: frontier.size(), root, extensions };
        let note = checkpoint.sign(&self.signer);
        let note = note.map_err(|error| Failure::Fault(error.to_string()))?;
        let mut unit = Unit::new();
        let kept = seal::Checkpoint { size, note: note.as_str().into(), at: now };
        seal::keep_checkpoint(&mut unit, &kept);
        engine.database().write(unit)?;
        if let Some(place) = host.settings.path("ledger.checkpoints") {
            write_out(&place, size, &note)?;
        }
        Ok(Some(note))
    }
}

/// Into a folder as a file of its own, else at the end of the file.
fn write_out(place: &Path, size: i64, note: &str) -> Result<()> {
    if place.is_dir() || place.extension().is_none() {
        folder::make(place)?;
        return folder::write_private(
            &place.join(format!("{size:012}.checkpoint")),
            note.as_bytes(),
        );
    }
    let before = folder::read_if_there(place)?.unwrap_or_default();
    let between = if before.is_empty() { "" } else { "\n" };
    folder::write_private(place, format!("{before}{between}{note}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_go_to_a_folder_or_to_the_end_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        write_out(&folder.path().join("out"), 7, "a\n").unwrap();
        assert_eq!(
            folder::read(&folder.path().join("out/000000000007.checkpoint")).unwrap(),
            "a\n"
        );
        let file = folder.path().join("all.txt");
        write_out(&file, 7, "a\n").unwrap();
        write_out(&file, 9, "b\n").unwrap();
        assert_eq!(folder::read(&file).unwrap(), "a\n\nb\n");
    }

    #[test]
    fn a_key_is_sixty_four_digits() {
        assert_eq!(parse(&"0a".repeat(32)), Some([10; 32]));
        assert_eq!(parse("0a"), None);
    }
}
