//! The blocks of a page by their kinds: every name in them checked against the record type it
//! belongs to.

use super::{Reader, period};
use crate::definition::page::{
    Bars, Block, Board, Calendar, Chart, ChartForm, Content, Direction, FigureOf, Graph, ListBlock,
    ParameterKind,
};
use crate::expression::Kind;
use crate::load::draft::label;
use crate::name::Name;
use crate::problem::message::What;
use crate::source::Span;
use crate::tree::{Entry, Value};

/// The most figures of one block: more are no figures to be read at a glance.
const FIGURES: usize = 6;

impl Reader<'_, '_> {
    pub(super) fn block(&mut self, name: Name, block: &Entry) -> Option<Block> {
        let content = match block.text("kind")? {
            "list" => Content::List(self.list(block)?),
            "board" => Content::Board(self.board(block)?),
            "calendar" => Content::Calendar(Box::new(self.calendar(block)?)),
            "figures" => Content::Figures(self.figures(block)?),
            "chart" => Content::Chart(self.chart(block)?),
            "graph" => Content::Graph(self.graph(block)?),
            "text" => Content::Text(label(block.node.get("text"))),
            _ => return None,
        };
        let help = block.node.get("help").map(|help| label(Some(help)));
        Some(Block { name, label: label(block.node.get("label")), help, content })
    }

    fn list(&mut self, block: &Entry) -> Option<ListBlock> {
        let declared = block.node.get("list").and_then(|_| self.part_of(block, "list", What::List));
        let record = match &declared {
            Some((record, _)) => record.clone(),
            None if block.node.get("list").is_some() => return None,
            None => self.record(block)?,
        };
        let columns = self.stored(block, "columns", &record);
        if declared.is_none() && block.node.get("columns").is_none() {
            let needs = "a list needs `list`, or `record` and `columns`";
            self.report.page_block(block.key_span, &block.key, needs);
        }
        let sort = block.text("sort").map(str::to_string);
        self.sort(block, &record);
        Some(ListBlock {
            list: declared.map(|(_, list)| list),
            columns,
            filter: self.filter(block, &record),
            sort,
            limit: size(block, "limit", 50),
            record,
        })
    }

    fn sort(&mut self, block: &Entry, record: &Name) {
        let Some(entry) = block.node.get("sort") else { return };
        let known = self.stored_names(record);
        for part in entry.node.as_text().unwrap_or_default().split(',') {
            let field = part.trim().trim_start_matches('-');
            if !known.iter().any(|name| name == field) {
                self.unknown(entry.node.span, What::Field, field, &known);
            }
        }
    }

    fn board(&mut self, block: &Entry) -> Option<Board> {
        let record = self.record(block)?;
        let columns = match block.node.get("columns") {
            Some(_) => self.one_stored(block, "columns", &record)?,
            None => Name::new("state")?,
        };
        let kind = self.draft.kind(&record, &columns);
        let Some(Kind::Choice(choices)) = kind else {
            let span = block.node.get("columns").map_or(block.key_span, |entry| entry.node.span);
            self.report.wrong_field_type(span, &columns, "columns", "a choice, or the state");
            return None;
        };
        let known: Vec<String> = choices.0.keys().map(Name::to_string).collect();
        let shown = self.names(block, "show", What::Choice, &known);
        let all = || choices.0.keys().cloned().collect();
        Some(Board {
            show: if shown.is_empty() { all() } else { shown },
            person: self.field(block, "person", &record),
            priority: self.field(block, "priority", &record),
            filter: self.filter(block, &record),
            limit: size(block, "limit", 200),
            columns,
            record,
        })
    }

    fn calendar(&mut self, block: &Entry) -> Option<Calendar> {
        let from = self.day(block, "from");
        let to = self.day(block, "to");
        let bars = block.node.get("bars").and_then(|bars| self.bars(bars));
        let ground = block.node.get("ground").map(|ground| self.bars(ground));
        let bars = bars?;
        let row = self.field(block, "row", &bars.record);
        let clash = block.node.get("clash").and_then(|_| self.link(block, "clash", &bars.record));
        Some(Calendar { from: from?, to: to?, row, clash, bars, ground: ground.flatten() })
    }

    /// A parameter that holds a day.
    fn day(&mut self, block: &Entry, key: &str) -> Option<Name> {
        let (text, span) = match block.node.get(key) {
            Some(entry) => (entry.node.as_text()?, entry.node.span),
            None => (key, block.key_span),
        };
        let name = self.parameter(text, span)?;
        if self.parameters[&name].kind == ParameterKind::Date {
            return Some(name);
        }
        self.report.page_block(span, &block.key, "a calendar needs dates in `from` and `to`");
        None
    }

    fn parameter(&mut self, text: &str, span: Span) -> Option<Name> {
        if let Some((name, _)) = self.parameters.get_key_value(text) {
            return Some(name.clone());
        }
        let known: Vec<String> = self.parameters.keys().map(Name::to_string).collect();
        self.unknown(span, What::Parameter, text, &known);
        None
    }

