//! From a mapping file to a [`Mapping`], checked against the definitions, every mistake at once.

use super::mapping::{ByField, Final, How, Mapping, Reference, Replay, Source, Taken, TakenLink};
use super::toml_file::{File, Item, Table, parse, twice};
use crate::field::{self, Card, Names, Slip};
use crate::file::{Charset, Reading};
use crate::view::kind_of;
use model::definition::{FieldKind, Model, RecordType};
use model::problem::Problems;
use model::source::Span;
use model::{Key, Language, Name, Value};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

/// What a source may say.
const SOURCE: [&str; 14] = [
    "column",
    "columns",
    "join",
    "constant",
    "choices",
    "default",
    "only",
    "format",
    "zone",
    "match",
    "create",
    "to",
    "whole",
    "otherwise",
];

/// Reads a mapping file; `path` is what its mistakes are shown with.
///
/// # Errors
/// All mistakes, with their places.
pub fn load(model: &Model, path: &str, text: &str) -> Result<Mapping, Box<Problems>> {
    let file = File::new(path, text);
    let tree = parse(&file, text);
    let root = Table::root(&file, &tree);
    let loader = Loader { model, file: &file, ids: Cell::new(0), head: root.table("import") };
    let mapping = loader.mapping(&root);
    match (file.problems(), mapping) {
        (Some(problems), _) => Err(Box::new(problems)),
        (None, Some(mapping)) => Ok(mapping),
        (None, None) => Err(Box::new(Problems { list: Vec::new() })),
    }
}

struct Loader<'a> {
    model: &'a Model,
    file: &'a File,
    ids: Cell<usize>,
    head: Table<'a>,
}

impl<'a> Loader<'a> {
    fn mapping(&self, root: &Table<'a>) -> Option<Mapping> {
        root.only(&["import", "replay", "field", "link"]);
        self.head
            .only(&["record", "missing", "key", "zone", "format", "charset", "sheet", "language"]);
        let Some((name, span)) = self.head.text("record") else {
            self.head.missing("record");
            return None;
        };
        let definition = self.record_type(name, span)?;
        let fields = self.fields(&definition, &root.table("field"));
        let links = self.links(&definition, &root.table("link"));
        let key = self.key(&fields);
        let replay = root.get("replay").and_then(Item::table);
        let replay = replay.and_then(|table| self.replay(&definition, &fields, &table));
        if replay.is_none() && root.get("replay").is_none() {
            self.only_as_a_replay(root);
        }
        let missing = self.head.texts("missing").into_iter().map(|(text, _)| text.to_string());
        Some(Mapping {
            record_type: definition.name.clone(),
            reading: self.reading(),
            missing: missing.collect(),
            key,
            fields,
            links,
            replay,
            sources: self.ids.get(),
            sha256: Sha256::digest(self.file.text()).into(),
        })
    }

    /// What no person could do by a command.
    fn only_as_a_replay(&self, root: &Table<'a>) {
        let state = root.table("field").entries().into_iter().filter(|(name, ..)| *name == "state");
        let far = root.table("link").entries().into_iter().filter(|(name, ..)| name.contains('.'));
        for (name, span, _) in state.chain(far) {
            let message = format!("`{name}` is filled by a replay only");
            let hint = "add `[replay]` with the column `at`".to_string();
            self.file.wrong(span, "needs-replay", message, Some(hint));
        }
    }

    fn record_type(&self, name: &str, span: Span) -> Option<Arc<RecordType>> {
        let found = self.model.record_type(name).cloned();
        if found.is_none() {
            let known: Vec<&str> = self.model.record_types.keys().map(Name::as_str).collect();
            self.file.unknown(span, "unknown-record-type", "record type", &known);
        }
        found
    }

