//! Reading CSV (RFC 4180), row by row: separator by content, quotes doubled, rows counted as a
//! spreadsheet counts them.

use super::limit::{Meter, Rationed};
use super::{Body, Bytes, CellText, FileRow, FileSlip, Reading, columns, guard, limit, sniff};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::sync::Arc;
use std::sync::atomic::Ordering;

struct CsvRows<'a> {
    reader: Reader<Rationed<Bytes<'a>>>,
    meter: Arc<Meter>,
    reading: Reading,
    columns: Vec<String>,
    record: ByteRecord,
    count: Count,
    ended: bool,
}

/// The row number, which the parser does not know: it skips empty lines silently.
struct Count {
    row: usize,
    /// Newlines inside cells so far.
    inside: u64,
    /// 1 where the parser has counted the newline that ends a row when it gives the row, 0 where
    /// it stops before it (CR LF).
    ahead: u64,
}

/// # Errors
/// A header that does not name the columns, or the first bytes not being text.
pub fn open<'a>(
    source: Bytes<'a>,
    prefix: &[u8],
    reading: &Reading,
) -> Result<(Vec<String>, Body<'a>), FileSlip> {
    sniff::not_utf16(prefix)?;
    let (rationed, meter) = Rationed::new(source);
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(sniff::separator(prefix));
    let crlf =
        prefix.iter().position(|b| *b == b'\n').is_some_and(|at| at > 0 && prefix[at - 1] == b'\r');
    let mut rows = CsvRows {
        reader: builder.from_reader(rationed),
        meter,
        reading: reading.clone(),
        columns: Vec::new(),
        record: ByteRecord::new(),
        count: Count { row: 0, inside: 0, ahead: u64::from(!crlf) },
        ended: false,
    };
    let header = rows.header()?;
    rows.columns = columns::named(header, rows.count.row, &reading.limits)?;
    Ok((rows.columns.clone(), Box::new(rows)))
}

impl CsvRows<'_> {
    fn header(&mut self) -> Result<Vec<Option<CellText>>, FileSlip> {
        if !self.advance()? {
            return Err(columns::empty());
        }
        let mut cells = self.cells()?;
        // The mark that a file is UTF-8 is no part of the first name.
        if let Some(Some(CellText::Text(first))) = cells.first_mut() {
            *first = first.trim_start_matches('\u{FEFF}').to_string();
        }
        Ok(cells)
    }

    /// The next record; false at the end.
    fn advance(&mut self) -> Result<bool, FileSlip> {
        self.meter.left.store(self.reading.limits.row_bytes, Ordering::Relaxed);
        let next = self.count.row + 1;
        let more = self.reader.read_byte_record(&mut self.record);
        let more = more.map_err(|error| fault(error).at(next))?;
        if more {
            self.count.step(&self.record, self.reader.position().line());
        }
        if more && self.unclosed() { Err(unclosed().at(next)) } else { Ok(more) }
    }

    /// Whether the row runs to the end of the file because a quote in it is never closed: the
    /// parser takes that for one long cell, and the rows in it would be lost silently.
    fn unclosed(&self) -> bool {
        self.meter.ended.load(Ordering::Relaxed)
            && self.record.as_slice().contains(&b'\n')
            && self.meter.quotes.load(Ordering::Relaxed) % 2 == 1
    }

    /// The cells of the record at hand, decoded and without guards.
    fn cells(&self) -> Result<Vec<Option<CellText>>, FileSlip> {
        let cell = |(at, bytes): (usize, &[u8])| {
            if bytes.is_empty() {
                return Ok(None);
            }
            let text = sniff::decode(bytes, self.reading.charset).map_err(|slip| {
                let slip = slip.at(self.count.row);
                let nth = (at + 1).to_string();
                slip.column(self.columns.get(at).unwrap_or(&nth))
            })?;
            Ok(Some(CellText::Text(guard::unguarded(&text).to_string())))
        };
        if self.record.len() > self.reading.limits.columns.saturating_mul(2) {
            return Err(columns::beyond(self.record.len(), self.columns.len()).at(self.count.row));
        }
        self.record.iter().enumerate().map(cell).collect()
    }

    fn row(&mut self) -> Option<Result<FileRow, FileSlip>> {
        loop {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(slip) => {
                    self.ended = true;
                    return Some(Err(slip));
                }
            }
            let number = self.count.row;
            let cells = match self.cells() {
                Ok(cells) if cells.iter().all(Option::is_none) => continue,
                Ok(cells) => columns::fitted(cells, number, self.columns.len()),
                Err(slip) => Err(slip),
            };
            return Some(cells.map(|cells| FileRow { number, cells }));
        }
    }
}

impl Iterator for CsvRows<'_> {
    type Item = Result<FileRow, FileSlip>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended { None } else { self.row() }
    }
}

impl Count {
    fn step(&mut self, record: &ByteRecord, line: u64) {
        self.inside += record.as_slice().iter().filter(|b| **b == b'\n').count() as u64;
        let counted = line.saturating_sub(self.ahead + self.inside);
        self.row = usize::try_from(counted).unwrap_or(usize::MAX).max(self.row + 1);
    }
}

fn unclosed() -> FileSlip {
    FileSlip::new(
        "A quote is opened in this row and never closed; close it, or write a quote twice.",
        "该行有引号未闭合，请补上引号；引号本身应写两次。",
    )
}

fn fault(error: csv::Error) -> FileSlip {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => FileSlip::of(error),
        _ => limit::too_long(),
    }
}