    fn bars(&mut self, bars: &Entry) -> Option<Bars> {
        let record = self.record(bars)?;
        let filter = self.filter(bars, &record);
        let title = self.field(bars, "title", &record);
        let mark = self.field(bars, "mark", &record);
        if let (Some(mark), Some(entry)) = (&mark, bars.node.get("mark"))
            && !matches!(self.draft.kind(&record, mark), Some(Kind::YesNo | Kind::Any))
        {
            self.report.wrong_field_type(entry.node.span, mark, "mark", "a yes_no");
        }
        let states = self.draft.types.get(&record).map(|of| of.states.clone()).unwrap_or_default();
        let known: Vec<String> = states.0.keys().map(Name::to_string).collect();
        let tentative = self.names(bars, "tentative", What::State, &known);
        let start = self.moment(bars, "start", &record);
        let end = self.moment(bars, "end", &record);
        let (start, end) = (start?, end?);
        Some(Bars { record, filter: filter?, start, end, title, mark, tentative })
    }

    fn moment(&mut self, table: &Entry, key: &str, record: &Name) -> Option<Name> {
        let field = self.field(table, key, record)?;
        let kind = self.draft.kind(record, &field);
        if !matches!(kind, Some(Kind::Instant | Kind::Date | Kind::Any)) {
            let span = table.node.get(key)?.node.span;
            self.report.wrong_field_type(span, &field, key, "a date or datetime");
            return None;
        }
        Some(field)
    }

    fn figures(&mut self, block: &Entry) -> Option<Vec<FigureOf>> {
        let figures = block.node.get("figure")?;
        let named = figures.node.entries();
        if named.is_empty() || named.len() > FIGURES {
            self.report.page_block(figures.key_span, &block.key, "it has one to six figures");
        }
        let all: Vec<Option<FigureOf>> = named.iter().map(|entry| self.figure(entry)).collect();
        Some(all.into_iter().flatten().collect())
    }

    fn figure(&mut self, entry: &Entry) -> Option<FigureOf> {
        let measure = match entry.node.get("measure") {
            Some(_) => Some(self.part_of(entry, "measure", What::Measure)?),
            None => None,
        };
        let record = match &measure {
            Some((record, _)) => record.clone(),
            None => self.record(entry)?,
        };
        Some(FigureOf {
            name: Name::new(&entry.key)?,
            label: label(entry.node.get("label")),
            measure: measure.map(|(_, measure)| measure),
            per: period(entry),
            filter: self.filter(entry, &record),
            record,
        })
    }

    fn chart(&mut self, block: &Entry) -> Option<Chart> {
        let (record, measure) = self.part_of(block, "measure", What::Measure)?;
        let form = match block.text("form") {
            Some("bar") => ChartForm::Bar,
            Some("stacked") => ChartForm::Stacked,
            Some("multiples") => ChartForm::Multiples,
            Some("heat") => ChartForm::Heat,
            Some("distribution") => ChartForm::Distribution,
            _ => ChartForm::Line,
        };
        let by = self.one_stored(block, "by", &record);
        let declared = self.draft.all(&record, "measure");
        let declared = declared.iter().find(|(_, entry)| entry.key == *measure);
        let is_value = declared.is_some_and(|(_, entry)| entry.node.get("value").is_some());
        if form == ChartForm::Distribution && !is_value {
            let needs = "only a measure of a `value` has a distribution";
            self.report.page_block(block.key_span, &block.key, needs);
        }
        if matches!(form, ChartForm::Stacked) && is_value {
            let needs = "only counts can be stacked, a `value` cannot";
            self.report.page_block(block.key_span, &block.key, needs);
        }
        Some(Chart {
            filter: self.filter(block, &record),
            per: period(block),
            last: size(block, "last", 12),
            target: block.node.get("target").and_then(|entry| hundredths(&entry.node.value)),
            record,
            measure,
            form,
            by,
        })
    }

    fn graph(&mut self, block: &Entry) -> Option<Graph> {
        let record = self.record(block)?;
        let of = self.draft.types.get(&record)?;
        let known: Vec<String> = of.links.keys().map(ToString::to_string).collect();
        let links = self.names(block, "links", What::Link, &known);
        let start = match block.node.get("start") {
            Some(entry) => Some(self.parameter(entry.node.as_text()?, entry.node.span)?),
            None => None,
        };
        let direction = match block.text("direction") {
            Some("up") => Direction::Up,
            Some("both") => Direction::Both,
            _ => Direction::Down,
        };
        Some(Graph {
            filter: self.filter(block, &record),
            steps: size(block, "steps", 3),
            limit: size(block, "limit", 60),
            record,
            links,
            start,
            direction,
        })
    }