    fn reading(&self) -> Reading {
        let charset = match self.head.text("charset") {
            None | Some(("utf-8", _)) => Charset::Utf8,
            Some(("gb18030" | "gbk", _)) => Charset::Gb18030,
            Some((_, span)) => {
                self.file.unknown(span, "unknown-value", "charset", &["utf-8", "gb18030"]);
                Charset::Utf8
            }
        };
        let sheet = self.head.text("sheet").map(|(sheet, _)| sheet.to_string());
        Reading { charset, sheet, ..Reading::default() }
    }

    /// The fields that identify a record; each must be filled.
    fn key(&self, fields: &[Taken]) -> Vec<Name> {
        let named = self.head.texts("key");
        if named.is_empty() {
            self.head.missing("key");
        }
        twice(self.file, named.iter().copied());
        let known: Vec<&str> = fields.iter().map(|taken| taken.field.as_str()).collect();
        let mut key = Vec::new();
        for (name, span) in named {
            match fields.iter().find(|taken| taken.field == name) {
                Some(taken) => key.push(taken.field.clone()),
                None => self.file.unknown(span, "unknown-field", "field of this mapping", &known),
            }
        }
        key
    }

    fn fields(&self, definition: &RecordType, table: &Table<'a>) -> Vec<Taken> {
        let entries = table.entries().into_iter();
        entries.filter_map(|(name, span, item)| self.field(definition, name, span, item)).collect()
    }

    fn field(
        &self,
        definition: &RecordType,
        name: &str,
        span: Span,
        item: Item<'a>,
    ) -> Option<Taken> {
        let kind = self.kind(definition, name, span)?;
        let table = item.table()?;
        Some(Taken { field: Name::new(name)?, from: self.source(&table, Some(&kind), None), kind })
    }

    fn kind(&self, definition: &RecordType, name: &str, span: Span) -> Option<FieldKind> {
        let computed = definition.fields.get(name).is_some_and(|field| field.computed.is_some());
        if computed {
            let message = format!("`{name}` is computed from other fields");
            self.file.wrong(span, "computed-field", message, Some("leave it out".into()));
            return None;
        }
        let declared = definition.fields.get(name).map(|field| field.kind.clone());
        let state = (name == "state" && !definition.states.is_empty())
            .then(|| kind_of(definition, None, "state"))
            .flatten();
        let kind = declared.or(state);
        if kind.is_none() {
            let known: Vec<&str> = definition.fields.keys().map(Name::as_str).collect();
            self.file.unknown(span, "unknown-field", "field", &known);
        }
        kind
    }

    /// `kind` is that of the field, `to` the record type at the far end of a link.
    fn source(&self, table: &Table<'a>, kind: Option<&FieldKind>, to: Option<&Name>) -> Source {
        table.only(&SOURCE);
        let id = self.ids.replace(self.ids.get() + 1);
        let mut columns = table.texts("columns");
        columns.extend(table.text("column"));
        let columns: Vec<String> = columns.into_iter().map(|(name, _)| name.into()).collect();
        let constant = table.text("constant");
        if columns.is_empty() == constant.is_none() {
            let message = "exactly one of `column`, `columns` and `constant` is needed";
            self.file.wrong(table.span, "source-shape", message.into(), None);
        }
        let how = self.how(table, kind, to);
        let whole = table.get("whole").is_some() || matches!(how, How::Reference(_));
        let join = table.text("join").map_or(" ", |(join, _)| join).to_string();
        let otherwise = match (kind, table.text("otherwise")) {
            (Some(kind), Some((text, span))) => self.value(kind, text, span),
            _ => Value::Unset,
        };
        Source { id, columns, join, whole, otherwise, how }
    }

