//! `evenkeel export --everything DIR`: a file of JSON lines for each record type, one with the
//! history, the files attached to records, a manifest. The files are written where the command was
//! given, perhaps at the other end of the local socket: so they go there as one stream, in parts
//! that name their file ([`crate::console::parcel`]).

use crate::console::{Console, Progress, parcel};
use crate::failure::{Result, text};
use crate::host::Host;
use engine::export::Exported;
use serde_json::{Map, json};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Bytes gathered for a file before they are handed on, and parts under way at most.
const PART: usize = 64 * 1024;
const UNDER_WAY: usize = 8;

/// Does it.
///
/// # Errors
/// A failed read; where the other end is gone or full.
pub fn run(host: &Host, console: &mut dyn Console) -> Result<()> {
    let session = host.system();
    let (out, parts) = sync_channel(UNDER_WAY);
    let write = move || {
        session.export_everything(&mut |name| {
            let file = Parcels { name: name.to_string(), out: out.clone() };
            Ok(Box::new(BufWriter::with_capacity(PART, file)))
        })
    };
    let mut progress = Progress { what: text("Exporting", "正在导出"), done: 0, total: None };
    let (handed_on, exported) = std::thread::scope(|scope| {
        let writing = scope.spawn(write);
        let handed_on = parts.iter().try_for_each(|part: Vec<u8>| {
            progress.done += u64::try_from(part.len()).unwrap_or(0);
            console.progress(&progress);
            console.bytes(&part)
        });
        // Who writes on is told that nobody listens.
        drop(parts);
        (handed_on, writing.join())
    });
    handed_on?;
    let exported = exported.map_err(|_| crate::failure::Failure::Fault("it panicked".into()))??;
    tell(&exported, console)
}

fn tell(exported: &Exported, console: &mut dyn Console) -> Result<()> {
    let files: Map<_, _> =
        exported.files.iter().map(|(name, count)| (name.clone(), json!(count))).collect();
    let (records, entries) =
        (exported.files.iter().map(|(_, count)| count).sum::<usize>(), exported.entries);
    let (contents, withdrawn) = (exported.contents, exported.withdrawn);
    let said = text(
        format!(
            "Exported {records} records ({withdrawn} of them withdrawn), {entries} entries of \
             their history and {contents} files attached to them."
        ),
        format!(
            "已导出 {records} 条记录（其中 {withdrawn} 条已撤回）、{entries} 条历史和 {contents} \
             个附件。"
        ),
    );
    let told = json!({
        "files": files, "records": records, "withdrawn": withdrawn, "entries": entries,
        "attachments": contents,
    });
    console.answer(&told, &said)
}

/// A file at the other end.
struct Parcels {
    name: String,
    out: SyncSender<Vec<u8>>,
}

impl Write for Parcels {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.out.send(parcel::pack(&self.name, bytes));
        sent.map_err(|_| io::Error::from(ErrorKind::BrokenPipe)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
