//! Pages: lists of blocks at an address, as checked by the loader. Drawn by `web`, which reads
//! nothing but this and what a session gives it.

use super::{Named, Period};
use crate::expression::{Expression, Kind, Use};
use crate::label::Label;
use crate::name::Name;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A page of a process.
#[derive(Debug, Clone)]
pub struct Page {
    pub name: Name,
    /// Begins with a slash; one page only has it.
    pub path: String,
    pub label: Label,
    pub help: Option<Label>,
    pub menu: Option<Name>,
    /// Where it stands in the menu, smaller first; last where not said.
    pub place: Option<i64>,
    pub icon: Option<String>,
    /// Who finds it in the menu; everybody where empty. What they see there is another matter.
    pub roles: Vec<Name>,
    /// Whether its blocks stand on the first page too, for those who find it.
    pub is_home: bool,
    /// The process folder it came from.
    pub process: Name,
    pub parameters: Named<Parameter>,
    pub blocks: Named<Block>,
}

impl Page {
    /// The record types of its blocks, each once; what draws a page anew when one of them changes.
    pub fn record_types(&self) -> BTreeSet<&Name> {
        let mut found = BTreeSet::new();
        for block in self.blocks.values() {
            match &block.content {
                Content::List(list) => found.extend([&list.record]),
                Content::Board(board) => found.extend([&board.record]),
                Content::Calendar(calendar) => {
                    found.insert(&calendar.bars.record);
                    found.extend(calendar.ground.as_ref().map(|ground| &ground.record));
                }
                Content::Figures(figures) => found.extend(figures.iter().map(|one| &one.record)),
                Content::Chart(chart) => found.extend([&chart.record]),
                Content::Graph(graph) => found.extend([&graph.record]),
                Content::Text(_) => {}
            }
        }
        found
    }
}

/// A part of the address of a page.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Name,
    pub kind: ParameterKind,
    pub label: Option<Label>,
    /// Evaluated with the clock and the person where the address has no value.
    pub default: Option<Expression>,
}

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    Date,
    Integer,
    /// Also a choice, or what names a record.
    Text,
    YesNo,
}

/// One part of a page.
#[derive(Debug, Clone)]
pub struct Block {
    pub name: Name,
    pub label: Label,
    pub help: Option<Label>,
    pub content: Content,
}

/// What a block draws.
#[derive(Debug, Clone)]
pub enum Content {
    List(ListBlock),
    Board(Board),
    Calendar(Box<Calendar>),
    Figures(Vec<FigureOf>),
    Chart(Chart),
    Graph(Graph),
    /// Markdown.
    Text(Label),
}

/// The filter of a block. Its parameters stand in the text and are filled in by
/// [`PageFilter::filled`].
#[derive(Debug, Clone, PartialEq)]
pub struct PageFilter {
    pub source: Arc<str>,
    /// In the order of the text.
    pub uses: Vec<Use>,
}

/// Records as a table.
#[derive(Debug, Clone)]
pub struct ListBlock {
    pub record: Name,
    /// The declared list of which columns, filter and order are taken where not given.
    pub list: Option<Name>,
    pub columns: Vec<Name>,
    pub filter: Option<PageFilter>,
    /// As it is written in an address: `-number,summary`.
    pub sort: Option<String>,
    pub limit: usize,
}

/// Records as cards in columns.
#[derive(Debug, Clone)]
pub struct Board {
    pub record: Name,
    /// `state`, or a choice field.
    pub columns: Name,
    /// The choices shown, in order.
    pub show: Vec<Name>,
    pub filter: Option<PageFilter>,
    pub person: Option<Name>,
    pub priority: Option<Name>,
    pub limit: usize,
}

/// Records as bars over days.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The parameters that hold the first day and the day after the last.
    pub from: Name,
    pub to: Name,
    pub row: Option<Name>,
    /// Bars at one time that share a far end of this link clash.
    pub clash: Option<Name>,
    pub bars: Bars,
    pub ground: Option<Bars>,
}

/// The records drawn, and which fields say when.
#[derive(Debug, Clone)]
pub struct Bars {
    pub record: Name,
    pub filter: PageFilter,
    pub start: Name,
    pub end: Name,
    pub title: Option<Name>,
    pub mark: Option<Name>,
    /// States in which a bar is not yet certain.
    pub tentative: Vec<Name>,
}

/// One number of a block of figures.
#[derive(Debug, Clone)]
pub struct FigureOf {
    pub name: Name,
    pub label: Label,
    pub record: Name,
    /// A count of records where none.
    pub measure: Option<Name>,
    pub per: Option<Period>,
    pub filter: Option<PageFilter>,
}

/// A measure drawn.
#[derive(Debug, Clone)]
pub struct Chart {
    pub record: Name,
    pub measure: Name,
    pub form: ChartForm,
    pub per: Option<Period>,
    pub by: Option<Name>,
    pub last: usize,
    pub filter: Option<PageFilter>,
    /// In hundredths of a unit of what is shown (of per cent, where it is a share).
    pub target: Option<i64>,
}

/// How a measure is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartForm {
    Line,
    Bar,
    Stacked,
    Multiples,
    Heat,
    Distribution,
}

/// Records and the links between them.
#[derive(Debug, Clone)]
pub struct Graph {
    pub record: Name,
    pub links: Vec<Name>,
    /// The parameter that names the record to start from.
    pub start: Option<Name>,
    pub filter: Option<PageFilter>,
    pub steps: usize,
    pub direction: Direction,
    pub limit: usize,
}

/// Which way links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Down,
    Up,
    Both,
}

impl PageFilter {
    /// The filter with a literal in the place of each parameter, as the checker of expressions
    /// takes it. `literal` is asked with the parameter and the kind it is used as.
    pub fn filled(&self, literal: &dyn Fn(&Name, &Kind) -> String) -> String {
        let mut text = String::with_capacity(self.source.len() + 32);
        let mut done = 0;
        for used in &self.uses {
            text.push_str(self.source.get(done..used.start).unwrap_or_default());
            text.push_str(&literal(&used.name, &used.kind));
            done = used.end;
        }
        text.push_str(self.source.get(done..).unwrap_or_default());
        text
    }
}
