//! The statements of a list: what is selected, from where, on which conditions, in which order.

use super::branch::{self, Branch};
use super::cursor::Position;
use super::part::{self, Part};
use super::segment::Cutter;
use super::sort::{self, OrderTerm};
use super::{Select, fit, row};
use crate::cell::{Cell, Row};
use crate::layout::Stored;
use crate::sql::{self, Context, Fragment, Ground, Truth, Unanswerable};
use model::Name;
use std::rc::Rc;

/// A list worked out: everything but the place of the page.
pub(super) struct Frame<'a> {
    pub ground: Ground<'a>,
    pub parts: Vec<Rc<Part>>,
    pub terms: Vec<OrderTerm>,
    /// The key goes in the direction of the last term, as it does in an index read backwards.
    pub key_descends: bool,
    /// The wanted fields with the expressions of their cells.
    pub columns: Vec<(Stored, Vec<Fragment>)>,
}

impl<'a> Frame<'a> {
    /// # Errors
    /// Where the list does not fit the definitions.
    pub fn new(context: &Context<'a>, select: &Select<'a>) -> Result<Frame<'a>, Unanswerable> {
        let ground = Ground::new(*context, select.record_type, select.as_of);
        let parts = part::parts(&ground, select)?;
        let terms = sort::terms(&ground, &select.sort)?;
        let columns = select.columns.iter().map(|name| row::column(&ground, name));
        let columns = columns.collect::<Result<_, _>>()?;
        let key_descends = select.sort.last().is_some_and(|sort| sort.descending);
        Ok(Frame { ground, parts, terms, key_descends, columns })
    }

    /// The same list from its end.
    pub fn reversed(mut self) -> Frame<'a> {
        for term in &mut self.terms {
            term.descending = !term.descending;
        }
        self.key_descends = !self.key_descends;
        self
    }

    /// Nothing can be in it.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().any(|part| part.truth.never())
    }

    pub fn branches(&self) -> Vec<Branch> {
        branch::branches(self)
    }

    /// What must hold for a record to be in the list.
    pub fn condition(&self) -> Truth {
        Truth::all(self.parts.iter().map(|part| part.truth.clone()).collect())
    }

    /// The statements of a branch that an index serves, to be run one after the other.
    pub fn by_index(&self, branch: &Branch, after: Option<&Position>, limit: usize) -> Vec<Sql> {
        let fixed_fields = fit::fixed(&branch.parts);
        let fixed_to = |field: &Name| fixed_fields.iter().find(|(name, _)| *name == field);
        let value = |term: &OrderTerm| {
            let (_, cell) = fixed_to(term.field.as_ref()?)?;
            Some(term.at(cell))
        };
        let fixed: Vec<Option<Cell>> = self.terms.iter().map(value).collect();
        let parts: Vec<Truth> = branch.parts.iter().map(|part| part.truth.clone()).collect();
        let cutter = self.cutter(&fixed);
        let from = sql::source(&self.ground);
        let statement = |segment: super::segment::Segment| {
            let on = [parts.clone(), segment.on].concat();
            self.statement(&from, &self.terms, Truth::all(on), &segment.order, limit)
        };
        cutter.segments(after).into_iter().map(statement).collect()
    }

    /// The one statement that sorts.
    pub fn sorting(&self, after: Option<&Position>, limit: usize) -> Sql {
        let fixed = vec![None; self.terms.len()];
        let cutter = self.cutter(&fixed);
        let mut on = vec![self.condition()];
        if let Some(after) = after {
            let segments = cutter.segments(Some(after)).into_iter();
            on.push(Truth::any(segments.map(|segment| Truth::all(segment.on)).collect()));
        }
        let mut order: Vec<Fragment> =
            self.terms.iter().map(|term| term.ordered(term.nullable)).collect();
        order.push(self.cutter(&fixed).key_order());
        self.statement(&sql::source(&self.ground), &self.terms, Truth::all(on), &order, limit)
    }

    fn cutter<'f>(&'f self, fixed: &'f [Option<Cell>]) -> Cutter<'f> {
        let Frame { ground, terms, key_descends, .. } = self;
        Cutter { ground, terms, key: ground.column("key"), key_descends: *key_descends, fixed }
    }

    /// The statement of a segment, with the terms as they are read there.
    pub fn statement(
        &self,
        from: &Fragment,
        terms: &[OrderTerm],
        on: Truth,
        order: &[Fragment],
        limit: usize,
    ) -> Sql {
        let mut wanted = row::fixed(&self.ground);
        wanted.extend(terms.iter().map(|term| term.sql.clone()));
        wanted.extend(self.columns.iter().flat_map(|(_, cells)| cells.iter().cloned()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let whole = Fragment::of(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {}",
            &[
                &Fragment::join(&wanted, ", "),
                from,
                &on.sql,
                &Fragment::join(order, ", "),
                &self.ground.bind(limit),
            ],
        );
        whole.finish()
    }
}

/// Text and cells, ready to run.
pub(super) type Sql = (String, Row);
