//! Reading a sheet of a workbook. It is held in memory, because its texts and its cells are
//! parts of one archive; the archive is measured first. Formulas give the value last computed.

use super::{Body, Bytes, CellText, FileRow, FileSlip, Reading, columns, zip};
use calamine::{Cell, DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Workbook = Xlsx<Cursor<Vec<u8>>>;

/// A row that is being gathered: its number and its cells so far.
type Gathered = (usize, Vec<Option<CellText>>);

/// # Errors
/// What is no workbook, passes a limit, or has no header.
pub fn open<'a>(
    mut source: Bytes<'a>,
    reading: &Reading,
) -> Result<(Vec<String>, Body<'a>), FileSlip> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(FileSlip::of)?;
    zip::check(&bytes, &reading.limits)?;
    // The parser asserts what well-formed workbooks keep to; a crafted one must not end more
    // than this reading.
    let read = catch_unwind(AssertUnwindSafe(|| read(bytes, reading)));
    let (columns, rows) = read.unwrap_or_else(|_| Err(zip::broken()))?;
    Ok((columns, Box::new(rows.into_iter())))
}

type Sheet = (Vec<String>, Vec<Result<FileRow, FileSlip>>);

fn read(bytes: Vec<u8>, reading: &Reading) -> Result<Sheet, FileSlip> {
    let mut workbook: Workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| zip::broken())?;
    let name = sheet(&workbook, reading.sheet.as_deref())?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| zip::broken())?;
    let mut sheet = Gathering { reading, columns: Vec::new(), rows: Vec::new(), open: None };
    while let Some(cell) = cells.next_cell().map_err(|_| zip::broken())? {
        sheet.take(&cell)?;
        if sheet.rows.len() > reading.limits.rows {
            break;
        }
    }
    sheet.close()?;
    if sheet.columns.is_empty() { Err(columns::empty()) } else { Ok((sheet.columns, sheet.rows)) }
}

/// The sheet asked for, or the first that people see.
fn sheet(workbook: &Workbook, wanted: Option<&str>) -> Result<String, FileSlip> {
    let sheets = workbook.sheets_metadata();
    let fits = |sheet: &&calamine::Sheet| match wanted {
        Some(wanted) => sheet.name == wanted,
        None => sheet.visible == SheetVisible::Visible,
    };
    if let Some(sheet) = sheets.iter().find(fits) {
        return Ok(sheet.name.clone());
    }
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    Err(FileSlip::new(
        format!("The workbook has no such sheet; it has: {}.", names.join(", ")),
        format!("工作簿中没有该工作表，现有：{}。", names.join("、")),
    ))
}

/// Cells on their way to rows: the first row that holds anything is the header.
struct Gathering<'a> {
    reading: &'a Reading,
    columns: Vec<String>,
    rows: Vec<Result<FileRow, FileSlip>>,
    open: Option<Result<Gathered, FileSlip>>,
}

impl Gathering<'_> {
    fn take(&mut self, cell: &Cell<DataRef<'_>>) -> Result<(), FileSlip> {
        let (row, column) = cell.get_position();
        let (number, column) = (row as usize + 1, column as usize);
        let text = text(cell.get_value());
        if matches!(text, Ok(None)) {
            return Ok(());
        }
        if self.number() != Some(number) {
            self.close()?;
            self.open = Some(Ok((number, Vec::new())));
        }
        let placed = text.and_then(|text| self.place(column, text));
        if let Err(slip) = placed {
            let name = self.columns.get(column).cloned();
            let slip = FileSlip { row: Some(number), column: name, ..slip };
            self.open = Some(Err(slip));
        }
        Ok(())
    }

    fn number(&self) -> Option<usize> {
        match &self.open {
            Some(Ok((number, _))) => Some(*number),
            Some(Err(slip)) => slip.row,
            None => None,
        }
    }

    /// Puts a cell into the open row, which is never made wider than the columns: a cell far to
    /// the right would otherwise cost the memory of all before it.
    fn place(&mut self, column: usize, text: Option<String>) -> Result<(), FileSlip> {
        let width = match self.columns.len() {
            0 => self.reading.limits.columns,
            width => width,
        };
        if column >= width {
            return Err(columns::beyond(column + 1, width));
        }
        if let Some(Ok((_, cells))) = &mut self.open {
            if cells.len() <= column {
                cells.resize(column + 1, None);
            }
            cells[column] = text.map(CellText::Text);
        }
        Ok(())
    }

    /// Ends the open row: the first becomes the columns.
    fn close(&mut self) -> Result<(), FileSlip> {
        let Some(open) = self.open.take() else { return Ok(()) };
        if self.columns.is_empty() {
            let (number, header) = open?;
            self.columns = columns::named(header, number, &self.reading.limits)?;
            return Ok(());
        }
        let width = self.columns.len();
        self.rows.push(open.and_then(|(number, cells)| {
            columns::fitted(cells, number, width).map(|cells| FileRow { number, cells })
        }));
        Ok(())
    }
}

/// What a cell says; numbers with the 15 digits that a spreadsheet shows, dates and times as ISO
/// 8601 without a zone, since a sheet has none.
fn text(cell: &DataRef<'_>) -> Result<Option<String>, FileSlip> {
    let text = match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => {
            return Err(FileSlip::new(
                format!("The cell holds the error {error}; put a value there."),
                format!("单元格内容为错误值 {error}，请填写有效值。"),
            ));
        }
    };
    Ok((!text.is_empty()).then_some(text))
}

fn float(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 { "0".into() } else { f64::to_string(&rounded) }
}

fn moment(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return format!("{}s", float((at.as_f64() * 86_400_000.0).round() / 1000.0));
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (.., 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
