//! What comes after a row, in parts that an index gives each: with a sort by `a`, `b` and the row
//! at (1, 2) first `a = 1 and b = 2 and key > k`, then `a = 1 and b > 2`, then `a > 1`, then `a`
//! unset. Run one after the other until the page is full. Row values `(a, b) > (1, 2)` would be
//! shorter, but know neither unset values nor mixed directions.

use super::cursor::Position;
use super::sort::OrderTerm;
use crate::cell::Cell;
use crate::sql::{Dialect, Fragment, Ground, Truth};
use std::cmp::Ordering;

/// Rows that follow one another: a condition beside that of the list, and their order.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub on: Vec<Truth>,
    pub order: Vec<Fragment>,
}

/// One level of the sort after another.
pub(super) struct Cutter<'a> {
    pub ground: &'a Ground<'a>,
    pub terms: &'a [OrderTerm],
    /// The key, by which rows sort after all terms.
    pub key: Fragment,
    pub key_descends: bool,
    /// For each term its value, where the conditions of the list fix it.
    pub fixed: &'a [Option<Cell>],
}

impl Cutter<'_> {
    /// The segments after the position, or all of them.
    pub fn segments(&self, after: Option<&Position>) -> Vec<Segment> {
        let mut segments = Vec::new();
        self.cut(0, after, Vec::new(), &mut segments);
        segments
    }

    fn cut(&self, level: usize, after: Option<&Position>, on: Vec<Truth>, out: &mut Vec<Segment>) {
        let Some(term) = self.terms.get(level) else { return self.by_key(after, on, out) };
        if let Some(fixed) = &self.fixed[level] {
            let order = after.map(|after| term.order(fixed, &after.cells[level]));
            return match order {
                Some(Ordering::Less) => {}
                Some(Ordering::Equal) => self.cut(level + 1, after, on, out),
                Some(Ordering::Greater) | None => self.cut(level + 1, None, on, out),
            };
        }
        let at = after.map(|after| &after.cells[level]);
        let nulls = term.nullable && (!term.descending || at.is_none_or(|at| *at == Cell::Null));
        let nulls_after = after.filter(|_| at == Some(&Cell::Null));
        if term.descending && nulls {
            self.cut(level + 1, nulls_after, with(&on, is_null(term)), out);
        }
        match at {
            Some(Cell::Null) if !term.descending => {}
            Some(Cell::Null) | None => self.all_set(level, on.clone(), out),
            Some(cell) => {
                self.cut(level + 1, after, with(&on, self.compared(term, "=", cell)), out);
                self.beyond(level, cell, on.clone(), out);
            }
        }
        if !term.descending && nulls {
            self.cut(level + 1, nulls_after, with(&on, is_null(term)), out);
        }
    }

    /// Rows with the term set, in order of it and the terms after it.
    fn all_set(&self, level: usize, on: Vec<Truth>, out: &mut Vec<Segment>) {
        let term = &self.terms[level];
        if let Some(ranks) = self.ranks(level) {
            for rank in ranks {
                self.cut(level + 1, None, with(&on, self.compared(term, "=", &rank)), out);
            }
            return;
        }
        let on = if term.nullable { with(&on, is_set(term)) } else { on };
        out.push(Segment { on, order: self.order(level) });
    }

    /// Rows beyond the value of the term.
    fn beyond(&self, level: usize, cell: &Cell, on: Vec<Truth>, out: &mut Vec<Segment>) {
        let term = &self.terms[level];
        if let Some(ranks) = self.ranks(level) {
            for rank in ranks.into_iter().filter(|rank| term.order(rank, cell).is_gt()) {
                self.cut(level + 1, None, with(&on, self.compared(term, "=", &rank)), out);
            }
            return;
        }
        let sign = if term.descending { "<" } else { ">" };
        out.push(Segment {
            on: with(&on, self.compared(term, sign, cell)),
            order: self.order(level),
        });
    }

    /// The ranks of a choice in the order of the list, where it is better to go through them one
    /// by one: SQLite does not read unset values of a later term last from an index.
    fn ranks(&self, level: usize) -> Option<Vec<Cell>> {
        let term = &self.terms[level];
        let choices = term.choices.as_ref().filter(|choices| choices.0.len() <= 16)?;
        let later = (level + 1..self.terms.len()).any(|l| self.can_be_null(l));
        if self.ground.context.dialect == Dialect::Postgres || !later {
            return None;
        }
        let mut ranks: Vec<Cell> =
            choices.0.keys().map(|name| term.at(&Cell::from(name.as_str()))).collect();
        if term.descending {
            ranks.reverse();
        }
        Some(ranks)
    }

    fn can_be_null(&self, level: usize) -> bool {
        self.terms[level].nullable && self.fixed[level].is_none()
    }

    fn by_key(&self, after: Option<&Position>, mut on: Vec<Truth>, out: &mut Vec<Segment>) {
        let sign = if self.key_descends { "<" } else { ">" };
        if let Some(after) = after {
            let bound = self.ground.bind(after.key.0);
            on.push(Truth::certain(Fragment::of(
                &format!("{{}} {sign} {{}}"),
                &[&self.key, &bound],
            )));
        }
        out.push(Segment { on, order: self.order(self.terms.len()) });
    }

    /// ORDER BY from a term on that is known to be set.
    fn order(&self, level: usize) -> Vec<Fragment> {
        let terms =
            self.terms.iter().enumerate().skip(level).filter(|(l, _)| self.fixed[*l].is_none());
        let postgres = self.ground.context.dialect == Dialect::Postgres;
        let mut order: Vec<Fragment> =
            terms.map(|(l, term)| term.ordered(l > level && term.nullable && !postgres)).collect();
        order.push(self.key_order());
        order
    }

    pub fn key_order(&self) -> Fragment {
        let direction = if self.key_descends { "{} DESC" } else { "{}" };
        Fragment::of(direction, &[&self.key])
    }

    fn compared(&self, term: &OrderTerm, sign: &str, cell: &Cell) -> Truth {
        let bound = self.ground.bind(cell.clone());
        Truth::open(Fragment::of(&format!("{{}} {sign} {{}}"), &[&term.sql, &bound]))
    }
}

fn with(on: &[Truth], one: Truth) -> Vec<Truth> {
    let mut all = on.to_vec();
    all.push(one);
    all
}

fn is_null(term: &OrderTerm) -> Truth {
    Truth::certain(Fragment::of("{} IS NULL", &[&term.sql]))
}

fn is_set(term: &OrderTerm) -> Truth {
    Truth::certain(Fragment::of("{} IS NOT NULL", &[&term.sql]))
}
