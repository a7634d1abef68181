//! The calendars in use, by code, so that a calendar is read and checked once and its years are
//! worked out once. Reads nothing itself: the engine fills it, and tells it what changed.
//!
//! Each write of a record that calendars are made of raises an epoch in the database. The epoch of
//! what is kept says whether it is still true, whichever process wrote: it is looked at once a
//! second, and nothing is kept that was read under an earlier one.

use super::calendar::ServiceCalendar;
use model::Model;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The setting that holds the epoch.
pub const EPOCH: &str = "calendars.epoch";
/// How long what another process wrote may go unseen, in microseconds.
const LOOKED: i64 = 1_000_000;

/// Checked calendars by code; to be shared by all who compute clocks.
#[derive(Debug, Default)]
pub struct Calendars {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Grows with each drop, so that what was read before it is not put in after it.
    generation: u64,
    /// The epoch of what is kept, or one that the database has reached at least.
    epoch: i64,
    /// When the epoch was looked at last, in microseconds.
    looked_at: Option<i64>,
    /// None where there is none of the code, or it has faults.
    by_code: HashMap<String, Option<Arc<ServiceCalendar>>>,
}

/// What [`Calendars::look_up`] found: what is known of the code, or the leave to put it in.
#[derive(Debug, Clone)]
pub enum LookUp {
    Found(Option<Arc<ServiceCalendar>>),
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

    /// Whether it is time to look at the epoch in the database; then the caller does so and says
    /// it with [`Calendars::seen`].
    pub fn is_due(&self, now: i64) -> bool {
        let mut kept = self.kept();
        let fresh = kept.looked_at.is_some_and(|at| (at..at + LOOKED).contains(&now));
        if !fresh {
            kept.looked_at = Some(now);
        }
        !fresh
    }

    /// The epoch as a snapshot shows it. A later one drops all that is kept; an earlier one is a
    /// snapshot that was taken before.
    pub fn seen(&self, epoch: i64) {
        self.kept().reach(epoch);
    }

    /// Keeps a calendar that was read under this epoch, or that there was none; unless calendars
    /// have changed since then or since the leave was taken: then it may have been made from what
    /// stood before, and is only given back.
    pub fn keep(
        &self,
        code: &str,
        (leave, epoch): (Leave, i64),
        calendar: Option<ServiceCalendar>,
    ) -> Option<Arc<ServiceCalendar>> {
        let calendar = calendar.map(Arc::new);
        let mut kept = self.kept();
        if kept.generation == leave.0 && epoch >= kept.epoch {
            kept.reach(epoch);
            kept.by_code.insert(code.to_owned(), calendar.clone());
        }
        calendar
    }

    /// To be told after a record of this type was written. Where calendars are made of such
    /// records all are dropped, and open clocks are to be refreshed: then it is true.
    pub fn record_changed(&self, model: &Model, record_type: &str) -> bool {
        let concerned = is_part_of_calendars(model, record_type);
        if concerned {
            let mut kept = self.kept();
            // The write has raised it; how far others had, the next look says.
            let epoch = kept.epoch + 1;
            kept.reach(epoch);
        }
        concerned
    }

    /// Drops all: other definitions, a restore.
    pub fn clear(&self) {
        self.kept().drop_all();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Each change is complete by itself; a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn reach(&mut self, epoch: i64) {
        if epoch > self.epoch {
            self.epoch = epoch;
            self.drop_all();
        }
    }

    fn drop_all(&mut self) {
        self.generation += 1;
        self.by_code.clear();
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
        calendars.keep("service_hours", (leave, 7), Some(office()));
        let LookUp::Missing(leave) = calendars.look_up("service_hours") else { panic!("stale") };
        calendars.keep("service_hours", (leave, 8), Some(office()));
        assert!(matches!(calendars.look_up("service_hours"), LookUp::Found(_)));
        assert!(calendars.record_changed(&bound(), "calendar"));
        assert!(matches!(calendars.look_up("service_hours"), LookUp::Missing(_)));
    }

    #[test]
    fn that_there_is_none_is_known_until_a_change() {
        let calendars = Calendars::default();
        let LookUp::Missing(leave) = calendars.look_up("night") else { panic!("kept") };
        assert!(calendars.keep("night", (leave, 1), None).is_none());
        assert!(matches!(calendars.look_up("night"), LookUp::Found(None)));
        calendars.record_changed(&bound(), "calendar");
        assert!(matches!(calendars.look_up("night"), LookUp::Missing(_)));
    }

    #[test]
    fn what_another_process_wrote_is_seen_within_a_second() {
        let calendars = Calendars::default();
        let keep = |epoch| {
            let LookUp::Missing(leave) = calendars.look_up("a") else { panic!("kept") };
            calendars.keep("a", (leave, epoch), Some(office()));
        };
        assert!(calendars.is_due(5) && !calendars.is_due(999_999) && calendars.is_due(1_000_005));
        keep(3);
        calendars.seen(3);
        assert!(matches!(calendars.look_up("a"), LookUp::Found(_)), "nothing was written");
        calendars.seen(4);
        assert!(matches!(calendars.look_up("a"), LookUp::Missing(_)), "another wrote");
        keep(3);
        assert!(matches!(calendars.look_up("a"), LookUp::Missing(_)), "from an older snapshot");
        keep(4);
        calendars.seen(3);
        assert!(matches!(calendars.look_up("a"), LookUp::Found(_)), "an older snapshot looked");
    }
}
