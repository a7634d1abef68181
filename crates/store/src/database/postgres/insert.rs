//! The shape of a statement that only adds rows, `INSERT INTO a (b, c) VALUES (?1, ?2), ..`, read
//! from its text: what several of them have in common, so that their rows can travel together. A
//! text of any other form has no shape.

use std::fmt::Write;

/// What is the same for every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// The statement for one row; two statements with the same text here can be one.
    pub(super) one: String,
    /// Where in `one` the row begins, after the bracket, and where it ends, before it.
    row: (usize, usize),
    /// Cells of a row.
    pub(super) width: usize,
    /// Rows in the statement that this was read from.
    pub(super) rows: usize,
}

const INSERT: &str = "INSERT INTO ";
const VALUES: &str = " VALUES (";

impl Shape {
    /// The shape of a statement.
    pub(super) fn read(sql: &str) -> Option<Shape> {
        if !sql.starts_with(INSERT) || sql.contains(" RETURNING ") || sql.contains("/*") {
            return None;
        }
        let begin = sql.find(VALUES)? + VALUES.len();
        let (head, mut rest) = sql.split_at(begin);
        let end = row_end(rest)?;
        let row = &rest[..end];
        let width = width(row)?;
        let mut rows = 1;
        rest = &rest[end + 1..];
        while let Some(next) = rest.strip_prefix(", (") {
            let end = row_end(next)?;
            let shift = rows * width;
            let expected = replaced(row, |out, place| {
                let _ = write!(out, "?{}", place + shift);
            });
            if next[..end] != expected {
                return None;
            }
            rest = &next[end + 1..];
            rows += 1;
        }
        // A cell behind the rows would be one for all of them.
        if rest.contains('?') || head.contains(['?', '\'']) {
            return None;
        }
        Some(Shape { one: format!("{head}{row}){rest}"), row: (begin, begin + end), width, rows })
    }

    /// The table, as it is written.
    pub(super) fn table(&self) -> &str {
        let rest = &self.one[INSERT.len()..];
        rest.split_once(" (").map_or(rest, |(table, _)| table)
    }

    /// The statement for any number of rows, whose cells come as an array a column: the arguments
    /// from `$first` on, of these types.
    pub(super) fn of_arrays(&self, first: usize, types: &[&str]) -> String {
        let (begin, end) = self.row;
        let (head, tail) = (&self.one[..begin - VALUES.len()], &self.one[end + 1..]);
        let array = |place: usize| {
            let kind = types.get(place - 1).copied().unwrap_or("text");
            format!("${}::{kind}[]", first + place - 1)
        };
        let row = replaced(&self.one[begin..end], |out, place| {
            let _ = write!(out, "({})[given.place]", array(place));
        });
        let from = array(1);
        // `unnest` of the first column: the planner takes it for a few rows, which they are.
        format!(
            "{head} SELECT {row} FROM unnest({from}) WITH ORDINALITY AS given(first, place){tail}"
        )
    }
}

/// Where the bracket closes that was opened before the text.
fn row_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            // No row of ours has texts in it; brackets within them are not looked for.
            '\'' | '"' => return None,
            _ => {}
        }
    }
    None
}

/// How many cells a row has, where it names each once and in order.
fn width(row: &str) -> Option<usize> {
    let mut next = 1;
    let mut ordered = true;
    replaced(row, |_, place| {
        ordered &= place == next;
        next += 1;
    });
    (ordered && next > 1).then_some(next - 1)
}

/// The text with something else in the place of each `?1 ..`.
fn replaced(text: &str, mut with: impl FnMut(&mut String, usize)) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut parts = text.split('?');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        with(&mut out, part[..digits].parse().unwrap_or(0));
        out.push_str(&part[digits..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn rows_of_one_shape() {
        let two = "INSERT INTO \"a\" (\"b\", \"c\") VALUES (?1, ?2::text::tsvector), \
                   (?3, ?4::text::tsvector)";
        let shape = Shape::read(two).unwrap();
        assert_eq!((shape.width, shape.rows), (2, 2));
        let one = r#"INSERT INTO "a" ("b", "c") VALUES (?1, ?2::text::tsvector)"#;
        assert_eq!((&*shape.one, shape.table()), (one, "\"a\""));
        assert_eq!(Shape::read(one).unwrap().one, one);
        assert_eq!(
            shape.of_arrays(7, &["int8", "text"]),
            "INSERT INTO \"a\" (\"b\", \"c\") SELECT ($7::int8[])[given.place], \
             ($8::text[])[given.place]::text::tsvector FROM unnest($7::int8[]) \
             WITH ORDINALITY AS given(first, place)"
        );
    }

    #[test]
    fn what_follows_the_rows_is_kept() {
        let sql = "INSERT INTO j (a, b) VALUES (?1, 0) ON CONFLICT (a) DO UPDATE SET b = 1";
        let shape = Shape::read(sql).unwrap();
        assert_eq!(shape.one, sql);
        assert!(shape.of_arrays(1, &["int8"]).ends_with(" ON CONFLICT (a) DO UPDATE SET b = 1"));
    }

    #[test]
    fn other_forms_have_no_shape() {
        let table = [
            "UPDATE a SET b = ?1",
            "INSERT INTO a (b) SELECT ?1 WHERE true",
            "INSERT INTO a (b) VALUES (?1) RETURNING b",
            "INSERT INTO a (b) VALUES (?1) ON CONFLICT (b) DO UPDATE SET b = a.b + ?2",
            "INSERT INTO a (b, c) VALUES (?2, ?1)",
            "INSERT INTO a (b, c) VALUES (?1, ?1)",
            "INSERT INTO a (b) VALUES ('?1')",
            "INSERT INTO a (b) VALUES (?1), (?1)",
            "INSERT INTO a (b) VALUES (1)",
        ];
        for sql in table {
            assert_eq!(Shape::read(sql), None, "{sql}");
        }
    }
}
