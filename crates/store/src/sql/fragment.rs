//! A piece of SQL with the cells bound in it. Pieces are put together in any order and as often
//! as needed; places are numbered only at the end. Apart, so that no value ever meets the text.

use crate::cell::{Cell, Row};
use std::collections::HashMap;

/// Which database the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// SQL text in which each `?` stands for the next cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fragment {
    text: String,
    cells: Row,
}

impl Fragment {
    /// Text without values: our own words, quoted names.
    pub fn raw(text: impl Into<String>) -> Fragment {
        let text = text.into();
        debug_assert!(!text.contains('?'), "values are bound, not written: {text}");
        Fragment { text, cells: Row::new() }
    }

    /// One value. PostgreSQL is told its type, since it guesses from the surroundings; an unset
    /// one is the word NULL.
    pub fn bind(dialect: Dialect, cell: impl Into<Cell>) -> Fragment {
        let cell = cell.into();
        let cast = match (dialect, &cell) {
            (_, Cell::Null) => return Fragment::raw("NULL"),
            (Dialect::Sqlite, _) => "",
            (Dialect::Postgres, Cell::Bool(_)) => "::boolean",
            (Dialect::Postgres, Cell::Integer(_)) => "::bigint",
            (Dialect::Postgres, Cell::Text(_)) => "::text",
            (Dialect::Postgres, Cell::Blob(_)) => "::bytea",
        };
        Fragment { text: format!("?{cast}"), cells: vec![cell] }
    }

    /// The parts put into the `{}` of the template, in order.
    pub fn of(template: &str, parts: &[&Fragment]) -> Fragment {
        debug_assert!(!template.contains('?'), "values are bound, not written: {template}");
        let mut all = Fragment::default();
        let mut parts = parts.iter();
        for (at, text) in template.split("{}").enumerate() {
            if at > 0
                && let Some(part) = parts.next()
            {
                all.push(part);
            }
            all.text.push_str(text);
        }
        debug_assert!(parts.next().is_none(), "a part without a place: {template}");
        all
    }

    /// The parts with the word between them.
    pub fn join(parts: &[Fragment], between: &str) -> Fragment {
        let mut all = Fragment::default();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                all.text.push_str(between);
            }
            all.push(part);
        }
        all
    }

    pub fn push(&mut self, part: &Fragment) {
        self.text.push_str(&part.text);
        self.cells.extend(part.cells.iter().cloned());
    }

    pub fn push_text(&mut self, text: &str) {
        debug_assert!(!text.contains('?'), "values are bound, not written: {text}");
        self.text.push_str(text);
    }

    pub fn is_raw(&self, text: &str) -> bool {
        self.text == text
    }

    /// The text with `?1 ..` and the cells in that order; equal cells share a number.
    pub fn finish(self) -> (String, Row) {
        let mut text = String::with_capacity(self.text.len() + 2 * self.cells.len());
        let mut numbers: HashMap<Cell, usize> = HashMap::new();
        let mut row = Row::new();
        let mut cells = self.cells.into_iter();
        for (at, piece) in self.text.split('?').enumerate() {
            if at > 0
                && let Some(cell) = cells.next()
            {
                let number = *numbers.entry(cell.clone()).or_insert_with(|| {
                    row.push(cell);
                    row.len()
                });
                text.push_str(&format!("?{number}"));
            }
            text.push_str(piece);
        }
        (text, row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbered_at_the_end_and_shared() {
        let one = Fragment::bind(Dialect::Postgres, 7);
        let name = Fragment::bind(Dialect::Postgres, "x");
        let all = Fragment::of("a = {} AND b = {} AND c < {}", &[&one, &name, &one]);
        let (text, cells) = all.finish();
        assert_eq!(text, "a = ?1::bigint AND b = ?2::text AND c < ?1::bigint");
        assert_eq!(cells, vec![Cell::Integer(7), Cell::from("x")]);
    }
}
