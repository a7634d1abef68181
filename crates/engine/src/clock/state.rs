//! One clock of one record as data: what happened to it, and what was computed from that. Kept as
//! compact JSON in a column. No arithmetic here; [`super::recompute`] makes these values.

use model::definition::Target;
use serde::{Deserialize, Serialize};

/// One run of a clock from its start to its end; runs before it are in `earlier`. Instants are
/// microseconds since 1970-01-01T00:00:00Z, durations microseconds of counted time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// In order; the first is [`What::Started`]. Everything below is computed from them.
    pub events: Vec<Event>,
    pub phase: Phase,
    pub started_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<i64>,
    /// The choice that decides the target, where the target depends on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// None while the choice that decides is not set: the clock counts, nothing is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<Allowance>,
    /// The working time that the target allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// The counted time until `as_of`.
    pub counted: i64,
    /// The instant for which `counted` and `breached_at` hold; the stop once there is one.
    pub as_of: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_at: Option<i64>,
    /// None without a target, without a calendar, while paused, and beyond 20 years. A stopped
    /// clock says when it would have been due had it run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<i64>,
    /// Breaches of targets that have been replaced since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapses: Vec<Lapse>,
    pub versions: Versions,
    /// Runs that ended before this one began, oldest first; each without `earlier` of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<ClockState>,
}

/// Something that happened to a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: i64,
    #[serde(flatten)]
    pub what: What,
}

/// What happened; `state` is the state that the record was in from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Started {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// The target that holds from now on, and the per cent of it at which to warn.
    Target {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allowance: Option<Allowance>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warn_percent: Option<u32>,
    },
    /// Also from one state that pauses to another.
    Paused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    Resumed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    Stopped {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// Runs on after a stop, with the time so far.
    Reopened {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// After a stop nothing holds any more: a later start begins a new run.
    Ended,
    /// The calendar, its holidays or the zone data changed: what stood before, and with what it
    /// had been computed.
    Recalculated {
        before: Versions,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        breached_at: Option<i64>,
    },
    /// People were warned for the warning at this instant.
    Warned { due: i64 },
    /// People were told of the breach of what was due at this instant.
    Breached { due: i64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Running,
    Paused,
    Stopped,
}

/// A target as it is kept: the figure itself, so that a later definition changes no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Microseconds of counted time.
    Elapsed(i64),
    /// Service days of the clock's calendar.
    ServiceDays(u32),
}

/// A breach under a target that no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapse {
    pub at: i64,
    pub due_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    pub allowance: Allowance,
}

/// With what a clock was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// None where there is no such calendar, or it has faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarVersion>,
    /// Of the time-zone data, for example `2026f`.
    pub zone_data: String,
    /// Of the definitions.
    pub definition: i64,
}

/// One calendar as it stood. The digest covers holidays too, which are records of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarVersion {
    /// The key of the calendar record.
    pub key: i64,
    /// The version of the calendar record.
    pub version: i64,
    /// The first 16 hexadecimal digits of a SHA-256 over zone, hours and holidays.
    pub digest: String,
}

impl ClockState {
    /// Compact JSON for a column.
    pub fn to_json(&self) -> String {
        // No map with keys other than texts, no number out of range: nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// # Errors
    /// The text is not what [`ClockState::to_json`] writes.
    pub fn from_json(text: &str) -> Result<ClockState, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Whether the run is over for good: a later start begins a new one.
    pub fn is_ended(&self) -> bool {
        self.events.iter().any(|event| event.what == What::Ended)
    }

    /// The share of the allowed working time that is counted, in whole per cent, rounded down, so
    /// that 100 means used up. None without a target or where it allows no time.
    pub fn used_percent(&self) -> Option<i64> {
        percent(self.counted, self.budget?)
    }

    /// What is left of the allowed working time; negative by as much as it is exceeded.
    pub fn remaining(&self) -> Option<i64> {
        Some(self.budget? - self.counted)
    }

    /// Whether a breach ever happened: of the present target, of one replaced since, or of one
    /// computed with an older calendar. Earlier runs answer for themselves.
    pub fn was_ever_breached(&self) -> bool {
        let before = |what: &What| matches!(what, What::Recalculated { breached_at: Some(_), .. });
        self.breached_at.is_some()
            || !self.lapses.is_empty()
            || self.events.iter().any(|event| before(&event.what))
    }

    /// Whether both tell the same but for how far time has gone on: then nothing need be stored.
    pub fn stands_as(&self, other: &ClockState) -> bool {
        let at_one_time = ClockState { as_of: other.as_of, counted: other.counted, ..self.clone() };
        at_one_time == *other
    }
}

impl Versions {
    /// Whether the same times count. A new version of the definitions changes none by itself.
    pub fn count_alike(&self, other: &Versions) -> bool {
        let digest = |versions: &Versions| {
            versions.calendar.as_ref().map(|calendar| (calendar.key, calendar.digest.clone()))
        };
        digest(self) == digest(other) && self.zone_data == other.zone_data
    }
}

impl From<Target> for Allowance {
    fn from(target: Target) -> Allowance {
        match target {
            Target::Elapsed(duration) => Allowance::Elapsed(duration),
            Target::ServiceDays(days) => Allowance::ServiceDays(days),
        }
    }
}

/// Whole per cent, rounded down; exact, which a share as a floating number is not.
pub(super) fn percent(counted: i64, budget: i64) -> Option<i64> {
    let share = i128::from(counted) * 100 / i128::from((budget > 0).then_some(budget)?);
    i64::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn per_cent_is_rounded_down() {
        let cases = [
            (0, 24, Some(0)),
            (2, 24, Some(8)),
            (29, 100, Some(29)),
            (23_999, 24_000, Some(99)),
            (24, 24, Some(100)),
            (25, 24, Some(104)),
            (1, 0, None),
        ];
        for (counted, budget, want) in cases {
            assert_eq!(percent(counted, budget), want, "{counted} of {budget}");
        }
    }
}
