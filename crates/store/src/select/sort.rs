//! What a list is sorted by: one expression or more a field. A reader who may not see a field
//! sorts as if it were unset, or the order would tell what it holds.

use crate::cell::Cell;
use crate::layout::{ColumnKind, Shape};
use crate::sql::order::rank_of;
use crate::sql::{self, Fragment, Ground, Holds, Scalar, Term, Unanswerable};
use model::Name;
use model::definition::{Choices, Sort};
use std::cmp::Ordering;
use std::sync::Arc;

/// One expression of the order; NULL is last where it ascends, first where it descends.
#[derive(Debug, Clone)]
pub(super) struct OrderTerm {
    pub sql: Fragment,
    pub kind: ColumnKind,
    pub descending: bool,
    /// Can it be NULL?
    pub nullable: bool,
    /// The field, where a declared index on it sorts by the same expression.
    pub field: Option<Name>,
    /// Where it is the rank of a choice.
    pub choices: Option<Arc<Choices>>,
    /// The title of the record itself, by its collation key; unset on no record.
    pub is_title: bool,
}

impl OrderTerm {
    /// The value of the term for records of which the field is fixed to the cell.
    pub fn at(&self, cell: &Cell) -> Cell {
        let Some(choices) = &self.choices else { return cell.clone() };
        let rank = |name: &str| choices.0.get_index_of(name);
        let rank = cell.text().and_then(rank).and_then(|rank| i64::try_from(rank).ok());
        Cell::from(rank)
    }

    /// SQLite gives yes and no as numbers.
    pub fn typed(&self, cell: Cell) -> Cell {
        match cell {
            Cell::Integer(number) if self.kind == ColumnKind::Boolean => Cell::Bool(number != 0),
            cell => cell,
        }
    }

    /// The order of two values of the term, as the database has it.
    pub fn order(&self, a: &Cell, b: &Cell) -> Ordering {
        let ascending = match (a, b) {
            (Cell::Null, Cell::Null) => Ordering::Equal,
            (Cell::Null, _) => Ordering::Greater,
            (_, Cell::Null) => Ordering::Less,
            (Cell::Text(a), Cell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (a, b) => a.integer().cmp(&b.integer()),
        };
        if self.descending { ascending.reverse() } else { ascending }
    }

    /// With its direction, for ORDER BY. Databases differ in where NULL goes unless told; told,
    /// SQLite does not use an index, so it is said only where it matters.
    pub fn ordered(&self, can_be_null: bool) -> Fragment {
        let direction = match (self.descending, can_be_null) {
            (false, false) => "{}",
            (true, false) => "{} DESC",
            (false, true) => "{} NULLS LAST",
            (true, true) => "{} DESC NULLS FIRST",
        };
        Fragment::of(direction, &[&self.sql])
    }
}

/// The terms for the fields of a sort.
///
/// # Errors
/// Where a field does not exist or has no order: several choices, attachments.
pub(super) fn terms(ground: &Ground, sort: &[Sort]) -> Result<Vec<OrderTerm>, Unanswerable> {
    let mut terms: Vec<OrderTerm> = Vec::new();
    for (place, one) in sort.iter().enumerate() {
        if !sort[..place].iter().any(|before| before.field == one.field) {
            terms.extend(of_field(ground, one)?);
        }
    }
    Ok(terms)
}

fn of_field(ground: &Ground, sort: &Sort) -> Result<Vec<OrderTerm>, Unanswerable> {
    let no_order = || Unanswerable(format!("`{}` has no order", sort.field));
    let term = |sql, kind| OrderTerm {
        sql,
        kind,
        descending: sort.descending,
        nullable: true,
        field: None,
        choices: None,
        is_title: false,
    };
    Ok(match sql::own(ground, &sort.field)? {
        Term::Known(_) => Vec::new(),
        Term::One(scalar) => one(ground, sort, &scalar, term)?.into_iter().collect(),
        Term::Money { minor, currency, guard } => {
            let masked = |sql| Scalar { sql, guard: guard.clone(), holds: Holds::Integer }.masked();
            vec![term(masked(currency), ColumnKind::Text), term(masked(minor), ColumnKind::Integer)]
        }
        Term::Local { texts, guard } => {
            let sql = in_language(ground, &sort.field, texts);
            vec![term(Scalar { sql, guard, holds: Holds::Text }.masked(), ColumnKind::Text)]
        }
        Term::Several { .. } | Term::Opaque { .. } => return Err(no_order()),
    })
}

fn one(
    ground: &Ground,
    sort: &Sort,
    scalar: &Scalar,
    term: impl Fn(Fragment, ColumnKind) -> OrderTerm,
) -> Result<Option<OrderTerm>, Unanswerable> {
    let stored = sql::stored(ground.record_type, &sort.field);
    let shape = stored.map(|stored| stored.shape);
    if let Some(target) = sql::target(ground, &sort.field) {
        let title = sql::title_of(&ground.inner(target), &scalar.masked())?;
        return Ok(title.map(|sql| term(sql, ColumnKind::Text)));
    }
    let kind = match scalar.holds {
        Holds::YesNo => ColumnKind::Boolean,
        Holds::Text => ColumnKind::Text,
        _ => ColumnKind::Integer,
    };
    let mask = |sql| Scalar { sql, ..scalar.clone() }.masked();
    let plain = OrderTerm {
        nullable: scalar.guard.is_some() || !sql::always_set(&sort.field),
        field: scalar.guard.is_none().then(|| sort.field.clone()),
        ..term(scalar.masked(), kind)
    };
    Ok(Some(match shape {
        Some(Shape::Choice(choices)) if choices.0.is_empty() => return Ok(None),
        Some(Shape::Choice(choices)) => OrderTerm {
            sql: mask(rank_of(&scalar.sql, &choices)),
            kind: ColumnKind::Integer,
            choices: Some(choices),
            ..plain
        },
        Some(Shape::Text) if is_title(ground, &sort.field) => {
            let key = ground.column("key");
            let spine = "(SELECT s.\"title_key\" FROM \"record\" AS s WHERE s.\"key\" = {})";
            let is_title = scalar.guard.is_none();
            let sql = mask(Fragment::of(spine, &[&key]));
            OrderTerm { is_title, ..term(sql, ColumnKind::Text) }
        }
        _ => plain,
    }))
}

/// Titles sort by their collation key, which is kept for the present title only.
fn is_title(ground: &Ground, field: &Name) -> bool {
    *field == ground.record_type.title && ground.as_of.is_none()
}

/// The reader's text, and where there is none another's.
fn in_language(ground: &Ground, field: &Name, texts: Vec<Fragment>) -> Fragment {
    let stored = sql::stored(ground.record_type, field).map(|stored| stored.shape);
    let Some(Shape::LocalText(languages)) = stored else { return Fragment::raw("NULL") };
    let wanted = languages.iter().position(|language| *language == ground.context.asker.language);
    let mut texts = texts;
    if let Some(place) = wanted.filter(|place| *place < texts.len()) {
        let mine = texts.remove(place);
        texts.insert(0, mine);
    }
    if texts.len() < 2 {
        return texts.pop().unwrap_or_default();
    }
    Fragment::of("COALESCE({})", &[&Fragment::join(&texts, ", ")])
}
