//! Clocks and their targets.

use super::Builder;
use crate::definition::{Choices, Clock, FieldKind, Named, Targets};
use crate::load::duration;
use crate::name::Name;
use crate::problem::message::What;
use crate::source::Span;
use crate::tree::Entry;
use std::sync::Arc;

impl Builder<'_, '_> {
    pub(super) fn clock(&mut self, entry: &Entry, name: Name) -> Option<Clock> {
        let start = self.condition("clock", entry, "start");
        let pause = self.condition("clock", entry, "pause");
        let stop = self.condition("clock", entry, "stop");
        let target = self.targets(entry);
        let warn_at = entry.node.get("warn_at").and_then(|warn| warn.node.as_integer());
        Some(Clock {
            name,
            label: self.label(entry),
            start: start?,
            pause,
            stop: stop?,
            calendar: entry.text("calendar")?.to_string(),
            target: target?,
            warn_at: warn_at.and_then(|warn| u32::try_from(warn).ok()),
        })
    }

    /// One target, or one for each choice of the field in `by`.
    fn targets(&mut self, entry: &Entry) -> Option<Targets> {
        let target = entry.node.get("target")?;
        let by = self.name("clock", entry, "by");
        if target.node.is_table() != entry.node.get("by").is_some() {
            self.report.clock_shape(target.key_span, &entry.key);
            return None;
        }
        if let Some(text) = target.node.as_text() {
            return duration::target(text).map(Targets::One);
        }
        let by = by?;
        let span = entry.node.get("by").map_or(entry.key_span, |by| by.node.span);
        let choices = self.choices_of(&by, "by", span)?;
        let mut found = Named::new();
        for line in target.node.entries() {
            match choices.0.get_key_value(line.key.as_str()) {
                Some((choice, _)) => {
                    found.insert(choice.clone(), duration::target(line.node.as_text()?)?);
                }
                None => {
                    let known: Vec<&str> = choices.0.keys().map(Name::as_str).collect();
                    self.report.unknown(line.key_span, What::Choice, &line.key, &known);
                }
            }
        }
        for choice in choices.0.keys().filter(|choice| !found.contains_key(*choice)) {
            self.report.clock_without_target(target.key_span, &entry.key, choice);
        }
        Some(Targets::By(by, found))
    }

    /// The choices of a field that must be a choice; `key` and `span` are where it is named.
    pub(super) fn choices_of(
        &mut self,
        field: &Name,
        key: &str,
        span: Span,
    ) -> Option<Arc<Choices>> {
        match self.of.fields.get(field.as_str())?.as_ref()? {
            FieldKind::Choice(choices) => Some(choices.clone()),
            _ => {
                self.report.wrong_field_type(span, field, key, "a choice field");
                None
            }
        }
    }
}
