//! The full-text documents of a record: what everybody who reads it may find it by, and the whole
//! with internal notes and sections that some are not shown.

use super::Job;
use crate::canonical;
use crate::catalogue::Plan;
use crate::change::Change;
use crate::record::{Record, formatted};
use crate::refusal::Result;
use model::definition::{Field, RecordType};
use model::{Key, Name, Value};
use store::core::history;
use store::search::index;
use store::search::tokens::RightToken;
use store::search::{Audience, Document};
use store::{Snapshot, Unit};

/// How an entry tells the text of a comment.
const COMMENT: &str = "#comment";
/// The kinds of entries that hold one.
pub(crate) const SPOKEN: [&str; 2] = ["comment", "note"];
/// How many of the latest comments are searched.
const COMMENTS: usize = 1000;

impl Job<'_> {
    /// Writes the documents where words or rights of the record changed.
    pub(super) fn write_search(&self, unit: &mut Unit, change: &Change) -> Result<()> {
        if change.after.withdrawn_at.is_some() {
            for audience in [Audience::Public, Audience::Whole] {
                unit.push(index::remove(self.reader.dialect, change.after.key, audience));
            }
            return Ok(());
        }
        if !self.changes_words(change) {
            return Ok(());
        }
        let texts = self.texts(change)?;
        let rights = right_tokens(&change.after, self.plan());
        self.put(unit, change, Audience::Public, &texts.public, &rights);
        if texts.whole != texts.public {
            self.put(unit, change, Audience::Whole, &texts.whole, &rights);
        } else if change.before.is_some() {
            let dialect = self.reader.dialect;
            unit.push(index::remove(dialect, change.after.key, Audience::Whole));
        }
        Ok(())
    }

    fn changes_words(&self, change: &Change) -> bool {
        let told = change.told.iter().any(|(name, ..)| name == COMMENT);
        let words = |name: &Name| {
            self.plan().right_fields.contains(name)
                || self.definition.fields.get(name).is_some_and(|field| field.searched)
        };
        change.before.is_none() || told || change.differences().iter().any(|(name, ..)| words(name))
    }

    fn put(
        &self,
        unit: &mut Unit,
        change: &Change,
        audience: Audience,
        text: &str,
        rights: &[RightToken],
    ) {
        let (key, record_type) = (change.after.key, &change.after.record_type);
        let document = Document { key, audience, record_type, text, rights };
        let statements = index::put(self.reader.dialect, &document);
        statements.into_iter().for_each(|statement| unit.push(statement));
    }

    fn texts(&self, change: &Change) -> Result<Texts> {
        let spoken = match change.before {
            Some(_) => comments(self.reader.snapshot, change.after.key)?,
            None => Vec::new(),
        };
        let mut texts = with_comments(self.definition, self.plan(), &change.after, &spoken);
        for (_, _, new) in change.told.iter().filter(|(name, ..)| name == COMMENT) {
            texts.add(new.as_text().unwrap_or_default(), !change.internal);
        }
        Ok(texts)
    }
}

/// The comments of a record that are searched; with each, whether it is internal.
pub(crate) fn comments(snapshot: &Snapshot, key: Key) -> Result<Vec<(String, bool)>> {
    let entries = history::of_record(snapshot, key, true, history::Wanted::default(), COMMENTS)?;
    let spoken = entries.iter().filter(|entry| SPOKEN.contains(&&*entry.kind));
    Ok(spoken.filter_map(|entry| Some((comment_of(entry)?, entry.internal))).collect())
}

/// The words of a record with its comments.
pub(crate) fn with_comments(
    definition: &RecordType,
    plan: &Plan,
    record: &Record,
    comments: &[(String, bool)],
) -> Texts {
    let mut texts = fields(definition, plan, record);
    comments.iter().for_each(|(comment, internal)| texts.add(comment, !internal));
    texts
}

fn comment_of(entry: &history::Entry) -> Option<String> {
    let body = ledger::Body::from_bytes(&entry.body).ok()?;
    let told = body.fields().iter().find(|field| field.name() == COMMENT)?;
    let ledger::Field::Open { new, .. } = told else { return None };
    let value = canonical::value(new.as_deref()?)?;
    value.as_text().map(str::to_string)
}

/// The words of a record for its two audiences.
#[derive(Default)]
pub(crate) struct Texts {
    pub public: String,
    pub whole: String,
}

impl Texts {
    fn add(&mut self, text: &str, public: bool) {
        if public {
            self.public.push('\n');
            self.public.push_str(text);
        }
        self.whole.push('\n');
        self.whole.push_str(text);
    }
}

/// The words of a record's own fields and number.
pub(crate) fn fields(definition: &RecordType, plan: &Plan, record: &Record) -> Texts {
    let mut texts = Texts::default();
    texts.add(&formatted(definition, record.number), true);
    for field in definition.fields.values().filter(|field| field.searched) {
        let public = plan.public_fields.contains(&field.name);
        words(field, record).iter().for_each(|text| texts.add(text, public));
    }
    texts
}

fn words(field: &Field, record: &Record) -> Vec<String> {
    match record.field(&field.name) {
        Value::Text(text) => vec![text.to_string()],
        Value::LocalText(texts) => texts.iter().map(|(_, text)| text.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// A token for each reference that a right compares with the person, and one for the record type,
/// for rights that compare nothing.
pub(crate) fn right_tokens(record: &Record, plan: &Plan) -> Vec<RightToken> {
    let held = plan.right_fields.iter();
    let held = held.filter_map(|field| Some((field, record.field(field).as_key()?)));
    held.map(|(field, key)| RightToken::of(field, key))
        .chain(type_token(&record.record_type))
        .collect()
}

/// What stands for all records of a type.
pub(crate) fn type_token(record_type: &Name) -> Option<RightToken> {
    Name::new("type").map(|field| RightToken::named(&field, record_type))
}

/// The words of the fields that a reader sees, for snippets.
pub(crate) fn search_texts(
    definition: &RecordType,
    record: &Record,
    sees: &dyn Fn(&Name) -> bool,
) -> String {
    let fields = definition.fields.values().filter(|f| f.searched && sees(&f.name));
    let texts: Vec<String> = fields.flat_map(|field| words(field, record)).collect();
    texts.join("\n")
}
