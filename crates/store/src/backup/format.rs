//! The bytes of a backup: tables with their columns, rows of cells, an end with counts and a hash.
//!
//! | item | bytes |
//! | --- | --- |
//! | table | 1, name, count of columns, then of each its name and kind (0 integer .. 3 bytes) |
//! | row | 2, then each cell: 0 unset, 1 false, 2 true, 3 number (zigzag), 4 text, 5 bytes |
//! | end | 3, count of tables, count of rows, 32 bytes of SHA-256 over all before this item |
//!
//! Counts, lengths and numbers are of variable length, seven bits a byte, lowest first; texts and
//! bytes stand behind their length.

use super::{BackupError, Summary};
use crate::cell::{Cell, Row};
use crate::sync::schema::ColumnType;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// A cell is at most this long: a part of a file has 1 MiB, an entry of history less than this.
const LONGEST: u64 = 64 << 20;

/// A table with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) columns: Vec<(String, ColumnType)>,
}

/// What comes next.
pub(super) enum Item {
    Table(Header),
    Row(Row),
    End(Summary),
}

const KINDS: [ColumnType; 4] =
    [ColumnType::Integer, ColumnType::Boolean, ColumnType::Text, ColumnType::Blob];

/// Writes items, hashing and counting as it goes.
pub(super) struct Saver<W: Write> {
    out: W,
    hash: Sha256,
    summary: Summary,
    /// Reused for each item.
    bytes: Vec<u8>,
}

impl<W: Write> Saver<W> {
    pub(super) fn new(out: W) -> Saver<W> {
        Saver { out, hash: Sha256::new(), summary: Summary::default(), bytes: Vec::new() }
    }

    pub(super) fn table(&mut self, header: &Header) -> io::Result<()> {
        self.summary.tables += 1;
        self.bytes.push(1);
        put_bytes(&mut self.bytes, header.name.as_bytes());
        put_number(&mut self.bytes, header.columns.len() as u64);
        for (name, kind) in &header.columns {
            put_bytes(&mut self.bytes, name.as_bytes());
            let kind = KINDS.iter().position(|known| known == kind).unwrap_or(0);
            self.bytes.push(u8::try_from(kind).unwrap_or(0));
        }
        self.flush()
    }

    pub(super) fn row(&mut self, header: &Header, row: &[Cell]) -> io::Result<()> {
        self.summary.rows += 1;
        self.bytes.push(2);
        for (cell, (_, kind)) in row.iter().zip(&header.columns) {
            match cell {
                Cell::Null => self.bytes.push(0),
                Cell::Bool(yes) => self.bytes.push(1 + u8::from(*yes)),
                // SQLite has no boolean of its own.
                Cell::Integer(number) if *kind == ColumnType::Boolean => {
                    self.bytes.push(1 + u8::from(*number != 0));
                }
                Cell::Integer(number) => {
                    self.bytes.push(3);
                    put_number(&mut self.bytes, ((number << 1) ^ (number >> 63)) as u64);
                }
                Cell::Text(text) => {
                    self.bytes.push(4);
                    put_bytes(&mut self.bytes, text.as_bytes());
                }
                Cell::Blob(blob) => {
                    self.bytes.push(5);
                    put_bytes(&mut self.bytes, blob);
                }
            }
        }
        self.flush()
    }

