//! Lists of a record type as a person asks for them: filter, sort, columns, page, count, as of an
//! instant. The rights stand in the statement itself.

use crate::catalogue::Catalogue;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{QuestionSlip, Refusal, Result};
use crate::session::Session;
use crate::view;
use model::definition::{BUILT_IN, RecordType, Sort};
use model::expression::{Expression, Kind, Place as Where, check};
use model::{Key, Name, Value};
use serde_json::{Map, Value as Json, json};
use std::ops::ControlFlow;
use store::core::spine;
use store::select::{self, Count, Place, Select};

/// What a person asks of a record type; texts as they wrote them.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub record_type: String,
    pub filter: Option<String>,
    /// Words that the records hold.
    pub search: Option<String>,
    /// `-priority,number`.
    pub sort: Option<String>,
    /// `number,summary`; all fields where left out.
    pub columns: Option<String>,
    /// 50 where left out, at most 1,000.
    pub limit: Option<usize>,
    pub place: Place,
    /// Counts what it finds, as far as this.
    pub count: Option<usize>,
    /// Microseconds.
    pub as_of: Option<i64>,
}

/// One page of the answer.
#[derive(Debug, Clone)]
pub struct Listed {
    pub records: Vec<Map<String, Json>>,
    /// The keys of the records, in their order.
    pub keys: Vec<Key>,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub total: Option<Count>,
}

/// How far `count` counts; beyond it the total is "at least".
pub const COUNTED_AT_MOST: usize = 1_000_000;
const PAGE: usize = 50;
/// Records handed on together where all are asked for.
const BATCH: usize = 500;

/// A question whose texts have been checked.
pub struct Checked {
    pub filters: Vec<Expression>,
    pub sort: Vec<Sort>,
    pub columns: Vec<Name>,
}

impl Session {
    /// One page of a list.
    ///
    /// # Errors
    /// `BadQuestion`, `TooSlow`, `NotFound` for an unknown record type.
    pub fn list(&self, question: &Question) -> Result<Listed> {
        self.list_where(question, Vec::new())
    }

    /// One page of a list in which these hold too.
    pub(crate) fn list_where(&self, question: &Question, more: Vec<Expression>) -> Result<Listed> {
        self.asking(question, |reader, definition, mut checked| {
            checked.filters.extend(more);
            let select = select_of(definition, &checked, question);
            let (snapshot, context) = (reader.snapshot, reader.context(self.sight()));
            let limit = question.limit.unwrap_or(PAGE).clamp(1, select::MOST);
            let page = select::page(snapshot, &context, &select, &question.place, limit)?;
            // A list that stands on its page whole is counted already.
            let is_whole = page.before.is_none() && page.after.is_none();
            let count = |most| match is_whole {
                true => Ok(Count::Exactly(page.rows.len())),
                false => select::count(snapshot, &context, &select, most),
            };
            let total = question.count.map(count).transpose()?;
            let records = self.rows(reader, definition, &checked.columns, &page.rows)?;
            let keys = page.rows.iter().map(|row| row.key).collect();
            Ok(Listed { records, keys, next: page.after, previous: page.before, total })
        })
    }

    /// A question, checked, with the records that it names, to be put to one snapshot.
    pub(crate) fn asking<T>(
        &self,
        question: &Question,
        put: impl FnOnce(&Reader, &RecordType, Checked) -> Result<T>,
    ) -> Result<T> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &question.record_type)?;
        let mut checked = check_question(&catalogue, &definition, question)?;
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        self.name_records(&reader, &definition, &mut checked.filters)?;
        put(&reader, &definition, checked)
    }

    /// All records that a question finds, as they stand at one moment, some hundreds at a time
    /// until `take` breaks. Limit, place and count of the question do not matter here.
    ///
    /// # Errors
    /// As [`Session::list`].
    pub fn list_all(
        &self,
        question: &Question,
        take: &mut dyn FnMut(Vec<Map<String, Json>>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.asking(question, |reader, definition, checked| {
            let select = select_of(definition, &checked, question);
            self.batches(reader, &select, &mut |batch| {
                Ok(take(self.rows(reader, definition, &checked.columns, batch)?))
            })
        })
    }

    /// What a selection finds, some hundreds at a time until `take` breaks or fails.
    pub(crate) fn batches(
        &self,
        reader: &Reader,
        select: &Select,
        take: &mut dyn FnMut(&[select::Record]) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let context = reader.context(self.sight());
        let (mut batch, mut ended) = (Vec::with_capacity(BATCH), Ok(ControlFlow::Continue(())));
        select::each(reader.snapshot, &context, select, &mut |record| {
            batch.push(record);
            if batch.len() == BATCH {
                ended = take(&batch);
                batch.clear();
            }
            match ended {
                Ok(flow) => flow,
                Err(_) => ControlFlow::Break(()),
            }
        })?;
        if ended?.is_continue() && !batch.is_empty() {
            let _ = take(&batch)?;
        }
        Ok(())
    }

    /// How many records a question finds, counted as far as it says, else to [`COUNTED_AT_MOST`].
    ///
    /// # Errors
    /// As [`Session::list`].
    pub fn count(&self, question: &Question) -> Result<Count> {
        let most = question.count.unwrap_or(COUNTED_AT_MOST);
        self.asking(question, |reader, definition, checked| {
            let select = select_of(definition, &checked, question);
            let context = reader.context(self.sight());
            Ok(select::count(reader.snapshot, &context, &select, most)?)
        })
    }

    fn rows(
        &self,
        reader: &Reader,
        definition: &RecordType,
        columns: &[Name],
        rows: &[select::Record],
    ) -> Result<Vec<Map<String, Json>>> {
        let person = reader.catalogue.binding("person").map(|binding| binding.record.clone());
        let cards = Cards::new(self, reader);
        cards.fetch_of(rows.iter().flat_map(|row| &row.values))?;
        let keys: Vec<_> = rows.iter().map(|row| row.key).collect();
        let spines = spine::by_keys(reader.snapshot, &keys)?;
        let id = |key| spines.iter().find(|spine| spine.key == key).map(|spine| spine.id);
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let real = reader.catalogue.record_type(&row.record_type);
            let of: &RecordType = real.map_or(definition, |found| found);
            let mut record = Map::new();
            record.insert("id".into(), json!(id(row.key)));
            record.insert("type".into(), json!(row.record_type.as_str()));
            record.insert("version".into(), json!(row.version));
            for (name, value) in columns.iter().zip(&row.values) {
                let shown = view::show(of, person.as_ref(), name, value, &cards);
                record.insert(name.to_string(), shown);
            }
            out.push(record);
        }
        Ok(out)
    }
}

