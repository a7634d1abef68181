//! The calendars in use, by code, so that a calendar is read and checked once and its years are
//! worked out once. Reads nothing itself: the engine fills it, and tells it what changed.

use super::calendar::ServiceCalendar;
use model::Model;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Checked calendars by code; to be shared by all who compute clocks.
#[derive(Debug, Default)]
pub struct Calendars {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Grows with each drop, so that what was read before it is not put in after it.
    generation: u64,
    by_code: HashMap<String, Arc<ServiceCalendar>>,
}

/// What [`Calendars::look_up`] found: the calendar, or the leave to put one in.
#[derive(Debug, Clone)]
pub enum LookUp {
    Found(Arc<ServiceCalendar>),
    Missing(Leave),
}

/// To be taken before the records are read and given back with the calendar made from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave(u64);

impl Calendars {
    pub fn look_up(&self, code: &str) -> LookUp {
        let kept = self.kept();
        let found = kept.by_code.get(code).cloned();
        found.map_or(LookUp::Missing(Leave(kept.generation)), LookUp::Found)
    }

    /// Keeps a calendar, unless calendars have changed since the leave was taken: then it may have
    /// been made from what stood before, and is only given back.
    pub fn keep(
        &self,
        code: &str,
        leave: Leave,
        calendar: ServiceCalendar,
    ) -> Arc<ServiceCalendar> {
        let calendar = Arc::new(calendar);
        let mut kept = self.kept();
        if kept.generation == leave.0 {
            kept.by_code.insert(code.to_owned(), calendar.clone());
        }
        calendar
    }

    /// To be told after a record of this type was written. Where calendars are made of such
    /// records all are dropped, and open clocks are to be refreshed: then it is true.
    pub fn record_changed(&self, model: &Model, record_type: &str) -> bool {
        let concerned = is_part_of_calendars(model, record_type);
        if concerned {
            self.clear();
        }
        concerned
    }

    /// Drops all: other definitions, a restore.
    pub fn clear(&self) {
        let mut kept = self.kept();
        kept.generation += 1;
        kept.by_code.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Each change is complete by itself; a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether calendars are made of records of this type: the type bound to the purpose `calendar` or
/// `holiday`, the type that the bound `holiday_lists` link leads to, or one that extends these.
pub fn is_part_of_calendars(model: &Model, record_type: &str) -> bool {
    let bound = |purpose: &str| model.bindings.purposes.get(purpose);
    let lists = bound("calendar").and_then(|binding| {
        let link = binding.parts.get("holiday_lists")?;
        Some(model.record_type(&binding.record)?.links.get(link)?.to.clone())
    });
    let own = ["calendar", "holiday"].into_iter().filter_map(bound).map(|b| b.record.clone());
    let lineage = model.record_type(record_type).map(|definition| definition.lineage.as_slice());
    own.chain(lists)
        .any(|name| name == record_type || lineage.is_some_and(|lineage| lineage.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::example::{binding, office};
    use model::Name;

    fn bound() -> Model {
        let mut model = Model::default();
        for purpose in ["calendar", "holiday"] {
            let name = Name::new(purpose).unwrap();
            model.bindings.purposes.insert(name, binding(purpose));
        }
        model
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let calendars = Calendars::default();
        let LookUp::Missing(leave) = calendars.look_up("service_hours") else { panic!("kept") };
        assert!(!calendars.record_changed(&bound(), "something_else"));
        assert!(calendars.record_changed(&bound(), "holiday"));
        calendars.keep("service_hours", leave, office());
        let LookUp::Missing(leave) = calendars.look_up("service_hours") else { panic!("stale") };
        calendars.keep("service_hours", leave, office());
        assert!(matches!(calendars.look_up("service_hours"), LookUp::Found(_)));
        assert!(calendars.record_changed(&bound(), "calendar"));
        assert!(matches!(calendars.look_up("service_hours"), LookUp::Missing(_)));
    }
}
