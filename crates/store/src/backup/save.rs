//! Writing a backup: each table of ours through one snapshot, in constant memory.

use super::format::{Header, Saver};
use super::{BackupError, MAGIC, Progress, Stage, Summary};
use crate::database::unit::{join, quote, quoted};
use crate::database::{Database, Snapshot};
use crate::sync::catalogue::{self, Catalogue};
use crate::sync::schema::ColumnType;
use std::io::Write;
use std::ops::ControlFlow;

/// Rows between two words of progress.
const EVERY: u64 = 10_000;
/// What running processes hold, and what is made again.
const LEFT_OUT: [&str; 2] = ["built", "lease"];

/// Saves everything as it stands now; writes go on meanwhile.
///
/// # Errors
/// [`BackupError`]; what was written so far is no whole backup and is found out as such.
pub fn save(
    database: &Database,
    out: impl Write,
    progress: Progress,
) -> Result<Summary, BackupError> {
    let snapshot = database.snapshot()?;
    let catalogue = catalogue::read(&snapshot, database.dialect())?;
    let mut out = std::io::BufWriter::with_capacity(1 << 16, out);
    out.write_all(MAGIC)?;
    let mut packer = zstd::Encoder::new(out, 3)?;
    packer.include_checksum(true)?;
    let mut saver = Saver::new(packer);
    for header in headers(&catalogue) {
        table(&snapshot, &header, &mut saver, progress)?;
    }
    let (packer, summary) = saver.end()?;
    packer.finish()?.flush()?;
    Ok(summary)
}

/// Our tables with their columns, core ones first.
fn headers(catalogue: &Catalogue) -> Vec<Header> {
    let core = crate::core::schema().tables;
    let core_names = core.iter().map(|table| table.name.as_str());
    let names = core_names.chain(catalogue.built_of(crate::sync::TABLE));
    let header = |name: &str| {
        let shape = core.iter().find(|table| table.name == name);
        // Places are given anew, in the order of the rows.
        let is_place = |column: &str| {
            let column = shape.and_then(|shape| shape.column(column));
            column.is_some_and(|column| column.kind == ColumnType::Place)
        };
        let columns = catalogue.tables.get(name)?.iter();
        let columns = columns.filter(|column| !is_place(&column.name));
        let columns = columns.filter_map(|column| Some((column.name.clone(), column.kind?)));
        Some(Header { name: name.to_string(), columns: columns.collect() })
    };
    names.filter(|name| !LEFT_OUT.contains(name)).filter_map(header).collect()
}

fn table<W: Write>(
    snapshot: &Snapshot,
    header: &Header,
    saver: &mut Saver<W>,
    progress: Progress,
) -> Result<(), BackupError> {
    saver.table(header)?;
    let mut sql = String::from("SELECT ");
    join(&mut sql, &header.columns, ", ", |sql, (name, _)| quote(sql, name));
    sql.push_str(" FROM ");
    sql.push_str(&quoted(&header.name));
    if header.name == "unsealed" {
        sql.push_str(" ORDER BY \"place\"");
    }
    let (mut rows, mut failed) = (0, None);
    let mut stage = |rows| progress(&Stage { table: header.name.clone(), rows });
    snapshot.each(&sql, &[], &mut |row| {
        if let Err(error) = saver.row(header, &row) {
            failed = Some(error);
            return ControlFlow::Break(());
        }
        rows += 1;
        if rows % EVERY == 0 {
            stage(rows);
        }
        ControlFlow::Continue(())
    })?;
    stage(rows);
    failed.map_or(Ok(()), |error| Err(error.into()))
}
