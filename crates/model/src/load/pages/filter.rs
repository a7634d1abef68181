//! Filters of pages: checked with their parameters in place, and once more as they will run, with
//! a value for each parameter.

use super::Reader;
use crate::definition::page::{PageFilter, ParameterKind};
use crate::expression::{self, Kind, Place, check_with_uses};
use crate::load::build::{inside, tell};
use crate::name::Name;
use crate::problem::message::What;
use crate::tree::Entry;

impl Reader<'_, '_> {
    /// The filter in the `where` of a table over records of a type.
    pub fn filter(&mut self, table: &Entry, of: &str) -> Option<PageFilter> {
        let node = &table.node.get("where")?.node;
        let text = node.as_text()?;
        let (_, uses) = match check_with_uses(text, of, self.draft) {
            Ok(checked) => checked,
            Err(slips) => {
                tell(self.report, self.sources, node.span, slips);
                return None;
            }
        };
        let known: Vec<String> = self.parameters.keys().map(Name::to_string).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let mut complete = true;
        for used in &uses {
            if !self.parameters.contains_key(&used.name) {
                complete = false;
                let span = inside(self.sources, node.span, used.start, used.end);
                self.report.unknown(span, What::Parameter, &used.name, &known);
            }
        }
        let filter = PageFilter { source: text.into(), uses };
        if complete {
            self.as_it_runs(&filter, table, of);
        }
        Some(filter)
    }

    /// Tells of parameters that do not fit beside what they are compared with.
    fn as_it_runs(&mut self, filter: &PageFilter, table: &Entry, of: &str) {
        let filled = filter.filled(&|name, kind| sample(self.parameters[name].kind, kind));
        let condition = Some(&Kind::YesNo);
        let Err(slips) = expression::check(&filled, of, Place::Filter, condition, self.draft)
        else {
            return;
        };
        let Some(entry) = table.node.get("where") else { return };
        if let Some(slip) = slips.into_iter().find(|slip| !is_of_the_sample(slip.id)) {
            let message = format!("a parameter does not fit here: {}", slip.message);
            self.report.expression(slip.id, entry.node.span, message, slip.hint);
        }
    }
}

/// A text parameter stands for some choice; which one, nobody knows yet.
fn is_of_the_sample(id: &str) -> bool {
    id == "expression-unknown-choice"
}

fn sample(kind: ParameterKind, beside: &Kind) -> String {
    match (kind, beside) {
        (ParameterKind::Date, Kind::Instant) => "datetime('2026-01-01T00:00:00Z')".into(),
        (ParameterKind::Date, _) => "date('2026-01-01')".into(),
        (ParameterKind::Integer, _) => "1".into(),
        (ParameterKind::YesNo, _) => "true".into(),
        (ParameterKind::Text, _) => "'x'".into(),
    }
}
