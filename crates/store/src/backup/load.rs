//! Reading a backup: into an empty database, or only to see that it is whole.

use super::format::{Header, Item, Loader, broken};
use super::{BackupError, MAGIC, Progress, Stage, Summary};
use crate::cell::{Cell, Row};
use crate::database::unit::{join, quote, quoted};
use crate::database::{Database, Statement, Ticket, Unit};
use crate::sync::{self, catalogue};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Read;
use std::sync::Arc;

/// Rows in a statement, statements in a unit, bytes in a unit, units under way, at most.
const ROWS: usize = 50;
const STATEMENTS: usize = 40;
const BYTES: usize = 4 << 20;
const UNDER_WAY: usize = 4;
/// Arguments of a statement, at most, in both databases.
const PLACES: usize = 30_000;

/// Reads the whole file and says what it holds.
///
/// # Errors
/// [`BackupError::Broken`] where anything in it was changed or is missing.
pub fn verify(input: impl Read) -> Result<Summary, BackupError> {
    let mut loader = open(input)?;
    loop {
        if let Item::End(summary) = loader.next()? {
            return Ok(summary);
        }
    }
}

/// Fills an empty database. Afterwards bring tables in step with the active definitions
/// ([`crate::sync`]), which makes the indexes, and rebuild the full-text index.
///
/// # Errors
/// [`BackupError`]; the database is then to be thrown away.
pub fn load(
    database: &Database,
    input: impl Read,
    progress: Progress,
) -> Result<Summary, BackupError> {
    let mut loader = open(input)?;
    if !catalogue::read(database, database.dialect())?.tables.is_empty() {
        return Err(BackupError::NotEmpty);
    }
    sync::make_tables(database, &crate::core::schema())?;
    let mut filler = Filler::new(database);
    let summary = loop {
        match loader.next()? {
            Item::Table(header) => {
                filler.next_table(Some(header), progress)?;
            }
            Item::Row(row) => filler.row(row, progress)?,
            Item::End(summary) => break summary,
        }
    };
    filler.next_table(None, progress)?;
    let mut unit = Unit::new();
    crate::core::setting::put(&mut unit, "search.rebuild", "restored");
    database.write(unit)?;
    crate::core::prepare(database)?;
    database.optimize()?;
    Ok(summary)
}

fn open<R: Read>(input: R) -> Result<Loader<impl Read>, BackupError> {
    let mut input = std::io::BufReader::with_capacity(1 << 16, input);
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic).map_err(|_| broken("it is too short"))?;
    if &magic != MAGIC {
        return Err(broken("it does not begin like one"));
    }
    let unpacked = zstd::Decoder::with_buffer(input)?;
    Ok(Loader::new(std::io::BufReader::with_capacity(1 << 16, unpacked)))
}

/// Gathers rows into statements, statements into units, and keeps a few units under way.
struct Filler<'a> {
    database: &'a Database,
    table: Option<Target>,
    rows: Vec<Row>,
    bytes: usize,
    unit: Unit,
    under_way: VecDeque<Ticket>,
}

/// The table that is being filled.
struct Target {
    header: Header,
    /// For one row, and for [`Target::most`] rows.
    one: Arc<str>,
    many: Arc<str>,
    most: usize,
    rows: u64,
}

impl<'a> Filler<'a> {
    fn new(database: &'a Database) -> Filler<'a> {
        let (rows, unit, under_way) = Default::default();
        Filler { database, table: None, rows, bytes: 0, unit, under_way }
    }

    /// Finishes the table before, and all with it where there is no next one.
    fn next_table(
        &mut self,
        header: Option<Header>,
        progress: Progress,
    ) -> Result<(), BackupError> {
        self.rows_to_unit();
        self.send()?;
        while let Some(ticket) = self.under_way.pop_front() {
            self.database.wait(ticket)?;
        }
        if let Some(done) = self.table.take() {
            progress(&Stage { table: done.header.name, rows: done.rows });
        }
        if let Some(header) = header {
            sync::make_record_table(self.database, &header.name, &header.columns)?;
            self.table = Some(Target::new(header));
        }
        Ok(())
    }

    fn row(&mut self, row: Row, progress: Progress) -> Result<(), BackupError> {
        let Some(target) = &mut self.table else { return Err(broken("a row without a table")) };
        target.rows += 1;
        if target.rows.is_multiple_of(10_000) {
            progress(&Stage { table: target.header.name.clone(), rows: target.rows });
        }
        let most = target.most;
        self.bytes += row.iter().map(size).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= most || self.bytes >= BYTES {
            self.rows_to_unit();
        }
        if self.unit.statements.len() >= STATEMENTS || self.bytes >= BYTES {
            self.send()?;
        }
        Ok(())
    }

    fn rows_to_unit(&mut self) {
        let Some(target) = &self.table else { return };
        if self.rows.len() == target.most {
            let cells: Row = self.rows.drain(..).flatten().collect();
            return self.unit.push(Statement::new(target.many.clone(), cells));
        }
        for row in self.rows.drain(..) {
            self.unit.push(Statement::new(target.one.clone(), row));
        }
    }

    fn send(&mut self) -> Result<(), BackupError> {
        self.bytes = 0;
        if self.unit.is_empty() {
            return Ok(());
        }
        if self.under_way.len() >= UNDER_WAY
            && let Some(ticket) = self.under_way.pop_front()
        {
            self.database.wait(ticket)?;
        }
        let unit = std::mem::take(&mut self.unit);
        // Only the queue `unsealed` asks for an order, and it is short.
        let ticket = self.database.submit(unit)?;
        if self.table.as_ref().is_some_and(|table| table.header.name == "unsealed") {
            self.database.wait(ticket)?;
        } else {
            self.under_way.push_back(ticket);
        }
        Ok(())
    }
}

impl Target {
    fn new(header: Header) -> Target {
        let width = header.columns.len().max(1);
        let most = (PLACES / width).clamp(1, ROWS);
        let text = |rows| insert_text(&header, rows).into();
        let (one, many) = (text(1), text(most));
        Target { header, one, many, most, rows: 0 }
    }
}

fn insert_text(header: &Header, rows: usize) -> String {
    let mut sql = format!("INSERT INTO {} (", quoted(&header.name));
    join(&mut sql, &header.columns, ", ", |sql, (name, _)| quote(sql, name));
    sql.push_str(") VALUES ");
    let width = header.columns.len();
    join(&mut sql, 0..rows, ", ", |sql, row| {
        sql.push('(');
        join(sql, 1..=width, ", ", |sql, place| {
            let _ = write!(sql, "?{}", row * width + place);
        });
        sql.push(')');
    });
    sql
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text.len(),
        Cell::Blob(bytes) => bytes.len(),
        _ => 8,
    }
}
