//! Blocks: the parts of the pages that processes declare, one file a kind. Each asks the session
//! for what the reader may see, bounded, and hands plain data to [`crate::picture`]. None knows a
//! record type but from the definition of its page.

mod ask;
mod board;
mod calendar;
mod chart;
mod days;
mod figures;
mod graph;
mod list;
mod period;
mod reading;
mod text;
mod value;

pub use ask::Asked;

use crate::percent;
use crate::problem::Result;
use crate::show::time::Watch;
use crate::show::value::Out;
use engine::catalogue::Catalogue;
use engine::{Count, Question, Session};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::definition::RecordType;
use model::definition::page::{Block, Content, Page, PageFilter};
use model::{Label, Language};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// A record of a list as a session gives it.
type Record = Map<String, Json>;

/// What blocks are drawn with.
pub struct Desk<'a> {
    pub session: &'a Session,
    pub catalogue: &'a Catalogue,
    pub watch: &'a Watch,
    /// What stands before every address.
    pub prefix: &'a str,
    /// What a form carries to show that it is ours.
    pub csrf: String,
    pub page: &'a Page,
    /// The parameters of the page.
    pub asked: Asked,
}

/// All blocks of the page, in their order.
pub fn blocks(desk: &Desk) -> Result<Markup> {
    let drawn: Result<Vec<Markup>> =
        desk.page.blocks.values().map(|one| block(desk, one)).collect();
    Ok(html! { @for one in drawn? { (one) } })
}

fn block(desk: &Desk, block: &Block) -> Result<Markup> {
    let body = match &block.content {
        Content::List(list) => list::draw(desk, list)?,
        Content::Board(board) => board::draw(desk, &block.name, board)?,
        Content::Calendar(calendar) => calendar::draw(desk, calendar)?,
        Content::Figures(figures) => figures::draw(desk, figures)?,
        Content::Chart(chart) => chart::draw(desk, chart)?,
        Content::Graph(graph) => graph::draw(desk, graph)?,
        Content::Text(words) => text::draw(desk, words),
    };
    // Blocks of several pages may stand together.
    let id = format!("block-{}-{}", desk.page.name, block.name);
    Ok(html! {
        section.below aria-labelledby=(id) data-block=(block.name) {
            div.sec { h2 id=(id) { (desk.label(&block.label)) } }
            @if let Some(help) = &block.help { p.help { (desk.label(help)) } }
            (body)
        }
    })
}

/// What a list found, and how much of it is shown.
struct Found {
    records: Vec<Record>,
    /// How many there are where not all are shown.
    beyond: Option<Count>,
}

impl Desk<'_> {
    fn zh(&self) -> bool {
        self.watch.language == Language::ZH
    }

    /// A text in the reader's language.
    fn t<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        if self.zh() { zh } else { en }
    }

    fn label<'l>(&self, label: &'l Label) -> &'l str {
        label.text(self.watch.language)
    }

    fn zone(&self) -> &TimeZone {
        &self.watch.zone
    }

    fn out(&self) -> Out<'_> {
        Out { watch: self.watch, prefix: self.prefix }
    }

    fn definition(&self, name: &str) -> Result<Arc<RecordType>> {
        Ok(self.session.definition(self.catalogue, name)?)
    }

    /// A filter as it runs: with the parameters filled in.
    fn filled(&self, filter: Option<&PageFilter>) -> Option<String> {
        filter.map(|filter| self.filled_from(filter, &self.asked))
    }

    /// The same with other values of the parameters.
    fn filled_from(&self, filter: &PageFilter, asked: &Asked) -> String {
        filter.filled(&|name, kind| asked.literal(name, kind, self.zone()))
    }

    /// The records of a question, at most its limit; how many there are is only counted where the
    /// limit cuts.
    fn find(&self, question: &Question) -> Result<Found> {
        let listed = self.session.list(question)?;
        let beyond = match listed.next {
            Some(_) => Some(self.session.count(question)?),
            None => None,
        };
        Ok(Found { records: listed.records, beyond })
    }

    /// The address of the list of records behind a mark.
    fn list_address(&self, record_type: &str, filter: Option<&str>) -> String {
        let path = format!("{}/{record_type}", self.prefix);
        match filter {
            Some(filter) => format!("{path}?where={}", percent::encode(filter)),
            None => path,
        }
    }

    fn record_address(&self, record: &Record) -> String {
        let text = |name: &str| record.get(name).and_then(Json::as_str).unwrap_or("");
        let name = if text("number").is_empty() { text("id") } else { text("number") };
        format!("{}/{}/{}", self.prefix, text("type"), percent::encode(name))
    }

    /// What is said where not everything is shown: `500 of 2 310 shown`.
    fn cut(&self, found: &Found, all: &str) -> Markup {
        html! {
            @if let Some(count) = &found.beyond {
                p.help {
                    (self.shown_of(found.records.len(), count)) " "
                    a href=(all) { (self.t("Show all", "查看全部")) }
                }
            }
        }
    }

    fn shown_of(&self, shown: usize, count: &Count) -> String {
        let grouped = |n: usize| crate::show::value::grouped(&n.to_string());
        match (count, self.zh()) {
            (Count::Exactly(all), false) => {
                format!("{} of {} shown.", grouped(shown), grouped(*all))
            }
            (Count::Exactly(all), true) => {
                format!("共 {} 条，显示 {} 条。", grouped(*all), grouped(shown))
            }
            (Count::AtLeast(all), false) => {
                format!("{} of more than {} shown.", grouped(shown), grouped(*all))
            }
            (Count::AtLeast(all), true) => {
                format!("超过 {} 条，显示 {} 条。", grouped(*all), grouped(shown))
            }
        }
    }
}

/// Two conditions as one text.
fn both(one: Option<&str>, other: Option<&str>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("({one}) and ({other})")),
        (Some(only), None) | (None, Some(only)) => Some(only.to_string()),
        (None, None) => None,
    }
}