    /// The record type in the key `record`.
    fn record(&mut self, table: &Entry) -> Option<Name> {
        let Some(entry) = table.node.get("record") else {
            // Required ones have been told of by their shape.
            let kind = table.text("kind");
            let is_part = table.node.get("start").is_some() || table.node.get("end").is_some();
            if kind == Some("list") || (kind.is_none() && !is_part) {
                self.report.page_block(table.key_span, &table.key, "it names no record type");
            }
            return None;
        };
        let text = entry.node.as_text()?;
        self.record_type(text, entry.node.span)
    }

    fn record_type(&mut self, text: &str, span: Span) -> Option<Name> {
        if let Some((name, _)) = self.draft.types.get_key_value(text) {
            return Some(name.clone());
        }
        let known: Vec<String> = self.draft.types.keys().map(Name::to_string).collect();
        self.unknown(span, What::RecordType, text, &known);
        None
    }

    /// `change.schedule`: a list or measure with its record type.
    fn part_of(&mut self, table: &Entry, key: &str, what: What) -> Option<(Name, Name)> {
        let entry = table.node.get(key)?;
        let text = entry.node.as_text()?;
        let Some((record, name)) = text.split_once('.') else {
            let expected = format!("the record type and the {key}: \"change.NAME\"");
            self.report.wrong_type(entry.node.span, key, &expected);
            return None;
        };
        let record = self.record_type(record, entry.node.span)?;
        let known = self.draft.all_names(&record, key);
        match Name::new(name).filter(|_| known.contains(&name)) {
            Some(name) => Some((record, name)),
            None => {
                self.report.unknown(entry.node.span, what, name, &known);
                None
            }
        }
    }

    /// The field that a key names.
    fn field(&mut self, table: &Entry, key: &str, record: &Name) -> Option<Name> {
        let of = self.draft.types.get(record)?;
        let known: Vec<String> = of.fields.keys().map(ToString::to_string).collect();
        self.one(table, key, What::Field, &known)
    }

    /// The link that a key names.
    fn link(&mut self, table: &Entry, key: &str, record: &Name) -> Option<Name> {
        let of = self.draft.types.get(record)?;
        let known: Vec<String> = of.links.keys().map(ToString::to_string).collect();
        self.one(table, key, What::Link, &known)
    }

    fn one_stored(&mut self, table: &Entry, key: &str, record: &Name) -> Option<Name> {
        let known = self.stored_names(record);
        self.one(table, key, What::Field, &known)
    }

    fn stored(&mut self, table: &Entry, key: &str, record: &Name) -> Vec<Name> {
        let known = self.stored_names(record);
        self.names(table, key, What::Field, &known)
    }

    /// The fields of a record type, with those every record has.
    fn stored_names(&self, record: &Name) -> Vec<String> {
        let Some(of) = self.draft.types.get(record) else { return Vec::new() };
        let built_in = crate::definition::BUILT_IN.into_iter();
        let built_in = built_in.filter(|name| self.draft.kind(record, name).is_some());
        of.fields.keys().copied().chain(built_in).map(str::to_string).collect()
    }

    fn one(&mut self, table: &Entry, key: &str, what: What, known: &[String]) -> Option<Name> {
        let entry = table.node.get(key)?;
        let text = entry.node.as_text()?;
        if known.iter().any(|name| name == text) {
            return Name::new(text);
        }
        self.unknown(entry.node.span, what, text, known);
        None
    }

    fn names(&mut self, table: &Entry, key: &str, what: What, known: &[String]) -> Vec<Name> {
        let Some(entry) = table.node.get(key) else { return Vec::new() };
        let mut found: Vec<Name> = Vec::new();
        for item in entry.node.items() {
            let Some(text) = item.as_text() else { continue };
            match Name::new(text).filter(|_| known.iter().any(|name| name == text)) {
                Some(name) if found.contains(&name) => {
                    self.report.repeated_name(item.span, key, &name);
                }
                Some(name) => found.push(name),
                None => self.unknown(item.span, what, text, known),
            }
        }
        found
    }

    fn unknown(&mut self, span: Span, what: What, text: &str, known: &[String]) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.report.unknown(span, what, text, &known);
    }
}

fn size(table: &Entry, key: &str, otherwise: usize) -> usize {
    let given = table.node.get(key).and_then(|entry| entry.node.as_integer());
    given.and_then(|given| usize::try_from(given).ok()).unwrap_or(otherwise)
}

/// A number of the definition in hundredths.
fn hundredths(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(whole) => whole.checked_mul(100),
        Value::Decimal(text) => {
            let decimal = crate::expression::literal::decimal(text).ok()?;
            let places = u32::from(decimal.places);
            match places {
                0..=2 => decimal.units.checked_mul(10_i64.pow(2 - places)),
                _ => Some(decimal.units / 10_i64.pow(places - 2)),
            }
        }
        _ => None,
    }
}
