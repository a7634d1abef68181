//! Values of fields to cells of columns and back, exactly. Apart from `layout`, which says only
//! which columns there are: nothing else in the program knows how a value lies in the database.
//!
//! | shape | cells |
//! | --- | --- |
//! | yes_no, integer, date, instant, duration, reference | the number |
//! | decimal | units at the declared places |
//! | money | minor units, currency |
//! | text, choice | the text |
//! | multi-choice | `\|a\|b\|` |
//! | text per language | a text a language |
//! | attachments | a JSON list |

mod attachment;

use crate::cell::{Cell, Row};
use crate::layout::{IntegerKind, Shape, Stored};
use model::value::{Currency, Decimal, LocalText, Money};
use model::{Key, Language, Name, Value};
use std::fmt;
use std::sync::Arc;

/// A value that its field cannot hold, or cells that are no value of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    pub field: Name,
    /// In English, for the log: who edits was refused before.
    pub reason: String,
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Unfit {}

/// One cell for each column of the field; all NULL where the value is unset.
///
/// # Errors
/// Where the value is of another kind than the field, has more decimal places, a language without
/// a column, or a text holds the character U+0000, which PostgreSQL does not store.
pub fn encode(stored: &Stored, value: &Value) -> Result<Row, Unfit> {
    let cells = match (&stored.shape, value) {
        (_, Value::Unset) => vec![Cell::Null; stored.columns.len()],
        (Shape::YesNo, Value::YesNo(yes)) => vec![Cell::Bool(*yes)],
        (Shape::Integer(kind), value) => vec![Cell::Integer(number(stored, *kind, value)?)],
        (Shape::Decimal(places), Value::Decimal(d)) => vec![units(stored, *d, *places)?],
        (Shape::Money, Value::Money(money)) => {
            vec![Cell::Integer(money.minor), Cell::from(money.currency.as_str())]
        }
        (Shape::Text | Shape::Choice(_), Value::Text(text)) => vec![words(stored, text)?],
        (Shape::MultiChoice(_), Value::Texts(names)) => vec![several(stored, names)?],
        (Shape::LocalText(languages), Value::LocalText(texts)) => local(stored, languages, texts)?,
        (Shape::Attachments, Value::Attachments(files)) => vec![attachment::encode(files)],
        (shape, value) => return unfit(stored, format!("{value:?} is no value of {shape:?}")),
    };
    Ok(cells)
}

/// The value that the cells of the field's columns hold.
///
/// # Errors
/// Where they are not what [`encode`] writes: a damaged or a foreign row.
pub fn decode(stored: &Stored, cells: &[Cell]) -> Result<Value, Unfit> {
    let first = cells.first().unwrap_or(&Cell::Null);
    let value = match (&stored.shape, first) {
        (Shape::LocalText(languages), _) => Some(read_local(languages, cells)),
        (_, Cell::Null) => Some(Value::Unset),
        (Shape::YesNo, Cell::Bool(_) | Cell::Integer(_)) => Some(Value::YesNo(first.boolean())),
        (Shape::Integer(kind), Cell::Integer(number)) => read_number(*kind, *number),
        (Shape::Decimal(places), Cell::Integer(units)) => {
            Some(Value::Decimal(Decimal { units: *units, places: *places }))
        }
        (Shape::Money, Cell::Integer(minor)) => read_money(*minor, cells.get(1)),
        (Shape::Text | Shape::Choice(_), Cell::Text(text)) => Some(Value::Text(text.clone())),
        (Shape::MultiChoice(_), Cell::Text(text)) => Some(read_several(text)),
        (Shape::Attachments, Cell::Text(text)) => attachment::decode(text),
        _ => None,
    };
    value.map_or_else(|| unfit(stored, format!("{cells:?} is no {:?}", stored.shape)), Ok)
}

fn unfit<T>(stored: &Stored, reason: String) -> Result<T, Unfit> {
    Err(Unfit { field: stored.field.clone(), reason })
}

fn number(stored: &Stored, kind: IntegerKind, value: &Value) -> Result<i64, Unfit> {
    match (kind, value) {
        (IntegerKind::Integer, Value::Integer(number))
        | (IntegerKind::Instant, Value::Instant(number))
        | (IntegerKind::Duration, Value::Duration(number)) => Ok(*number),
        (IntegerKind::Date, Value::Date(days)) => Ok(i64::from(*days)),
        (IntegerKind::Reference, Value::Reference(key)) => Ok(key.0),
        _ => unfit(stored, format!("{value:?} is no {kind:?}")),
    }
}

fn read_number(kind: IntegerKind, number: i64) -> Option<Value> {
    Some(match kind {
        IntegerKind::Integer => Value::Integer(number),
        IntegerKind::Instant => Value::Instant(number),
        IntegerKind::Duration => Value::Duration(number),
        IntegerKind::Reference => Value::Reference(Key(number)),
        IntegerKind::Date => Value::Date(i32::try_from(number).ok()?),
    })
}

/// The units of a decimal brought to more places; never rounded.
fn units(stored: &Stored, decimal: Decimal, places: u8) -> Result<Cell, Unfit> {
    let more = places.checked_sub(decimal.places);
    let factor = more.and_then(|more| 10_i64.checked_pow(u32::from(more)));
    match factor.and_then(|factor| decimal.units.checked_mul(factor)) {
        Some(units) => Ok(Cell::Integer(units)),
        None => unfit(stored, format!("{decimal:?} does not fit {places} places")),
    }
}

fn words(stored: &Stored, text: &Arc<str>) -> Result<Cell, Unfit> {
    if text.contains('\0') {
        return unfit(stored, "the character U+0000 cannot be stored".to_string());
    }
    Ok(if text.is_empty() { Cell::Null } else { Cell::Text(text.clone()) })
}