pub(crate) fn select_of<'a>(
    definition: &'a RecordType,
    checked: &'a Checked,
    question: &Question,
) -> Select<'a> {
    Select {
        record_type: definition,
        filters: checked.filters.iter().map(|filter| &filter.node).collect(),
        sort: checked.sort.clone(),
        columns: checked.columns.clone(),
        as_of: question.as_of,
        withdrawn: false,
    }
}

/// Checks the texts of a question, every mistake at once.
///
/// # Errors
/// `BadQuestion`.
pub fn check_question(
    catalogue: &Catalogue,
    definition: &RecordType,
    question: &Question,
) -> Result<Checked> {
    let mut slips = Vec::new();
    let mut filters = Vec::new();
    if let Some(text) = question.filter.as_deref().filter(|text| !text.trim().is_empty()) {
        match filter(catalogue, definition, text) {
            Ok(expression) => filters.push(expression),
            Err(found) => slips.extend(found),
        }
    }
    if let Some(words) = question.search.as_deref().filter(|words| !words.trim().is_empty()) {
        filters.push(search(words));
    }
    let sort = sort(definition, question.sort.as_deref()).unwrap_or_else(|slip| {
        slips.push(slip);
        Vec::new()
    });
    let columns = columns(definition, question.columns.as_deref()).unwrap_or_else(|slip| {
        slips.push(slip);
        Vec::new()
    });
    if slips.is_empty() {
        Ok(Checked { filters, sort, columns })
    } else {
        Err(Refusal::BadQuestion(slips).into())
    }
}

/// A filter that a person wrote.
///
/// # Errors
/// Each mistake with its place in the text.
pub fn filter(
    catalogue: &Catalogue,
    definition: &RecordType,
    text: &str,
) -> std::result::Result<Expression, Vec<QuestionSlip>> {
    let model = &catalogue.model;
    check(text, &definition.name, Where::Filter, Some(&Kind::YesNo), model).map_err(|slips| {
        let slip = |slip: model::expression::Slip| QuestionSlip {
            parameter: "where",
            start: slip.start,
            end: slip.end,
            message: slip.message,
            hint: slip.hint,
        };
        slips.into_iter().map(slip).collect()
    })
}

fn search(words: &str) -> Expression {
    use model::expression::Node;
    let words = Box::new(Node::Value(Value::text(words)));
    Expression { source: "search".into(), node: Node::Search(words), kind: Kind::YesNo }
}

/// Newest first where nothing is asked.
fn sort(
    definition: &RecordType,
    text: Option<&str>,
) -> std::result::Result<Vec<Sort>, QuestionSlip> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        let own = definition.lists.get("default").map(|list| list.sort.clone());
        return Ok(own.unwrap_or_default());
    };
    text.split(',').map(|part| one_sort(definition, part.trim())).collect()
}

fn one_sort(definition: &RecordType, part: &str) -> std::result::Result<Sort, QuestionSlip> {
    let (descending, name) = match part.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, part.strip_prefix('+').unwrap_or(part)),
    };
    let field = known(definition, name).ok_or_else(|| unknown("sort", definition, name))?;
    Ok(Sort { field, descending })
}

fn columns(
    definition: &RecordType,
    text: Option<&str>,
) -> std::result::Result<Vec<Name>, QuestionSlip> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        let built_in = BUILT_IN.iter().filter(|name| !["version", "type"].contains(name));
        let built_in = built_in.filter_map(|name| Name::new(name));
        return Ok(built_in.chain(definition.fields.keys().cloned()).collect());
    };
    let each = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let shown_anyway = ["id", "type", "version"];
    each.filter(|part| !shown_anyway.contains(part))
        .map(|part| known(definition, part).ok_or_else(|| unknown("columns", definition, part)))
        .collect()
}

fn known(definition: &RecordType, name: &str) -> Option<Name> {
    let built_in = BUILT_IN.contains(&name);
    (built_in || definition.fields.contains_key(name)).then(|| Name::new(name)).flatten()
}

fn unknown(parameter: &'static str, definition: &RecordType, name: &str) -> QuestionSlip {
    let known: Vec<&str> = definition.fields.keys().map(Name::as_str).collect();
    QuestionSlip {
        parameter,
        start: 0,
        end: name.len(),
        message: format!("unknown field `{name}`"),
        hint: Some(format!("known: {}", known.join(", "))),
    }
}
