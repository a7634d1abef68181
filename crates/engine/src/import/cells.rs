//! From the cells of a row to values, by a mapping. The same text in the same place gives the same
//! value, so each is read once; a reference is asked of whoever knows records.

use super::load::read;
use super::mapping::{How, Mapping, Reference, Source, Taken};
use super::refused::Refused;
use crate::field::{self, Slip};
use crate::file::{CellText, FileRow};
use crate::refusal::Result;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use model::definition::FieldKind;
use model::{Key, Name, Value};
use std::collections::HashMap;

/// How many texts are remembered for one source; a column of all different texts gains nothing.
const REMEMBERED: usize = 50_000;

/// Finds the records that rows name, or makes them.
pub trait Referrer {
    /// The record that `text` names; `row` and `cells` give what one that is made is filled with.
    ///
    /// # Errors
    /// A failed read or write; a slip where there is none, inside.
    fn refer(
        &mut self,
        reference: &Reference,
        text: &str,
        row: &FileRow,
        cells: &mut Cells,
    ) -> Result<std::result::Result<Key, Slip>>;
}

/// What a field or link takes from a row; a slip names the columns.
pub type Read<T> = std::result::Result<T, Refused>;

/// Reads the rows of one file.
pub struct Cells<'m> {
    mapping: &'m Mapping,
    /// For each source, where its columns stand in a row.
    places: Vec<Vec<usize>>,
    read: Vec<HashMap<String, std::result::Result<Value, Slip>>>,
}

impl<'m> Cells<'m> {
    /// Finds the columns; all that are missing in one refusal.
    pub fn new(
        mapping: &'m Mapping,
        columns: &[String],
    ) -> std::result::Result<Cells<'m>, Vec<String>> {
        let mut places = vec![Vec::new(); mapping.sources];
        let mut missing = Vec::new();
        for source in all_sources(mapping) {
            for name in &source.columns {
                match columns.iter().position(|column| column.trim() == name) {
                    Some(place) => places[source.id].push(place),
                    None => missing.push(name.clone()),
                }
            }
        }
        missing.sort();
        missing.dedup();
        let read = vec![HashMap::new(); mapping.sources];
        if missing.is_empty() { Ok(Cells { mapping, places, read }) } else { Err(missing) }
    }

    /// The text a source takes; none where what it stands in is missing.
    pub fn text(&self, source: &Source, row: &FileRow) -> Option<String> {
        let mut out: Option<String> = None;
        for place in &self.places[source.id] {
            let cell = row.cells.get(*place).and_then(Option::as_ref);
            let text = cell.map(CellText::text).filter(|text| !self.is_missing(text));
            match (text, &mut out) {
                (Some(text), Some(out)) => {
                    out.push_str(&source.join);
                    out.push_str(&text);
                }
                (Some(text), None) => out = Some(text.into_owned()),
                (None, _) if source.whole => return None,
                (None, _) => {}
            }
        }
        out
    }

    fn is_missing(&self, text: &str) -> bool {
        let text = text.trim();
        text.is_empty() || self.mapping.missing.iter().any(|missing| missing == text)
    }

    /// The value of a field; unset where the row has none.
    ///
    /// # Errors
    /// A failed look-up; the text that cannot be taken, inside.
    pub fn value(
        &mut self,
        taken: &Taken,
        row: &FileRow,
        referrer: &mut dyn Referrer,
    ) -> Result<Read<Value>> {
        let source = &taken.from;
        if let How::Constant(value) = &source.how {
            return Ok(Ok(value.clone()));
        }
        let Some(text) = self.text(source, row) else { return Ok(Ok(source.otherwise.clone())) };
        if let How::Reference(reference) = &source.how {
            let key = referrer.refer(reference, &text, row, self)?;
            return Ok(key.map(Value::Reference).map_err(|slip| refused(row, source, &slip)));
        }
        let read = self.remembered(source, &taken.kind, text);
        Ok(read.map_err(|slip| refused(row, source, &slip)))
    }

    /// The record at the far end of a link.
    ///
    /// # Errors
    /// As [`Cells::value`].
    pub fn far_end(
        &mut self,
        source: &Source,
        row: &FileRow,
        referrer: &mut dyn Referrer,
    ) -> Result<Read<Option<Key>>> {
        let How::Reference(reference) = &source.how else { return Ok(Ok(None)) };
        let Some(text) = self.text(source, row) else { return Ok(Ok(None)) };
        let key = referrer.refer(reference, &text, row, self)?;
        Ok(key.map(Some).map_err(|slip| refused(row, source, &slip)))
    }

    /// An instant that must be there.
    pub fn instant(&mut self, source: &Source, row: &FileRow) -> Read<i64> {
        let nothing = || Slip::new("No point in time stands here.", "此处缺少时间。");
        let text = self.text(source, row).ok_or_else(|| refused(row, source, &nothing()))?;
        let value = self.remembered(source, &FieldKind::Datetime, text);
        let value = value.map_err(|slip| refused(row, source, &slip))?;
        value.as_instant().ok_or_else(|| refused(row, source, &nothing()))
    }

    fn remembered(
        &mut self,
        source: &Source,
        kind: &FieldKind,
        text: String,
    ) -> std::result::Result<Value, Slip> {
        if let Some(known) = self.read[source.id].get(&text) {
            return known.clone();
        }
        let value = one(source, kind, &text);
        let known = &mut self.read[source.id];
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text, value.clone());
        value
    }
}

