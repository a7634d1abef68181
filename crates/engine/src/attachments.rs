//! Files of a record: stored by the hash of their content, listed and read only by who may read the
//! record, internal ones only with the right to internal notes.

use crate::command::Command;
use crate::names::instant_text;
use crate::perform::{Idempotency, Order, Written, file_of};
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use crate::rights::Deed;
use crate::session::Session;
use model::value::Attachment;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::io;
use std::ops::ControlFlow;
use store::core::attachment;
use store::core::blob::{self, Blob, PutError};

/// A file about to be added.
pub struct Upload<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    pub internal: bool,
    pub content: &'a mut dyn io::Read,
    /// In bytes.
    pub most: u64,
    /// Makes a repetition answer what the first one did; its digest is of all but the file.
    pub idempotency: Option<Idempotency>,
}

/// A file that may be read.
#[derive(Debug, Clone)]
pub struct Download {
    pub file: Attachment,
    blob: Blob,
}

impl Session {
    /// Stores the content and adds the file to the record.
    ///
    /// # Errors
    /// `TooLarge`, `NotFound`, `NotAllowed`; `Malformed` where the upload broke off.
    pub fn attach(&self, record_type: &str, text: &str, upload: Upload) -> Result<Written> {
        let (definition, key) = self.target(record_type, text)?;
        let database = self.engine.database();
        let stored = blob::put(database, upload.content, upload.most, self.now);
        let stored = stored.map_err(|error| refused(error, upload.most))?;
        let file = Attachment {
            sha256: stored.sha256.clone(),
            name: file_name(upload.name).into(),
            media_type: upload.media_type.into(),
            bytes: stored.bytes,
        };
        let idempotency = upload.idempotency.map(|asked| with_file(asked, &file));
        let command = Command::Attach { file, internal: upload.internal };
        let record_type = definition.name.clone();
        self.perform(&Order { record_type, key: Some(key), command, base: None, idempotency })
    }

    /// The files of a record that this person may see, oldest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn attachments(&self, record_type: &str, text: &str) -> Result<Vec<Map<String, Json>>> {
        self.attachments_at(record_type, text, None)
    }

    /// The same as the record held them at an instant, in microseconds; those that were taken away
    /// since have a member `removed`.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn attachments_at(
        &self,
        record_type: &str,
        text: &str,
        as_of: Option<i64>,
    ) -> Result<Vec<Map<String, Json>>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let rows = self.visible_at(&reader, record_type, text, as_of)?;
        let mut files: Vec<Map<String, Json>> = rows.iter().map(shown).collect();
        for (file, row) in files.iter_mut().zip(&rows).filter(|(_, row)| row.removed_at.is_some()) {
            file.insert("removed".into(), json!(row.removed_at.map(instant_text)));
        }
        Ok(files)
    }

    /// One file of a record, by the hash of its content.
    ///
    /// # Errors
    /// `NotFound` where the record has no such file that this person may see.
    pub fn download(&self, record_type: &str, text: &str, sha256: &str) -> Result<Download> {
        let missing = || Refusal::NotFound { what: sha256.to_string() };
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let rows = self.visible(&self.reader(&snapshot, &catalogue), record_type, text)?;
        let row = rows.iter().find(|row| *row.sha256 == *sha256).ok_or_else(missing)?;
        let found = blob::find(self.engine.database(), sha256)?;
        let gone = || Error::Fault(format!("the content of {sha256} is missing"));
        Ok(Download { file: file_of(row), blob: found.ok_or_else(gone)? })
    }

    /// The content, part after part, until its end or until the taker has enough.
    ///
    /// # Errors
    /// A failed read.
    pub fn read_file(
        &self,
        download: &Download,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        Ok(blob::read(self.engine.database(), &download.blob, take)?)
    }

    /// The files of a record that this person may see, oldest first.
    pub(crate) fn visible(
        &self,
        reader: &Reader,
        record_type: &str,
        text: &str,
    ) -> Result<Vec<attachment::Attachment>> {
        self.visible_at(reader, record_type, text, None)
    }

    fn visible_at(
        &self,
        reader: &Reader,
        record_type: &str,
        text: &str,
        as_of: Option<i64>,
    ) -> Result<Vec<attachment::Attachment>> {
        let asked = self.definition(reader.catalogue, record_type)?;
        let (definition, record, known) = self.open_named(reader, &asked, text)?;
        let internal = self.may(Deed::Internal, &definition, &record, &known);
        let rows = match as_of {
            Some(at) => attachment::of_record_at(reader.snapshot, record.key, at)?,
            None => attachment::of_record(reader.snapshot, record.key)?,
        };
        let seen = |row: &attachment::Attachment| internal || !row.internal;
        Ok(rows.into_iter().filter(seen).collect())
    }
}

/// A file as it is listed.
pub(crate) fn shown(row: &attachment::Attachment) -> Map<String, Json> {
    let mut out = Map::new();
    out.insert("name".into(), json!(&*row.name));
    out.insert("media_type".into(), json!(&*row.media_type));
    out.insert("bytes".into(), json!(row.bytes));
    out.insert("sha256".into(), json!(&*row.sha256));
    out.insert("internal".into(), json!(row.internal));
    out.insert("at".into(), json!(instant_text(row.at)));
    out
}

fn refused(error: PutError, most: u64) -> Error {
    match error {
        PutError::TooLarge => {
            let limit = format!("{} MiB", most >> 20);
            Refusal::TooLarge { what: "file".into(), limit }.into()
        }
        PutError::Source(_) => {
            let en = "The upload broke off; send the file again.".into();
            Refusal::Malformed { en, zh: "上传中断，请重新发送文件。".into() }.into()
        }
        PutError::Store(failure) => failure.into(),
    }
}

/// A file is known by its digest only when all of it has come.
fn with_file(asked: Idempotency, file: &Attachment) -> Idempotency {
    let mut digest = Sha256::new();
    digest.update(asked.digest);
    for part in [&file.sha256, &file.name, &file.media_type] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    Idempotency { digest: digest.finalize().into(), ..asked }
}

/// The last part of a path, without control characters, at most 200 characters.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    match plain.trim().trim_matches('.') {
        "" => "file".into(),
        name => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_of_files_are_no_paths() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\日志.txt"), "日志.txt");
        assert_eq!(file_name(".."), "file");
        assert_eq!(file_name("a\u{0}b\n.txt"), "ab.txt");
    }
}
