//! A matrix as CASE: its cells stand in the definitions, so nothing is read for them.

use super::scalar::term;
use super::{Fragment, Ground, Holds, Scalar, Term, Unanswerable, field};
use crate::layout::Shape;
use model::definition::RecordType;
use model::expression::Node;
use model::{Name, Value};

fn choices(record_type: &RecordType, field: &str) -> Option<Vec<Name>> {
    match field::stored(record_type, field)?.shape {
        Shape::Choice(choices) => Some(choices.0.keys().cloned().collect()),
        _ => None,
    }
}

pub(super) fn matrix_term(
    ground: &Ground,
    matrix: &Name,
    row: &Node,
    column: &Node,
) -> Result<Term, Unanswerable> {
    let part = |node| term(ground, node).map(|term| term.scalar(ground));
    let (Some(row), Some(column)) = (part(row)?, part(column)?) else {
        return Ok(Term::Known(Value::Unset));
    };
    let of = ground.record_type;
    let found = of.matrices.get(matrix);
    let (Some(declared), Some(rows), Some(columns)) = (
        found,
        found.and_then(|m| choices(of, &m.rows)),
        found.and_then(|m| choices(of, &m.columns)),
    ) else {
        return Err(Unanswerable(format!("`{}` has no matrix `{matrix}`", of.name)));
    };
    let mut sql = Fragment::of("CASE {}", &[&row.masked()]);
    for (name, cells) in rows.iter().zip(&declared.cells) {
        sql.push(&Fragment::of(&format!(" WHEN '{name}' THEN CASE {{}}"), &[&column.masked()]));
        for (name, cell) in columns.iter().zip(cells) {
            sql.push_text(&format!(" WHEN '{name}' THEN '{cell}'"));
        }
        sql.push_text(" END");
    }
    sql.push_text(" END");
    Ok(Term::One(Scalar { sql, guard: None, holds: Holds::Text }))
}