fn one(source: &Source, kind: &FieldKind, text: &str) -> std::result::Result<Value, Slip> {
    match &source.how {
        How::Choices { map, default } => match map.get(text.trim()).or(default.as_ref()) {
            Some(value) => Ok(value.clone()),
            // A choice may be called by its own name where others are translated.
            None => read(kind, text).map_err(|_| unmapped(text)),
        },
        How::Only(only) if !only.iter().any(|known| known == text.trim()) => Ok(Value::Unset),
        How::Moment { format, zone } => moment(kind, text, format, zone),
        _ => read(kind, text),
    }
}

fn unmapped(text: &str) -> Slip {
    Slip::new(
        format!("\"{text}\" stands for no choice; add it to `choices` or give a `default`."),
        format!("“{text}”没有对应的选项，请在 choices 中添加，或填写 default。"),
    )
}

fn moment(
    kind: &FieldKind,
    text: &str,
    format: &str,
    zone: &jiff::tz::TimeZone,
) -> std::result::Result<Value, Slip> {
    let slip = || {
        Slip::new(
            format!("\"{text}\" is not written as {format}."),
            format!("“{text}”不符合格式 {format}。"),
        )
    };
    let parsed = strtime::parse(format, text.trim()).map_err(|_| slip())?;
    if matches!(kind, FieldKind::Date) {
        let day = parsed.to_date().map_err(|_| slip())?;
        return field::read_text(kind, &day.to_string(), &super::load::NOBODY);
    }
    let local = parsed.to_datetime().or_else(|_| parsed.to_date().map(DateTime::from));
    // Of a local time that a change of the clocks repeats or skips, the one by the offset before
    // the change is meant.
    let at = zone.to_ambiguous_zoned(local.map_err(|_| slip())?).compatible();
    Ok(Value::Instant(at.map_err(|_| slip())?.timestamp().as_microsecond()))
}

fn refused(row: &FileRow, source: &Source, slip: &Slip) -> Refused {
    Refused {
        row: row.number,
        column: source.columns.join(", "),
        en: slip.en.clone(),
        zh: slip.zh.clone(),
    }
}

/// Every source of a mapping, those inside of references too.
fn all_sources(mapping: &Mapping) -> Vec<&Source> {
    let mut all = Vec::new();
    mapping.fields.iter().for_each(|taken| add(&taken.from, &mut all));
    mapping.links.iter().for_each(|taken| add(&taken.from, &mut all));
    if let Some(replay) = &mapping.replay {
        add(&replay.at, &mut all);
        replay.actor.iter().for_each(|actor| add(actor, &mut all));
    }
    all
}

fn add<'m>(source: &'m Source, all: &mut Vec<&'m Source>) {
    all.push(source);
    if let How::Reference(Reference { create: Some(create), .. }) = &source.how {
        create.iter().for_each(|taken| add(&taken.from, all));
    }
}

/// The values of the key fields as one text, for telling records apart.
pub fn key_text(key: &[Name], values: &[(Name, Value)]) -> Option<String> {
    let mut out = String::new();
    for name in key {
        let (_, value) = values.iter().find(|(field, _)| field == name)?;
        if !value.is_set() {
            return None;
        }
        out.push_str(&format!("{value:?}\u{1f}"));
    }
    Some(out)
}