    fn how(&self, table: &Table<'a>, kind: Option<&FieldKind>, to: Option<&Name>) -> How {
        let target = match kind {
            Some(FieldKind::Reference { to }) => Some(to),
            _ => to,
        };
        if let Some(to) = target {
            return self.reference(table, to).map_or(How::Typed, How::Reference);
        }
        let Some(kind) = kind else { return How::Typed };
        if let Some((text, span)) = table.text("constant") {
            return How::Constant(self.value(kind, text, span));
        }
        let only = table.texts("only");
        if !only.is_empty() {
            return How::Only(only.into_iter().map(|(text, _)| text.to_string()).collect());
        }
        if table.get("choices").is_some() {
            return self.choices(table, kind);
        }
        let timed = matches!(kind, FieldKind::Datetime | FieldKind::Date);
        match self.format(table) {
            Some(format) if timed => How::Moment { format, zone: self.zone(table) },
            _ => How::Typed,
        }
    }

    fn choices(&self, table: &Table<'a>, kind: &FieldKind) -> How {
        let entries = table.table("choices").entries();
        let pair = |(text, _, item): (&str, Span, Item<'a>)| {
            Some((text.to_string(), self.value(kind, item.text()?, item.span)))
        };
        let map: HashMap<String, Value> = entries.into_iter().filter_map(pair).collect();
        let default = table.text("default").map(|(text, span)| self.value(kind, text, span));
        How::Choices { map, default }
    }

    fn format(&self, table: &Table<'a>) -> Option<String> {
        let (format, span) = table.text("format").or_else(|| self.head.text("format"))?;
        if jiff::fmt::strtime::format(format, jiff::Timestamp::UNIX_EPOCH).is_err() {
            let hint = "as in %d/%m/%Y %H:%M".to_string();
            self.file.wrong(span, "bad-format", "this is no form of a date".into(), Some(hint));
        }
        Some(format.to_string())
    }

    fn zone(&self, table: &Table<'a>) -> jiff::tz::TimeZone {
        let named = table.text("zone").or_else(|| self.head.text("zone"));
        let Some((name, span)) = named else { return jiff::tz::TimeZone::UTC };
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap_or_else(|_| {
            let hint = "as in the IANA database: Europe/Amsterdam".to_string();
            self.file.wrong(span, "unknown-zone", format!("unknown zone `{name}`"), Some(hint));
            jiff::tz::TimeZone::UTC
        })
    }

    fn value(&self, kind: &FieldKind, text: &str, span: Span) -> Value {
        read(kind, text).unwrap_or_else(|slip| {
            self.file.wrong(span, "unknown-value", slip.en, None);
            Value::Unset
        })
    }

    fn reference(&self, table: &Table<'a>, to: &Name) -> Option<Reference> {
        let definition = match table.text("to") {
            Some((name, span)) => self.record_type(name, span)?,
            None => self.model.record_type(to)?.clone(),
        };
        if !definition.is_a(to) {
            let message = format!("`{}` is not a `{to}`", definition.name);
            self.file.wrong(table.span, "wrong-field-type", message, None);
        }
        let (name, span) = table.text("match").unwrap_or((definition.title.as_str(), table.span));
        let kind = self.kind(&definition, name, span)?;
        let field = ByField { name: Name::new(name)?, kind };
        let create = table.get("create").and_then(|item| self.create(&definition, item));
        Some(Reference { to: definition.name.clone(), field, create })
    }

    /// `create = true` for a record with nothing but the field it is found by, or a table.
    fn create(&self, definition: &RecordType, item: Item<'a>) -> Option<Vec<Taken>> {
        match item.yes_no() {
            Some(yes) => yes.then(Vec::new),
            None => item.table().map(|table| self.fields(definition, &table)),
        }
    }

    fn links(&self, definition: &RecordType, table: &Table<'a>) -> Vec<TakenLink> {
        let entries = table.entries().into_iter();
        entries.filter_map(|(name, span, item)| self.link(definition, name, span, item)).collect()
    }

