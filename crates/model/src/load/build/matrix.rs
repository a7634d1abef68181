//! Matrices: one row for each choice of the first field, one cell for each of the second.

use super::Builder;
use crate::definition::{Choices, FieldKind, Matrix};
use crate::name::Name;
use crate::problem::message::What;
use crate::tree::{Entry, Node};
use std::sync::Arc;

impl Builder<'_, '_> {
    pub(super) fn matrix(&mut self, entry: &Entry, name: Name) -> Option<Matrix> {
        let cells = self.cell_choices(entry);
        let of = entry.node.get("of")?;
        let axes = self.names("matrix", entry, "of");
        let [rows, columns] = axes.as_slice() else {
            if of.node.items().len() != 2 {
                let message = "`of` must name two fields: the rows, the columns".to_string();
                self.report.matrix_shape(of.node.span, message);
            }
            return None;
        };
        let items = of.node.items();
        let span = |at: usize| items.get(at).map_or(of.node.span, |item| item.span);
        let row_choices = self.choices_of(rows, "of", span(0));
        let column_choices = self.choices_of(columns, "of", span(1));
        let (row_choices, column_choices) = (row_choices?, column_choices?);
        self.surplus_rows(entry, &row_choices);
        let mut table = Vec::new();
        for row in row_choices.0.keys() {
            table.push(self.row(entry, row, column_choices.0.len(), cells.as_deref())?);
        }
        Some(Matrix { name, rows: rows.clone(), columns: columns.clone(), cells: table })
    }

    /// The choices of the field that is computed from the matrix: the one of the same name.
    fn cell_choices(&mut self, entry: &Entry) -> Option<Arc<Choices>> {
        match self.of.fields.get(entry.key.as_str()) {
            Some(Some(FieldKind::Choice(choices))) => Some(choices.clone()),
            Some(None) => None,
            _ => {
                self.report.matrix_without_field(entry.key_span, &entry.key);
                None
            }
        }
    }

    fn surplus_rows(&mut self, entry: &Entry, rows: &Choices) {
        let known: Vec<&str> = rows.0.keys().map(Name::as_str).collect();
        for row in entry.node.entries() {
            if row.key != "of" && !known.contains(&row.key.as_str()) {
                self.report.unknown(row.key_span, What::Choice, &row.key, &known);
            }
        }
    }

    fn row(
        &mut self,
        entry: &Entry,
        row: &Name,
        width: usize,
        choices: Option<&Choices>,
    ) -> Option<Vec<Name>> {
        let Some(found) = entry.node.get(row) else {
            let message = format!("matrix `{}` has no row `{row}`", entry.key);
            self.report.matrix_shape(entry.key_span, message);
            return None;
        };
        let items = found.node.items();
        if items.len() != width {
            let message = format!("row `{row}` must have {width} cells; it has {}", items.len());
            self.report.matrix_shape(found.node.span, message);
            return None;
        }
        items.iter().map(|item| self.cell(item, choices?)).collect()
    }

    fn cell(&mut self, item: &Node, choices: &Choices) -> Option<Name> {
        let text = item.as_text().unwrap_or_default();
        if let Some((choice, _)) = choices.0.get_key_value(text) {
            return Some(choice.clone());
        }
        let known: Vec<&str> = choices.0.keys().map(Name::as_str).collect();
        match item.as_text() {
            Some(text) => self.report.unknown(item.span, What::Choice, text, &known),
            None => self.report.wrong_type(item.span, "a cell", "one choice in quotes"),
        }
        None
    }
}
