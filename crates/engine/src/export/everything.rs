//! Everything a reader may see, for taking it elsewhere, as it stands at one moment: a file of JSON
//! lines for each record type with each record in full, its links too, one with what is withdrawn,
//! one with the history of all of them, one that says which files are attached to which records,
//! each content under its hash, and a manifest with the hash of each file.

use super::unwritten;
use crate::attachments::shown;
use crate::catalogue::Catalogue;
use crate::history::Wanted;
use crate::names::instant_text;
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use crate::sealer::frontier_in;
use crate::session::Session;
use model::Name;
use model::definition::{RecordType, Sort};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use store::Snapshot;
use store::core::{blob, spine};
use store::select::{Record, Select};

/// Opens a file of this name to be written; names are letters, digits, `_`, `.` and one `/`.
pub type Create<'a> = dyn FnMut(&str) -> io::Result<Box<dyn Write + Send>> + 'a;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records by file.
    pub files: Vec<(String, usize)>,
    /// Of them those that are withdrawn.
    pub withdrawn: usize,
    pub entries: usize,
    /// Contents of attached files, each once.
    pub contents: usize,
}

/// Where contents are written, by their hash: what people call a file is no name for one.
const CONTENTS: &str = "attachments";
const ATTACHED: &str = "attachments.jsonl";
const HISTORY: &str = "history.jsonl";
/// Records that were withdrawn, of all types: whoever reads a type's own file back must not bring
/// them back, and whoever checks the records must not miss them.
const WITHDRAWN: &str = "withdrawn.jsonl";
/// Entries of history read at a time.
const ENTRIES: usize = 500;