fn several(stored: &Stored, names: &[Arc<str>]) -> Result<Cell, Unfit> {
    if names.iter().any(|name| Name::new(name).is_none()) {
        return unfit(stored, format!("{names:?} are not names of choices"));
    }
    Ok(several_cell(names))
}

/// `|a|b|`: each name stands between bars, so that it is found without parsing.
pub(crate) fn several_cell(names: &[Arc<str>]) -> Cell {
    if names.is_empty() { Cell::Null } else { Cell::from(&*format!("|{}|", names.join("|"))) }
}

fn read_several(text: &str) -> Value {
    let names: Vec<Arc<str>> =
        text.split('|').filter(|name| !name.is_empty()).map(Arc::from).collect();
    if names.is_empty() { Value::Unset } else { Value::Texts(names.into()) }
}

fn local(stored: &Stored, languages: &[Language], texts: &LocalText) -> Result<Row, Unfit> {
    if let Some((other, _)) = texts.iter().find(|(language, _)| !languages.contains(language)) {
        return unfit(stored, format!("no column for the language {other}"));
    }
    let text_in = |wanted: &Language| texts.iter().find(|(language, _)| language == wanted);
    languages.iter().map(|l| text_in(l).map_or(Ok(Cell::Null), |(_, t)| words(stored, t))).collect()
}

fn read_local(languages: &[Language], cells: &[Cell]) -> Value {
    let mut texts: Vec<(Language, Arc<str>)> = Vec::new();
    for (language, cell) in languages.iter().zip(cells) {
        if let Cell::Text(text) = cell {
            texts.push((*language, text.clone()));
        }
    }
    texts.sort_by_key(|(language, _)| *language);
    if texts.is_empty() { Value::Unset } else { Value::LocalText(texts.into()) }
}

fn read_money(minor: i64, currency: Option<&Cell>) -> Option<Value> {
    let currency = Currency::new(currency?.text()?)?;
    Some(Value::Money(Money { minor, currency }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::ColumnKind;
    use model::value::Attachment;

    fn stored(shape: Shape, columns: usize) -> Stored {
        let field = Name::new("field").unwrap();
        let columns = (0..columns).map(|n| (format!("c{n}"), ColumnKind::Text)).collect();
        Stored { field, shape, columns }
    }

    fn there_and_back(shape: Shape, columns: usize, value: Value) {
        let stored = stored(shape, columns);
        let cells = encode(&stored, &value).unwrap();
        assert_eq!(cells.len(), columns);
        assert_eq!(decode(&stored, &cells).unwrap(), value);
        let unset = encode(&stored, &Value::Unset).unwrap();
        assert_eq!(decode(&stored, &unset).unwrap(), Value::Unset);
    }

    #[test]
    fn each_shape_there_and_back() {
        let choices = Arc::new(model::definition::Choices(Default::default()));
        let money = Money { minor: -5, currency: Currency::new("CNY").unwrap() };
        let file = Attachment {
            sha256: "ab".into(),
            name: "a \"b\" 附件.txt".into(),
            media_type: "text/plain".into(),
            bytes: i64::MAX,
        };
        let local = [(Language::EN, Arc::from("Mail")), (Language::ZH, Arc::from("邮件"))];
        there_and_back(Shape::YesNo, 1, Value::YesNo(false));
        there_and_back(Shape::Integer(IntegerKind::Integer), 1, Value::Integer(i64::MIN));
        there_and_back(Shape::Integer(IntegerKind::Date), 1, Value::Date(-1));
        there_and_back(Shape::Integer(IntegerKind::Instant), 1, Value::Instant(-1));
        there_and_back(Shape::Integer(IntegerKind::Duration), 1, Value::Duration(7));
        there_and_back(Shape::Integer(IntegerKind::Reference), 1, Value::Reference(Key(9)));
        there_and_back(Shape::Decimal(2), 1, Value::Decimal(Decimal { units: 314, places: 2 }));
        there_and_back(Shape::Money, 2, Value::Money(money));
        there_and_back(Shape::Text, 1, Value::text("\"'|%_\\ 变更"));
        there_and_back(Shape::Choice(choices.clone()), 1, Value::text("low"));
        let two = Value::Texts([Arc::from("a"), Arc::from("b")].into());
        there_and_back(Shape::MultiChoice(choices), 1, two);
        let languages = vec![Language::ZH, Language::EN];
        there_and_back(Shape::LocalText(languages.clone()), 2, Value::LocalText(local.into()));
        let one = [(Language::ZH, Arc::from("邮件"))];
        there_and_back(Shape::LocalText(languages), 2, Value::LocalText(one.into()));
        there_and_back(Shape::Attachments, 1, Value::Attachments([file].into()));
    }

    #[test]
    fn decimals_widen_and_never_round() {
        let two = stored(Shape::Decimal(2), 1);
        let value = |units, places| Value::Decimal(Decimal { units, places });
        assert_eq!(encode(&two, &value(15, 1)).unwrap(), vec![Cell::Integer(150)]);
        assert!(encode(&two, &value(1, 3)).is_err());
        assert!(encode(&two, &value(i64::MAX, 1)).is_err());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(encode(&stored(Shape::Text, 1), &Value::Integer(1)).is_err());
        assert!(encode(&stored(Shape::Text, 1), &Value::text("a\0b")).is_err());
        let german = [(Language::new("de").unwrap(), Arc::from("Post"))];
        let languages = stored(Shape::LocalText(vec![Language::EN]), 1);
        assert!(encode(&languages, &Value::LocalText(german.into())).is_err());
        assert!(decode(&stored(Shape::Text, 1), &[Cell::Integer(1)]).is_err());
    }
}
