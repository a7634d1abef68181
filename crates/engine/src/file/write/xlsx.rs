//! A workbook with one sheet: texts as texts, numbers and dates as such, so that it sorts and
//! sums. Rows go to a temporary file on their way; the archive is put together at the end.

use super::super::FileSlip;
use super::{Cell, Writing, date, decimal};
use jiff::civil;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value as Json;
use std::io::{Error, Result, Write};

/// Rows of a sheet, its header among them.
const ROWS: u32 = 1_048_576;

/// The most UTF-16 units of a cell.
const CELL: usize = 32_767;

/// The largest number that a sheet keeps and shows with all its digits.
const EXACT: u64 = 999_999_999_999_999;

/// Days from the first day of a sheet to 1970-01-01, and the first day from which the count of
/// days agrees with the calendar (1 March 1900: sheets know a 29 February before it).
const EPOCH: i32 = 25_569;
const FIRST: i32 = 61;

pub struct Sheet<W: Write + Send> {
    out: W,
    workbook: Workbook,
    row: u32,
    bold: Format,
    date: Format,
    local: Format,
    /// The format of a number by its places.
    places: Vec<Format>,
}

impl<W: Write + Send> Sheet<W> {
    pub fn new(out: W, writing: &Writing) -> Result<Sheet<W>> {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_timestamp(writing.created.div_euclid(1_000_000));
        let properties = DocProperties::new().set_creation_datetime(&created.map_err(fault)?);
        workbook.set_properties(&properties);
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(fault)?;
        sheet.set_name(name(&writing.sheet)).map_err(fault)?;
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        let number = |places: usize| match places {
            0 => "0".to_string(),
            places => format!("0.{}", "0".repeat(places)),
        };
        Ok(Sheet {
            out,
            workbook,
            row: 0,
            bold: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            local: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            places: (0..=9).map(|places| Format::new().set_num_format(number(places))).collect(),
        })
    }

    pub fn start(&mut self, columns: &[&str]) -> Result<()> {
        for (at, name) in columns.iter().enumerate() {
            let sheet = self.workbook.worksheet_from_index(0).map_err(fault)?;
            let at = column(at)?;
            sheet.set_column_width(at, 20).map_err(fault)?;
            sheet.write_string_with_format(0, at, cut(name), &self.bold).map_err(fault)?;
        }
        self.row = 1;
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.row >= ROWS {
            return Err(Error::other(FileSlip::new(
                format!("A sheet holds {ROWS} rows; narrow the filter, or export as CSV."),
                format!("工作表最多 {ROWS} 行，请缩小筛选范围或导出为 CSV。"),
            )));
        }
        for (at, cell) in cells.iter().enumerate() {
            self.cell(column(at)?, cell).map_err(fault)?;
        }
        self.row += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<W> {
        self.workbook.save_to_writer(&mut self.out).map_err(fault)?;
        Ok(self.out)
    }

    fn cell(&mut self, at: u16, cell: &Cell) -> std::result::Result<(), XlsxError> {
        let row = self.row;
        let sheet = self.workbook.worksheet_from_index(0)?;
        match cell {
            Cell::Empty | Cell::Json(Json::Null) => {}
            Cell::Text(text) | Cell::Json(Json::String(text)) => string(sheet, row, at, text)?,
            Cell::YesNo(yes) | Cell::Json(Json::Bool(yes)) => {
                sheet.write_boolean(row, at, *yes)?;
            }
            Cell::Integer(number) if number.unsigned_abs() <= EXACT => {
                sheet.write_number(row, at, *number as f64)?;
            }
            Cell::Integer(number) => string(sheet, row, at, &number.to_string())?,
            Cell::Decimal(number) => {
                let text = decimal(*number);
                let exact = number.units.unsigned_abs() <= EXACT;
                match (text.parse::<f64>(), self.places.get(usize::from(number.places))) {
                    (Ok(float), Some(format)) if exact => {
                        sheet.write_number_with_format(row, at, float, format)?;
                    }
                    _ => string(sheet, row, at, &text)?,
                }
            }
            Cell::Date(days) => match days.checked_add(EPOCH).filter(|day| *day >= FIRST) {
                Some(day) => {
                    sheet.write_number_with_format(row, at, f64::from(day), &self.date)?;
                }
                None => {
                    string(sheet, row, at, &date(*days).map_or(String::new(), |d| d.to_string()))?
                }
            },
            Cell::Local(local) => match serial(*local) {
                Some(day) => {
                    sheet.write_number_with_format(row, at, day, &self.local)?;
                }
                None => string(sheet, row, at, &local.to_string())?,
            },
            Cell::Json(json) => string(sheet, row, at, &json.to_string())?,
        }
        Ok(())
    }
}

/// A text is written as a text, whatever it starts with.
fn string(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    text: &str,
) -> std::result::Result<(), XlsxError> {
    if !text.is_empty() {
        sheet.write_string(row, at, cut(text))?;
    }
    Ok(())
}

/// The beginning of a text that is longer than a cell holds, with an ellipsis to say so.
fn cut(text: &str) -> String {
    if text.len() <= CELL || text.encode_utf16().count() <= CELL {
        return text.to_string();
    }
    let mut kept = String::new();
    let mut units = 1;
    for c in text.chars() {
        units += c.len_utf16();
        if units > CELL {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The days of a sheet, the time of day being their fraction.
fn serial(local: civil::DateTime) -> Option<f64> {
    let since = civil::Date::constant(1970, 1, 1).until(local.date()).ok()?;
    let day = since.get_days() + EPOCH;
    let time = local.time();
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60;
    let seconds = seconds + i32::from(time.second());
    (day >= FIRST).then(|| f64::from(day) + f64::from(seconds) / 86_400.0)
}

/// A name that a sheet may have: 31 characters, some never, no apostrophe at an end.
fn name(wanted: &str) -> String {
    let strange = |c: &char| !c.is_control() && !"[]:*?/\\".contains(*c);
    let kept: String = wanted.chars().filter(strange).take(31).collect();
    let kept = kept.trim_matches('\'').trim();
    let reserved = kept.is_empty() || kept.eq_ignore_ascii_case("history");
    if reserved { "Sheet1".into() } else { kept.to_string() }
}

fn column(at: usize) -> Result<u16> {
    u16::try_from(at).map_err(|_| Error::other("more columns than a sheet holds"))
}

fn fault(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => error,
        other => Error::other(other.to_string()),
    }
}
