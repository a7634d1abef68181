//! The names of the columns: what a header row must be, so that a cell is never taken for that
//! of another column.

use super::{CellText, FileSlip, Limits};

/// The columns of a header row at row `number`. Blanks around a name do not count, nor do empty
/// cells at the end.
///
/// | header | columns |
/// | --- | --- |
/// | `a`, ` b `, `` | `a`, `b` |
/// | `a`, ``, `b` | refused: column 2 has no name |
/// | `a`, `a` | refused: twice |
/// | nothing | refused |
///
/// # Errors
/// The column that cannot be named.
pub fn named(
    header: Vec<Option<CellText>>,
    number: usize,
    limits: &Limits,
) -> Result<Vec<String>, FileSlip> {
    let name = |cell: Option<CellText>| cell.map_or(String::new(), |c| c.text().trim().to_string());
    let mut columns: Vec<String> = header.into_iter().map(name).collect();
    let used = columns.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    columns.truncate(used);
    if columns.is_empty() {
        return Err(empty());
    }
    check(&columns, limits).map_err(|slip| slip.at(number))?;
    Ok(columns)
}

/// # Errors
/// The column that has no name, or that of another.
pub fn check(columns: &[String], limits: &Limits) -> Result<(), FileSlip> {
    if columns.len() > limits.columns {
        let (count, most) = (columns.len(), limits.columns);
        return Err(FileSlip::new(
            format!("There are {count} columns; at most {most} are taken."),
            format!("共有 {count} 列，最多允许 {most} 列。"),
        ));
    }
    let mut seen = std::collections::HashMap::new();
    for (at, name) in columns.iter().enumerate() {
        let at = at + 1;
        if name.is_empty() {
            return Err(FileSlip::new(
                format!("Column {at} has no name; name it, or delete the column."),
                format!("第 {at} 列没有列名，请填写列名或删除该列。"),
            ));
        }
        if let Some(first) = seen.insert(name.as_str(), at) {
            return Err(FileSlip::new(
                format!("Columns {first} and {at} have the same name; delete or rename one."),
                format!("第 {first} 列与第 {at} 列列名相同，请删除或重命名其中一列。"),
            )
            .column(name));
        }
    }
    Ok(())
}

/// The slip of a file without any row.
pub fn empty() -> FileSlip {
    FileSlip::new(
        "The file is empty; its first row must name the columns.",
        "文件为空，第一行应为列名。",
    )
}

/// A row with as many cells as columns: short ones are filled up.
///
/// # Errors
/// Where something stands beyond the last column.
pub fn fitted(
    mut cells: Vec<Option<CellText>>,
    number: usize,
    columns: usize,
) -> Result<Vec<Option<CellText>>, FileSlip> {
    if let Some(at) = cells.iter().rposition(Option::is_some).filter(|at| *at >= columns) {
        return Err(beyond(at + 1, columns).at(number));
    }
    cells.resize(columns, None);
    Ok(cells)
}

/// The slip of a cell to the right of all columns.
pub fn beyond(at: usize, columns: usize) -> FileSlip {
    FileSlip::new(
        format!("There is a cell in column {at}, but only {columns} columns have a name."),
        format!("第 {at} 列有内容，但只有 {columns} 列有列名。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Result<Vec<String>, FileSlip> {
        let cell = |name: &&str| (!name.is_empty()).then(|| CellText::Text(name.to_string()));
        named(names.iter().map(cell).collect(), 1, &Limits::default())
    }

    #[test]
    fn headers_are_named_as_the_table_says() {
        assert_eq!(header(&["a", " b ", ""]).unwrap(), ["a", "b"]);
        assert!(header(&["a", "", "b"]).unwrap_err().en.starts_with("Column 2"));
        assert!(header(&["a", "b", "a"]).unwrap_err().en.starts_with("Columns 1 and 3"));
        assert!(header(&["", ""]).is_err());
    }
}