impl Session {
    /// Writes all records, their history and the files attached to them, oldest record first and
    /// newest entry first, from one snapshot. Record types without a record have no file. What is
    /// withdrawn stands apart, with `withdrawn_at`, and is counted by type in the manifest.
    ///
    /// # Errors
    /// A failed read; a fault where the bytes cannot be written.
    pub fn export_everything(&self, create: &mut Create) -> Result<Exported> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        // The first read is the moment. The ledger says which: what was sealed until then.
        let sealed = frontier_in(&snapshot)?;
        let (files, contents, withdrawn, done) = Default::default();
        let mut out = Out { create, files, contents, withdrawn, done };
        out.file(HISTORY)?;
        let mut types: Vec<&Arc<RecordType>> = catalogue.model.record_types.values().collect();
        types.sort_unstable_by_key(|definition| &definition.name);
        for definition in types {
            self.export_type(&snapshot, &catalogue, definition, &mut out)?;
        }
        out.write_contents(&snapshot)?;
        out.finish(json!({
            "moment": instant_text(self.now),
            "definition": catalogue.version,
            "ledger": { "size": sealed.size(), "root": hex::encode(sealed.root().0) },
        }))
    }

    fn export_type(
        &self,
        snapshot: &Snapshot,
        catalogue: &Catalogue,
        definition: &RecordType,
        out: &mut Out,
    ) -> Result<()> {
        let oldest_first = Name::new("created_at").map(|field| Sort { field, descending: false });
        let select = Select {
            record_type: definition,
            filters: Vec::new(),
            sort: oldest_first.into_iter().collect(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: true,
        };
        let mut count = 0;
        self.batches(&self.reader(snapshot, catalogue), &select, &mut |batch| {
            // A reader of its own: one keeps what it has read.
            let reader = self.reader(snapshot, catalogue);
            count += self.export_some(&reader, definition, batch, out)?;
            Ok(ControlFlow::Continue(()))
        })?;
        if count > 0 {
            out.done.files.push((format!("{}.jsonl", definition.name), count));
        }
        Ok(())
    }

    fn export_some(
        &self,
        reader: &Reader,
        definition: &RecordType,
        batch: &[Record],
        out: &mut Out,
    ) -> Result<usize> {
        // A record of a type that extends this one stands in the file of its own.
        let own = batch.iter().filter(|row| row.record_type == definition.name);
        let keys: Vec<_> = own.map(|row| row.key).collect();
        let spines = spine::by_keys(reader.snapshot, &keys)?;
        let mut standing = 0;
        for key in &keys {
            let Some(spine) = spines.iter().find(|spine| spine.key == *key) else { continue };
            let (of, id) = (definition.name.as_str(), spine.id.to_string());
            let mut json = match self.read_in(reader, of, &id, None) {
                Ok(seen) => seen.json,
                // What is withdrawn has gone for those who may not withdraw.
                Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::Gone { .. }) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            let record = reader.record(definition, *key)?;
            match record.and_then(|record| record.withdrawn_at) {
                Some(at) => {
                    json.insert("withdrawn_at".into(), instant_text(at).into());
                    out.line(WITHDRAWN, &Json::Object(json))?;
                    *out.withdrawn.entry(of.to_string()).or_default() += 1;
                }
                None => {
                    out.line(&format!("{of}.jsonl"), &Json::Object(json))?;
                    standing += 1;
                }
            }
            let named = json!({ "record": id, "type": of });
            self.export_history(reader, &named, out)?;
            for file in self.visible(reader, of, &id)? {
                out.contents.insert(file.sha256.clone());
                out.line(ATTACHED, &with(&named, shown(&file)))?;
            }
        }
        Ok(standing)
    }

    fn export_history(&self, reader: &Reader, named: &Json, out: &mut Out) -> Result<()> {
        let text = |name: &str| named[name].as_str().unwrap_or_default();
        let mut after = None;
        loop {
            let wanted = Wanted { after, ..Wanted::default() };
            let past = self.history_in(reader, text("type"), text("record"), wanted, ENTRIES)?;
            for entry in past.entries {
                out.line(HISTORY, &with(named, entry))?;
                out.done.entries += 1;
            }
            match past.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// What is told, after the record that it is told of.
fn with(named: &Json, told: Map<String, Json>) -> Json {
    let mut whole = named.as_object().cloned().unwrap_or_default();
    whole.extend(told);
    Json::Object(whole)
}

/// The files that are written, and what there is to be said of them.
struct Out<'a, 'c> {
    create: &'a mut Create<'c>,
    files: BTreeMap<String, File>,
    /// Hashes of the contents that records hold.
    contents: BTreeSet<Arc<str>>,
    /// Withdrawn records by type.
    withdrawn: BTreeMap<String, usize>,
    done: Exported,
}

impl Out<'_, '_> {
    fn file(&mut self, name: &str) -> Result<&mut File> {
        if !self.files.contains_key(name) {
            let out = (self.create)(name).map_err(unwritten)?;
            self.files.insert(name.to_string(), File::new(out));
        }
        let missing = || crate::Error::Fault(format!("no file {name}"));
        self.files.get_mut(name).ok_or_else(missing)
    }

    fn line(&mut self, name: &str, json: &Json) -> Result<()> {
        let file = self.file(name)?;
        file.lines += 1;
        writeln!(file, "{json}").map_err(unwritten)
    }

    /// One content after the other, so that no more than one of these files is open.
    fn write_contents(&mut self, snapshot: &Snapshot) -> Result<()> {
        for sha256 in std::mem::take(&mut self.contents) {
            let Some(found) = blob::find(snapshot, &sha256)? else {
                return Err(crate::Error::Fault(format!("the content of {sha256} is missing")));
            };
            let mut out = (self.create)(&format!("{CONTENTS}/{sha256}")).map_err(unwritten)?;
            let mut written = Ok(());
            blob::read(snapshot, &found, &mut |part| {
                written = out.write_all(part);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            written.and_then(|()| out.flush()).map_err(unwritten)?;
            self.done.contents += 1;
        }
        Ok(())
    }

    /// The manifest is written last: where it stands, everything does.
    fn finish(mut self, mut manifest: Json) -> Result<Exported> {
        let mut files = Map::new();
        for (name, mut file) in std::mem::take(&mut self.files) {
            file.flush().map_err(unwritten)?;
            files.insert(name, file.told());
        }
        manifest["files"] = Json::Object(files);
        self.done.withdrawn = self.withdrawn.values().sum();
        if self.done.withdrawn > 0 {
            self.done.files.push((WITHDRAWN.into(), self.done.withdrawn));
        }
        manifest["withdrawn"] = json!(self.withdrawn);
        manifest["attachments"] = json!(self.done.contents);
        let mut out = (self.create)("manifest.json").map_err(unwritten)?;
        writeln!(out, "{manifest:#}").and_then(|()| out.flush()).map_err(unwritten)?;
        Ok(self.done)
    }
}

/// A file that knows what was written into it.
struct File {
    out: Box<dyn Write + Send>,
    hash: Sha256,
    bytes: usize,
    lines: usize,
}

impl File {
    fn new(out: Box<dyn Write + Send>) -> File {
        File { out, hash: Sha256::new(), bytes: 0, lines: 0 }
    }

    fn told(self) -> Json {
        let sha256 = hex::encode(self.hash.finalize());
        json!({ "lines": self.lines, "bytes": self.bytes, "sha256": sha256 })
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