    /// A link of the record type, or `TYPE.LINK` of another that leads here.
    fn link(
        &self,
        definition: &RecordType,
        name: &str,
        span: Span,
        item: Item<'a>,
    ) -> Option<TakenLink> {
        let table = item.table()?;
        if let Some(link) = definition.links.get(name) {
            let from = self.source(&table, None, Some(&link.to));
            let name = format!("{}.{}", link.declared_by, link.name);
            let (told, many) = (link.name.clone(), link.many);
            return Some(TakenLink { name, told, inverse: false, many, from });
        }
        let far = name.split_once('.').and_then(|(of, link)| {
            let other = self.model.record_type(of)?;
            let link = other.links.get(link)?;
            definition.is_a(&link.to).then(|| (other.name.clone(), link.clone()))
        });
        let Some((other, link)) = far else {
            let known: Vec<&str> = definition.links.keys().map(Name::as_str).collect();
            self.file.unknown(span, "unknown-link", "link", &known);
            return None;
        };
        let from = self.source(&table, None, Some(&other));
        let name = format!("{}.{}", link.declared_by, link.name);
        Some(TakenLink { name, told: link.name, inverse: true, many: true, from })
    }

    fn replay(
        &self,
        definition: &RecordType,
        fields: &[Taken],
        table: &Table<'a>,
    ) -> Option<Replay> {
        table.only(&["at", "actor", "begins", "final"]);
        let Some(at) = table.get("at") else {
            table.missing("at");
            return None;
        };
        let at = self.source(&at.table()?, Some(&FieldKind::Datetime), None);
        let person = self.model.bindings.purposes.get("person").map(|b| b.record.clone());
        let actor = table.get("actor").and_then(Item::table);
        let actor = actor.map(|actor| self.source(&actor, None, person.as_ref()));
        let begins = table.text("begins").and_then(|named| self.filled(fields, named));
        let finals = table.table("final").entries().into_iter();
        let finals = finals.filter_map(|(_, _, item)| self.last(definition, fields, item));
        Some(Replay { at, actor, begins, finals: finals.collect() })
    }

    fn last(&self, definition: &RecordType, fields: &[Taken], item: Item<'a>) -> Option<Final> {
        let table = item.table()?;
        table.only(&["states", "at", "fields"]);
        let mut states = Vec::new();
        let known: Vec<&str> = definition.states.keys().map(Name::as_str).collect();
        for (name, span) in table.texts("states") {
            match definition.states.get(name) {
                Some(state) => states.push(state.name.clone()),
                None => self.file.unknown(span, "unknown-state", "state", &known),
            }
        }
        let at = table.text("at").and_then(|named| self.filled(fields, named));
        let named = table.texts("fields").into_iter();
        let fields = named.filter_map(|named| self.filled(fields, named)).collect();
        Some(Final { states, at, fields })
    }

    /// A field that this mapping fills.
    fn filled(&self, fields: &[Taken], (name, span): (&str, Span)) -> Option<Name> {
        let found = fields.iter().find(|taken| taken.field == name);
        if found.is_none() {
            let known: Vec<&str> = fields.iter().map(|taken| taken.field.as_str()).collect();
            self.file.unknown(span, "unknown-field", "field of this mapping", &known);
        }
        found.map(|taken| taken.field.clone())
    }
}

/// A text as a value of a kind that names no record. A text per language that is no object is
/// English.
pub fn read(kind: &FieldKind, text: &str) -> Result<Value, Slip> {
    match field::read_text(kind, text, &Nobody) {
        Err(_) if matches!(kind, FieldKind::LocalText { .. }) => {
            let object = serde_json::json!({ Language::EN.as_str(): text });
            field::read(kind, &object, &Nobody)
        }
        other => other,
    }
}

/// Knows no records.
pub struct Nobody;

pub static NOBODY: Nobody = Nobody;

impl Names for Nobody {
    fn find(&self, _to: &str, _text: &str) -> Result<Option<Key>, Slip> {
        Ok(None)
    }

    fn card(&self, _key: Key) -> Option<Card> {
        None
    }
}

#[cfg(test)]
mod tests;