    pub(super) fn end(mut self) -> io::Result<(W, Summary)> {
        self.summary.sha256 = self.hash.finalize().into();
        self.bytes.push(3);
        put_number(&mut self.bytes, self.summary.tables);
        put_number(&mut self.bytes, self.summary.rows);
        self.bytes.extend(self.summary.sha256);
        self.out.write_all(&self.bytes)?;
        Ok((self.out, self.summary))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hash.update(&self.bytes);
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    put_number(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// Reads items and checks the end against what came before it.
pub(super) struct Loader<R: Read> {
    input: R,
    hash: Sha256,
    seen: Summary,
    /// Of the table that is being read.
    width: usize,
    /// Read and not yet hashed: the item may be the end, which is not.
    bytes: Vec<u8>,
}

impl<R: Read> Loader<R> {
    pub(super) fn new(input: R) -> Loader<R> {
        let (hash, seen) = (Sha256::new(), Summary::default());
        Loader { input, hash, seen, width: 0, bytes: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Result<Item, BackupError> {
        self.bytes.clear();
        let item = match self.byte()? {
            1 => Item::Table(self.table()?),
            2 => Item::Row(self.row()?),
            3 => return self.end().map(Item::End),
            _ => return Err(broken("an item of no known kind")),
        };
        self.hash.update(&self.bytes);
        Ok(item)
    }

    fn table(&mut self) -> Result<Header, BackupError> {
        self.seen.tables += 1;
        let name = self.text()?;
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > 5000 {
            return Err(broken("a table of too many columns"));
        }
        let mut columns = Vec::with_capacity(count);
        for _ in 0..count {
            let column = self.text()?;
            let kind = KINDS.get(usize::from(self.byte()?)).copied();
            columns.push((column, kind.ok_or_else(|| broken("a column of no known kind"))?));
        }
        self.width = count;
        Ok(Header { name, columns })
    }

    fn row(&mut self) -> Result<Row, BackupError> {
        self.seen.rows += 1;
        (0..self.width).map(|_| self.cell()).collect()
    }

    fn cell(&mut self) -> Result<Cell, BackupError> {
        Ok(match self.byte()? {
            0 => Cell::Null,
            1 => Cell::Bool(false),
            2 => Cell::Bool(true),
            3 => {
                let number = self.number()?;
                Cell::Integer((number >> 1) as i64 ^ -((number & 1) as i64))
            }
            4 => Cell::from(self.text()?),
            5 => Cell::Blob(self.content()?.into()),
            _ => return Err(broken("a cell of no known kind")),
        })
    }

    fn end(&mut self) -> Result<Summary, BackupError> {
        let sha256: [u8; 32] = self.hash.clone().finalize().into();
        let (tables, rows) = (self.number()?, self.number()?);
        let mut told = [0; 32];
        self.input.read_exact(&mut told).map_err(cut_off)?;
        let summary = Summary { tables, rows, sha256: told };
        if summary != (Summary { sha256, ..self.seen }) {
            return Err(broken("its counts or its hash do not fit what it holds"));
        }
        Ok(summary)
    }

    fn byte(&mut self) -> Result<u8, BackupError> {
        let mut one = [0];
        self.input.read_exact(&mut one).map_err(cut_off)?;
        self.bytes.push(one[0]);
        Ok(one[0])
    }

    fn number(&mut self) -> Result<u64, BackupError> {
        let (mut number, mut shift) = (0_u64, 0_u32);
        loop {
            let byte = self.byte()?;
            if shift > 63 {
                return Err(broken("a number that is too long"));
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn content(&mut self) -> Result<&[u8], BackupError> {
        let length = self.number()?;
        if length > LONGEST {
            return Err(broken("a cell that is too long"));
        }
        let start = self.bytes.len();
        let mut part = Read::take(&mut self.input, length);
        let read = part.read_to_end(&mut self.bytes).map_err(cut_off)?;
        if read as u64 != length {
            return Err(broken("it ends too early"));
        }
        Ok(&self.bytes[start..])
    }

    fn text(&mut self) -> Result<String, BackupError> {
        let content = self.content()?;
        let text = std::str::from_utf8(content).map_err(|_| broken("a text that is none"))?;
        Ok(text.to_string())
    }
}

pub(super) fn broken(why: &str) -> BackupError {
    BackupError::Broken(why.into())
}

/// A stream that ends early or does not decompress is a broken backup.
fn cut_off(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends too early"),
        io::ErrorKind::Other | io::ErrorKind::InvalidData => broken(&error.to_string()),
        _ => BackupError::File(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Header, Vec<Row>) {
        let names = ["i", "b", "t", "x"].map(String::from);
        let header = Header { name: "a".into(), columns: names.into_iter().zip(KINDS).collect() };
        let rows = [i64::MIN, -1, 0, 300, i64::MAX]
            .map(|number| vec![number.into(), true.into(), "é中".into(), vec![0_u8, 255].into()]);
        (header, [rows.to_vec(), vec![vec![Cell::Null; 4]]].concat())
    }

    fn saved() -> Vec<u8> {
        let (header, rows) = sample();
        let mut saver = Saver::new(Vec::new());
        saver.table(&header).unwrap();
        rows.iter().for_each(|row| saver.row(&header, row).unwrap());
        saver.end().unwrap().0
    }

    fn read(bytes: &[u8]) -> Result<Vec<Row>, BackupError> {
        let (mut loader, mut rows) = (Loader::new(bytes), Vec::new());
        loop {
            match loader.next()? {
                Item::Table(header) => assert_eq!(header, sample().0),
                Item::Row(row) => rows.push(row),
                Item::End(_) => return Ok(rows),
            }
        }
    }

    #[test]
    fn what_is_saved_is_loaded() {
        assert_eq!(read(&saved()).unwrap(), sample().1);
    }

    #[test]
    fn a_change_anywhere_is_found() {
        let whole = saved();
        for place in 0..whole.len() {
            assert!(read(&whole[..place]).is_err(), "cut at {place}");
        }
        // Beyond the header, whose names the reader above compares itself.
        for place in 20..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 0x11;
            assert!(read(&changed).is_err(), "changed at {place}");
        }
    }
}
